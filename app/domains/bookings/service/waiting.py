"""Verbs of who waits for a time in a room: to join, to leave, to answer an offer (rule 21)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, object_session

from app.domains.bookings.errors import (
    AlreadyWaiting,
    HoldEnded,
    NoSuchRoom,
    OfferEnded,
    TimeIsFree,
    TimeRefused,
    TooManyWaits,
    TransitionRefused,
)
from app.domains.bookings.events import WaitingEnded, WaitingJoined, WaitingOffered
from app.domains.bookings.models import Booking, Claim, Waiting, WaitingStatus, WaitingStep
from app.domains.bookings.queries import Calendar, Rule, broken
from app.domains.bookings.service.claiming import locked_calendar, release
from app.domains.bookings.service.rooms import book_room
from app.domains.venues import queries as venues
from app.kernel import clock
from app.kernel.actor import current_actor
from app.kernel.db import db
from app.kernel.errors import Invalid
from app.kernel.outbox import DomainEvent, record
from app.kernel.values import Period

WAITING_TRANSITIONS: dict[WaitingStatus, frozenset[WaitingStatus]] = {
    WaitingStatus.WAITING: frozenset({WaitingStatus.OFFERED, WaitingStatus.LEFT, WaitingStatus.CLOSED}),
    WaitingStatus.OFFERED: frozenset(
        {
            WaitingStatus.ACCEPTED,
            WaitingStatus.DECLINED,
            WaitingStatus.LAPSED,
            WaitingStatus.LEFT,
            WaitingStatus.CLOSED,
        }
    ),
    WaitingStatus.ACCEPTED: frozenset(),
    WaitingStatus.DECLINED: frozenset(),
    WaitingStatus.LAPSED: frozenset(),
    WaitingStatus.LEFT: frozenset(),
    WaitingStatus.CLOSED: frozenset(),
}
MOST_WAITS = 5
"""For so many times one client may wait at once."""
UNDER_WAY = (WaitingStatus.WAITING.value, WaitingStatus.OFFERED.value)

_NEWS: dict[WaitingStatus, Callable[[UUID], DomainEvent]] = {
    WaitingStatus.WAITING: WaitingJoined,
    WaitingStatus.OFFERED: WaitingOffered,
}
_CLIENT = ("client_name", "client_email", "client_phone", "event_type", "guests", "locale", "time_zone")


def join(session: Session, facts: Mapping[str, Any], room_id: UUID, wish: Period) -> Waiting:
    """Put a client on the list for a time that others have; `facts` are theirs, by the columns of Waiting.

    Raises NoSuchRoom, TimeIsFree, TimeRefused with the rules that the time breaks beside, AlreadyWaiting,
    TooManyWaits, Invalid.
    """
    given = dict(facts) | {"room_id": room_id, "starts_at": wish.starts_at, "ends_at": wish.ends_at}
    session.flush()
    venues.lock_rooms(session.connection(), [room_id])
    if not venues.room_rules(session.connection(), [room_id], wish):
        raise NoSuchRoom
    waiting = Waiting(status=WaitingStatus.WAITING.value, **given)
    _check(session, waiting)
    session.add(waiting)
    _begin(session, waiting)
    return waiting


def admit(session: Session, waiting: Waiting) -> None:
    """Check a place on the list that was written by a form, the API or `join`, and note its first step.

    The guard of the content type: who is on the list already is let be. Raises as `join` does.
    """
    if not waiting.steps:
        _check(session, waiting)
        _begin(session, waiting)


def _check(session: Session, waiting: Waiting) -> None:
    wish, now = period_of(waiting), clock.now()
    calendar = locked_calendar(session, waiting.room_id, wish, now)
    against = broken(calendar.judge(wish, now))
    if not against:
        raise TimeIsFree
    if others := [finding for finding in against if finding.rule is not Rule.FREE]:
        raise TimeRefused(_l("This time cannot be booked, so nobody can wait for it."), others)
    if is_too_many(waiting, calendar):
        most = calendar.rules.capacity
        raise Invalid({"guests": [_l("This room holds %(most)s guests at most.", most=most)]})
    if _waits_already(session, waiting):
        raise AlreadyWaiting
    if (session.scalar(select(func.count()).where(*_under_way_of(waiting))) or 0) >= MOST_WAITS:
        raise TooManyWaits(MOST_WAITS)


def _begin(session: Session, waiting: Waiting) -> None:
    _note(waiting, WaitingStatus.WAITING, "")
    session.flush()
    record(WaitingJoined(waiting.id))


def leave(waiting: Waiting, reason: str = "") -> None:
    """Take a client off the list because they wish it; what was offered to them goes on to the next."""
    lock_waiting(waiting)
    if waiting.status == WaitingStatus.LEFT:
        return
    _give_up(waiting, WaitingStatus.LEFT, reason)


def decline(waiting: Waiting, reason: str = "") -> None:
    """Note that the client does not want the time that is offered; it goes on to the next."""
    lock_waiting(waiting)
    if waiting.status == WaitingStatus.DECLINED:
        return
    _give_up(waiting, WaitingStatus.DECLINED, reason)


def close(waiting: Waiting, reason: str = "") -> None:
    """Take somebody off the list because the house wishes it; they are told."""
    lock_waiting(waiting)
    if waiting.status == WaitingStatus.CLOSED:
        return
    _give_up(waiting, WaitingStatus.CLOSED, reason)


def accept(waiting: Waiting, facts: Mapping[str, Any] | None = None) -> Booking:
    """Book what is offered, by its hold, in the transaction of the caller; gives the booking.

    `facts` go over what the client said when they joined. Accepting twice gives the same booking. Raises
    OfferEnded, whether a job has seen it or not, and what `book_room` raises.
    """
    session = session_of(waiting)
    lock_waiting(waiting)
    if waiting.status == WaitingStatus.ACCEPTED:
        return session.get_one(Booking, waiting.booking_id)
    if waiting.status != WaitingStatus.OFFERED or not is_open(session, waiting):
        raise OfferEnded
    told = {name: getattr(waiting, name) for name in _CLIENT} | dict(facts or {})
    told["member_id"] = waiting.member_id
    try:
        booking = book_room(session, told, waiting.room_id, period_of(waiting), claim_id=waiting.claim_id)
    except HoldEnded as error:
        raise OfferEnded from error
    with session.no_autoflush:  # the database wants the status and the booking at once
        waiting.booking_id = booking.id
        become_waiting(waiting, WaitingStatus.ACCEPTED, "")
    session.flush()
    return booking


def renew_waiting_link(waiting: Waiting, _reason: str = "") -> None:
    """End the client's link and make another."""
    lock_waiting(waiting)
    waiting.link_serial += 1


