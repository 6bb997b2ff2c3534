"""Verbs on bookings: each checks the table of transitions, changes the status and writes the step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import CursorResult, func, update
from sqlalchemy.orm import object_session

from app.domains.bookings.errors import TooEarly, TooLateToCancel, TransitionRefused
from app.domains.bookings.events import (
    BookingCancelled,
    BookingCompleted,
    BookingConfirmed,
    BookingReceived,
)
from app.domains.bookings.models import Booking, BookingStatus, BookingStep
from app.domains.bookings.service.claiming import follow
from app.kernel import clock
from app.kernel.actor import current_actor
from app.kernel.configured import configured
from app.kernel.db import db
from app.kernel.outbox import DomainEvent, record

TRANSITIONS: dict[BookingStatus, frozenset[BookingStatus]] = {
    BookingStatus.PENDING: frozenset({BookingStatus.CONFIRMED, BookingStatus.CANCELLED}),
    BookingStatus.CONFIRMED: frozenset(
        {BookingStatus.COMPLETED, BookingStatus.CANCELLED, BookingStatus.NO_SHOW}
    ),
    BookingStatus.COMPLETED: frozenset(),
    BookingStatus.CANCELLED: frozenset(),
    BookingStatus.NO_SHOW: frozenset(),
}
_NEEDS_THE_DAY = frozenset({BookingStatus.COMPLETED, BookingStatus.NO_SHOW})
_NEWS: dict[BookingStatus, Callable[[UUID], DomainEvent]] = {
    BookingStatus.CONFIRMED: BookingConfirmed,
    BookingStatus.CANCELLED: BookingCancelled,
    BookingStatus.COMPLETED: BookingCompleted,
}


def may_become(booking: Booking, status: BookingStatus) -> bool:
    """Tell whether the table of transitions and the calendar allow the status."""
    is_due = status not in _NEEDS_THE_DAY or booking.event_on <= clock.today()
    return is_due and status in TRANSITIONS[BookingStatus(booking.status)]


def announce(booking: Booking) -> None:
    """Tell of a booking that staff entered for a client."""
    record(BookingReceived(booking.id))


def confirm(booking: Booking, reason: str = "") -> None:
    """Promise the day to the client."""
    _become(booking, BookingStatus.CONFIRMED, reason)


def complete(booking: Booking, reason: str = "") -> None:
    """Note that the event took place."""
    _become(booking, BookingStatus.COMPLETED, reason)


def cancel(booking: Booking, reason: str = "") -> None:
    """Give the day free again."""
    _become(booking, BookingStatus.CANCELLED, reason)


def mark_no_show(booking: Booking, reason: str = "") -> None:
    """Note that the client did not come."""
    _become(booking, BookingStatus.NO_SHOW, reason)


def cancel_for_client(booking: Booking, reason: str = "") -> None:
    """Give the day free again because the client asks for it, within what they were promised.

    Raises TooLateToCancel past the last day, TransitionRefused when it is over already.
    """
    _lock(booking)
    before = BookingStatus(booking.status)
    if BookingStatus.CANCELLED in TRANSITIONS[before]:
        last_on = last_cancel_day(before, booking.event_on, booking.cancel_days)
        if clock.today() > last_on:
            raise TooLateToCancel(
                _l(
                    "It could be cancelled here until %(day)s. Speak with us about what is possible now.",
                    day=last_on.isoformat(),
                )
            )
    _move(booking, BookingStatus.CANCELLED, reason)


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
    _lock(booking)
    booking.link_serial += 1


def _become(booking: Booking, status: BookingStatus, reason: str) -> None:
    """Move under a row lock, so that of two verbs at once the second sees the first's outcome.

    Raises TransitionRefused, or TooEarly before the day of the event.
    """
    _lock(booking)
    _move(booking, status, reason)


def _lock(booking: Booking) -> None:
    session = object_session(booking)
    if session is not None:
        session.flush()
        session.refresh(booking, with_for_update=True)


def _move(booking: Booking, status: BookingStatus, reason: str) -> None:
    before = BookingStatus(booking.status)
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
    follow(db.session(), booking, status)
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
    if news := _NEWS.get(status):
        record(news(booking.id))
