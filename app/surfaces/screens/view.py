"""The staff screens of a resource, as one Flask-AppBuilder view."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, abort, flash, jsonify, redirect, render_template, request
from flask_appbuilder import BaseView, expose
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy import select

from app.access import rows as row_rules
from app.access.redirects import safe_path
from app.access.rights import may
from app.kernel.db import db, unit_of_work
from app.kernel.errors import Conflict, DomainError, NotFound
from app.resources import Catalogue, On, Resource
from app.surfaces.history.wording import history_page
from app.surfaces.records import clocks, writing
from app.surfaces.records.adding import is_typed, may_add
from app.surfaces.records.changes import Changes
from app.surfaces.records.guards import lock_first
from app.surfaces.records.query import ListQuery
from app.surfaces.screens import drawers
from app.surfaces.screens.filters import key_in
from app.surfaces.screens.form_pages import Beside
from app.surfaces.screens.forms import clock_words
from app.surfaces.screens.gate import allowed
from app.surfaces.screens.keeping import KeepsForms
from app.surfaces.screens.keeping_lists import KeepsLists
from app.surfaces.screens.lookup import look_up
from app.surfaces.screens.pages import ListPage
from app.surfaces.screens.panel import HasPanel
from app.surfaces.screens.previewing import HasPreview
from app.surfaces.screens.releasing import HasReleases, told_of_many
from app.surfaces.screens.shows import Show, status_words
from app.surfaces.screens.texts import HasTexts
from app.surfaces.screens.ways.routes import SeesWays, page_of
from app.surfaces.transfer.export import export_response
from app.surfaces.transfer.pages import import_page

MOST_AT_ONCE = 500


def is_part() -> bool:
    """Tell whether a script asks for what changes in a list, not for the whole page."""
    return bool(request.headers.get("HX-Request")) and not request.headers.get("HX-Boosted")


def staff_view(catalogue: Catalogue, resource: Resource) -> type[StaffView]:
    """Make the view class of a resource; its permissions carry the table's name."""
    return type(
        f"{resource.model.__name__}View",
        (StaffView,),
        {
            "catalogue": catalogue,
            "resource": resource,
            "route_base": f"/{resource.path}",
            "class_permission_name": resource.name,
        },
    )


