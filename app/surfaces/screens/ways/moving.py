"""A card put into another column of a board: the action that leads there, or the plain choice written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import abort, jsonify, request
from flask_babel import gettext as _

from app.access.rights import may
from app.kernel.db import unit_of_work
from app.kernel.errors import Conflict, Forbidden
from app.resources import Field, On
from app.resources.ways import board_field
from app.surfaces.records import writing
from app.surfaces.records.changes import Changes
from app.surfaces.screens.ways.board import EMPTY, leading_action, read_targets

if TYPE_CHECKING:
    from app.surfaces.screens.view import StaffView


def move_answer(view: StaffView, key: str) -> Any:
    """Move a record to the column `to`; a refusal says why, as a problem."""
    field = board_field(view.resource)
    value = request.form.get("to", "")
    value = "" if value == EMPTY else value
    option = field.option(value) if field is not None else None
    if field is None or (option is None and (value or not field.column.nullable)):
        abort(404)
    label = str(option.label) if option is not None else _("Empty")
    record = _by_form(view, key, field, value) if field.on & On.FORM else _by_action(view, key, value, label)
    targets = read_targets(view.resource, field, [str(record.id)])
    said = _("“%(title)s”: %(now)s.", title=str(getattr(record, view.resource.title)), now=label)
    return jsonify(said=said, targets=list(targets.get(str(record.id), ())), undoes=bool(field.on & On.FORM))


def _by_form(view: StaffView, key: str, field: Field, value: str) -> Any:
    if not may("edit", view.resource.name):
        raise Forbidden(_("Your role may not change this."))
    record = view.find(key, "edit")
    with unit_of_work() as session:
        return view.write_record(session, record, Changes({field.name: value}))


def _by_action(view: StaffView, key: str, value: str, label: str) -> Any:
    action = leading_action(view.resource, value)
    if action is None:
        raise Conflict(_("No action leads to “%(status)s”.", status=label))
    if not may(action.name, view.resource.name):
        raise Forbidden(_("Your role may not do this: %(action)s.", action=str(action.label)))
    record = view.find(key, action.name)
    with unit_of_work() as session:
        reason = request.form.get("reason", "")[:500]
        writing.act(session, view.resource, record, action.name, reason)
    return record
