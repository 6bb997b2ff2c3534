"""Resource, Field and On: facts about a content type, checked when the program starts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from sqlalchemy import Column, ColumnElement, inspect
from sqlalchemy import types as sa
from sqlalchemy.orm import Mapper

from app.resources.clocks import Clock
from app.resources.names import Names
from app.resources.terms import WRITTEN, DeclarationError, Kind, On

Label = Any
"""A sentence or a word, lazily translated."""


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a CHOICE field; `tone` colours its chip."""

    value: str
    label: Label
    tone: str = "secondary"


@dataclass(frozen=True, slots=True)
class Join:
    """The table that joins records to many others: its column of the ones, its column of the others."""

    table: Any
    ours: str
    theirs: str


@dataclass(frozen=True)
class Field:
    """One column of the model and all the places where it appears."""

    name: str
    on: On
    label: Label
    kind: Kind | None = None
    help: Label = ""
    options: tuple[Option, ...] = ()
    section: Label = ""
    tab: Label = ""
    locked: Callable[[Any], Label] | None = None
    """Gives the sentence that says why this record keeps the field as it is; nothing where it may be changed."""
    names: Names | None = None
    """What its codes are called, where others than this declaration know it."""
    spelt: Callable[[str], str] | None = None
    """Gives the one way in which this code is written, from how somebody typed it; nothing where it cannot be one."""
    clock: Clock | None = None
    """On whose clocks an instant is typed and read; it is then an appointment, told by its day and hour."""
    tone: str = "success"
    """Colours the chip of a switch that is on; that of one that is off is never coloured."""

    # Facts read from the model when the resource is made; never written by hand.
    column: Any = None
    target: str = ""
    required: bool = False
    max_length: int = 0
    precision: int = 0
    scale: int = 0
    join: Join | None = None

    @property
    def key(self) -> str:
        """Give the field's name in JSON: a relation loses its `_id`, money its `_minor`, an asset is a picture."""
        if self.kind is Kind.MONEY:
            return self.name.removesuffix("_minor")
        if self.kind is Kind.PICTURE:
            return self.name.replace("asset_id", "picture")
        if self.kind is Kind.RELATION:
            return self.name.removesuffix("_id")
        return self.name

    @property
    def is_stored(self) -> bool:
        """Tell whether it is a column that can be written, not an expression over others."""
        return isinstance(self.column, Column)

    @property
    def is_asked(self) -> bool:
        """Tell whether rows can be found by it: by its column, or by the table that joins it."""
        return (self.is_stored or self.join is not None) and self.kind is not Kind.JSON

    @property
    def is_address(self) -> bool:
        """Tell whether it is an address with one of its own in each language: optional, and no text to be done."""
        return self.kind is Kind.SLUG and bool(self.on & On.TRANSLATE)

    def option(self, value: object) -> Option | None:
        """Find the option that a stored value stands for."""
        return next((option for option in self.options if option.value == value), None)


@dataclass(frozen=True)
class Child:
    """Rows that belong to a record, edited inside its form and ordered by `position`."""

    name: str
    label: Label
    singular: Label
    fields: tuple[Field, ...]
    public: bool = True
    tab: Label = ""
    spread: tuple[str, Label] | None = None
    """A choice to whose other values a row is copied by one click, and what that is called: hours to other days."""

    # Read from the model.
    model: Any = None
    parent_column: str = ""

    @property
    def table(self) -> str:
        """Give the name of the children's table."""
        return str(self.model.__tablename__)

    def fields_on(self, place: On) -> tuple[Field, ...]:
        """List the fields that appear at a place."""
        return tuple(field for field in self.fields if field.on & place)


@dataclass(frozen=True)
class Action:
    """A service verb offered on a record; it alone changes a status.

    `verb(record, reason)` raises a DomainError when it refuses; `offered(record)` tells whether it is shown.
    `leads_to` is the status that a record has afterwards: a board does the action when a card is put there.
    One that `is_aside` stands not among the others, but where the record's page speaks of its matter.
    """

    name: str
    label: Label
    verb: Callable[[Any, str], None]
    offered: Callable[[Any], bool]
    icon: str = ""
    tone: str = ""
    asks_reason: bool = False
    is_aside: bool = False
    leads_to: str = ""


