"""Verbs whose time may be refused, with the rules that stand against it told to staff one by one."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import object_session

from app.domains.bookings import service
from app.domains.bookings.errors import TimeRefused
from app.domains.bookings.models import Booking
from app.domains.bookings.queries import calendar_of, explain
from app.kernel import clock
from app.surfaces.records import wording

_ONE_DAY = timedelta(days=1)


def confirm(booking: Booking, reason: str = "") -> None:
    """Confirm a booking. Raises as the service does."""
    try:
        service.confirm(booking, reason)
    except TimeRefused as refusal:
        raise _worded(refusal, booking) from refusal


def revive(booking: Booking, reason: str) -> None:
    """Take a cancelled booking up again. Raises as the service does."""
    try:
        service.revive(booking, reason)
    except TimeRefused as refusal:
        raise _worded(refusal, booking) from refusal


def _worded(refusal: TimeRefused, booking: Booking) -> TimeRefused:
    """Say after the refusal what stands against the time."""
    session = object_session(booking)
    if session is None or booking.room_id is None or booking.starts_at is None or booking.ends_at is None:
        return refusal
    days = booking.starts_at.date() - _ONE_DAY, booking.ends_at.date() + _ONE_DAY
    calendar = calendar_of(session.connection(), booking.room_id, *days, clock.now())
    if calendar is None:
        return refusal
    told = explain(calendar, refusal.findings, wording.reader(), for_staff=True)
    sentences = [str(refusal.message), *(one.sentence for one in told)]
    return TimeRefused(" ".join(sentences), refusal.findings)
