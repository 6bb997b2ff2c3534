"""The screens of the pictures: the library, its queue of alternative texts, its picker, and a picture's own page."""

from __future__ import annotations

from app.media.resources import assets
from app.resources import Catalogue
from app.surfaces.screens.view import StaffView, staff_view
from app.web.focal_points import PictureForm
from app.web.library.alts import AltQueue
from app.web.library.listing import LibraryList
from app.web.library.picker import PictureChoice


class _PictureView(LibraryList, AltQueue, PictureChoice, PictureForm):
    """All of them as one view, under the one permission of the pictures."""


def picture_view(catalogue: Catalogue) -> type[StaffView]:
    """Make the view of the pictures."""
    return type("AssetView", (_PictureView, staff_view(catalogue, assets)), {"route_base": "/pictures"})
