"""How the places of a form are called, where two people changed the same one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from app.kernel.diffing import Piece, compare, readable
from app.kernel.locales import direction, own_name
from app.resources import Catalogue, Child, Field, Kind, Resource
from app.resources.kinds import Unreadable, parse
from app.surfaces.records import wording
from app.surfaces.records.changes import Changes
from app.surfaces.records.merging import Clash
from app.surfaces.records.states import State
from app.surfaces.screens.filters import related_title

WRITTEN = frozenset({"text", "long_text", "rich_text", "slug", "email", "phone", "json"})
"""Kinds whose values are compared word by word."""


@dataclass(frozen=True, slots=True)
class ClashCard:
    """One overlap: what was there, what they made of it, what you did; `anchor` is the input of the form."""

    slot: str
    label: str
    actor: str
    before: str
    theirs: tuple[Piece, ...]
    yours: tuple[Piece, ...]
    theirs_value: str
    yours_value: str
    anchor: str = ""
    chosen: str = ""
    direction: str = ""


@dataclass(frozen=True, slots=True)
class Slot:
    """A slot taken apart: whose field, in which language, of which row."""

    child: Child | None
    row: str
    item: Field | None
    locale: str

    @classmethod
    def read(cls, resource: Resource, name: str) -> Slot:
        """Read a slot's name, which the form may have sent."""
        group, row, last = "", "", name
        if name.count(".") == 2:
            group, row, last = name.split(".")
        child = resource.child(group) if group else None
        locale = ""
        if last.startswith("t-"):  # t-de-AT-name: a field's name has no hyphen
            locale, _hyphen, last = last[2:].rpartition("-")
        fields: Iterable[Field] = child.fields if child else resource.fields
        return cls(child, row, next((item for item in fields if item.name == last), None), locale)


def slot_label(resource: Resource, name: str, rows: dict[str, Sequence[str]]) -> str:
    """Name a slot in the reader's words; `rows` are the keys of each group in their order."""
    slot = Slot.read(resource, name)
    field = str(slot.item.label) if slot.item else ""
    if slot.locale:
        field = f"{field} ({own_name(slot.locale)})"
    if slot.child is None:
        return field or name
    if not slot.row:
        return f"{slot.child.label} · {_('Order')}"
    singular = str(slot.child.singular)
    keys = rows.get(slot.child.name, ())
    number = f" {keys.index(slot.row) + 1}" if slot.row in keys else ""
    whole = f"{singular[:1].upper()}{singular[1:]}{number}"
    return f"{whole} · {field}" if field else whole


def slot_labels(resource: Resource, names: Iterable[str], rows: dict[str, Sequence[str]]) -> list[str]:
    """Name slots, each name once."""
    return list(dict.fromkeys(slot_label(resource, name, rows) for name in names))


def row_keys(*states: State | None) -> dict[str, Sequence[str]]:
    """List the rows' keys, by group, of the first state that has them."""
    found: dict[str, list[str]] = {}
    for state in states:
        for name, rows in (state.children if state else {}).items():
            found.setdefault(name, [])
            found[name] += [key for key in rows if key not in found[name]]
    return dict(found)


def form_rows(changes: Changes, state: State | None) -> dict[str, Sequence[str]]:
    """List the rows' keys as a form shows them; of a group that it does not have, as they are saved."""
    shown = {name: [row.id or f"new-{row.index}" for row in rows] for name, rows in changes.children.items()}
    return row_keys(state) | shown


@dataclass(slots=True)
class Cards:
    """Makes the cards of the clashes of one form."""

    catalogue: Catalogue
    resource: Resource
    currency: str
    rows: dict[str, Sequence[str]]
    actors: dict[str, str]
    changes: Changes
    choices: dict[str, str]

    def make(self, clashes: Iterable[Clash]) -> tuple[ClashCard, ...]:
        """Word them."""
        return tuple(self._card(clash) for clash in clashes)

    def _card(self, clash: Clash) -> ClashCard:
        slot = Slot.read(self.resource, clash.slot)
        before = "" if clash.base is None else self._words(slot, clash.base)
        theirs = self._words(slot, clash.theirs, is_held=True)
        yours = self._words(slot, clash.yours)
        is_written = slot.item is not None and (
            bool(slot.locale) or (slot.item.kind or Kind.TEXT).value in WRITTEN
        )
        whole = not is_written or clash.base is None
        return ClashCard(
            slot=clash.slot,
            label=slot_label(self.resource, clash.slot, self.rows),
            actor=self.actors.get(clash.slot, ""),
            before=before,
            theirs=_plainly(theirs) if whole else compare(before, theirs),
            yours=_plainly(yours) if whole else compare(before, yours),
            theirs_value=clash.theirs,
            yours_value=clash.yours,
            anchor=self._anchor(slot),
            chosen=self.choices.get(clash.slot, ""),
            direction=direction(slot.locale) if slot.locale else "",
        )

    def _words(self, slot: Slot, text: str, *, is_held: bool = False) -> str:
        if slot.item is None:
            return text if slot.row else self._order(slot, text)
        kind = slot.item.kind or Kind.TEXT
        if kind.value == "rich_text":
            return readable(text)
        if slot.locale or kind.value in WRITTEN or not text:
            return text
        if kind in (Kind.RELATION, Kind.PICTURE):
            return related_title(self.catalogue, slot.item, text, is_held=is_held)
        if kind is Kind.RELATIONS:
            keys = text.split(",")
            return ", ".join(related_title(self.catalogue, slot.item, key, is_held=is_held) for key in keys)
        try:
            value: Any = parse(slot.item, text, self.currency)
        except (Unreadable, KeyError):
            return text
        worded = wording.cell(slot.item, value, wording.reader(), self.currency)
        return worded.hint or worded.text

    def _order(self, slot: Slot, text: str) -> str:
        keys = self.rows.get(slot.child.name, ()) if slot.child else ()
        return " ".join(str(keys.index(key) + 1) for key in text.split(",") if key in keys)

    def _anchor(self, slot: Slot) -> str:
        if slot.item is None:
            return f"c-{slot.child.name}" if slot.child else ""
        tail = f"-{slot.locale}" if slot.locale else ""
        if slot.child is None:
            return f"i-{slot.item.name}{tail}"
        for row in self.changes.children.get(slot.child.name, ()):
            if row.id == slot.row:
                return f"i-{slot.child.name}-{row.index}-{slot.item.name}{tail}"
        return f"c-{slot.child.name}"


def _plainly(text: str) -> tuple[Piece, ...]:
    return (Piece("", text),) if text else ()
