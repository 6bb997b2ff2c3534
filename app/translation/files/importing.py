"""Files from translators into the texts: tried out first, then written, a few hundred entries at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, tuple_
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.kernel.db import db, unit_of_work
from app.kernel.errors import DomainError, FileRefused
from app.translation import suggesting, writing
from app.translation.files.entries import MOST_ENTRIES, Entry, Incoming, Malformed, Place
from app.translation.files.judging import (
    CONFIRMED,
    FAULTS,
    MALFORMED,
    REFUSED,
    WRITES,
    Verdict,
    judge,
)
from app.translation.models import SHOWN_STATES, Translation, TranslationSuggestion
from app.translation.reach import model_of, owner_name
from app.translation.sources import source_hash
from app.translation.states import Hand, hand_of
from app.translation.units import Asked, Unit, units
from app.translation.writing_many import flush_many

_AT_ONCE = 500
_EVERY = 1_000_000
MOST_FAULTS = 200
MOST_CHANGES = 50
"""So many are told one by one; all are counted."""

OwnSuggestions = Mapping[UUID, TranslationSuggestion]
"""The open suggestions of who brings a file, by text."""
_LONGEST_OPENING = 80
_TWICE = _l("It stands in the file twice; the first counts.")


@dataclass(frozen=True, slots=True)
class Line:
    """An entry of which something is told: where it stands in the file, of what it is, what was and what comes."""

    kind: str
    line: int
    content_type: str = ""
    field: str = ""
    title: str = ""
    sentence: Any = ""
    before: str = ""
    after: str = ""


@dataclass(slots=True)
class Outcome:
    """What an import of one file did, or would do. `refusal` says why it wrote nothing at all."""

    name: str
    kind: str = ""
    language: str = ""
    refusal: Any = ""
    counts: dict[str, int] = field(default_factory=dict)
    older: int = 0
    faults: list[Line] = field(default_factory=list)
    changes: list[Line] = field(default_factory=list)

    @property
    def writes(self) -> int:
        """Count what is written, or suggested."""
        return sum(self.counts.get(kind, 0) for kind in WRITES)

    @property
    def total(self) -> int:
        """Count all entries."""
        return sum(self.counts.values())

    def facts(self) -> dict[str, Any]:
        """Give it as plain JSON, its sentences in the language that is spoken now."""
        facts = asdict(self)
        facts["refusal"] = str(self.refusal)
        for lines in (facts["faults"], facts["changes"]):
            for line in lines:
                line["sentence"] = str(line["sentence"])
        return facts

    def note(self, line: Line) -> None:
        """Count an entry, and tell of it while there is room."""
        self.counts[line.kind] = self.counts.get(line.kind, 0) + 1
        told, most = (self.faults, MOST_FAULTS) if line.kind in FAULTS else (self.changes, MOST_CHANGES)
        if (line.kind in FAULTS or line.kind in WRITES) and len(told) < most:
            told.append(line)


def outcome_of(facts: Mapping[str, Any]) -> Outcome:
    """Read an outcome back from JSON."""
    lines = {name: [Line(**line) for line in facts[name]] for name in ("faults", "changes")}
    return Outcome(**{**facts, **lines})


def run_import(
    incoming: Incoming,
    user: Any,
    *,
    dry: bool,
    told: Callable[[int], None] = lambda _done: None,
) -> Outcome:
    """Compare the entries of a file with the texts, and write them unless it is a dry run.

    Each few hundred are a unit of work; inside of another they are a part of it. Doing it again writes nothing
    more. `told` hears how many entries are done. Raises FileRefused.
    """
    outcome = Outcome(incoming.name, incoming.kind, incoming.language)
    run = _Run(user, incoming.language, outcome, dry=dry)
    seen: set[Place] = set()
    done = 0
    while part := list(islice(incoming.entries, _AT_ONCE)):
        done += len(part)
        _must_fit(done)
        entries = []
        for found in part:
            if isinstance(found, Malformed):
                outcome.note(Line(MALFORMED, found.line, sentence=found.sentence))
            elif found.place in seen:
                outcome.note(Line(MALFORMED, found.line, title=str(found.place), sentence=_TWICE))
            else:
                seen.add(found.place)
                entries.append(found)
        run.take(entries)
        told(done)
    return outcome


def count_entries(incoming: Incoming) -> int:
    """Read a file to its end, and count what it holds. Raises FileRefused."""
    number = 0
    for number, _entry in enumerate(incoming.entries, 1):  # the last one counts
        _must_fit(number)
    return number


def _must_fit(number: int) -> None:
    if number > MOST_ENTRIES:
        raise FileRefused(_l("The file has more than %(limit)s entries; split it.", limit=MOST_ENTRIES))


class _Run:
    """An import while it runs."""

    def __init__(self, user: Any, locale: str, outcome: Outcome, *, dry: bool) -> None:
        self.user = user
        self.locale = locale
        self.outcome = outcome
        self.dry = dry
        self.hands: dict[str, Hand] = {}

    def take(self, entries: Sequence[Entry]) -> None:
        """Compare some entries, and write them; once more where somebody wrote one of them at the same moment."""
        if not entries:
            return
        if self.dry:
            self._note(self._judged(db.session(), entries))
            return
        with unit_of_work() as session:
            try:
                judged = self._write(session, entries)
            except IntegrityError:
                judged = self._write(session, entries)
        self._note(judged)

    def _write(self, session: Session, entries: Sequence[Entry]) -> list[_Judged]:
        """Lock what is to be written, the records first as everybody does, and judge that again as it is then."""
        found = {one.entry.place: one for one in self._judged(session, entries)}
        wanted = [one.entry for one in found.values() if one.is_written]
        if not wanted:
            return list(found.values())
        with session.begin_nested():
            records = _records(session, wanted)
            rows = _locked(session, self.locale, wanted)
            judged = self._judged(session, wanted)
            written = [one for one in judged if one.is_written]
            own = _own_suggestions(session, written)
            for one in written:
                one.write(session, records, rows, own)
            flush_many(session, list(rows.values()))
        found.update((one.entry.place, one) for one in judged)
        return list(found.values())

    def _judged(self, session: Session, entries: Sequence[Entry]) -> list[_Judged]:
        found = _units(session, self.user, self.locale, entries)
        judged = []
        for entry in entries:
            unit = found.get(entry.place)
            hand = self._hand(unit.owner_type) if unit is not None else Hand(approves=False)
            judged.append(_Judged(entry, unit, judge(entry, unit, hand)))
        return judged

    def _hand(self, owner_type: str) -> Hand:
        if owner_type not in self.hands:
            self.hands[owner_type] = hand_of(owner_type, self.locale)
        return self.hands[owner_type]

    def _note(self, judged: Iterable[_Judged]) -> None:
        for one in judged:
            self.outcome.older += one.verdict.is_older and one.is_written
            self.outcome.note(one.line)


def _opening(source: str) -> str:
    """Give what a source begins with, by which whoever knows the file finds the entry in it."""
    words = " ".join(source.split())
    return words if len(words) <= _LONGEST_OPENING else f"{words[: _LONGEST_OPENING - 1]}…"


@dataclass(slots=True)
class _Judged:
    """An entry beside the text that it is of."""

    entry: Entry
    unit: Unit | None
    verdict: Verdict

    @property
    def is_written(self) -> bool:
        return self.unit is not None and self.verdict.hand is not None

    @property
    def line(self) -> Line:
        place = self.entry.place
        title = self.unit.title if self.unit is not None else _opening(self.entry.source) or str(place)
        before = self.unit.text if self.unit is not None else ""
        words = {"before": before, "after": self.verdict.text} if self.verdict.kind in WRITES else {}
        return Line(
            self.verdict.kind,
            self.entry.line,
            place.content_type,
            place.field,
            title,
            self.verdict.sentence,
            **words,
        )

    def write(
        self,
        session: Session,
        records: Mapping[tuple[str, UUID], Any],
        rows: Mapping[Place, Translation],
        own: OwnSuggestions,
    ) -> None:
        """Write the text, or suggest it; what is refused after all is told as such."""
        place, verdict = self.entry.place, self.verdict
        record, row = records.get((place.content_type, place.object_id)), rows.get(place)
        if record is None or verdict.hand is None or self.unit is None:
            return
        try:
            self._write(session, record, row, verdict.hand, own)
        except DomainError as refusal:
            self.verdict = Verdict(REFUSED, verdict.text, sentence=refusal.message)

    def _write(
        self, session: Session, record: Any, row: Translation | None, hand: Hand, own: OwnSuggestions
    ) -> None:
        place, verdict = self.entry.place, self.verdict
        if verdict.suggests and row is not None:
            of_source = source_hash(self.entry.source)
            suggesting.suggest(session, row, verdict.text, hand, of_source, known=own)
        elif verdict.kind == CONFIRMED and row is not None and row.state in SHOWN_STATES:
            writing.approve(session, row, record, hand)
        elif self.unit is not None:
            locale = self.unit.locale
            known = {(locale, place.field): row} if row is not None else {}
            made_from = self.entry.source if verdict.is_older else None
            writing.put(
                session, place.content_type, record, locale, place.field, verdict.text, hand,
                known=known, made_from=made_from,
            )  # fmt: skip


def _units(session: Session, user: Any, locale: str, entries: Iterable[Entry]) -> dict[Place, Unit]:
    """Read the texts that entries name, as far as the user may translate them: one statement."""
    keys = tuple({entry.place.object_id for entry in entries})
    types = tuple({owner_name(entry.place.content_type) for entry in entries})
    found = units(session, user, Asked(locale, types=types, row_ids=keys), _EVERY)
    return {Place(unit.content_type, unit.field, unit.object_id): unit for unit in found}


def _locked(session: Session, locale: str, entries: Iterable[Entry]) -> dict[Place, Translation]:
    """Read and lock the stored texts, in one order, so that two imports wait for each other and never both."""
    places = {entry.place for entry in entries}
    table = Translation
    statement = (
        select(table)
        .where(
            table.locale == locale,
            tuple_(table.content_type, table.object_id, table.field).in_(
                [(place.content_type, place.object_id, place.field) for place in places]
            ),
        )
        .order_by(table.id)
        .with_for_update()
    )
    rows = session.scalars(statement, execution_options={"populate_existing": True})
    return {Place(row.content_type, row.field, row.object_id): row for row in rows}


def _records(session: Session, entries: Iterable[Entry]) -> dict[tuple[str, UUID], Any]:
    """Read and lock the records, a statement for each content type, records before what belongs to them.

    Their sources stay as they are until all is written.
    """
    wanted: dict[str, set[UUID]] = {}
    for entry in entries:
        wanted.setdefault(entry.place.content_type, set()).add(entry.place.object_id)
    found: dict[tuple[str, UUID], Any] = {}
    for content_type, keys in sorted(wanted.items(), key=lambda of: (owner_name(of[0]) != of[0], of[0])):
        model = model_of(content_type)
        if model is None:
            continue
        statement = select(model).where(model.id.in_(keys)).order_by(model.id).with_for_update(read=True)
        rows: Iterator[Any] = session.scalars(statement, execution_options={"populate_existing": True})
        found.update(((content_type, row.id), row) for row in rows)
    return found


def _own_suggestions(session: Session, written: Iterable[_Judged]) -> dict[UUID, TranslationSuggestion]:
    """Read what the user suggested already for texts that get suggestions."""
    suggested = [one for one in written if one.verdict.suggests and one.unit is not None]
    if not suggested:
        return {}
    keys = [one.unit.translation_id for one in suggested if one.unit is not None]
    author = next((one.verdict.hand.user_id for one in suggested if one.verdict.hand is not None), None)
    found = session.scalars(
        select(TranslationSuggestion).where(
            TranslationSuggestion.translation_id.in_(keys),
            TranslationSuggestion.state == "open",
            TranslationSuggestion.author_id == author
            if author is not None
            else TranslationSuggestion.origin == "",
        )
    )
    return {row.translation_id: row for row in found}
