"""The security manager in front of Flask-AppBuilder's: exact permissions, our sign-in, no tokens."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app
from flask_appbuilder.security.sqla.manager import SecurityManager
from flask_appbuilder.security.sqla.models import User
from flask_jwt_extended import JWTManager
from flask_limiter import Limiter
from flask_login import LoginManager, current_user

from app.access import accounts, passwords, sessions
from app.access.csrf import checks_itself
from app.access.limits import make_limiter
from app.access.realms import bind_realms
from app.access.rights import NONE, Pair, Rights, rights_of
from app.access.signin import SignInView, authenticate
from app.kernel.db import unit_of_work


class FestoonSecurityManager(SecurityManager):  # type: ignore[misc]  # FAB is untyped
    """Answers every question about rights from exact pairs in the database, read once a request.

    FAB_ROLES is not read: FAB matches its patterns as prefixes. Nobody has a right without signing in.
    """

    @staticmethod
    def create_builtin_roles() -> dict[str, Any]:
        """Give none: roles are rows that `flask sync` writes."""
        return {}

    def create_db(self) -> None:
        """Write nothing: migrations make the tables, `flask sync` the roles."""

    def create_login_manager(self, app: Flask) -> LoginManager:
        """Read the user through the server-side session; the cookie alone is nobody."""
        manager = LoginManager(app)
        manager.session_protection = None  # it would write into the cookie on every change of address
        manager.login_view = "SignInView.login"
        manager.user_loader(self.load_user)
        return manager

    def create_jwt_manager(self, app: Flask) -> JWTManager:
        """Prepare tokens for realms beside the staff side, on which none is accepted."""
        app.config["JWT_TOKEN_LOCATION"] = ["headers"]
        app.config["JWT_COOKIE_CSRF_PROTECT"] = False  # no token is a cookie; it would add chance to each
        app.config["JWT_ALGORITHM"] = "HS256"
        app.config["JWT_DECODE_ALGORITHMS"] = ["HS256"]
        tokens = JWTManager(app)
        bind_realms(tokens)
        return tokens

    def create_limiter(self, app: Flask) -> Limiter:
        """Count in Valkey, or in memory while it is away."""
        return make_limiter(app)

    def add_limit_view(self, baseview: Any) -> None:
        """Refuse a view with limits in FAB's way: nothing would look at them (see `make_limiter`)."""
        if baseview.limits:
            raise NotImplementedError(
                f"{type(baseview).__name__}: count with app.access.limits, not with @limit"
            )

    def register_views(self) -> None:
        """Register our sign-in and none of FAB's own views and APIs."""
        passwords.warm()
        self.auth_view = SignInView()
        self.appbuilder.add_view_no_menu(self.auth_view)
        checks_itself("SignInView.login")

    def load_user(self, pk: Any) -> User | None:
        """Find the user of the request's living session."""
        return sessions.user_of_session(str(pk))

    def load_user_jwt(self, _jwt_header: Any, _jwt_data: Any) -> None:
        """Give nobody: no token makes a staff user."""
        return

    @property
    def current_user(self) -> User | None:
        """Give the signed-in user."""
        return sessions.reader()

    def has_access(self, permission_name: str, view_name: str) -> bool:
        """Tell whether the signed-in user has exactly this permission on exactly this view."""
        return rights_of(current_user).allow(permission_name, view_name)

    def _has_view_access(self, user: Any, permission_name: str, view_name: str) -> bool:
        return rights_of(user).allow(permission_name, view_name)

    def _has_access_builtin_roles(self, *_unused: Any) -> bool:
        return False

    def is_item_public(self, permission_name: str, view_name: str) -> bool:  # noqa: ARG002  # FAB's signature
        """Tell that nothing is: the public has surfaces of its own."""
        return False

    def get_public_role(self) -> None:
        """Give none."""
        return

    def get_user_roles(self, user: Any) -> list[Any]:
        """List a user's roles; a stranger has none."""
        return super().get_user_roles(user) if user.is_authenticated else []

    def get_user_permissions(self, user: Any) -> set[Pair]:
        """List a user's pairs."""
        return set(rights_of(user).pairs)

    def get_user_menu_access(self, menu_names: list[str] | None = None) -> set[str]:
        """Name the menu entries the signed-in user may see."""
        return self._get_user_permission_view_menus(current_user, "menu_access", menu_names or [])

    def _get_user_permission_view_menus(
        self, user: Any, permission_name: str, view_menus_name: list[str]
    ) -> set[str]:
        rights: Rights = rights_of(user) if user is not None else NONE
        return {name for name in view_menus_name if rights.allow(permission_name, name)}

    def get_role_permissions(self, role: Any) -> set[Pair]:
        """List a role's pairs."""
        return {(item.permission.name, item.view_menu.name) for item in self.get_db_role_permissions(role.id)}

    def auth_user_db(self, username: str, password: str) -> User | None:
        """Check a name and a password; start no session."""
        return authenticate(username or "", password or "")

    def reset_password(self, userid: int, password: str) -> None:
        """Give a user another password, by the rules, and end the user's sessions."""
        with unit_of_work() as session:
            accounts.set_password(session.get_one(User, userid), password)

    def add_user(self, username: str, first_name: str, last_name: str, email: str, role: Any = None,
                 password: str = "", **_unused: Any) -> User:  # fmt: skip
        """Add a user by the rules; `flask fab create-user` and `create-admin` come here."""
        roles = role if isinstance(role, list) else [role] if role else []
        with unit_of_work():
            return accounts.create_user(username, email, password, [item.name for item in roles],
                                        first_name=first_name, last_name=last_name)  # fmt: skip


def security_manager() -> FestoonSecurityManager:
    """Give the program's security manager."""
    manager: FestoonSecurityManager = current_app.extensions["appbuilder"].sm
    return manager
