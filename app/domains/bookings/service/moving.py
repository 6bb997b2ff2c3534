"""Moving, extending and taking up again: a successor takes the place of a booking, through the same guard (rule 3)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from app.domains.bookings.errors import TransitionRefused
from app.domains.bookings.events import BookingRevived
from app.domains.bookings.models import Booking, BookingStatus, Claim
from app.domains.bookings.queries import Rule
from app.domains.bookings.service.claiming import claim_for
from app.domains.bookings.service.money import till
from app.domains.bookings.service.overruling import noted
from app.domains.bookings.service.rooms import place_at
from app.domains.bookings.service.steps import TRANSITIONS, become, lock
from app.domains.venues import queries as venues
from app.kernel.errors import Invalid
from app.kernel.outbox import record
from app.kernel.values import Period

NONE: frozenset[Rule] = frozenset()
KEPT_BY_STANDING = frozenset({Rule.NOTICE, Rule.ADVANCE, Rule.START})
"""What a booking that only becomes longer or shorter kept when it was made; it may be under way."""

_COPIED = (
    *(
        "client_name",
        "client_email",
        "client_phone",
        "event_type",
        "package_id",
        "guests",
        "message",
        "locale",
    ),
    *("time_zone", "member_id", "cancel_days", "link_serial", "series_id", "currency", "total_minor"),
    *("event_on", "place", "room_id", "starts_at", "ends_at"),
)


def move(
    booking: Booking, room_id: UUID, wish: Period, reason: str = "", overruled: Collection[Rule] = NONE
) -> Booking:
    """Give a booking another time or another room; gives its successor, the booking itself ends as moved.

    `overruled` are rules that staff set aside (OVERRULABLE); the steps of both say which, and why. Raises
    TransitionRefused, NoSuchRoom, TimeRefused, RoomTaken, and Invalid where rules are set aside without a reason;
    then nothing has changed once the caller rolls back.
    """
    return _replace(booking, room_id, wish, reason, overruled)


def extend(
    booking: Booking, ends_at: datetime, reason: str = "", overruled: Collection[Rule] = NONE
) -> Booking:
    """Let a booking end at another instant; gives its successor. It may be under way. Raises as `move` does."""
    if booking.room_id is None or booking.starts_at is None:
        raise TransitionRefused(_l("Only a booking of a room that is under way can be moved."))
    if ends_at <= booking.starts_at:
        raise Invalid({"ends_at": [_l("The end comes after the start.")]})
    wish = Period(booking.starts_at, ends_at)
    return _replace(booking, booking.room_id, wish, reason, overruled, KEPT_BY_STANDING)


def _replace(
    booking: Booking,
    room_id: UUID,
    wish: Period,
    reason: str,
    overruled: Collection[Rule],
    kept: frozenset[Rule] = NONE,
) -> Booking:
    """Let a successor take a booking's place; `kept` are rules that are not asked anew, and so not set aside."""
    session, note = _session(booking), noted(overruled, reason)
    begins = _("Moved: %(reason)s", reason=reason) if reason and note == reason else note
    _lock_with_room(session, booking, room_id)
    status = BookingStatus(booking.status)
    if booking.room_id is None or BookingStatus.MOVED not in TRANSITIONS[status]:
        raise TransitionRefused(_l("Only a booking of a room that is under way can be moved."))
    claim = session.scalars(select(Claim).where(Claim.booking_id == booking.id)).one()
    become(booking, BookingStatus.MOVED, note)
    after = _successor(session, booking, status, begins)
    place_at(session, after, room_id, wish)
    made = claim_for(session, after, room_id, wish, overruled=kept.union(overruled), instead_of=claim)
    after.total_minor = total_after(after, claim.promise, made.promise)
    till().pass_on(session, booking, after)
    session.flush()
    return after


def revive(booking: Booking, reason: str = "") -> Booking:
    """Take a cancelled booking up again, if its time is still free; gives its successor, the old one stays cancelled.

    It is promised again if it was before. Raises TransitionRefused, TimeRefused, RoomTaken.
    """
    session = _session(booking)
    lock(booking)
    if booking.status != BookingStatus.CANCELLED:
        raise TransitionRefused(_l("Only a cancelled booking can be taken up again."))
    if successor_of(session, booking) is not None:
        raise TransitionRefused(_l("This booking was taken up again already."))
    before = BookingStatus(booking.steps[-1].from_status or BookingStatus.PENDING.value)
    after = _successor(session, booking, before, reason)
    claim = session.scalar(select(Claim).where(Claim.booking_id == booking.id))
    if claim is not None:
        claim_for(session, after, claim.room_id, Period(claim.starts_at, claim.ends_at), instead_of=claim)
    till().pass_on(session, booking, after)
    if before is BookingStatus.CONFIRMED:
        till().want(session, after)
    record(BookingRevived(after.id))
    session.flush()
    return after


def successor_of(session: Session, booking: Booking) -> Booking | None:
    """Find the booking that took the place of one."""
    return session.scalar(select(Booking).where(Booking.follows_id == booking.id))


def _successor(session: Session, booking: Booking, status: BookingStatus, reason: str) -> Booking:
    after = Booking(
        **{name: getattr(booking, name) for name in _COPIED},
        status=status.value,
        follows_id=booking.id,
        former_references=f"{booking.former_references} {booking.reference}".strip(),
    )
    after.steps[0].reason = reason
    session.add(after)
    session.flush()
    return after


def total_after(booking: Booking, before: dict[str, Any], made: dict[str, Any]) -> int | None:
    """Give the total of a booking whose promise `before` becomes the promise `made` (rules 16 and 17).

    It changes by what the time costs more or less, and never falls below nothing. Raises Invalid where the room is
    priced in another currency.
    """
    old, new = before["quote"], made["quote"]
    if new is None:
        return booking.total_minor
    if made["currency"] != booking.currency:
        raise Invalid({"room_id": [_l("This room is priced in another currency: cancel, and book anew.")]})
    if old == new:
        return booking.total_minor
    change = int(new["total_minor"]) - int(old["total_minor"] if old else 0)
    return max(0, (booking.total_minor or 0) + change)


def _lock_with_room(session: Session, booking: Booking, room_id: UUID) -> None:
    """Lock both rooms in one order, then the booking."""
    session.flush()
    venues.lock_rooms(session.connection(), [key for key in (booking.room_id, room_id) if key is not None])
    lock(booking)


def _session(booking: Booking) -> Session:
    session = object_session(booking)
    if session is None:
        raise ValueError("a booking is moved where it is stored")
    return session
