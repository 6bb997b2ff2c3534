"""The media picker: the library in a dialog of a form, with search, folders and what was added last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import render_template, request
from flask_appbuilder import expose
from sqlalchemy import false

from app.kernel.db import db
from app.kernel.ids import parse_id
from app.media.models import Asset, AssetState
from app.media.urls import thumbnail_url
from app.surfaces.records import wording
from app.surfaces.screens.gate import allowed
from app.surfaces.screens.pages import Uploads
from app.surfaces.screens.pictures import uploads
from app.surfaces.screens.view import StaffView
from app.surfaces.search.matching import EVERY_LOCALE, LONGEST, matching
from app.web.library.shelf import facts_of, sees_folders, shown_folders

SIZE = 24


@dataclass(frozen=True, slots=True)
class Choosable:
    """A picture that can be chosen."""

    id: str
    title: str
    alt: str
    picture: str
    facts: str


@dataclass(frozen=True, slots=True)
class Picker:
    """library/_picker.html, and library/_picks.html for the pictures alone."""

    pictures: tuple[Choosable, ...]
    folders: tuple[tuple[str, str, int], ...]  # key, name, depth
    folder: str
    query: str
    next_url: str
    uploads: Uploads | None


class PictureChoice(StaffView):
    """Adds the picker to the screens of the pictures."""

    @expose("/picker")
    @allowed("list")
    def picker(self) -> str:
        """Show pictures to choose from, newest first: the dialog, or more of them."""
        is_part = "part" in request.args
        query = " ".join(request.args.get("q", "").replace("\0", " ").split())[:LONGEST]
        folder, after = request.args.get("folder", ""), parse_id(request.args.get("after", ""))
        found = self.visible("list").where(Asset.state == AssetState.READY).order_by(Asset.id.desc())
        if query:
            found = found.where(matching(self.resource, Asset, query, EVERY_LOCALE)[0])
        if (key := parse_id(folder)) is not None:
            found = found.where(Asset.folder_id == key if sees_folders() else false())
        if after is not None:
            found = found.where(Asset.id < after)
        rows = db.session.scalars(found.limit(SIZE + 1)).all()
        more = (
            urlencode({"part": 1, "q": query, "folder": folder, "after": str(rows[SIZE - 1].id)})
            if len(rows) > SIZE
            else ""
        )
        page = Picker(
            pictures=tuple(_choosable(asset) for asset in rows[:SIZE]),
            folders=() if is_part else tuple(_folders()),
            folder=folder,
            query=query,
            next_url=f"/pictures/picker?{more}" if more else "",
            uploads=uploads(),
        )
        return render_template("library/_picks.html" if is_part else "library/_picker.html", page=page)


def _choosable(asset: Asset) -> Choosable:
    facts = facts_of(asset, wording.reader())
    return Choosable(str(asset.id), asset.title, asset.alt, thumbnail_url(asset.thumb or asset.path), facts)


def _folders() -> Any:
    rows = shown_folders()

    def below(parent: Any, depth: int) -> Any:
        for row in rows:
            if row.parent_id == parent and depth < 12:
                yield str(row.id), row.name, depth
                yield from below(row.id, depth + 1)

    return below(None, 0)
