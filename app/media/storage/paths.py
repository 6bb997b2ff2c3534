"""How the paths of stored files look: made here, of nothing that a visitor named."""

from __future__ import annotations

import re
import secrets
from uuid import UUID

_KEY = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_PLACE = (
    rf"(?:(?:library|pictures)/[0-9a-f]{{2}}|users/{_KEY}/(?:avatars|custom-images)"
    rf"|(?:festivals|packages|themes)/{_KEY}/images|templates/{_KEY}/(?:previews|generated))"
)
_NAME = rf"(?:[0-9a-f]{{20}}|{_KEY})"  # pictures stored by the first versions are named like rows
_PICTURE = re.compile(rf"{_PLACE}/{_NAME}(?:-[0-9]{{1,4}})?\.(?:jpg|png|webp|avif)\Z")
_WAITING = re.compile(rf"waiting/(?P<place>{_PLACE})/{_NAME}\.upload\Z")


def avatars_of(member: UUID) -> str:
    """Give the place of a member's own pictures."""
    return f"users/{member}/avatars"


def custom_images_of(member: UUID) -> str:
    """Give the place of the pictures a member puts into cards."""
    return f"users/{member}/custom-images"


def images_of_festival(festival: UUID) -> str:
    """Give the place of a festival's gallery."""
    return f"festivals/{festival}/images"


def images_of_package(package: UUID) -> str:
    """Give the place of a package's gallery."""
    return f"packages/{package}/images"


def images_of_theme(theme: UUID) -> str:
    """Give the place of a theme's gallery."""
    return f"themes/{theme}/images"


def gallery_of(table: str, key: UUID | None) -> str:
    """Give the place of the pictures of a record; none for a table without a branch of its own."""
    make = {"festival": images_of_festival, "package": images_of_package, "theme": images_of_theme}.get(table)
    return make(key) if make is not None and key is not None else ""


def previews_of(template: UUID) -> str:
    """Give the place of the previews of a card's template."""
    return f"templates/{template}/previews"


def generated_by(template: UUID) -> str:
    """Give the place of the cards made from a template."""
    return f"templates/{template}/generated"


def new_path(extension: str, place: str = "") -> str:
    """Make the path of a new picture at a place; without one, in the library, whose folders fill evenly.

    The name is chance, and short: a picture's addresses stand in every answer that shows it, a dozen times.
    """
    name = secrets.token_hex(10)
    return f"{place or f'library/{name[-2:]}'}/{name}.{extension}"


def waiting_path(place: str = "") -> str:
    """Make the path under which an upload waits for its scan; it is never one of a picture."""
    return f"waiting/{new_path('upload', place)}"


def place_of(path: str) -> str:
    """Give the place at which an upload that waits is to become a picture; raises ValueError."""
    found = _WAITING.match(path)
    if found is None:
        raise ValueError("nothing waits at such a path")
    return found["place"]


def is_path(path: str) -> bool:
    """Tell whether a path is one of a picture that we make; nothing else is ever served."""
    return _PICTURE.match(path) is not None


def is_waiting_path(path: str) -> bool:
    """Tell whether a path is one of an upload that waits for its scan."""
    return _WAITING.match(path) is not None
