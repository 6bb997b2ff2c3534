"""Staff sessions: a random token in the signed cookie, its hash and its end in the database."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import current_app, request
from flask import session as cookie
from flask_appbuilder.security.sqla.models import User
from flask_login import current_user, login_user, logout_user
from sqlalchemy import Integer, Select, String, delete, event, inspect, or_, select, update
from sqlalchemy.orm import Session

from app.access.models import StaffPreference, StaffSession
from app.access.realms import is_staff_path
from app.access.rights import remember_rights, rights_told
from app.access.rules import users_with_new_rights
from app.kernel import clock
from app.kernel.db import Instant, as_loaded, db, named, unit_of_work
from app.kernel.statements import statements

_TOKEN = "token"  # noqa: S105  # the name of a key
_CURRENT = "festoon.session"
_TOUCH_EVERY = timedelta(minutes=1)
_KEEP_ENDED = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class CurrentSession:
    """The session of this request, with what the user prefers."""

    id: Any
    user_id: int
    is_due: bool
    locale: str | None
    theme: str | None
    density: str | None = None
    start_page: str | None = None
    shortcuts: bool | None = None
    time_zone: str | None = None


def start_session(user: User) -> None:
    """Sign a user in under a new token; whatever the cookie held before is forgotten.

    Belongs into a unit of work: the row is added to the database session.
    """
    end_session()
    cookie.clear()
    token = secrets.token_urlsafe(32)
    db.session.add(
        StaffSession(
            token_hash=_digest(token),
            user_id=user.id,
            password_mark=_mark(user.password),
            seen_at=clock.now(),
            ip=(request.remote_addr or "")[:45],
            user_agent=_printable(request.user_agent.string)[:300],
        )
    )
    cookie[_TOKEN] = token
    login_user(user)


def end_session() -> None:
    """End the session the cookie names, if it names one, and empty the cookie."""
    token = cookie.get(_TOKEN)
    if isinstance(token, str):
        _end(StaffSession.token_hash == _digest(token))
    request.environ.pop(_CURRENT, None)
    logout_user()
    cookie.clear()


def end_all_sessions(user_id: int, except_token: str | None = None) -> None:
    """End every session of a user, at once; the one with the excepted token goes on."""
    conditions = [StaffSession.user_id == user_id]
    if except_token:
        conditions.append(StaffSession.token_hash != _digest(except_token))
    _end(*conditions)


def token_of_request() -> str | None:
    """Give the token the cookie holds."""
    token = cookie.get(_TOKEN)
    return token if isinstance(token, str) else None


def user_of_session(user_id: str) -> User | None:
    """Find the user of the request's session: alive, of this user, under an unchanged password.

    One statement reads session, user, preference and rights.
    """
    token = token_of_request()
    if token is None or not user_id.isdecimal() or not is_staff_path(request.path):
        return None
    now, config = clock.now(), current_app.config
    asked = {
        "token_hash": _digest(token),
        "user_id": int(user_id),
        "used_after": now - config["STAFF_SESSION_IDLE"],
        "begun_after": now - config["STAFF_SESSION_LIFETIME"],
    }
    session = db.session()
    rows = statements.get((StaffSession.__tablename__,), _living).run(session.connection(), asked)
    if not rows or not hmac.compare_digest(rows[0].password_mark, _mark(rows[0].password)):
        return None
    row = rows[0]
    request.environ[_CURRENT] = CurrentSession(
        row.session_id,
        int(user_id),
        row.seen_at < now - _TOUCH_EVERY,
        *(row.locale, row.theme, row.density, row.start_page, row.shortcuts, row.time_zone),
    )
    remember_rights(int(user_id), row.rights)
    return as_loaded(session, User, row)


def _living() -> Select[Any]:
    """Select a living session: columns of its user, its own, and what else a request wants to know at once."""
    return (
        select(*User.__table__.c, StaffSession.id.label("session_id"),
               StaffSession.password_mark, StaffSession.seen_at,
               StaffPreference.locale, StaffPreference.theme, StaffPreference.density,
               StaffPreference.start_page, StaffPreference.shortcuts, StaffPreference.time_zone,
               rights_told(User.id).label("rights"))
        .join_from(User, StaffSession, StaffSession.user_id == User.id)
        .outerjoin(StaffPreference, StaffPreference.user_id == User.id)
        .where(
            StaffSession.token_hash == named("token_hash", String()),
            StaffSession.ended_at.is_(None),
            StaffSession.seen_at > named("used_after", Instant()),
            StaffSession.created_at > named("begun_after", Instant()),
            User.id == named("user_id", Integer()),
            User.active.is_(True),
        )
    )  # fmt: skip


def reader() -> User | None:
    """Give the signed-in user itself, not flask-login's stand-in for it."""
    return current_user._get_current_object() if current_user.is_authenticated else None  # noqa: SLF001


def current_session() -> CurrentSession | None:
    """Give the session of this request; None before it is loaded, and for a stranger."""
    found: CurrentSession | None = request.environ.get(_CURRENT)
    return found


def open_sessions(user_id: int) -> list[StaffSession]:
    """List the sessions in which a user is signed in, the latest used first."""
    now = clock.now()
    found = select(StaffSession).where(
        StaffSession.user_id == user_id,
        StaffSession.ended_at.is_(None),
        StaffSession.seen_at > now - current_app.config["STAFF_SESSION_IDLE"],
        StaffSession.created_at > now - current_app.config["STAFF_SESSION_LIFETIME"],
    )
    return list(db.session.scalars(found.order_by(StaffSession.seen_at.desc())))


def end_other_sessions(user_id: int, but: Any, only: Any = None) -> None:
    """End a user's sessions but one: all others, or only the one of a key."""
    conditions = [StaffSession.user_id == user_id, StaffSession.id != but]
    _end(*conditions, *(() if only is None else (StaffSession.id == only,)))


def touch_session() -> None:
    """Note, at most once a minute, that the session is in use."""
    current = current_session()
    if current is not None and current.is_due:
        with unit_of_work() as session:
            seen = update(StaffSession).where(StaffSession.id == current.id)
            session.execute(seen.values(seen_at=clock.now()))


def forget_ended_sessions() -> int:
    """Delete sessions that ended, or were left, a month ago; tell how many."""
    long_ago = clock.now() - _KEEP_ENDED
    old = delete(StaffSession).where(or_(StaffSession.ended_at < long_ago, StaffSession.seen_at < long_ago))
    return len(db.session.execute(old.returning(StaffSession.id)).all())


@event.listens_for(Session, "before_flush")
def _end_sessions_of_changed_users(session: Session, *_unused: Any) -> None:
    """A new password, a deactivation, another role: whoever writes it, the user's sessions end with it."""
    with session.no_autoflush:
        users = users_with_new_rights(session)
    for user in session.dirty:
        if isinstance(user, User) and inspect(user).attrs.password.history.has_changes():
            users.add(user)
    if users:
        open_ones = StaffSession.user_id.in_([user.id for user in users]), StaffSession.ended_at.is_(None)
        session.connection().execute(update(StaffSession).where(*open_ones).values(ended_at=clock.now()))


def _end(*conditions: Any) -> None:
    db.session.execute(
        update(StaffSession).where(*conditions, StaffSession.ended_at.is_(None)).values(ended_at=clock.now())
    )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _mark(password_hash: str | None) -> str:
    return hashlib.sha256((password_hash or "").encode()).hexdigest()


def _printable(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable())
