"""One value of a list edited where it stands: its input, and its saving through the one way a record is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response, abort, jsonify, render_template, request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.access.rights import may
from app.kernel import languages
from app.kernel.db import db, unit_of_work
from app.kernel.errors import StaleRevision
from app.kernel.locales import own_name
from app.resources import Catalogue, Field, Kind, On, Resource
from app.resources.kinds import plain
from app.surfaces.records import clocks, writing
from app.surfaces.records.changes import Changes
from app.surfaces.records.writing import currency_of
from app.surfaces.screens.countries import country_choices
from app.surfaces.screens.filters import related_title
from app.surfaces.screens.form_pages import FieldInput
from app.surfaces.screens.pages import Choice
from app.surfaces.screens.rules import rule_of_field, rule_of_kept
from app.surfaces.screens.settling import base_of, settle

if TYPE_CHECKING:
    from app.surfaces.screens.view import StaffView

SIMPLE = frozenset(
    {Kind.TEXT, Kind.LONG_TEXT, Kind.SLUG, Kind.EMAIL, Kind.PHONE, Kind.NUMBER, Kind.MINUTES, Kind.MONEY, Kind.SWITCH,
     Kind.DECIMAL, Kind.DATE, Kind.TIME, Kind.INSTANT, Kind.CHOICE, Kind.RATING, Kind.COUNTRY, Kind.LOCALE,
     Kind.CURRENCY, Kind.COLOUR, Kind.ZONE}
)  # fmt: skip
"""Kinds whose values fit into a cell."""


def is_editable(resource: Resource, field: Field, kinds: frozenset[Kind] = SIMPLE) -> bool:
    """Tell whether a field is written in a cell by whoever is signed in."""
    return (
        field.kind in kinds
        and bool(field.on & On.FORM)
        and field.is_stored
        and hasattr(resource.model, "revision")
        and may("edit", resource.name)
    )


def refusal(resource: Resource, field: Field, kinds: frozenset[Kind] = SIMPLE) -> str:
    """Say why a field is not written in a cell; nothing where it is."""
    if is_editable(resource, field, kinds):
        return ""
    if not field.on & On.FORM or not field.is_stored:
        return rule_of_kept(resource, field)
    return (
        _("Open the record to change this.")
        if may("edit", resource.name)
        else _("Your role may not change this.")
    )


def cell_answer(view: StaffView, key: str) -> Any:
    """Give the input of one value, or save what was typed into it."""
    resource = view.resource
    field = resource.field(request.values.get("field", ""))
    if field is None:
        abort(404)
    if reason := refusal(resource, field):
        return jsonify(detail=reason, code="not_here"), 409
    record = view.find(key, "edit")
    if reason := rule_of_field(field, record):
        return jsonify(detail=reason, code="not_here"), 409
    if request.method == "POST":
        return _save(view, record, field)
    shown = cell_input(view.catalogue, field, record)
    return render_template(
        "staff/_cell.html", f=shown, revision=_began(view, record), title=_title(view, record)
    )


def _save(view: StaffView, record: Any, field: Field) -> Response | tuple[Response, int]:
    """Write one value; the answer holds what was there before, for whoever wants it back.

    What others saved of other fields meanwhile stays; who changed this one is told.
    """
    old = plain(field, getattr(record, field.name), currency_of(record))
    revision, _dot, base = request.form.get("revision", "").partition(".")
    changes = Changes({field.name: request.form.get("value", "")})
    changes.revision = int(revision) if revision.isdecimal() and len(revision) < 10 else None
    try:
        with unit_of_work() as session:
            settled = settle(session, view.resource, record, changes, MultiDict({"base": base}))
            if settled.merge.clashes:
                writing.lock(session, view.resource, record, changes.revision)
            saved = view.write_record(session, record, settled.changes)
    except StaleRevision as error:
        db.session.refresh(record)
        theirs = cell_input(view.catalogue, field, record)
        facts = {"detail": str(error.message), "code": error.code, "revision": _began(view, record)}
        return jsonify(**facts, theirs=_words(theirs), value=theirs.value), 409
    said = _("%(field)s of “%(title)s” was saved.", field=str(field.label), title=_title(view, saved))
    value = plain(field, getattr(saved, field.name), currency_of(saved))
    return jsonify(said=said, old=old, value=value, revision=_began(view, saved))


def _began(view: StaffView, record: Any) -> str:
    """Name what a cell begins from: the record's revision and, after a dot, its signed place in the history."""
    return f"{record.revision}.{base_of(view.resource, record)}"


def cell_input(catalogue: Catalogue, field: Field, record: Any) -> FieldInput:
    """Make the input of one value of a record."""
    held = getattr(record, field.name)
    value = plain(field, held, currency_of(record))
    if field.kind is Kind.INSTANT and held is not None:
        there = clocks.zones_of(db.session(), (field,), record)
        value = clocks.shown(held, there.get(field.name, ""))
    kind = Kind.CHOICE if field.kind is Kind.SWITCH else field.kind or Kind.TEXT
    return FieldInput(
        name="value",
        label=str(field.label),
        kind=kind.value,
        value=value,
        required=field.required or field.kind is Kind.SWITCH,
        max_length=field.max_length,
        choices=choices_of(catalogue, field, value),
        suffix=currency_of(record) if field.kind is Kind.MONEY else "",
    )


def choices_of(catalogue: Catalogue, field: Field, value: str = "") -> tuple[Choice, ...]:
    """List what a value may be, where that can be listed; of a relation, the one that is chosen."""
    if field.kind is Kind.CHOICE:
        return tuple(Choice(o.value, str(o.label), o.value == value) for o in field.options)
    if field.kind is Kind.SWITCH:
        return (Choice("true", _("Yes"), value == "true"), Choice("false", _("No"), value == "false"))
    if field.kind is Kind.COUNTRY:
        return country_choices(value)
    if field.kind is Kind.LOCALE:
        tags = dict.fromkeys([*languages.locales(), *([value] if value else [])])
        return tuple(Choice(tag, own_name(tag), tag == value) for tag in tags)
    if field.kind is Kind.RATING:
        return tuple(Choice(str(n), str(n), str(n) == value) for n in range(1, 6))
    if field.kind is Kind.RELATION and value:
        return (Choice(value, related_title(catalogue, field, value, is_held=True), True),)
    return ()


def _words(shown: FieldInput) -> str:
    return next((choice.label for choice in shown.choices if choice.chosen), shown.value)


def _title(view: StaffView, record: Any) -> str:
    return str(getattr(record, view.resource.title))
