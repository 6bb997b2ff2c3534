"""The facts of the home page, in one statement, and one that looks for what is to be approved.

Only what the reader may see is counted at all.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from app.access import rows
from app.access.rights import Rights, rights_of
from app.domains.messaging.models import Conversation, Status
from app.insights import changes, untranslated
from app.insights.reviewing import count_to_review
from app.insights.waiting import (
    MOST_ROWS,
    Listed,
    coming_parts,
    coming_resources,
    day_of,
    gathered,
    listed,
    waiting_parts,
    waiting_resources,
)
from app.kernel.outbox.tables import DeliveryRow, OutboxRow
from app.resources import Catalogue

WORK, COMING, CHANGES = "work", "coming", "changes"
PARTS = frozenset({WORK, COMING, CHANGES})
_MAILS = "mail.%"
_LONGEST_CAUSE = 200
Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Some:
    """How many there are, and the first of them as JSON has them."""

    count: int
    rows: Sequence[Facts]


@dataclass(frozen=True, slots=True)
class HomeFacts:
    """None where the reader may not look; instants are ISO texts."""

    waiting: tuple[Listed, ...] = ()
    coming: tuple[Listed, ...] = ()
    chats: Some | None = None
    mails: Some | None = None
    deliveries: Some | None = None
    texts: Mapping[str, Mapping[str, Mapping[str, int]]] | None = None
    reviews: Mapping[str, Mapping[str, int]] | None = None
    changes: Sequence[Facts] | None = None

    def of_texts(self, listed_by: str, locale: str) -> dict[str, int]:
        """Tell how many records of a content type have texts missing or outdated in a language; none is left out."""
        counted = (
            (name, many.get(locale, 0)) for name, many in (self.texts or {}).get(listed_by, {}).items()
        )
        return {name: number for name, number in counted if number}


def read_home(
    session: Session, catalogue: Catalogue, user: Any, today: date, wanted: Collection[str] = PARTS
) -> HomeFacts:
    """Read what the wanted parts of the home page tell a user."""
    rights = rights_of(user)
    parts: dict[str, Any] = {}
    if WORK in wanted:
        parts |= _work(catalogue, rights, user, today)
        if (waits := count_to_review(session, user)) is not None:
            parts["reviews"] = waits
    if COMING in wanted:
        for resource in coming_resources(catalogue, rights):
            if (day := day_of(resource)) is not None:
                made = coming_parts(catalogue, resource, day, user, today)
                parts |= _pair(f"coming:{resource.name}", *made)
    if CHANGES in wanted and (told := changes.told(catalogue, rights, user)):
        parts["changes"] = gathered(changes.changes(told))
    if not parts:
        return HomeFacts()
    statement = select(*(value.label(name) for name, value in parts.items()))
    return _facts(catalogue, dict(session.execute(statement).mappings().one()))


def _work(catalogue: Catalogue, rights: Rights, user: Any, today: date) -> dict[str, Any]:
    parts: dict[str, Any] = {}
    for resource in waiting_resources(catalogue, rights):
        parts |= _pair(f"waiting:{resource.name}", *waiting_parts(catalogue, resource, user, today))
    if rights.allow("can_answer", "conversation"):
        parts |= _some("chats", _chats(rows.condition("conversation", user, Conversation), user))
    if rights.allow("can_list", "job"):
        is_mail = DeliveryRow.subscriber.like(_MAILS)
        parts |= _some("mails", _given_up(is_mail)) | _some("deliveries", _given_up(~is_mail))
    if translatable := untranslated.translatable(catalogue, rights):
        for name in untranslated.LISTED_BY:
            parts[f"texts:{name}"] = untranslated.count_by_language(name, translatable, user)
    return parts


def _pair(name: str, count: Any, found: Any) -> dict[str, Any]:
    return {f"{name}:count": count, f"{name}:rows": found}


def _some(name: str, statement: Select[Any]) -> dict[str, Any]:
    """Count the rows of a statement, and read the first of them."""
    counted = select(func.count()).select_from(statement.order_by(None).subquery()).scalar_subquery()
    return _pair(name, counted, gathered(statement.limit(MOST_ROWS)))


def _facts(catalogue: Catalogue, row: dict[str, Any]) -> HomeFacts:
    def some(name: str) -> Some | None:
        return Some(row[f"{name}:count"], row[f"{name}:rows"] or ()) if f"{name}:count" in row else None

    def of_all(part: str) -> tuple[Listed, ...]:
        names = [resource.name for resource in catalogue if f"{part}:{resource.name}:count" in row]
        return tuple(
            listed(catalogue[name], row[f"{part}:{name}:count"], row[f"{part}:{name}:rows"]) for name in names
        )

    return HomeFacts(
        waiting=of_all("waiting"),
        coming=of_all("coming"),
        chats=some("chats"),
        mails=some("mails"),
        deliveries=some("deliveries"),
        texts={name: row[f"texts:{name}"] for name in untranslated.LISTED_BY if f"texts:{name}" in row}
        or None,
        reviews=(row["reviews"] or {}) if "reviews" in row else None,
        changes=(row["changes"] or ()) if "changes" in row else None,
    )


def _chats(visible: Any, user: Any) -> Select[Any]:
    """Select what visitors said and nobody read: to the reader, or to nobody yet; who waits longest first."""
    theirs = or_(Conversation.assigned_to_id == user.id, Conversation.assigned_to_id.is_(None))
    is_waiting = (Conversation.status == Status.OPEN.value, Conversation.unread_by_staff > 0)
    return (
        select(
            Conversation.id,
            Conversation.visitor_name,
            func.left(Conversation.last_excerpt, 90).label("last_excerpt"),
            Conversation.last_message_at,
        )
        .where(visible, *is_waiting, theirs)
        .order_by(Conversation.last_message_at, Conversation.id)
    )


def _given_up(which: Any) -> Select[Any]:
    """Select the deliveries that no further try will be made of, the latest first."""
    return (
        select(
            DeliveryRow.id,
            DeliveryRow.subscriber,
            func.left(DeliveryRow.last_error, _LONGEST_CAUSE).label("cause"),
            func.coalesce(DeliveryRow.ended_at, OutboxRow.created_at).label("at"),
        )
        .join(OutboxRow, OutboxRow.id == DeliveryRow.outbox_id)
        .where(DeliveryRow.state == "dead", which)
        .order_by(DeliveryRow.id.desc())
    )
