"""A few who wait for times in rooms that the demo's bookings have, and some who waited once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.demo.clients import client_facts
from app.demo.keys import stable_key
from app.demo.room_bookings import HOW_MANY
from app.domains.bookings.models import Booking, BookingStatus, Waiting, WaitingStatus, WaitingStep
from app.domains.bookings.service import Reason

LINE = (3, 1, 2, 1, 2, 1)
"""So many wait for the first of the bookings to come, for the second and so on."""
_WAYS = {
    4: ((WaitingStatus.WAITING, Reason.TOO_MANY_GUESTS.value),),
    6: ((WaitingStatus.LEFT, ""),),
    8: ((WaitingStatus.CLOSED, Reason.CLOSED_THEN.value),),
}
"""By the number of who waits, what happened to them since they joined."""
_FACTS = ("client_name", "client_email", "client_phone", "event_type", "locale")


@dataclass(frozen=True, slots=True)
class _Wait:
    number: int
    booking: Booking


def add_waiting(session: Session, today: date) -> int:
    """Put in those who wait; gives how many. They are the same on every run for the same day."""
    waits = [
        _Wait(number, booking)
        for number, booking in enumerate(
            booking
            for booking, people in zip(_to_come(session, today), LINE, strict=False)
            for _one in range(people)
        )
    ]
    keys = {stable_key("waiting", str(one.number), one.number): one for one in waits}
    stored = set(session.scalars(select(Waiting.id).where(Waiting.id.in_(list(keys)))))
    missing = {key: one for key, one in keys.items() if key not in stored}
    for key, one in missing.items():
        dice = Random(f"festoon waiting {one.number}")
        joined_at = datetime.combine(today - timedelta(days=9), time(10), UTC)
        joined_at += timedelta(hours=7 * one.number, minutes=dice.randrange(60))
        steps = _steps(one.number, joined_at)
        facts = client_facts(dice)
        session.add(
            Waiting(
                id=key,
                room_id=one.booking.room_id,
                starts_at=one.booking.starts_at,
                ends_at=one.booking.ends_at,
                guests=one.booking.guests,
                status=steps[-1].to_status,
                created_at=joined_at,
                time_zone=one.booking.time_zone,
                steps=steps,
                **{name: facts[name] for name in _FACTS},
            )
        )
    session.flush()
    return len(missing)


def _to_come(session: Session, today: date) -> list[Booking]:
    """List the demo's confirmed bookings of rooms that lie at least some days ahead."""
    keys = [stable_key("room_booking", str(number), number) for number in range(HOW_MANY)]
    found = (
        select(Booking)
        .where(Booking.id.in_(keys), Booking.status == BookingStatus.CONFIRMED.value)
        .where(Booking.event_on >= today + timedelta(days=4))
    )
    return list(session.scalars(found.order_by(Booking.starts_at, Booking.id)))


def _steps(number: int, joined_at: datetime) -> list[WaitingStep]:
    """Make the steps of one: joined, and what came after it."""
    way = ((WaitingStatus.WAITING, ""), *_WAYS.get(number, ()))
    return [
        WaitingStep(
            to_status=status.value,
            reason=reason,
            at=joined_at + timedelta(days=position, hours=3 * position),
            actor_label="Demo data",
            position=position,
        )
        for position, (status, reason) in enumerate(way)
    ]
