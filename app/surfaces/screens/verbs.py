"""Which verbs at least one of the selected records allows, so that the bar below a list offers no others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import jsonify, request
from flask_login import current_user
from sqlalchemy import select

from app.access import rows as row_rules
from app.access.rights import may
from app.kernel.db import db

if TYPE_CHECKING:
    from app.surfaces.screens.view import StaffView

MOST = 100


def verbs_answer(view: StaffView) -> Any:
    """Name the verbs; every record is read in one statement, and one more for each verb that a row rule limits.

    The keys stand behind one another with commas between: a hundred of them are as long as an address may be.
    """
    sent = request.args.get("ids", "").split(",")
    keys = [key for text in sent[:MOST] if (key := view.key_of(text)) is not None]
    records = db.session.scalars(view.visible("list").where(view.resource.model.id.in_(keys))).all()
    offered = []
    for action in view.resource.actions:
        if action.is_aside or not may(action.name, view.resource.name):
            continue
        allowed = _allowed(view, action.name, [record.id for record in records])
        if any(record.id in allowed and action.offered(record) for record in records):
            offered.append(action.name)
    if may("delete", view.resource.name) and _allowed(view, "delete", [record.id for record in records]):
        offered.append("delete")
    return jsonify(verbs=offered)


def _allowed(view: StaffView, verb: str, keys: list[Any]) -> set[Any]:
    model = view.resource.model
    if not keys or not row_rules.is_limited(view.resource.name, current_user, verb):
        return set(keys)
    condition = row_rules.condition(view.resource.name, current_user, model, verb)
    return set(db.session.scalars(select(model.id).where(model.id.in_(keys), condition)))