class StaffView(KeepsForms, HasTexts, HasPreview, HasReleases, HasPanel, KeepsLists, SeesWays, BaseView):
    """List, show, add, edit, delete, act, history, import and export of one resource.

    Every query goes through `find` or the list's statement, both under the row rules.
    """

    catalogue: Catalogue
    resource: Resource
    default_view = "list"
    list_template = "staff/list.html"

    @expose("/")
    @allowed("list")
    def list(self) -> Any:
        """Show one page of the rows; a list that opens with a view goes there first."""
        if not request.args and (opening := self.desk().opening_url):
            return redirect(opening)
        page = self.read_list(self.query())
        if is_part():
            return render_template("staff/_part.html", page=page)
        return render_template(self.list_template, page=page, **self.beside_list())

    def read_list(self, query: ListQuery) -> ListPage:
        """Read the page of the list; a view that words some of its cells itself says otherwise."""
        return page_of(self.catalogue, self.resource, query)

    def beside_list(self) -> dict[str, Any]:
        """Give what the template of the list takes beside its page; a view with one of its own says otherwise."""
        return {}

    def beside_form(self, _record: Any | None, _typed: Mapping[str, str]) -> Beside | None:
        """Give the live part of a form; a view that has something to tell while one types says otherwise."""
        return None

    @expose("/<key>")
    @allowed("show")
    def show(self, key: str) -> Any:
        """Show one record."""
        page = Show(self.catalogue, self.resource, self.find(key, "show")).page()
        return render_template("staff/show.html", page=page)

    @expose("/add", methods=["GET", "POST"])
    @allowed("add")
    def add(self) -> Any:
        """Add a record; where no form makes one, go to the screen that does."""
        if not is_typed(self.resource):
            return redirect(self.resource.begun_at) if self.resource.begun_at else abort(404)
        return self.save(None) if request.method == "POST" else self.form(None)

    @expose("/<key>/edit", methods=["GET", "POST"])
    @allowed("edit", "translate")
    def edit(self, key: str) -> Any:
        """Change a record, or its translations alone for who may only translate."""
        if not self.resource.fields_on(On.FORM):
            abort(404)
        if request.method == "POST":
            return self.save_to(key)
        if request.args.get("drawer") == "saved":
            return drawers.saved(self.catalogue, self.resource, self.find(key, self.verb_of_form()))
        is_limited = row_rules.is_limited(self.resource.name, current_user, self.verb_of_form())
        greys = is_limited and may("show", self.resource.name)
        return self.form(self.find(key, "show" if greys else self.verb_of_form()))

    @expose("/<key>/delete", methods=["POST"])
    @allowed("delete")
    def delete(self, key: str) -> Any:
        """Delete a record."""
        record = self.find(key, "delete")
        title = str(getattr(record, self.resource.title))
        try:
            with unit_of_work() as session:
                writing.remove(session, self.resource, record)
                undo = self.undo_of(session, record.id)
        except NotFound as error:
            flash(str(error.message), "danger")
            return redirect(f"/{self.resource.path}/")
        except DomainError as error:
            said = self.still_used(record, error) if isinstance(error, Conflict) else str(error.message)
            flash(said, "danger")
            return redirect(f"/{self.resource.path}/{key}")
        flash(_("“%(title)s” was deleted.", title=title), undo or "success")
        return redirect(f"/{self.resource.path}/")

    @expose("/<key>/do/<name>", methods=["POST"])
    @allowed("show")
    def do(self, key: str, name: str) -> Any:
        """Do an action on a record."""
        self.require_action(name)
        record = self.find(key, name)
        title, before = str(getattr(record, self.resource.title)), status_words(self.resource, record)
        try:
            with unit_of_work() as session:
                writing.act(session, self.resource, record, name, request.form.get("reason", "")[:500])
        except DomainError as error:
            flash(str(error.message), "danger")
        else:
            flash(self.told(title, before, record, name), "success")
        back = request.form.get("back", "")
        return redirect(back if back == f"/{self.resource.path}/" else f"/{self.resource.path}/{key}")

    @expose("/bulk", methods=["POST"])
    @allowed("list")
    def bulk(self) -> Any:
        """Do an action on, or delete, many records; those that refuse are named and stay as they are."""
        name = request.form.get("action", "")
        self.require_action(name)
        keys = [key for text in request.form.getlist("ids") if (key := self.key_of(text)) is not None]
        if len(keys) > MOST_AT_ONCE:
            abort(413)
        done, refused, undo = 0, [], ""
        model = self.resource.model
        chosen = self.visible(name).where(model.id.in_(keys))
        # All are locked before the first is changed, in one order: two of these at once wait, never deadlock.
        chosen = chosen.order_by(model.id).with_for_update(of=model)
        with unit_of_work() as session:
            lock_first(session, self.resource, keys)
            for record in session.scalars(chosen).all():
                try:
                    with session.begin_nested():
                        self.do_one(session, record, name)
                    done += 1
                except DomainError as error:
                    refused.append(f"{getattr(record, self.resource.title)}: {error.message}")
            if done and name == "delete":
                undo = self.undo_of(session)
        if done and name == "delete":
            flash(ngettext("%(num)d record deleted.", "%(num)d records deleted.", done), undo or "success")
        elif done:
            flash(told_of_many(self.label_of(name), done), "success")
        for sentence in refused[:5]:
            flash(sentence, "danger")
        if len(refused) > 5:
            flash(_("%(number)s more refused.", number=len(refused) - 5), "danger")
        if not done and not refused:
            flash(_("Choose records first."), "warning")
        return redirect(self.back_to_list())

    @expose("/<key>/history")
    @allowed("history")
    def history(self, key: str) -> Any:
        """Show every change of a record."""
        record = self.find(key, "show")
        page = history_page(self.catalogue, self.resource, record, request.args.get("page[after]", ""))
        return render_template("staff/history.html", page=page)

    @expose("/lookup")
    @allowed("list")
    def lookup(self) -> Response:
        """Find records by title, for a relation's input."""
        typed = request.args.get("q", "")
        return jsonify(look_up(self.catalogue, self.resource, typed, self.visible("list")))

    @expose("/clock")
    @allowed("add", "edit", "translate")
    def clock(self) -> Response:
        """Say by whose clocks instants are typed once the relation `beside` names the record `place`."""
        beside = request.args.get("beside", "")
        mine = [item for item in self.resource.fields if item.clock and item.clock.beside == beside]
        there = clocks.zones_of(db.session(), mine, None, {beside: request.args.get("place", "")})
        return jsonify(words=clock_words(next(iter(there.values()), "")))

    @expose("/export")
    @allowed("export")
    def export(self) -> Response:
        """Download what the list shows."""
        return export_response(
            self.catalogue,
            self.resource,
            self.query(frozenset({"format", "what"})),
            request.args.get("format", "csv"),
            request.args.get("what", ""),
        )

    @expose("/import", methods=["GET", "POST"])
    @allowed("import")
    def import_(self) -> Any:
        """Try a file out, then import it."""
        answer = import_page(self.catalogue, self.resource)
        return answer if isinstance(answer, Response) else render_template("staff/import.html", page=answer)

    def query(self, extra: frozenset[str] = frozenset()) -> ListQuery:
        """Read the list's address."""
        return self.asked(request.args.items(multi=True), extra)

    def verb_of_form(self) -> str:
        """Give what the form of a record asks of its reader: to edit it, or at least to translate it."""
        return "edit" if may("edit", self.resource.name) else "translate"

    def is_mine(self, record: Any | None) -> bool:
        """Tell whether the row rules let the reader change the record whose form they see."""
        verb = self.verb_of_form()
        if record is None or not row_rules.is_limited(self.resource.name, current_user, verb):
            return True
        mine = self.visible(verb).where(self.resource.model.id == record.id)
        return db.session.scalar(mine) is not None

    def visible(self, verb: str) -> Any:
        """Select the records with which the signed-in user may do a verb."""
        model = self.resource.model
        return select(model).where(row_rules.condition(self.resource.name, current_user, model, verb))

    def find(self, key: str, verb: str) -> Any:
        """Find a record under the row rules; 404 for a hidden one as for a missing one."""
        parsed = self.key_of(key)
        record = None
        if parsed is not None:
            record = db.session.scalar(self.visible(verb).where(self.resource.model.id == parsed))
        return record if record is not None else abort(404)

    def key_of(self, text: str) -> Any:
        """Read a key of these records; None when it is none."""
        return key_in(self.resource, text)

    def label_of(self, name: str) -> str:
        """Give the words of an action."""
        action = self.resource.action(name)
        return str(action.label) if action else _("Delete")

    def told(self, title: str, before: str, record: Any, name: str) -> str:
        """Tell what became of a record: the status that an action gave it, or else the action itself."""
        now = status_words(self.resource, record)
        return _("“%(title)s”: %(now)s.", title=title, now=now if now != before else self.label_of(name))

    def require_action(self, name: str) -> None:
        """Answer 404 to an action there is not, 403 to one that is not allowed."""
        if name != "delete" and self.resource.action(name) is None:
            abort(404)
        if not may(name, self.resource.name):
            abort(403)

    def do_one(self, session: Any, record: Any, name: str) -> None:
        """Do an action or a deletion on one record."""
        if name == "delete":
            writing.remove(session, self.resource, record)
        else:
            writing.act(session, self.resource, record, name, request.form.get("reason", "")[:500])

    def back_to_list(self) -> str:
        """Give the list's address with the filters that it had."""
        query = request.form.get("back", "")
        base = f"/{self.resource.path}/"
        return safe_path(query, base) if query.startswith(f"{base}?") else base

    def write_record(self, session: Any, record: Any | None, changes: Changes) -> Any:
        """Write what was sent; a view whose records have verbs of their own says otherwise."""
        return writing.write(session, self.catalogue, self.resource, record, changes)

    def after_save(self, record: Any) -> str:
        """Give where to go on: the record, its form again, or a new form."""
        base = f"/{self.resource.path}/"
        wanted = request.form.get("then", "save")
        if "drawer" in request.args:
            return f"{base}{record.id}/edit?drawer=saved"
        if wanted == "another" and may_add(self.resource):
            return f"{base}add"
        if wanted in ("stay", "copy"):
            return f"{base}{record.id}/edit"
        return f"{base}{record.id}" if may("show", self.resource.name) else base
