"""Verbs on the calendars that other programs read by a secret address."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from app.domains.bookings.models import CalendarFeed


def renew_feed(feed: CalendarFeed, _reason: str = "") -> None:
    """End the address of a calendar and make another."""
    session = object_session(feed)
    if session is not None:
        session.flush()
        session.refresh(feed, with_for_update=True)
    feed.serial += 1


def feed_of_member(session: Session, member_id: UUID, name: str) -> CalendarFeed:
    """Find a member's own calendar, or make it under a name; the first of several is theirs."""
    return next(iter(_feeds_of(session, member_id)), None) or _made(session, member_id, name)


def renew_feeds_of_member(session: Session, member_id: UUID, name: str) -> CalendarFeed:
    """End every address of a member's calendar, whoever made it, and give the one that has a new one."""
    feeds = _feeds_of(session, member_id)
    for feed in feeds:
        renew_feed(feed)
    return feeds[0] if feeds else _made(session, member_id, name)


def _feeds_of(session: Session, member_id: UUID) -> list[CalendarFeed]:
    wanted = select(CalendarFeed).where(CalendarFeed.member_id == member_id)
    return list(session.scalars(wanted.order_by(CalendarFeed.created_at, CalendarFeed.id)))


def _made(session: Session, member_id: UUID, name: str) -> CalendarFeed:
    feed = CalendarFeed(member_id=member_id, name=name[:120])
    session.add(feed)
    session.flush()
    return feed
