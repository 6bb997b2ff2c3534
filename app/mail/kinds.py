"""Every kind of mail there is, with an example of what it tells: previews and tests run over all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.kernel import clock
from app.kernel.values import Money
from app.mail.calendars import CANCEL, PUBLISH
from app.mail.facts import BookingFacts, SeriesFacts, WaitingFacts

_TOKEN = "Qm9va2luZyBhIGRheSB0byByZW1lbWJlciBmb3JldmVy"  # noqa: S105  # an example that opens nothing
_BOOKING = UUID("01990000-0000-7000-8000-00000000fe57")
_LINK = f"/public/booking/{_TOKEN}"


class UnknownKind(LookupError):
    """There is no such mail."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A mail: its template bears its name, `sample` makes the facts that it needs, `when` says when it is sent.

    `calendar` is the method of the calendar file that goes with it.
    """

    name: str
    label: Any
    when: Any
    sample: Callable[[], Mapping[str, Any]]
    calendar: str = ""


def _account() -> dict[str, Any]:
    return {"name": "Amira Haddad"}


def _with_token(valid_for: timedelta) -> Callable[[], dict[str, Any]]:
    return lambda: {**_account(), "token": _TOKEN, "valid_for": valid_for}


def _changed() -> dict[str, Any]:
    return {**_account(), "changed_at": clock.now(), "time_zone": "Europe/Lisbon"}


def _booking(step: int = 0, link: str = _LINK) -> Callable[[], dict[str, Any]]:
    def make() -> dict[str, Any]:
        booking = BookingFacts(
            id=_BOOKING,
            reference="F-7K3M-Q2",
            client="Amira Haddad",
            email="amira@example.com",
            phone="+351 21 000 0000",
            occasion=_("Wedding"),
            day=clock.today() + timedelta(days=45),
            place="Quinta da Boa Vista, Sintra",
            package=_("Garden party"),
            guests=80,
            total=Money(1_250_00, "EUR"),
            message=_("Is there a room for the children?"),
            step=step,
        )
        return {"booking": booking, "booking_link": link}

    return make


def _moved() -> dict[str, Any]:
    """Tell of a booking that has another time, and of the one before."""
    told = _booking()()
    starts_at = (clock.now() + timedelta(days=45)).replace(hour=14, minute=0, second=0, microsecond=0)
    booking = replace(
        told["booking"],
        room=_("Blue hall"),
        day=starts_at.date(),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=4),
        zone="Europe/Lisbon",
    )
    earlier = timedelta(hours=3)
    before = replace(booking, step=2, starts_at=starts_at - earlier, ends_at=starts_at + earlier)
    return told | {"booking": booking, "before": before}


def _granted() -> dict[str, Any]:
    return _booking()() | {"amount": Money(150_00, "EUR")}


def _waiting(place: int = 0, hours: int = 0, reason: Any = "") -> Callable[[], dict[str, Any]]:
    def make() -> dict[str, Any]:
        starts_at = (clock.now() + timedelta(days=45)).replace(hour=14, minute=0, second=0, microsecond=0)
        waiting = WaitingFacts(
            client="Amira Haddad",
            room=_("Blue hall"),
            venue="Quinta da Boa Vista",
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=4),
            zone="Europe/Lisbon",
            reader_zone="Europe/Lisbon",
            guests=40,
            place=place,
            deadline=clock.now() + timedelta(hours=hours) if hours else None,
            reason=str(reason),
        )
        return {"waiting": waiting, "waiting_link": f"/public/waiting/{_TOKEN}"}

    return make


def _series(link: str = _LINK) -> Callable[[], dict[str, Any]]:
    def make() -> dict[str, Any]:
        booking, week = _moved()["booking"], timedelta(days=7)
        days = tuple(
            replace(
                booking, starts_at=booking.starts_at + number * week, ends_at=booking.ends_at + number * week
            )
            for number in range(3)
        )
        series = SeriesFacts(
            booking.client, booking.email, booking.occasion, booking.place, days, Money(1_200_00, "EUR")
        )
        return {"series": series, "booking_link": link}

    return make


KINDS = (
    Kind("verification", _l("Confirm the address"), _l("After signing up"), _with_token(timedelta(hours=24))),
    Kind(
        "registered_again",
        _l("Confirm the address"),
        _l("When somebody signs up again"),
        _with_token(timedelta(minutes=30)),
    ),
    Kind("welcome", _l("Welcome"), _l("Once the address is confirmed"), _account),
    Kind(
        "password_reset", _l("New password"), _l("When it is asked for"), _with_token(timedelta(minutes=30))
    ),
    Kind("password_changed", _l("Password changed"), _l("After every change"), _changed),
    Kind("address_taken", _l("Account exists"), _l("When somebody signs up again"), _account),
    Kind("booking_received", _l("Booking received"), _l("At once, to the client"), _booking()),
    Kind("booking_confirmed", _l("Booking confirmed"), _l("With a calendar file"), _booking(1), PUBLISH),
    Kind("booking_cancelled", _l("Booking cancelled"), _l("With a calendar file"), _booking(2), CANCEL),
    Kind("booking_rejected", _l("Booking rejected"), _l("With a calendar file"), _booking(1), CANCEL),
    Kind("booking_moved", _l("Booking moved"), _l("With calendar files of both times"), _moved, PUBLISH),
    Kind("booking_reminder", _l("Reminder"), _l("Some days before the event"), _booking(1), PUBLISH),
    Kind(
        "refund_granted",
        _l("Money back"),
        _l("When staff give a part back of a booking that stays"),
        _granted,
    ),
    Kind("series_received", _l("Series received"), _l("At once, to the client"), _series()),
    Kind("series_confirmed", _l("Series confirmed"), _l("When days are confirmed at once"), _series()),
    Kind("series_cancelled", _l("Series cancelled"), _l("When days are called off at once"), _series()),
    Kind("series_moved", _l("Series moved"), _l("When days are moved at once"), _series()),
    Kind("waiting_joined", _l("On the waiting list"), _l("At once, to the client"), _waiting(place=2)),
    Kind(
        "waiting_full",
        _l("Too many waits"),
        _l("When somebody who waits for as many times as one may asks for another"),
        _waiting(place=2),
    ),
    Kind("waiting_offered", _l("A time is free"), _l("When it is their turn"), _waiting(hours=24)),
    Kind("waiting_lapsed", _l("Offer ended"), _l("When an offer was not answered"), _waiting()),
    Kind(
        "waiting_closed",
        _l("Waiting list closed"),
        _l("When there is nothing to wait for any more"),
        _waiting(reason=_l("The room is closed at that time.")),
    ),
    Kind("series_notice", _l("New series"), _l("At once, to staff"), _series("/series/")),
    Kind("staff_notice", _l("New booking"), _l("At once, to staff"), _booking(link="/bookings/")),
)
_BY_NAME = {kind.name: kind for kind in KINDS}


def kind_named(name: str) -> Kind:
    """Find a kind of mail; raises UnknownKind."""
    try:
        return _BY_NAME[name]
    except KeyError:
        raise UnknownKind(name) from None
