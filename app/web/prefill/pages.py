"""What the templates of the screen are given, worded in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import current_app
from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import select

from app.access.rights import may, rights_of
from app.kernel import languages
from app.kernel.db import db
from app.resources import Catalogue
from app.surfaces.records import wording
from app.surfaces.screens.pages import Choice
from app.translation.prefill.estimating import Estimate, asked_for, estimate, tools
from app.translation.prefill.from_memory import NAME as MEMORY
from app.translation.prefill.models import CANCELLED, FAILED, PrefillRun
from app.translation.prefill.suggester import Cost, Suggester
from app.translation.units import types_of

BASE = "/translate/prefill"
NAME = "prefill"
MOST_SHOWN = 20
_STATES: Mapping[str, tuple[Any, str]] = {
    "waiting": (_l("Waiting"), "secondary"),
    "running": (_l("Running"), "info"),
    "done": (_l("Done"), "success"),
    "cancelled": (_l("Cancelled"), "secondary"),
    "failed": (_l("Failed"), "danger"),
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What the address asks for."""

    locale: str
    tool: str
    types: tuple[str, ...]
    records: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ToolChoice:
    """A tool to choose."""

    name: str
    label: str
    help: str
    is_chosen: bool


Fact = tuple[str, str]


@dataclass(frozen=True, slots=True)
class StartPage:
    """prefill/index.html."""

    languages: tuple[Choice, ...]
    tools: tuple[ToolChoice, ...]
    types: tuple[Choice, ...]
    records: tuple[str, ...]
    chosen: str  # "3 chosen records", where not all are meant
    facts: tuple[Fact, ...]
    nothing: bool
    can_run: bool
    runs: tuple[RunLine, ...]


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run in the list."""

    url: str
    language: str
    tool: str
    who: str
    when: str
    exact: str
    written: str
    state: str
    tone: str


@dataclass(frozen=True, slots=True)
class RunPage:
    """prefill/run.html."""

    id: str
    line: RunLine
    what: str
    trouble: str
    done: int
    total: int
    progress: str
    facts: tuple[Fact, ...]
    is_under_way: bool
    can_cancel: bool
    can_go_on: bool
    can_undo: bool
    undo_sentence: str
    undone: str
    queue_url: str


def offered_types(catalogue: Catalogue, user: Any) -> list[tuple[str, str]]:
    """List the content types that somebody may translate, in the order of the queue: (name, label)."""
    rights = rights_of(user)
    names = [name for name in types_of() if rights.allow("can_translate", name)]
    return [(name, _label(catalogue, name)) for name in names]


def _label(catalogue: Catalogue, name: str) -> str:
    resource = catalogue.get(name)
    return str(resource.label) if resource is not None else name


def start_page(catalogue: Catalogue, user: Any, wish: Wish) -> StartPage:
    """Show what there is to choose, and what it comes to."""
    found = tools(current_app.config)
    told = estimate(
        db.session(), user, asked_for(wish.locale, list(wish.types), list(wish.records)), found[wish.tool]
    )
    reader = wording.reader()
    return StartPage(
        languages=tuple(
            Choice(tag, wording.language(tag, reader), tag == wish.locale)
            for tag in languages.content_locales()
        ),
        tools=tuple(_tool(tool, wish.tool) for tool in found.values()),
        types=tuple(
            Choice(name, label, name in wish.types) for name, label in offered_types(catalogue, user)
        ),
        records=wish.records,
        chosen=ngettext("%(num)d chosen record", "%(num)d chosen records", len(wish.records))
        if wish.records
        else "",
        facts=tuple(_estimated(told, wish.tool, reader)),
        nothing=not told.texts,
        can_run=may("run", NAME),
        runs=_runs(reader),
    )


def _tool(tool: Suggester, chosen: str) -> ToolChoice:
    if tool.name == MEMORY:
        told = _("What was approved before for the very same text. It costs nothing.")
        return ToolChoice(tool.name, _("Memory"), told, tool.name == chosen)
    told = _("A service on the internet is given the texts that are missing.")
    return ToolChoice(tool.name, tool.label, told, tool.name == chosen)


def _estimated(told: Estimate, tool: str, reader: str) -> Iterable[Fact]:
    yield _("Missing texts"), wording.number(told.texts, reader)
    yield _("Words"), wording.number(told.words, reader)
    yield _("Characters"), wording.number(told.characters, reader)
    yield _("Known to the memory"), wording.number(told.known, reader)
    if tool != MEMORY:
        yield _("Tokens, about"), wording.number(told.cost.tokens, reader)
        yield _("Cost, about"), _price(told.cost, reader)


def _price(cost: Cost, reader: str) -> str:
    if cost.price is None:
        return _("No price is set")
    return wording.money(int(cost.price * 100), cost.currency, reader)


def _runs(reader: str) -> tuple[RunLine, ...]:
    found = db.session.scalars(
        select(PrefillRun).order_by(PrefillRun.created_at.desc()).limit(MOST_SHOWN)
    ).all()
    names = _names(found)
    return tuple(line_of(run, names, reader) for run in found)


def _names(runs: Sequence[PrefillRun]) -> dict[int, str]:
    keys = {run.by_id for run in runs if run.by_id is not None}
    found = db.session.scalars(select(User).where(User.id.in_(keys))).all() if keys else ()
    return {user.id: f"{user.first_name} {user.last_name}".strip() for user in found}


def line_of(run: PrefillRun, names: Mapping[int, str], reader: str) -> RunLine:
    """Word a run in one line."""
    label, tone = _STATES[run.status]
    return RunLine(
        url=f"{BASE}/{run.id}",
        language=wording.language(run.locale, reader),
        tool=_("Memory") if run.tool == MEMORY else run.label,
        who=names.get(run.by_id or 0, ""),
        when=wording.ago(run.created_at, reader),
        exact=wording.exact(run.created_at, reader),
        written=_of(run.written, run.texts, reader),
        state=_("Taken back") if run.undone_at is not None else str(label),
        tone="secondary" if run.undone_at is not None else tone,
    )


def _of(done: int, total: int, reader: str) -> str:
    return _("%(done)s of %(total)s", done=wording.number(done, reader), total=wording.number(total, reader))


def run_page(catalogue: Catalogue, run: PrefillRun) -> RunPage:
    """Word a run whole."""
    reader = wording.reader()
    may_run = may("run", NAME)
    left = max(0, run.written - run.undone)
    return RunPage(
        id=str(run.id),
        line=line_of(run, _names([run]), reader),
        what=", ".join(_label(catalogue, name) for name in run.types),
        trouble=run.trouble,
        done=run.seen,
        total=max(run.texts, run.seen),
        progress=_of(run.seen, max(run.texts, run.seen), reader),
        facts=tuple(_counted(run, reader)),
        is_under_way=run.is_under_way,
        can_cancel=may_run and run.is_under_way,
        can_go_on=may_run and run.status in (CANCELLED, FAILED) and run.undone_at is None,
        can_undo=may_run and not run.is_under_way and run.undone_at is None and left > 0,
        undo_sentence=_("Texts that somebody has changed or approved since stay as they are."),
        undone=ngettext("%(num)d text was removed.", "%(num)d texts were removed.", run.undone)
        if run.undone_at is not None
        else "",
        queue_url=f"/translate/{run.locale}?state=machine",
    )


def _counted(run: PrefillRun, reader: str) -> Iterable[Fact]:
    yield _("Written"), wording.number(run.written, reader)
    yield _("Refused, as it did not come back whole"), wording.number(run.refused, reader)
    yield _("Without an answer"), wording.number(run.unanswered, reader)
    yield _("Left alone, as somebody changed it meanwhile"), wording.number(run.passed, reader)
    if run.tool != MEMORY:
        yield _("Questions to the service"), wording.number(run.asked, reader)
        yield _("Tokens"), wording.number(run.tokens, reader)
        yield _("Cost"), _price(_spent(run), reader)


def _spent(run: PrefillRun) -> Cost:
    """Give what the tokens cost by the price that is set now."""
    tool = tools(current_app.config).get(run.tool)
    price = getattr(tool, "price", None)
    return Cost(
        run.tokens, price * run.tokens / 1000 if price is not None else None, getattr(tool, "currency", "")
    )


def find_run(key: UUID | None) -> PrefillRun | None:
    """Find a run."""
    return db.session.get(PrefillRun, key, populate_existing=True) if key is not None else None
