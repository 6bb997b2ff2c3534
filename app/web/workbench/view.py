"""The screens of the workbench: what there is to do, the queue, and what is done there; all without scripts, too.

A script asks for the part that changes by the header `X-Part`; a program asks for JSON.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import abort, current_app, flash, jsonify, redirect, render_template, request
from flask_appbuilder import BaseView, expose
from flask_babel import gettext as _
from flask_login import current_user

from app.access.rights import current_rights
from app.kernel import languages
from app.kernel.db import unit_of_work
from app.kernel.errors import DomainError
from app.kernel.locales import SOURCE
from app.resources import Catalogue
from app.surfaces.desk import kept_forms
from app.surfaces.records import wording
from app.surfaces.screens.gate import send_to_sign_in
from app.surfaces.texts.undoing import take_back
from app.web.workbench import bench, helping, overview
from app.web.workbench.acting import Act, meant_in
from app.web.workbench.asked import BASE, read_address
from app.web.workbench.bench import Bench, Sent

View = TypeVar("View", bound=Callable[..., Any])


def for_translators(view: View) -> View:
    """Let a view run for whoever may translate anything at all."""

    @wraps(view)
    def guarded(self: Any, *args: Any, **kwargs: Any) -> Any:
        if not current_user.is_authenticated:
            return send_to_sign_in()
        if not current_rights().allow_anywhere("can_translate"):
            abort(403)
        return view(self, *args, **kwargs)

    return cast("View", guarded)


class WorkbenchView(BaseView):
    """What is to be translated, and the queue of one language."""

    route_base = BASE
    default_view = "index"
    base_permissions: list[str] = []  # noqa: RUF012  # FAB copies it for each view

    @expose("/")
    @for_translators
    def index(self) -> Any:
        """Show what is done and what waits in every language."""
        page = overview.overview(_catalogue(), current_user)
        if _wants_json():
            return jsonify({"data": overview.as_json(page)})
        return render_template("workbench/overview.html", page=page)

    @expose("/<locale>")
    @for_translators
    def queue(self, locale: str) -> Any:
        """Show the text whose turn it is."""
        return self.shown(self.bench(locale))

    @expose("/<locale>", methods=["POST"])
    @for_translators
    def act(self, locale: str) -> Any:
        """Do something to the text that the address names, and go on."""
        here = self.bench(locale)
        if not here.here or not here.address.at:
            abort(404)
        done = Act(_catalogue(), current_user, here.here, request.form).run()
        if done.refused is not None:
            again = self.bench(locale)
            if not again.here:
                return _gone_on(here, done.refused.error)
            return self.shown(again, done.refused, done.status)
        then = here.address.url(after=here.here[-1].key) if done.moves_on else request.full_path
        if _part() or _wants_json():
            return jsonify({"told": done.told, "undo": done.undo, "next": then})
        if done.told:
            flash(done.told, f"undo {BASE}/{locale}/undo {done.undo}" if done.undo else "success")
        return redirect(then, 303)

    @expose("/<locale>/undo", methods=["POST"])
    @for_translators
    def undo(self, locale: str) -> Any:
        """Take back what the reader just did."""
        _known(locale)
        try:
            with unit_of_work() as session:
                take_back(session, int(current_user.id), request.form.get("token", "")[:200])
        except DomainError as error:
            if _part() or _wants_json():
                raise
            flash(str(error.message), "danger")
        else:
            if _part() or _wants_json():
                return jsonify({"told": _("Taken back")})
            flash(_("Taken back"), "success")
        return redirect(f"{BASE}/{locale}", 303)

    @expose("/<locale>/check", methods=["POST"])
    @for_translators
    def check(self, locale: str) -> Any:
        """Say what the checks find in a text that is being typed."""
        here = self.bench(locale)
        texts = {unit.field: request.form.get(f"text-{unit.field}", unit.text) for unit in here.here}
        meant = meant_in(request.form)
        found = {unit.field: helping.findings(here.here, unit, texts, meant) for unit in here.here}
        return jsonify(
            {
                "html": {
                    field: render_template("workbench/_findings.html", findings=told, field=field)
                    for field, told in found.items()
                },
                "blocks": any(one.blocks for told in found.values() for one in told),
            }
        )

    @expose("/<locale>/keep", methods=["POST"])
    @for_translators
    def keep(self, locale: str) -> Any:
        """Keep what is being typed, or forget it when nothing is unsaved any more."""
        here = self.bench(locale)
        if not here.here:
            abort(404)
        user_id, key = int(current_user.id), bench.kept_key(current_user, here.here[0])
        with unit_of_work() as session:
            if request.form.get("clean"):
                kept_forms.drop(session, user_id, key)
                return jsonify({"kept": None})
            place = str(here.here[0].object_id)
            at = kept_forms.keep(session, user_id, key, bench.KEPT_TYPE, place, request.form)
        if at is None:
            abort(404)
        return jsonify({"kept": str(key), "time": wording.time(at, wording.reader())})

    def bench(self, locale: str) -> Bench:
        """Read the address."""
        address = read_address(_known(locale), request.args)
        return Bench(_catalogue(), current_user, address, is_named=request.method == "POST")

    def shown(self, here: Bench, sent: Sent | None = None, status: int = 200) -> Any:
        """Draw the page, the part of it that changes, or its facts."""
        page = here.page(sent)
        if _wants_json():
            facts = bench.as_json(page)
            if sent is not None:
                facts["error"] = sent.error
                facts["errors"] = {name: list(texts) for name, texts in sent.errors.items()}
            return jsonify({"data": facts}), status
        name = "workbench/_bench.html" if _part() else "workbench/queue.html"
        return render_template(name, page=page), status


def _known(locale: str) -> str:
    """See that a language is translated into."""
    found = languages.find(locale)
    if found is None or not found.is_enabled or found.tag == SOURCE or found.tag != locale:
        abort(404)
    return found.tag


def _gone_on(here: Bench, sentence: str) -> Any:
    """Lead on from a text that is gone."""
    if _part() or _wants_json():
        abort(404)
    flash(sentence, "danger")
    return redirect(here.address.url(), 303)


def _catalogue() -> Catalogue:
    found: Catalogue = current_app.extensions["catalogue"]
    return found


def _wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json" and not _part()


def _part() -> str:
    return request.headers.get("X-Part", "")
