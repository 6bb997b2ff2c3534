"""A calendar of bookings as the file that calendar programs read (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Event

from app.domains.bookings.api.zone_rules import zone_rules
from app.domains.bookings.models import BookingStatus
from app.domains.bookings.queries import Feed, FeedEvent
from app.domains.bookings.resources import EVENT_TYPES
from app.kernel.configured import outside_url
from app.kernel.values import Period
from app.mail.calendars import empty_calendar, event_key
from app.mail.settings import MailSettings

_STATUSES = {
    BookingStatus.PENDING: "TENTATIVE",
    BookingStatus.CANCELLED: "CANCELLED",
    BookingStatus.REJECTED: "CANCELLED",
}
_OCCASIONS = {option.value: option.label for option in EVENT_TYPES}
_LONGEST = timedelta(days=33)
"""A booking of a month with a day to spare: one that reaches over an end of the window lies in its zones' rules."""


def calendar_file(feed: Feed, events: Sequence[FeedEvent], told: Period, settings: MailSettings) -> bytes:
    """Write a calendar; what it says depends on its arguments and on the language that is spoken now alone."""
    calendar = empty_calendar(settings)
    calendar.add("name", feed.name)
    calendar.add("x-wr-calname", feed.name)
    calendar.add("refresh-interval", timedelta(hours=1), {"VALUE": "DURATION"})
    first, last = (told.starts_at - _LONGEST).date(), (told.ends_at + _LONGEST).date()
    for zone in sorted(_zones(events)):
        calendar.add_component(zone_rules(zone, first, last))
    for event in events:
        calendar.add_component(_event(feed, event, settings))
    return calendar.to_ical()


def _zones(events: Iterable[FeedEvent]) -> set[str]:
    """List the zones that times are told in; UTC needs no rules."""
    return {event.zone for event in events if event.zone and event.zone != "UTC"}


def _event(feed: Feed, told: FeedEvent, settings: MailSettings) -> Event:
    event = Event()
    event.add("uid", event_key(told.id, settings))
    event.add("sequence", told.step)
    event.add("dtstamp", told.changed_at)
    event.add("last-modified", told.changed_at)
    for name, value in zip(("dtstart", "dtend"), _times(told), strict=True):
        event.add(name, value)
    event.add("summary", _summary(feed, told))
    event.add("location", _place(told))
    event.add("status", _STATUSES.get(BookingStatus(told.status), "CONFIRMED"))
    event.add("transp", "OPAQUE")
    if feed.member_id is None:
        event.add("url", outside_url(f"/bookings/{told.id}"))
    return event


def _times(told: FeedEvent) -> tuple[object, object]:
    """Give the start and the end: the whole day where there is no room, else by the clocks of the venue.

    What begins or ends at a time that the clocks show twice is told in UTC: programs differ in which they mean.
    """
    if told.starts_at is None or told.ends_at is None or told.zone is None:
        return told.event_on, told.event_on + timedelta(days=1)
    if told.zone == "UTC":
        return told.starts_at, told.ends_at
    there = ZoneInfo(told.zone)
    local = told.starts_at.astimezone(there), told.ends_at.astimezone(there)
    return (told.starts_at, told.ends_at) if any(_comes_twice(at) for at in local) else local


def _comes_twice(local: datetime) -> bool:
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def _summary(feed: Feed, told: FeedEvent) -> str:
    """Say what it is: to staff the room and for whom, to a member the room and the venue, or the package."""
    if told.room is None:
        return told.package or str(_OCCASIONS.get(told.occasion, told.occasion))
    return f"{told.room} · {told.venue if feed.member_id else told.client}"


def _place(told: FeedEvent) -> str:
    if told.room is None:
        return told.place
    return ", ".join(part for part in (told.venue, told.address) if part)
