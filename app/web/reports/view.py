"""The screen of the reports: all charts that the reader may see, one chart for a widget, one chart as a file."""

from __future__ import annotations

import csv
import io
from typing import Any

from flask import Response, abort, current_app, render_template, request
from flask_appbuilder import BaseView, expose
from flask_login import current_user

from app.access import rows
from app.kernel import clock
from app.kernel.db import db
from app.kernel.formulas import disarm
from app.surfaces.records import wording
from app.surfaces.screens.gate import allowed
from app.web.reports.asked import Asked, period_bar, read_asked
from app.web.reports.kinds import KINDS, may_see
from app.web.reports.words import Chart, ChartKind, Reading

PATH = "/reports/"


class ReportsView(BaseView):
    """Numbers of a period; each chart stands under the right to list what it counts, and its row rules."""

    route_base = "/reports"
    default_view = "index"
    class_permission_name = "report"
    base_permissions: list[str] = []  # noqa: RUF012  # FAB copies it for each view

    @expose("/")
    @allowed("list")
    def index(self) -> Any:
        """Show every chart, with its table: a page that can be printed."""
        asked = read_asked(request.args, clock.today())
        drawn = [made(kind, asked) for kind in KINDS if may_see(kind)]
        bar = period_bar(asked, PATH, clock.today())
        return render_template("reports/index.html", charts=drawn, bar=bar, asked=asked)

    @expose("/<name>")
    @allowed("list")
    def chart(self, name: str) -> Any:
        """Give one chart, the inside of a widget."""
        asked = read_asked(request.args, clock.today())
        return render_template("reports/_chart.html", chart=made(_kind(name), asked), asked=asked)

    @expose("/<name>/csv")
    @allowed("list")
    def numbers(self, name: str) -> Any:
        """Download the numbers of one chart."""
        asked = read_asked(request.args, clock.today())
        chart = made(_kind(name), asked)
        file = f"{chart.name}-{asked.period.first}-{asked.period.last}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{file}"'}
        return Response(_written(chart, asked), 200, headers, mimetype="text/csv")


def made(kind: ChartKind, asked: Asked) -> Chart:
    """Read and word a chart, under the reader's row rules."""
    locale, visible = wording.reader(), _rows_of(kind.resource)
    return kind.make(Reading(db.session(), visible, asked.period, locale, asked.currency, _rows_of))


def _rows_of(name: str) -> Any:
    return rows.condition(name, current_user, current_app.extensions["catalogue"][name].model)


def _kind(name: str) -> ChartKind:
    found = next((kind for kind in KINDS if kind.name == name), None)
    if found is None:
        abort(404)
    if not may_see(found):
        abort(403)
    return found


def _written(chart: Chart, asked: Asked) -> str:
    """Write plain numbers, with a mark before them that a spreadsheet knows UTF-8 by; no text is a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    unit = f" {chart.currency}" if chart.currency else ""
    writer.writerow(
        [chart.head, *(f"{period.first}{unit}" for period in (asked.period, asked.period.before))]
    )
    for point in chart.points:
        writer.writerow([disarm(point.label), str(point.now), str(point.before)])
    return "\ufeff" + out.getvalue()
