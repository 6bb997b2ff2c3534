"""Verbs on bookings: each checks the table of transitions, changes the status and writes the step."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import object_session

from app.domains.bookings.errors import TooEarly, TransitionRefused
from app.domains.bookings.events import (
    BookingCancelled,
    BookingCompleted,
    BookingConfirmed,
    BookingReceived,
)
from app.domains.bookings.models import Booking, BookingStatus, BookingStep
from app.kernel import clock
from app.kernel.actor import current_actor
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
_NEWS: dict[BookingStatus, type[DomainEvent]] = {
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


def _become(booking: Booking, status: BookingStatus, reason: str) -> None:
    """Move under a row lock, so that of two verbs at once the second sees the first's outcome.

    Raises TransitionRefused, or TooEarly before the day of the event.
    """
    session = object_session(booking)
    if session is not None:
        session.flush()
        session.refresh(booking, with_for_update=True)
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
