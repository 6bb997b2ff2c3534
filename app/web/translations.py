"""The screens of the translations: each tells of which record it is, and leads to that record's form."""

from __future__ import annotations

from typing import Any

from flask import abort, redirect, render_template
from flask_appbuilder import expose

from app.access.rights import may
from app.kernel.db import db
from app.resources import Catalogue, On, Resource
from app.surfaces.screens.gate import allowed
from app.surfaces.screens.pages import Cell
from app.surfaces.screens.shows import Show
from app.surfaces.screens.view import StaffView, staff_view
from app.translation.models import Translation
from app.translation.reach import owner_of
from app.translation.resources import translations


def translation_view(catalogue: Catalogue) -> type[StaffView]:
    """Make the view of the translations."""
    made = staff_view(catalogue, translations)
    return type("TranslationView", (_TranslationView, made), {"route_base": f"/{translations.path}"})


class _TranslationView(StaffView):
    """A text is seen in the form of its record, where it stands beside its source."""

    @expose("/<key>")
    @allowed("show")
    def show(self, key: str) -> Any:
        """Show one text, with the title of its record in place of the record's key."""
        record = self.find(key, "show")
        page = _Shown(self.catalogue, self.resource, record).page()
        return render_template("staff/show.html", page=page)

    @expose("/<key>/record")
    @allowed("show")
    def record(self, key: str) -> Any:
        """Go to the form of the record that a text is of, or to its page."""
        row = self.find(key, "show")
        found = owner_of(db.session(), row.content_type, row.object_id)
        return redirect(_address(*found)) if found is not None else abort(404)


class _Shown(Show):
    def cell(self, item: Any, record: Translation) -> Cell:
        is_place = item.name == "object_id"
        found = owner_of(db.session(), record.content_type, record.object_id) if is_place else None
        if found is None:
            return super().cell(item, record)
        resource, key = found
        title = str(getattr(db.session.get(resource.model, key), resource.title))
        return Cell("relation", title, url=_address(resource, key))


def _address(resource: Resource, key: Any) -> str:
    is_form = bool(resource.fields_on(On.FORM)) and (
        may("edit", resource.name) or may("translate", resource.name)
    )
    return f"/{resource.path}/{key}" + ("/edit" if is_form else "")
