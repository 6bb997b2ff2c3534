"""Files sent with a form: each becomes a picture, and the row it came with points at it."""

from __future__ import annotations

from contextlib import closing
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l

from app.access.rights import may
from app.kernel.errors import Invalid
from app.media.intake import MOST_BYTES
from app.media.service import file_name_of, store_picture, title_of
from app.media.storage.paths import gallery_of
from app.resources import Field, Kind, On, Resource
from app.surfaces.records.changes import Changes
from app.surfaces.screens.pages import Uploads

TYPES = ("image/jpeg", "image/png", "image/webp", "image/avif", "image/gif")


def uploads(table: str = "", key: UUID | None = None) -> Uploads | None:
    """Say where pictures are sent and how large they may be; None for who may not add any.

    `table` and `key` name the record they are for, where there is one.
    """
    if not may("add", "asset"):
        return None
    owner = f"{table}/{key}" if gallery_of(table, key) else ""
    return Uploads("/api/v1/pictures/", TYPES, MOST_BYTES, MOST_BYTES // 2**20, owner)


def takes_pictures(resource: Resource) -> bool:
    """Tell whether a form of the resource has a place for a picture."""
    groups = [resource.fields_on(On.FORM), *(child.fields for child in resource.children)]
    return any(_picture_field(fields) is not None for fields in groups)


def take_uploads(resource: Resource, files: Any, changes: Changes, key: UUID | None = None) -> None:
    """Store what was uploaded as `<field>-upload` or `<child>-<index>-upload`; raises Invalid at that field.

    `key` is that of the record, where there is one already.
    """
    place = gallery_of(resource.name, key)
    for item in resource.fields_on(On.FORM):
        if item.kind is Kind.PICTURE and (sent := files.get(f"{item.name}-upload")):
            changes.values[item.name] = _store(sent, item.name, "", place)
    for child in resource.children:
        picture = _picture_field(child.fields)
        for row in changes.children.get(child.name, ()) if picture else ():
            sent = files.get(f"{child.name}-{row.index}-upload")
            if sent and picture:
                where = f"{child.name}.{row.index}.{picture.name}"
                row.values[picture.name] = _store(sent, where, str(row.values.get("alt") or ""), place)


def _picture_field(fields: tuple[Field, ...]) -> Field | None:
    return next((item for item in fields if item.kind is Kind.PICTURE), None)


def _store(sent: Any, where: str, alt: str, place: str) -> str:
    if not may("add", "asset"):
        raise Invalid({where: [_l("Your role may not add pictures. Choose one that is there.")]})
    try:
        with closing(sent) as file:
            name = file.filename or ""
            return str(store_picture(file.read(), title_of(name), alt, place, file_name_of(name)).id)
    except Invalid as error:
        raise Invalid({where: [text for texts in error.errors.values() for text in texts]}) from error
