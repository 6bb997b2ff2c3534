"""Every kind of mail there is, with an example of what it tells: previews and tests run over all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.kernel import clock
from app.kernel.values import Money
from app.mail.calendars import CANCEL, PUBLISH
from app.mail.facts import BookingFacts

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
    Kind("booking_reminder", _l("Reminder"), _l("Some days before the event"), _booking(1), PUBLISH),
    Kind("staff_notice", _l("New booking"), _l("At once, to staff"), _booking(link="/bookings/")),
)
_BY_NAME = {kind.name: kind for kind in KINDS}


def kind_named(name: str) -> Kind:
    """Find a kind of mail; raises UnknownKind."""
    try:
        return _BY_NAME[name]
    except KeyError:
        raise UnknownKind(name) from None
