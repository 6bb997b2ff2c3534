"""Calendars for other programs: one of the first venue, one of its first room."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.demo.content import content
from app.demo.keys import stable_key
from app.domains.bookings.models import CalendarFeed
from app.domains.venues.models import Room, Venue


def add_feeds(session: Session) -> int:
    """Put in the calendars that are missing; gives how many."""
    first = content("venues")["venues"][0]
    venue = session.scalar(select(Venue).where(Venue.slug == first["slug"]))
    room = session.scalar(select(Room).where(Room.slug == first["rooms"][0]["slug"]))
    places = [("venue_id", venue), ("room_id", room)]
    count = 0
    for number, (column, place) in enumerate(places):
        key = stable_key("calendar_feed", column, number)
        if place is not None and session.get(CalendarFeed, key) is None:
            session.add(CalendarFeed(id=key, name=place.name, **{column: place.id}))
            count += 1
    session.flush()
    return count
