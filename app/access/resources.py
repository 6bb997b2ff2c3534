"""What the Admin sees of the staff users; verbs of `accounts` write them, never a plain form."""

from __future__ import annotations

from typing import Any

from flask_appbuilder.security.sqla.models import Role, User, assoc_user_role
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, literal, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.hybrid import hybrid_property

from app.access import accounts
from app.resources import Action, Field, Kind, On, Resource

STAFF = _l("Staff")


def _names(user: User) -> str:
    return ", ".join(sorted(role.name for role in user.roles))


def _names_in_sql(_user: type[User]) -> Any:
    names = func.string_agg(Role.name, aggregate_order_by(literal(", "), Role.name))
    through = assoc_user_role.join(Role.__table__, Role.id == assoc_user_role.c.role_id)
    found = select(names).select_from(through).where(assoc_user_role.c.user_id == User.id)
    return found.correlate(User.__table__).scalar_subquery()


User.role_names = hybrid_property(_names, expr=_names_in_sql)


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
        Field("username", On.LIST | On.FORM | On.SEARCH, _l("User name")),
        Field("first_name", On.LIST | On.FORM | On.SEARCH, _l("First name")),
        Field("last_name", On.LIST | On.FORM | On.SEARCH, _l("Last name")),
        Field("email", On.LIST | On.FORM | On.SEARCH, _l("E-mail"), kind=Kind.EMAIL),
        Field("roles", On.FORM, _l("Roles")),
        Field("role_names", On.LIST, _l("Roles"), kind=Kind.TEXT),
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
