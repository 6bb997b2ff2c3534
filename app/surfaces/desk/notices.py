"""Notices: what happened that concerns one staff user, kept until it is read and told live."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from flask_appbuilder import Model
from sqlalchemy import (
    ForeignKey,
    Index,
    String,
    Text,
    Update,
    case,
    delete,
    exists,
    func,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from app.kernel import clock
from app.kernel.db import Instant
from app.kernel.ids import new_id
from app.kernel.live import tell

NAMESPACE = "/staff"
KEPT_READ = timedelta(days=30)
KEPT_UNREAD = timedelta(days=180)
LONGEST_TITLE = 300


class Notice(Model):
    """One line for one user. News of the same kind about the same record join it until it is read.

    `subject` is what they are joined by: the record's key, or nothing for all records of a type together.
    """

    __tablename__ = "notice"
    __table_args__ = (
        Index(
            "uq_notice_unread",
            "user_id",
            "kind",
            "resource",
            "subject",
            unique=True,
            postgresql_where=text("read_at IS NULL"),
        ),
        Index("ix_notice_user_id_at", "user_id", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(40))
    resource: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(64))
    record_id: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(Text)
    url: Mapped[str] = mapped_column(Text)
    times: Mapped[int] = mapped_column(default=1, server_default="1")
    at: Mapped[datetime] = mapped_column(Instant(), default=clock.now, server_default=text("now()"))
    read_at: Mapped[datetime | None] = mapped_column(Instant())


def room(user_id: int) -> str:
    """Name the room in which a user's own pages listen."""
    return f"user:{user_id}"


def tell_user(
    session: Session,
    user_id: int,
    kind: str,
    *,
    resource: str,
    record_id: object,
    title: str,
    actor: str,
    url: str = "",
) -> None:
    """Tell one user of something about one record; see `tell_users`."""
    tell_users(
        session, [user_id], kind, resource=resource, record_id=record_id, title=title, actor=actor, url=url
    )


def tell_users(
    session: Session,
    user_ids: Iterable[int],
    kind: str,
    *,
    resource: str,
    record_id: object,
    title: str,
    actor: str,
    url: str = "",
    together: bool = False,
) -> None:
    """Tell users of something about a record, in one statement; live after the commit.

    What is told again before it was read counts the first line up and shows the latest title. `together`
    joins the news about all records of the type into one line; the same record twice counts once. `url` is a
    path; without one the reader is led to the record.
    """
    chosen = sorted(set(user_ids))
    if not chosen:
        return
    facts = {
        "kind": kind,
        "resource": resource,
        "subject": "" if together else str(record_id or ""),
        "record_id": str(record_id or ""),
        "title": title[:LONGEST_TITLE],
        "actor": actor[:LONGEST_TITLE],
        "url": url,
        "at": clock.now(),
    }
    new = insert(Notice).values([{**facts, "id": new_id(), "user_id": user_id} for user_id in chosen])
    newest = {name: new.excluded[name] for name in ("record_id", "title", "actor", "url", "at")}
    is_told = Notice.record_id == new.excluded.record_id
    session.execute(
        new.on_conflict_do_update(
            index_elements=["user_id", "kind", "resource", "subject"],
            index_where=text("read_at IS NULL"),
            set_=newest | {"times": Notice.times + (case((is_told, 0), else_=1) if together else 1)},
        )
    )
    for user_id in chosen:
        tell(NAMESPACE, room(user_id), "notice", {"user": user_id, "kind": kind})


def unread(session: Session, user_id: int) -> int:
    """Count what a user has not read."""
    waiting = select(func.count()).where(Notice.user_id == user_id, Notice.read_at.is_(None))
    return session.scalar(waiting) or 0


def latest(
    session: Session,
    user_id: int,
    *,
    kind: str = "",
    only_unread: bool = False,
    after: UUID | None = None,
    size: int = 30,
) -> Sequence[Notice]:
    """List a user's notices, the latest first, from behind the one named `after`; one more than `size`."""
    found = select(Notice).where(Notice.user_id == user_id)
    if kind:
        found = found.where(Notice.kind == kind)
    if only_unread:
        found = found.where(Notice.read_at.is_(None))
    if after is not None:
        last = select(Notice.at, Notice.id).where(Notice.id == after).scalar_subquery()
        found = found.where(tuple_(Notice.at, Notice.id) < last)
    return session.scalars(found.order_by(Notice.at.desc(), Notice.id.desc()).limit(size + 1)).all()


def mark_read(session: Session, user_id: int, ids: Iterable[UUID] | None = None) -> int:
    """Mark notices of a user as read, all of them without `ids`; gives how many."""
    changed = update(Notice).where(Notice.user_id == user_id, Notice.read_at.is_(None))
    if ids is not None:
        changed = changed.where(Notice.id.in_(list(ids)))
    return _marked(session, user_id, changed.values(read_at=clock.now()))


def mark_unread(session: Session, user_id: int, key: UUID) -> int:
    """Mark a notice of a user as unread again, unless later news of the same kind wait already."""
    twin = aliased(Notice)
    same = [
        getattr(twin, name) == getattr(Notice, name) for name in ("user_id", "kind", "resource", "subject")
    ]
    waits = exists().where(*same, twin.read_at.is_(None))
    changed = update(Notice).where(Notice.id == key, Notice.user_id == user_id, ~waits)
    return _marked(session, user_id, changed.values(read_at=None))


def _marked(session: Session, user_id: int, change: Update) -> int:
    done = session.execute(change, execution_options={"synchronize_session": False})
    tell(NAMESPACE, room(user_id), "notice", {"user": user_id, "kind": ""})
    return int(getattr(done, "rowcount", 0))


def forget_old(session: Session) -> int:
    """Remove notices that were read a month ago, or that nobody read for half a year; gives how many."""
    now = clock.now()
    old = (Notice.read_at < now - KEPT_READ) | (Notice.at < now - KEPT_UNREAD)
    return int(getattr(session.execute(delete(Notice).where(old)), "rowcount", 0))
