"""What staff see of bookings."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.domains.bookings import service
from app.domains.bookings.models import Booking, BookingStatus
from app.domains.bookings.resources import refusals
from app.domains.venues.queries import zone_of_room
from app.kernel.ids import spelt_reference
from app.resources import Action, Clock, Field, Kind, On, Option, Resource
from app.resources.declaration import Label

TOLD = On.FORM | On.API | On.TRANSFER

STATUSES = (
    Option(BookingStatus.PENDING.value, BookingStatus.PENDING.label, "warning"),
    Option(BookingStatus.CONFIRMED.value, BookingStatus.CONFIRMED.label, "success"),
    Option(BookingStatus.COMPLETED.value, BookingStatus.COMPLETED.label, "info"),
    Option(BookingStatus.CANCELLED.value, BookingStatus.CANCELLED.label, "secondary"),
    Option(BookingStatus.NO_SHOW.value, BookingStatus.NO_SHOW.label, "danger"),
    Option(BookingStatus.REJECTED.value, BookingStatus.REJECTED.label, "secondary"),
    Option(BookingStatus.MOVED.value, BookingStatus.MOVED.label, "secondary"),
)

EVENT_TYPES = (
    Option("wedding", _l("Wedding")),
    Option("birthday", _l("Birthday")),
    Option("anniversary", _l("Anniversary")),
    Option("engagement", _l("Engagement")),
    Option("baby_shower", _l("Baby shower")),
    Option("graduation", _l("Graduation")),
    Option("festival", _l("Festival")),
    Option("corporate", _l("Corporate")),
    Option("other", _l("Other")),
)

_CLIENT = _l("Client")
_CELEBRATION = _l("Celebration")
_WANTED = _l("What is booked")


def settled(booking: Booking) -> Label:
    """Say why a booking that is over keeps what was agreed; nothing while it is under way."""
    is_over = booking.status not in (BookingStatus.PENDING, BookingStatus.CONFIRMED)
    return (
        _l("This booking is over: it keeps its date, package and total. Nobody changes them.")
        if is_over
        else ""
    )


OF_ROOM = Clock("room_id", zone_of_room)


def placed(booking: Booking) -> Label:
    """Say why a booking keeps its room and its time; nothing where it has none yet and may be given them."""
    if booking.room_id is not None:
        return _l("A booking keeps its room and its time. Move it, and another takes its place.")
    return settled(booking)


bookings = Resource(
    Booking,
    _l("Bookings"),
    _l("booking"),
    words=_l("orders, requests, appointments"),
    menu=_l("Bookings"),
    icon="calendar-event",
    order="-created_at",
    title="client_name",
    fields=(
        Field("client_name", On.LIST | On.SEARCH | TOLD, _l("Client"), section=_CLIENT),
        Field("reference", On.SEARCH | On.API, _l("Number"), spelt=spelt_reference),
        Field("former_references", On.SEARCH | On.API, _l("Earlier numbers"), kind=Kind.TEXT),
        Field("client_email", On.SEARCH | TOLD, _l("E-mail"), kind=Kind.EMAIL, section=_CLIENT),
        Field("client_phone", TOLD, _l("Phone"), kind=Kind.PHONE, section=_CLIENT),
        Field(
            "event_type",
            On.LIST | On.FILTER | TOLD,
            _l("Occasion"),
            options=EVENT_TYPES,
            section=_CELEBRATION,
        ),
        Field("event_on", On.LIST | On.FILTER | TOLD, _l("Date"), section=_CELEBRATION, locked=settled),
        Field("room_id", On.FILTER | TOLD, _l("Room"), section=_WANTED, locked=placed),
        Field(
            "starts_at",
            On.FILTER | TOLD,
            _l("Start"),
            section=_WANTED,
            locked=placed,
            clock=OF_ROOM,
            help=_l("With a room: the date and the place follow from it."),
        ),
        Field("ends_at", TOLD, _l("End"), section=_WANTED, locked=placed, clock=OF_ROOM),
        Field("place", On.LIST | On.SEARCH | TOLD, _l("Place"), section=_CELEBRATION),
        Field("package_id", On.LIST | On.FILTER | TOLD, _l("Package"), section=_WANTED, locked=settled),
        Field("guests", TOLD, _l("Guests"), section=_CELEBRATION),
        Field("message", TOLD, _l("Message"), section=_WANTED),
        Field("total_minor", On.LIST | TOLD, _l("Total"), kind=Kind.MONEY, section=_WANTED, locked=settled),
        Field("locale", TOLD, _l("Language"), kind=Kind.LOCALE, section=_CLIENT),
        Field("member_id", On.FILTER | On.API, _l("Member")),
        Field("status", On.LIST | On.FILTER | On.API | On.TRANSFER, _l("Status"), options=STATUSES),
        Field("created_at", On.LIST | On.FILTER | On.API, _l("Received")),
    ),
    actions=(
        Action(
            "confirm",
            _l("Confirm"),
            refusals.confirm,
            lambda booking: service.may_become(booking, BookingStatus.CONFIRMED),
            icon="check",
            tone="primary",
            leads_to=BookingStatus.CONFIRMED,
        ),
        Action(
            "reject",
            _l("Reject"),
            service.reject,
            lambda booking: service.may_become(booking, BookingStatus.REJECTED),
            icon="ban",
            asks_reason=True,
            leads_to=BookingStatus.REJECTED,
        ),
        Action(
            "complete",
            _l("Complete"),
            service.complete,
            lambda booking: service.may_become(booking, BookingStatus.COMPLETED),
            icon="circle-check",
            leads_to=BookingStatus.COMPLETED,
        ),
        Action(
            "mark_no_show",
            _l("No-show"),
            service.mark_no_show,
            lambda booking: service.may_become(booking, BookingStatus.NO_SHOW),
            icon="user-off",
            leads_to=BookingStatus.NO_SHOW,
        ),
        Action(
            "cancel",
            _l("Cancel for the client"),
            service.cancel,
            lambda booking: service.may_become(booking, BookingStatus.CANCELLED),
            icon="x",
            tone="danger",
            asks_reason=True,
            leads_to=BookingStatus.CANCELLED,
        ),
        Action(
            "call_off",
            _l("Call off ourselves, pay all back"),
            service.call_off,
            lambda booking: service.may_become(booking, BookingStatus.CANCELLED),
            icon="calendar-off",
            tone="danger",
            asks_reason=True,
        ),
        Action(
            "revive",
            _l("Take up again"),
            refusals.revive,
            lambda booking: booking.status == BookingStatus.CANCELLED,
            icon="arrow-back-up",
            asks_reason=True,
        ),
        Action("renew_link", _l("Make a new link"), service.renew_link, lambda _booking: True, is_aside=True),
    ),
)
