"""Comments are written, answered, settled and taken back; whoever is named or answered is told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from flask_appbuilder.security.sqla.models import User
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access import rows as row_rules
from app.access.rights import rights_of, users_allowed
from app.kernel import clock
from app.kernel.errors import Forbidden, Invalid, NotFound
from app.kernel.ids import parse_id
from app.resources import Resource
from app.resources.kinds import Unreadable, read_shown
from app.surfaces.comments.models import RecordComment
from app.surfaces.desk.notices import tell_user

LONGEST = 5_000
MOST_NAMED = 20
_NAMED = re.compile(r"(?<![\w@])@([\w.+-]+(?:@[\w.-]+)?)")


def add(
    session: Session,
    resource: Resource,
    record: Any,
    user: Any,
    body: str,
    *,
    thread: str = "",
    field: str = "",
) -> RecordComment:
    """Write a comment on a record, on a field of it, or into a thread. Raises Invalid, NotFound."""
    first = find(session, resource, record, thread) if thread else None
    if first is not None and first.thread_id is not None:
        first = find(session, resource, record, str(first.thread_id))
    comment = RecordComment(
        content_type=resource.name,
        object_id=str(record.id),
        field=field if first is None and resource.field(field) else "",
        thread_id=first.id if first is not None else None,
        author_id=user.id,
        author_name=_name(user),
        body=_checked(body),
    )
    session.add(comment)
    if first is not None and first.resolved_at is not None:
        first.resolved_at = first.resolved_by = None  # who answers has not done with it
    session.flush()
    told = _tell_named(session, resource, record, user, comment, set())
    if first is not None:
        _tell_thread(session, resource, record, user, first, told)
    return comment


def change(session: Session, resource: Resource, record: Any, user: Any, key: str, body: str) -> None:
    """Write one's own comment anew; who is named for the first time is told. Raises Forbidden, Invalid."""
    comment = own(session, resource, record, user, key)
    before = set(named_in(comment.body))
    comment.body, comment.edited_at = _checked(body), clock.now()
    session.flush()
    _tell_named(session, resource, record, user, comment, before)


def remove(session: Session, resource: Resource, record: Any, user: Any, key: str) -> None:
    """Take one's own comment back; one that was answered leaves its place to the answers."""
    comment = own(session, resource, record, user, key)
    answers = select(RecordComment.id).where(RecordComment.thread_id == comment.id).limit(1)
    if session.scalar(answers) is None:
        session.delete(comment)
    else:
        comment.body = ""
        comment.edited_at = clock.now()
    session.flush()


def resolve(session: Session, resource: Resource, record: Any, user: Any, key: str, is_done: bool) -> None:
    """Settle a thread, or open it again. Raises NotFound, Forbidden."""
    comment = find(session, resource, record, key)
    if comment.thread_id is not None:
        comment = find(session, resource, record, str(comment.thread_id))
    if not is_asked(comment, user) and not may_settle(session, resource, record, user):
        raise Forbidden(_l("Your role may not change this."))
    comment.resolved_at = clock.now() if is_done else None
    comment.resolved_by = _name(user) if is_done else None
    session.flush()


def is_asked(comment: RecordComment, user: Any) -> bool:
    """Tell whether a thread's first comment is a user's own, or names them: they know when it is settled."""
    return comment.author_id == user.id or user.username.lower() in named_in(comment.body)


def may_settle(session: Session, resource: Resource, record: Any, user: Any) -> bool:
    """Tell whether a user may settle the threads that others began: who may change or translate the record."""
    return any(may_see(session, resource, record, user, verb) for verb in ("edit", "translate"))


def find(session: Session, resource: Resource, record: Any, key: str) -> RecordComment:
    """Find a comment of a record. Raises NotFound."""
    try:
        wanted = UUID(key)
    except ValueError:
        wanted = None
    found = None
    if wanted is not None:
        found = session.scalar(
            select(RecordComment).where(
                RecordComment.id == wanted,
                RecordComment.content_type == resource.name,
                RecordComment.object_id == str(record.id),
            )
        )
    if found is None:
        raise NotFound(_l("This comment is not there any more."))
    return found


def is_there(session: Session, key: str) -> bool:
    """Tell whether a comment that was written is there still."""
    parsed = parse_id(key)
    return parsed is not None and session.get(RecordComment, parsed) is not None


