"""Rooms as visitors find them: by a key or a name in any language, named in the reader's; one statement each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from unicodedata import normalize
from uuid import UUID

from sqlalchemy import Connection, String, Text, Uuid, and_, literal, select
from sqlalchemy import cast as sql_cast

from app.domains.venues.models import Room, Venue
from app.kernel.db import named
from app.kernel.ids import parse_id
from app.kernel.statements import statements
from app.translation.addresses import found_by
from app.translation.chain import Chain, bind_chain

_room: Any = Room.__table__
_venue: Any = Venue.__table__


@dataclass(frozen=True, slots=True)
class OfferedVenue:
    """A venue in the reader's language."""

    id: UUID
    slug: str
    name: str
    zone: str


@dataclass(frozen=True, slots=True)
class OfferedRoom:
    """A room in the reader's language; minutes but for `capacity`."""

    id: UUID
    slug: str
    name: str
    capacity: int
    shortest: int
    longest: int
    step: int


@dataclass(frozen=True, slots=True)
class Offer:
    """A venue and those of its rooms that were asked for, in the order in which they are shown."""

    venue: OfferedVenue
    rooms: tuple[OfferedRoom, ...]


def offered_room(connection: Connection, wanted: str, locales: tuple[str, ...]) -> Offer | None:
    """Find a room that is offered; None where there is none."""
    return _offer(connection, "room", wanted, locales)


def offered_venue(connection: Connection, wanted: str, locales: tuple[str, ...]) -> Offer | None:
    """Find a venue that is offered, with all of its rooms that are; None where there is none."""
    return _offer(connection, "venue", wanted, locales)


def _offer(connection: Connection, what: str, wanted: str, locales: tuple[str, ...]) -> Offer | None:
    key = parse_id(wanted)
    if key is None and "\x00" in wanted:
        return None
    by = "slug" if key is None else "id"
    statement = statements.get(
        ("offered", what, by, len(locales)), lambda: _statement(what, by, len(locales))
    )
    asked = {"wanted": key or normalize("NFC", wanted)}
    rows = statement.run(connection, asked | bind_chain(locales))
    if not rows:
        return None
    venue = OfferedVenue(*rows[0][:4])
    return Offer(venue, tuple(OfferedRoom(*row[4:]) for row in rows if row[4] is not None))


def _statement(what: str, by: str, depth: int) -> Any:
    """Select a venue's columns and its rooms', those of a venue without rooms empty."""
    of_venue = and_(_room.c.venue_id == _venue.c.id, _room.c.is_active)
    chain = Chain(depth, _venue.join(_room, of_venue, isouter=what == "venue"))
    told = {
        (table.name, name): chain.choose(table.name, table.c.id, name, table.c[name])[0].label(
            f"{table.name}_{name}"
        )
        for table in (_venue, _room)
        for name in ("slug", "name")
    }
    table = _room if what == "room" else _venue
    wanted = named("wanted", Uuid() if by == "id" else Text())
    key = wanted if by == "id" else found_by(what, sql_cast(wanted, String))
    plain = (_room.c[name] for name in ("capacity", "minimum_minutes", "maximum_minutes", "step_minutes"))
    columns = (
        *(_venue.c.id, told["venue", "slug"], told["venue", "name"], _venue.c.zone),
        *(_room.c.id.label("room_id"), told["room", "slug"], told["room", "name"], *plain),
    )
    found = select(*columns).select_from(chain.joined).where(table.c.id == key, _venue.c.is_active)
    return found.order_by(_room.c.position, _room.c.id).limit(literal(500, literal_execute=True))
