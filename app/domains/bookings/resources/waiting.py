"""Who waits for a time in a room: staff see the line and what happened, and may offer out of turn or close."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.domains.bookings import service
from app.domains.bookings.models import Waiting, WaitingStatus
from app.domains.bookings.resources.bookings import EVENT_TYPES, OF_ROOM
from app.resources import Action, Child, Field, Kind, On, Option, Resource
from app.resources.declaration import Label

_KEPT = On.FORM | On.API | On.TRANSFER
_CLIENT = _l("Client")
_WANTED = _l("What they wait for")

WAITING_STATUSES = (
    Option(WaitingStatus.WAITING.value, WaitingStatus.WAITING.label, "warning"),
    Option(WaitingStatus.OFFERED.value, WaitingStatus.OFFERED.label, "info"),
    Option(WaitingStatus.ACCEPTED.value, WaitingStatus.ACCEPTED.label, "success"),
    Option(WaitingStatus.DECLINED.value, WaitingStatus.DECLINED.label, "secondary"),
    Option(WaitingStatus.LAPSED.value, WaitingStatus.LAPSED.label, "secondary"),
    Option(WaitingStatus.LEFT.value, WaitingStatus.LEFT.label, "secondary"),
    Option(WaitingStatus.CLOSED.value, WaitingStatus.CLOSED.label, "danger"),
)
_REASONS = tuple(Option(reason.value, reason.label) for reason in service.Reason)


def kept(waiting: Waiting) -> Label:
    """Say why a place on the list keeps its room and its time."""
    return _l("Who waits keeps their room and their time: close it, and let them join for another.")


list_of_waiting = Resource(
    Waiting,
    _l("Waiting list"),
    _l("place on the waiting list"),
    menu=_l("Bookings"),
    icon="list-numbers",
    path="waiting-list",
    order="created_at",
    title="client_name",
    fields=(
        Field("client_name", On.LIST | On.SEARCH | _KEPT, _l("Client"), section=_CLIENT),
        Field("client_email", On.SEARCH | _KEPT, _l("E-mail"), kind=Kind.EMAIL, section=_CLIENT),
        Field("client_phone", _KEPT, _l("Phone"), kind=Kind.PHONE, section=_CLIENT),
        Field("locale", _KEPT, _l("Language"), kind=Kind.LOCALE, section=_CLIENT),
        Field("room_id", On.LIST | On.FILTER | _KEPT, _l("Room"), section=_WANTED, locked=kept),
        Field(
            "starts_at", On.LIST | On.FILTER | _KEPT, _l("Start"), section=_WANTED, locked=kept, clock=OF_ROOM
        ),
        Field("ends_at", _KEPT, _l("End"), section=_WANTED, locked=kept, clock=OF_ROOM),
        Field("guests", On.LIST | _KEPT, _l("Guests"), section=_WANTED),
        Field("event_type", _KEPT, _l("Occasion"), options=EVENT_TYPES, section=_WANTED),
        Field("member_id", On.FILTER | On.API, _l("Member")),
        Field("booking_id", On.API, _l("Booking")),
        Field(
            "status",
            On.LIST | On.FILTER | On.API | On.TRANSFER,
            _l("Status"),
            options=WAITING_STATUSES,
        ),
        Field("created_at", On.LIST | On.FILTER | On.API, _l("Joined")),
    ),
    children=(
        Child(
            "steps",
            _l("What happened"),
            _l("step"),
            fields=(
                Field("at", On.API, _l("When")),
                Field("to_status", On.API, _l("Status"), options=WAITING_STATUSES),
                Field("reason", On.API, _l("Reason"), kind=Kind.CHOICE, options=_REASONS),
                Field("actor_label", On.API, _l("Who")),
            ),
            public=False,
        ),
    ),
    actions=(
        Action(
            "offer",
            _l("Offer now, out of turn"),
            service.offer_now,
            lambda waiting: service.may_wait_as(waiting, WaitingStatus.OFFERED),
            icon="send",
            tone="primary",
            asks_reason=True,
            leads_to=WaitingStatus.OFFERED,
        ),
        Action(
            "decline",
            _l("Declined"),
            service.decline,
            lambda waiting: service.may_wait_as(waiting, WaitingStatus.DECLINED),
            icon="circle-x",
            asks_reason=True,
            leads_to=WaitingStatus.DECLINED,
        ),
        Action(
            "leave",
            _l("Wants to leave"),
            service.leave,
            lambda waiting: service.may_wait_as(waiting, WaitingStatus.LEFT),
            icon="logout",
            asks_reason=True,
            leads_to=WaitingStatus.LEFT,
        ),
        Action(
            "close",
            _l("Close"),
            service.close,
            lambda waiting: service.may_wait_as(waiting, WaitingStatus.CLOSED),
            icon="x",
            tone="danger",
            asks_reason=True,
            leads_to=WaitingStatus.CLOSED,
        ),
        Action(
            "renew_link",
            _l("Make a new link"),
            service.renew_waiting_link,
            lambda _waiting: True,
            is_aside=True,
        ),
    ),
)
