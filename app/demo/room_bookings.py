"""Bookings of rooms over the month before a day and the month after it, each kept by the guard that keeps real ones."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.demo.clients import client_facts
from app.demo.content import content
from app.demo.keys import stable_key
from app.domains.bookings import queries
from app.domains.bookings.models import Booking, BookingStatus, BookingStep, Claim
from app.domains.bookings.queries import Calendar
from app.domains.bookings.service import OVERRULABLE, claim_for
from app.domains.bookings.service.claiming import follow
from app.domains.venues.models import Room
from app.kernel.values import Period

HOW_MANY = 60
DAYS = 30
LENGTHS = (120, 180, 240, 300, 360)
_LONG_BEFORE = timedelta(days=DAYS + 30)
_BY_DAY = range(8, 21)  # most people celebrate between eight in the morning and nine in the evening
_LIVE = (BookingStatus.PENDING, BookingStatus.CONFIRMED)
_MOVED = 45
"""The number of the booking that was moved; its successor stands a day later."""


@dataclass(slots=True)
class RoomBookings:
    """One run: puts in what is missing."""

    session: Session
    today: date
    count: int = 0

    def add_all(self) -> int:
        """Put in the bookings; gives how many. They are the same on every run for the same day."""
        keys = [stable_key("room_booking", str(number), number) for number in range(HOW_MANY)]
        stored = set(self.session.scalars(select(Booking.id).where(Booking.id.in_(keys))))
        rooms = self._rooms()
        for number, key in enumerate(keys):
            if key not in stored and rooms:
                self._add(Random(f"festoon room {number}"), number, key, rooms)
        self.session.flush()
        return self.count

    def _rooms(self) -> list[UUID]:
        slugs = [room["slug"] for venue in content("venues")["venues"] for room in venue["rooms"]]
        stored = self.session.execute(select(Room.slug, Room.id).where(Room.slug.in_(slugs)))
        found: dict[str, UUID] = dict(stored.all())
        return [found[slug] for slug in slugs if slug in found]

    def _add(self, dice: Random, number: int, key: UUID, rooms: list[UUID]) -> None:
        offset = round(-DAYS + 2 * DAYS * number / (HOW_MANY - 1)) or 1
        found = self._free(dice, rooms, self.today + timedelta(days=offset))
        if found is None:
            return
        calendar, wish = found
        way = _way(dice, offset < 0)
        facts = client_facts(dice) | {"guests": dice.randint(8, calendar.rules.capacity)}
        booking, claim = self.book(key, calendar, wish, facts, way[0] if way else BookingStatus.PENDING)
        asked_on = min(booking.event_on, self.today) - timedelta(days=dice.randint(12, 40))
        booking.steps = _steps(dice, asked_on, booking, way, self.today)
        booking.created_at = booking.steps[0].at
        if way and way[-1] not in _LIVE:
            follow(self.session, booking, way[-1])
            booking.status = way[-1].value
        if number == _MOVED:
            self._move(dice, booking, claim, facts)

    def _free(self, dice: Random, rooms: Collection[UUID], day: date) -> tuple[Calendar, Period] | None:
        """Find a room that is free for a while on the day, beginning with any of them."""
        long_before = datetime.combine(self.today, time(9), UTC) - _LONG_BEFORE
        for room in dice.sample(sorted(rooms), len(rooms)):
            calendar = queries.calendar_of(self.session.connection(), room, day, day, long_before)
            minutes = dice.choice(LENGTHS)
            if calendar is None:
                continue
            zone = ZoneInfo(calendar.rules.zone)
            slots = [slot.period for slot in calendar.slots(minutes, long_before)]
            by_day = [one for one in slots if one.starts_at.astimezone(zone).hour in _BY_DAY]
            if by_day:
                return calendar, dice.choice(by_day)
        return None

    def book(
        self,
        key: UUID,
        calendar: Calendar,
        wish: Period,
        facts: dict[str, Any],
        status: BookingStatus,
        instead_of: Claim | None = None,
    ) -> tuple[Booking, Claim]:
        """Store a booking and keep its time, without news of it; the promised price is its total."""
        rules = calendar.rules
        booking = Booking(
            id=key,
            status=(status if status in _LIVE else BookingStatus.PENDING).value,
            event_on=wish.starts_at.astimezone(ZoneInfo(rules.zone)).date(),
            place=f"{rules.name}, {rules.venue_name}, {rules.address}",
            room_id=rules.id,
            starts_at=wish.starts_at,
            ends_at=wish.ends_at,
            currency=rules.currency,
            time_zone=rules.zone,
            steps=[],
            **facts,
        )
        self.session.add(booking)
        self.session.flush()
        claim = claim_for(self.session, booking, rules.id, wish, overruled=OVERRULABLE, instead_of=instead_of)
        booking.total_minor = claim.promise["quote"]["total_minor"]
        self.count += 1
        return booking, claim

    def _move(self, dice: Random, booking: Booking, claim: Claim, facts: dict[str, Any]) -> None:
        """Give a booking a successor on another day."""
        found = self._free(dice, [claim.room_id], booking.event_on + timedelta(days=1))
        if found is None or BookingStatus(booking.status) not in _LIVE:
            return
        before, at = booking.status, booking.steps[-1].at + timedelta(hours=5)
        booking.status = BookingStatus.MOVED.value
        booking.steps.append(_step(before, BookingStatus.MOVED, at, "", len(booking.steps)))
        key = stable_key("room_booking", f"{_MOVED} moved", HOW_MANY)
        after, _made = self.book(key, *found, facts, BookingStatus.CONFIRMED, claim)
        after.follows_id = booking.id
        after.steps = [
            _step(None, BookingStatus.PENDING, at, "", 0),
            _step("pending", BookingStatus.CONFIRMED, at, "", 1),
        ]
        after.created_at = at


def _way(dice: Random, is_past: bool) -> tuple[BookingStatus, ...]:
    """Choose the statuses after pending."""
    luck = dice.random()
    if is_past:
        if luck < 0.8:
            return BookingStatus.CONFIRMED, BookingStatus.COMPLETED
        return (BookingStatus.CONFIRMED, BookingStatus.NO_SHOW if luck < 0.88 else BookingStatus.CANCELLED)
    if luck < 0.1:
        return (BookingStatus.REJECTED if luck < 0.05 else BookingStatus.CANCELLED,)
    return () if luck < 0.4 else (BookingStatus.CONFIRMED,)


def _steps(
    dice: Random, asked_on: date, booking: Booking, way: tuple[BookingStatus, ...], today: date
) -> list[BookingStep]:
    at = datetime.combine(asked_on, time(dice.randint(8, 19), dice.randrange(60)), UTC)
    steps = [_step(None, BookingStatus.PENDING, at, "", 0)]
    for status in way:
        before = steps[-1]
        at = before.at + timedelta(days=dice.randint(1, 4), minutes=dice.randrange(90))
        if status in (BookingStatus.COMPLETED, BookingStatus.NO_SHOW):
            at = datetime.combine(min(booking.event_on, today), time(23, dice.randrange(60)), UTC)
        reason = dice.choice(content("bookings")["reasons"].get(status.value, [""]))
        steps.append(_step(before.to_status, status, at, reason, len(steps)))
    return steps


def _step(before: str | None, after: BookingStatus, at: datetime, reason: str, position: int) -> BookingStep:
    return BookingStep(
        from_status=before,
        to_status=after.value,
        at=at,
        reason=reason,
        actor_label="Demo data",
        position=position,
    )
