"""One conversation in the inbox: its head, its messages, and who the visitor is."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.dates import format_time
from flask import current_app, request
from flask_babel import gettext as _
from flask_login import current_user

from app.access import rows as row_rules
from app.access.rights import may
from app.domains.bookings.resources import EVENT_TYPES, STATUSES, bookings
from app.domains.messaging import queries
from app.insights.visitors import VisitorFacts, find_members, visitor_facts
from app.kernel import clock
from app.kernel.db import db
from app.kernel.devices import device_name
from app.surfaces.records import wording
from app.web import inbox_words as words
from app.web.inbox_list import BASE, asked_view, visible
from app.web.inbox_pages import AboutPage, Card, Fact, Person, TalkPage, Thread, Visit

if TYPE_CHECKING:
    from app.domains.bookings.models import Booking
    from app.domains.messaging.models import Conversation, Message

PAGE = 40
MOST_NEWS = 100
MOST_PAGES = 6
ONLINE_WITHIN = timedelta(minutes=2)


def facts_of(conversation: Conversation) -> VisitorFacts:
    """Read who the visitor is, as far as the reader may know."""
    theirs = None
    if may("list", bookings.name):
        theirs = row_rules.condition(bookings.name, current_user, bookings.model)
    return visitor_facts(db.session(), conversation, theirs, visible())


def talk_page(
    conversation: Conversation, staff: dict[int, Person], facts: VisitorFacts, **more: Any
) -> TalkPage:
    """Make the head and the composer."""
    base = f"{BASE}/{conversation.id}"
    is_open = conversation.is_open
    assigned = conversation.assigned_to_id
    return TalkPage(
        id=str(conversation.id),
        base=base,
        about_url=f"{base}?{urlencode({'view': asked_view(), 'show': 'about'})}",
        canned_url=f"{BASE}/canned?{urlencode({'locale': conversation.locale})}",
        visitor=words.visitor(conversation),
        visitor_apart=words.apart(words.visitor(conversation).name),
        presence=_presence(facts),
        is_online=_is_online(facts),
        status=conversation.status,
        locale=conversation.locale,
        assignee=(staff.get(assigned) or words.person(assigned, _("Somebody else"))) if assigned else None,
        staff=tuple(staff.values()),
        is_bot_on=conversation.bot_on,
        has_bot=current_app.config["CHAT_BOT"] != "off",
        history_url=f"{base}/history" if may("history", "conversation") else "",
        may_answer=may("answer", "conversation"),
        may_link=may("link", "conversation"),
        may_turn=may("close" if is_open else "reopen", "conversation"),
        staff_read_seq=conversation.read_by_staff,
        visitor_read_seq=conversation.read_by_client,
        visitor_read_at=_iso(facts.read_at),
        **more,
    )


def thread(conversation: Conversation, read_at: datetime | None) -> Thread:
    """Word the part of the messages that the address asks for: the newest, those before, those after a mark."""
    before, after = _mark("before"), _mark("after")
    if after is not None:
        found = queries.messages(conversation.id, after=max(after - 1, -1), limit=MOST_NEWS, with_notes=True)
        return _after(conversation, found, after, read_at)
    # A conversation with much that is unread shows all of it, as far as one page goes.
    wanted = min(max(PAGE, conversation.unread_by_staff + 10), MOST_NEWS - 1) if before is None else PAGE
    found = queries.messages(conversation.id, before=before, limit=wanted + 1, with_notes=True)
    has_more = len(found) > wanted
    shown = found[-wanted:]
    earlier = f"{BASE}/{conversation.id}?{urlencode({'before': shown[0].position})}" if has_more else ""
    previous = found[0] if has_more else None
    return Thread(words.items(shown, conversation, int(current_user.id), previous, read_at), earlier)


def _after(conversation: Conversation, found: list[Message], after: int, read_at: datetime | None) -> Thread:
    """Word what is new; the one at the mark is read too, so that the first new one may join it."""
    previous = found[0] if found and found[0].position == after else None
    shown = found[1:] if previous is not None else found
    return Thread(words.items(shown, conversation, int(current_user.id), previous, read_at))


def _mark(name: str) -> int | None:
    text = request.values.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def about_page(conversation: Conversation, facts: VisitorFacts) -> AboutPage:
    """Word what is known of the visitor."""
    locale = wording.reader()
    q = request.args.get("member_q", "").strip()[:80]
    member = facts.member
    return AboutPage(
        since=_("First message %(when)s", when=wording.ago(conversation.created_at, locale)),
        facts=tuple(_facts(conversation, facts, locale)),
        member=words.person(member.id, member.name, mail=member.email) if member else None,
        member_url=f"/members/{member.id}" if member and may("show", "member") else "",
        may_unlink=conversation.session_id is not None,
        bookings=None if facts.bookings is None else tuple(_booking(row, locale) for row in facts.bookings),
        earlier=tuple(_earlier(row, locale) for row in facts.earlier),
        pages=_visits(facts, locale),
        member_q=q,
        found=members(q) if q and may("link", "conversation") else None,
    )


def members(q: str) -> tuple[Person, ...]:
    """Find members to link to."""
    return tuple(words.person(row.id, row.name, mail=row.email) for row in find_members(db.session(), q))


def read_at(conversation: Conversation) -> datetime | None:
    """Tell when the client has last read something new; None when never."""
    marks = queries.read_marks(conversation.id)
    return next((mark.read_at for mark in marks if mark.user_id is None), None)


def state_of(conversation: Conversation, seen_at: datetime | None) -> dict[str, Any]:
    """Give where the conversation stands, as the scripts of the screen want it."""
    return {
        "status": conversation.status,
        "assignee": str(conversation.assigned_to_id or ""),
        "seen": conversation.read_by_client,
        "seen_at": _iso(seen_at),
        "read": conversation.read_by_staff,
        "last": conversation.last_position,
    }


def _iso(at: datetime | None) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z") if at else ""


def _is_online(facts: VisitorFacts) -> bool:
    return facts.session is not None and facts.session.seen_at > clock.now() - ONLINE_WITHIN


def _presence(facts: VisitorFacts) -> str:
    if _is_online(facts):
        return _("On the site now")
    seen = facts.session.seen_at if facts.session else None
    return _("Last seen %(when)s", when=wording.ago(seen, wording.reader())) if seen else ""


def _facts(conversation: Conversation, facts: VisitorFacts, locale: str) -> list[Fact]:
    session, member = facts.session, facts.member
    mail = (member.email if member else "") or (session.email if session else "")
    phone = (member.phone or "") if member else ""
    zone = getattr(session, "time_zone", "") or (member.time_zone if member else "")
    found = [Fact("language", _("Language"), wording.language(conversation.locale, locale))]
    if mail:
        found.insert(0, Fact("mail", _("E-mail"), mail, href=f"mailto:{mail}"))
    if phone:
        found.insert(1, Fact("phone", _("Phone"), phone, href=f"tel:{phone}"))
    if zone and zone != "UTC" and (local := _local_time(zone, locale)):
        found.append(Fact("clock", _("Local time"), local, zone=zone))
    if session and session.user_agent:
        found.append(Fact("device-laptop", _("Browser"), device_name(session.user_agent)))
    return found


def _local_time(zone: str, locale: str) -> str:
    try:
        return format_time(clock.now().astimezone(ZoneInfo(zone)), "short", locale=locale)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ""


def _booking(row: Booking, locale: str) -> Card:
    occasion = next(
        (option.label for option in EVENT_TYPES if option.value == row.event_type), row.event_type
    )
    status = next(option for option in STATUSES if option.value == row.status)
    day = wording.day(row.event_on, locale)
    url = f"/bookings/{row.id}" if may("show", "booking") else "/bookings/"
    return Card(str(row.id), url, str(occasion), day, str(status.label), status.tone)


def _earlier(row: Conversation, locale: str) -> Card:
    text = row.last_excerpt or _("No message yet")
    return Card(
        str(row.id), f"{BASE}/{row.id}?view={row.status}", text, at=words.moment(row.last_message_at, locale)
    )


def _visits(facts: VisitorFacts, locale: str) -> tuple[Visit, ...]:
    pages = list(reversed(facts.session.pages if facts.session else ()))[:MOST_PAGES]
    return tuple(
        Visit(
            page.get("title") or page.get("path", ""),
            page.get("path", ""),
            words.moment(datetime.fromisoformat(page["at"]), locale),
        )
        for page in pages
        if page.get("at")
    )
