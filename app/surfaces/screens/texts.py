"""What a StaffView does with single translations of a record, beside its form."""

from __future__ import annotations

from typing import Any

from flask import abort, jsonify, redirect, request
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.kernel.db import unit_of_work
from app.kernel.errors import Conflict
from app.kernel.ids import parse_id
from app.resources import On, Resource
from app.surfaces.records import writing
from app.surfaces.records.news import tell_changed
from app.surfaces.screens.gate import allowed
from app.translation.resources import state_text
from app.translation.sources import source_hash
from app.translation.writing import call_right


class HasTexts:
    """The translations of a StaffView, one by one."""

    resource: Resource
    find: Any
    verb_of_form: Any

    @expose("/<key>/texts/right", methods=["POST"])
    @allowed("edit", "translate")
    def call_text_right(self, key: str) -> Any:
        """Say that a translation out of date is right for the source as it was shown; refused if that changed."""
        record = self.find(key, self.verb_of_form())
        locale, field = request.form.get("locale", ""), request.form.get("field", "")
        with unit_of_work() as session:
            writing.lock(session, self.resource, record, None)
            content_type, row = self._row_of(record, field)
            session.refresh(row, with_for_update=True)
            if request.form.get("source", "") != source_hash(getattr(row, field)):
                raise Conflict(_("The source changed once more meanwhile. Load the page anew to read it."))
            state = call_right(session, content_type, row, locale, field)
            tell_changed(session, self.resource, [record.id])
        if request.accept_mimetypes.best == "application/json":
            return jsonify({"state": state, "text": _told(state)})
        return redirect(f"/{self.resource.path}/{key}/edit")

    def _row_of(self, record: Any, field: str) -> tuple[str, Any]:
        """Find the record, or the row of it that the form names, and see that the field has translations."""
        owner: Any = self.resource
        name, row = self.resource.name, record
        if wanted := request.form.get("row", ""):
            found = (
                (child, each)
                for child in self.resource.children
                for each in getattr(record, child.name)
                if each.id == parse_id(wanted)
            )
            owner, row = next(found, (None, None))
            name = owner.table if owner else ""
        if owner is None or all(item.name != field for item in owner.fields_on(On.TRANSLATE)):
            abort(404)
        return name, row


def _told(state: str) -> str:
    """Word what came of it: who may not approve has made a suggestion."""
    return state_text(state) if state != "stale" else _("Suggested; it waits for approval")
