"""Writes what a tool proposed, batch by batch: only where nothing is yet, and only what came back whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel.db import Record
from app.resources import Kind
from app.resources.kinds import Unreadable
from app.translation import writing
from app.translation.checks import CONTENT, INTERFACE, blocking, check
from app.translation.glossary.hits import Hit, hits
from app.translation.glossary.models import Rule
from app.translation.interface.models import CONTENT_TYPE as SENTENCE
from app.translation.interface.plurals import TEXT
from app.translation.models import Translation
from app.translation.prefill.guarding import Guarded, guard
from app.translation.prefill.models import PrefillRun, PrefillText
from app.translation.prefill.suggester import Request, Suggester, Usage
from app.translation.resources import FIELDS, TYPES
from app.translation.sources import SOURCES, read_text, source_hash
from app.translation.states import Hand
from app.translation.units import Unit

WRITTEN, REFUSED, UNANSWERED, PASSED = "written", "refused", "unanswered", "passed"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A text that a tool made for a unit; `outcome` says why there is none that could be written."""

    unit: Unit
    text: str
    outcome: str = WRITTEN


def propose(session: Session, tool: Suggester, units: Sequence[Unit], usage: Usage) -> tuple[Proposal, ...]:
    """Ask a tool, and look its answers over. Raises OutOfReach. No transaction is held meanwhile."""
    made = [_request(session, unit) for unit in units]
    session.rollback()  # a service may take its time
    wanted = [place for place, (_request_, guarded) in enumerate(made) if guarded.says_something]
    told = [made[place][0] for place in wanted]
    answers = dict(zip(wanted, tool.propose(told, usage), strict=True))
    return tuple(
        _judged(session, tool, unit, guarded, answers.get(place), is_asked=place in answers)
        for place, (unit, (_request_, guarded)) in enumerate(zip(units, made, strict=True))
    )


def _request(session: Session, unit: Unit) -> tuple[Request, Guarded]:
    found = hits(session, unit.source, unit.locale)
    kept = [hit.span for hit in found if hit.rule == Rule.KEEP]
    guarded = guard(unit.source, is_interface=unit.content_type == SENTENCE, keep=kept)
    source = SOURCES.get((unit.content_type, unit.field))
    with force_locale("en"):
        about = " · ".join((TYPES.of(unit.content_type), FIELDS.of(unit.field, unit.content_type)))
    request = Request(
        source=unit.source,
        text=guarded.text,
        locale=unit.locale,
        content_type=unit.content_type,
        field=unit.field,
        about=" · ".join(part for part in (about, unit.note[:300]) if part),
        longest=source.max_length if source is not None else 0,
        terms=tuple((hit.term, hit.wanted) for hit in found if hit.rule == Rule.TRANSLATE and hit.wanted),
    )
    return request, guarded


def _judged(
    session: Session, tool: Suggester, unit: Unit, guarded: Guarded, answer: str | None, *, is_asked: bool
) -> Proposal:
    """Take an answer as it came, or say what is wrong with it."""
    if not is_asked:
        return _readable(session, unit, unit.source)  # there is no word in it
    if answer is None or not answer.strip():
        return Proposal(unit, "", UNANSWERED)
    said = guarded.restore(answer) if tool.keeps_marks else answer
    return _readable(session, unit, said) if said is not None else Proposal(unit, "", REFUSED)


def _readable(session: Session, unit: Unit, said: str) -> Proposal:
    """Read it by the rules of its source, and refuse what a check finds to be wrong."""
    source = SOURCES.get((unit.content_type, unit.field))
    is_interface = unit.content_type == SENTENCE
    try:
        text = read_text(unit.content_type, unit.field, said, unit.locale)
    except Unreadable:
        return Proposal(unit, "", REFUSED)
    found = check(
        unit.source,
        text,
        unit.locale,
        kind=INTERFACE if is_interface else CONTENT,
        is_html=source is not None and source.kind is Kind.RICH_TEXT,
        max_length=source.max_length if source is not None else 0,
        plural=unit.field if is_interface and unit.field != TEXT else None,
        terms=_terms(session, unit, text),
    )
    return Proposal(unit, text, REFUSED if not text or blocking(found) else WRITTEN)


def _terms(session: Session, unit: Unit, text: str) -> tuple[Hit, ...]:
    return hits(session, unit.source, unit.locale, text)


def write(session: Session, run: PrefillRun, proposals: Sequence[Proposal]) -> Counter[str]:
    """Write a batch and count what became of it; `run` is locked by the caller, who commits."""
    counts = Counter(proposal.outcome for proposal in proposals if proposal.outcome != WRITTEN)
    fit = [proposal for proposal in proposals if proposal.outcome == WRITTEN]
    for content_type in dict.fromkeys(proposal.unit.content_type for proposal in fit):
        mine = [proposal for proposal in fit if proposal.unit.content_type == content_type]
        keys = {proposal.unit.object_id for proposal in mine}
        records = _locked(session, content_type, keys)
        known = _texts(session, content_type, keys, run.locale)
        for proposal in mine:
            counts[_put(session, run, proposal, records, known)] += 1
    session.flush()
    return counts


def _put(
    session: Session,
    run: PrefillRun,
    proposal: Proposal,
    records: dict[UUID, Any],
    known: dict[UUID, dict[tuple[str, str], Translation]],
) -> str:
    """Write one text, unless its source changed or somebody was faster."""
    unit, record = proposal.unit, records.get(proposal.unit.object_id)
    if record is None or source_hash(getattr(record, unit.field)) != source_hash(unit.source):
        return PASSED
    there = known.get(unit.object_id, {})
    row = there.get((run.locale, unit.field))
    if row is not None and row.text:
        return PASSED
    made = writing.put(
        session,
        unit.content_type,
        record,
        run.locale,
        unit.field,
        proposal.text,
        Hand(),
        tool=run.label,
        known=there,
    )
    if made is None:
        return PASSED
    session.flush()
    session.add(PrefillText(run_id=run.id, translation_id=made.id, mark=mark_of(made.text)))
    return WRITTEN


def mark_of(text: str) -> str:
    """Fingerprint a text as the database does, see `asking`."""
    return sha256(text.encode()).hexdigest()


def _locked(session: Session, content_type: str, keys: Iterable[UUID]) -> dict[UUID, Any]:
    """Read and lock the rows whose texts are translated, in one order."""
    mappers = Record.registry.mappers
    model = next(mapper.class_ for mapper in mappers if mapper.local_table.name == content_type)
    found = session.scalars(
        select(model).where(model.id.in_(set(keys))).order_by(model.id).with_for_update(of=model),
        execution_options={"populate_existing": True},
    )
    return {record.id: record for record in found}


def _texts(
    session: Session, content_type: str, keys: Iterable[UUID], locale: str
) -> dict[UUID, dict[tuple[str, str], Translation]]:
    found: dict[UUID, dict[tuple[str, str], Translation]] = {}
    rows = session.scalars(
        select(Translation)
        .where(
            Translation.content_type == content_type,
            Translation.object_id.in_(set(keys)),
            Translation.locale == locale,
        )
        .order_by(Translation.id)
        .with_for_update(),
        execution_options={"populate_existing": True},
    )
    for row in rows:
        found.setdefault(row.object_id, {})[row.locale, row.field] = row
    return found
