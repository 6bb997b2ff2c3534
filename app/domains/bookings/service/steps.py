"""Verbs on bookings: each checks the table of transitions, changes the status and writes the step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import CursorResult, func, update
from sqlalchemy.orm import Session, object_session

from app.domains.bookings.errors import TooEarly, TooLateToCancel, TransitionRefused
from app.domains.bookings.events import (
    BookingCancelled,
    BookingCompleted,
    BookingConfirmed,
    BookingMissed,
    BookingMoved,
    BookingReceived,
    BookingRejected,
)
from app.domains.bookings.models import Booking, BookingStatus, BookingStep
from app.domains.bookings.queries import competing
from app.domains.bookings.service.claiming import follow
from app.domains.bookings.service.money import till
from app.domains.bookings.service.refunding import refund_for
from app.domains.bookings.service.telling import tell
from app.domains.venues import queries as venues
from app.kernel import clock
from app.kernel.actor import current_actor
from app.kernel.configured import configured
from app.kernel.db import db
from app.kernel.outbox import DomainEvent, record

TRANSITIONS: dict[BookingStatus, frozenset[BookingStatus]] = {
    BookingStatus.PENDING: frozenset(
        {BookingStatus.CONFIRMED, BookingStatus.REJECTED, BookingStatus.CANCELLED, BookingStatus.MOVED}
    ),
    BookingStatus.CONFIRMED: frozenset(
        {BookingStatus.COMPLETED, BookingStatus.CANCELLED, BookingStatus.NO_SHOW, BookingStatus.MOVED}
    ),
    BookingStatus.COMPLETED: frozenset(),
    BookingStatus.CANCELLED: frozenset(),
    BookingStatus.NO_SHOW: frozenset(),
    BookingStatus.REJECTED: frozenset(),
    BookingStatus.MOVED: frozenset(),
}
_NEEDS_THE_DAY = frozenset({BookingStatus.COMPLETED, BookingStatus.NO_SHOW})
_NEWS: dict[BookingStatus, Callable[[UUID], DomainEvent]] = {
    BookingStatus.CONFIRMED: BookingConfirmed,
    BookingStatus.CANCELLED: BookingCancelled,
    BookingStatus.COMPLETED: BookingCompleted,
    BookingStatus.NO_SHOW: BookingMissed,
    BookingStatus.REJECTED: BookingRejected,
    BookingStatus.MOVED: BookingMoved,
}


def may_become(booking: Booking, status: BookingStatus) -> bool:
    """Tell whether the table of transitions and the calendar allow the status."""
    is_due = status not in _NEEDS_THE_DAY or booking.event_on <= clock.today()
    return is_due and status in TRANSITIONS[BookingStatus(booking.status)]


def announce(booking: Booking) -> None:
    """Tell of a booking that staff entered for a client."""
    record(BookingReceived(booking.id))


def confirm(booking: Booking, reason: str = "") -> None:
    """Promise the day to the client; what competes with it for the room is rejected with it (rule 4).

    Raises TransitionRefused, TimeRefused, RoomTaken.
    """
    lock(booking)
    session = _session_of(booking)
    others = competing(session, booking)
    become(booking, BookingStatus.CONFIRMED, reason)
    for other in others:
        lock(other)
        if may_become(other, BookingStatus.REJECTED):
            become(other, BookingStatus.REJECTED, _("Another booking was confirmed for this time."))


def reject(booking: Booking, reason: str = "") -> None:
    """Tell the client that the wish cannot be met; what was paid goes back whole."""
    lock(booking)
    become(booking, BookingStatus.REJECTED, reason)


def complete(booking: Booking, reason: str = "") -> None:
    """Note that the event took place."""
    lock(booking)
    become(booking, BookingStatus.COMPLETED, reason)


def cancel(booking: Booking, reason: str = "") -> None:
    """Give the day free again because the client wishes it; what is paid back follows what was promised."""
    lock(booking)
    become(booking, BookingStatus.CANCELLED, reason)


def call_off(booking: Booking, reason: str = "") -> None:
    """Give the day free again because the house cannot keep it; what was paid goes back whole."""
    lock(booking)
    become(booking, BookingStatus.CANCELLED, reason, is_by_house=True)


def mark_no_show(booking: Booking, reason: str = "") -> None:
    """Note that the client did not come."""
    lock(booking)
    become(booking, BookingStatus.NO_SHOW, reason)


def cancel_for_client(booking: Booking, reason: str = "") -> None:
    """Give the day free again because the client asks for it, within what they were promised.

    A time in a room may be called off until it begins, with what its policy pays back then; a day without one until
    its last day. Raises TooLateToCancel past that, TransitionRefused when it is over already.
    """
    lock(booking)
    before = BookingStatus(booking.status)
    if BookingStatus.CANCELLED in TRANSITIONS[before] and booking.starts_at is not None:
        if clock.now() >= booking.starts_at:
            raise TooLateToCancel(_l("It has begun already. Speak with us about what is possible now."))
    elif BookingStatus.CANCELLED in TRANSITIONS[before]:
        last_on = last_cancel_day(before, booking.event_on, booking.cancel_days)
        if clock.today() > last_on:
            raise TooLateToCancel(
                _l(
                    "It could be cancelled here until %(day)s. Speak with us about what is possible now.",
                    day=last_on.isoformat(),
                )
            )
    become(booking, BookingStatus.CANCELLED, reason)


def last_cancel_day(status: BookingStatus, event_on: date, cancel_days: int | None) -> date:
    """Tell until when, that day included, a client may call a booking off.

    What was not promised yet can be withdrawn until the day itself; a promised day until so many days before.
    """
    if status is BookingStatus.PENDING:
        return event_on
    days = standing_cancel_days() if cancel_days is None else cancel_days
    return event_on - timedelta(days=min(days, event_on.toordinal() - 1))  # no day is before the first


def standing_cancel_days() -> int:
    """Give the days before the event until which a confirmed booking may be called off, for new bookings."""
    return int(configured("CANCEL_DAYS"))


def give_to_member(member_id: UUID, address: str) -> int:
    """Make the bookings that were made with an address its member's; give how many.

    Call it once the member has shown that the address is theirs.
    """
    wanted = Booking.member_id.is_(None), func.lower(Booking.client_email) == address.lower()
    changed: CursorResult[Any] = db.session.execute(  # type: ignore[assignment]  # an UPDATE gives one
        update(Booking).where(*wanted).values(member_id=member_id)
    )
    return changed.rowcount


def renew_link(booking: Booking, _reason: str = "") -> None:
    """End the client's link and make another."""
    lock(booking)
    booking.link_serial += 1


