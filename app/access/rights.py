"""What a staff user may do: exact (permission, view) pairs, read once a request."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from flask import has_request_context, request
from flask_appbuilder.security.sqla.models import (
    Permission,
    PermissionView,
    Role,
    User,
    ViewMenu,
    assoc_group_role,
    assoc_permissionview_role,
    assoc_user_group,
    assoc_user_role,
)
from flask_login import current_user
from sqlalchemy import (
    ColumnElement,
    Integer,
    ScalarSelect,
    Select,
    Text,
    bindparam,
    cast,
    func,
    select,
    union_all,
)

from app.kernel.db import db, named
from app.kernel.recent import Recent
from app.kernel.statements import compile_once

Pair = tuple[str, str]
_CACHE = "festoon.rights"


@dataclass(frozen=True)
class Rights:
    """The roles of a user and what each of them allows. Nothing is matched by pattern or prefix.

    Whoever has the same roles has the same object: it is kept from request to request.
    """

    by_role: Mapping[str, frozenset[Pair]] = field(default_factory=dict)

    @property
    def roles(self) -> frozenset[str]:
        """Name the roles."""
        return frozenset(self.by_role)

    @cached_property
    def pairs(self) -> frozenset[Pair]:
        """Give every (permission, view) pair that some role allows."""
        return frozenset().union(*self.by_role.values())

    def allow(self, permission: str, view: str) -> bool:
        """Tell whether some role allows exactly this permission on exactly this view."""
        return (permission, view) in self.pairs

    def allow_anywhere(self, permission: str) -> bool:
        """Tell whether some role allows a permission on any view at all."""
        return any(permission in verbs for verbs in self._by_view.values())

    def verbs_on(self, view: str) -> frozenset[str]:
        """Give every permission that some role allows on a view."""
        return self._by_view.get(view, frozenset())

    @cached_property
    def _by_view(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for permission, view in self.pairs:
            found.setdefault(view, set()).add(permission)
        return {view: frozenset(permissions) for view, permissions in found.items()}

    def roles_allowing(self, permission: str, view: str) -> list[str]:
        """Name the roles that allow it; row rules are joined over them."""
        return [role for role, pairs in self.by_role.items() if (permission, view) in pairs]


NONE = Rights()
"""The rights of everybody who is not signed in."""


def rights_of(user: Any) -> Rights:
    """Give a user's rights; remembered for the rest of the request."""
    if user is None or not user.is_authenticated or not user.is_active:
        return NONE
    if not has_request_context():
        return read_rights(user.id)
    known: dict[int, Rights] = request.environ.setdefault(_CACHE, {})
    if user.id not in known:
        known[user.id] = read_rights(user.id)
    return known[user.id]


def current_rights() -> Rights:
    """Give the rights of whoever is signed in."""
    user = current_user._get_current_object()  # noqa: SLF001  # the proxy would look for its user at every word
    return rights_of(user)


def may(verb: str, resource: str) -> bool:
    """Tell whether whoever is signed in may do a verb on a resource: `may("edit", "package")`."""
    return current_rights().allow(f"can_{verb}", resource)


def is_kept_from(verb: str, resource: str) -> bool:
    """Tell whether whoever is signed in may not do a verb on a resource; a command or a job is kept from nothing."""
    user = current_user._get_current_object()  # noqa: SLF001  # outside of a request the proxy stands for nobody
    return user is not None and not rights_of(user).allow(f"can_{verb}", resource)


def read_rights(user_id: int) -> Rights:
    """Read roles, also those held through a group, with all their pairs in one statement."""
    return told_rights(_RIGHTS.run(db.session.connection(), {"user_id": user_id})[0][0])


def remember_rights(user_id: int, told: str | None) -> None:
    """Let the rest of the request know a user's rights, as a statement told them that asked for more."""
    request.environ.setdefault(_CACHE, {})[user_id] = told_rights(told)


