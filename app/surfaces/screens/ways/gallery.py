"""A list as pictures: the rows of the table, each with its picture and the few facts that fit below it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import case, literal, select
from sqlalchemy.dialects.postgresql import distinct_on

from app.kernel.db import db
from app.media.models import Asset, AssetState
from app.media.renditions import nearest
from app.media.urls import thumbnail_url
from app.resources import Kind, Resource
from app.resources.ways import Days, Picture, calendar_days, picture_source
from app.surfaces.screens.pages import Cell, Column, ListPage, Row

FACTS = 3
WIDTH = 640
_asset: Any = Asset.__table__


@dataclass(frozen=True, slots=True)
class Card:
    """A record as a picture, or as a card of a board; `aim` is the ninth of the picture that must stay in sight."""

    row: Row
    picture: str = ""
    alt: str = ""
    aim: str = ""
    status: Cell | None = None
    facts: tuple[tuple[str, Cell], ...] = ()


def gallery_page(resource: Resource, page: ListPage) -> ListPage:
    """Give the list's page with its rows as cards."""
    source = picture_source(resource)
    found = pictures_of(resource, source, [row.id for row in page.rows]) if source is not None else {}
    days = calendar_days(resource)
    cards = tuple(card_of(page.columns, row, found.get(row.id), days=days) for row in page.rows)
    return replace(page, body_template="staff/_gallery.html", body=cards)


def card_of(
    columns: Iterable[Column],
    row: Row,
    picture: tuple[str, str, str] | None = None,
    without: str = "",
    days: Days | None = None,
) -> Card:
    """Make a row a card: its chip, and the first facts that hold something; the column `without` is left out.

    An amount that comes later takes the last one's place: what a thing costs is asked for before most else. Its
    first and last day are one fact.
    """
    pairs = [
        (column, cell)
        for column, cell in list(zip(columns, row.cells, strict=False))[1:]
        if cell.text and cell.kind != "thumbnail" and cell.text != row.title and column.name != without
    ]
    status = next((cell for _column, cell in pairs if cell.tone and cell.kind == "choice"), None)
    told = [
        (column.label, _told(column, cell)) for column, cell in _joined(pairs, days) if cell is not status
    ]
    later = next((fact for fact in told[FACTS:] if fact[1].kind == "money"), None)
    facts = (*told[: FACTS - 1], later) if later else tuple(told[:FACTS])
    return Card(row, *(picture or ("", "", "")), status=status, facts=facts)


def _joined(pairs: list[tuple[Column, Cell]], days: Days | None) -> list[tuple[Column, Cell]]:
    """Make the first and the last day one: the span from one to the other, or the one day that they both are."""
    if days is None or days.last is None or days.last.kind is not Kind.DATE:
        return pairs
    places = {column.name: place for place, (column, _cell) in enumerate(pairs)}
    begins, ends = places.get(days.first.name), places.get(days.last.name)
    if begins is None or ends is None:
        return pairs
    (first, cell), (last, other) = pairs[begins], pairs[ends]
    if cell.text != other.text:
        cell = cell._replace(text=_("%(first)s to %(last)s", first=cell.text, last=other.text), hint="")
    joined = (replace(first, label=f"{first.label}, {last.label}"), cell)
    return [joined if place == begins else pair for place, pair in enumerate(pairs) if place != ends]


def _told(column: Column, cell: Cell) -> Cell:
    """Name what is switched on or off: its heading is not seen on a card."""
    if cell.kind != "switch":
        return cell
    return cell._replace(text=column.label if cell.tone == "success" else f"{column.label}: {cell.text}")


def pictures_of(
    resource: Resource, source: Picture, keys: Iterable[str]
) -> Mapping[str, tuple[str, str, str]]:
    """Find the pictures of records in one statement: (address, alternative text, what must stay in sight) by key."""
    wanted = list(keys)
    if not wanted:
        return {}
    rows = db.session.execute(_statement(resource, source, wanted))
    return {
        str(row.owner): (
            thumbnail_url(nearest(row.renditions, WIDTH) or row.path),
            row.words or row.alt or row.title,
            f"{_third(row.focal_x)}-{_third(row.focal_y)}",
        )
        for row in rows
    }


def _statement(resource: Resource, source: Picture, keys: list[str]) -> Any:
    model = resource.model if source.child is None else source.child.model
    table = model.__table__
    owner = table.c.id if source.child is None else table.c[source.child.parent_column]
    typed = [UUID(key) for key in keys] if owner.type.python_type is UUID else [int(key) for key in keys]
    has_words = source.child is not None and "alt" in table.c
    shown = (_asset.c.title, _asset.c.alt, _asset.c.path, _asset.c.renditions)
    words = table.c.alt if has_words else literal("")
    statement = select(owner.label("owner"), words.label("words"), *shown, _asset.c.focal_x, _asset.c.focal_y)
    joined = table if table is _asset else table.join(_asset, table.c[source.field.name] == _asset.c.id)
    statement = statement.select_from(joined).where(owner.in_(typed), _asset.c.state == AssetState.READY)
    if source.child is None:
        return statement
    first = [case((table.c.is_primary, 0), else_=1)] if "is_primary" in table.c else []
    return statement.ext(distinct_on(owner)).order_by(owner, *first, table.c.position, table.c.id)


def _third(percent: int) -> int:
    return min(percent * 3 // 100, 2)
