"""Bookings that come again: staff find them and see their days; they are made and changed through the guard alone."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.access import rows
from app.domains.bookings import service
from app.domains.bookings.models import BookingSeries, Outcome, Rhythm
from app.domains.bookings.queries import Seen
from app.domains.bookings.resources.bookings import bookings
from app.resources import Action, Child, Field, Kind, On, Option, Resource
from app.surfaces.records.limits import writer

_SHOWN = On.LIST | On.FILTER | On.API | On.TRANSFER
_TOLD = On.API | On.TRANSFER

RHYTHMS = tuple(Option(rhythm.value, rhythm.label) for rhythm in Rhythm)
OUTCOMES = (
    Option(Outcome.BOOKED.value, Outcome.BOOKED.label, "success"),
    Option(Outcome.TAKEN.value, Outcome.TAKEN.label, "danger"),
    Option(Outcome.CLOSED.value, Outcome.CLOSED.label, "warning"),
    Option(Outcome.REFUSED.value, Outcome.REFUSED.label, "warning"),
    Option(Outcome.LEFT_OUT.value, Outcome.LEFT_OUT.label, "secondary"),
)


def _seen(verb: str) -> Seen | None:
    """Give the condition on the bookings with which the writer may do a verb; None where nobody is asked."""
    user = writer()
    return None if user is None else lambda model: rows.condition(bookings.name, user, model, verb)


def _confirm(series: BookingSeries, reason: str) -> None:
    service.confirm_all(series, reason, _seen("confirm"))


def _cancel(series: BookingSeries, reason: str) -> None:
    service.cancel_all(series, reason, _seen("cancel"))


list_of_series = Resource(
    BookingSeries,
    _l("Series"),
    _l("series"),
    menu=_l("Bookings"),
    icon="refresh",
    path="series",
    order="-created_at",
    title="client_name",
    begun_at="/series/new",
    calendar="-",  # from its first day to its last it is not there on each: the rooms' calendar tells on which
    fields=(
        Field("client_name", On.LIST | On.SEARCH | _TOLD, _l("Client"), kind=Kind.TEXT),
        Field("client_email", On.SEARCH | _TOLD, _l("E-mail"), kind=Kind.EMAIL),
        Field("room_id", _SHOWN, _l("Room")),
        Field("rhythm", _SHOWN, _l("Rhythm"), options=RHYTHMS),
        Field("every", _TOLD, _l("Each so many days, weeks or months")),
        Field("first_on", _SHOWN, _l("First day")),
        Field("until_on", _SHOWN, _l("Last day")),
        Field("starts_time", On.LIST | _TOLD, _l("Start")),
        Field("minutes", _TOLD, _l("Length"), kind=Kind.MINUTES),
        Field("booked_days", On.LIST, _l("Booked")),
        Field("open_days", On.LIST, _l("To be settled")),
        Field("created_at", On.FILTER | On.API, _l("Received")),
    ),
    children=(
        Child(
            "occurrences",
            _l("The days"),
            _l("day"),
            fields=(
                Field("falls_on", On.API, _l("Day")),
                Field("outcome", On.API, _l("State"), options=OUTCOMES),
                Field("booking_id", On.API, _l("Booking")),
            ),
            public=False,
        ),
    ),
    actions=(
        Action(
            "confirm",
            _l("Confirm all"),
            _confirm,
            service.has_days_ahead,
            icon="checks",
            tone="primary",
        ),
        Action(
            "cancel",
            _l("Cancel all"),
            _cancel,
            service.has_days_ahead,
            icon="x",
            tone="danger",
            asks_reason=True,
        ),
    ),
)