def told_rights(told: str | None) -> Rights:
    """Give the rights that `rights_told` tells. Roles rarely change: the same words mean what they meant before."""
    return _TOLD.get(told, lambda: _read(json.loads(told or "{}")))


def _read(told: Mapping[str, str | None]) -> Rights:
    found = {}
    for role, listed in told.items():
        pairs = (line.partition("\t") for line in (listed or "").split("\n") if line)
        found[role] = frozenset((permission, view) for permission, _tab, view in pairs)
    return Rights(found)


_TOLD: Recent[Rights] = Recent()


def roles_with(verb: str, resource: str) -> list[str]:
    """Name all roles that may do a verb on a resource, whoever holds them."""
    found = (
        select(Role.name)
        .join(assoc_permissionview_role, assoc_permissionview_role.c.role_id == Role.id)
        .join(PermissionView, PermissionView.id == assoc_permissionview_role.c.permission_view_id)
        .join(Permission, Permission.id == PermissionView.permission_id)
        .join(ViewMenu, ViewMenu.id == PermissionView.view_menu_id)
        .where(Permission.name == f"can_{verb}", ViewMenu.name == resource)
    )
    return list(db.session.scalars(found.order_by(Role.name)))


def rights_told(user: ColumnElement[int]) -> ScalarSelect[Any]:
    """Make a query of what a user may do, for any statement: JSON text, a line for each pair of each role."""
    through_groups = assoc_group_role.join(
        assoc_user_group, assoc_user_group.c.group_id == assoc_group_role.c.group_id
    )
    own = select(assoc_user_role.c.role_id).where(assoc_user_role.c.user_id == user)
    lent = select(assoc_group_role.c.role_id).select_from(through_groups)
    lent = lent.where(assoc_user_group.c.user_id == user)
    role_ids = union_all(own.correlate(User), lent.correlate(User))
    listed = (
        select(func.string_agg(Permission.name + "\t" + ViewMenu.name, "\n"))
        .select_from(assoc_permissionview_role)
        .join(PermissionView, PermissionView.id == assoc_permissionview_role.c.permission_view_id)
        .join(Permission, Permission.id == PermissionView.permission_id)
        .join(ViewMenu, ViewMenu.id == PermissionView.view_menu_id)
        .where(assoc_permissionview_role.c.role_id == Role.id)
    )
    told = select(cast(func.json_object_agg(Role.name, listed.correlate(Role).scalar_subquery()), Text()))
    return told.where(Role.id.in_(role_ids)).correlate(User).scalar_subquery()


_RIGHTS = compile_once(select(rights_told(named("user_id", Integer()))))


def users_allowed(permission: str, view: str) -> list[tuple[int, str]]:
    """List the active users whom some role, also one held through a group, allows this: (id, full name)."""
    rows = db.session.execute(_allowed_statement(), {"permission": permission, "view": view})
    return [(row.id, f"{row.first_name} {row.last_name}".strip() or row.username) for row in rows]


@cache
def _allowed_statement() -> Select[Any]:
    through_groups = assoc_group_role.join(
        assoc_user_group, assoc_user_group.c.group_id == assoc_group_role.c.group_id
    )
    holders = union_all(
        select(assoc_user_role.c.user_id, assoc_user_role.c.role_id),
        select(assoc_user_group.c.user_id, assoc_group_role.c.role_id).select_from(through_groups),
    ).subquery()
    allowing = (
        select(assoc_permissionview_role.c.role_id)
        .join(PermissionView, PermissionView.id == assoc_permissionview_role.c.permission_view_id)
        .join(Permission, Permission.id == PermissionView.permission_id)
        .join(ViewMenu, ViewMenu.id == PermissionView.view_menu_id)
        .where(Permission.name == bindparam("permission"), ViewMenu.name == bindparam("view"))
    )
    allowed = select(holders.c.user_id).where(holders.c.role_id.in_(allowing))
    return (
        select(User.id, User.first_name, User.last_name, User.username)
        .where(User.active.is_(True), User.id.in_(allowed))
        .order_by(User.first_name, User.last_name, User.id)
    )
