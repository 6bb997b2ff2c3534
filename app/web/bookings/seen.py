"""What the panels of a booking share: other bookings as far as their reader may see them, and instants in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from app.access import rows
from app.access.rights import may
from app.domains.bookings.api.room_wording import time_text
from app.domains.bookings.resources import STATUSES, bookings
from app.kernel.db import db
from app.kernel.values import Period
from app.surfaces.records import wording


@dataclass(frozen=True, slots=True)
class OtherBooking:
    """Another booking in a line: `url` is empty for one that the reader may not see, and so is who it is of."""

    title: str
    when: str
    status: str
    tone: str
    url: str


def may_on(booking: Any, verb: str) -> bool:
    """Tell whether the reader's rights and row rules allow a verb on a booking; a rule costs a statement."""
    if not may(verb, bookings.name):
        return False
    return not rows.is_limited(bookings.name, current_user, verb) or booking.id in _seen([booking.id], verb)


def others(found: Iterable[Any], zone: str) -> tuple[OtherBooking, ...]:
    """Word other bookings; of those that the reader may not see only that they are there."""
    listed = list(found)
    limited = rows.is_limited(bookings.name, current_user)
    seen = _seen([one.id for one in listed]) if limited else {one.id for one in listed}
    return tuple(_worded(one, zone, one.id in seen) for one in listed)


def _seen(keys: list[UUID], verb: str = "show") -> set[UUID]:
    model = bookings.model
    allowed = rows.condition(bookings.name, current_user, model, verb)
    return set(db.session.scalars(select(model.id).where(model.id.in_(keys), allowed)))


def _worded(booking: Any, zone: str, is_seen: bool) -> OtherBooking:
    if not is_seen:
        return OtherBooking(_("A booking of others"), "", "", "", "")
    locale = wording.reader()
    status = next((option for option in STATUSES if option.value == booking.status), STATUSES[0])
    when = wording.day(booking.event_on, locale)
    if booking.starts_at is not None:
        when = time_text(Period(booking.starts_at, booking.ends_at), zone, locale)
    title = f"{booking.client_name} · {booking.reference}"
    url = f"/bookings/{booking.id}" if may("show", bookings.name) else ""
    return OtherBooking(title, when, str(status.label), status.tone, url)


def moment(at: datetime, zone: str) -> str:
    """Word an instant as the clocks of a zone show it."""
    return wording.moment(at, zone, wording.reader())
