"""What refers to a record: every relation, child and gallery that points at it, counted in one statement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any
from urllib.parse import urlencode

from flask_login import current_user
from sqlalchemy import ForeignKey, Select, Text, cast, false, func, literal, select
from sqlalchemy.orm import Session

from app.access import rows as row_rules
from app.access.rights import may
from app.kernel.db import metadata
from app.resources import Catalogue, Child, Field, On, Resource

MOST_COUNTED = 1_000
SHOWN = 5


class Fate(Enum):
    """What becomes of a row when the record that it points at is deleted."""

    REFUSES = "refuses"
    EMPTIED = "emptied"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Source:
    """A column that points at a content type: of `owner` itself, or of its rows of `child`.

    Without an owner it is of a table that no declaration knows. `is_own` when the rows are the record's own.
    """

    table: Any
    column: Any
    fate: Fate
    owner: Resource | None = None
    child: Child | None = None
    field: Field | None = None
    is_own: bool = False

    @property
    def parent(self) -> Any:
        """Give the column that names the record where the pointing row is a child's or joins two; None for its own."""
        if self.child is not None:
            return self.table.c[self.child.parent_column]
        join = self.field.join if self.field is not None else None
        return self.table.c[join.ours] if join is not None else None

    @property
    def name(self) -> str:
        """Name it in an address."""
        return f"{self.table.name}.{self.column.name}"


@dataclass(frozen=True, slots=True)
class Referrer:
    """A record that refers to another."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Reference:
    """How many records refer through one source, as far as the reader may know of them.

    `hidden` when there are more that the reader may not see; `is_more` when there are more than are counted.
    """

    source: Source
    count: int
    is_more: bool
    hidden: bool
    first: tuple[Referrer, ...]
    list_url: str


def sources(catalogue: Catalogue, resource: Resource) -> Iterator[Source]:
    """List what may point at a content type."""
    by_table = {other.name: other for other in catalogue}
    children = {child.table: (other, child) for other in catalogue for child in other.children}
    joins = {f.join.table.name: (other, f) for other in catalogue for f in other.fields if f.join is not None}
    for table in metadata.sorted_tables:
        for key in sorted(table.foreign_keys, key=lambda key: str(key.parent.name)):
            if key.column.table.name != resource.name or not key.column.primary_key:
                continue
            fate = _fate(key)
            column = key.parent
            if owner := by_table.get(table.name):
                yield Source(table, column, fate, owner, None, owner.field(column.name))
            elif table.name in children:
                owner, child = children[table.name]
                field = next((item for item in child.fields if item.name == column.name), None)
                is_own = owner is resource and child.parent_column == column.name
                yield Source(table, column, fate, owner, child, field, is_own)
            elif table.name in joins:
                owner, joined = joins[table.name]
                if joined.join is not None and joined.join.theirs == column.name:
                    yield Source(table, column, fate, owner, None, joined)
            elif fate is Fate.REFUSES:
                yield Source(table, column, fate)


def references(session: Session, catalogue: Catalogue, resource: Resource, record: Any) -> list[Reference]:
    """Count what refers to a record and name the first of them; one statement, under the row rules."""
    found = [
        source for source in sources(catalogue, resource) if source.column.type.python_type is type(record.id)
    ]
    if not found:
        return []
    columns: list[Any] = []
    for number, source in enumerate(found):
        everything = select(literal(1)).where(source.column == record.id).limit(MOST_COUNTED + 1).subquery()
        columns.append(select(func.count()).select_from(everything).scalar_subquery().label(f"all_{number}"))
        seen = _visible(source, record.id)
        counted = seen.order_by(None).limit(MOST_COUNTED + 1).subquery()
        columns.append(select(func.count()).select_from(counted).scalar_subquery().label(f"seen_{number}"))
        first = seen.limit(SHOWN).subquery()
        pair = func.json_build_array(cast(first.c.id, Text), cast(first.c.title, Text))
        columns.append(select(func.json_agg(pair)).scalar_subquery().label(f"first_{number}"))
    row = session.execute(select(*columns)).one()
    made = (_reference(resource, record, source, row[3 * n : 3 * n + 3]) for n, source in enumerate(found))
    return [reference for reference in made if reference.count or reference.hidden]


def referrers(session: Session, source: Source, record: Any, size: int = 200) -> tuple[Referrer, ...]:
    """List the records that refer to one through a source, the newest first."""
    rows = session.execute(_visible(source, record.id).limit(size)).all()
    return _linked(source, rows)


def _visible(source: Source, key: Any) -> Select[Any]:
    """Select the records, by key and title, that the reader may list."""
    owner = source.owner
    if owner is None:
        return select(source.column.label("id"), literal("").label("title")).where(false())
    model = owner.model
    chosen = select(model.id.label("id"), getattr(model, owner.title).label("title"))
    if source.parent is None:
        chosen = chosen.where(source.column == key)
    else:
        chosen = chosen.where(model.id.in_(select(source.parent).where(source.column == key)))
    return chosen.where(row_rules.condition(owner.name, current_user, model)).order_by(model.id.desc())


def _reference(resource: Resource, record: Any, source: Source, counts: Sequence[Any]) -> Reference:
    total, seen, first = counts
    is_limited = source.owner is None or row_rules.is_limited(source.owner.name, current_user)
    is_hidden = is_limited and total > seen
    if source.is_own:
        seen, is_hidden = total, False  # the rows themselves: the record that holds them is this one
    return Reference(
        source,
        min(seen, MOST_COUNTED),
        seen > MOST_COUNTED,
        is_hidden,
        _linked(source, first or ()),
        "" if source.is_own else _list_url(resource, record, source),
    )


def _linked(source: Source, rows: Sequence[Any]) -> tuple[Referrer, ...]:
    owner = source.owner
    if owner is None:
        return ()
    opens = may("show", owner.name)
    return tuple(Referrer(str(title), f"/{owner.path}/{key}" if opens else "") for key, title in rows)


def _list_url(resource: Resource, record: Any, source: Source) -> str:
    field = source.field
    if source.child is None and source.owner and field and field.on & On.FILTER and field.is_asked:
        return f"/{source.owner.path}/?{urlencode({f'filter[{field.key}]': str(record.id)})}"
    return f"/{resource.path}/{record.id}/panel?{urlencode({'tab': 'references', 'of': source.name})}"


def _fate(key: ForeignKey) -> Fate:
    return {"CASCADE": Fate.DELETED, "SET NULL": Fate.EMPTIED}.get(key.ondelete or "", Fate.REFUSES)
