"""The routes of what is done in a list without leaving it: other ways to see it, cards moved, cells typed over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from flask import abort, render_template, request
from flask_appbuilder import expose

from app.resources import Catalogue, Resource
from app.resources.ways import board_field, calendar_days, has_languages, picture_source
from app.surfaces.records.query import ListQuery
from app.surfaces.screens.gate import allowed
from app.surfaces.screens.grid import grid_answer, grid_page, has_grid
from app.surfaces.screens.inline import cell_answer
from app.surfaces.screens.list_tabs import desk_of, forget_if_asked
from app.surfaces.screens.lists import list_page
from app.surfaces.screens.pages import ListPage
from app.surfaces.screens.verbs import verbs_answer
from app.surfaces.screens.ways.board import board_page, column_page
from app.surfaces.screens.ways.calendar import calendar_page
from app.surfaces.screens.ways.gallery import gallery_page
from app.surfaces.screens.ways.languages import languages_page
from app.surfaces.screens.ways.moving import move_answer

if TYPE_CHECKING:
    from app.surfaces.screens.view import StaffView


def page_of(catalogue: Catalogue, resource: Resource, query: ListQuery) -> ListPage:
    """Read the list in the way that its address names; what a type does not have is its table."""
    forget_if_asked(resource)
    way = query.way or resource.opens_as
    if way == "board" and board_field(resource) is not None:
        return board_page(catalogue, resource, query)
    if way == "calendar" and calendar_days(resource) is not None:
        return calendar_page(catalogue, resource, query)
    page = list_page(catalogue, resource, query)
    if way == "gallery" and picture_source(resource) is not None:
        return gallery_page(resource, page)
    if way == "languages" and has_languages(resource):
        return languages_page(resource, page, desk_of(resource).with_columns(query))
    if way == "grid" and has_grid(resource):
        return grid_page(catalogue, resource, page, desk_of(resource).with_columns(query).columns)
    return page


class SeesWays:
    """What a list's page asks for while it is open."""

    catalogue: Catalogue
    resource: Resource

    @expose("/column")
    @allowed("list")
    def column(self) -> Any:
        """Give the next cards of one column of a board."""
        view = cast("StaffView", self)
        if board_field(self.resource) is None:
            abort(404)
        query = view.query(frozenset({"column"}))
        found = column_page(self.catalogue, self.resource, query, request.args.get("column", ""))
        if found is None:
            abort(404)
        return render_template("staff/_board_cards.html", column=found)

    @expose("/<key>/move", methods=["POST"])
    @allowed("list")
    def move(self, key: str) -> Any:
        """Put a record into another column of a board."""
        return move_answer(cast("StaffView", self), key)

    @expose("/<key>/cell", methods=["GET", "POST"])
    @allowed("edit")
    def cell(self, key: str) -> Any:
        """Give the input of one value, or save it."""
        return cell_answer(cast("StaffView", self), key)

    @expose("/grid", methods=["POST"])
    @allowed("edit")
    def grid(self) -> Any:
        """Save what was typed into a spreadsheet."""
        return grid_answer(cast("StaffView", self))

    @expose("/verbs")
    @allowed("list")
    def verbs(self) -> Any:
        """Name the verbs that the selected records allow."""
        return verbs_answer(cast("StaffView", self))