def may_wait_as(waiting: Waiting, status: WaitingStatus) -> bool:
    """Tell whether the table of transitions allows the status."""
    return status in WAITING_TRANSITIONS[WaitingStatus(waiting.status)]


def become_waiting(waiting: Waiting, status: WaitingStatus, reason: str) -> None:
    """Change the status of a locked place on the list, with its step and its news. Raises TransitionRefused."""
    if not may_wait_as(waiting, status):
        before = WaitingStatus(waiting.status)
        raise TransitionRefused(
            _l(
                "From “%(before)s” a place on the list cannot become “%(after)s”.",
                before=before.label,
                after=status.label,
            )
        )
    waiting.status = status.value
    _note(waiting, status, reason)
    record(_NEWS.get(status, WaitingEnded)(waiting.id))


def pass_over(waiting: Waiting, reason: str) -> None:
    """Note why somebody was passed over, unless that is the last thing noted already."""
    if not waiting.steps or waiting.steps[-1].reason != reason:
        _note(waiting, WaitingStatus(waiting.status), reason)


def lock_waiting(waiting: Waiting) -> None:
    """Lock a place on the list, its room first, as every path does."""
    session = session_of(waiting)
    session.flush()
    venues.lock_rooms(session.connection(), [waiting.room_id])
    session.refresh(waiting, with_for_update=True)


def is_open(session: Session, waiting: Waiting) -> bool:
    """Tell whether the offer still holds: the clock says so, not a job that has or has not run (rule 5)."""
    claim = session.get(Claim, waiting.claim_id, populate_existing=True) if waiting.claim_id else None
    return (
        claim is not None
        and claim.ended_as is None
        and claim.expires_at is not None
        and claim.expires_at > clock.now()
    )


def is_too_many(waiting: Waiting, calendar: Calendar) -> bool:
    """Tell whether the guests are more than the room holds."""
    return waiting.guests is not None and waiting.guests > calendar.rules.capacity


def period_of(waiting: Waiting) -> Period:
    """Give the time that is waited for. Raises Invalid where it ends before it starts."""
    if waiting.ends_at <= waiting.starts_at:
        raise Invalid({"ends_at": [_l("The end comes after the start.")]})
    return Period(waiting.starts_at, waiting.ends_at)


def session_of(waiting: Waiting) -> Session:
    """Give the session in which a place on the list is stored."""
    return object_session(waiting) or db.session()


def _give_up(waiting: Waiting, status: WaitingStatus, reason: str) -> None:
    """End a wait, and give what was offered free; an offer whose time has passed ends as not answered."""
    session = session_of(waiting)
    is_offered = waiting.status == WaitingStatus.OFFERED
    holds = is_offered and is_open(session, waiting)
    if is_offered and not holds and status is WaitingStatus.DECLINED:
        raise OfferEnded
    become_waiting(waiting, status, reason)
    if holds and waiting.claim_id is not None:
        release(session, waiting.claim_id)
    session.flush()


def _under_way_of(waiting: Waiting) -> tuple[ColumnElement[bool], ...]:
    """Give the conditions on the other places that the same client has."""
    is_same = func.lower(Waiting.client_email) == waiting.client_email.lower()
    if waiting.member_id is not None:
        is_same = or_(is_same, Waiting.member_id == waiting.member_id)
    return Waiting.status.in_(UNDER_WAY), Waiting.id != waiting.id, is_same


def _waits_already(session: Session, waiting: Waiting) -> bool:
    """Tell whether the same client waits for a time that meets it; the room is locked, so that two at once are seen."""
    others = select(Waiting.id).where(
        *_under_way_of(waiting),
        Waiting.room_id == waiting.room_id,
        Waiting.starts_at < waiting.ends_at,
        Waiting.ends_at > waiting.starts_at,
    )
    return session.scalar(others.limit(1)) is not None


def _note(waiting: Waiting, status: WaitingStatus, reason: str) -> None:
    waiting.steps.append(
        WaitingStep(
            to_status=status.value,
            at=clock.now(),
            actor_label=current_actor().label,
            reason=reason,
            position=len(waiting.steps),
        )
    )
