"""The screens of the translations: each tells of which record it is, and leads to that record's form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeVar

from flask import abort, redirect, render_template
from flask_appbuilder import expose
from flask_login import current_user
from sqlalchemy import select

from app.access.rights import may
from app.kernel.db import db
from app.kernel.ids import parse_id
from app.resources import Catalogue, On, Resource
from app.surfaces.records.query import ListQuery
from app.surfaces.screens.gate import allowed
from app.surfaces.screens.grid import Grid
from app.surfaces.screens.pages import Cell, ListPage, Row
from app.surfaces.screens.shows import Show
from app.surfaces.screens.view import StaffView, staff_view
from app.translation.models import Translation
from app.translation.reach import owner_of, titles_of
from app.translation.resources import translations

T = TypeVar("T")


def translation_view(catalogue: Catalogue) -> type[StaffView]:
    """Make the view of the translations."""
    made = staff_view(catalogue, translations)
    return type("TranslationView", (_TranslationView, made), {"route_base": f"/{translations.path}"})


class _TranslationView(StaffView):
    """A text is seen in the form of its record, where it stands beside its source."""

    def read_list(self, query: ListQuery) -> ListPage:
        """Read the page of the list, with the titles of the records in place of their keys."""
        return _with_titles(super().read_list(query))

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


def _with_titles(page: ListPage) -> ListPage:
    """Name the record of each text that stands in a row or in a line of the spreadsheet.

    One that its reader may not list is left out.
    """
    grid = page.body if isinstance(page.body, Grid) else None
    names = [column.name for column in (page.columns if grid is None else grid.columns)]
    if "object_id" not in names:
        return page
    place = names.index("object_id")
    titles = _titles([row.id for row in page.rows])
    if grid is not None:
        lines = tuple(
            replace(line, values=_put(line.values, place, titles.get(line.id, ""))) for line in grid.rows
        )
        return replace(page, body=replace(grid, rows=lines))
    return replace(page, rows=tuple(_named(row, place, titles.get(row.id, "")) for row in page.rows))


def _titles(shown: Sequence[str]) -> dict[str, str]:
    """Give the titles of the records by the keys of their texts, in two statements."""
    keys = [key for text in shown if (key := parse_id(text)) is not None]
    asked = select(Translation.id, Translation.content_type, Translation.object_id)
    owned = {
        str(key): (name, of) for key, name, of in db.session.execute(asked.where(Translation.id.in_(keys)))
    }
    titles = titles_of(db.session(), current_user, owned.values())
    return {key: titles[of] for key, of in owned.items() if of in titles}


def _named(row: Row, place: int, title: str) -> Row:
    door = f"{row.url}/record" if row.url and title else ""
    return row._replace(cells=_put(row.cells, place, Cell("relation", title, url=door)))


def _put(values: tuple[T, ...], place: int, value: T) -> tuple[T, ...]:
    return (*values[:place], value, *values[place + 1 :])
