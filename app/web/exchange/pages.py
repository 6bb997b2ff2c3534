"""The screens of the exchange in the reader's words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.kernel import languages
from app.kernel.configured import outside_url
from app.resources import Catalogue
from app.surfaces.records import wording
from app.translation.files.exporting import FORMATS
from app.translation.files.importing import Line, Outcome
from app.translation.files.judging import (
    CHANGED,
    CONFIRMED,
    CONFLICT,
    EMPTY,
    MALFORMED,
    NEW,
    REFUSED,
    SUGGESTED,
    UNCHANGED,
    UNKNOWN,
)
from app.translation.interface.models import CONTENT_TYPE as INTERFACE
from app.translation.reach import owner_name
from app.translation.resources import FIELDS, TYPES
from app.translation.units import Unit
from app.web.exchange.asking import GROUPS, Wanted, types_for_reader
from app.web.workbench.asked import BASE
from app.web.workbench.overview import type_words

_KINDS: dict[str, tuple[Any, str]] = {
    NEW: (_l("New"), ""),
    CHANGED: (_l("Changed"), ""),
    CONFIRMED: (_l("Approved or for review"), ""),
    SUGGESTED: (_l("Suggested"), ""),
    UNCHANGED: (_l("Unchanged"), ""),
    EMPTY: (_l("Left empty"), ""),
    CONFLICT: (_l("Changed here meanwhile"), "warning"),
    UNKNOWN: (_l("Unknown"), "warning"),
    REFUSED: (_l("Refused"), "danger"),
    MALFORMED: (_l("Unreadable"), "danger"),
}
_ALWAYS = (NEW, CHANGED, UNCHANGED)


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose in a form."""

    value: str
    label: str
    is_on: bool
    lang: str = ""


@dataclass(frozen=True, slots=True)
class ExportPage:
    """The form of the export; `of` holds what a list or chosen records hand on."""

    languages: tuple[Choice, ...]
    types: tuple[Choice, ...]
    groups: tuple[Choice, ...]
    formats: tuple[Choice, ...]
    selection: str
    of: tuple[tuple[str, str], ...]
    back_url: str
    back_title: str


@dataclass(frozen=True, slots=True)
class LinePage:
    """An entry of which something is told."""

    line: str
    kind: str
    tone: str
    where: str
    title: str
    sentence: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class OutcomePage:
    """What a file does, or did."""

    name: str
    language: str
    locale: str
    direction: str
    refusal: str
    counts: tuple[tuple[str, str, str], ...]
    older: str
    faults: tuple[LinePage, ...]
    more_faults: int
    changes: tuple[LinePage, ...]
    more_changes: int


def export_page(catalogue: Catalogue, wanted: Wanted) -> ExportPage:
    """Make the form as it was asked for."""
    reader = wording.reader()
    handed: list[tuple[str, str]] = []
    back = ("/translate/", _("Translate"))
    if wanted.resource is not None:
        handed = [("of", wanted.resource.name), ("list", wanted.listed)]
        handed += [("ids", str(key)) for key in wanted.ids]
        back = (f"/{wanted.resource.path}/", str(wanted.resource.label))
    types = () if wanted.resource is not None else types_for_reader()
    return ExportPage(
        tuple(
            Choice(tag, wording.language(tag, reader), tag in wanted.locales, tag)
            for tag in languages.content_locales()
        ),
        tuple(Choice(name, type_words(catalogue, name)[0], name in wanted.types) for name in types),
        tuple(Choice(name, str(label), name == wanted.group) for name, label in GROUPS.items()),
        tuple(Choice(form.name, form.label, form is wanted.form) for form in FORMATS.values()),
        wanted.selection(),
        tuple((name, value) for name, value in handed if value),
        *back,
    )


def told_of(catalogue: Catalogue) -> Callable[[Unit], tuple[str, ...]]:
    """Give what says in a file where a text stands, and where to see it."""

    def told(unit: Unit) -> tuple[str, ...]:
        resource = catalogue.get(unit.owner_type)
        path = f"{BASE}/{unit.locale}?type={unit.owner_type}&record={unit.owner_id}"
        if resource is not None and unit.owner_type != INTERFACE:
            path = f"/{resource.path}/{unit.owner_id}/edit"
        return _where(catalogue, unit.content_type, unit.field), outside_url(path)

    return told


def _where(catalogue: Catalogue, content_type: str, field: str) -> str:
    owner = owner_name(content_type)
    words = [type_words(catalogue, owner)[0]]
    if content_type != owner:
        words.append(TYPES.of(content_type))
    return " · ".join([*words, FIELDS.of(field, content_type)])


def outcome_pages(catalogue: Catalogue, outcomes: Iterable[Outcome]) -> tuple[OutcomePage, ...]:
    """Word what became of files."""
    return tuple(_outcome(catalogue, outcome) for outcome in outcomes)


def _outcome(catalogue: Catalogue, outcome: Outcome) -> OutcomePage:
    reader = wording.reader()
    known = languages.find(outcome.language) if outcome.language else None
    counts = tuple(
        (str(label), wording.number(outcome.counts.get(kind, 0), reader), tone)
        for kind, (label, tone) in _KINDS.items()
        if kind in _ALWAYS or outcome.counts.get(kind)
    )
    told = sum(outcome.counts.get(kind, 0) for kind in (CONFLICT, UNKNOWN, REFUSED, MALFORMED))
    return OutcomePage(
        outcome.name,
        wording.language(outcome.language, reader) if outcome.language else "",
        outcome.language,
        known.direction if known else "ltr",
        str(outcome.refusal),
        counts,
        wording.number(outcome.older, reader) if outcome.older else "",
        tuple(_line(catalogue, line, reader) for line in sorted(outcome.faults, key=lambda one: one.line)),
        told - len(outcome.faults),
        tuple(_line(catalogue, line, reader) for line in outcome.changes),
        outcome.writes - len(outcome.changes),
    )


def _line(catalogue: Catalogue, line: Line, reader: str) -> LinePage:
    label, tone = _KINDS[line.kind]
    where = _where(catalogue, line.content_type, line.field) if line.field else ""
    return LinePage(
        wording.number(line.line, reader),
        str(label),
        tone or "info",
        where,
        line.title,
        str(line.sentence),
        line.before,
        line.after,
    )
