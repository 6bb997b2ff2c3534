"""The screen of the day sheet."""

from __future__ import annotations

from typing import Any

from flask import abort, render_template, request
from flask_appbuilder import BaseView, expose

from app.surfaces.screens.gate import allowed
from app.web.day_sheet.sheet import read_sheet


class DaySheetView(BaseView):
    """A day in the rooms of a venue, under the rights and row rules of bookings, rooms and venues."""

    route_base = "/day-sheet"
    default_view = "index"
    class_permission_name = "booking"
    base_permissions: list[str] = []  # noqa: RUF012  # FAB copies it for each view

    @expose("/")
    @allowed("list")
    def index(self) -> Any:
        """Show the sheet of a venue and a day: the first venue and today where none is asked for."""
        sheet = read_sheet(request.args.get("venue", ""), request.args.get("day", ""))
        if sheet is None:
            abort(404)
        return render_template("day_sheet/index.html", sheet=sheet)
