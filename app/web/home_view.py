"""The home page and the page on which each person arranges it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import current_app, redirect, render_template, request
from flask_appbuilder import BaseView, expose
from flask_babel import format_date
from flask_login import current_user

from app.access.sessions import current_session
from app.insights.home import PARTS, read_home
from app.kernel import clock
from app.kernel.db import db, unit_of_work
from app.resources import Catalogue
from app.surfaces.desk import widgets as kept
from app.surfaces.desk.widgets import FULL, HALF, Placed
from app.surfaces.screens.gate import send_to_sign_in
from app.web.home import shown_widgets
from app.web.home_widgets import CHART, Widget, offered, standard
from app.web.profile import start_pages
from app.web.reports.asked import period_bar, read_asked

HOME, ARRANGE = "/", "/arrange"


@dataclass(frozen=True, slots=True)
class Card:
    """A widget on the page of the arrangement, and its place counted from 1."""

    widget: Widget
    width: str
    place: int


class HomeView(BaseView):
    """What waits for the reader, and what they want to see beside it; every signed-in user has one."""

    route_base = ""
    default_view = "index"
    base_permissions: list[str] = []  # noqa: RUF012  # FAB copies it for each view

    @expose("/")
    def index(self) -> Any:
        """Show the page; charts are fetched when they come into sight."""
        if not current_user.is_authenticated:
            return send_to_sign_in()
        catalogue, today = _catalogue(), clock.today()
        widgets = offered(catalogue)
        placed = _placed(widgets)
        asked = read_asked(request.args, today)
        wanted = {item.name for item in placed} & PARTS
        facts = read_home(db.session(), catalogue, current_user, today, wanted)
        drawn = [item for item in placed if item.name.startswith(CHART)]
        return render_template(
            "home.html",
            shown=shown_widgets(catalogue, facts, widgets, placed),
            bar=period_bar(asked, HOME, today) if drawn else None,
            asked=asked,
            today=format_date(today, "full"),
        )

    @expose("/start")
    def start(self) -> Any:
        """Go to the page that the reader begins with; home where they may open it no longer."""
        if not current_user.is_authenticated:
            return send_to_sign_in()
        current = current_session()
        wanted = current.start_page if current is not None else None
        return redirect(wanted if wanted and wanted in start_pages() else HOME, 303)

    @expose("/arrange")
    def arrange(self) -> Any:
        """Show which widgets stand where, and which there are besides."""
        if not current_user.is_authenticated:
            return send_to_sign_in()
        widgets = offered(_catalogue())
        placed = _placed(widgets)
        cards = [Card(widgets[item.name], item.width, place) for place, item in enumerate(placed, 1)]
        names = {item.name for item in placed}
        others = [widget for name, widget in widgets.items() if name not in names]
        return render_template("home/arrange.html", cards=cards, others=others)

    @expose("/arrange", methods=["POST"])
    def rearrange(self) -> Any:
        """Keep the arrangement that was sent, after the one step that its button stands for."""
        if not current_user.is_authenticated:
            return send_to_sign_in()
        verb, _mark, name = request.form.get("do", "").partition(":")
        with unit_of_work() as session:
            if verb == "reset":
                kept.reset(session, current_user.id)
            else:
                widgets = offered(_catalogue())
                sent = [_read(text) for text in request.form.getlist("widget")[: kept.MOST]]
                known = [item for item in sent if item.name in widgets]
                kept.arrange(session, current_user.id, changed(known, verb, name, widgets))
        return redirect(ARRANGE, 303)


def changed(placed: list[Placed], verb: str, name: str, widgets: dict[str, Widget]) -> list[Placed]:
    """Give the arrangement after one step: add, remove, earlier, later or width."""
    at = next((place for place, item in enumerate(placed) if item.name == name), None)
    if at is None:
        return [*placed, Placed(name, widgets[name].width)] if verb == "add" and name in widgets else placed
    rest, item = placed[:at] + placed[at + 1 :], placed[at]
    if verb == "remove":
        return rest
    if verb == "width":
        return [*placed[:at], Placed(name, HALF if item.width == FULL else FULL), *placed[at + 1 :]]
    to = {"earlier": max(at - 1, 0), "later": at + 1}.get(verb, at)
    return [*rest[:to], item, *rest[to:]]


def _placed(widgets: dict[str, Widget]) -> tuple[Placed, ...]:
    found = kept.arranged(db.session(), current_user.id)
    if found is None:
        return standard(widgets)
    return tuple(item for item in found if item.name in widgets)


def _read(text: str) -> Placed:
    name, _mark, width = text.rpartition("|")
    return Placed(name, width if width in kept.WIDTHS else HALF)


def _catalogue() -> Catalogue:
    found: Catalogue = current_app.extensions["catalogue"]
    return found
