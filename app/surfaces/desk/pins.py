"""The records that a staff user keeps at hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_appbuilder import Model
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, ForeignKey, String, delete, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.kernel import clock
from app.kernel.db import Instant
from app.kernel.errors import Conflict

MOST = 50


class TooManyPins(Conflict):
    """A user pins no more than fifty records."""

    code = "too_many_pins"


class PinnedRecord(Model):
    """A record that a user pinned."""

    __tablename__ = "pinned_record"

    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), primary_key=True)
    resource: Mapped[str] = mapped_column(String(64), primary_key=True)
    record_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant(), default=clock.now, server_default=text("now()"))


def pin(session: Session, user_id: int, resource: str, record_id: object) -> None:
    """Pin a record; twice is once. Raises TooManyPins."""
    count = select(func.count()).where(PinnedRecord.user_id == user_id)
    if not is_pinned(session, user_id, resource, record_id) and (session.scalar(count) or 0) >= MOST:
        raise TooManyPins(
            _l("You have pinned %(number)s records, which is the most. Take one away first.", number=MOST)
        )
    new = insert(PinnedRecord).values(
        user_id=user_id, resource=resource, record_id=str(record_id), at=clock.now()
    )
    session.execute(new.on_conflict_do_nothing())


def unpin(session: Session, user_id: int, resource: str, record_id: object) -> None:
    """Take a pin away."""
    session.execute(delete(PinnedRecord).where(*_is(user_id, resource, record_id)))


def is_pinned(session: Session, user_id: int, resource: str, record_id: object) -> bool:
    """Tell whether a user pinned a record."""
    found = select(PinnedRecord.at).where(*_is(user_id, resource, record_id))
    return session.scalar(found) is not None


def pinned(session: Session, user_id: int) -> Sequence[PinnedRecord]:
    """List what a user pinned, the latest first; some may be gone or hidden by now: see `known`."""
    mine = select(PinnedRecord).where(PinnedRecord.user_id == user_id)
    return session.scalars(mine.order_by(PinnedRecord.at.desc())).all()


def _is(user_id: int, resource: str, record_id: object) -> tuple[ColumnElement[bool], ...]:
    return (
        PinnedRecord.user_id == user_id,
        PinnedRecord.resource == resource,
        PinnedRecord.record_id == str(record_id),
    )
