"""Which saved views a reader sees, and with whom they may share one, where row rules part colleagues."""

from __future__ import annotations

from typing import Any

from flask_appbuilder.security.sqla.models import (
    Permission,
    PermissionView,
    Role,
    ViewMenu,
    assoc_group_role,
    assoc_permissionview_role,
    assoc_user_group,
    assoc_user_role,
)
from sqlalchemy import ColumnElement, case, func, null, select, union_all

from app.access import rows
from app.access.rights import Rights
from app.surfaces.desk.saved_views import SavedView

LIST = "can_list"


def roles_of_owner(reader: Any) -> ColumnElement[Any]:
    """Make the column with the roles by which a view's owner may list its records; empty for the reader's own."""
    through_groups = assoc_group_role.join(
        assoc_user_group, assoc_user_group.c.group_id == assoc_group_role.c.group_id
    )
    held = union_all(
        select(assoc_user_role.c.user_id, assoc_user_role.c.role_id),
        select(assoc_user_group.c.user_id, assoc_group_role.c.role_id).select_from(through_groups),
    ).subquery("held")
    allowing = assoc_permissionview_role.c
    named = (
        select(func.array_agg(Role.name))
        .select_from(held)
        .join(Role, Role.id == held.c.role_id)
        .join(assoc_permissionview_role, allowing.role_id == Role.id)
        .join(PermissionView, PermissionView.id == allowing.permission_view_id)
        .join(Permission, Permission.id == PermissionView.permission_id)
        .join(ViewMenu, ViewMenu.id == PermissionView.view_menu_id)
        .where(held.c.user_id == SavedView.user_id)
        .where(Permission.name == LIST, ViewMenu.name == SavedView.resource)
    )
    return case((SavedView.user_id == reader, null()), else_=named.correlate(SavedView).scalar_subquery())


def is_parted(resource: str, rights: Rights) -> bool:
    """Tell whether a row rule parts the reader from colleagues, so that what they call a view is not for others."""
    return rows.are_kept_apart(resource, rights.roles_allowing(LIST, resource))


def is_for(
    rights: Rights, resource: str, role: str | None, owner: int | None, owner_roles: list[str] | None
) -> bool:
    """Tell whether a view that somebody else shares, with a role or with everybody, is for the reader.

    Decided whenever it is read, since roles and rules change. What a parted owner shared is for nobody else. A
    parted reader sees what somebody who is not parted shared with exactly a role by which they see the list.
    """
    if not rows.has_limits(resource):
        return True
    is_whole = owner is None or not rows.are_kept_apart(resource, owner_roles or ())
    if is_parted(resource, rights):
        return is_whole and role in rights.roles_allowing(LIST, resource)
    return is_whole or not owner_roles  # whoever has left shared it when they saw the list