def own(session: Session, resource: Resource, record: Any, user: Any, key: str) -> RecordComment:
    """Find a comment that the user wrote. Raises NotFound, Forbidden."""
    comment = find(session, resource, record, key)
    if comment.author_id != user.id:
        raise Forbidden(_l("Only who wrote a comment may change it."))
    return comment


def named_in(body: str) -> list[str]:
    """List the user names that a comment mentions: `@anna`."""
    names = [name.rstrip(".-+").lower() for name in _NAMED.findall(body)]
    return list(dict.fromkeys(names))[:MOST_NAMED]


def people(
    session: Session, resource: Resource, record: Any, query: str = "", most: int = 8
) -> list[tuple[Any, str]]:
    """List staff who may see the record and whose name begins like the query: (user, full name)."""
    sought = query.casefold().strip()
    allowed = dict(users_allowed("can_show", resource.name))
    users = session.scalars(select(User).where(User.id.in_(allowed)).order_by(User.first_name, User.id))
    found = []
    for user in users:
        name = allowed[user.id]
        words = [user.username, name, *name.split()]
        if any(word.casefold().startswith(sought) for word in words) and may_see(
            session, resource, record, user
        ):
            found.append((user, name))
        if len(found) == most:
            break
    return found


def who_see(session: Session, resource: Resource, record: Any, condition: Any) -> Iterator[Any]:
    """Find the users of a condition who may see the record."""
    allowed = {key for key, _name_ in users_allowed("can_show", resource.name)}
    for user in session.scalars(select(User).where(User.id.in_(allowed), condition)).all():
        if may_see(session, resource, record, user):
            yield user


def may_see(session: Session, resource: Resource, record: Any, user: Any, verb: str = "show") -> bool:
    """Tell whether a user may open the record, or do another verb with it, by role and by row rule."""
    if not row_rules.is_limited(resource.name, user, verb):
        return True
    if not rights_of(user).allow(f"can_{verb}", resource.name):
        return False
    model = resource.model
    condition = row_rules.condition(resource.name, user, model, verb)
    return session.scalar(select(model.id).where(model.id == record.id, condition)) is not None


def _checked(body: str) -> str:
    try:
        text = read_shown(body)
    except Unreadable as error:
        raise Invalid({"body": [error.sentence]}) from error
    if not text:
        raise Invalid({"body": [_l("Write something first.")]})
    if len(text) > LONGEST:
        raise Invalid({"body": [_l("Use at most %(limit)s characters.", limit=LONGEST)]})
    return text


def _tell_named(
    session: Session,
    resource: Resource,
    record: Any,
    user: Any,
    comment: RecordComment,
    before: Iterable[str],
) -> set[int]:
    wanted = [name for name in named_in(comment.body) if name not in set(before)]
    told: set[int] = set()
    if not wanted:
        return told
    is_named = func.lower(User.username).in_(wanted) & (User.id != user.id)
    for other in who_see(session, resource, record, is_named):
        _tell(session, resource, record, user, other.id, "mention", comment)
        told.add(other.id)
    return told


def _tell_thread(
    session: Session, resource: Resource, record: Any, user: Any, first: RecordComment, told: set[int]
) -> None:
    """Tell who wrote in a thread of an answer, as far as they may still see the record."""
    wrote = select(RecordComment.author_id).where(
        (RecordComment.thread_id == first.id) | (RecordComment.id == first.id),
        RecordComment.author_id.is_not(None),
    )
    for other in who_see(session, resource, record, User.id.in_(wrote) & (User.id != user.id)):
        if other.id not in told:
            _tell(session, resource, record, user, other.id, "comment", first)


def _tell(
    session: Session,
    resource: Resource,
    record: Any,
    user: Any,
    user_id: int,
    kind: str,
    comment: RecordComment,
) -> None:
    title = str(getattr(record, resource.title))
    url = f"/{resource.path}/{record.id}?panel=comments#comment-{comment.id}"
    tell_user(
        session,
        user_id,
        kind,
        resource=resource.name,
        record_id=record.id,
        title=title,
        actor=_name(user),
        url=url,
    )


def _name(user: Any) -> str:
    return (user.get_full_name().strip() or user.username)[:200]
