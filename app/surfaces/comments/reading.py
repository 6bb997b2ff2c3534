"""The comments of a record, worded for the reader: threads, the open ones first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.resources import Resource
from app.surfaces.comments.models import RecordComment
from app.surfaces.comments.talking import is_asked, may_settle, named_in, who_see
from app.surfaces.records import wording

MOST = 500
_PARTS = re.compile(r"((?<![\w@])@[\w.+-]+(?:@[\w.-]+)?)")


@dataclass(slots=True)
class CommentLine:
    """One comment; `parts` are (text, is a mention), `raw` is what its author edits."""

    key: str
    author: str
    initials: str
    when: str
    exact: str
    parts: tuple[tuple[str, bool], ...]
    raw: str
    is_own: bool
    is_edited: bool
    is_gone: bool


@dataclass(slots=True)
class Thread:
    """A comment with its answers; `about` is the label of the field that it is on."""

    first: CommentLine
    may_settle: bool = False
    about: str = ""
    anchor: str = ""
    answers: list[CommentLine] = field(default_factory=list)
    resolved: str = ""
    resolved_exact: str = ""


def count_open(session: Session, resource: Resource, record: Any) -> int:
    """Count the threads that are not settled."""
    return (
        session.scalar(
            select(func.count()).where(
                RecordComment.content_type == resource.name,
                RecordComment.object_id == str(record.id),
                RecordComment.thread_id.is_(None),
                RecordComment.resolved_at.is_(None),
            )
        )
        or 0
    )


def threads(session: Session, resource: Resource, record: Any, user: Any) -> list[Thread]:
    """Read a record's threads: the open ones, the newest last, then the settled.

    Two statements, and one for each person named where the record is shown to some only.
    """
    rows = session.scalars(
        select(RecordComment)
        .where(RecordComment.content_type == resource.name, RecordComment.object_id == str(record.id))
        .order_by(RecordComment.id)
        .limit(MOST)
    ).all()
    names = _full_names(session, resource, record, rows)
    settles = bool(rows) and may_settle(session, resource, record, user)
    found: dict[Any, Thread] = {}
    for row in rows:
        line = _line(row, user, names)
        if row.thread_id is None:
            found[row.id] = _thread(resource, row, line, settles or is_asked(row, user))
        elif row.thread_id in found:
            found[row.thread_id].answers.append(line)
    return sorted(found.values(), key=lambda thread: bool(thread.resolved))


def _thread(resource: Resource, row: RecordComment, line: CommentLine, settles: bool) -> Thread:
    about = resource.field(row.field) if row.field else None
    label, anchor = (str(about.label), f"i-{about.name}") if about else ("", "")
    thread = Thread(line, settles, label, anchor)
    if row.resolved_at is not None:
        thread.resolved = row.resolved_by or "?"
        thread.resolved_exact = wording.exact(row.resolved_at, wording.reader())
    return thread


def _line(row: RecordComment, user: Any, names: dict[str, str]) -> CommentLine:
    locale = wording.reader()
    words = row.author_name.split()
    return CommentLine(
        key=str(row.id),
        author=row.author_name,
        initials="".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper(),
        when=wording.ago(row.created_at, locale),
        exact=wording.exact(row.created_at, locale),
        parts=tuple(_parts(row.body, names)),
        raw=row.body,
        is_own=row.author_id == user.id,
        is_edited=row.edited_at is not None,
        is_gone=not row.body,
    )


def _parts(body: str, names: dict[str, str]) -> Iterator[tuple[str, bool]]:
    """Cut a text into what is said and who is named; a name of nobody who may see the record is text."""
    for part in _PARTS.split(body):
        known = part.startswith("@") and part[1:].rstrip(".-+").lower()
        if known and known in names:
            yield f"@{names[known]}", True
            if rest := part[1 + len(known) :]:
                yield rest, False
        elif part:
            yield part, False


def _full_names(
    session: Session, resource: Resource, record: Any, rows: Sequence[RecordComment]
) -> dict[str, str]:
    wanted = {name for row in rows for name in named_in(row.body)}
    if not wanted:
        return {}
    found = who_see(session, resource, record, func.lower(User.username).in_(wanted))
    return {user.username.lower(): user.get_full_name().strip() or user.username for user in found}
