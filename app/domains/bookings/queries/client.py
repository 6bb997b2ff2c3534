"""Questions about bookings: one by its key or by its client's link, and a member's own."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, Text, func, literal, select
from sqlalchemy import types as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app.domains.bookings.models import Booking, BookingStatus, BookingStep, Claim
from app.domains.bookings.queries import tokens
from app.domains.catalog import queries as catalog
from app.domains.venues import queries as venues
from app.kernel import clock
from app.kernel.configured import configured, outside_url
from app.kernel.db import named, reading
from app.kernel.statements import statements
from app.translation.chain import bind_chain

LINK_DAYS = 180
"""For so long after the event the client's link leads to the booking."""

_PURPOSE = "booking-link"
_COLUMNS = (
    *("id", "reference", "status", "client_name", "client_email", "client_phone", "event_type", "event_on"),
    *("place", "guests", "message", "total_minor", "currency", "locale", "time_zone", "member_id"),
    *("cancel_days", "link_serial", "created_at", "starts_at", "ends_at"),
)
_booking: Any = Booking.__table__
_step: Any = BookingStep.__table__
_claim: Any = Claim.__table__
Facts = dict[str, Any]


def link_token(booking_id: UUID, serial: int = 1) -> str:
    """Make the secret part of a client's link."""
    return tokens.write_token(_PURPOSE, booking_id, serial)


def read_token(token: str) -> tuple[UUID, int] | None:
    """Read (booking, serial) from a client's link; None from any other text."""
    return tokens.read_token(_PURPOSE, token)


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
    """Find what a client's link leads to; None for a wrong, renewed or outlived link alike.

    A link to a booking that was moved or taken up again leads to the one that took its place, until that one's
    link is renewed.
    """
    found = read_token(token)
    facts = booking(found[0], locales) if found else None
    if found is None or facts is None or facts["link_serial"] != found[1]:
        return None
    facts = _last(facts, locales)
    return facts if facts["link_serial"] <= found[1] and has_link(facts["event_on"]) else None


def booking(
    key: UUID,
    locales: tuple[str, ...] = (),
    member_id: UUID | None = None,
    connection: Connection | None = None,
) -> Facts | None:
    """Find a booking, with `member_id` only among that member's; the names of package and room along the locales.

    `connection` is that of a transaction whose writes are to be seen.
    """
    shape = ("one booking", member_id is not None, len(locales))
    statement = statements.get(shape, lambda: _one(len(locales), member_id is not None))
    values = {"key": key, "member": member_id} | bind_chain(locales)
    with reading() if connection is None else nullcontext(connection) as lent:
        rows = statement.run(lent, values)
    return _facts(rows[0]) if rows else None


def current_booking(key: UUID, locales: tuple[str, ...] = (), member_id: UUID | None = None) -> Facts | None:
    """Find a booking, or the one that took its place when it was moved or taken up again.

    With `member_id` both are that member's: an address may have been put right on the second.
    """
    facts = booking(key, locales, member_id)
    found = _last(facts, locales) if facts else None
    is_others = found is not None and member_id is not None and found["member_id"] != member_id
    return None if is_others else found


def _last(facts: Facts, locales: tuple[str, ...]) -> Facts:
    while facts["successor_id"] is not None:
        follower = booking(facts["successor_id"], locales)
        if follower is None:
            break
        facts = follower
    return facts


def bookings_of(
    member_id: UUID, size: int, after: tuple[datetime, UUID] | None, locales: tuple[str, ...]
) -> list[Facts]:
    """List a member's bookings, newest first, one more than `size` where there are more.

    Those that another took the place of by being moved are not told: that one is.
    """
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
        counted = (
            select(func.count()).select_from(_booking).where(_booking.c.member_id == member_id, _stays())
        )
        return int(connection.execute(counted).scalar_one())


def _facts(row: Any) -> Facts:
    facts: Facts = dict(zip(_COLUMNS, row, strict=False))
    package_id, slug, name, steps, room_id, room_slug, room, venue, zone, *chain = row[len(_COLUMNS) :]
    facts["package"] = {"id": package_id, "slug": slug, "name": name} if package_id else None
    facts["steps"] = [_step_of(step) for step in steps]
    told = {"id": room_id, "slug": room_slug, "name": room, "venue": venue, "zone": zone}
    facts["room"] = told if room_id else None
    facts["promise"], facts["follows"], facts["successor_id"] = chain
    return facts


def _step_of(step: Mapping[str, Any]) -> Facts:
    return {**step, "at": datetime.fromisoformat(step["at"])}


def _one(depth: int, is_own: bool) -> Select[Any]:
    statement = _shown(depth).where(_booking.c.id == named("key", sa.Uuid()))
    return statement.where(_booking.c.member_id == named("member", sa.Uuid())) if is_own else statement


def _many(depth: int, size: int, goes_on: bool) -> Select[Any]:
    statement = _shown(depth).where(_booking.c.member_id == named("member", sa.Uuid()), _stays())
    if goes_on:
        place = func.row(named("after_at", _booking.c.created_at.type), named("after_key", sa.Uuid()))
        statement = statement.where(func.row(_booking.c.created_at, _booking.c.id) < place)
    newest = (_booking.c.created_at.desc(), _booking.c.id.desc())
    return statement.order_by(*newest).limit(literal(size + 1, literal_execute=True))


def _stays() -> Any:
    moved = literal(BookingStatus.MOVED.value, Text, literal_execute=True)
    return _booking.c.status != moved


def _shown(depth: int) -> Select[Any]:
    """Select the columns; package, steps as JSON and room; what was promised; reference before and key after it."""
    package = catalog.packages(depth).subquery("package_told")
    room = venues.rooms_named(depth).subquery("room_told")
    before, after = _booking.alias("before"), _booking.alias("after")
    pairs = []
    for name in ("from_status", "to_status", "at"):
        pairs += [literal(name, Text, literal_execute=True), _step.c[name]]
    rows = aggregate_order_by(func.json_build_object(*pairs), _step.c.position, _step.c.id)
    steps = select(func.coalesce(func.json_agg(rows), func.json_build_array()))
    steps = steps.where(_step.c.booking_id == _booking.c.id)
    columns = [_booking.c[name] for name in _COLUMNS]
    told = [package.c.id, package.c.slug, package.c.name, steps.correlate(_booking).scalar_subquery()]
    told += [room.c.id, room.c.slug, room.c.name, room.c.venue_name, room.c.zone]
    told += [_claim.c.promise, before.c.reference, after.c.id]
    source = (
        _booking.outerjoin(package, package.c.id == _booking.c.package_id)
        .outerjoin(room, room.c.id == _booking.c.room_id)
        .outerjoin(_claim, _claim.c.booking_id == _booking.c.id)
        .outerjoin(before, before.c.id == _booking.c.follows_id)
        .outerjoin(after, after.c.follows_id == _booking.c.id)
    )
    return select(*columns, *told).select_from(source)
