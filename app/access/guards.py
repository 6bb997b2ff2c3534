"""Who may go on: what a view of either side calls first. Each gives who it is, or raises a refusal.

The public side: `current_member`, `active_member`, `verified_member`, `owning_member`. The staff side: `admin`;
everything else there is a permission, asked with `app.access.rights.may`.
"""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from flask_appbuilder.security.sqla.models import User
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import Unauthorized

from app.access.realms import Holder, holder
from app.access.roles import ADMIN
from app.access.sessions import reader
from app.kernel.errors import Forbidden, NotFound


class NotVerified(Forbidden):
    """The member has not confirmed their address."""

    code: ClassVar[str] = "not_verified"


def current_member() -> Holder:
    """Give the member whose access token the request bears; 401 without one that counts.

    Operations of `app.surfaces.contract` say `auth=Auth.MEMBER`, which calls this.
    """
    found: Holder = holder()
    return found


def active_member() -> Holder:
    """Give the member, who is not suspended: a token of one who is speaks for nobody, so that it is 401."""
    return current_member()


def verified_member() -> Holder:
    """Give the member, whose address is confirmed; 403 `not_verified` otherwise."""
    member = current_member()
    if not member.is_verified:
        raise NotVerified(_l("Confirm your e-mail address first."))
    return member


def owning_member(owner_id: UUID | None) -> Holder:
    """Give the member, who owns the thing; 404 for what is another's, as for what is not there."""
    member = current_member()
    if owner_id is None or member.id != owner_id:
        raise NotFound
    return member


def admin() -> User:
    """Give the signed-in user, who is an Admin; 401 for nobody, 403 for another role."""
    user = reader()
    if user is None:
        raise Unauthorized(_l("Sign in, then try again."))
    if not user.is_active or ADMIN not in {role.name for role in user.roles}:
        raise Forbidden
    return user
