"""The venues that a member marked, named in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, Uuid, select

from app.domains.venues.models import FavouriteVenue, Venue
from app.kernel.db import named
from app.kernel.statements import statements
from app.translation.chain import Chain, bind_chain

_venue: Any = Venue.__table__
_favourite: Any = FavouriteVenue.__table__


@dataclass(frozen=True, slots=True)
class Favourite:
    """A marked venue and when it was marked."""

    id: UUID
    slug: str
    name: str
    marked_at: datetime


def favourites_of(connection: Connection, member_id: UUID, locales: tuple[str, ...]) -> list[Favourite]:
    """List the venues that a member marked and that are offered still, the last marked first."""
    statement = statements.get(("favourites", len(locales)), lambda: _statement(len(locales)))
    rows = statement.run(connection, {"member": member_id} | bind_chain(locales))
    return [Favourite(*row) for row in rows]


def _statement(depth: int) -> Select[Any]:
    chain = Chain(depth, _favourite.join(_venue, _venue.c.id == _favourite.c.venue_id))
    told = [chain.choose("venue", _venue.c.id, name, _venue.c[name])[0] for name in ("slug", "name")]
    found = select(_venue.c.id, *told, _favourite.c.created_at).select_from(chain.joined)
    mine = _favourite.c.member_id == named("member", Uuid())
    return found.where(mine, _venue.c.is_active).order_by(
        _favourite.c.created_at.desc(), _favourite.c.id.desc()
    )
