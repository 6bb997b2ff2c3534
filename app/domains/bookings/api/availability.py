"""What is free in rooms, what it costs, and why a time is not free: for visitors, without names and reasons."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from app.access.limits import spend_lightly
from app.domains.bookings import queries, service
from app.domains.bookings.api import room_examples, room_schemas, room_wording
from app.domains.bookings.api.asking import kept_for, locale_of, offered_room, offered_venue
from app.domains.bookings.api.free_times import free_times
from app.domains.bookings.api.times import read_period
from app.domains.venues import queries as venues
from app.kernel import clock
from app.kernel.db import reading
from app.kernel.errors import BadParameter
from app.kernel.values import Period
from app.surfaces.contract import Answer, PublicApi
from app.surfaces.records import wording

FEW, LOOKS = 60, "240 per minute"
"""Questions from one address: so many a minute that one process counts by itself, so many more over all."""
FRESH = 5
"""Seconds for which a browser may show free times without asking again."""
NEAR_DAYS, NEAR = 7, 3
"""In so many days after a time alternatives are looked for; so many are told."""

api = PublicApi("rooms", tag="Rooms")


@api.operation(
    "GET",
    "/rooms/<room>/availability",
    "List the free times of a room",
    query=room_schemas.FreeTimesAsked,
    gives={200: room_schemas.FreeTimesAnswer, 304: None},
    example_answer=room_examples.FREE_TIMES,
    refuses=("too_many_requests",),
    description="The times of a length that can be booked now, by days of the zone asked for: the venue's, or the "
    "visitor's own. Without `minutes` it is the shortest that the room takes. What is listed can be held.",
)
def room_availability(room: str, query: dict[str, Any]) -> Any:
    """List what is free in one room."""
    spend_lightly("free-times", FEW, LOOKS)
    locale = locale_of(query, None)
    with reading() as connection:
        offer, _room = offered_room(connection, room, locale)
        return kept_for(FRESH, {"data": free_times(connection, offer, query)}, query, locale)


@api.operation(
    "GET",
    "/venues/<venue>/availability",
    "List the free times of all rooms of a venue",
    query=room_schemas.FreeTimesAsked,
    gives={200: room_schemas.FreeTimesAnswer, 304: None},
    example_answer=room_examples.FREE_TIMES,
    refuses=("too_many_requests",),
    description="As for one room. A room that is too small for `guests` has `fits` false and no times.",
)
def venue_availability(venue: str, query: dict[str, Any]) -> Any:
    """List what is free in a venue."""
    spend_lightly("free-times", FEW, LOOKS)
    locale = locale_of(query, None)
    with reading() as connection:
        offer = offered_venue(connection, venue, locale)
        return kept_for(FRESH, {"data": free_times(connection, offer, query)}, query, locale)


@api.operation(
    "GET",
    "/rooms/<room>/quote",
    "Tell what a time in a room costs",
    query=room_schemas.TimeAsked,
    gives={200: room_schemas.RoomQuoteAnswer},
    example_answer=room_examples.QUOTE_ANSWER,
    refuses=("too_many_requests",),
    description="Line by line, with the total and with what is paid back to who cancels until when.",
)
def room_quote(room: str, query: dict[str, Any]) -> Answer:
    """Tell the price of a time, whether it is free or not."""
    spend_lightly("free-times", FEW, LOOKS)
    locale = locale_of(query, None)
    with reading() as connection:
        offer, found = offered_room(connection, room, locale)
        wish = read_period(query, offer.venue.zone, BadParameter)
        rules = venues.room_rules(connection, [found.id], wish)[0]
    told = room_wording.quote_told(service.promise(rules, wish), wish, wording.reader())
    return _answer({"room": room_wording.room_told(offer, found), **told}, locale)


@api.operation(
    "GET",
    "/rooms/<room>/explanation",
    "Explain why a time in a room is free or is not",
    query=room_schemas.TimeAsked,
    gives={200: room_schemas.ExplanationAnswer},
    example_answer=room_examples.EXPLANATION,
    refuses=("too_many_requests",),
    description="Rule by rule, in words; with up to three free times near it: in the same room on that day or the "
    "next ones, or in another room of the venue at the same time.",
)
def room_explanation(room: str, query: dict[str, Any]) -> Answer:
    """Explain a time."""
    spend_lightly("free-times", FEW, LOOKS)
    locale, now = locale_of(query, None), clock.now()
    with reading() as connection:
        offer, found = offered_room(connection, room, locale)
        wish = read_period(query, offer.venue.zone, BadParameter)
        whole = offered_venue(connection, str(offer.venue.id), locale)
        first, last = room_wording.days_around(wish)
        last = min(last + timedelta(days=NEAR_DAYS), wish.starts_at.date() + timedelta(days=NEAR_DAYS))
        keys = [one.id for one in whole.rooms]
        found_ones = {one.rules.id: one for one in queries.calendars(connection, keys, first, last, now)}
    calendar = found_ones[found.id]
    findings = calendar.judge(wish, now)
    told = {
        "room": room_wording.room_told(offer, found),
        "starts_at": wish.starts_at,
        "ends_at": wish.ends_at,
        "time_text": room_wording.time_text(wish, offer.venue.zone, wording.reader()),
        "is_free": not queries.broken(findings),
        "by_request": calendar.needs_request(wish),
        "rules": room_wording.explained(calendar, findings, wording.reader()),
        "alternatives": _alternatives(whole, found_ones, found.id, wish, query.get("guests") or 1),
    }
    return _answer(told, locale)


def _alternatives(
    offer: venues.Offer, calendars: dict[Any, queries.Calendar], room: Any, wish: Period, guests: int
) -> list[dict[str, Any]]:
    """List the nearest free times of the room, and the first other room that is free then; three in all."""
    now, named = clock.now(), {one.id: one for one in offer.rooms}
    own = [slot for slot in calendars[room].slots(wish.minutes, now) if slot.period != wish]
    own.sort(key=lambda slot: abs(slot.period.starts_at - wish.starts_at))
    here = [(room, slot.period) for slot in own[:NEAR]] if named[room].capacity >= guests else []
    there = [
        (key, wish)
        for key, one in calendars.items()
        if key != room and named[key].capacity >= guests and one.is_free(wish, now)
    ]
    chosen = (here[: NEAR - 1] + there[:1] + here[NEAR - 1 :] + there[1:])[:NEAR]
    return [_alternative(offer, named[key], calendars[key], period) for key, period in chosen]


def _alternative(
    offer: venues.Offer, room: venues.OfferedRoom, calendar: queries.Calendar, period: Period
) -> dict[str, Any]:
    locale = wording.reader()
    price = room_wording.price_of(calendar.rules, period.minutes)
    return {
        "room": room_wording.room_told(offer, room),
        "starts_at": period.starts_at,
        "ends_at": period.ends_at,
        "time_text": room_wording.time_text(period, offer.venue.zone, locale),
        "by_request": calendar.needs_request(period),
        "price": room_wording.amount(price, locale),
    }


def _answer(told: dict[str, Any], locale: str) -> Answer:
    return Answer({"data": told}, headers={"Content-Language": locale, "Cache-Control": "private, no-cache"})
