"""Rows of a spreadsheet into records, through the same door as the form; a dry run is the same, undone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from app.kernel.errors import DomainError, FileRefused, Invalid
from app.kernel.formulas import rearm
from app.kernel.ids import parse_id
from app.resources import Catalogue, Field, Kind, On, Resource
from app.resources.kinds import Unreadable, parse, plain
from app.surfaces.records import clocks
from app.surfaces.records.cautions import cautions
from app.surfaces.records.changes import Changes
from app.surfaces.records.chosen import seen_by_writer
from app.surfaces.records.guards import is_locked_first, lock_first
from app.surfaces.records.writing import Checked, check, currency_of, write_many
from app.surfaces.transfer.columns import Column, columns_of
from app.surfaces.transfer.reading import Line, Sheet
from app.translation.writing import texts_of

MOST_ERRORS = 200
_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class RowError:
    """A fault: the row as a spreadsheet numbers it, the column (empty for the whole row), a sentence."""

    row: int
    column: str
    sentence: Any


@dataclass(slots=True)
class Outcome:
    """What an import did, or would do."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    errors: list[RowError] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


class _Refused(Exception):
    """A fault of one row, met before it is written."""

    def __init__(self, column: str, sentence: Any) -> None:
        super().__init__(column)
        self.column = column
        self.sentence = sentence


def run_import(
    session: Session,
    catalogue: Catalogue,
    resource: Resource,
    sheet: Sheet,
    visible: Select[Any],
    may: Mapping[str, bool],
    dry: bool,
) -> Outcome:
    """Write every row or none; with `dry`, none in any case.

    `visible` selects the records that may be changed; `may` tells whether records may be added ("add") and
    changed ("edit"). Raises FileRefused for headings that are unknown or stand twice.
    """
    outcome = Outcome()
    job = _Import(session, catalogue, resource, sheet, visible, may)
    savepoint = session.begin_nested()
    try:
        job.prepare()
        job.run(outcome)
    except BaseException:
        savepoint.rollback()
        raise
    if dry or outcome.errors:
        savepoint.rollback()
    else:
        savepoint.commit()
    return outcome


def map_headings(resource: Resource, headings: Iterable[str]) -> list[Column | None]:
    """Find the column of each heading, by its key, its name or its label; None for one that is empty."""
    known: dict[str, Column] = {}
    for column in columns_of(resource):
        known[column.key.lower()] = column
        if column.field is not None:
            tail = f"[{column.locale}]" if column.locale else ""
            for name in (str(column.field.label), column.field.name):
                known.setdefault(f"{name}{tail}".lower(), column)
    found = [known.get(heading.lower()) for heading in headings]
    unknown = [heading for heading, column in zip(headings, found, strict=True) if heading and column is None]
    if unknown:
        names = ", ".join(f"“{heading[:60]}”" for heading in unknown[:10])
        raise FileRefused(_l("There is no column %(names)s here.", names=names))
    keys = [column.key for column in found if column is not None]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise FileRefused(_l("The column %(names)s stands twice.", names=", ".join(twice)))
    if not any(column is not None and column.writable and column.field is not None for column in found):
        raise FileRefused(_l("The first row must name the columns."))
    return found


