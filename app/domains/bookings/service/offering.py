"""Giving a time that became free to who waits for it: the first who can take it, and nobody is skipped in silence."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from app.domains.bookings.errors import RoomTaken
from app.domains.bookings.models import Claim, Waiting, WaitingStatus
from app.domains.bookings.queries import Calendar, broken
from app.domains.bookings.service.claiming import hold, locked_calendar
from app.domains.bookings.service.reasons import LASTING, Reason
from app.domains.bookings.service.waiting import (
    become_waiting,
    is_too_many,
    lock_waiting,
    pass_over,
    period_of,
    session_of,
)
from app.domains.venues import queries as venues
from app.kernel import clock
from app.kernel.configured import configured
from app.kernel.errors import Invalid
from app.kernel.values import Period, is_blank

SHORTEST_OFFER = timedelta(minutes=30)
"""So long an offer lasts at least, though the time may then begin sooner than the room's notice."""


def pass_on(session: Session, claim_id: UUID) -> list[Waiting]:
    """Give the time of a claim that has ended to who waits for it; gives everybody whose place changed.

    An offer that was not answered ends here first. A second call finds nothing to do.
    """
    claim = session.get(Claim, claim_id)
    if claim is None:
        return []
    venues.lock_rooms(session.connection(), [claim.room_id])
    session.refresh(claim)
    if claim.ended_as is None:
        return []
    lapsed = session.scalar(
        select(Waiting)
        .where(Waiting.claim_id == claim_id, Waiting.status == WaitingStatus.OFFERED.value)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    changed = [lapsed] if lapsed is not None else []
    if lapsed is not None:
        become_waiting(lapsed, WaitingStatus.LAPSED, Reason.NO_ANSWER)
    freed = Period(claim.blocked.lower or claim.starts_at, claim.blocked.upper or claim.ends_at)
    return changed + offer_next(session, claim.room_id, freed)


def offer_next(session: Session, room_id: UUID, freed: Period) -> list[Waiting]:
    """Offer what is free of a time to those who wait for it, in their order; gives everybody whose place changed.

    Who stands before one that gets an offer, and gets none, has a step that says why.
    """
    now = clock.now()
    rules = locked_calendar(session, room_id, freed, now).rules
    line = _line(session, room_id, freed.widened(rules.buffer_after, rules.buffer_before))
    calendar = _around(session, room_id, line, now)
    changed: list[Waiting] = []
    passed: list[Waiting] = []
    for waiting in line:
        reason = against(calendar, waiting, now)
        if reason is None and _offered(session, waiting, calendar, ""):
            _note_all(passed, Reason.STILL_TAKEN)
            passed.clear()
            changed.append(waiting)
            calendar = _around(session, room_id, line, now)
        elif reason in LASTING.values():
            become_waiting(waiting, WaitingStatus.CLOSED, str(reason))
            changed.append(waiting)
        elif reason in (None, Reason.STILL_TAKEN):
            passed.append(waiting)
        else:
            pass_over(waiting, str(reason))
    session.flush()
    return changed


def offer_all(session: Session, room_id: UUID) -> list[Waiting]:
    """Offer whatever is free to all who wait in a room: finds what no news tell of, such as a larger capacity."""
    waits = Waiting.room_id == room_id, Waiting.status == WaitingStatus.WAITING.value
    span = select(func.min(Waiting.starts_at), func.max(Waiting.ends_at)).where(*waits)
    first, last = session.execute(span).one()
    return offer_next(session, room_id, Period(first, last)) if first is not None else []


def offer_now(waiting: Waiting, reason: str = "") -> None:
    """Offer somebody their time before those who came first; these get a step that says so.

    Raises Invalid without a reason or with too many guests, TransitionRefused, TimeRefused, RoomTaken.
    """
    session = session_of(waiting)
    lock_waiting(waiting)
    if is_blank(reason):
        raise Invalid({"reason": [_l("Say why: those who came first can ask.")]})
    wish = period_of(waiting)
    calendar = locked_calendar(session, waiting.room_id, wish, clock.now())
    if is_too_many(waiting, calendar):
        raise Invalid(
            {"guests": [_l("This room holds %(most)s guests at most.", most=calendar.rules.capacity)]}
        )
    _offer(session, waiting, calendar, reason)
    line = _line(session, waiting.room_id, wish.widened(0, 0))
    place = (waiting.created_at, waiting.id)
    _note_all((other for other in line if (other.created_at, other.id) < place), Reason.OUT_OF_TURN)
    session.flush()


def close_unoffered(session: Session, place: Any) -> None:
    """Close the waits for a room, or for all rooms of a venue, that is not offered any more: a guard of both."""
    if place.is_active:
        return
    venue_id = getattr(place, "venue_id", None)
    room_id = place.id if venue_id else None
    rooms = venues.lock_rooms_of(session.connection(), venue_id or place.id, room_id)
    _close_all(session, Waiting.room_id.in_(rooms), reason=Reason.NOT_OFFERED)


def close_under(session: Session, closure: Any) -> None:
    """Close the waits for times that a closure makes impossible: the guard of closures."""
    rooms = venues.lock_rooms_of(session.connection(), closure.venue_id, closure.room_id)
    _close_all(
        session,
        Waiting.room_id.in_(rooms),
        Waiting.starts_at < closure.ends_at,
        Waiting.ends_at > closure.starts_at,
        reason=Reason.CLOSED_THEN,
    )


def rooms_waited_for(session: Session) -> list[UUID]:
    """List the rooms for which somebody waits."""
    found = select(Waiting.room_id).where(Waiting.status == WaitingStatus.WAITING.value).distinct()
    return sorted(session.scalars(found))


def close_hopeless(session: Session, room_id: UUID) -> list[Waiting]:
    """Close the waits for a room that is offered no more, and for times that it is too late to book by now."""
    now = clock.now()
    venues.lock_rooms(session.connection(), [room_id])
    rules = next(iter(venues.room_rules(session.connection(), [room_id], Period(now, now + SHORTEST_OFFER))))
    its = Waiting.room_id == room_id
    if not rules.is_active:
        return _close_all(session, its, reason=Reason.NOT_OFFERED)
    latest = now + timedelta(minutes=rules.notice)
    return _close_all(session, its, Waiting.starts_at < latest, reason=Reason.TOO_LATE)


def against(calendar: Calendar, waiting: Waiting, now: datetime) -> Reason | None:
    """Say why somebody cannot be offered their time now; None where they can."""
    found = broken(calendar.judge(period_of(waiting), now))
    rules = [finding.rule for finding in found]
    if lasting := [LASTING[rule] for rule in rules if rule in LASTING]:
        return lasting[0]
    if is_too_many(waiting, calendar):
        return Reason.TOO_MANY_GUESTS
    if not rules:
        return None
    return Reason.STILL_TAKEN if rules == ["free"] else Reason.RULES_CHANGED


def _offered(session: Session, waiting: Waiting, calendar: Calendar, reason: str) -> bool:
    """Offer somebody their time, unless the database itself knows that it is taken."""
    try:
        _offer(session, waiting, calendar, reason)
    except RoomTaken:
        return False
    return True


def _offer(session: Session, waiting: Waiting, calendar: Calendar, reason: str) -> None:
    """Hold the time for somebody, through the guard of every hold (rule 3), and tell them."""
    wish = period_of(waiting)
    left = wish.starts_at - timedelta(minutes=calendar.rules.notice) - clock.now()
    lifetime = max(SHORTEST_OFFER, min(timedelta(hours=int(configured("OFFER_HOURS"))), left))
    claim = hold(session, waiting.room_id, wish, waiting.member_id, lifetime=lifetime)
    waiting.claim_id = claim.id
    become_waiting(waiting, WaitingStatus.OFFERED, reason)
    session.flush()


def _close_all(session: Session, *which: ColumnElement[bool], reason: Reason) -> list[Waiting]:
    """Close waits of rooms that are locked; what is offered already stays a promise until its time has passed."""
    found = list(session.scalars(_in_order().where(*which)))
    for waiting in found:
        become_waiting(waiting, WaitingStatus.CLOSED, reason)
    session.flush()
    return found


def _line(session: Session, room_id: UUID, reach: Period) -> list[Waiting]:
    """List who waits in a room for a time that meets another, in their order, and lock them."""
    found = _in_order().where(
        Waiting.room_id == room_id, Waiting.starts_at < reach.ends_at, Waiting.ends_at > reach.starts_at
    )
    return list(session.scalars(found))


def _in_order() -> Select[Waiting]:
    found = select(Waiting).where(Waiting.status == WaitingStatus.WAITING.value)
    ordered = found.order_by(Waiting.created_at, Waiting.id)
    return ordered.with_for_update().execution_options(populate_existing=True)


def _around(session: Session, room_id: UUID, line: list[Waiting], now: datetime) -> Calendar:
    """Give the calendar of a room around all times that are waited for."""
    starts = min((waiting.starts_at for waiting in line), default=now)
    ends = max((waiting.ends_at for waiting in line), default=now)
    return locked_calendar(session, room_id, Period(starts, max(ends, starts + SHORTEST_OFFER)), now)


def _note_all(passed: Iterable[Waiting], reason: Reason) -> None:
    for waiting in passed:
        pass_over(waiting, reason)
