"""Questions about bookings: one by its key or by its client's link, and a member's own."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Text, func, literal, select
from sqlalchemy import types as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app.domains.bookings.models import Booking, BookingStep
from app.domains.catalog import queries as catalog
from app.kernel import clock
from app.kernel.configured import configured, outside_url
from app.kernel.db import named, reading
from app.kernel.signing import is_signed, sign
from app.kernel.statements import statements
from app.translation.chain import bind_chain

LINK_DAYS = 180
"""For so long after the event the client's link leads to the booking."""

_PURPOSE = "booking-link"
_MARK = 16
_COLUMNS = (
    *("id", "reference", "status", "client_name", "client_email", "client_phone", "event_type", "event_on"),
    *("place", "guests", "message", "total_minor", "currency", "locale", "time_zone", "member_id"),
    *("cancel_days", "link_serial", "created_at"),
)
_booking: Any = Booking.__table__
_step: Any = BookingStep.__table__
Facts = dict[str, Any]


def link_token(booking_id: UUID, serial: int = 1) -> str:
    """Make the secret part of a client's link; it lies nowhere, it is made anew each time.

    It names the booking and the serial, and proves by 128 bits that this program wrote it.
    """
    subject = booking_id.bytes + serial.to_bytes(2)
    return base64.urlsafe_b64encode(subject + sign(_PURPOSE, subject)[:_MARK]).decode().rstrip("=")


def read_token(token: str) -> tuple[UUID, int] | None:
    """Read (booking, serial) from a token that this program wrote; None from any other text."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        return None
    subject, mark = raw[:18], raw[18:]
    if len(mark) != _MARK or not is_signed(_PURPOSE, subject, mark):
        return None
    return UUID(bytes=subject[:16]), int.from_bytes(subject[16:])


def client_page(booking_id: UUID, serial: int = 1) -> str:
    """Give the address of the page on which the client sees the booking and calls it off.

    It is the customer's own page where FESTOON_BOOKING_PAGE names one, else ours.
    """
    return page_of(link_token(booking_id, serial))


def page_of(token: str) -> str:
    """Give the address of the client's page by the secret part of the link."""
    own: str = configured("BOOKING_PAGE")
    return own.replace("{token}", token) if own else outside_url(f"/public/booking/{token}")


def has_link(event_on: date) -> bool:
    """Tell whether the client's link still leads to a booking of that day."""
    return clock.today() - timedelta(days=LINK_DAYS) <= event_on


def booking_by_token(token: str, locales: tuple[str, ...] = ()) -> Facts | None:
    """Find what a client's link leads to; None for a wrong, renewed or outlived link alike."""
    found = read_token(token)
    facts = booking(found[0], locales) if found else None
    if found is None or facts is None or facts["link_serial"] != found[1] or not has_link(facts["event_on"]):
        return None
    return facts


def booking(key: UUID, locales: tuple[str, ...] = (), member_id: UUID | None = None) -> Facts | None:
    """Find a booking, with `member_id` only among that member's; the package's name along the locales."""
    shape = ("one booking", member_id is not None, len(locales))
    statement = statements.get(shape, lambda: _one(len(locales), member_id is not None))
    with reading() as connection:
        rows = statement.run(connection, {"key": key, "member": member_id} | bind_chain(locales))
    return _facts(rows[0]) if rows else None


def bookings_of(
    member_id: UUID, size: int, after: tuple[datetime, UUID] | None, locales: tuple[str, ...]
) -> list[Facts]:
    """List a member's bookings, newest first, one more than `size` where there are more."""
    shape = ("a member's bookings", size, after is not None, len(locales))
    statement = statements.get(shape, lambda: _many(len(locales), size, after is not None))
    values: dict[str, Any] = {"member": member_id}
    if after is not None:
        values |= {"after_at": after[0], "after_key": after[1]}
    with reading() as connection:
        return [_facts(row) for row in statement.run(connection, values | bind_chain(locales))]


def count_of(member_id: UUID) -> int:
    """Count a member's bookings."""
    with reading() as connection:
        counted = select(func.count()).select_from(_booking).where(_booking.c.member_id == member_id)
        return int(connection.execute(counted).scalar_one())


def _facts(row: Any) -> Facts:
    facts: Facts = dict(zip(_COLUMNS, row, strict=False))
    package_id, slug, name, steps = row[len(_COLUMNS) :]
    facts["package"] = {"id": package_id, "slug": slug, "name": name} if package_id else None
    facts["steps"] = [_step_of(step) for step in steps]
    return facts


def _step_of(step: Mapping[str, Any]) -> Facts:
    return {**step, "at": datetime.fromisoformat(step["at"])}


def _one(depth: int, is_own: bool) -> Select[Any]:
    statement = _shown(depth).where(_booking.c.id == named("key", sa.Uuid()))
    return statement.where(_booking.c.member_id == named("member", sa.Uuid())) if is_own else statement


def _many(depth: int, size: int, goes_on: bool) -> Select[Any]:
    statement = _shown(depth).where(_booking.c.member_id == named("member", sa.Uuid()))
    if goes_on:
        place = func.row(named("after_at", _booking.c.created_at.type), named("after_key", sa.Uuid()))
        statement = statement.where(func.row(_booking.c.created_at, _booking.c.id) < place)
    newest = (_booking.c.created_at.desc(), _booking.c.id.desc())
    return statement.order_by(*newest).limit(literal(size + 1, literal_execute=True))


def _shown(depth: int) -> Select[Any]:
    """Select the columns, the package's key, slug and name, and the steps as JSON."""
    package = catalog.packages(depth).subquery("package_told")
    pairs = []
    for name in ("from_status", "to_status", "at"):
        pairs += [literal(name, Text, literal_execute=True), _step.c[name]]
    rows = aggregate_order_by(func.json_build_object(*pairs), _step.c.position, _step.c.id)
    steps = select(func.coalesce(func.json_agg(rows), func.json_build_array()))
    steps = steps.where(_step.c.booking_id == _booking.c.id)
    columns = [_booking.c[name] for name in _COLUMNS]
    told = [package.c.id, package.c.slug, package.c.name, steps.correlate(_booking).scalar_subquery()]
    source = _booking.outerjoin(package, package.c.id == _booking.c.package_id)
    return select(*columns, *told).select_from(source)
