"""What the Admin sees of the staff users; verbs of `accounts` write them, never a plain form."""

from __future__ import annotations

from flask_appbuilder.security.sqla.models import Role, User
from flask_babel import lazy_gettext as _l

from app.access import accounts
from app.resources import Action, Field, Kind, On, Resource

STAFF = _l("Staff")


def _let_in(user: User, reason: str = "") -> None:
    accounts.set_active(user, True)


def _keep_out(user: User, reason: str = "") -> None:
    accounts.set_active(user, False)


users = Resource(
    User,
    _l("Users"),
    _l("user"),
    menu=STAFF,
    icon="users",
    path="users",
    calendar="-",
    order="username",
    title="username",
    fields=(
        Field("username", On.LIST | On.FORM, _l("User name")),
        Field("first_name", On.LIST | On.FORM, _l("First name")),
        Field("last_name", On.LIST | On.FORM, _l("Last name")),
        Field("email", On.LIST | On.FORM, _l("E-mail"), kind=Kind.EMAIL),
        Field("roles", On.FORM, _l("Roles")),
        Field("active", On.LIST | On.FILTER | On.API, _l("Active")),
        Field("last_login", On.LIST | On.API, _l("Last sign-in")),
    ),
    actions=(
        Action("let_in", _l("Let in"), _let_in, lambda user: not user.active, icon="lock-open"),
        Action("keep_out", _l("Keep out"), _keep_out, lambda user: user.active, icon="lock", tone="danger"),
    ),
)

roles = Resource(
    Role,
    _l("Roles"),
    _l("role"),
    menu=STAFF,
    icon="shield",
    path="roles",
    order="name",
    title="name",
    fields=(Field("name", On.LIST | On.API, _l("Name")),),
)

RESOURCES = (users, roles)
