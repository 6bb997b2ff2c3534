"""Verbs of who waits for a time in a room: to join, to leave, to answer an offer (rule 21)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, and_, func, or_, select
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
from app.domains.bookings.events import (
    WaitingAskedAgain,
    WaitingEnded,
    WaitingFull,
    WaitingJoined,
    WaitingOffered,
)
from app.domains.bookings.models import Booking, Claim, Waiting, WaitingStatus, WaitingStep
from app.domains.bookings.queries import Calendar, Rule, broken
from app.domains.bookings.service.claiming import check_length, locked_calendar, release
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


class _Place(NamedTuple):
    """A place that a client has on a list; whether its time meets the one that is asked for."""

    id: UUID
    meets: bool


_CLIENT = ("client_name", "client_email", "client_phone", "event_type", "guests", "locale", "time_zone")


def join(session: Session, facts: Mapping[str, Any], room_id: UUID, wish: Period) -> Waiting:
    """Put a client on the list for a time that others have; `facts` are theirs, by the columns of Waiting.

    Raises NoSuchRoom, TimeIsFree, TimeRefused with the rules that the time breaks beside, AlreadyWaiting,
    TooManyWaits, Invalid.
    """
    waiting = _wanted(session, facts, room_id, wish)
    _check(session, waiting)
    session.add(waiting)
    _begin(session, waiting)
    return waiting


def ask(session: Session, facts: Mapping[str, Any], room_id: UUID, wish: Period) -> UUID:
    """Put on the list whose address anybody may have typed, unless who has it waits already; gives the place there is.

    Who asks never learns which of the two it was: it costs the same statements, and the mail to the address alone
    says where it stands. What a member has in their own name is refused as in `join`. Raises NoSuchRoom, TimeIsFree,
    TimeRefused, Invalid; AlreadyWaiting and TooManyWaits to a member of their own.
    """
    waiting = _wanted(session, facts, room_id, wish)
    _check_time(session, waiting)
    if waiting.member_id is not None:
        _check_places(_places(session, waiting, Waiting.member_id == waiting.member_id))
    places = _places(session, waiting, _has_address_of(waiting))
    news = _news_of(places)
    attempt = session.begin_nested()
    session.add(waiting)
    _note(waiting, WaitingStatus.WAITING, "")
    session.flush()
    joined = WaitingJoined(waiting.id)
    (attempt.commit if news is None else attempt.rollback)()
    record(news or joined)
    return (news or joined).waiting_id


def admit(session: Session, waiting: Waiting) -> None:
    """Check a place on the list that was written by a form, the API or `join`, and note its first step.

    The guard of the content type: who is on the list already is let be. Raises as `join` does.
    """
    if not waiting.steps:
        _check(session, waiting)
        _begin(session, waiting)


def _wanted(session: Session, facts: Mapping[str, Any], room_id: UUID, wish: Period) -> Waiting:
    """Make a place on the list under the lock of its room, not stored yet. Raises NoSuchRoom."""
    given = dict(facts) | {"room_id": room_id, "starts_at": wish.starts_at, "ends_at": wish.ends_at}
    session.flush()
    venues.lock_rooms(session.connection(), [room_id])
    if not venues.room_rules(session.connection(), [room_id], wish):
        raise NoSuchRoom
    return Waiting(status=WaitingStatus.WAITING.value, **given)


def _check(session: Session, waiting: Waiting) -> None:
    _check_time(session, waiting)
    is_same = _has_address_of(waiting)
    if waiting.member_id is not None:
        is_same = or_(is_same, Waiting.member_id == waiting.member_id)
    _check_places(_places(session, waiting, is_same))


def _check_time(session: Session, waiting: Waiting) -> None:
    """Refuse what says nothing of who waits: a time that is free or never is, more guests than the room holds."""
    wish, now = period_of(waiting), clock.now()
    check_length(wish)
    calendar = locked_calendar(session, waiting.room_id, wish, now)
    against = broken(calendar.judge(wish, now))
    if not against:
        raise TimeIsFree
    if others := [finding for finding in against if finding.rule is not Rule.FREE]:
        raise TimeRefused(_l("This time cannot be booked, so nobody can wait for it."), others)
    if is_too_many(waiting, calendar):
        most = calendar.rules.capacity
        raise Invalid({"guests": [_l("This room holds %(most)s guests at most.", most=most)]})


def _check_places(places: Sequence[_Place]) -> None:
    if any(place.meets for place in places):
        raise AlreadyWaiting
    if len(places) >= MOST_WAITS:
        raise TooManyWaits(MOST_WAITS)


def _news_of(places: Sequence[_Place]) -> WaitingAskedAgain | WaitingFull | None:
    """Tell of what keeps a client off the list, in the order of `_check_places`; None where nothing does."""
    if (met := next((place for place in places if place.meets), None)) is not None:
        return WaitingAskedAgain(met.id)
    return WaitingFull(places[0].id) if len(places) >= MOST_WAITS else None


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


def _has_address_of(waiting: Waiting) -> ColumnElement[bool]:
    return func.lower(Waiting.client_email) == waiting.client_email.lower()


def _places(session: Session, waiting: Waiting, is_same: ColumnElement[bool]) -> list[_Place]:
    """List the other places that a client has, the oldest first; the room is locked, so that two at once are seen."""
    meets = and_(
        Waiting.room_id == waiting.room_id,
        Waiting.starts_at < waiting.ends_at,
        Waiting.ends_at > waiting.starts_at,
    )
    others = select(Waiting.id, meets).where(
        Waiting.status.in_(UNDER_WAY), Waiting.id.is_distinct_from(waiting.id), is_same
    )
    return [_Place(*row) for row in session.execute(others.order_by(Waiting.created_at, Waiting.id))]


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
