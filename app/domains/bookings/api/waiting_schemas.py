"""What the public side of the waiting list takes and gives."""

from __future__ import annotations

from marshmallow import Schema, fields

from app.domains.bookings.api.room_schemas import HoldWish
from app.domains.bookings.api.schemas import (
    EVENT_TYPE_NAMES,
    MOST_GUESTS,
    BookingLinks,
    ClientWords,
    WrittenMoney,
)
from app.domains.bookings.models import WaitingStatus
from app.resources import Kind
from app.surfaces.contract import Strict
from app.surfaces.contract.schemas import choice, long_text, value, whole

STATUSES = [status.value for status in WaitingStatus]


class WaitingWish(HoldWish, ClientWords):
    """A time in a room that others have, and who waits for it; a member may leave out who they are."""

    event_type = choice(EVENT_TYPE_NAMES, allow_none=True)


class OfferTaking(Strict):
    """What was not said when the client joined; left out, it stays."""

    client_phone = value(Kind.PHONE, most=40, allow_none=True)
    event_type = choice(EVENT_TYPE_NAMES, allow_none=True)
    guests = whole(1, MOST_GUESTS, allow_none=True)
    message = long_text(4_000, allow_none=True)


class OfferDeclining(Strict):
    """Why an offer is declined, for who wants to say."""

    reason = long_text(500, allow_none=True)


class WaitingRoom(Schema):
    """The room in the reader's language, its venue and the venue's zone."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    venue = fields.String(required=True)
    zone = fields.String(required=True)


class Offered(Schema):
    """A time that is held for the client: until when, and what it costs; no price where the room has none."""

    expires_at = fields.DateTime(required=True)
    expires_text = fields.String(required=True)
    seconds_left = fields.Integer(required=True)
    total = fields.Nested(WrittenMoney, required=True, allow_none=True)


class WaitingLinks(Schema):
    """Where the client finds their place again; whoever has such a link may answer an offer and leave."""

    status = fields.String(required=True, metadata={"format": "uri"})
    page = fields.String(required=True, metadata={"format": "uri"})


class ClientWaiting(Schema):
    """A place on a waiting list as its client sees it; `place` is the number in line while they wait."""

    id = fields.UUID(required=True)
    status = fields.String(required=True, metadata={"enum": STATUSES})
    status_label = fields.String(required=True)
    created_at = fields.DateTime(required=True)
    room = fields.Nested(WaitingRoom, required=True)
    starts_at = fields.DateTime(required=True)
    ends_at = fields.DateTime(required=True)
    time_text = fields.String(required=True)
    guests = fields.Integer(required=True, allow_none=True)
    client_name = fields.String(required=True)
    client_email = fields.String(required=True)
    client_phone = fields.String(required=True, allow_none=True)
    event_type = fields.String(required=True)
    place = fields.Integer(required=True, allow_none=True)
    offer = fields.Nested(Offered, required=True, allow_none=True)
    next = fields.List(fields.String(), required=True)
    booking = fields.Nested(BookingLinks, required=True, allow_none=True)
    links = fields.Nested(WaitingLinks, required=True)


class WaitingAnswer(Schema):
    """One place on a waiting list."""

    data = fields.Nested(ClientWaiting, required=True)


class WaitingHeard(Schema):
    """What was asked for, as it was understood; where it stands is told by mail to the address alone."""

    room = fields.Nested(WaitingRoom, required=True)
    starts_at = fields.DateTime(required=True)
    ends_at = fields.DateTime(required=True)
    time_text = fields.String(required=True)
    guests = fields.Integer(required=True, allow_none=True)
    client_name = fields.String(required=True)
    client_email = fields.String(required=True)
    client_phone = fields.String(required=True, allow_none=True)
    event_type = fields.String(required=True)
    next = fields.List(fields.String(), required=True)


class WaitingHeardAnswer(Schema):
    """A wish to wait that was heard."""

    data = fields.Nested(WaitingHeard, required=True)
