"""Questions about who waits: what a client's link leads to, their place in line, who waits for rooms at a time."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, func, or_, select

from app.domains.bookings.models import Booking, Claim, Waiting, WaitingStatus, WaitingStep
from app.domains.bookings.queries import tokens
from app.domains.bookings.queries.client import LINK_DAYS
from app.domains.venues import queries as venues
from app.kernel import clock
from app.kernel.configured import outside_url
from app.kernel.db import reading
from app.kernel.values import Period
from app.translation.chain import bind_chain

_PURPOSE = "waiting-link"
_COLUMNS = (
    *("id", "status", "created_at", "room_id", "starts_at", "ends_at", "guests", "event_type"),
    *("client_name", "client_email", "client_phone", "locale", "time_zone", "member_id", "link_serial"),
    "booking_id",
)
_waiting: Any = Waiting.__table__
_step: Any = WaitingStep.__table__
_claim: Any = Claim.__table__
_booking: Any = Booking.__table__
Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Waited:
    """A time that somebody waits for in a room; `is_offered` ones are held for them, and so counted as held."""

    id: UUID
    room_id: UUID
    period: Period
    guests: int | None
    is_offered: bool


def waiting_in(connection: Connection, rooms: Collection[UUID], period: Period) -> list[Waited]:
    """List who waits in rooms for a time that meets a period, in their order; no such time is taken (rule 20)."""
    c = _waiting.c
    columns = c.id, c.room_id, c.starts_at, c.ends_at, c.guests, c.status
    found = select(*columns).where(
        c.room_id.in_(rooms),
        c.status.in_((WaitingStatus.WAITING.value, WaitingStatus.OFFERED.value)),
        c.starts_at < period.ends_at,
        c.ends_at > period.starts_at,
    )
    return [
        Waited(key, room, Period(starts_at, ends_at), guests, status == WaitingStatus.OFFERED)
        for key, room, starts_at, ends_at, guests, status in connection.execute(
            found.order_by(c.created_at, c.id)
        )
    ]


def waiting_token(waiting_id: UUID, serial: int = 1) -> str:
    """Make the secret part of a client's link."""
    return tokens.write_token(_PURPOSE, waiting_id, serial)


def waiting_page(waiting_id: UUID, serial: int = 1) -> str:
    """Give the address of the page on which a client sees their place, answers an offer and leaves."""
    return waiting_page_of(waiting_token(waiting_id, serial))


def waiting_page_of(token: str) -> str:
    """Give the address of the client's page by the secret part of the link."""
    return outside_url(f"/public/waiting/{token}")


def waiting_by_token(token: str, locales: tuple[str, ...] = ()) -> Facts | None:
    """Find what a client's link leads to; None for a wrong, renewed or outlived link alike."""
    found = tokens.read_token(_PURPOSE, token)
    facts = waiting(found[0], locales) if found else None
    if found is None or facts is None or facts["link_serial"] != found[1]:
        return None
    return facts if clock.now() <= facts["ends_at"] + timedelta(days=LINK_DAYS) else None


def waiting(key: UUID, locales: tuple[str, ...] = (), connection: Connection | None = None) -> Facts | None:
    """Find a place on the list, with the names of its room along the locales; in a transaction by its connection.

    An offer whose time has passed is told as `lapsed`, whether a job has seen it or not. `place` is the number in
    line, None for who waits no more; `deadline` that of an offer; `reason` that of the last step.
    """
    room = venues.rooms_named(len(locales)).subquery("room_named")
    c = _waiting.c
    last = select(_step.c.reason).where(_step.c.waiting_id == c.id)
    last = last.order_by(_step.c.position.desc()).limit(1)
    columns = (
        *(c[name] for name in _COLUMNS),
        *(room.c.name, room.c.venue_name, room.c.address, room.c.zone),
        *(_claim.c.expires_at, _claim.c.ended_as, _claim.c.promise, _booking.c.link_serial),
        last.correlate(_waiting).scalar_subquery(),
    )
    source = _waiting.join(room, room.c.id == c.room_id).outerjoin(_claim, _claim.c.id == c.claim_id)
    found = select(*columns).select_from(source.outerjoin(_booking, _booking.c.id == c.booking_id))
    with nullcontext(connection) if connection is not None else reading() as lent:
        row = lent.execute(found.where(c.id == key), bind_chain(locales)).one_or_none()
        if row is None:
            return None
        facts = _facts(row)
        facts["place"] = _place(lent, facts) if facts["status"] == WaitingStatus.WAITING else None
    return facts


def _facts(row: Any) -> Facts:
    facts: Facts = dict(zip(_COLUMNS, row, strict=False))
    room, venue, address, zone, deadline, ended_as, promise, booking_serial, reason = row[len(_COLUMNS) :]
    if facts["status"] == WaitingStatus.OFFERED and (ended_as is not None or deadline <= clock.now()):
        facts["status"] = WaitingStatus.LAPSED.value
    is_offered = facts["status"] == WaitingStatus.OFFERED
    return facts | {
        "room": room,
        "venue": venue,
        "address": address or "",
        "zone": zone,
        "deadline": deadline if is_offered else None,
        "promise": promise if is_offered else None,
        "booking_serial": booking_serial,
        "reason": reason or "",
    }


def _place(connection: Connection, facts: Facts) -> int:
    """Count who stands before them for a time that meets theirs, and add one."""
    c = _waiting.c
    before = or_(
        c.created_at < facts["created_at"],
        and_(c.created_at == facts["created_at"], c.id < facts["id"]),
    )
    ahead = select(func.count()).where(
        c.room_id == facts["room_id"],
        c.status == WaitingStatus.WAITING.value,
        c.starts_at < facts["ends_at"],
        c.ends_at > facts["starts_at"],
        before,
    )
    return int(connection.execute(ahead).scalar_one()) + 1
