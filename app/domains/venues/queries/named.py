"""Rooms by their names and where they lie, for statements of other domains."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func, select

from app.domains.venues.models import Room, Venue
from app.translation.chain import Chain

_room: Any = Room.__table__
_venue: Any = Venue.__table__


def rooms_named(depth: int) -> Select[Any]:
    """Select id, name, slug, venue_id, venue_name, address, zone and changed_at of rooms.

    Names and slug are in the language of a chain of `depth` locales, bound with `bind_chain`.
    """
    chain = Chain(depth, _room.join(_venue, _venue.c.id == _room.c.venue_id))
    name = chain.choose("room", _room.c.id, "name", _room.c.name)[0]
    slug = chain.choose("room", _room.c.id, "slug", _room.c.slug)[0]
    venue = chain.choose("venue", _venue.c.id, "name", _venue.c.name)[0]
    columns = (
        _room.c.id,
        name.label("name"),
        slug.label("slug"),
        _room.c.venue_id,
        venue.label("venue_name"),
        func.concat_ws(", ", _venue.c.street, func.nullif(_venue.c.postcode, "")).label("address"),
        _venue.c.zone,
        func.greatest(_room.c.updated_at, _venue.c.updated_at).label("changed_at"),
    )
    return select(*columns).select_from(chain.joined)
