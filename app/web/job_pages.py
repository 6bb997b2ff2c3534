"""The jobs screen in the reader's words: what runs, what waits, what failed, what has a time, what is delivered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from redis import Redis
from redis.exceptions import RedisError

from app.access.rights import may
from app.kernel import queues
from app.kernel.outbox import watching
from app.kernel.queues import JobSeen, Overview
from app.surfaces.records import wording
from app.web import cron_words
from app.web.job_lines import Alert, Board, Deed, Fact, Line, Section, Tab, When

BASE = "/jobs/"
NAME = "job"
VIEWS = {
    "overview": _l("Overview"),
    "waiting": _l("Waiting"),
    "failed": _l("Failed"),
    "timed": _l("Timed"),
    "deliveries": _l("Deliveries"),
}
_STATES = {
    "waiting": (_l("Waiting"), "secondary"),
    "queued": (_l("Waiting"), "secondary"),
    "running": (_l("Running"), "info"),
    "started": (_l("Running"), "info"),
    "dead": (_l("Given up"), "danger"),
    "failed": (_l("Failed"), "danger"),
    "finished": (_l("Done"), "success"),
    "lost": (_l("Lost"), "danger"),
    "alive": (_l("Alive"), "success"),
}


def board(view: str) -> Board:
    """Look, and word it. A Valkey that is away leaves what the database knows."""
    via, seen = _look()
    counts = watching.counts()
    marks = {
        "waiting": (seen.waiting if seen else 0, ""),
        "failed": (seen.failed if seen else 0, "danger"),
        "deliveries": (counts.dead or counts.waiting + counts.running, "danger" if counts.dead else ""),
    }
    tabs = tuple(
        Tab(
            str(label),
            BASE if name == "overview" else f"{BASE}?view={name}",
            *marks.get(name, (0, "")),
            name == view,
        )
        for name, label in VIEWS.items()
    )
    made = _SECTIONS[view](via, seen, wording.reader())
    open_url = next(tab.url for tab in tabs if tab.is_open)
    return Board(view, open_url, tabs, tuple(_alerts(seen, counts)), made)


def _look() -> tuple[Redis | None, Overview | None]:
    try:
        via = queues.reader()
        return via, queues.overview(via)
    except RedisError:
        return None, None


def _alerts(seen: Overview | None, counts: watching.Counts) -> list[Alert]:
    found: list[Alert] = []
    if seen is None:
        sentence = _("Nothing is lost: deliveries wait in the database and go out when it is back.")
        return [("danger", _("Valkey is away"), sentence)]
    if not any(worker.is_alive for worker in seen.workers):
        found.append(
            ("danger", _("No worker is running"), _("Jobs and deliveries wait until one is started."))
        )
    if not seen.relays:
        found.append(("danger", _("No relay is running"), _("Deliveries wait; the clock process brings it.")))
    elif not seen.clocks:
        found.append(("warning", _("No clock is running"), _("Jobs that have a time are not started.")))
    if counts.unknown:
        sentence = _("Newer or older code wrote them; they wait for code that knows them.")
        found.append(("warning", _("Some events are known to nobody here"), sentence))
    return found


def _overview(via: Redis | None, seen: Overview | None, locale: str) -> tuple[Section, ...]:
    if seen is None:
        return ()
    running = tuple(_running(job, locale) for job in seen.running)
    workers = tuple(
        Line(
            worker.name,
            worker.name,
            (
                Fact(worker.job, is_code=True) if worker.job else Fact(_("Waits for work")),
                *_told(_("since"), worker.since, locale),
            ),
            *_state("alive" if worker.is_alive else "lost"),
        )
        for worker in seen.workers
    )
    clocks = [(name, _("Clock: starts jobs at their time")) for name in seen.clocks]
    relays = [(name, _("Relay: hands deliveries to the queues")) for name in seen.relays]
    others = tuple(Line(label, name, (Fact(label),), *_state("alive")) for name, label in clocks + relays)
    return (
        Section("running", _("Running"), running, _("Nothing runs at the moment.")),
        Section("queues", _("Queues"), tuple(_queue(queue, locale) for queue in seen.queues), ""),
        Section("workers", _("Workers"), workers, _("No worker is running")),
        Section("others", _("Clock and relay"), others, _("No clock is running")),
    )


def _queue(queue: queues.QueueSeen, locale: str) -> Line:
    facts = [Fact(_("%(count)s waiting", count=wording.number(queue.waiting, locale)))]
    if queue.oldest:
        facts.append(Fact(_("the oldest from"), _when(queue.oldest, locale)))
    facts.append(Fact(_("%(count)s failed", count=wording.number(queue.failed, locale))))
    return Line(queue.name, queue.name, tuple(facts))


def _running(job: JobSeen, locale: str) -> Line:
    progress = ""
    if job.total:
        done, total = wording.number(job.done, locale), wording.number(job.total, locale)
        progress = _("%(done)s of %(total)s", done=done, total=total)
    facts = (Fact(_("began"), _when(job.at, locale)) if job.at else Fact(job.queue), Fact(job.sentence))
    return Line(job.id, job.name, facts, *_state("running"), job.done, job.total, progress)


def _waiting(via: Redis | None, seen: Overview | None, locale: str) -> tuple[Section, ...]:
    lines = tuple(
        Line(
            job.id,
            job.name,
            (Fact(job.queue, is_code=True), *_told(_("put in"), job.at, locale)),
            *_state("waiting"),
        )
        for job in (queues.waiting(via) if via else ())
    )
    left = (seen.waiting if seen else 0) - len(lines)
    return (Section("waiting", _("Waiting"), lines, _("No job waits."), more=max(0, left)),)


def _failed(via: Redis | None, seen: Overview | None, locale: str) -> tuple[Section, ...]:
    deeds = _again()
    lines = tuple(
        Line(
            job.id,
            job.name,
            (*_told(_("failed"), job.at, locale), Fact(job.cause.partition("\n")[0])),
            *_state("failed"),
            cause=_traced(job.cause, job.correlation_id),
            deeds=deeds,
        )
        for job in (queues.failed(via) if via else ())
    )
    left = max(0, (seen.failed if seen else 0) - len(lines))
    everything = _all(deeds) if lines else ()
    return (Section("failed", _("Failed"), lines, _("No job failed."), f"{BASE}failed", everything, left),)


def _timed(via: Redis | None, seen: Overview | None, locale: str) -> tuple[Section, ...]:
    lines = []
    for job in queues.timed(via):
        facts = [
            Fact(cron_words.worded(job.cron, locale)),
            Fact(_("next"), _when(job.next_at, locale, is_local=True)),
        ]
        if job.last_at:
            facts.append(Fact(_("last"), _when(job.last_at, locale)))
        url = f"{BASE}timed/{job.name}"
        deeds = (Deed("run", _("Run now"), "bolt", url),) if may("run", NAME) and via else ()
        lines.append(Line(job.name, job.name, tuple(facts), *_state(job.outcome), deeds=deeds))
    return (Section("timed", _("Timed"), tuple(lines), _("No job has a time.")),)


def _deliveries(via: Redis | None, seen: Overview | None, locale: str) -> tuple[Section, ...]:
    counts = watching.counts()
    deeds = _again()
    dead = tuple(_delivery(one, locale, deeds) for one in watching.dead())
    pending = tuple(_delivery(one, locale, ()) for one in watching.pending())
    everything = _all(deeds) if dead else ()
    sent = _("%(count)s delivered in the last day.", count=wording.number(counts.sent, locale))
    return (
        Section("dead", _("Given up"), dead, _("No delivery was given up."), f"{BASE}deliveries", everything,
                max(0, counts.dead - len(dead))),
        Section("pending", _("Waiting"), pending, f"{_('No delivery waits.')} {sent}",
                more=max(0, counts.waiting + counts.running - len(pending))),
    )  # fmt: skip


def _delivery(one: watching.DeliverySeen, locale: str, deeds: tuple[Deed, ...]) -> Line:
    facts = [Fact(one.topic, is_code=True), Fact(_("written"), _when(one.created_at, locale))]
    if one.attempts:
        facts.append(Fact(_("try %(number)s", number=wording.number(one.attempts, locale))))
    if one.state == "waiting" and one.last_error:
        facts.append(Fact(_("next try"), _when(one.next_at, locale)))
    facts.append(Fact(one.last_error.partition("\n")[0]))
    return Line(
        str(one.id), one.subscriber, tuple(facts), *_state(one.state), cause=_whole_cause(one), deeds=deeds
    )


def _whole_cause(one: watching.DeliverySeen) -> str:
    if not one.last_error:
        return ""
    facts = "\n".join(f"{name}: {value}" for name, value in one.payload.items())
    return _traced(f"{one.last_error}\n\n{facts}", one.correlation_id)


def _traced(cause: str, number: str) -> str:
    """Add the number under which the logs tell more."""
    return f"{cause}\n\ncorrelation_id: {number}" if cause and number else cause


def _again() -> tuple[Deed, ...]:
    if not may("run", NAME):
        return ()
    return Deed("retry", _("Try again"), "refresh"), Deed("forget", _("Delete"), "trash")


def _all(deeds: tuple[Deed, ...]) -> tuple[Deed, ...]:
    words: Mapping[str, str] = {"retry": _("Try all again"), "forget": _("Delete all")}
    return tuple(Deed(deed.action, words[deed.action], deed.icon) for deed in deeds)


def _state(word: str) -> tuple[str, str]:
    label, tone = _STATES.get(word, ("", ""))
    return str(label), tone


def _told(label: str, at: datetime | None, locale: str) -> tuple[Fact, ...]:
    return (Fact(label, _when(at, locale)),) if at else ()


def _when(at: datetime, locale: str, *, is_local: bool = False) -> When:
    exact = wording.exact(at, locale)
    return When(exact if is_local else wording.ago(at, locale), exact, at.isoformat(), is_local)


_SECTIONS: Mapping[str, Callable[[Redis | None, Overview | None, str], tuple[Section, ...]]] = {
    "overview": _overview,
    "waiting": _waiting,
    "failed": _failed,
    "timed": _timed,
    "deliveries": _deliveries,
}
