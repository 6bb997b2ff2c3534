"""What stands against moving a booking that is no rule of the room's: its guests, its money (rules 16 and 17)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domains.bookings.models import Booking, Claim
from app.domains.bookings.queries import Day
from app.domains.bookings.service.claiming import promise_on
from app.domains.bookings.service.moving import total_after
from app.domains.bookings.service.rooms import too_many
from app.domains.venues.queries import RoomRules
from app.kernel.errors import Invalid


def objections(
    session: Session, rules: RoomRules, days: Sequence[Day], standing: Sequence[Booking | None]
) -> dict[date, tuple[Any, ...]]:
    """Tell by day what stands against moving its booking into a room, in words: one statement for all of them.

    `standing` are the bookings of the days, in the same order. A day against which nothing stands is left out.
    """
    keys = [one.id for one in standing if one is not None]
    claims = {one.booking_id: one for one in session.scalars(select(Claim).where(Claim.booking_id.in_(keys)))}
    found = {}
    for day, booking in zip(days, standing, strict=True):
        if booking is not None and (words := _against(rules, day, booking, claims.get(booking.id))):
            found[day.falls_on] = words
    return found


def _against(rules: RoomRules, day: Day, booking: Booking, claim: Claim | None) -> tuple[Any, ...]:
    if sentence := too_many(booking.guests, rules):
        return (sentence,)
    if day.wish is None or claim is None:
        return ()
    try:
        total_after(booking, claim.promise, promise_on(rules, day.wish, claim))
    except Invalid as error:
        return tuple(text for texts in error.errors.values() for text in texts)
    return ()
