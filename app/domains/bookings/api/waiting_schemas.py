"""What the public side of the waiting list takes and gives."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import Schema, ValidationError, fields, validates_schema

from app.access.realms import holder_if_any
from app.domains.bookings.api.room_schemas import HoldWish
from app.domains.bookings.api.schemas import (
    EVENT_TYPE_NAMES,
    LINK_IN_TEXT,
    MOST_GUESTS,
    BookingLinks,
    WrittenMoney,
)
from app.domains.bookings.models import WaitingStatus
from app.kernel.zones import is_zone
from app.resources import Kind
from app.surfaces.contract import Strict
from app.surfaces.contract.schemas import MISSING, choice, long_text, text, value, whole

STATUSES = [status.value for status in WaitingStatus]


class WaitingWish(HoldWish):
    """A time in a room that others have, and who waits for it; a member may leave out who they are."""

    client_name = text(200)
    client_email = value(Kind.EMAIL, most=254)
    client_phone = value(Kind.PHONE, most=40, allow_none=True)
    event_type = choice(EVENT_TYPE_NAMES, allow_none=True)
    time_zone = text(64, allow_none=True, metadata={"description": "The client's, such as Europe/Berlin."})

    @validates_schema(skip_on_field_errors=False, pass_original=True)
    def check(self, given: dict[str, Any], original: Any, **_more: Any) -> None:
        """Check what depends on who asks."""
        if not isinstance(original, dict):
            return
        errors: dict[str, Any] = {}
        if (zone := given.get("time_zone")) and not is_zone(zone):
            errors["time_zone"] = [_l("Give a time zone such as Europe/Berlin.")]
        if LINK_IN_TEXT.search(given.get("client_name") or ""):  # a mail to a stranger would carry it
            errors["client_name"] = [_l("Give a name without a link.")]
        if holder_if_any() is None:
            wanted = [name for name in ("client_name", "client_email") if not given.get(name)]
            errors |= {name: [MISSING] for name in wanted if name in given or name not in original}
        if errors:
            raise ValidationError(errors)


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
