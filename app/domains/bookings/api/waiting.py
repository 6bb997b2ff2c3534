"""The routes of the waiting list: to join it, to see one's place, to answer an offer, to leave (rule 21)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.access.limits import spend, spend_lightly
from app.domains.bookings import queries, service
from app.domains.bookings.api import examples, room_examples, room_wording, schemas, waiting_schemas
from app.domains.bookings.api import waiting_wording as wording
from app.domains.bookings.api.asking import SECRET, chain_of, locale_of, of_member, offered_room
from app.domains.bookings.api.times import by_field, read_period
from app.domains.bookings.errors import (
    AlreadyWaiting,
    NoSuchWaiting,
    OfferEnded,
    TimeIsFree,
    TimeRefused,
    TooManyWaits,
    TransitionRefused,
)
from app.domains.bookings.models import Waiting
from app.kernel.db import unit_of_work
from app.kernel.ids import parse_id
from app.surfaces.contract import Answer, Auth, PublicApi
from app.surfaces.records.news import tell_outside
from app.surfaces.records.wording import reader

FEW, JOINS = 5, "15 per minute"
"""Joins from one address: so many a minute that one process counts by itself, so many more over all."""
A_DAY = "20 per day"
"""Joins from one address in a day: each may keep a time for hours once it is free."""
LOOKS = "60 per minute"
"""Looks through clients' links from one address, right and wrong ones."""

_ROOM = {name: room_examples.ROOM[name] for name in ("id", "name", "venue", "zone")}
_EXAMPLE: dict[str, Any] = {
    "id": room_examples.ROOM["id"],
    "status": "waiting",
    "status_label": "Waiting",
    "created_at": "2026-11-21T09:30:00Z",
    "room": _ROOM,
    **{name: room_examples.QUOTE[name] for name in ("starts_at", "ends_at", "time_text")},
    "guests": 40,
    **{name: examples.WISH[name] for name in ("client_name", "client_email", "client_phone", "event_type")},
    "place": 2,
    "offer": None,
    "next": [
        "You are number 2 in line.",
        "As soon as it is your turn we hold the time for you and write to amal@example.com.",
    ],
    "booking": None,
    "links": {
        name: url.replace("bookings/status", "waiting").replace("/booking/", "/waiting/")
        for name, url in examples.BOOKING["links"].items()
    },
}
ANSWER = {"data": _EXAMPLE}
TAKEN = {
    "data": _EXAMPLE
    | {
        "status": "accepted",
        "status_label": "Accepted",
        "place": None,
        "next": ["You took the time. We look forward to it."],
        "booking": examples.BOOKING["links"],
    }
}
HEARD = {
    "data": {
        **{name: _EXAMPLE[name] for name in ("room", "starts_at", "ends_at", "time_text", "guests")},
        **{name: _EXAMPLE[name] for name in ("client_name", "client_email", "client_phone", "event_type")},
        "next": [
            "We write to amal@example.com where you stand in line.",
            "By the link in that mail you answer an offer, or leave the list.",
        ],
    }
}
WISH = {
    "room": "blue-hall",
    "starts_at": "2027-05-22T18:00+02:00",
    "ends_at": "2027-05-22T22:00+02:00",
    "guests": 40,
    "client_name": "Amal Haddad",
    "client_email": "amal@example.com",
    "event_type": "wedding",
    "time_zone": "Europe/Berlin",
}

api = PublicApi("waiting", tag="Waiting list")


def _with_links(payload: Any) -> Any:
    """Add the links, which are kept nowhere, to a place that is told; a wish that was heard has none."""
    data = payload["data"]
    return (
        {**payload, "data": {**data, "links": wording.links(parse_id(data["id"]))}}
        if "id" in data
        else payload
    )


@api.operation(
    "POST",
    "/waiting",
    "Wait for a time in a room that others have",
    takes=waiting_schemas.WaitingWish,
    query=schemas.Language,
    gives={202: waiting_schemas.WaitingHeardAnswer, 201: waiting_schemas.WaitingAnswer},
    example_answer=HEARD,
    refuses=(404, TimeIsFree, TimeRefused, AlreadyWaiting, TooManyWaits, "too_many_requests"),
    auth=Auth.OPTIONAL,
    idempotent=True,
    finish=_with_links,
    example=WISH,
    description="Takes a visitor or a member onto the list. When the time becomes free it is held for those who wait, "
    "in the order in which they came, and a mail tells them until when they may take it. A time that is free is "
    "refused: book it. A member with their own confirmed address is answered 201 with their place and its links, or "
    "hears `already_waiting`. Everybody else is answered 202, the same whether the address waits already or not: "
    "nothing is added twice, and a mail to the address says where it stands, with the link. Show `next`, which says "
    "so. Times are instants with an offset, or without one those of the venue's clocks with `zone` `venue`. Send an "
    "`Idempotency-Key` made anew for each wish, and send it again unchanged when no answer came.",
)
def join_waiting(body: dict[str, Any], query: dict[str, Any], member: Any) -> Answer:
    """Put a client on the list."""
    spend_lightly("waiting", FEW, JOINS)
    spend("waiting-day", A_DAY)
    locale = locale_of(query, member)
    said = {name: value for name, value in body.items() if value is not None}
    with unit_of_work() as session:
        offer, room = offered_room(session.connection(), said.pop("room"), locale)
        wish = read_period(said, offer.venue.zone, by_field)
        for name in ("starts_at", "ends_at", "zone"):
            said.pop(name, None)
        facts = {"event_type": "other", "time_zone": ""} | of_member(member) | said | {"locale": locale}
        is_own = _is_own_address(member, facts["client_email"])
        try:
            key = (
                service.join(session, facts, room.id, wish).id
                if is_own
                else service.ask(session, facts, room.id, wish)
            )
        except TimeRefused as refusal:
            room_wording.word_refusal(refusal, session.connection(), room.id, wish, reader())
            raise
        tell_outside("waiting", [key])
        if not is_own:
            return Answer({"data": wording.heard(facts, offer, wish)}, 202, {"Content-Language": locale})
        found = queries.waiting(key, chain_of(locale), session.connection())
        if found is None:
            raise NoSuchWaiting
        told = wording.told(found)
    return Answer({"data": told}, 201, {"Content-Language": locale})


