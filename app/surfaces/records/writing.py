"""The one way a record is written: checked by its declaration, locked, saved with children and translations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from dataclasses import field as attribute
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import inspect, select
from sqlalchemy.exc import IntegrityError, InvalidRequestError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.orm.exc import StaleDataError

from app.kernel import clock
from app.kernel.errors import DomainError, Invalid, NotFound, StaleRevision
from app.kernel.ids import parse_id
from app.resources import Catalogue, Child, Field, Kind, On, Resource
from app.resources.kinds import Unreadable, parse, plain
from app.surfaces.records import clocks
from app.surfaces.records.changes import Changes, ChildChanges
from app.surfaces.records.chosen import check_chosen, joined
from app.surfaces.records.guards import ask_guards
from app.surfaces.records.limits import keep_within
from app.surfaces.records.news import tell_added, tell_changed
from app.surfaces.records.refusals import check_late_rules, explain, still_used
from app.translation import writing as translation

Errors = dict[str, list[Any]]
MOST_ROWS = 500
GONE = _l("Somebody deleted this record meanwhile.")


def write(
    session: Session,
    catalogue: Catalogue,
    resource: Resource,
    record: Any | None,
    changes: Changes,
    fields: Iterable[Field] | None = None,
) -> Any:
    """Add a record (None) or change one, with its translations and children; returns it, flushed.

    `fields` are those that may be written, by default the FORM fields. The row is locked first. Raises
    Invalid with every fault found, StaleRevision when somebody saved since `changes.revision`.
    """
    checked = check(session, catalogue, resource, record, changes, fields)
    try:
        with session.begin_nested():
            _save_together(session, [checked])
    except IntegrityError as error:
        raise explain(error, resource) from error
    if record is None:
        tell_added(resource, checked.record)
    tell_changed(session, resource, [checked.record.id])
    return checked.record


def write_many(
    session: Session, resource: Resource, many: Sequence[Checked], most: int = 200
) -> dict[int, DomainError]:
    """Save checked records of one content type together; gives the refusals by position.

    Where the database refuses some, halves are tried until those are found; the others stay saved. After
    `most` refusals the rest is left unsaved.
    """
    refused: dict[int, DomainError] = {}
    parts = [range(len(many))]
    while parts and len(refused) < most:
        part = parts.pop()
        try:
            with session.begin_nested():
                _save_together(session, [many[position] for position in part])
        except (IntegrityError, DomainError) as error:
            middle = len(part) // 2
            if middle:
                parts += [part[middle:], part[:middle]]
            else:
                refused[part[0]] = explain(error, resource) if isinstance(error, IntegrityError) else error
    if many:
        tell_changed(session, resource, [checked.record.id for checked in many if checked.record is not None])
    return refused


def _save_together(session: Session, many: Sequence[Checked]) -> None:
    verbs = ["edit" if checked.record is not None else "add" for checked in many]
    for checked in many:
        checked.place(session)
    session.flush()
    touched = ((c, verb) for c, verb in zip(many, verbs, strict=True) if c.values or c.children)
    keep_within(session, [(c.resource, verb, c.record.id) for c, verb in touched])
    for checked in many:
        ask_guards(session, checked.resource, checked.record)
        if checked.save_texts(session):
            count_up(checked.record)
    session.flush()
    check_late_rules(session, {checked.resource.name: checked.resource for checked in many}.values())


def check(
    session: Session,
    catalogue: Catalogue,
    resource: Resource,
    record: Any | None,
    changes: Changes,
    fields: Iterable[Field] | None = None,
    is_locked: bool = False,
) -> Checked:
    """Lock a record, unless the caller did, and read what is to be written; raises as `write` does."""
    allowed = {field.name: field for field in (fields or resource.fields_on(On.FORM))}
    if record is not None and not is_locked:
        lock(session, resource, record, changes.revision)
    errors: Errors = {
        name: [_l("This field may not be written.")] for name in changes.values if name not in allowed
    }
    raw = clocks.placed(session, list(allowed.values()), changes.values, record, errors)
    values = _read_values(raw, allowed.values(), record, errors, "", record is None)
    _keep_locked(values, allowed.values(), record, errors)
    check_chosen(session, catalogue, values, allowed, record, errors)
    errors |= translation.faults_of(resource.name, changes.texts)
    currency = str(changes.values.get("currency") or currency_of(record))
    children = {
        name: _read_children(session, catalogue, resource, record, name, rows, errors, currency)
        for name, rows in changes.children.items()
    }
    if errors:
        raise Invalid(errors)
    return Checked(resource, record, values, children, changes)


@dataclass(slots=True)
class Checked:
    """What may be written, read from what somebody wants to write; `record` is made when it is a new one."""

    resource: Resource
    record: Any
    values: dict[str, Any]
    children: dict[str, list[tuple[ChildChanges, Any, dict[str, Any]]]]
    changes: Changes
    before: list[tuple[str, Any, dict[str, str]]] = attribute(default_factory=list)
    """Of what keeps its meaning: content type, row and the source hashes by field, as they were."""

    def place(self, session: Session) -> None:
        """Set the values on the record and its children."""
        is_new = self.record is None
        self._remember_meant()
        self.record = self.resource.model() if is_new else self.record
        for name, value in self.values.items():
            is_joined = isinstance(value, list) and name in inspect(self.resource.model).relationships
            if is_joined and joined(self.record, name) == {one.id for one in value}:
                continue
            if getattr(self.record, name) != value:
                setattr(self.record, name, value)
                if is_joined and not is_new:
                    count_up(self.record)
        if is_new or self.record not in session:
            session.add(self.record)
        for name, rows in self.children.items():
            if not self.changes.only_texts and _place_children(self.record, name, rows) and not is_new:
                count_up(self.record)

    def _remember_meant(self) -> None:
        meant = [(self.resource.name, self.record, self.changes.same)]
        for name, rows in self.children.items():
            child = self.resource.child(name)
            meant += [(child.table, mine, row.same) for row, mine, _values in rows if child is not None]
        for content_type, row, names in meant:
            if row is not None and names:
                hashes = {name: translation.source_hash(getattr(row, name)) for name in names}
                self.before.append((content_type, row, hashes))

    def save_texts(self, session: Session) -> int:
        """Save the translations of the flushed record and of its children; tells how many changed."""
        for content_type, row, hashes in self.before:
            translation.keep_right(session, content_type, row, hashes)
        return _save_texts(session, self.resource, self.record, self.changes, self.children)


def remove(session: Session, resource: Resource, record: Any) -> None:
    """Delete a record with its children and translations; raises Conflict while others refer to it."""
    lock(session, resource, record, None)
    try:
        with session.begin_nested():
            session.delete(record)
            session.flush()
    except IntegrityError as error:
        raise still_used(error) from error
    except StaleDataError as error:
        raise NotFound(GONE) from error
    tell_changed(session, resource, [record.id])


def act(session: Session, resource: Resource, record: Any, name: str, reason: str = "") -> None:
    """Do one of the resource's actions; raises what its verb raises."""
    action = resource.action(name)
    if action is None:
        raise NotFound(_l("There is no such action."))
    key = record.id
    try:
        action.verb(record, reason)
    except InvalidRequestError as error:
        model = resource.model
        if session.scalar(select(model.id).where(model.id == key)) is None:
            raise NotFound(GONE) from error
        raise
    session.flush()
    tell_changed(session, resource, [key])


