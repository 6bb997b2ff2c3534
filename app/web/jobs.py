"""The screen of the jobs: what the workers do, and what is to be done when they fail."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request
from flask_appbuilder import BaseView, expose
from flask_babel import gettext as _
from flask_babel import ngettext
from redis.exceptions import RedisError

from app.kernel import jobs, queues
from app.kernel.db import unit_of_work
from app.kernel.ids import parse_id
from app.kernel.outbox import nudge, watching
from app.surfaces.screens.gate import allowed
from app.web import job_pages as pages


class JobsView(BaseView):
    """What runs, waits, failed and has a time; for the Admin."""

    route_base = "/jobs"
    default_view = "index"
    class_permission_name = pages.NAME
    base_permissions: list[str] = []  # noqa: RUF012  # FAB copies it for each view

    @expose("/")
    @allowed("list")
    def index(self) -> Any:
        """Show one of the views; htmx asks for its inside alone, again and again."""
        view = request.args.get("view", "overview")
        if view not in pages.VIEWS:
            abort(404)
        is_part = request.headers.get("HX-Request") and not request.headers.get("HX-Boosted")
        return render_template("jobs/_board.html" if is_part else "jobs/index.html", board=pages.board(view))

    @expose("/failed", methods=["POST"])
    @allowed("run")
    def failed(self) -> Any:
        """Try failed jobs again, or delete them: one, or all."""
        number = request.form.get("id", "")
        numbers = [number] if number else None
        does = {"retry": queues.retry, "forget": queues.forget}.get(request.form.get("action", ""))
        if does is None:
            abort(400)
        try:
            _tell(request.form["action"], does(queues.reader(), numbers))
        except RedisError:
            flash(_("Valkey is away"), "danger")
        return _back("failed")

    @expose("/timed/<name>", methods=["POST"])
    @allowed("run")
    def timed(self, name: str) -> Any:
        """Put a job that has a time into its queue now."""
        found = jobs.kinds().get(name)
        if found is None or not found.at:
            abort(404)
        try:
            if queues.run_now(found, queues.reader()):
                flash(_("%(name)s is put into its queue.", name=name), "success")
            else:
                flash(_("%(name)s waits in its queue already.", name=name), "info")
        except RedisError:
            flash(_("Valkey is away"), "danger")
        return _back("timed")

    @expose("/deliveries", methods=["POST"])
    @allowed("run")
    def deliveries(self) -> Any:
        """Try deliveries that were given up again, or delete them: one, or all."""
        given = request.form.get("id", "")
        key = parse_id(given) if given else None
        does = {"retry": watching.retry, "forget": watching.forget}.get(request.form.get("action", ""))
        if does is None or (given and key is None):
            abort(400)
        with unit_of_work():
            count = does([key] if key else None)
        nudge()
        _tell(request.form["action"], count)
        return _back("deliveries")


def _tell(action: str, count: int) -> None:
    if not count:
        flash(_("There was nothing left to do."), "info")
    elif action == "retry":
        flash(ngettext("%(num)s is tried again.", "%(num)s are tried again.", count), "success")
    else:
        flash(ngettext("%(num)s is deleted.", "%(num)s are deleted.", count), "success")


def _back(view: str) -> Any:
    return redirect(f"{pages.BASE}?view={view}", 303)
