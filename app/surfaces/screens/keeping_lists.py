"""What a person keeps of a list: saved views, columns and widths; part of the staff view of a resource."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import Response, abort, current_app, flash, jsonify, redirect, render_template, request
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_login import current_user

from app.access.rights import current_rights
from app.access.roles import ADMIN
from app.kernel.db import unit_of_work
from app.kernel.errors import DomainError, Invalid
from app.kernel.ids import parse_id
from app.resources import Catalogue, On, Resource
from app.surfaces.desk import saved_views
from app.surfaces.desk.list_settings import KeptView, fitting, keep_setting
from app.surfaces.desk.saved_views import SavedView
from app.surfaces.records.looks import column_names
from app.surfaces.records.query import ListQuery, read_query, write_query
from app.surfaces.screens.filters import filter_editor
from app.surfaces.screens.gate import allowed
from app.surfaces.screens.list_rows import column_choices
from app.surfaces.screens.list_tabs import (
    Desk,
    address,
    audiences,
    count_views,
    desk_of,
    forget_if_asked,
    lasting,
)

LONGEST_QUERY = 4_000


class KeepsLists:
    """Save, share, rename, set as default and delete views; choose columns; edit one filter."""

    catalogue: Catalogue
    resource: Resource

    @expose("/filter")
    @allowed("list")
    def filter(self) -> Any:
        """Show the inputs of one filter."""
        query = self.asked(request.args.items(multi=True), frozenset({"field"}))
        found = filter_editor(self.catalogue, self.resource, query, request.args.get("field", ""))
        return render_template("staff/_filter.html", filter=found) if found is not None else abort(404)

    @expose("/views", methods=["POST"])
    @allowed("list")
    def keep_view(self) -> Any:
        """Save the list as it is shown under a name."""
        shared = self.shared()
        with unit_of_work() as session:
            view = saved_views.keep_view(
                session,
                self.resource.name,
                current_user.id,
                request.form.get("name", ""),
                self.kept_query(),
                shared,
            )
            told = _kept(view, shared)
        flash(_("The view “%(name)s” was saved.", name=told.name), "success")
        return redirect(self.desk().url_of(told))

    @expose("/views/dialogs")
    @allowed("list")
    def view_dialogs(self) -> Any:
        """Show the dialogs in which a view is saved, renamed and shared."""
        query = self.asked(request.args.items(multi=True), frozenset())
        return render_template("staff/_views.html", desk=self.desk().page(query))

    @expose("/views/counts")
    @allowed("list")
    def count_views(self) -> Response:
        """Count what each view holds."""
        forget_if_asked(self.resource)
        return jsonify(count_views(self.resource, self.desk()))

    @expose("/views/<key>", methods=["POST"])
    @allowed("list")
    def change_view(self, key: str) -> Any:
        """Rename or share a view, or save it as the list is shown now."""
        with unit_of_work() as session:
            view = self.own(session, key)
            if "shared" in request.form:
                saved_views.share(session, view, self.shared())
            with_whom = audiences(self.resource)
            if view.audience != "me" and not (with_whom if view.audience == "role" else "all" in with_whom):
                # They shared it when they had another role.
                raise Invalid({"shared": [_not_theirs(with_whom)]})
            if "name" in request.form:
                saved_views.rename(view, request.form["name"])
            if "query" in request.form:
                view.query = self.kept_query()
            told = _kept(view, "")
        flash(_("The view “%(name)s” was saved.", name=told.name), "success")
        return redirect(self.desk().url_of(told))

    @expose("/views/<key>/default", methods=["POST"])
    @allowed("list")
    def open_with_view(self, key: str) -> Any:
        """Have the list open with a view, or with none again."""
        view = self.desk().kept.view(str(parse_id(key)))
        if view is None:
            abort(404)
        is_on = request.form.get("on") == "1"
        with unit_of_work() as session:
            keep_setting(session, self.resource.name, current_user.id, view_id=view.id if is_on else None)
        told = (
            _("This list opens with “%(name)s” now.", name=view.name)
            if is_on
            else _("This list opens whole again.")
        )
        flash(told, "success")
        return redirect(self.desk().url_of(view))

    @expose("/views/<key>/delete", methods=["POST"])
    @allowed("list")
    def delete_view(self, key: str) -> Response:
        """Delete a view; it can be brought back for a day."""
        with unit_of_work() as session:
            saved_views.remove_view(session, self.own(session, key))
        return jsonify({"url": f"/{self.resource.path}/?view=all"})

    @expose("/views/<key>/restore", methods=["POST"])
    @allowed("list")
    def restore_view(self, key: str) -> Response:
        """Bring a deleted view back."""
        with unit_of_work() as session:
            view = self.own(session, key)
            saved_views.bring_back(view)
            told = _kept(view, "")
        return jsonify({"url": self.desk().url_of(told)})

    @expose("/columns")
    @allowed("list")
    def choose_columns(self) -> Any:
        """Show which columns the list has, which of them are shown, and in which order."""
        query = self.desk().with_columns(self.asked(request.args.items(multi=True)))
        return render_template(
            "staff/_columns.html",
            chooser=column_choices(self.resource, query),
            state=urlencode(write_query(query)),
            url=f"/{self.resource.path}/columns",
        )

    @expose("/columns", methods=["POST"])
    @allowed("list")
    def keep_columns(self) -> Any:
        """Keep the columns and their widths as the reader has set them, or forget both."""
        names = column_names(self.resource)
        chosen = [name for name in request.form.getlist("columns") if name in names]
        changed: dict[str, Any] = {"columns": chosen, "widths": fitting(self.widths(), names)}
        if request.form.get("reset"):
            changed = {"columns": [], "widths": {}}
        elif "columns" not in request.form:
            del changed["columns"]
        with unit_of_work() as session:
            keep_setting(session, self.resource.name, current_user.id, **changed)
        if "columns" not in changed:
            return Response(status=204)
        state = [pair for pair in parse_qsl(request.form.get("state", "")) if pair[0] != "columns"]
        if changed["columns"]:
            state.append(("columns", ",".join(chosen)))
        return redirect(address(f"/{self.resource.path}/", state))

    def desk(self) -> Desk:
        """Give what the reader keeps of this list."""
        return desk_of(self.resource)

    def asked(self, pairs: Any, extra: frozenset[str] = frozenset()) -> ListQuery:
        """Read a list's address."""
        return read_query(self.resource, pairs, On.LIST, current_app.config.get("PAGE_SIZE", 25), extra)

    def kept_query(self) -> str:
        """Give what a view keeps of the address that was sent. Raises BadParameter where it cannot be read."""
        sent = request.form.get("query", "")
        if len(sent) > LONGEST_QUERY:
            raise Invalid({"query": [_("These are too many filters for one view.")]})
        return urlencode(lasting(self.asked(parse_qsl(sent.removeprefix("?")))))

    def shared(self) -> str:
        """Give with whom a view is to be shared: "me", "all" or a role. Raises Invalid where that is not theirs."""
        wanted = request.form.get("shared", "me")
        with_whom = audiences(self.resource)
        is_theirs = wanted == "me" or wanted in with_whom
        if not is_theirs and ADMIN not in current_rights().roles:
            raise Invalid({"shared": [_not_theirs(with_whom)]})
        return wanted

    def own(self, session: Any, key: str) -> SavedView:
        """Find a view that the user may change; 404 for another."""
        is_admin = ADMIN in current_rights().roles
        return saved_views.own_view(session, self.resource.name, current_user.id, parse_id(key), is_admin)

    def widths(self) -> dict[str, Any]:
        """Read the widths that were sent, pixels by column."""
        try:
            sent = json.loads(request.form.get("widths", "{}"))
        except (ValueError, RecursionError):
            sent = None
        if not isinstance(sent, dict):
            raise DomainError(_("The widths cannot be read."))
        return sent


def _not_theirs(with_whom: set[str]) -> str:
    if with_whom:
        return _("You share a view with the roles that you have.")
    return _("You see only some of these records, so your views of them are for you alone.")


def _kept(view: SavedView, shared: str) -> KeptView:
    return KeptView(view.id, view.name, view.query, shared, is_own=True)