def lock(session: Session, resource: Resource, record: Any, revision: int | None) -> None:
    """Lock the row and refuse a change of an older revision than it has."""
    try:
        session.refresh(record, with_for_update=True)
    except InvalidRequestError as error:
        raise NotFound(GONE) from error
    if revision is not None and hasattr(record, "revision") and record.revision != revision:
        theirs = {
            field.name: plain(field, getattr(record, field.name), currency_of(record))
            for field in resource.fields_on(On.FORM)
            if field.is_stored
        }
        raise StaleRevision(
            _l("Somebody else saved this record while you were editing it. Nothing was overwritten."), theirs
        )


def currency_of(record: Any) -> str:
    """Give the currency of a record's money."""
    return getattr(record, "currency", None) or "EUR"


def _read_values(
    raw: dict[str, Any], allowed: Iterable[Field], record: Any, errors: Errors, prefix: str, is_new: bool
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    currency = str(raw.get("currency") or currency_of(record)).strip().upper()[:3]
    for field in allowed:
        if field.name not in raw:
            if is_new and field.required:
                errors[prefix + field.name] = [_l("This field is needed.")]
            continue
        try:
            value = parse(field, raw[field.name], currency)
        except (Unreadable, KeyError) as error:
            errors[prefix + field.name] = [getattr(error, "sentence", str(error))]
            continue
        if value is None and field.required:
            errors[prefix + field.name] = [_l("This field is needed.")]
        elif value is None and field.kind is Kind.RELATIONS:
            values[field.name] = []
        elif value is None and field.column is not None and not field.column.nullable:
            if not (is_new and getattr(field.column.default, "is_callable", False)):  # made as it is written
                values[field.name] = _default(field)
        else:
            values[field.name] = value
    return values


def _keep_locked(values: dict[str, Any], allowed: Iterable[Field], record: Any, errors: Errors) -> None:
    """Refuse to change what the record's state holds fast; a form's greyed inputs send it as it is."""
    for field in allowed:
        if record is None or field.locked is None or field.name not in values:
            continue
        if sentence := field.locked(record):
            value = values.pop(field.name)
            held = getattr(record, field.name)
            if field.kind is Kind.RELATIONS:
                value, held = set(value), joined(record, field.name)
            if field.kind is not Kind.SWITCH and (value or None) != (held or None):
                errors[field.name] = [sentence]


def _default(field: Field) -> Any:
    default = field.column.default
    if default is not None and default.is_scalar:
        return default.arg
    return field.column.type.python_type()


def _read_children(
    session: Session,
    catalogue: Catalogue,
    resource: Resource,
    record: Any,
    name: str,
    rows: list[ChildChanges],
    errors: Errors,
    currency: str,
) -> list[tuple[ChildChanges, Any, dict[str, Any]]]:
    child = resource.child(name)
    if child is None:
        errors[name] = [_l("This field is unknown or may not be written.")]
        return []
    if len(rows) > MOST_ROWS:
        errors[name] = [_l("At most %(limit)s rows fit here.", limit=MOST_ROWS)]
        return []
    known = {} if record is None else {row.id: row for row in getattr(record, name)}
    allowed = {field.name: field for field in child.fields_on(On.FORM)}
    read, places = [], dict[Any, int]()
    for place, row in enumerate(rows, 1):
        mine = known.get(parse_id(row.id)) if row.id else None
        if row.id and mine is None:
            errors[f"{name}.{row.index}."] = [_l("This row was removed meanwhile.")]
            continue
        if mine is not None and (first := places.setdefault(mine.id, place)) != place:
            errors[f"{name}.{row.index}."] = [_l("The record stands in row %(row)s already.", row=first)]
            continue
        faults: Errors = translation.faults_of(child.table, row.texts)
        values = _read_values(
            {"currency": currency, **row.values}, allowed.values(), mine, faults, "", mine is None
        )
        check_chosen(session, catalogue, values, allowed, mine, faults)
        errors |= {f"{name}.{row.index}.{field}": texts for field, texts in faults.items()}
        read.append((row, mine, values))
    _check_one_primary(child, read, errors)
    return read


def _check_one_primary(child: Child, rows: list[Any], errors: Errors) -> None:
    """Say that only one picture can be the primary one, at the row that is one too many."""
    primary = [
        row for row, mine, values in rows if values.get("is_primary", getattr(mine, "is_primary", False))
    ]
    for row in primary[1:]:
        errors[f"{child.name}.{row.index}.is_primary"] = [_l("Only one picture can be the primary one.")]


def count_up(record: Any) -> None:
    """Have the record saved under its next revision though only what hangs on it changed.

    Else two who change its rows or its translations at once would not learn of each other.
    """
    if "updated_at" in inspect(type(record)).columns:
        flag_modified(record, "updated_at")
        record.updated_at = clock.now()


def _place_children(record: Any, name: str, rows: list[tuple[ChildChanges, Any, dict[str, Any]]]) -> bool:
    """Put the rows in their places; tells whether anything changed."""
    is_changed = False
    model = inspect(type(record)).relationships[name].mapper.class_
    if "is_primary" in model.__table__.c:
        _hand_over_primary(record, name, rows)
    placed = []
    for position, (row, mine, values) in enumerate(rows):
        child = mine if mine is not None else model()
        for field, value in (values | {"position": position}).items():
            if getattr(child, field) != value:
                setattr(child, field, value)
                is_changed = True
        row.id = str(child.id or "")
        placed.append(child)
    if list(getattr(record, name)) != placed:
        setattr(record, name, placed)
        is_changed = True
    return is_changed


def _hand_over_primary(record: Any, name: str, rows: list[tuple[ChildChanges, Any, dict[str, Any]]]) -> None:
    """Take the mark off the old picture before a new one gets it: the index allows one at any moment."""
    session = inspect(record).session
    staying = {
        mine.id
        for _row, mine, values in rows
        if mine is not None and values.get("is_primary", mine.is_primary)
    }
    losing = [mine for mine in getattr(record, name) if mine.is_primary and mine.id not in staying]
    if session is None or not losing:
        return
    for mine in losing:
        mine.is_primary = False
    session.flush()


def _save_texts(
    session: Session,
    resource: Resource,
    record: Any,
    changes: Changes,
    children: dict[str, list[tuple[ChildChanges, Any, dict[str, Any]]]],
) -> int:
    changed = translation.save_texts(session, resource.name, record, changes.texts)
    for name, rows in children.items():
        child = resource.child(name)
        known = [mine for _row, mine, _values in rows]
        owners = known if changes.only_texts else getattr(record, name)
        for (row, _mine, _values), placed in zip(rows, owners, strict=True):
            if child is not None and row.texts:
                changed += translation.save_texts(session, child.table, placed, row.texts)
    return changed
