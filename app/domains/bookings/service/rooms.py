"""Booking a time in a room, alone or with a package: by staff, by a client with a hold, for a series, from a file."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domains.bookings.errors import HoldEnded, NoSuchRoom, TimeRefused
from app.domains.bookings.events import BookingReceived
from app.domains.bookings.models import Booking, BookingStatus, Claim
from app.domains.bookings.queries import Rule
from app.domains.bookings.service.claiming import claim_for, take_up
from app.domains.bookings.service.overruling import noted
from app.domains.bookings.service.steps import become
from app.domains.bookings.service.telling import tell
from app.domains.catalog import queries as catalog
from app.domains.venues import queries as venues
from app.kernel.errors import Invalid
from app.kernel.values import Period

NONE: frozenset[Rule] = frozenset()


def book_room(
    session: Session,
    facts: Mapping[str, Any],
    room_id: UUID,
    wish: Period,
    *,
    claim_id: UUID | None = None,
    overruled: Collection[Rule] = NONE,
    reason: str = "",
) -> Booking:
    """Book a time in a room, by the hold `claim_id` where there is one; gives the booking, flushed.

    `facts` are the client's, by the columns of Booking, with `package_id` where a package is booked with it. It
    waits for staff, or for its money; what costs nothing and needs no asking is confirmed at once. `overruled`
    are rules that staff set aside (OVERRULABLE), for a reason that its first step keeps. Raises Invalid, NoSuchRoom,
    TimeRefused, RoomTaken, HoldEnded.
    """
    note = noted(overruled, reason)
    booking = Booking(**{"cancel_days": None} | dict(facts))
    booking.steps[0].reason = note
    venues.lock_rooms(session.connection(), [room_id])  # before its claims, as on every path
    rules = place_at(session, booking, room_id, wish)
    if booking.package_id is None:
        booking.currency = rules.currency
    session.add(booking)
    session.flush()
    if claim_id is None:
        claim = claim_for(session, booking, room_id, wish, overruled=overruled)
    else:
        claim = take_up(session, claim_id, booking)
        if (claim.room_id, claim.starts_at, claim.ends_at) != (room_id, wish.starts_at, wish.ends_at):
            raise HoldEnded
    _price(session, booking, claim)
    tell(BookingReceived(booking.id))
    if booking.total_minor == 0 and claim.blocks and not claim.promise.get("by_request"):
        _confirm_at_once(session, booking)
    session.flush()
    return booking


def _confirm_at_once(session: Session, booking: Booking) -> None:
    """Confirm what costs nothing; where a closure came over what was held it waits for staff."""
    try:
        with session.begin_nested():
            become(booking, BookingStatus.CONFIRMED, "")
            session.flush()
    except TimeRefused:
        session.refresh(booking)


def keep_time(session: Session, booking: Booking) -> None:
    """Keep the time of a booking that was written by a form, a table, a file or the API (rule 3).

    The guard of the content type: raises what `claim_for` raises, and Invalid where there are too many guests.
    """
    if booking.room_id is None or booking.starts_at is None or booking.ends_at is None:
        return
    if session.scalar(select(Claim.id).where(Claim.booking_id == booking.id)) is not None:
        return
    wish = Period(booking.starts_at, booking.ends_at)
    rules = place_at(session, booking, booking.room_id, wish)
    if booking.package_id is None:
        booking.currency = rules.currency
    claim = claim_for(session, booking, booking.room_id, wish)
    if booking.total_minor is None:
        _price(session, booking, claim)
    session.flush()


def place_at(session: Session, booking: Booking, room_id: UUID, wish: Period) -> venues.RoomRules:
    """Give a booking the room, the time, the day on which it starts there, and the place in words; gives the rules.

    Raises NoSuchRoom, and Invalid where there are more guests than the room holds.
    """
    rules = next(iter(venues.room_rules(session.connection(), [room_id], wish)), None)
    if rules is None:
        raise NoSuchRoom
    if sentence := too_many(booking.guests, rules):
        raise Invalid({"guests": [sentence]})
    booking.room_id, booking.starts_at, booking.ends_at = room_id, wish.starts_at, wish.ends_at
    booking.event_on = wish.starts_at.astimezone(ZoneInfo(rules.zone)).date()
    booking.place = ", ".join(part for part in (rules.name, rules.venue_name, rules.address) if part)[:300]
    return rules


def too_many(guests: int | None, rules: venues.RoomRules) -> Any:
    """Say that a room holds fewer than there are guests; nothing where it holds them."""
    is_over = guests is not None and guests > rules.capacity
    return _l("This room holds %(most)s guests at most.", most=rules.capacity) if is_over else ""


def _price(session: Session, booking: Booking, claim: Claim) -> None:
    """Set the total: the promised price of the time, and that of the package. Sums never mix currencies (rule 16).

    A room without prices leaves it open, also with a package: staff say what the room costs.
    """
    quote, currency = claim.promise["quote"], claim.promise["currency"]
    total = quote["total_minor"] if quote else None
    package = catalog.price_of(session.connection(), booking.package_id) if booking.package_id else None
    if package is not None:
        if total is not None and package.currency != currency:
            raise Invalid(
                {"package_id": [_l("The package and the room are priced in different currencies.")]}
            )
        currency = package.currency
        total = None if total is None else total + package.minor
    booking.total_minor, booking.currency = total, currency
