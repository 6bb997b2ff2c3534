"""Who among the staff is told of something, and in which language."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from app.access.models import StaffPreference
from app.access.rights import rights_of
from app.kernel.db import db


@dataclass(frozen=True, slots=True)
class StaffContact:
    """How to write to a user; `user` is None for an address that the settings name."""

    email: str
    locale: str
    name: str = ""
    user: User | None = None


def staff_who_may(verb: str, name: str) -> list[StaffContact]:
    """List the active users who may do a verb under the name of a permission, in the order of their keys."""
    default = str(current_app.config["BABEL_DEFAULT_LOCALE"])
    likes = select(User, StaffPreference.locale).outerjoin(
        StaffPreference, StaffPreference.user_id == User.id
    )
    found = db.session.execute(likes.where(User.active.is_(True)).order_by(User.id)).all()
    return [
        StaffContact(user.email, locale or default, user.get_full_name().strip(), user)
        for user, locale in found
        if rights_of(user).allow(f"can_{verb}", name)
    ]
