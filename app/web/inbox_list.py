"""The list of the inbox: views with their counts, one page of conversations, a search."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from flask import request
from flask_babel import gettext as _
from flask_login import current_user

from app.access import rows as row_rules
from app.access.rights import users_allowed
from app.domains.messaging import queries
from app.domains.messaging.resources import conversations
from app.kernel.ids import parse_id
from app.surfaces.records import wording
from app.web import inbox_words as words
from app.web.inbox_pages import ListPage, Person, ViewLink

if TYPE_CHECKING:
    from app.domains.messaging.models import Conversation

BASE = "/inbox"
PAGE = 30
VIEWS = queries.FOLDERS


def asked_view() -> str:
    """Read which view the address asks for."""
    wanted = request.args.get("view", "")
    return wanted if wanted in VIEWS else VIEWS[0]


def staff_by_id() -> dict[int, Person]:
    """Give the faces of those who may answer, by user id, the reader first."""
    me = int(current_user.id)
    people = users_allowed("can_answer", "conversation")
    people.sort(key=lambda found: found[0] != me)
    return {key: words.person(key, name, is_me=key == me) for key, name in people}


def list_page(staff: dict[int, Person], current: str = "", show: str = "list") -> ListPage:
    """Make the list as the address asks for it; `current` is the conversation that is open."""
    view, q = asked_view(), request.args.get("q", "").strip()[:80]
    me = int(current_user.id)
    seen = visible()
    counts = queries.folder_counts(me, seen)
    before = _cursor(request.args.get("after", ""))
    found = _found(view, q, me, before, seen)
    shown = found[:PAGE]
    query = {"view": view, **({"q": q} if q else {})}
    address = f"{BASE}/{{}}?{urlencode(query)}"
    empty = _empty(view, q)
    return ListPage(
        base=BASE,
        view=view,
        views=tuple(_view(name, label, counts) for name, label in _labels()),
        rows=words.lines(shown, queries.last_authors(shown), staff, me, current, address),
        next_url=_next_url(query, shown[-1]) if len(found) > PAGE else "",
        waiting=counts["waiting"],
        list_url=f"{BASE}/?{urlencode(query)}",
        q=q,
        show=show,
        me=staff.get(me) or words.person(me, current_user.get_full_name(), is_me=True),
        empty_icon=empty[0],
        empty_title=empty[1],
        empty_sentence=empty[2],
    )


def waiting() -> int:
    """Count the conversations that wait for the reader."""
    return queries.folder_counts(int(current_user.id), visible())["waiting"]


def visible() -> Any:
    """Give the condition of the row rules on the conversations that the reader may see."""
    return row_rules.condition(conversations.name, current_user, conversations.model)


def _found(view: str, q: str, me: int, before: Any, seen: Any) -> list[Conversation]:
    """Read one row more than a page holds; a search looks through every view."""
    folder = "all" if q else view
    return queries.inbox(folder, me, text=q, before=before, limit=PAGE + 1, visible=seen)


def _labels() -> tuple[tuple[str, str], ...]:
    return (
        ("open", _("Open")),
        ("mine", _("Mine")),
        ("unassigned", _("Unassigned")),
        ("closed", _("Closed")),
    )


def _view(name: str, label: str, counts: dict[str, int]) -> ViewLink:
    count = counts.get(name, 0)
    return ViewLink(
        name,
        label,
        f"{BASE}/?{urlencode({'view': name})}",
        wording.number(count, wording.reader()) if count else "",
    )


def _next_url(query: dict[str, str], last: Conversation) -> str:
    after = f"{last.last_message_at.isoformat()}~{last.id}"
    return f"{BASE}/?{urlencode({**query, 'after': after})}"


def _cursor(text: str) -> tuple[datetime, UUID] | None:
    """Read where the page before ended; a cursor that is none begins at the top."""
    at, _sep, key = text.partition("~")
    parsed = parse_id(key)
    try:
        instant = datetime.fromisoformat(at)
    except ValueError:
        return None
    return (instant, parsed) if parsed is not None and instant.tzinfo is not None else None


def _empty(view: str, q: str) -> Sequence[str]:
    if q:
        return "search", _("Nothing found"), _("Try another name or word.")
    if view == "mine":
        return "user-check", _("Nothing is yours"), _("Conversations that are assigned to you stand here.")
    if view == "unassigned":
        return "checks", _("Everyone has somebody"), _("Conversations that nobody has taken stand here.")
    if view == "closed":
        return "messages", _("Nothing is closed"), _("Closed conversations stay here.")
    return "confetti", _("All is answered"), _("New messages of visitors appear here by themselves.")
