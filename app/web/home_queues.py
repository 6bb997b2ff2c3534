"""What waits for the reader, queue by queue: how many, the first of them, and the act itself where one click does it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask_babel import gettext as _
from redis.exceptions import RedisError

from app.access.rights import may
from app.insights.home import HomeFacts, Some
from app.insights.untranslated import list_pairs
from app.insights.waiting import (
    SOON,
    Listed,
    Seen,
    day_of,
    standing_values,
    status_of,
    waiting_values,
)
from app.kernel import clock, languages, queues
from app.kernel.locales import own_name
from app.resources import Catalogue, Kind, On, Resource
from app.surfaces.records import wording
from app.surfaces.screens.pages import Cell
from app.translation.units import TO_REVIEW, types_of
from app.web.inbox_words import apart
from app.web.workbench.asked import Address
from app.web.workbench.overview import type_words

MOST_FACTS = 3
MOST_JOBS = 4
_SHORT = 32
_UNTOLD = (Kind.PICTURE, Kind.JSON, Kind.SWITCH, Kind.LOCALE, Kind.RELATIONS)


@dataclass(frozen=True, slots=True)
class Act:
    """One click: what is posted where."""

    label: str
    icon: str
    url: str
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing of a queue; `links` lead to its parts."""

    title: str
    url: str = ""
    facts: tuple[Cell, ...] = ()
    acts: tuple[Act, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    label: str = ""  # what the acts are on, for who hears them


@dataclass(frozen=True, slots=True)
class Queue:
    """Some things of one sort; `states` are chips beside the label."""

    name: str
    label: str
    icon: str
    count: int
    url: str = ""
    lines: tuple[Line, ...] = ()
    states: tuple[Cell, ...] = ()

    @property
    def number(self) -> str:
        """Write how many there are."""
        return wording.number(self.count, wording.reader())


def queues_of(catalogue: Catalogue, facts: HomeFacts, more: Iterable[Queue] = ()) -> tuple[Queue, ...]:
    """Word every queue that the reader has, also the empty ones."""
    found = [_declared(item) for item in facts.waiting]
    if facts.chats is not None:
        found.insert(0, _chats(facts.chats))
    found += more
    if facts.reviews is not None:
        found.append(_reviews(catalogue, facts.reviews))
    if facts.texts is not None:
        found += [
            _translations(catalogue, facts, "missing", _("Translations missing"), "language"),
            _translations(catalogue, facts, "outdated", _("Translations out of date"), "history"),
        ]
    if facts.mails is not None:
        found.append(_given_up("mails", _("Mails that could not be sent"), "mail", facts.mails))
    if facts.deliveries is not None:
        found.append(_given_up("deliveries", _("Deliveries given up"), "plug-connected-x", facts.deliveries))
        found += _jobs()
    return tuple(found)


def coming_of(facts: HomeFacts) -> tuple[Queue, ...]:
    """Word what comes in the next days, by content type."""
    return tuple(_coming(item) for item in facts.coming if item.count)


def line_of(resource: Resource, seen: Seen, first: str = "") -> Line:
    """Word a record: its title, the first facts of its list, and what one click does with it.

    The field named `first` comes before the others.
    """
    locale, title = wording.reader(), str(getattr(seen.record, resource.title) or "")
    return Line(
        title,
        f"/{resource.path}/{seen.record.id}" if may("show", resource.name) else "",
        short_first(_cells(resource, seen, locale, first)),
        tuple(_acts(resource, seen.record)),
        label=title,
    )


def short_first(cells: Iterable[Cell]) -> tuple[Cell, ...]:
    """Choose a few facts, each once; a long text takes the room of two and comes last, where it may be cut."""
    once: dict[str, Cell] = {}
    for cell in cells:
        once.setdefault(cell.text, cell)
    chosen, room = [], MOST_FACTS
    for cell in once.values():
        room -= 2 if len(cell.text) > _SHORT else 1
        if room >= 0:
            chosen.append(cell)
    return tuple(sorted(chosen, key=lambda cell: len(cell.text) > _SHORT))


def _declared(item: Listed) -> Queue:
    resource, status, values = item.resource, status_of(item.resource), waiting_values(item.resource)
    pairs: dict[str, str] = {}
    states: tuple[Cell, ...] = ()
    if status is not None:
        pairs = {f"filter[{status.key}]": values[0]} if len(values) == 1 else {
            f"filter[{status.key}][in]": ",".join(values)
        }  # fmt: skip
        states = tuple(wording.cell(status, value, wording.reader()) for value in values)
    lines = tuple(line_of(resource, seen) for seen in item.rows)
    return Queue(
        resource.name,
        str(resource.label),
        resource.icon,
        item.count,
        _url(f"/{resource.path}/", pairs),
        lines,
        states,
    )


def _coming(item: Listed) -> Queue:
    resource, day, today = item.resource, day_of(item.resource), clock.today()
    pairs = {}
    if (standing := standing_values(resource)) is not None:
        name, values = standing
        pairs[f"filter[{name}]"] = str(values[0]).lower() if values == (True,) else values[0]
    if day is not None:
        pairs |= {f"filter[{day.key}][gte]": f"{today}", f"filter[{day.key}][lte]": f"{today + SOON}"}
    lines = tuple(line_of(resource, seen, day.name if day else "") for seen in item.rows)
    url = _url(f"/{resource.path}/", pairs)
    return Queue(resource.name, str(resource.label), resource.icon, item.count, url, lines)


def _cells(resource: Resource, seen: Seen, locale: str, first: str) -> Iterable[Cell]:
    status = status_of(resource)
    for item in sorted(resource.fields_on(On.LIST), key=lambda field: field.name != first):
        if item.name == resource.title or item.kind in _UNTOLD or not item.is_stored or item is status:
            continue
        value = getattr(seen.record, item.name, None)
        currency = getattr(seen.record, "currency", None) or "EUR"
        cell = wording.cell(item, value, locale, currency, seen.titles.get(item.name, ""))
        if cell.text:
            yield cell


def _acts(resource: Resource, record: Any) -> Iterable[Act]:
    """Offer what needs no question: no reason to give, no harm to fear."""
    for action in resource.actions:
        if (
            action.tone != "primary"
            or action.asks_reason
            or action.is_aside
            or not may(action.name, resource.name)
        ):
            continue
        if action.offered(record):
            url = f"/{resource.path}/{record.id}/do/{action.name}"
            yield Act(str(action.label), action.icon, url)


def _chats(some: Some) -> Queue:
    locale, lines = wording.reader(), []
    for facts in some.rows:
        name = facts["visitor_name"] or _("Visitor %(code)s", code=apart(facts["id"][-4:].upper()))
        cells = (_ago(facts["last_message_at"], locale), Cell("text", facts["last_excerpt"] or ""))
        lines.append(Line(name, f"/inbox/{facts['id']}", cells))
    return Queue("conversation", _("Chats waiting"), "messages", some.count, "/inbox/", tuple(lines))


def _translations(catalogue: Catalogue, facts: HomeFacts, listed_by: str, label: str, icon: str) -> Queue:
    """Word what waits for translators, a line a language; each content type leads to just the records counted."""
    lines, total = [], 0
    for tag in languages.content_locales():
        found = facts.of_texts(listed_by, tag)
        if not found:
            continue
        total += sum(found.values())
        links = tuple(
            (
                f"{catalogue[name].label} {wording.number(count, wording.reader())}",
                _url(f"/{catalogue[name].path}/", list_pairs(listed_by, catalogue[name], tag)),
            )
            for name, count in found.items()
        )
        lines.append(Line(own_name(tag), "", links=links))
    return Queue(f"texts:{listed_by}", label, icon, total, "", tuple(lines))


def _reviews(catalogue: Catalogue, found: Mapping[str, Mapping[str, int]]) -> Queue:
    """Word what translators wrote and nobody has judged, a line a language; each content type leads to its texts."""
    reader, order = wording.reader(), types_of()
    lines = tuple(
        Line(
            own_name(tag),
            Address(tag, state=TO_REVIEW).url(),
            links=tuple(
                (
                    f"{type_words(catalogue, name)[0]} {wording.number(count, reader)}",
                    Address(tag, type=name, state=TO_REVIEW).url(),
                )
                for name, count in sorted(found[tag].items(), key=lambda pair: order.index(pair[0]))
            ),
        )
        for tag in languages.content_locales()
        if tag in found
    )
    total = sum(sum(counts.values()) for counts in found.values())
    return Queue("texts:review", _("To review"), "checklist", total, "/translate/", lines)


def _given_up(name: str, label: str, icon: str, some: Some) -> Queue:
    locale, url = wording.reader(), "/jobs/?view=deliveries"
    lines = tuple(
        Line(
            facts["subscriber"],
            url,
            (_ago(facts["at"], locale), Cell("text", facts["cause"].partition("\n")[0])),
            _retry("/jobs/deliveries", facts["id"]),
            label=facts["subscriber"],
        )
        for facts in some.rows
    )
    return Queue(name, label, icon, some.count, url, lines)


def _jobs() -> list[Queue]:
    """Ask Valkey for the failed jobs; where it is away, the screen of the jobs says so."""
    try:
        failed = queues.failed(queues.reader())
    except RedisError:
        return []
    locale, url = wording.reader(), "/jobs/?view=failed"
    lines = tuple(
        Line(
            job.name,
            url,
            (
                Cell("text", job.cause.partition("\n")[0]),
                *(
                    (Cell("instant", wording.ago(job.at, locale), hint=wording.exact(job.at, locale)),)
                    if job.at
                    else ()
                ),
            ),
            _retry("/jobs/failed", job.id),
            label=job.name,
        )
        for job in failed[:MOST_JOBS]
    )
    return [Queue("jobs", _("Failed jobs"), "bolt", len(failed), url, lines)]


def _retry(url: str, key: str) -> tuple[Act, ...]:
    if not may("run", "job"):
        return ()
    return (Act(_("Try again"), "refresh", url, {"id": str(key), "action": "retry"}),)


def _ago(text: str, locale: str) -> Cell:
    at = datetime.fromisoformat(text)
    return Cell("instant", wording.ago(at, locale), hint=wording.exact(at, locale))


def _url(path: str, pairs: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(pairs)}" if pairs else path
