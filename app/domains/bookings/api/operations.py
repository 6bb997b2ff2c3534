"""The routes of the public side of bookings."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from app.access.limits import spend, spend_lightly
from app.domains.bookings import queries, service
from app.domains.bookings.api import examples, schemas, wording
from app.domains.bookings.api.asking import SECRET, chain_of, locale_of, of_member
from app.domains.bookings.errors import NoSuchBooking, TooLateToCancel, TransitionRefused
from app.domains.bookings.models import Booking, BookingStatus
from app.kernel import clock
from app.kernel.db import db, one_statement, unit_of_work
from app.kernel.errors import BadParameter, Invalid
from app.kernel.ids import parse_id
from app.kernel.outbox import nudge
from app.surfaces.contract import Answer, Auth, PublicApi
from app.surfaces.records.news import tell_outside
from app.surfaces.records.query import read_cursor, write_cursor

FEW, BOOKINGS = 5, "15 per minute"
"""Bookings from one address: so many a minute that one process counts by itself, so many more over all."""
LOOKS = "60 per minute"
"""Looks through clients' links from one address, right and wrong ones."""

api = PublicApi("bookings", tag="Bookings")


def with_links(payload: Any) -> Any:
    """Add the links, which are kept nowhere."""
    data = payload["data"]
    return {**payload, "data": {**data, "links": wording.links(parse_id(data["id"]))}}


@api.operation(
    "POST",
    "/bookings",
    "Book a package",
    takes=schemas.BookingWish,
    query=schemas.Language,
    gives={201: schemas.BookingAnswer},
    example_answer=examples.ANSWER,
    refuses=("too_many_requests",),
    auth=Auth.OPTIONAL,
    idempotent=True,
    finish=with_links,
    example=examples.WISH,
    description=(
        "Takes a visitor's or a member's wish for a day; it waits until staff confirm it. The price is that of "
        "the package at this moment. Send an `Idempotency-Key` made anew for each wish, and send it again "
        "unchanged when no answer came: the booking is made once. The answer holds what a confirmation page "
        "shows, and the links under which the client finds the booking again."
    ),
)
def book(body: dict[str, Any], query: dict[str, Any], member: Any) -> Answer:
    """Take a booking in."""
    spend_lightly("booking", FEW, BOOKINGS)
    locale = locale_of(query, member)
    wish = {name: value for name, value in body.items() if value is not None}
    wish = {"message": "", "time_zone": ""} | of_member(member) | wish | {"locale": locale}
    package = wish.pop("package")
    with one_statement() as connection:
        facts = service.receive(connection, wish, package, chain_of(locale))
    if facts is None:
        raise Invalid({"package": [_("This package is not offered; choose another.")]})
    nudge()
    tell_outside("booking", [facts["id"]])
    return Answer({"data": wording.told(facts)}, 201, {"Content-Language": locale})


@api.operation(
    "GET",
    "/bookings",
    "List the member's own bookings",
    query=schemas.OwnBookings,
    gives={200: schemas.OwnBookingsAnswer},
    example_answer=examples.ANSWERS,
    auth=Auth.MEMBER,
)
def own_bookings(query: dict[str, Any], member: Any) -> Answer:
    """List what the member booked, newest first."""
    locale, size = locale_of(query, member), _size(query.get("size", "25"))
    after = _after(query["after"]) if query.get("after") else None
    found = queries.bookings_of(member.id, size, after, chain_of(locale))
    page, more = found[:size], len(found) > size
    last = page[-1] if more else None
    cursor = write_cursor((last["created_at"], last["id"]), 0) if last else None
    total = len(page) if after is None and not more else queries.count_of(member.id)
    payload = {
        "data": [_whole(facts) for facts in page],
        "page": {"size": size, "next": cursor, "total": total, "total_is_estimate": False},
    }
    return Answer(payload, headers={"Content-Language": locale})


@api.operation(
    "GET",
    "/bookings/<uuid:key>",
    "Show one of the member's own bookings",
    query=schemas.Language,
    gives={200: schemas.BookingAnswer},
    example_answer=examples.ANSWER,
    auth=Auth.MEMBER,
)
def own_booking(key: UUID, query: dict[str, Any], member: Any) -> Answer:
    """Show a booking, or the one that took its place; another's looks as if there were none."""
    locale = locale_of(query, member)
    return _shown(queries.current_booking(key, chain_of(locale), member.id), locale)