def _is_own_address(member: Any, address: str) -> bool:
    """Tell whether who asks is known to read the mail of an address: only to them is told who waits by it."""
    return member is not None and member.is_verified and member.email.lower() == address.lower()


@api.operation(
    "GET",
    "/waiting/<token>",
    "Show a place on the waiting list to whoever has its link",
    query=schemas.Language,
    gives={200: waiting_schemas.WaitingAnswer},
    example_answer=ANSWER,
    refuses=("too_many_requests",),
    description="Its place in line, and the offer with its deadline once there is one. An offer whose time has passed "
    "is told as `lapsed`.",
)
def waiting_status(token: str, query: dict[str, Any]) -> Answer:
    """Show how it stands."""
    spend("waiting-link", LOOKS)
    return _shown(token, locale_of(query, None))


@api.operation(
    "POST",
    "/waiting/<token>/accept",
    "Take the time that is offered",
    takes=waiting_schemas.OfferTaking,
    query=schemas.Language,
    gives={200: waiting_schemas.WaitingAnswer},
    example_answer=TAKEN,
    refuses=(OfferEnded, "too_many_requests"),
    example={"guests": 42, "message": "Two of us need a ramp."},
    description="Makes a booking of what is held; its links are in the answer. Taking it twice gives the same booking. "
    "An offer that was not answered in time is a 410.",
)
def accept_offer(token: str, body: dict[str, Any], query: dict[str, Any]) -> Answer:
    """Book what is offered."""
    spend("waiting-link", LOOKS)
    take_offer(token, {name: value for name, value in body.items() if value is not None})
    return _shown(token, locale_of(query, None))


@api.operation(
    "POST",
    "/waiting/<token>/decline",
    "Decline the time that is offered",
    takes=waiting_schemas.OfferDeclining,
    query=schemas.Language,
    gives={200: waiting_schemas.WaitingAnswer},
    example_answer=ANSWER,
    refuses=(OfferEnded, TransitionRefused, "too_many_requests"),
    example={"reason": "We found another day."},
    description="The time is offered to the next in line.",
)
def decline_offer(token: str, body: dict[str, Any], query: dict[str, Any]) -> Answer:
    """Let the next have it."""
    spend("waiting-link", LOOKS)
    change_by_token(token, service.decline, body.get("reason") or "")
    return _shown(token, locale_of(query, None))


@api.operation(
    "DELETE",
    "/waiting/<token>",
    "Leave the waiting list",
    gives={204: None},
    refuses=(TransitionRefused, "too_many_requests"),
    description="What was offered goes to the next in line. Leaving twice is the same as once.",
)
def leave_waiting(token: str) -> Answer:
    """Take the client off the list."""
    spend("waiting-link", LOOKS)
    change_by_token(token, service.leave, "")
    return Answer(status=204)


def take_offer(token: str, facts: dict[str, Any]) -> None:
    """Book what a link's client is offered, in a transaction of its own. Raises NoSuchWaiting, OfferEnded, Invalid."""
    key = _key(token)
    with unit_of_work() as session:
        waiting = session.scalars(select(Waiting).where(Waiting.id == key)).one()
        booking = service.accept(waiting, facts)
        tell_outside("waiting", [key])
        tell_outside("booking", [booking.id])


def change_by_token(token: str, verb: Callable[[Waiting, str], None], reason: str) -> None:
    """Do a verb in the name of a link's client, in a transaction of its own."""
    key = _key(token)
    with unit_of_work() as session:
        verb(session.scalars(select(Waiting).where(Waiting.id == key)).one(), reason)
        tell_outside("waiting", [key])


def _key(token: str) -> UUID:
    found = queries.waiting_by_token(token)
    if found is None:
        raise NoSuchWaiting
    key: UUID = found["id"]
    return key


def _shown(token: str, locale: str) -> Answer:
    facts = queries.waiting_by_token(token, chain_of(locale))
    if facts is None:
        raise NoSuchWaiting
    return Answer({"data": wording.whole(facts)}, headers=SECRET | {"Content-Language": locale})
