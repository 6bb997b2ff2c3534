"""Calendars for other programs: the file behind a secret address, and a member's own address."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, time
from typing import Any

from flask import Response, request
from flask_babel import force_locale
from flask_babel import gettext as _

from app.access.limits import spend
from app.access.realms import Holder
from app.domains.bookings import queries, service
from app.domains.bookings.api import schemas
from app.domains.bookings.api.feed_file import calendar_file
from app.domains.bookings.errors import NoSuchCalendar
from app.domains.bookings.models import CalendarFeed
from app.domains.bookings.queries.feeds import window
from app.kernel import clock, languages
from app.kernel.db import unit_of_work
from app.kernel.locales import parse_locale
from app.mail.settings import current_settings
from app.surfaces.contract import Answer, Auth, PublicApi
from app.surfaces.public.language import default_locale, wanted_locale
from app.translation.chain import translated_locales

READS = "120 per minute"
"""Calendars read from one address, right and wrong ones: a service of many people reads for all of them."""
RENEWALS = "10 per hour"
_OURS = 1
"""Counted up when the file is written otherwise from the same bookings."""
_HEADERS = {
    "Cache-Control": "private, max-age=300",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "Content-Disposition": 'inline; filename="calendar.ics"',
}

api = PublicApi("calendar_feeds", tag="Bookings")


@api.operation(
    "GET",
    "/calendars/<token>.ics",
    "Read a calendar of bookings",
    query=schemas.Language,
    gives={200: None, 304: None},
    refuses=(NoSuchCalendar, "too_many_requests"),
    description=(
        "An iCalendar file (`text/calendar`) for calendar programs, which are given its address. It tells of 90 "
        "days back and 400 ahead. Ask again with `If-None-Match`, or `If-Modified-Since`."
    ),
)
def calendar_of_token(token: str, query: dict[str, Any]) -> Response:
    """Give the file; who has it already is told so."""
    spend("calendar-feed", READS)
    feed = queries.feed_by_token(token)
    if feed is None:
        raise NoSuchCalendar
    today = clock.today()
    locale = wanted_locale(query["lang"]) if query.get("lang") else default_locale()
    events = queries.feed_events(feed, today, translated_locales(locale, default_locale()))
    response = Response(mimetype="text/calendar", headers=_HEADERS)
    response.set_etag(_mark(feed, events, locale))
    changed_at = [datetime.combine(today, time(0), UTC), feed.changed_at, *(one.changed_at for one in events)]
    response.last_modified = max(changed_at)
    response.make_conditional(request)
    if response.status_code != 304:
        with force_locale(parse_locale(languages.best_words(locale) or default_locale())):
            response.set_data(calendar_file(feed, events, window(today), current_settings()))
    return response


@api.operation(
    "GET",
    "/me/calendar",
    "Give the address of the member's own calendar",
    gives={200: schemas.OwnCalendarAnswer},
    auth=Auth.MEMBER,
    description=(
        "Calendar programs read the member's bookings under `url`; `subscribe` opens one that is installed. "
        "Both are null where staff closed the calendar. Whoever knows the address can read it."
    ),
)
def own_calendar(member: Holder) -> Answer:
    """Give the address; the calendar is made when it is asked for first."""
    with unit_of_work() as session:
        return _told(service.feed_of_member(session, member.id, _name()), member)


@api.operation(
    "POST",
    "/me/calendar",
    "Give the member's own calendar another address",
    gives={200: schemas.OwnCalendarAnswer},
    auth=Auth.MEMBER,
    refuses=("too_many_requests",),
    description="Whoever reads under the address before finds nothing any more.",
)
def renew_own_calendar(member: Holder) -> Answer:
    """End the address and make another."""
    spend("calendar-renewal", RENEWALS, key=str(member.id))
    with unit_of_work() as session:
        feed = service.renew_feeds_of_member(session, member.id, _name())
        session.flush()
        return _told(feed, member)


def _name() -> str:
    return _("My bookings")


def _told(feed: CalendarFeed, member: Holder) -> Answer:
    url = queries.feed_url(feed.id, feed.serial, member.locale) if feed.is_active else None
    subscribe = f"webcal://{url.split('://', 1)[1]}" if url else None
    return Answer({"data": {"url": url, "subscribe": subscribe}})


def _mark(feed: queries.Feed, events: list[queries.FeedEvent], locale: str) -> str:
    """Tell one file from another by what it is written from, so that nothing is written for who has it."""
    written = repr((_OURS, feed.name, bool(feed.member_id), locale, events))
    return hashlib.sha256(written.encode()).hexdigest()[:32]
