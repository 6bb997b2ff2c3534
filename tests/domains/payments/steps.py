"""What the tests of money share: a room with a price, a booking in it, and what came and went by plain SQL."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.domains.bookings import service as bookings
from app.domains.bookings.models import Booking
from app.domains.payments import queries, service
from app.domains.payments.models import Refund
from app.domains.payments.service import Receipt
from app.kernel import clock
from app.kernel.outbox import OutboxRow
from app.kernel.values import Money, Period
from tests.domains.rooms import next_monday

PRICE = 8000
"""Of two hours in a stored room."""


def wish(starts: str = "12:00", ends: str = "14:00") -> Period:
    """Give a time of next Monday in UTC."""
    day = next_monday(clock.now())
    return Period(*(datetime.fromisoformat(f"{day}T{wall}+00:00") for wall in (starts, ends)))


def book(session: Session, room: Any, when: Period | None = None, **facts: Any) -> Booking:
    """Book a time for Bob."""
    client = {"client_name": "Bob Marsh", "client_email": "bob@example.com", "event_type": "birthday"}
    return bookings.book_room(session, client | facts, room.id, when or wish())


def pay(booking: Booking, minor: int, currency: str = "EUR", **facts: Any) -> Receipt:
    """Note that money came by bank."""
    return service.receive_payment(booking, "bank_transfer", Money(minor, currency), **facts)


def captured(session: Session, booking: Booking) -> int:
    """Give what was paid for a booking and stays."""
    found = queries.captured(session, booking.id)
    return found.minor if found else 0


def refunds(session: Session, booking: Booking) -> list[tuple[int, str]]:
    """List the refunds of a booking: (amount, status)."""
    session.flush()
    found = select(Refund.amount_minor, Refund.status).where(Refund.booking_id == booking.id)
    return [(row[0], row[1]) for row in session.execute(found.order_by(Refund.id))]


def waivers(session: Session, booking: Booking) -> list[int]:
    """List what is waived of a booking."""
    return _said(session, booking, "waiver")


def deferred(session: Session, booking: Booking) -> list[int]:
    """List what of a booking may be paid later."""
    return _said(session, booking, "later")


def _said(session: Session, booking: Booking, method: str) -> list[int]:
    session.flush()
    found = text("SELECT amount_minor FROM payment WHERE booking_id = :key AND method = :method ORDER BY id")
    return list(session.scalars(found, {"key": booking.id, "method": method}))


def news(session: Session, topic: str) -> int:
    """Count what the outbox has of a topic."""
    session.flush()
    return session.scalar(select(func.count()).select_from(OutboxRow).where(OutboxRow.topic == topic)) or 0
