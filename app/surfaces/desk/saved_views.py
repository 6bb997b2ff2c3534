"""Saved views: a list's address under a name, for oneself, for a role or for everybody."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from flask_appbuilder.security.sqla.models import Role
from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.kernel import clock
from app.kernel.db import Instant, Record
from app.kernel.errors import Conflict, Invalid, NotFound
from app.resources.kinds import Unreadable, read_shown

AUDIENCES = ("me", "role", "all")
MOST = 50
LONGEST_NAME = 60
UNDONE_WITHIN = timedelta(days=1)
"""How long a deleted view can be brought back."""


class TooManyViews(Conflict):
    """One person keeps at most fifty views of a list."""

    code = "too_many_views"


class SavedView(Record):
    """`query` is the address's part behind the question mark, as `write_query` writes it.

    One without a user came with the program's demo; an Admin changes it.
    """

    __tablename__ = "saved_view"
    __table_args__ = (
        CheckConstraint("audience IN ('me','role','all')", name="audience"),
        CheckConstraint("(audience = 'role') = (role_id IS NOT NULL)", name="role"),
        Index("ix_saved_view_resource", "resource", "created_at"),
    )

    resource: Mapped[str] = mapped_column(String(64))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    query: Mapped[str] = mapped_column(Text)
    audience: Mapped[str] = mapped_column(String(4), default="me", server_default="me")
    role_id: Mapped[int | None] = mapped_column(ForeignKey("ab_role.id", ondelete="CASCADE"))
    deleted_at: Mapped[datetime | None] = mapped_column(Instant())


def keep_view(session: Session, resource: str, user_id: int, name: str, query: str, shared: str) -> SavedView:
    """Save a new view. `shared` is "me", "all" or the name of a role.

    Raises Invalid for a name or an audience that is none, TooManyViews.
    """
    count = select(func.count()).select_from(SavedView)
    count = count.where(SavedView.user_id == user_id, SavedView.resource == resource)
    if session.scalar(count.where(SavedView.deleted_at.is_(None))) >= MOST:  # type: ignore[operator]
        raise TooManyViews(_l("You have many views of this list; delete one first."))
    view = SavedView(resource=resource, user_id=user_id, query=query, name=_name(name))
    share(session, view, shared)
    session.add(view)
    session.flush()
    return view


def share(session: Session, view: SavedView, shared: str) -> None:
    """Say who sees a view: "me", "all" or the name of a role. Raises Invalid where there is no such role."""
    if shared in ("me", "all"):
        view.audience, view.role_id = shared, None
        return
    role_id = session.scalar(select(Role.id).where(Role.name == shared))
    if role_id is None:
        raise Invalid({"shared": [_l("There is no such role.")]})
    view.audience, view.role_id = "role", role_id


def rename(view: SavedView, name: str) -> None:
    """Give a view another name."""
    view.name = _name(name)


def own_view(session: Session, resource: str, user_id: int, key: UUID | None, is_admin: bool) -> SavedView:
    """Find a view that the user may change: their own, for an Admin also one that is shared.

    Raises NotFound, for a view of somebody else as for none.
    """
    view = session.get(SavedView, key) if key is not None else None
    is_theirs = view is not None and (view.user_id == user_id or (is_admin and view.audience != "me"))
    if view is None or view.resource != resource or not is_theirs:
        raise NotFound(_l("There is no such view."))
    return view


def remove_view(session: Session, view: SavedView) -> None:
    """Take a view away; it can be brought back for a day, those of before that are forgotten."""
    view.deleted_at = clock.now()
    session.execute(delete(SavedView).where(SavedView.deleted_at < clock.now() - UNDONE_WITHIN))


def bring_back(view: SavedView) -> None:
    """Undo the deletion of a view."""
    view.deleted_at = None


def _name(name: str) -> str:
    try:
        words = " ".join(read_shown(name).split())
    except Unreadable as error:
        raise Invalid({"name": [error.sentence]}) from error
    if not words or len(words) > LONGEST_NAME:
        raise Invalid(
            {"name": [_l("Give the view a name of at most %(limit)s characters.", limit=LONGEST_NAME)]}
        )
    return words
