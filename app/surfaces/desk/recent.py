"""The records that a staff user looked at last, the latest fifty."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_appbuilder import Model
from sqlalchemy import ForeignKey, Index, String, Text, delete, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.kernel import clock
from app.kernel.db import Instant

MOST = 50


class SeenRecord(Model):
    """When a user looked at a record last; `title` is what it was called then."""

    __tablename__ = "seen_record"
    __table_args__ = (Index("ix_seen_record_user_id_at", "user_id", "at"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), primary_key=True)
    resource: Mapped[str] = mapped_column(String(64), primary_key=True)
    record_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant(), default=clock.now, server_default=text("now()"))


def seen(session: Session, user_id: int, resource: str, record_id: object, title: str) -> None:
    """Note, in one statement, that a user looked at a record now; the oldest beyond fifty are forgotten."""
    facts = {"title": title[:300], "at": clock.now()}
    keys = {"user_id": user_id, "resource": resource, "record_id": str(record_id)}
    new = insert(SeenRecord).values(keys | facts)
    noted = new.on_conflict_do_update(index_elements=list(keys), set_=facts).cte("noted")
    is_other = (SeenRecord.resource != resource) | (SeenRecord.record_id != str(record_id))
    others = select(SeenRecord.at).where(SeenRecord.user_id == user_id, is_other)
    last_kept = others.order_by(SeenRecord.at.desc()).offset(MOST - 2).limit(1).scalar_subquery()
    old = delete(SeenRecord).where(SeenRecord.user_id == user_id, SeenRecord.at < last_kept, is_other)
    session.execute(old.add_cte(noted), execution_options={"synchronize_session": False})


def recent(session: Session, user_id: int, size: int = MOST) -> Sequence[SeenRecord]:
    """List what a user looked at, the latest first; some may be gone or hidden by now: see `known`."""
    mine = select(SeenRecord).where(SeenRecord.user_id == user_id).order_by(SeenRecord.at.desc())
    return session.scalars(mine.limit(size)).all()