@api.operation(
    "POST",
    "/bookings/<uuid:key>/cancel",
    "Cancel one of the member's own bookings",
    takes=schemas.BookingCancelling,
    query=schemas.Language,
    gives={200: schemas.BookingAnswer},
    example_answer=examples.ANSWER,
    refuses=(TooLateToCancel, TransitionRefused),
    auth=Auth.MEMBER,
    example={"reason": "We found another day."},
)
def cancel_own(key: UUID, body: dict[str, Any], query: dict[str, Any], member: Any) -> Answer:
    """Call a booking off."""
    found = queries.current_booking(key, (), member.id)
    if found is None:
        raise NoSuchBooking
    return _cancel(found["id"], body.get("reason") or "", locale_of(query, member))


@api.operation(
    "GET",
    "/bookings/status/<token>",
    "Show a booking to whoever has its link",
    query=schemas.Language,
    gives={200: schemas.BookingAnswer},
    example_answer=examples.ANSWER,
    refuses=("too_many_requests",),
    description="The token comes with the answer to a booking, and in its mails. It works until 180 days "
    "after the event, or until staff make a new one. Where a booking was moved, it leads to the one that took its "
    "place; `follows` is the number of the one before.",
)
def status(token: str, query: dict[str, Any]) -> Answer:
    """Show how a booking stands."""
    spend("booking-link", LOOKS)
    locale = locale_of(query, None)
    return _shown(queries.booking_by_token(token, chain_of(locale)), locale, SECRET)


@api.operation(
    "POST",
    "/bookings/status/<token>/cancel",
    "Cancel a booking through its link",
    takes=schemas.BookingCancelling,
    query=schemas.Language,
    gives={200: schemas.BookingAnswer},
    example_answer=examples.ANSWER,
    refuses=(TooLateToCancel, TransitionRefused, "too_many_requests"),
    example={"reason": "We found another day."},
)
def cancel_by_link(token: str, body: dict[str, Any], query: dict[str, Any]) -> Answer:
    """Call a booking off."""
    spend("booking-link", LOOKS)
    found = queries.booking_by_token(token)
    if found is None:
        raise NoSuchBooking
    return _cancel(found["id"], body.get("reason") or "", locale_of(query, None), SECRET)


def cancel_booking(key: UUID, reason: str) -> None:
    """Call a booking off in the client's name, in a transaction of its own."""
    with unit_of_work() as session:
        booking = session.scalar(select(Booking).where(Booking.id == key))
        if booking is None:
            raise NoSuchBooking
        service.cancel_for_client(booking, reason)
        session.flush()
        tell_outside("booking", [key])


def _cancel(key: UUID, reason: str, locale: str, headers: dict[str, str] | None = None) -> Answer:
    cancel_booking(key, reason)
    return _shown(queries.booking(key, chain_of(locale)), locale, headers)


def _shown(facts: queries.Facts | None, locale: str, headers: dict[str, str] | None = None) -> Answer:
    if facts is None:
        raise NoSuchBooking
    return Answer(
        {"data": _whole(facts, refund_preview(facts))}, headers={"Content-Language": locale} | (headers or {})
    )


def _whole(facts: queries.Facts, refund: dict[str, Any] | None = None) -> dict[str, Any]:
    return wording.told(facts, refund) | {"links": wording.links(facts["id"], facts["link_serial"])}


def refund_preview(facts: queries.Facts) -> dict[str, Any] | None:
    """Tell what is paid back to who cancels a time in a room now, by the function that pays back (rule 18)."""
    status = BookingStatus(facts["status"])
    period = wording.period_of(facts)
    if (
        period is None
        or BookingStatus.CANCELLED not in service.TRANSITIONS[status]
        or clock.now() >= period.starts_at
    ):
        return None
    session = db.session()
    booking = session.get_one(Booking, facts["id"])
    return wording.refund_told(
        service.refund_for(session, booking), service.till().captured(session, booking.id)
    )


def _size(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 3 and 1 <= int(text) <= 100):
        raise BadParameter("page[size]", _("page[size] is a whole number from 1 to %(limit)s.", limit=100))
    return int(text)


def _after(text: str) -> tuple[datetime, UUID]:
    moment, key = read_cursor(text, 2).values
    try:
        at, found = datetime.fromisoformat(str(moment)), parse_id(key)
        if at.tzinfo is None or found is None:
            raise ValueError(text)
    except ValueError as error:
        raise BadParameter("page[after]", _("Take page[after] from the answer before, unchanged.")) from error
    return at, found
