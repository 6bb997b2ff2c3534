"""Closing over bookings: what is to become of each, done together with the closure or not at all (rule 11)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.domains.bookings.models import Booking
from app.domains.bookings.service.moving import move
from app.domains.bookings.service.steps import call_off, cancel
from app.domains.venues import queries as venues
from app.kernel.errors import DomainError, Invalid
from app.kernel.values import Period


class Choice(StrEnum):
    """What is to become of a booking that a closure lies over."""

    LEAVE = "leave"
    MOVE = "move"
    CALL_OFF = "call_off"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class Decision:
    """What staff chose for one booking; where and when it is moved to."""

    booking_id: UUID
    choice: Choice
    room_id: UUID | None = None
    starts_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a booking, and the one that took its place where it was moved."""

    booking: Booking
    choice: Choice
    successor: Booking | None = None


def lock_closed(session: Session, closure: Any) -> None:
    """Have who books the rooms of a closure wait until it stands; the guard of the content type.

    Closures are read under the same lock by every path that books: a booking is there before it, or meets it.
    """
    venues.lock_rooms_of(session.connection(), closure.venue_id, closure.room_id)


def lock_venue(session: Session, venue_id: UUID) -> None:
    """Lock all rooms of a venue, in their order, before bookings are moved among them."""
    venues.lock_rooms_of(session.connection(), venue_id, None)


def settle(session: Session, closure: Any, decisions: Sequence[Decision]) -> list[Settled]:
    """Do what was decided, naming the closure in each step, by its key and in words; raises Invalid with every refusal.

    After a refusal the caller takes all of it back. The closure stands already: nothing is moved into it. Its venue's
    rooms are locked, and nothing is moved out of them: another room's lock would come out of order.
    """
    rooms = frozenset(venues.lock_rooms_of(session.connection(), closure.venue_id, None))
    done: list[Settled] = []
    refused: list[Any] = []
    reason = _("Closed: %(why)s", why=closure.reason)
    for decision in decisions:
        booking = session.get(Booking, decision.booking_id)
        if booking is None or decision.choice is Choice.LEAVE:
            continue
        try:
            with session.begin_nested():
                done.append(_do(booking, decision, reason, rooms))
                booking.steps[-1].closure_id = closure.id
        except DomainError as error:
            refused.append(_("%(name)s: %(refusal)s", name=booking.client_name, refusal=error.message))
    if refused:
        raise Invalid({"": refused})
    return done


def _do(booking: Booking, decision: Decision, reason: str, rooms: frozenset[UUID]) -> Settled:
    if decision.choice is Choice.MOVE:
        if (
            decision.room_id is None
            or decision.starts_at is None
            or not booking.starts_at
            or not booking.ends_at
        ):
            raise DomainError(_("Choose where to move it."))
        if decision.room_id not in rooms:
            raise DomainError(_("It can be moved to a room of this venue only."))
        ends_at = decision.starts_at + (booking.ends_at - booking.starts_at)
        after = move(booking, decision.room_id, Period(decision.starts_at, ends_at), reason)
        return Settled(booking, decision.choice, after)
    (call_off if decision.choice is Choice.CALL_OFF else cancel)(booking, reason)
    return Settled(booking, decision.choice)
