"""Records by their keys, of any content types together, as a line of a palette or a menu shows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_login import current_user
from sqlalchemy import String, Text, cast, func, literal, null, select, union_all
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from app.access import rows as row_rules
from app.access.rights import may
from app.kernel.ids import parse_id
from app.media.models import Asset, AssetState
from app.media.urls import thumbnail_url
from app.resources import Catalogue, Field, Kind, On, Resource
from app.resources.kinds import recorded
from app.surfaces.records import wording
from app.surfaces.records.pictured import first_picture
from app.surfaces.screens.pages import Cell

Key = tuple[str, str]
"""A content type's name and a record's key as text."""

LONGEST_TEXT = 4_000
MOST_TOLD = 2
_TELLING = (Kind.MONEY, Kind.DATE, Kind.TIME, Kind.CHOICE, Kind.COUNTRY, Kind.EMAIL, Kind.TEXT, Kind.INSTANT)


@dataclass(frozen=True, slots=True)
class Known:
    """A record that the reader may look at.

    Where the texts were asked for, `text` is what a search looks through and `about` what tells it from others.
    """

    resource: Resource
    id: str
    title: str
    url: str
    picture: str = ""
    status: Cell | None = None
    text: str = ""
    about: str = ""


def telling(resource: Resource) -> list[Field]:
    """List the fields of a list that tell two records of one title apart, the best first."""
    fields = [f for f in resource.fields_on(On.LIST) if f.is_stored and f.name != resource.title]
    fields = [f for f in fields if f is not status_field(resource)]
    return sorted(
        (f for f in fields if f.kind in _TELLING), key=lambda f: _TELLING.index(f.kind or Kind.TEXT)
    )


def known(
    session: Session, catalogue: Catalogue, keys: Iterable[Key], with_text: bool = False
) -> Mapping[Key, Known]:
    """Find the records that are there and that the signed-in user may look at, in one statement.

    The row rules hold; what is missing in the answer is gone or hidden.
    """
    by_type: dict[str, list[Any]] = {}
    for name, text in dict.fromkeys(keys):
        if name in catalogue and may("show", name):
            key = _key_of(catalogue[name], text)
            if key is not None:
                by_type.setdefault(name, []).append(key)
    if not by_type:
        return {}
    parts = [_part(catalogue[name], ids, with_text) for name, ids in by_type.items()]
    locale = wording.reader()
    found = (_worded(catalogue, row, locale) for row in session.execute(union_all(*parts)))
    return {(record.resource.name, record.id): record for record in found}


def status_field(resource: Resource) -> Field | None:
    """Find the field whose chip says where a record stands."""
    return next((f for f in resource.fields if f.name in ("status", "state") and f.kind is Kind.CHOICE), None)


def _part(resource: Resource, ids: list[Any], with_text: bool) -> Any:
    table = resource.model.__table__
    status = status_field(resource)
    texts = [
        func.array_to_string(table.c[field.name], ", ") if field.kind is Kind.TAGS else table.c[field.name]
        for field in resource.fields_on(On.SEARCH)
        if field.is_stored
    ]
    words = func.left(func.concat_ws("\n", *texts), LONGEST_TEXT) if with_text and texts else null()
    return select(
        literal(resource.name, String).label("resource"),
        cast(table.c.id, Text).label("id"),
        cast(getattr(resource.model, resource.title), Text).label("title"),
        cast(table.c[status.name] if status is not None else null(), Text).label("status"),
        cast(first_picture(resource, table), Text).label("picture"),
        cast(words, Text).label("text"),
        (_facts(resource, table) if with_text else cast(null(), JSONB)).label("facts"),
    ).where(table.c.id.in_(ids), row_rules.condition(resource.name, current_user, resource.model, "show"))


def _facts(resource: Resource, table: Any) -> Any:
    """Gather the values that tell, and the currency that an amount among them is in."""
    columns = [table.c[field.name] for field in telling(resource)]
    currency = table.c.currency if "currency" in table.c else null()
    return func.jsonb_build_array(cast(currency, Text), *columns)


def _about(resource: Resource, facts: list[Any] | None, locale: str) -> str:
    """Word the first two values that there are."""
    if not facts:
        return ""
    currency, *values = facts
    pairs = zip(telling(resource), values, strict=True)
    cells = (wording.cell(f, recorded(f, value), locale, currency or "EUR") for f, value in pairs)
    return " · ".join([cell.text for cell in cells if cell.text][:MOST_TOLD])


def _worded(catalogue: Catalogue, row: Any, locale: str) -> Known:
    resource = catalogue[row.resource]
    status = status_field(resource)
    if resource.model is Asset and row.status == AssetState.READY:
        status = None  # it is what a picture is expected to be
    return Known(
        resource=resource,
        id=row.id,
        title=row.title or "",
        url=f"/{resource.path}/{row.id}",
        picture=thumbnail_url(row.picture) if row.picture else "",
        status=wording.cell(status, row.status, locale) if status is not None and row.status else None,
        text=row.text or "",
        about=_about(resource, row.facts, locale),
    )


def _key_of(resource: Resource, text: str) -> Any:
    if resource.model.__table__.c.id.type.python_type is int:
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
    return parse_id(text)
