"""What holds of users and roles whoever writes them, a generated form or API too: only an Admin gives rights,
and there is always an Admin.
"""

from __future__ import annotations

from typing import Any

from flask import has_request_context
from flask_appbuilder.security.sqla.models import Role, User
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy import event, inspect, select
from sqlalchemy.orm import Session

from app.access.rights import rights_of
from app.access.roles import ADMIN, ROLES
from app.kernel.errors import Conflict, Forbidden


class LastAdmin(Conflict):
    """Without this user nobody could give rights any more."""

    code = "last_admin"


class BuiltInRole(Conflict):
    """A role of the product; its name is known to the program."""

    code = "built_in_role"


def require_admin(by: User | None) -> None:
    """Refuse whoever is no Admin; None is the program itself."""
    if by is not None and ADMIN not in rights_of(by).roles:
        raise Forbidden(_l("Only an Admin may manage users and their roles."))


def users_with_new_rights(session: Session) -> set[User]:
    """Find the users whose activity, roles or groups are about to be written, from either end."""
    found = {user for user in session.dirty if isinstance(user, User) and _has_new_rights(user)}
    for role in session.dirty:
        if isinstance(role, Role):
            history = inspect(role).attrs.user.load_history()
            found.update([*history.added, *history.deleted])
    return found


@event.listens_for(Session, "before_flush")
def _keep_the_rules(session: Session, *_unused: Any) -> None:
    with session.no_autoflush:
        changed = users_with_new_rights(session)
        added = [user for user in session.new if isinstance(user, User) and user.roles]
        gone = {user for user in session.deleted if isinstance(user, User)}
        for role in (*session.dirty, *session.deleted):
            if isinstance(role, Role):
                _keep_built_in(session, role)
        if (changed or added or gone) and has_request_context() and current_user.is_authenticated:
            require_admin(current_user)
        leaving = {user.id for user in gone | changed if user in gone or not _is_admin(user)}
        if leaving:
            _keep_an_admin(session, leaving)


def _has_new_rights(user: User) -> bool:
    attributes = inspect(user).attrs
    return any(attributes[name].history.has_changes() for name in ("active", "roles", "groups"))


def _is_admin(user: User) -> bool:
    return bool(user.active) and ADMIN in {role.name for role in user.roles}


def _keep_built_in(session: Session, role: Role) -> None:
    """Refuse to delete or rename a role of the table: the program would not find it again."""
    stored = session.scalar(select(Role.name).where(Role.id == role.id))
    if stored in ROLES and (role in session.deleted or role.name != stored):
        raise BuiltInRole(_l("This role belongs to the product. Make a role of your own instead."))


def _keep_an_admin(session: Session, leaving: set[int]) -> None:
    """Refuse to take the last active Admin away.

    The role's row is locked first: of two Admins who demote each other at once, the second is refused.
    """
    session.execute(select(Role.id).where(Role.name == ADMIN).with_for_update())
    active = select(User.id).where(User.active.is_(True), User.roles.any(Role.name == ADMIN))
    admins = set(session.scalars(active))
    if admins and admins <= leaving:
        raise LastAdmin(_l("This is the last Admin. Make another user an Admin first."))