def lock(booking: Booking) -> None:
    """Lock a booking, its room first, so that of two verbs at once the second sees the first's outcome.

    Rooms go before bookings on every path: who confirms one locks those that compete with it, too.
    """
    session = object_session(booking)
    if session is None:
        return
    session.flush()
    if booking.room_id is not None:
        venues.lock_rooms(session.connection(), [booking.room_id])
    session.refresh(booking, with_for_update=True)


def become(booking: Booking, status: BookingStatus, reason: str, *, is_by_house: bool = False) -> None:
    """Change the status of a locked booking, with its time, its money, its step and its news.

    Raises TransitionRefused, TooEarly before the day of the event, and what `follow` raises.
    """
    before, session = BookingStatus(booking.status), _session_of(booking)
    _check_step(booking, before, status)
    if status in (BookingStatus.CANCELLED, BookingStatus.REJECTED):
        back = refund_for(session, booking, is_by_house=is_by_house or status is BookingStatus.REJECTED)
        if back.amount.minor:
            till().give_back(session, booking, back.amount, reason)
    follow(session, booking, status)
    booking.status = status.value
    booking.steps.append(
        BookingStep(
            from_status=before.value,
            to_status=status.value,
            at=clock.now(),
            actor_label=current_actor().label,
            reason=reason,
            position=len(booking.steps),
        )
    )
    if status is BookingStatus.CONFIRMED:
        till().want(session, booking)
    tell(_NEWS[status](booking.id))


def _check_step(booking: Booking, before: BookingStatus, status: BookingStatus) -> None:
    if status not in TRANSITIONS[before]:
        raise TransitionRefused(
            _l(
                "From “%(before)s” a booking cannot become “%(after)s”.",
                before=before.label,
                after=status.label,
            )
        )
    if status in _NEEDS_THE_DAY and booking.event_on > clock.today():
        raise TooEarly(_l("The event is still to come, on %(day)s.", day=booking.event_on.isoformat()))


def _session_of(booking: Booking) -> Session:
    return object_session(booking) or db.session()
