"""The screens of the staff users: the generated ones, writing through the verbs of the accounts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import abort, g, redirect, render_template, request
from flask_appbuilder import expose
from flask_appbuilder.security.sqla.models import Role
from flask_babel import gettext as _
from flask_login import current_user

from app.access import accounts, passwords
from app.access.resources import users
from app.access.rights import may
from app.kernel.db import db, unit_of_work
from app.kernel.errors import Invalid
from app.resources import Catalogue
from app.surfaces.records.changes import Changes
from app.surfaces.screens import drawers
from app.surfaces.screens.gate import allowed
from app.surfaces.screens.pages import Button
from app.surfaces.screens.shows import Show
from app.surfaces.screens.view import StaffView, staff_view


def user_view(catalogue: Catalogue) -> type[StaffView]:
    """Make the view of the users."""
    return type("UserView", (_UserView, staff_view(catalogue, users)), {"route_base": "/users"})


class _UserView(StaffView):
    """A new user gets a password that is shown once; a user is kept out, never deleted."""

    @expose("/<key>")
    @allowed("show")
    def show(self, key: str) -> Any:
        """Show a user, with the way to give them another password."""
        return self.page_of(self.find(key, "show"))

    def page_of(self, user: Any, told: str = "") -> str:
        """Draw a user's page; what is `told` stands in this answer alone, and never in a cookie."""
        key = user.id
        page = Show(self.catalogue, self.resource, user).page()
        page = replace(page, details=tuple({item.label: item for item in page.details}.values()))
        if may("edit", self.resource.name):
            url = f"/users/{key}/password"
            page = replace(
                page,
                actions=(*page.actions, Button("password", _("New password"), url, "key", "danger", "post")),
            )
        return render_template("staff/show.html", page=page, told_here=[("warning", told)] if told else [])

    @expose("/<key>/delete", methods=["POST"])
    @allowed("delete")
    def delete(self, key: str) -> Any:  # noqa: ARG002  # the route has it
        """Refuse: the name of a user stays in the history."""
        abort(405)

    @expose("/<key>/password", methods=["GET", "POST"])
    @allowed("edit")
    def password(self, key: str) -> Any:
        """Give a user another password, shown once; whoever comes back to the address sees the user."""
        user = self.find(key, "edit")
        if request.method == "GET":
            return redirect(f"/users/{user.id}")
        made = passwords.generate()
        with unit_of_work():
            accounts.set_password(user, made, by=current_user)
        told = _(
            "The new password of %(name)s, shown this once: %(password)s", name=user.username, password=made
        )
        return self.page_of(user, told)

    def save(self, record: Any | None) -> Any:
        """Save a user; a new one's password is shown in the answer, not on the page that would follow."""
        answer = super().save(record)
        added = g.pop("user_added", None)
        if added is None or getattr(answer, "status_code", 200) != 302:
            return answer
        user, made = added
        told = _("The password of %(name)s, shown this once: %(password)s", name=user.username, password=made)
        return drawers.framed(self.page_of(user, told), 200, "drawer" in request.args)

    def write_record(self, session: Any, record: Any | None, changes: Changes) -> Any:
        """Add or change a user by the rules of the accounts."""
        facts = {
            name: str(changes.values.get(name) or "").strip()
            for name in ("username", "first_name", "last_name", "email")
        }
        names = self.role_names()
        missing = {name: [_("This field is needed.")] for name, value in facts.items() if not value}
        if not names:
            missing["roles"] = [_("Choose at least one role: without one a user can open nothing.")]
        if missing:
            raise Invalid(missing)
        if record is None:
            return self.add_user(facts, names)
        accounts.rename(record, **facts, by=current_user)
        if set(names) != {role.name for role in record.roles}:
            accounts.set_roles(record, names, by=current_user)
        session.flush()
        return record

    def add_user(self, facts: dict[str, str], names: list[str]) -> Any:
        """Add a user with a password of its own."""
        made = passwords.generate()
        user = accounts.create_user(
            facts["username"],
            facts["email"],
            made,
            names,
            first_name=facts["first_name"],
            last_name=facts["last_name"],
            by=current_user,
        )
        g.user_added = user, made
        return user

    def role_names(self) -> list[str]:
        """Read the roles that were chosen: the field of chips sends them all in one, with commas between."""
        sent = ",".join(request.form.getlist("roles")).split(",")
        keys = [int(key) for key in sent if key.isascii() and key.isdecimal() and len(key) < 10]
        return [role.name for role in db.session.query(Role).filter(Role.id.in_(keys))]