@dataclass(frozen=True)
class Resource:
    """A content type: its model, its words and its fields. Nothing is exposed unless a field says so.

    `board`, `calendar` and `picture` name the fields by which a list is also seen in columns, by day and as
    pictures; empty ones are found (see `app.resources.ways`), "-" is none. `opens_as` is how the list is seen
    when its address does not say. Of records that `translated_when` leaves out no translation is missing.
    `stays` gives the sentence that says why a record cannot be deleted; nothing where it may be. It is what the
    dialog tells that asks; the refusal itself is the model's. `begun_at` is the address of the screen where records
    are begun that no form makes. `words` are further words for the thing, with commas between them: the palette finds
    it by them, and nobody sees them. One that is `found_last` stands behind all others in a search over everything.
    """

    model: Any
    label: Label
    singular: Label
    fields: tuple[Field, ...]
    menu: Label = ""
    icon: str = "folder"
    path: str = ""
    order: str = "-created_at"
    title: str = "name"
    children: tuple[Child, ...] = ()
    actions: tuple[Action, ...] = ()
    public: str = ""
    public_when: Callable[[Any], ColumnElement[bool]] | None = None
    translated_when: Callable[[Any], ColumnElement[bool]] | None = None
    stays: Callable[[Any], Label] | None = None
    board: str = ""
    calendar: str = ""
    picture: str = ""
    opens_as: str = "table"
    begun_at: str = ""
    words: Label = ""
    found_last: bool = False

    def __post_init__(self) -> None:
        fields = tuple(_with_facts(self.model, field, self.name) for field in self.fields)
        object.__setattr__(self, "fields", fields)
        children = tuple(_child_with_facts(self.model, child) for child in self.children)
        object.__setattr__(self, "children", children)
        if not self.path:
            object.__setattr__(self, "path", f"{self.name}s")
        _check(self)

    @property
    def name(self) -> str:
        """Give the name of the table, which is also the name of the permission."""
        return str(self.model.__tablename__)

    @property
    def slug_field(self) -> Field | None:
        """Find the field by which a record is addressed beside its key."""
        return next((field for field in self.fields if field.kind is Kind.SLUG), None)

    @property
    def order_by(self) -> tuple[tuple[str, bool], ...]:
        """Give the standing order: (column, is descending)."""
        return tuple((part.removeprefix("-"), part.startswith("-")) for part in self.order.split(","))

    def fields_on(self, place: On) -> tuple[Field, ...]:
        """List the fields that appear at a place, in the declared order.

        Those on TRANSLATE are the texts that there are to translate: an address in another language is none.
        """
        found = self._by_place.get(place)
        if found is None:
            leaves_addresses = place is On.TRANSLATE
            found = self._by_place[place] = tuple(
                field
                for field in self.fields
                if field.on & place and not (leaves_addresses and field.is_address)
            )
        return found

    @cached_property
    def _by_place(self) -> dict[On, tuple[Field, ...]]:
        """Keep what was found: a page of a list asks three hundred times."""
        return {}

    def field(self, name: str) -> Field | None:
        """Find a field by its name or its JSON key."""
        return next((field for field in self.fields if name in (field.name, field.key)), None)

    def child(self, name: str) -> Child | None:
        """Find a group of children by its name."""
        return next((child for child in self.children if child.name == name), None)

    def action(self, name: str) -> Action | None:
        """Find an action by its name."""
        return next((action for action in self.actions if action.name == name), None)

    @property
    def translated(self) -> tuple[tuple[str, tuple[Field, ...]], ...]:
        """List (content type, its translated fields) of the record and of its children."""
        groups = [(self.name, self.fields_on(On.TRANSLATE))]
        groups += [(child.table, child.fields_on(On.TRANSLATE)) for child in self.children]
        return tuple((name, fields) for name, fields in groups if fields)

    @property
    def address(self) -> Field | None:
        """Find the slug that each language may have one of its own of."""
        return next((field for field in self.fields if field.is_address), None)


def _with_facts(model: Any, field: Field, owner: str) -> Field:
    mapper: Mapper[Any] = inspect(model)
    if field.name in mapper.relationships:
        relation = mapper.relationships[field.name]
        return replace(field, kind=Kind.RELATIONS, target=relation.target.name, join=_join_of(relation))
    if field.name not in mapper.all_orm_descriptors:
        raise DeclarationError(f"{owner}: the model has no field {field.name!r}")
    if field.name not in mapper.columns:
        return replace(field, column=getattr(model, field.name), kind=field.kind or Kind.NUMBER)
    column = mapper.columns[field.name]
    keys = list(column.foreign_keys)
    kind = field.kind or (_relation_kind(keys[0]) if keys else _kind_of(field, column, owner))
    return replace(
        field,
        kind=kind,
        column=column,
        target=keys[0].target_fullname.split(".")[0] if keys else "",
        required=not column.nullable and column.default is None and column.server_default is None,
        max_length=getattr(column.type, "length", None) or 0,
        precision=getattr(column.type, "precision", None) or 0,
        scale=getattr(column.type, "scale", None) or 0,
    )


