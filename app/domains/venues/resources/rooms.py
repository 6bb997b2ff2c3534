"""Rooms, what they cost and what is promised to who cancels."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.domains.venues.models import CancellationPolicy, PendingPolicy, Room
from app.domains.venues.resources.words import (
    ALT,
    CONTENT,
    KEPT,
    PICTURE,
    PICTURES,
    PLACE,
    PRICES,
    RULES,
    SHOWING,
    SHOWN,
    SLUG_HELP,
    TEXTS,
    TOLD,
    TRANSLATED,
    VENUES,
    active,
    order,
)
from app.resources import Child, Field, Kind, On, Option, Resource

_PRICE = _l("Price")
_WHEN = _l("When")
_HOW_LONG = _l("How long")
_AROUND = _l("Around it")

PENDING = (
    Option(PendingPolicy.BLOCK.value, _l("It keeps the time for the client"), "info"),
    Option(PendingPolicy.COMPETE.value, _l("Several may ask, staff choose"), "warning"),
)


rooms = Resource(
    Room,
    _l("Rooms"),
    _l("room"),
    words=_l("halls, spaces"),
    menu=VENUES,
    icon="door",
    order="position",
    public="rooms",
    public_when=lambda model: model.is_active,
    fields=(
        Field("name", SHOWN | TRANSLATED, _l("Name"), tab=CONTENT, section=TEXTS),
        Field(
            "slug",
            TOLD | On.TRANSLATE,
            _l("Slug"),
            kind=Kind.SLUG,
            help=SLUG_HELP,
            tab=CONTENT,
            section=SHOWING,
        ),
        Field("description", TOLD | TRANSLATED, _l("Description"), tab=CONTENT, section=TEXTS),
        Field("venue_id", SHOWN, _l("Venue"), tab=CONTENT, section=PLACE),
        Field("capacity", SHOWN, _l("People"), help=_l("How many it holds."), tab=CONTENT, section=PLACE),
        order(CONTENT, SHOWING),
        active(CONTENT),
        Field(
            "pending_policy",
            KEPT,
            _l("While a request waits"),
            options=PENDING,
            tab=RULES,
            section=_l("Requests"),
        ),
        Field(
            "notice_minutes",
            TOLD,
            _l("Notice"),
            kind=Kind.MINUTES,
            help=_l("So long before it begins a booking is taken at the latest."),
            tab=RULES,
            section=_WHEN,
        ),
        Field(
            "advance_days",
            TOLD,
            _l("Days ahead"),
            help=_l("So many days ahead a booking is taken at the earliest."),
            tab=RULES,
            section=_WHEN,
        ),
        Field("minimum_minutes", TOLD, _l("Shortest"), kind=Kind.MINUTES, tab=RULES, section=_HOW_LONG),
        Field("maximum_minutes", TOLD, _l("Longest"), kind=Kind.MINUTES, tab=RULES, section=_HOW_LONG),
        Field(
            "step_minutes",
            TOLD,
            _l("Step"),
            kind=Kind.MINUTES,
            help=_l("Bookings begin and last in such steps from the opening on."),
            tab=RULES,
            section=_HOW_LONG,
        ),
        Field(
            "buffer_before_minutes",
            KEPT,
            _l("Kept free before"),
            kind=Kind.MINUTES,
            help=_l("To prepare the room. Nobody pays for it or sees it."),
            tab=RULES,
            section=_AROUND,
        ),
        Field(
            "buffer_after_minutes",
            KEPT,
            _l("Kept free after"),
            kind=Kind.MINUTES,
            help=_l("To clean up. Nobody pays for it or sees it."),
            tab=RULES,
            section=_AROUND,
        ),
        Field("currency", KEPT, _l("Currency"), kind=Kind.CURRENCY, tab=PRICES, section=_PRICE),
        Field("policy_id", SHOWN, _l("Cancellation"), tab=PRICES, section=_PRICE),
    ),
    children=(
        Child("pictures", PICTURES, _l("picture"), tab=PICTURES, fields=(PICTURE, ALT)),
        Child(
            "prices",
            PRICES,
            _l("price"),
            tab=PRICES,
            fields=(
                Field("minutes", On.FORM | On.API | On.PUBLIC, _l("Length"), kind=Kind.MINUTES),
                Field("price_minor", On.FORM | On.API | On.PUBLIC, _l("Price"), kind=Kind.MONEY),
            ),
        ),
    ),
)

policies = Resource(
    CancellationPolicy,
    _l("Cancellation policies"),
    _l("cancellation policy"),
    menu=VENUES,
    icon="receipt-refund",
    path="cancellation-policies",
    order="name",
    public="cancellation-policies",
    fields=(
        Field("name", SHOWN | TRANSLATED, _l("Name")),
        Field("description", TOLD | TRANSLATED, _l("Description")),
    ),
    children=(
        Child(
            "steps",
            _l("Steps"),
            _l("step"),
            fields=(
                Field(
                    "hours_before",
                    On.FORM | On.API | On.PUBLIC,
                    _l("Hours before"),
                    help=_l("Until so many hours before the start."),
                ),
                Field("refund_percent", On.FORM | On.API | On.PUBLIC, _l("Percent paid back")),
            ),
        ),
    ),
)
