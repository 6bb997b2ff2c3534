"""Holding a time in a room, and booking what is held: by a member, or by whoever has the hold's token (rule 6)."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.access.limits import spend, spend_lightly, visitor
from app.domains.bookings import queries, service
from app.domains.bookings.api import room_examples, room_schemas, room_wording, schemas, wording
from app.domains.bookings.api.asking import SECRET, chain_of, locale_of, of_member, offered_room
from app.domains.bookings.api.availability import api
from app.domains.bookings.api.operations import BOOKINGS, FEW, refund_preview, with_links
from app.domains.bookings.api.times import by_field, read_period
from app.domains.bookings.errors import (
    HoldEnded,
    NoSuchBooking,
    NoSuchHold,
    RoomTaken,
    TimeRefused,
    TooManyHolds,
)
from app.domains.bookings.models import Claim
from app.domains.bookings.queries.tokens import read_token, write_token
from app.domains.catalog import queries as catalog
from app.kernel import clock
from app.kernel.db import db, unit_of_work
from app.kernel.errors import Invalid
from app.kernel.ids import parse_id
from app.kernel.signing import sign
from app.kernel.values import Period
from app.surfaces.contract import Answer, Auth
from app.surfaces.records.news import tell_outside
from app.surfaces.records.wording import reader

FEW_HOLDS, HOLDS = 10, "30 per minute"
"""Holds from one address: so many a minute that one process counts by itself, so many more over all."""
LOOKS = "120 per minute"
"""Looks at holds from one address, by right and wrong tokens."""
_PURPOSE, _SERIAL = "room-hold", 1


def _with_token(payload: Any) -> Any:
    data = payload["data"]
    key = parse_id(data["id"])
    return {**payload, "data": {**data, "token": write_token(_PURPOSE, key, _SERIAL) if key else ""}}


@api.operation(
    "POST",
    "/holds",
    "Hold a time in a room",
    takes=room_schemas.HoldWish,
    query=schemas.Language,
    gives={201: room_schemas.HoldAnswer},
    example_answer=room_examples.HOLD_ANSWER,
    refuses=(404, TimeRefused, RoomTaken, TooManyHolds, "too_many_requests"),
    auth=Auth.OPTIONAL,
    idempotent=True,
    finish=_with_token,
    example=room_examples.HOLD_WISH,
    description="Keeps a time for half an hour, for the member or for whoever has the token; three at once. The "
    "price and what is paid back to who cancels are promised with it. Times are instants with an offset, or "
    "without one those of the venue's clocks with `zone` `venue`.",
)
def hold(body: dict[str, Any], query: dict[str, Any], member: Any) -> Answer:
    """Keep a time."""
    spend_lightly("hold", FEW_HOLDS, HOLDS)
    locale = locale_of(query, member)
    with unit_of_work() as session:
        offer, room = offered_room(session.connection(), body["room"], locale)
        wish = read_period(body, offer.venue.zone, by_field)
        guests = body.get("guests")
        if guests and guests > room.capacity:
            raise Invalid({"guests": [_("This room holds %(most)s guests at most.", most=room.capacity)]})
        try:
            claim = service.hold_for(session, room.id, wish, _holder(member), member and member.id, guests)
        except TimeRefused as refusal:
            room_wording.word_refusal(refusal, session.connection(), room.id, wish, reader())
            raise
    told = _told(claim, room_wording.room_told(offer, room))
    return Answer({"data": told}, 201, {"Content-Language": locale})


@api.operation(
    "GET",
    "/holds/<token>",
    "Show a hold and how long it lasts",
    query=schemas.Language,
    gives={200: room_schemas.HoldAnswer},
    example_answer=room_examples.HOLD_ANSWER,
    refuses=(HoldEnded, "too_many_requests"),
    auth=Auth.OPTIONAL,
    finish=_with_token,
    description="After thirty minutes, and once it is released or booked, it is a 410.",
)
def show_hold(token: str, query: dict[str, Any], member: Any) -> Answer:
    """Show what is held."""
    spend("hold-token", LOOKS)
    locale = locale_of(query, member)
    claim = _live(db.session(), token, member)
    offer, room = offered_room(db.session.connection(), str(claim.room_id), locale)
    told = _told(claim, room_wording.room_told(offer, room))
    return Answer({"data": told}, headers=SECRET | {"Content-Language": locale})


@api.operation(
    "DELETE",
    "/holds/<token>",
    "Let a held time go",
    query=schemas.Language,
    gives={204: None},
    refuses=(HoldEnded, "too_many_requests"),
    auth=Auth.OPTIONAL,
)
def release_hold(token: str, query: dict[str, Any], member: Any) -> Answer:
    """Give a time free."""
    locale = locale_of(query, member)
    spend("hold-token", LOOKS)
    with unit_of_work() as session:
        service.release(session, _live(session, token, member).id)
    return Answer(status=204, headers={"Content-Language": locale})


@api.operation(
    "POST",
    "/holds/<token>/booking",
    "Book the time that is held",
    takes=room_schemas.RoomBookingWish,
    query=schemas.Language,
    gives={201: schemas.BookingAnswer},
    example_answer=room_examples.BOOKING_ANSWER,
    refuses=(HoldEnded, "too_many_requests"),
    auth=Auth.OPTIONAL,
    idempotent=True,
    finish=with_links,
    example=room_examples.BOOKING_WISH,
    description="The price is the one that was promised with the hold, and that of the package where one is named. "
    "A hold that ended is a 410: choose the time again. Send an `Idempotency-Key`, and send it again unchanged "
    "when no answer came.",
)
def book_hold(token: str, body: dict[str, Any], query: dict[str, Any], member: Any) -> Answer:
    """Make a booking of a hold."""
    spend_lightly("booking", FEW, BOOKINGS)
    locale = locale_of(query, member)
    with unit_of_work() as session:
        claim = _live(session, token, member)
        wish = Period(claim.starts_at, claim.ends_at)
        facts = _client_facts(session, claim, body, member) | {"locale": locale}
        booking = service.book_room(session, facts, claim.room_id, wish, claim_id=claim.id)
        tell_outside("booking", [booking.id])
        found = queries.booking(booking.id, chain_of(locale), connection=session.connection())
        if found is None:
            raise NoSuchBooking
        told = wording.told(found, refund_preview(found))
    return Answer({"data": told}, 201, {"Content-Language": locale})


def _client_facts(session: Session, claim: Claim, body: dict[str, Any], member: Any) -> dict[str, Any]:
    """Gather the columns of a booking that the client fills."""
    facts = {name: value for name, value in body.items() if value is not None}
    if package := facts.pop("package", None):
        facts["package_id"] = catalog.offered_package(session.connection(), package)
        if facts["package_id"] is None:
            raise Invalid({"package": [_("This package is not offered; choose another.")]})
    standing = {"message": "", "time_zone": "", "guests": claim.promise.get("guests")}
    return standing | of_member(member) | facts


def _live(session: Session, token: str, member: Any) -> Claim:
    """Find the hold of a token. Raises NoSuchHold, and HoldEnded where it keeps nothing any more."""
    found = read_token(_PURPOSE, token)
    claim = service.held(session, found[0], member and member.id) if found else None
    if claim is None:
        raise NoSuchHold
    if not service.is_live(claim):
        raise HoldEnded
    return claim


def _told(claim: Claim, room: dict[str, Any]) -> dict[str, Any]:
    """Tell a hold, without the token, which is kept nowhere."""
    left = (claim.expires_at - clock.now()).total_seconds() if claim.expires_at else 0
    return {
        "id": claim.id,
        "room": room,
        **room_wording.quote_told(claim.promise, Period(claim.starts_at, claim.ends_at), reader()),
        "guests": claim.promise.get("guests"),
        "expires_at": claim.expires_at,
        "seconds_left": max(0, int(left)),
    }


def _holder(member: Any) -> str:
    """Name whose holds are counted together: a member's, or all of an address, which is not to be read from it."""
    return sign("hold-holder", f"member:{member.id}".encode() if member else visitor().encode()).hex()[:32]
