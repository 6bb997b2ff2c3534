"""What the public side of rooms takes and gives."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import Schema, ValidationError, fields, validates_schema

from app.domains.bookings.api.schemas import (
    EVENT_TYPE_NAMES,
    MOST_GUESTS,
    BookedRoom,
    ClientWords,
    Language,
    PromisedPolicy,
    WrittenMoney,
)
from app.domains.bookings.api.times import MOST_MINUTES, VENUE, WRITTEN
from app.domains.bookings.queries import Rule
from app.kernel.zones import is_zone
from app.resources import Kind
from app.surfaces.contract import Strict
from app.surfaces.contract.schemas import asked_whole, choice, long_text, text, value, whole

MOST_DAYS = 31
_RULES = [rule.value for rule in Rule]
_ZONE = _l("Give a time zone such as Europe/Berlin, or “venue”.")


def _time(**more: Any) -> Any:
    about = "An instant with its offset, or a time of the venue's clocks with `zone=venue`."
    return text(40, required=True, metadata={"pattern": WRITTEN, "description": about}, **more)


def _clocks() -> Any:
    about = "`venue` when the times have no offset and are those of the venue's clocks."
    return choice([VENUE], allow_none=True, metadata={"description": about})


class FreeTimesAsked(Language):
    """Which free times: of which days, how long, for how many, told in which zone."""

    first = value(
        Kind.DATE,
        data_key="from",
        metadata={"description": "The first day in the zone asked for; today when left out."},
    )
    days = asked_whole(1, MOST_DAYS, load_default=7)
    minutes = asked_whole(5, MOST_MINUTES)
    guests = asked_whole(1, MOST_GUESTS)
    zone = text(64, metadata={"description": "`venue`, or the visitor's zone such as Asia/Kolkata."})

    @validates_schema
    def check(self, given: dict[str, Any], **_more: Any) -> None:
        """Refuse a zone that there is not."""
        zone = given.get("zone")
        if zone and zone != VENUE and not is_zone(zone):
            raise ValidationError({"zone": [_ZONE]})


class TimeAsked(Language):
    """A time in a room, in an address."""

    starts_at = _time()
    ends_at = _time()
    zone = _clocks()
    guests = asked_whole(1, MOST_GUESTS)


class HoldWish(Strict):
    """A time in a room that is to be kept for half an hour."""

    room = text(
        200, required=True, metadata={"description": "The key of a room, or its slug in any language."}
    )
    starts_at = _time()
    ends_at = _time()
    zone = _clocks()
    guests = whole(1, MOST_GUESTS, allow_none=True)


class RoomBookingWish(ClientWords):
    """Who books what is held, and for what; who they are may be left out by a member."""

    event_type = choice(EVENT_TYPE_NAMES, required=True)
    package = text(
        200, allow_none=True, metadata={"description": "A package to be booked with it, by key or slug."}
    )
    guests = whole(1, MOST_GUESTS, allow_none=True)
    message = long_text(4_000, allow_none=True)


class FreeTime(Schema):
    """A time that can be booked; `text` tells it by the clocks of the zone that was asked for."""

    starts_at = fields.DateTime(required=True)
    ends_at = fields.DateTime(required=True)
    text = fields.String(required=True)
    by_request = fields.Boolean(required=True)


class FreeDay(Schema):
    """A day of the zone that was asked for, and the times that begin on it."""

    date = fields.Date(required=True)
    text = fields.String(required=True)
    slots = fields.List(fields.Nested(FreeTime), required=True)


class NamedVenue(Schema):
    """A venue in the reader's language."""

    id = fields.UUID(required=True)
    slug = fields.String(required=True)
    name = fields.String(required=True)


class FreeRoom(Schema):
    """A room with what is free in it; every time of it costs `price`, which is null where the room has no price."""

    id = fields.UUID(required=True)
    slug = fields.String(required=True)
    name = fields.String(required=True)
    capacity = fields.Integer(required=True)
    fits = fields.Boolean(required=True)
    minutes = fields.Integer(required=True)
    price = fields.Nested(WrittenMoney, required=True, allow_none=True)
    days = fields.List(fields.Nested(FreeDay), required=True)


class FreeTimes(Schema):
    """What is free, from a day to a day of a zone."""

    venue = fields.Nested(NamedVenue, required=True)
    zone = fields.String(required=True)
    venue_zone = fields.String(required=True)
    first = fields.Date(required=True, data_key="from")
    until = fields.Date(required=True)
    rooms = fields.List(fields.Nested(FreeRoom), required=True)


class FreeTimesAnswer(Schema):
    """Free times."""

    data = fields.Nested(FreeTimes, required=True)


class RoomQuoteLine(Schema):
    """So many times a price for so many minutes."""

    minutes = fields.Integer(required=True)
    times = fields.Integer(required=True)
    price = fields.Nested(WrittenMoney, required=True)
    total = fields.Nested(WrittenMoney, required=True)
    text = fields.String(required=True)


class RoomQuote(Schema):
    """What a time costs, line by line, and what is paid back to who cancels; no total where there is no price."""

    room = fields.Nested(BookedRoom, required=True)
    starts_at = fields.DateTime(required=True)
    ends_at = fields.DateTime(required=True)
    time_text = fields.String(required=True)
    minutes = fields.Integer(required=True)
    lines = fields.List(fields.Nested(RoomQuoteLine), required=True)
    total = fields.Nested(WrittenMoney, required=True, allow_none=True)
    note = fields.String(
        required=True,
        metadata={
            "description": "Why more is paid than is booked, where the prices fit no better; else empty."
        },
    )
    policy = fields.Nested(PromisedPolicy, required=True)


class RoomQuoteAnswer(Schema):
    """A quote."""

    data = fields.Nested(RoomQuote, required=True)


class RuleTold(Schema):
    """What one rule says of a time."""

    rule = fields.String(required=True, metadata={"enum": _RULES})
    is_kept = fields.Boolean(required=True)
    sentence = fields.String(required=True)


class Alternative(Schema):
    """Another time, or another room, that is free."""

    room = fields.Nested(BookedRoom, required=True)
    starts_at = fields.DateTime(required=True)
    ends_at = fields.DateTime(required=True)
    time_text = fields.String(required=True)
    by_request = fields.Boolean(required=True)
    price = fields.Nested(WrittenMoney, required=True, allow_none=True)


class TimeExplained(Schema):
    """Why a time is free or is not, and what is free near it."""

    room = fields.Nested(BookedRoom, required=True)
    starts_at = fields.DateTime(required=True)
    ends_at = fields.DateTime(required=True)
    time_text = fields.String(required=True)
    is_free = fields.Boolean(required=True)
    by_request = fields.Boolean(required=True)
    rules = fields.List(fields.Nested(RuleTold), required=True)
    alternatives = fields.List(fields.Nested(Alternative), required=True)


class ExplanationAnswer(Schema):
    """An explanation."""

    data = fields.Nested(TimeExplained, required=True)


class HeldTime(RoomQuote):
    """A time that is kept for whoever has the token, until it expires."""

    id = fields.UUID(required=True)
    token = fields.String(required=True)
    expires_at = fields.DateTime(required=True)
    seconds_left = fields.Integer(required=True)
    guests = fields.Integer(required=True, allow_none=True)


class HoldAnswer(Schema):
    """A hold."""

    data = fields.Nested(HeldTime, required=True)