def _join_of(relation: Any) -> Join | None:
    if relation.secondary is None:
        return None
    (_our_key, ours), *_ = relation.synchronize_pairs
    (_their_key, theirs), *_ = relation.secondary_synchronize_pairs
    return Join(relation.secondary, str(ours.name), str(theirs.name))


def _relation_kind(key: Any) -> Kind:
    return Kind.PICTURE if key.target_fullname == "asset.id" else Kind.RELATION


_KINDS: tuple[tuple[type, Kind], ...] = (
    (sa.Text, Kind.LONG_TEXT),
    (sa.String, Kind.TEXT),
    (sa.Boolean, Kind.SWITCH),
    (sa.Integer, Kind.NUMBER),
    (sa.DateTime, Kind.INSTANT),
    (sa.Date, Kind.DATE),
    (sa.Time, Kind.TIME),
    (sa.Numeric, Kind.DECIMAL),
    (sa.JSON, Kind.JSON),
)


def _kind_of(field: Field, column: Column[Any], owner: str) -> Kind:
    if field.options:
        return Kind.CHOICE
    for column_type, kind in _KINDS:
        if isinstance(column.type, column_type):
            return kind
    raise DeclarationError(f"{owner}.{field.name}: say its kind, {column.type!r} has none of its own")


def _child_with_facts(model: Any, child: Child) -> Child:
    relationships = inspect(model).relationships
    if child.name not in relationships:
        raise DeclarationError(f"{model.__tablename__}: the model has no children {child.name!r}")
    relationship = relationships[child.name]
    child_model = relationship.mapper.class_
    if not hasattr(child_model, "position"):
        raise DeclarationError(f"{child.name}: children are ordered by `position`, the model has none")
    return replace(
        child,
        model=child_model,
        parent_column=next(
            remote.name for local, remote in relationship.local_remote_pairs if local.primary_key
        ),
        fields=tuple(_with_facts(child_model, field, child.name) for field in child.fields),
    )


def _check(resource: Resource) -> None:
    """Refuse what cannot work, naming the field."""
    for owner, fields in ((resource.name, resource.fields), *((c.name, c.fields) for c in resource.children)):
        names = [field.name for field in fields]
        if len(set(names)) != len(names):
            raise DeclarationError(f"{owner}: a field stands twice")
        for field in fields:
            _check_field(owner, field)
    if any(field.on & On.PUBLIC for field in resource.fields) and not resource.public:
        raise DeclarationError(f"{resource.name}: has PUBLIC fields but no public path")
    if resource.actions and (status := resource.field("status")) and status.on & On.FORM:
        raise DeclarationError(f"{resource.name}.status: only an action changes a status, never a form")
    columns = inspect(resource.model).all_orm_descriptors
    for name in (resource.title, *(name for name, _ in resource.order_by)):
        if name not in columns:
            raise DeclarationError(f"{resource.name}: the model has no column {name!r} to sort or title by")


def _check_field(owner: str, field: Field) -> None:
    if field.clock is not None and field.kind is not Kind.INSTANT:
        raise DeclarationError(f"{owner}.{field.name}: only an instant is read on clocks")
    if field.on & (On.TRANSLATE | On.SEARCH) and field.kind not in (
        *WRITTEN,
        Kind.SLUG,
        Kind.EMAIL,
        Kind.PHONE,
        Kind.TAGS,
    ):
        raise DeclarationError(f"{owner}.{field.name}: only text can be translated or searched")
    if field.is_address and field.name != "slug":
        raise DeclarationError(f"{owner}.{field.name}: an address in every language is called slug")
    if field.on & On.FORM and not (field.is_stored or field.kind is Kind.RELATIONS):
        raise DeclarationError(f"{owner}.{field.name}: it is computed and cannot stand in a form")
    if field.kind is Kind.RELATIONS and field.join is None and field.on & (On.FILTER | On.PUBLIC):
        raise DeclarationError(f"{owner}.{field.name}: many to many is asked for by a table between them")
    if field.kind is Kind.RELATIONS and field.on & On.LIST:
        raise DeclarationError(f"{owner}.{field.name}: many records fit into no cell of a list")
    if field.kind is Kind.DECIMAL and field.is_stored and not _is_exact(field.column.type):
        raise DeclarationError(f"{owner}.{field.name}: a decimal is a Numeric with precision and scale")
    if field.kind is Kind.CHOICE and not field.options:
        raise DeclarationError(f"{owner}.{field.name}: a choice needs its options")


def _is_exact(kind: Any) -> bool:
    return isinstance(kind, sa.Numeric) and kind.asdecimal and None not in (kind.precision, kind.scale)
