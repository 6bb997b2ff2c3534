"""The screen on which missing texts are filled in by a tool: chosen, estimated, watched, stopped, taken back."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import abort, current_app, flash, redirect, render_template, request
from flask_appbuilder import BaseView, expose
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from redis.exceptions import RedisError

from app.kernel import languages
from app.kernel.db import unit_of_work
from app.kernel.errors import DomainError
from app.kernel.ids import parse_id
from app.resources import Catalogue
from app.surfaces.screens.gate import allowed
from app.translation.prefill import asking, jobs
from app.translation.prefill.estimating import tools
from app.translation.prefill.models import PrefillRun
from app.web.prefill import pages
from app.web.prefill.pages import BASE, Wish

MOST_CHOSEN = 100


class PrefillView(BaseView):
    """Filling in what is missing; for whoever may see it, and run it."""

    route_base = BASE
    default_view = "index"
    class_permission_name = pages.NAME
    base_permissions: list[str] = []  # noqa: RUF012  # FAB copies it for each view

    @expose("/")
    @allowed("list")
    def index(self) -> Any:
        """Show what would be filled in and what it would cost, and the runs there were."""
        return render_template("prefill/index.html", page=self._page(self._wish(request.args)))

    @expose("/", methods=["POST"])
    @allowed("run")
    def start(self) -> Any:
        """Begin a run."""
        wish = self._wish(request.form)
        try:
            with unit_of_work() as session:
                run = asking.ask_for(
                    session,
                    current_user,
                    current_app.config,
                    wish.locale,
                    wish.tool,
                    wish.types,
                    wish.records,
                )
                key = run.id
            jobs.put(key)
        except DomainError as error:
            flash(str(error.message), "warning")
            return redirect(f"{BASE}/?{_query(wish)}", 303)
        except RedisError:  # the run is written down: the clock puts it into the queue
            flash(_("Valkey is away"), "warning")
        return redirect(f"{BASE}/{key}", 303)

    @expose("/choose", methods=["POST"])
    @allowed("list")
    def choose(self) -> Any:
        """Go on with the records that were chosen in a list."""
        keys = [str(key) for sent in request.form.getlist("ids") if (key := parse_id(sent)) is not None]
        if not keys:
            flash(_("Choose records first."), "warning")
        elif len(keys) > MOST_CHOSEN:
            flash(_("Choose at most %(number)s records.", number=MOST_CHOSEN), "warning")
            keys = []
        wish = Wish("", "", (request.form.get("type", ""),), tuple(keys))
        return redirect(f"{BASE}/?{_query(wish)}", 303)

    @expose("/<key>")
    @allowed("list")
    def show(self, key: str) -> Any:
        """Show how far a run has come; a script asks for the part that changes."""
        page = pages.run_page(_catalogue(), self._run(key))
        template = "prefill/_run.html" if request.headers.get("X-Part") else "prefill/run.html"
        return render_template(template, page=page)

    @expose("/<key>/cancel", methods=["POST"])
    @allowed("run")
    def cancel(self, key: str) -> Any:
        """Stop a run after the batch that is in hand."""
        run = self._run(key)
        try:
            with unit_of_work() as session:
                asking.cancel(session, run.id)
        except DomainError as error:
            flash(str(error.message), "warning")
        return redirect(f"{BASE}/{key}", 303)

    @expose("/<key>/go-on", methods=["POST"])
    @allowed("run")
    def go_on(self, key: str) -> Any:
        """Let a run that stopped go on."""
        run = self._run(key)
        try:
            with unit_of_work() as session:
                asking.go_on(session, run.id)
            jobs.put(run.id)
        except DomainError as error:
            flash(str(error.message), "warning")
        except RedisError:
            flash(_("Valkey is away"), "warning")
        return redirect(f"{BASE}/{key}", 303)

    @expose("/<key>/undo", methods=["POST"])
    @allowed("run")
    def undo(self, key: str) -> Any:
        """Remove what a run wrote and nobody has touched since."""
        run = self._run(key)
        try:
            with unit_of_work() as session:
                removed = asking.take_back(session, run.id)
        except DomainError as error:
            flash(str(error.message), "warning")
        else:
            flash(ngettext("%(num)d text was removed.", "%(num)d texts were removed.", removed), "success")
        return redirect(f"{BASE}/{key}", 303)

    def _run(self, key: str) -> PrefillRun:
        return pages.find_run(parse_id(key)) or abort(404)

    def _page(self, wish: Wish) -> pages.StartPage:
        return pages.start_page(_catalogue(), current_user, wish)

    def _wish(self, sent: Any) -> Wish:
        """Read what was chosen; what there is not, or may not be translated, is left out."""
        tags = languages.content_locales() or abort(404)
        names = [name for name, _label in pages.offered_types(_catalogue(), current_user)]
        chosen = tuple(name for name in dict.fromkeys(sent.getlist("type")) if name in names)
        records = tuple(str(key) for part in sent.getlist("record") if (key := parse_id(part)) is not None)
        if records and len(chosen) != 1:
            abort(404)
        locale, tool = sent.get("locale", ""), sent.get("tool", "")
        found = tools(current_app.config)
        return Wish(
            locale if locale in tags else tags[0],
            tool if tool in found else list(found)[-1],
            chosen or tuple(names),
            records[:MOST_CHOSEN],
        )


def _query(wish: Wish) -> str:
    pairs = [("locale", wish.locale), ("tool", wish.tool), *(("type", name) for name in wish.types)]
    pairs += [("record", key) for key in wish.records]
    return urlencode([(name, value) for name, value in pairs if value])


def _catalogue() -> Catalogue:
    found: Catalogue = current_app.extensions["catalogue"]
    return found
