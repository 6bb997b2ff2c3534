"""The home page in the reader's words: the widgets they placed, each with what stands in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from app.access.rights import may
from app.insights.home import CHANGES, COMING, WORK, HomeFacts
from app.kernel.db import db
from app.kernel.locales import own_name
from app.resources import Catalogue
from app.surfaces.desk import kept_forms, notices
from app.surfaces.desk.widgets import Placed
from app.surfaces.records import wording
from app.surfaces.screens.pages import Cell, Change
from app.web.finding.notice_words import worded
from app.web.home_queues import Line, Queue, coming_of, queues_of
from app.web.home_widgets import CHART, VIEW, Lines, Widget, records_of, view_lines
from app.web.kept import lines_of
from app.web.library.alts import missing_alts

MOST_LINES = 4
MOST_MENTIONS = 20

_ACTIONS = {
    "insert": _l("added"),
    "update": _l("changed"),
    "delete": _l("deleted"),
    "truncate": _l("emptied"),
}


@dataclass(frozen=True, slots=True)
class RecentChange:
    """One line of the latest changes."""

    actor: str
    action: str
    subject: str
    url: str
    when: str
    exact: str
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """A widget on the page; `inside` is what its sort's template takes."""

    widget: Widget
    width: str
    inside: Any = None


@dataclass(frozen=True, slots=True)
class Work:
    """What is to do: the queues that hold something, and those that are done."""

    waiting: tuple[Queue, ...]
    done: tuple[Queue, ...]

    @property
    def number(self) -> str:
        """Write how many things wait."""
        return wording.number(sum(queue.count for queue in self.waiting), wording.reader())


def shown_widgets(
    catalogue: Catalogue, facts: HomeFacts, widgets: Mapping[str, Widget], placed: Sequence[Placed]
) -> tuple[Shown, ...]:
    """Word every placed widget that is still there for this reader."""
    names = [item.name for item in placed if item.name in widgets]
    records = records_of(catalogue, names)

    def inside(widget: Widget) -> Any:
        if widget.name == WORK:
            return _work(catalogue, facts)
        if widget.name == COMING:
            return coming_of(facts)
        if widget.name == CHANGES:
            locale = wording.reader()
            return tuple(_change(catalogue, row, locale) for row in facts.changes or ())
        if widget.name.startswith(VIEW):
            return view_lines(catalogue, widget)
        return records.get(widget.name, Lines(()))

    return tuple(
        Shown(
            widgets[item.name],
            item.width,
            None if item.name.startswith(CHART) else inside(widgets[item.name]),
        )
        for item in placed
        if item.name in widgets
    )


def _work(catalogue: Catalogue, facts: HomeFacts) -> Work:
    found = queues_of(catalogue, facts, _personal(catalogue))
    return Work(tuple(q for q in found if q.count), tuple(q for q in found if not q.count))


def _personal(catalogue: Catalogue) -> Iterable[Queue]:
    """Add what waits for this reader alone, and the pictures that nobody described."""
    session, user_id = db.session(), current_user.id
    found = notices.latest(session, user_id, kind="mention", only_unread=True, size=MOST_MENTIONS)
    mentions = worded(session, catalogue, found)
    lines = tuple(
        Line(item.title or item.sentence, item.url, (Cell("text", item.sentence), _when(item)))
        for item in mentions[:MOST_LINES]
    )
    yield Queue("mentions", _("Mentions"), "at", len(mentions), "/notices/?kind=mention", lines)
    kept = lines_of(catalogue, kept_forms.all_of(session, user_id))
    lines = tuple(
        Line(item.title, item.url, (Cell("text", item.kind), _when(item))) for item in kept[:MOST_LINES]
    )
    yield Queue("kept", _("Unsaved forms"), "file-pencil", len(kept), "/kept/", lines)
    if may("edit", "asset") or may("translate", "asset"):
        yield _pictures()


def _pictures() -> Queue:
    locale = wording.reader()
    """Count each picture once, however many languages it waits in; a line a language tells these."""
    missing = missing_alts()
    lines = tuple(
        Line(own_name(tag), f"/pictures/alt?lang={tag}", (Cell("number", wording.number(count, locale)),))
        for tag, count in missing.by_language.items()
        if count
    )
    label = _("Shown without alternative text")
    return Queue("alt", label, "photo", missing.pictures, "/pictures/alt", lines)


def _when(item: Any) -> Cell:
    return Cell("instant", item.when, hint=item.exact)


def _change(catalogue: Catalogue, facts: Mapping[str, Any], locale: str) -> RecentChange:
    resource = catalogue[facts["owner_type"]]
    at = datetime.fromisoformat(facts["at"])
    is_there = facts["title"] is not None
    title = facts["title"] or facts["old_title"] or ""
    if facts["actor_kind"] == "database":
        actor = _("Database user %(name)s", name=facts["actor_label"])
    else:
        actor = facts["actor_label"] or _("Someone not signed in")
    return RecentChange(
        actor=actor,
        action=str(_ACTIONS[facts["action"] or "update"]),
        subject=_("%(thing)s %(title)s", thing=str(resource.singular), title=title).strip(),
        url=f"/{resource.path}/{facts['owner_id']}" if is_there and may("show", resource.name) else "",
        when=wording.ago(at, locale),
        exact=wording.exact(at, locale),
    )
