"""The one way in which a time in a room is kept for somebody, and given free again (rules 1 to 8, 11, 14, 23).

In one transaction: the room is locked, holds that have lapsed over the time are ended, the rules are asked,
and the claim is inserted; where the database finds an overlap nothing is inserted and the claim is refused.
Many may hold times in a room together, for the database tells them apart; whoever does more than that is alone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.dialects.postgresql import Range, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, make_transient_to_detached

from app.domains.bookings.errors import HoldEnded, NoSuchRoom, RoomTaken, TimeRefused
from app.domains.bookings.events import TimeFreed, TimeHeld
from app.domains.bookings.models import Booking, BookingStatus, Claim, ClaimEnd
from app.domains.bookings.queries import Calendar, Finding, Rule, blocked_by, broken, calendar_of
from app.domains.venues import queries as venues
from app.kernel import clock
from app.kernel.errors import Invalid
from app.kernel.ids import new_id
from app.kernel.outbox import record
from app.kernel.values import Period

HOLD = timedelta(minutes=30)
OVERRULABLE = frozenset({Rule.NOTICE, Rule.ADVANCE, Rule.LENGTH, Rule.HOURS, Rule.START})
"""What staff may set aside with a reason; nobody can book what is closed, taken or not offered."""

LONGEST = timedelta(minutes=44640)
"""The longest that a room may allow, 31 days."""

_ONE_DAY = timedelta(days=1)
_ENDS = {BookingStatus.CANCELLED: ClaimEnd.CANCELLED, BookingStatus.REJECTED: ClaimEnd.REJECTED}
_claim: Any = Claim.__table__
_INSERTED = insert(_claim).on_conflict_do_nothing().returning(*_claim.c)
_NOBODYS = {"booking_id": None, "member_id": None, "expires_at": None, "blocks": True}


def hold(
    session: Session,
    room_id: UUID,
    wish: Period,
    member_id: UUID | None = None,
    *,
    lifetime: timedelta = HOLD,
    noted: Mapping[str, Any] | None = None,
) -> Claim:
    """Keep a time for somebody, for half an hour unless a lifetime is given; what is noted stands beside its promise.

    Raises NoSuchRoom, TimeRefused with the rules that it breaks, RoomTaken.
    """
    now = clock.now()
    check_length(wish)
    calendar = locked_calendar(session, room_id, wish, now, venues.Lock.TOGETHER)
    _refuse(calendar.judge(wish, now))
    promised = promise(calendar.rules, wish) | dict(noted or {})
    claim = _insert(session, calendar, wish, promised, expires_at=now + lifetime, member_id=member_id)
    record(TimeHeld(claim.id))
    return claim


def claim_for(
    session: Session,
    booking: Booking,
    room_id: UUID,
    wish: Period,
    *,
    overruled: Collection[Rule] = (),
    instead_of: Claim | None = None,
) -> Claim:
    """Keep a time for a booking that has no hold; a request that competes keeps nobody out until it is confirmed.

    `overruled` are rules that staff may set aside (OVERRULABLE). The claim `instead_of` ends in the same
    transaction: its policy is promised on, and its price where room and length stay. Raises NoSuchRoom,
    TimeRefused, RoomTaken.
    """
    now = clock.now()
    check_length(wish)
    if instead_of is not None:
        venues.lock_rooms(session.connection(), [room_id, instead_of.room_id])
        _end(session, ClaimEnd.MOVED, _claim.c.id == instead_of.id)
    calendar = locked_calendar(session, room_id, wish, now)
    set_aside = OVERRULABLE.intersection(overruled)
    _refuse([finding for finding in calendar.judge(wish, now) if finding.rule not in set_aside])
    waits = booking.status == BookingStatus.PENDING
    blocks = not (waits and calendar.rules.competes)
    session.flush()
    promised = promise_on(calendar.rules, wish, instead_of)
    whose = {"booking_id": booking.id, "member_id": booking.member_id}
    return _insert(session, calendar, wish, promised, blocks=blocks, **whose)


def take_up(session: Session, claim_id: UUID, booking: Booking) -> Claim:
    """Make a hold the booking's, unless its time has passed or it is another member's. Raises HoldEnded (rule 6)."""
    session.flush()
    taken = (
        update(_claim)
        .where(_claim.c.id == claim_id, _claim.c.booking_id.is_(None), _claim.c.ended_as.is_(None))
        .where(_claim.c.expires_at > clock.now())
        .where(or_(_claim.c.member_id.is_(None), _claim.c.member_id == booking.member_id))
        .values(booking_id=booking.id, member_id=booking.member_id, expires_at=None)
        .returning(_claim.c.id)
    )
    if session.execute(taken).scalar_one_or_none() is None:
        raise HoldEnded
    return session.get_one(Claim, claim_id, populate_existing=True)


def release(session: Session, claim_id: UUID) -> None:
    """Give a hold free before its time. Raises HoldEnded where it is none any more."""
    is_open = _claim.c.id == claim_id, _claim.c.expires_at > clock.now()
    if not _end(session, ClaimEnd.RELEASED, *is_open):
        raise HoldEnded


def sweep(session: Session) -> int:
    """End the holds whose time has passed; gives how many. Nothing depends on when it runs (rules 5 and 7).

    What somebody else is just taking up or ending is left to them, or to the next run.
    """
    return len(_expire(session, clock.now(), skip_locked=True))


def _expire(
    session: Session, now: datetime, *which: ColumnElement[bool], skip_locked: bool = False
) -> list[UUID]:
    """End holds whose time has passed, locked in one order: two who end the same ones do not wait for each other."""
    lapsed = _claim.c.ended_as.is_(None), _claim.c.expires_at <= now
    found = select(_claim.c.id).where(*lapsed, *which).order_by(_claim.c.id)
    keys = list(session.scalars(found.with_for_update(skip_locked=skip_locked)))
    return _end(session, ClaimEnd.EXPIRED, _claim.c.id.in_(keys), *lapsed[1:])


def follow(session: Session, booking: Booking, status: BookingStatus) -> None:
    """Let the booking's claim follow its status: confirmed it keeps others out, called off it lets them in.

    Raises TimeRefused where the venue has been closed since, RoomTaken where another was confirmed first
    (rule 3). Call it before the status is written.
    """
    claim = session.scalar(select(Claim).where(Claim.booking_id == booking.id))
    if claim is None:
        return
    if status in _ENDS:
        _end(session, _ENDS[status], _claim.c.id == claim.id)
    elif status is BookingStatus.CONFIRMED:
        _keep_out(session, claim)


def _keep_out(session: Session, claim: Claim) -> None:
    now, wish = clock.now(), Period(claim.starts_at, claim.ends_at)
    calendar = locked_calendar(session, claim.room_id, wish, now)
    asked = {Rule.CLOSURE} if claim.blocks else {Rule.CLOSURE, Rule.FREE}
    _refuse([finding for finding in calendar.judge(wish, now) if finding.rule in asked])
    if claim.blocks:
        return
    try:
        with session.begin_nested():
            session.execute(update(_claim).where(_claim.c.id == claim.id).values(blocks=True))
    except IntegrityError as error:  # its buffers are those of when it was asked for
        raise RoomTaken from error
    session.refresh(claim)


def check_length(wish: Period) -> None:
    """Raise Invalid for a time that is longer than any room may allow, before its days are counted."""
    if wish.ends_at - wish.starts_at > LONGEST:
        raise Invalid({"ends_at": [_l("Nothing is booked for longer than a month.")]})


def locked_calendar(
    session: Session, room_id: UUID, span: Period, now: datetime, lock: venues.Lock = venues.Lock.ALONE
) -> Calendar:
    """Lock the room, end what has lapsed over the span and give the calendar as it stays until the end.

    Raises NoSuchRoom.
    """
    first, last = span.starts_at.date() - _ONE_DAY, span.ends_at.date() + _ONE_DAY  # the day in any zone
    calendar = calendar_of(session.connection(), room_id, first, last, now, lock=lock)
    if calendar is None:
        raise NoSuchRoom
    blocked = blocked_by(span, calendar.rules)
    lapsed = [one.claim_id for one in calendar.taken if one.blocked.meets(blocked) and not one.counts_at(now)]
    if lapsed:
        _expire(session, now, _claim.c.id.in_(lapsed))
    return calendar


def _refuse(findings: Sequence[Finding]) -> None:
    against = broken(findings)
    if not against:
        return
    if [finding.rule for finding in against] == [Rule.FREE]:
        raise RoomTaken
    raise TimeRefused(_l("This time cannot be booked."), against)


def _insert(
    session: Session, calendar: Calendar, wish: Period, promised: dict[str, Any], **facts: Any
) -> Claim:
    """Insert a claim, or refuse it: the database, which sees what is not committed yet, has the last word."""
    blocked = blocked_by(wish, calendar.rules)
    values = (
        _NOBODYS
        | facts
        | {
            "id": new_id(),
            "room_id": calendar.rules.id,
            "starts_at": wish.starts_at,
            "ends_at": wish.ends_at,
            "blocked": Range(blocked.starts_at, blocked.ends_at),
            "promise": promised | {"by_request": calendar.needs_request(wish)},
        }
    )
    row = session.connection().execute(_INSERTED, values).mappings().one_or_none()
    if row is None:
        raise RoomTaken
    claim = Claim(**row)
    make_transient_to_detached(claim)  # as it is stored, without reading it
    session.add(claim)
    return claim


def promise(rules: venues.RoomRules, wish: Period) -> dict[str, Any]:
    """Tell what is promised with a time: its price line by line, the policy, the zone (rules 17 and 18)."""
    told: dict[str, Any] = {
        "zone": rules.zone,
        "currency": rules.currency,
        "policy": [{"hours_before": step.hours_before, "percent": step.percent} for step in rules.policy],
        "quote": None,
    }
    if rules.tiers:
        found = venues.quote(wish.minutes, rules.tiers, rules.currency)
        told["quote"] = {
            "total_minor": found.total.minor,
            "lines": [
                {"minutes": line.minutes, "times": line.times, "price_minor": line.price.minor}
                for line in found.lines
            ],
        }
    return told


def promise_on(rules: venues.RoomRules, wish: Period, before: Claim | None) -> dict[str, Any]:
    """Tell what is promised with a time that takes the place of another: its policy stays, its price where it may.

    The price stays with the room and the length; else it is made anew by today's prices.
    """
    told = promise(rules, wish)
    if before is None:
        return told
    told["policy"] = before.promise["policy"]
    is_alike = (
        before.room_id == rules.id and before.ends_at - before.starts_at == wish.ends_at - wish.starts_at
    )
    if is_alike:
        told |= {"quote": before.promise["quote"], "currency": before.promise["currency"]}
    return told


def _end(session: Session, as_what: ClaimEnd, *which: ColumnElement[bool]) -> list[UUID]:
    """End claims, and tell of each once; gives their keys."""
    ended = (
        update(_claim)
        .where(_claim.c.ended_as.is_(None), *which)
        .values(blocks=False, ended_at=clock.now(), ended_as=as_what.value, updated_at=func.now())
        .returning(_claim.c.id)
    )
    keys = list(session.scalars(ended))
    for key in keys:
        record(TimeFreed(key))
    return keys
