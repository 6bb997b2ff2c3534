"""What somebody typed into a form and has not saved: kept as it is typed, offered on coming back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask_appbuilder import Model
from sqlalchemy import ForeignKey, Index, String, delete, select, text
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, Session, mapped_column
from werkzeug.datastructures import MultiDict

from app.kernel import clock
from app.kernel.db import Instant, db
from app.resources.kinds import storable

KEPT = timedelta(days=30)
MOST_NAMES = 8_000
MOST_OF_ONE = 50
"""So many forms of one person are kept; the oldest makes room."""

_NOT_TYPED = frozenset({"csrf_token", "kept", "then", "seen", "clash", "drawer"})
_NEVER_KEPT = ("password", "secret", "token")
Pairs = list[list[str]]


class KeptForm(Model):
    """One form of one person: `fields` are its inputs as they were sent, `object_id` is "" for a new record."""

    __tablename__ = "kept_form"
    __table_args__ = (
        Index("ix_kept_form_of_record", "user_id", "content_type", "object_id"),
        Index("ix_kept_form_at", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"))
    content_type: Mapped[str] = mapped_column(String(63))
    object_id: Mapped[str] = mapped_column(String(36), default="", server_default="")
    fields: Mapped[list[list[str]]] = mapped_column(JSONB)
    base_revision: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(Instant(), default=clock.now, server_default=text("now()"))

    @property
    def typed(self) -> MultiDict[str, str]:
        """Give the inputs as a form gives them."""
        return MultiDict((name, value) for name, value in self.fields)


def typed_pairs(form: MultiDict[str, str]) -> Pairs:
    """List what was typed: neither what belongs to the page alone, nor anything secret, nor what no database takes."""
    pairs = [
        [storable(name), storable(value)]
        for name, value in form.items(multi=True)
        if name not in _NOT_TYPED
        and not name.startswith("choose[")
        and not any(word in name.lower() for word in _NEVER_KEPT)
    ]
    return pairs[:MOST_NAMES]


def keep(
    session: Session, user_id: int, key: UUID, content_type: str, object_id: str, form: MultiDict[str, str]
) -> datetime | None:
    """Keep a form under its key, over what it held before; gives when, or None for another person's key."""
    now = clock.now()
    revision = form.get("revision", "")
    facts: dict[str, Any] = {
        "fields": typed_pairs(form),
        "base_revision": int(revision) if revision.isdecimal() and len(revision) < 10 else None,
        "at": now,
    }
    place = {"user_id": user_id, "content_type": content_type}
    facts["object_id"] = object_id  # another one when a record is gone and its form becomes a new one's
    statement = insert(KeptForm).values(id=key, **place, **facts)
    same = [getattr(KeptForm, name) == value for name, value in place.items()]
    statement = statement.on_conflict_do_update(index_elements=["id"], set_=facts, where=same[0] & same[1])
    written = session.execute(statement.returning(KeptForm.id)).first()
    if written is None:
        return None
    _make_room(session, user_id)
    return now


def offered(session: Session, user_id: int, content_type: str, object_id: str) -> Sequence[KeptForm]:
    """Read the forms that a person left unsaved of a record, the newest first."""
    found = (
        select(KeptForm)
        .where(KeptForm.user_id == user_id, KeptForm.content_type == content_type)
        .where(KeptForm.object_id == object_id)
        .order_by(KeptForm.at.desc())
        .limit(5)
    )
    return session.scalars(found).all()


def find(session: Session, user_id: int, key: UUID | None) -> KeptForm | None:
    """Find a form of a person by its key."""
    if key is None:
        return None
    return session.scalar(select(KeptForm).where(KeptForm.id == key, KeptForm.user_id == user_id))


def all_of(session: Session, user_id: int) -> Sequence[KeptForm]:
    """Read every form that a person left unsaved, the newest first."""
    found = (
        select(KeptForm).where(KeptForm.user_id == user_id).order_by(KeptForm.at.desc()).limit(MOST_OF_ONE)
    )
    return session.scalars(found).all()


def drop(session: Session, user_id: int, key: UUID | None) -> int:
    """Forget a form of a person; gives how many went."""
    if key is None:
        return 0
    gone = delete(KeptForm).where(KeptForm.id == key, KeptForm.user_id == user_id)
    return int(getattr(session.execute(gone), "rowcount", 0))


def sweep() -> int:
    """Forget what was kept for thirty days; gives how many."""
    old = delete(KeptForm).where(KeptForm.at < clock.now() - KEPT)
    return int(getattr(db.session.execute(old), "rowcount", 0))


def _make_room(session: Session, user_id: int) -> None:
    newest = (
        select(KeptForm.id)
        .where(KeptForm.user_id == user_id)
        .order_by(KeptForm.at.desc())
        .offset(MOST_OF_ONE)
    )
    session.execute(delete(KeptForm).where(KeptForm.id.in_(newest.scalar_subquery())))
