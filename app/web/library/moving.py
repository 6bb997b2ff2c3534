"""What is done to many pictures at once: put into a folder, tagged; each is written the one way records are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from app.kernel.errors import DomainError, NotFound
from app.media.models import Asset
from app.media.resources import assets, folders
from app.resources import Catalogue
from app.resources.kinds import parse
from app.surfaces.records import writing
from app.surfaces.records.changes import Changes
from app.surfaces.records.chosen import find_chosen

Refusals = list[str]


def move(
    session: Session, catalogue: Catalogue, pictures: Iterable[Asset], folder: UUID | None
) -> tuple[dict[str, str], Refusals]:
    """Put pictures into a folder, or to the top; gives where each that moved was, and what refused."""
    if folder is not None and find_chosen(session, folders, folder, is_held=False) is None:
        raise NotFound(_l("There is no such folder any more."))
    former: dict[str, str] = {}

    def change(picture: Asset) -> Mapping[str, Any]:
        if picture.folder_id == folder:
            return {}
        former[str(picture.id)] = str(picture.folder_id or "")
        return {"folder_id": str(folder or "")}

    refused = _each(session, catalogue, pictures, change)
    return former, refused


def tag(
    session: Session, catalogue: Catalogue, pictures: Iterable[Asset], added: str, removed: str
) -> tuple[dict[str, dict[str, str]], Refusals]:
    """Add tags to pictures and take others off; gives the way back for each that changed, and what refused."""
    field = assets.field("tags")
    new: list[str] = parse(field, added) or [] if field else []
    old = set(parse(field, removed) or []) if field else set()
    former: dict[str, dict[str, str]] = {}

    def change(picture: Asset) -> Mapping[str, Any]:
        tags = list(dict.fromkeys(name for name in (*picture.tags, *new) if name not in old))
        if tags == picture.tags:
            return {}
        former[str(picture.id)] = {
            "add": ",".join(name for name in picture.tags if name not in tags),
            "remove": ",".join(name for name in tags if name not in picture.tags),
        }
        return {"tags": tags}

    refused = _each(session, catalogue, pictures, change)
    return former, refused


def _each(
    session: Session,
    catalogue: Catalogue,
    pictures: Iterable[Asset],
    change: Callable[[Asset], Mapping[str, Any]],
) -> Refusals:
    refused = []
    for picture in pictures:
        values = dict(change(picture))
        if not values:
            continue
        try:
            with session.begin_nested():
                writing.write(session, catalogue, assets, picture, Changes(values=values))
        except DomainError as error:
            refused.append(f"{picture.title}: {error.message}")
    return refused
