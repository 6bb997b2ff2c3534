"""A record as flat text, with children and translations: as it is, as it was, as somebody typed it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from app.resources import Child, Field, Kind, On, Resource
from app.resources.kinds import Unreadable, parse, plain, recorded
from app.surfaces.history.reading import entries
from app.surfaces.records import clocks
from app.surfaces.records.changes import Changes
from app.translation.writing import texts_of

MOST_ENTRIES = 5_000
"""So many changes are looked back upon; a form left open for longer is asked about every difference."""

Texts = dict[tuple[str, str], str]


@dataclass(slots=True)
class Part:
    """The fields of a record or of a row, and its translations by (locale, field), as canonical text."""

    fields: dict[str, str] = field(default_factory=dict)
    texts: Texts = field(default_factory=dict)


@dataclass(slots=True)
class State:
    """`children` holds, by group, the rows by key in their order."""

    own: Part
    children: dict[str, dict[str, Part]]


@dataclass(slots=True)
class Past:
    """The state that somebody began from, and who changed what since, by slot."""

    state: State
    actors: dict[str, str]


def canonical(item: Field, raw: Any, currency: str = "EUR") -> str:
    """Write a value in the one form in which equal values are equal texts; what is no value stays as typed."""
    try:
        value = parse(item, raw, currency)
    except (Unreadable, KeyError):
        return str(raw or "").strip()
    if item.kind is Kind.RELATIONS:
        return ",".join(sorted(str(key) for key in value or ()))
    if item.kind is Kind.INSTANT and value is not None:
        value = value.replace(second=0, microsecond=0)  # as fine as a form says it
    return plain(item, value, currency)


def present(session: Session, resource: Resource, record: Any) -> State:
    """Read a record as it is now."""
    rows = {child.name: list(getattr(record, child.name)) for child in resource.children}
    keys = [record.id, *(row.id for found in rows.values() for row in found)]
    texts = texts_of(session, keys) if resource.translated else {}
    return State(
        _stored(resource.fields_on(On.FORM), record, texts.get(record.id, {})),
        {
            child.name: {
                str(row.id): _stored(child.fields_on(On.FORM), row, texts.get(row.id, {}))
                for row in rows[child.name]
            }
            for child in resource.children
        },
    )


def typed(session: Session, resource: Resource, changes: Changes, record: Any = None) -> State:
    """Read what somebody typed for a record; what the form did not send is not in it."""
    currency = str(changes.values.get("currency") or "EUR").strip().upper()[:3]
    fields = resource.fields_on(On.FORM)
    own = _typed(fields, clocks.placed(session, fields, changes.values, record), changes.texts, currency)
    children = {}
    for name, rows in changes.children.items():
        if (child := resource.child(name)) is not None:
            rows_fields = child.fields_on(On.FORM)
            children[name] = {
                row.id or f"new-{row.index}": _typed(rows_fields, row.values, row.texts, currency)
                for row in rows
            }
    return State(own, children)


def past(session: Session, resource: Resource, record: Any, now: State, mark: int) -> Past | None:
    """Undo, on paper, what the history says was changed since a mark; None when that is too much."""
    rows = entries(session, resource.name, record.id, since=mark, size=MOST_ENTRIES + 1)
    if len(rows) > MOST_ENTRIES:
        return None
    undoing = _Undoing(resource, record, now)
    for row in rows:
        undoing.undo(row)
    return Past(undoing.state(), undoing.actors)


class _Undoing:
    """Takes the entries of a history back, the newest first."""

    def __init__(self, resource: Resource, record: Any, now: State) -> None:
        self.resource = resource
        self.key = str(record.id)
        self.currency = getattr(record, "currency", None) or "EUR"
        self.own = dict(now.own.fields)
        self.rows = {
            name: {key: dict(part.fields) for key, part in rows.items()}
            for name, rows in now.children.items()
        }
        self.places = {
            child.name: {str(row.id): row.position for row in getattr(record, child.name)}
            for child in resource.children
        }
        self.texts: dict[str, Texts] = {self.key: dict(now.own.texts)}
        for rows in now.children.values():
            self.texts |= {key: dict(part.texts) for key, part in rows.items()}
        self.actors: dict[str, str] = {}
        self.joins = {f.join.table.name: f for f in resource.fields_on(On.FORM) if f.join is not None}

    def undo(self, row: Any) -> None:
        """Take one entry back."""
        if row.content_type == "translation":
            self._undo_text(row)
        elif row.content_type in self.joins:
            self._undo_join(self.joins[row.content_type], row)
        elif row.content_type == self.resource.name:
            fields = self.resource.fields_on(On.FORM)
            self._undo_fields(fields, self.own, row, "")
        else:
            child = next((c for c in self.resource.children if c.table == row.content_type), None)
            if child is not None:
                self._undo_row(child, row)

    def _undo_fields(self, fields: Iterable[Field], held: dict[str, str], row: Any, prefix: str) -> None:
        old = row.old or {}
        for item in fields:
            if item.name in old and item.is_stored:
                held[item.name] = _recorded(item, old[item.name], self.currency)
                self.actors.setdefault(prefix + item.name, row.actor_label)

    def _undo_join(self, item: Field, row: Any) -> None:
        """Take back that another record was joined to it, or no longer is."""
        held = set(filter(None, self.own.get(item.name, "").split(",")))
        for facts, change in ((row.new, held.discard), (row.old, held.add)):
            if facts and item.join is not None and item.join.theirs in facts:
                change(str(facts[item.join.theirs]))
        self.own[item.name] = ",".join(sorted(held))
        self.actors.setdefault(item.name, row.actor_label)

    def _undo_row(self, child: Child, row: Any) -> None:
        rows, key = self.rows.setdefault(child.name, {}), row.object_id
        prefix = f"{child.name}.{key}."
        if row.action == "insert":
            rows.pop(key, None)
            self.actors.setdefault(prefix, row.actor_label)
            return
        if row.action == "delete":
            self.actors.setdefault(prefix, row.actor_label)
        self._undo_fields(child.fields_on(On.FORM), rows.setdefault(key, {}), row, prefix)
        if "position" in (row.old or {}):
            self.places[child.name][key] = row.old["position"]
            self.actors.setdefault(f"{child.name}..", row.actor_label)

    def _undo_text(self, row: Any) -> None:
        facts = row.old or row.new or {}
        texts = self.texts.setdefault(str(facts.get("object_id")), {})
        place = (str(facts.get("locale")), str(facts.get("field")))
        if row.action == "insert":
            texts.pop(place, None)
        elif "text" in (row.old or {}):
            texts[place] = row.old["text"]
        self.actors.setdefault(self._slot(str(facts.get("object_id")), facts), row.actor_label)

    def _slot(self, key: str, facts: Mapping[str, Any]) -> str:
        name = f"t-{facts.get('locale')}-{facts.get('field')}"
        if key == self.key:
            return name
        child = next((c.name for c in self.resource.children if c.table == facts.get("content_type")), "")
        return f"{child}.{key}.{name}"

    def state(self) -> State:
        """Give what is left."""
        children = {}
        for name, rows in self.rows.items():
            places = self.places.get(name, {})
            ordered = sorted(rows, key=lambda key: (places.get(key, 0), key))
            children[name] = {key: Part(rows[key], self.texts.get(key, {})) for key in ordered}
        return State(Part(self.own, self.texts[self.key]), children)


def _stored(fields: Iterable[Field], record: Any, texts: Mapping[tuple[str, str], Any]) -> Part:
    currency = getattr(record, "currency", None) or "EUR"
    held = {}
    for item in fields:
        value = getattr(record, item.name)
        if item.kind is Kind.RELATIONS:
            held[item.name] = ",".join(sorted(str(row.id) for row in value or ()))
        else:
            held[item.name] = canonical(item, plain(item, value, currency), currency)
    return Part(held, {place: row.text for place, row in texts.items()})


def _typed(fields: Iterable[Field], values: Mapping[str, Any], texts: Texts, currency: str) -> Part:
    held = {item.name: canonical(item, values[item.name], currency) for item in fields if item.name in values}
    return Part(held, {place: text.replace("\r\n", "\n").strip() for place, text in texts.items()})


def _recorded(item: Field, raw: Any, currency: str) -> str:
    """Read a value out of the history, where it stands as JSON."""
    if raw is None:
        return ""
    return canonical(item, plain(item, recorded(item, raw), currency), currency)
