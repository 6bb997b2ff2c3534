"""Files sent with a form: each becomes a picture, and the row it came with points at it."""

from __future__ import annotations

from typing import Any

from app.kernel.errors import Invalid
from app.media.service import store_picture
from app.resources import Field, Kind, On, Resource
from app.surfaces.records.changes import Changes


def take_uploads(resource: Resource, files: Any, changes: Changes) -> None:
    """Store what was uploaded as `<field>-upload` or `<child>-<index>-upload`; raises Invalid at that field."""
    for item in resource.fields_on(On.FORM):
        if item.kind is Kind.PICTURE and (sent := files.get(f"{item.name}-upload")):
            changes.values[item.name] = _store(sent, item.name, "")
    for child in resource.children:
        picture = _picture_field(child.fields)
        for row in changes.children.get(child.name, ()) if picture else ():
            sent = files.get(f"{child.name}-{row.index}-upload")
            if sent and picture:
                where = f"{child.name}.{row.index}.{picture.name}"
                row.values[picture.name] = _store(sent, where, str(row.values.get("alt") or ""))


def _picture_field(fields: tuple[Field, ...]) -> Field | None:
    return next((item for item in fields if item.kind is Kind.PICTURE), None)


def _store(sent: Any, where: str, alt: str) -> str:
    try:
        title = str(sent.filename or "").rsplit("/", 1)[-1].rsplit(".", 1)[0][:200] or "picture"
        return str(store_picture(sent.read(), title, alt).id)
    except Invalid as error:
        raise Invalid({where: [text for texts in error.errors.values() for text in texts]}) from error
