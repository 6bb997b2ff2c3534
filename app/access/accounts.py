"""Verbs on staff accounts. They never commit; who changes a password, a role or the activity of a user
ends that user's sessions with it (see `sessions`), and never takes the last Admin away (see `rules`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Flask, current_app
from flask_appbuilder.security.sqla.models import Role, User
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, or_, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import selectinload

from app.access import passwords
from app.access.roles import ADMIN
from app.access.rules import require_admin
from app.kernel.db import db
from app.kernel.errors import Invalid, NotFound
from app.kernel.settings import SettingsError

_LONGEST_NAME = 64


def find_user(name: str) -> User | None:
    """Find a user by name or e-mail address, whatever the case; one statement. A name goes first."""
    wanted = name.strip().lower()
    if not wanted or "\0" in wanted or len(wanted) > 320:
        wanted = "\x01"  # nobody's, so that the same statement runs
    return db.session.scalar(
        select(User)
        .where(or_(func.lower(User.username) == wanted, func.lower(User.email) == wanted))
        .order_by((func.lower(User.username) == wanted).desc())
        .limit(1)
    )


def create_user(
    username: str,
    email: str,
    password: str,
    roles: Iterable[str] = (),
    *,
    first_name: str = "",
    last_name: str = "",
    by: User | None = None,
) -> User:
    """Add a user. `by` is who asks for it; None is the program itself. Raises Invalid and Forbidden."""
    require_admin(by)
    _check_names(username, email)
    for field, text in (("first_name", first_name), ("last_name", last_name)):
        _check_name(field, text)
    _check_password(password, username)
    return _add(username, email, password, roles, first_name, last_name)


def rename(
    user: User, username: str, email: str, first_name: str, last_name: str, *, by: User | None = None
) -> None:
    """Give a user other names, by the rules of a new one's. Raises Invalid and Forbidden."""
    require_admin(by)
    _check_names(username, email, user)
    for field, text in (("first_name", first_name), ("last_name", last_name)):
        _check_name(field, text)
    user.username, user.email = username.strip(), email.strip()
    user.first_name, user.last_name = first_name.strip(), last_name.strip()
    db.session.flush()


def set_password(user: User, password: str, *, by: User | None = None) -> None:
    """Give a user another password: their own, or an Admin gives it. All of the user's sessions end."""
    if by is not None and by.id != user.id:
        require_admin(by)
    _check_password(password, user.username)
    user.password = passwords.hash_password(password)
    db.session.flush()


def set_active(user: User, active: bool, *, by: User | None = None) -> None:
    """Let a user in or keep them out. Users are never deleted: their name stays in the history."""
    require_admin(by)
    user.active = active
    db.session.flush()


def set_roles(user: User, roles: Iterable[str], *, by: User | None = None) -> None:
    """Give a user exactly these roles. All of the user's sessions end."""
    require_admin(by)
    user.roles = _roles(roles)
    db.session.flush()


def create_admin(
    password: str | None, username: str = "admin", email: str = "admin@example.com"
) -> str | None:
    """Make the first Admin and tell the password; None when there is an Admin already.

    Without a password one is made up. Outside production any password that was asked for is taken: the
    set-up is a toy's.
    """
    if has_admin():
        return None
    plain = passwords.generate() if password is None else password
    if current_app.config["IS_PRODUCTION"] or not plain:
        _check_password(plain, username)
    _check_names(username, email)
    _add(username, email, plain, [ADMIN], "Festoon", "Admin")
    return plain


def has_admin() -> bool:
    """Tell whether some active user is an Admin."""
    return bool(_active_admins())


def demo_admins() -> list[str]:
    """Name the active Admins whose password is an example's; a production start refuses them."""
    return [
        user.username
        for user in _active_admins()
        if any(passwords.verify(user.password, plain) for plain in (*passwords.DEMO, user.username))
    ]


def refuse_examples(app: Flask) -> None:
    """Stop a production start while an Admin's password is an example's. Raises SettingsError."""
    if not app.config["IS_PRODUCTION"]:
        return
    with app.app_context():
        try:
            weak = demo_admins()
        except SQLAlchemyError:  # the health pages tell what ails the database
            return
    if weak:
        advice = f"Give {', '.join(weak)} another: flask admin password {weak[0]}"
        raise SettingsError([f"An administrator has a password that is an example's. {advice}"])


def _add(
    username: str, email: str, password: str, roles: Iterable[str], first_name: str, last_name: str
) -> User:
    user = User(
        username=username.strip(),
        email=email.strip(),
        password=passwords.hash_password(password),
        first_name=first_name.strip() or username.strip(),
        last_name=last_name.strip(),
        active=True,
        roles=_roles(roles),
    )
    db.session.add(user)
    db.session.flush()
    return user


def _check_name(field: str, text: str) -> None:
    if len(text) > _LONGEST_NAME or not text.isprintable():
        raise Invalid({field: [_l("Use at most %(limit)s characters.", limit=_LONGEST_NAME)]})


def _is_taken(name: str, but: User | None) -> bool:
    found = find_user(name)
    return found is not None and found is not but


def _check_names(username: str, email: str, but: User | None = None) -> None:
    errors: dict[str, list[Any]] = {}
    if not username.strip() or not username.strip().isprintable() or len(username) > _LONGEST_NAME:
        errors["username"] = [_l("Give a user name of at most 64 characters.")]
    elif _is_taken(username, but):
        errors["username"] = [_l("This user name is taken.")]
    if "@" not in email or not email.isprintable() or len(email) > 320:
        errors["email"] = [_l("Give an e-mail address such as name@example.com.")]
    elif _is_taken(email, but):
        errors["email"] = [_l("This e-mail address is taken.")]
    if errors:
        raise Invalid(errors)


def _check_password(password: str, username: str) -> None:
    if found := passwords.faults(password, username):
        raise Invalid({"password": found})


def _roles(names: Iterable[str]) -> list[Role]:
    wanted = set(names)
    found = list(db.session.scalars(select(Role).where(Role.name.in_(wanted))))
    if missing := wanted - {role.name for role in found}:
        raise NotFound(_l("There is no role named %(name)s.", name=", ".join(sorted(missing))))
    return found


def _active_admins() -> list[User]:
    return list(
        db.session.scalars(
            select(User)
            .where(User.active.is_(True), User.roles.any(Role.name == ADMIN))
            .options(selectinload(User.roles))
        )
    )
