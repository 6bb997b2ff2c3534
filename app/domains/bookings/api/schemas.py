"""What the public side of bookings takes and gives."""

from __future__ import annotations

import re
from datetime import UTC, date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from marshmallow import Schema, ValidationError, fields, validates_schema

from app.access.realms import holder_if_any
from app.domains.bookings.models import BookingStatus
from app.domains.bookings.resources import EVENT_TYPES
from app.kernel import clock
from app.kernel.configured import configured
from app.kernel.zones import is_zone
from app.resources import Kind
from app.surfaces.contract import Strict
from app.surfaces.contract.schemas import MISSING, Page, choice, long_text, text, value, whole

MOST_GUESTS = 100_000
STATUSES = [status.value for status in BookingStatus]
EVENT_TYPE_NAMES = [option.value for option in EVENT_TYPES]
LINK_IN_TEXT = re.compile(r"://|\bwww\.", re.IGNORECASE)


class ClientWords(Strict):
    """Who a client is; a member may leave out what is known of them."""

    client_name = text(200)
    client_email = value(Kind.EMAIL, most=254)
    client_phone = value(Kind.PHONE, most=40, allow_none=True)
    time_zone = text(64, allow_none=True, metadata={"description": "The client's, such as Europe/Berlin."})

    @validates_schema(skip_on_field_errors=False, pass_original=True)
    def check(self, given: dict[str, Any], original: Any, **_more: Any) -> None:
        """Check what depends on who asks, and on the clocks there."""
        if not isinstance(original, dict):
            return  # which is told already
        errors: dict[str, Any] = {}
        zone = given.get("time_zone")
        if zone and not is_zone(zone):
            errors["time_zone"] = [_l("Give a time zone such as Europe/Berlin.")]
            zone = None
        if LINK_IN_TEXT.search(given.get("client_name") or ""):  # a mail to a stranger would carry it
            errors["client_name"] = [_l("Give a name without a link.")]
        errors |= self.refuse(given, zone)
        if holder_if_any() is None:
            wanted = [name for name in ("client_name", "client_email") if not given.get(name)]
            errors |= {name: [MISSING] for name in wanted if name in given or name not in original}
        if errors:
            raise ValidationError(errors)

    def refuse(self, _given: dict[str, Any], _zone: str | None) -> dict[str, Any]:
        """Give further refusals by field; `_zone` is the client's, where it is one."""
        return {}


class BookingWish(ClientWords):
    """What a client wishes; who they are may be left out by a member. The price is not theirs to say."""

    event_type = choice(EVENT_TYPE_NAMES, required=True)
    event_on = value(Kind.DATE, required=True)
    place = text(300, required=True)
    package = text(
        200, required=True, metadata={"description": "The key of a package, or its slug in any language."}
    )
    guests = whole(1, MOST_GUESTS, allow_none=True)
    message = long_text(4_000, allow_none=True)

    def refuse(self, given: dict[str, Any], zone: str | None) -> dict[str, Any]:
        """Refuse a day on which nothing can be booked."""
        sentence = _day_refusal(given.get("event_on"), zone)
        return {"event_on": [sentence]} if sentence else {}


def _day_refusal(day: date | None, zone: str | None) -> Any:
    """Say why nothing can be booked for a day; a client's today is that of their time zone."""
    if day is None:
        return None
    now = clock.now()
    today = now.astimezone(ZoneInfo(zone)).date() if zone else now.astimezone(UTC).date()
    if day < today:
        return _l("This day is over; choose one to come.")
    latest = today + timedelta(days=configured("BOOKING_DAYS_AHEAD"))
    if day > latest:
        return _l("Choose a day until %(day)s; later ones cannot be booked yet.", day=latest.isoformat())
    return None


class Language(Strict):
    """In which language it is answered."""

    lang = fields.String(metadata={"description": "A language tag such as de; else Accept-Language counts."})


class OwnBookings(Language):
    """Which part of a member's bookings."""

    size = fields.String(data_key="page[size]", metadata={"type": "integer", "minimum": 1, "maximum": 100})
    after = fields.String(
        data_key="page[after]", metadata={"description": "`page.next` of the answer before."}
    )


class BookingCancelling(Strict):
    """Why a booking is called off, for who wants to say."""

    reason = long_text(500, allow_none=True)


class WrittenMoney(Schema):
    """Money: in the currency's smallest unit, and as the reader writes it."""

    minor = fields.Integer(required=True)
    currency = fields.String(required=True)
    text = fields.String(required=True)


