"""A form that is sent after somebody else saved: joined with theirs under the record's lock."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.kernel.db import db
from app.kernel.signing import is_signed, sign
from app.resources import On, Resource
from app.surfaces.history.reading import mark
from app.surfaces.records import writing
from app.surfaces.records.changes import Changes
from app.surfaces.records.clocks import placed
from app.surfaces.records.merging import Merge, Merger
from app.surfaces.records.states import State, past, present, typed
from app.surfaces.screens.slots import form_rows, slot_labels

_PURPOSE = "form base"


@dataclass(slots=True)
class Settled:
    """What is to be written, and what has to be chosen first."""

    merge: Merge
    base: State | None = None
    theirs: State | None = None
    yours: State | None = None
    actors: dict[str, str] = field(default_factory=dict)
    revision: int | None = None
    choices: dict[str, str] = field(default_factory=dict)

    @property
    def changes(self) -> Changes:
        """Give what is to be written."""
        return self.merge.changes


def base_of(resource: Resource, record: Any) -> str:
    """Name the state of a record that a form begins from, as a signed place in its history."""
    if record is None or not hasattr(record, "revision"):
        return ""
    newest, revision = mark(db.session(), resource.name, record)
    if revision != record.revision:
        return ""  # saved in this very moment: every difference will be asked about
    return f"{newest}.{sign(_PURPOSE, _message(resource, record, newest))[:16].hex()}"


def settle(
    session: Session, resource: Resource, record: Any, changes: Changes, form: MultiDict[str, str]
) -> Settled:
    """Lock the record and join what was typed with what others saved since the form was opened."""
    if record is None or changes.revision is None or not hasattr(record, "revision"):
        return Settled(Merge(changes))
    writing.lock(session, resource, record, None)
    if record.revision == changes.revision:
        return Settled(Merge(changes))
    fields = resource.fields_on(On.FORM)  # who moves it elsewhere meanwhile moves no hour that was typed
    changes = replace(changes, values=placed(session, fields, changes.values, record))
    theirs, yours = present(session, resource, record), typed(session, resource, changes, record)
    began = _place(resource, record, form.get("base", ""))
    before = past(session, resource, record, theirs, began) if began is not None else None
    base = before.state if before else None
    choices = {name[7:-1]: value for name, value in form.items() if name.startswith("choose[")}
    merger = Merger(
        resource,
        base,
        theirs,
        yours,
        choices,
        frozenset(form.getlist("clash")),
        form.get("seen") == str(record.revision),
    )
    merge = merger.merge(changes)
    merge.changes.revision = record.revision
    if not merge.clashes:
        _add_anew(merge.changes, theirs)
    actors = before.actors if before else {}
    shown = choices if merger.seen else {}
    return Settled(merge, base, theirs, yours, actors, record.revision, shown)


def began_from(session: Session, resource: Resource, record: Any, now: State, base: str) -> State | None:
    """Give the state that a form began from; None when that is not known."""
    place = _place(resource, record, base)
    before = past(session, resource, record, now, place) if place is not None else None
    return before.state if before else None


def told(resource: Resource, settled: Settled) -> str:
    """Say what of others was kept with what was saved; nothing when there was nothing."""
    taken = settled.merge.taken
    if not taken:
        return ""
    fields = slot_labels(resource, taken, form_rows(settled.changes, settled.theirs))
    names = list(dict.fromkeys(name for slot in taken if (name := settled.actors.get(slot))))
    shown = ", ".join(fields[:8]) + (" …" if len(fields) > 8 else "")
    if not names:
        return _("Somebody else saved meanwhile. Kept with your changes: %(fields)s.", fields=shown)
    return _(
        "%(names)s saved meanwhile. Kept with your changes: %(fields)s.", names=", ".join(names), fields=shown
    )


def _add_anew(changes: Changes, theirs: State) -> None:
    """Rows that they removed and you kept are added again."""
    for name, rows in changes.children.items():
        held = theirs.children.get(name, {})
        for row in rows:
            if row.id not in held:
                row.id = ""


def _place(resource: Resource, record: Any, base: str) -> int | None:
    number, _dot, signed = base.partition(".")
    if not (number.isascii() and number.isdecimal() and len(number) < 19):
        return None
    try:
        signature = bytes.fromhex(signed)
    except ValueError:
        return None
    place = int(number)
    return place if is_signed(_PURPOSE, _message(resource, record, place), signature) else None


def _message(resource: Resource, record: Any, place: int) -> bytes:
    return f"{resource.name}/{record.id}/{place}".encode()
