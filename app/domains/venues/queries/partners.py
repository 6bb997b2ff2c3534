"""What of venues is a partner's: conditions in SQL, by the companies that a user looks after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, cast, exists, or_, select
from sqlalchemy.orm import aliased

from app.access.rows import Rule
from app.domains.venues.models import Company, Room, RoomPicture, Venue, VenuePicture
from app.domains.venues.models.companies import company_user
from app.kernel.audit import AuditEntry

# Every table is asked under a name of its own, so that a statement about the same table does not take it for its own.


def companies_of(user: Any) -> Select[Any]:
    """Select the companies that a user looks after."""
    tie = company_user.alias()
    return select(tie.c.company_id).where(tie.c.user_id == user.id)


def venues_of(user: Any) -> Select[Any]:
    """Select the venues of a user's companies."""
    venue = aliased(Venue)
    return select(venue.id).where(venue.company_id.in_(companies_of(user)))


def rooms_of(user: Any) -> Select[Any]:
    """Select the rooms in the venues of a user's companies."""
    room = aliased(Room)
    return select(room.id).where(room.venue_id.in_(venues_of(user)))


def _companies(model: Any, user: Any) -> ColumnElement[bool]:
    return model.id.in_(companies_of(user))


def _venues(model: Any, user: Any) -> ColumnElement[bool]:
    return model.company_id.in_(companies_of(user))


def _at_venues(model: Any, user: Any) -> ColumnElement[bool]:
    return model.venue_id.in_(venues_of(user))


def _pictures(model: Any, user: Any) -> ColumnElement[bool]:
    """Tell what is shown of the user's companies, and what they uploaded themselves."""
    company, of_venue, of_room = aliased(Company), aliased(VenuePicture), aliased(RoomPicture)
    added = aliased(AuditEntry)
    return or_(
        model.id.in_(select(company.logo_asset_id).where(company.id.in_(companies_of(user)))),
        model.id.in_(select(of_venue.asset_id).where(of_venue.venue_id.in_(venues_of(user)))),
        model.id.in_(select(of_room.asset_id).where(of_room.room_id.in_(rooms_of(user)))),
        exists().where(
            added.owner_type == "asset",
            added.owner_id == cast(model.id, Text),
            added.content_type == "asset",
            added.action == "insert",
            added.actor_kind == "user",
            added.actor_id == str(user.id),
        ),
    )


PARTNERS: Mapping[str, Rule] = {
    "company": _companies,
    "venue": _venues,
    "room": _at_venues,
    "closure": _at_venues,
    "asset": _pictures,
}
"""By content type, the rule that gives the rows of a partner."""