class _Import:
    """One file on its way in."""

    def __init__(
        self,
        session: Session,
        catalogue: Catalogue,
        resource: Resource,
        sheet: Sheet,
        visible: Select[Any],
        may: Mapping[str, bool],
    ) -> None:
        self.session = session
        self.catalogue = catalogue
        self.resource = resource
        self.sheet = sheet
        self.visible = visible
        self.may = may
        self.columns = map_headings(resource, sheet.headings)
        self.headings = {
            (column.field.name, column.locale): heading
            for heading, column in zip(sheet.headings, self.columns, strict=True)
            if column is not None and column.field is not None
        }
        self.writable = [c.field for c in columns_of(resource) if c.field and c.writable and not c.locale]
        self.by_id: dict[Any, Any] = {}
        self.by_slug: dict[str, Any] = {}
        self.related: dict[tuple[str, str], Any] = {}
        self.texts: dict[UUID, dict[tuple[str, str], Any]] = {}
        self.met: dict[Any, int] = {}

    def prepare(self) -> None:
        """Read and lock the records that the file names; read their translations and what they point at."""
        model, slug = self.resource.model, self.resource.slug_field
        visible = self.visible.order_by(model.id).with_for_update()
        keys = [key for text in self._values("id") if (key := parse_id(text)) is not None]
        if is_locked_first(self.resource):
            lock_first(
                self.session,
                self.resource,
                keys,
                {item.name: self._named(item) for item in self._relations()},
            )
        for part in _parts(keys):
            self._know(self.session.scalars(visible.where(model.id.in_(part))))
        if slug is not None:
            for part in _parts(list(dict.fromkeys(text.lower() for text in self._values(slug.key)))):
                self._know(self.session.scalars(visible.where(getattr(model, slug.name).in_(part))))
        if any(locale for _name, locale in self.headings):
            for part in _parts(list(self.by_id)):
                self.texts |= texts_of(self.session, part)
        for item in self._relations():
            self._know_related(item)

    def _relations(self) -> list[Field]:
        """List the relations that have a column."""
        fields = [column.field for column in self.columns if column is not None and column.field is not None]
        return [item for item in fields if item.kind is Kind.RELATION]

    def _named(self, item: Field) -> set[UUID]:
        """Give the keys of the records that the file may mean by a relation."""
        texts = list(self._values(item.key))
        named = {key for text in texts if (key := parse_id(text)) is not None}
        target = self.catalogue[item.target]
        if (slug := target.slug_field) is not None:
            model = target.model
            for part in _parts([text.lower() for text in texts]):
                found = select(model.id).where(getattr(model, slug.name).in_(part))
                named.update(self.session.scalars(found))
        return named

    def _values(self, key: str) -> Iterator[str]:
        """Give the distinct texts of a column."""
        places = [n for n, column in enumerate(self.columns) if column is not None and column.key == key]
        seen = {
            rearm(str(line.cells[n]).strip()): None
            for n in places
            for line in self.sheet.lines
            if n < len(line.cells)
        }
        return (text for text in seen if text)

    def _know(self, records: Iterable[Any]) -> None:
        slug = self.resource.slug_field
        for record in records:
            self.by_id[record.id] = record
            if slug is not None:
                self.by_slug[getattr(record, slug.name)] = record

    def _know_related(self, item: Field) -> None:
        target = self.catalogue[item.target]
        if (slug := target.slug_field) is None:
            return
        model = target.model
        named, rule = select(getattr(model, slug.name), model.id), seen_by_writer(target)
        if rule is not None:  # what these records point at already is no secret to who may change them
            held = [getattr(record, item.name) for record in self.by_id.values()]
            named = named.where(or_(rule, model.id.in_(held)))
        for part in _parts([text.lower() for text in self._values(item.key)]):
            found = named.where(getattr(model, slug.name).in_(part))
            self.related |= {(target.name, text): key for text, key in self.session.execute(found)}

    def run(self, outcome: Outcome) -> None:
        """Check every row, then write all that are right together; stop where too many are wrong."""
        checked: list[Checked] = []
        numbers: list[int] = []
        with self.session.no_autoflush:
            for line in self.sheet.lines:
                try:
                    row = self._check(line)
                except _Refused as refusal:
                    outcome.errors.append(RowError(line.number, refusal.column, refusal.sentence))
                except DomainError as error:
                    outcome.errors += self._faults(line.number, error)
                else:
                    outcome.unchanged += row is None
                    if row is not None:
                        outcome.added += row.record is None
                        outcome.changed += row.record is not None
                        checked.append(row)
                        numbers.append(line.number)
                if len(outcome.errors) >= MOST_ERRORS:
                    break
        for position, fault in write_many(self.session, self.resource, checked, MOST_ERRORS).items():
            outcome.errors += self._faults(numbers[position], fault)
        if not outcome.errors:
            outcome.warnings = cautions(self.session, self.resource, [row.record for row in checked])
        del outcome.errors[MOST_ERRORS:]
        outcome.errors.sort(key=lambda found: found.row)

    def _check(self, line: Line) -> Checked | None:
        """Read one row; None when it changes nothing."""
        cells = self._cells(line)
        record = self._find(cells, line.number)
        changes = self._changes(cells, record)
        if record is not None and not changes.values and not changes.texts:
            return None
        self._check_rights(record)
        return check(
            self.session, self.catalogue, self.resource, record, changes, self.writable, is_locked=True
        )

    def _cells(self, line: Line) -> dict[tuple[str, str], Any]:
        """Give the row's values by (field, locale); the key stands under ("id", "")."""
        if len(line.cells) > len(self.columns) and any(
            cell != "" for cell in line.cells[len(self.columns) :]
        ):
            raise _Refused("", _l("The row has more cells than there are columns."))
        for position, sentence in line.faults.items():
            raise _Refused(self.sheet.headings[position], sentence)
        cells: dict[tuple[str, str], Any] = {}
        for position, column in enumerate(self.columns):
            value = line.cells[position] if position < len(line.cells) else ""
            if column is None:
                if value != "":
                    raise _Refused("", _l("A cell stands under no heading."))
                continue
            name = column.field.name if column.field is not None else "id"
            cells[name, column.locale] = rearm(value) if isinstance(value, str) else value
        return cells

    def _find(self, cells: Mapping[tuple[str, str], Any], number: int) -> Any | None:
        """Find the record a row is of: by its key, else by its slug; None for a new one."""
        key = str(cells.get(("id", ""), "")).strip()
        slug = self.resource.slug_field
        name = str(cells.get((slug.name, ""), "")).strip().lower() if slug is not None else ""
        record = self.by_id.get(parse_id(key)) if key else self.by_slug.get(name)
        if key and record is None:
            raise _Refused("id", _l("There is no record with this key; leave it empty to add one."))
        mark = record.id if record is not None else name
        if mark and mark in self.met:
            raise _Refused("", _l("The record stands in row %(row)s already.", row=self.met[mark]))
        self.met[mark] = number
        return record

    def _check_rights(self, record: Any | None) -> None:
        if record is None and not self.may["add"]:
            raise _Refused("", _l("You may not add records."))
        if record is not None and not self.may["edit"]:
            raise _Refused("", _l("You may not change records."))

    def _changes(self, cells: Mapping[tuple[str, str], Any], record: Any | None) -> Changes:
        """Gather what differs from the record; what no form may write must not differ."""
        changes = Changes()
        currency = str(cells.get(("currency", "")) or currency_of(record)).strip().upper()[:3]
        for column in self.columns:
            if column is None or column.field is None:
                continue
            name = column.field.name
            raw = cells[name, column.locale]
            if column.locale:
                text = "" if raw is None else str(raw).strip()
                if text != self._text(record, column.locale, name):
                    changes.texts[column.locale, name] = text
            elif not column.writable:
                self._check_untouched(column.field, raw, record, currency)
            else:
                raw = self._placed(column.field, self._relation(column.field, raw), cells, record)
                if record is None or self._differs(column.field, raw, record, currency):
                    changes.values[name] = raw
        if record is None:
            changes.values = {name: raw for name, raw in changes.values.items() if raw != ""}
        return changes

    def _text(self, record: Any | None, locale: str, name: str) -> str:
        known = self.texts.get(record.id, {}).get((locale, name)) if record is not None else None
        return known.text if known is not None else ""

    def _placed(
        self, field: Field, raw: Any, cells: Mapping[tuple[str, str], Any], record: Any | None
    ) -> Any:
        """Turn a time without an offset into what the clocks of its place mean by it."""
        if field.clock is None or (place := self.resource.field(field.clock.beside)) is None:
            return raw
        typed = {field.name: raw}
        if (place.name, "") in cells:
            typed[place.name] = self._relation(place, cells[place.name, ""])
        return clocks.placed(self.session, (field,), typed, record)[field.name]

    def _relation(self, field: Field, raw: Any) -> Any:
        """Turn a slug into the key it stands for."""
        if field.kind is not Kind.RELATION or not isinstance(raw, str) or parse_id(raw.strip()) is not None:
            return raw
        return self.related.get((field.target, raw.strip().lower()), raw)

    def _differs(self, field: Field, raw: Any, record: Any, currency: str) -> bool:
        try:
            value = parse(field, raw, currency)
        except Unreadable:
            return True  # `write` says what is wrong with it
        before = getattr(record, field.name)
        if value is None and isinstance(before, str):
            return before != ""
        return bool(value != before)

    def _check_untouched(self, field: Field, raw: Any, record: Any | None, currency: str) -> None:
        default = field.column.default.arg if getattr(field.column.default, "is_scalar", False) else None
        before = default if record is None else getattr(record, field.name)
        if raw not in ("", None) and str(raw).strip() != plain(field, before, currency):
            heading = self.headings[field.name, ""]
            raise _Refused(heading, _l("This cannot be changed by an import; leave it as it is."))

    def _faults(self, number: int, error: DomainError) -> Iterator[RowError]:
        """Put what is wrong with fields under the headings of the file."""
        if not isinstance(error, Invalid):
            yield RowError(number, "", error.message)
            return
        for name, sentences in error.errors.items():
            key = (name, "")
            if name.startswith("t-"):
                locale, _dash, field_name = name.removeprefix("t-").rpartition("-")
                key = (field_name, locale)
            declared = self.resource.field(name)
            heading = self.headings.get(key) or (declared.key if declared is not None else "")
            for sentence in sentences:
                yield RowError(number, heading, sentence)


def _parts(keys: list[Any]) -> Iterator[list[Any]]:
    return (keys[start : start + _AT_ONCE] for start in range(0, len(keys), _AT_ONCE))


def has_transfer(resource: Resource) -> bool:
    """Tell whether records of this type can be exported and imported at all."""
    return bool(resource.fields_on(On.TRANSFER))