class BookedPackage(Schema):
    """The package that was booked, named in the reader's language."""

    id = fields.UUID(required=True)
    slug = fields.String(required=True)
    name = fields.String(required=True)


class BookingMoment(Schema):
    """A status that the booking came to."""

    status = fields.String(required=True, metadata={"enum": STATUSES})
    label = fields.String(required=True)
    at = fields.DateTime(required=True)


class PromisedStep(Schema):
    """Until an instant so many percent are paid back."""

    until = fields.DateTime(required=True)
    percent = fields.Integer(required=True)
    sentence = fields.String(required=True)


class PromisedPolicy(Schema):
    """What is paid back to who cancels a time in a room, the most first; `text` says all of it."""

    steps = fields.List(fields.Nested(PromisedStep), required=True)
    text = fields.String(required=True)


class RefundPreview(Schema):
    """What is paid back to who cancels now, and until when it is so much."""

    amount = fields.Nested(WrittenMoney, required=True)
    percent = fields.Integer(required=True)
    until = fields.DateTime(required=True, allow_none=True)
    sentence = fields.String(required=True)


class BookingCancellation(Schema):
    """Whether the client may call it off, until when, and a sentence that says it.

    `policy` is that of a room, null where there is none; `refund` is told where one booking is asked for.
    """

    allowed = fields.Boolean(required=True)
    until = fields.Date(required=True, allow_none=True)
    sentence = fields.String(required=True)
    policy = fields.Nested(PromisedPolicy, required=True, allow_none=True)
    refund = fields.Nested(RefundPreview, required=True, allow_none=True)


class BookedRoom(Schema):
    """A room in the reader's language, its venue and the venue's zone."""

    id = fields.UUID(required=True)
    slug = fields.String(required=True)
    name = fields.String(required=True)
    venue = fields.String(required=True)
    zone = fields.String(required=True)


class BookingLinks(Schema):
    """Where the client finds the booking again; whoever has such a link may see it and call it off."""

    status = fields.String(required=True, metadata={"format": "uri"})
    page = fields.String(required=True, metadata={"format": "uri"})


class ClientBooking(Schema):
    """A booking as its client sees it; labels, texts and sentences are in the reader's language."""

    id = fields.UUID(required=True)
    reference = fields.String(
        required=True, metadata={"pattern": "^([0-9A-HJKMNP-TV-Z]{3}-){2}[0-9A-HJKMNP-TV-Z]{3}$"}
    )
    status = fields.String(required=True, metadata={"enum": STATUSES})
    status_label = fields.String(required=True)
    created_at = fields.DateTime(required=True)
    client_name = fields.String(required=True)
    client_email = fields.String(required=True)
    client_phone = fields.String(required=True, allow_none=True)
    event_type = fields.String(required=True)
    event_type_label = fields.String(required=True)
    event_on = fields.Date(required=True)
    event_on_text = fields.String(required=True)
    place = fields.String(required=True)
    room = fields.Nested(BookedRoom, required=True, allow_none=True)
    starts_at = fields.DateTime(required=True, allow_none=True)
    ends_at = fields.DateTime(required=True, allow_none=True)
    time_text = fields.String(required=True, allow_none=True)
    follows = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The reference of the booking whose place it takes."},
    )
    package = fields.Nested(BookedPackage, required=True, allow_none=True)
    guests = fields.Integer(required=True, allow_none=True)
    message = fields.String(required=True)
    total = fields.Nested(WrittenMoney, required=True, allow_none=True)
    locale = fields.String(required=True)
    time_zone = fields.String(required=True)
    steps = fields.List(fields.Nested(BookingMoment), required=True)
    next = fields.List(fields.String(), required=True)
    cancellation = fields.Nested(BookingCancellation, required=True)
    links = fields.Nested(BookingLinks, required=True)


class BookingAnswer(Schema):
    """One booking."""

    data = fields.Nested(ClientBooking, required=True)


class OwnBookingsAnswer(Schema):
    """A page of bookings, newest first."""

    data = fields.List(fields.Nested(ClientBooking), required=True)
    page = fields.Nested(Page, required=True)


class OwnCalendar(Schema):
    """Where calendar programs read a member's bookings; null where the calendar is closed."""

    url = fields.String(required=True, allow_none=True, metadata={"format": "uri"})
    subscribe = fields.String(required=True, allow_none=True, metadata={"format": "uri"})


class OwnCalendarAnswer(Schema):
    """The address of a member's own calendar."""

    data = fields.Nested(OwnCalendar, required=True)
