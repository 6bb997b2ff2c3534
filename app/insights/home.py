"""The numbers of the home page, in one statement: only what the reader may see is counted at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, case, cast, func, literal, or_, select
from sqlalchemy.orm import Session

from app.access import rows
from app.access.rights import Rights, rights_of
from app.domains.bookings.models import Booking, BookingStatus
from app.domains.catalog.models import Festival
from app.domains.messaging.models import Conversation, Status
from app.domains.reviews.models import Review, ReviewStatus
from app.kernel.audit import AuditEntry
from app.kernel.outbox import DeliveryRow
from app.resources import Catalogue, Resource
from app.translation.models import Translation

SOON = timedelta(days=30)
MOST_WAITING = 6
MOST_CHANGES = 8
_NEWEST_ENTRIES = 2_000
"""Among how many entries the reader's changes are looked for, so that a huge import is no burden."""

_LISTS: Mapping[str, Any] = {
    "waiting_bookings": (),
    "waiting_reviews": (),
    "waiting_chats": (),
    "changes": (),
    "translated": {},
}
_entry: Any = AuditEntry.__table__


@dataclass(frozen=True, slots=True)
class HomeNumbers:
    """None where the reader may not look; instants and dates are ISO texts, as JSON has them."""

    pending_bookings: int | None = None
    coming_bookings: int | None = None
    coming_festivals: int | None = None
    pending_reviews: int | None = None
    waiting_bookings: Sequence[Mapping[str, Any]] | None = None
    waiting_reviews: Sequence[Mapping[str, Any]] | None = None
    waiting_chats: Sequence[Mapping[str, Any]] | None = None
    dead_deliveries: int | None = None
    texts: int | None = None
    translated: Mapping[str, int] = field(default_factory=dict)
    changes: Sequence[Mapping[str, Any]] = ()

    def missing(self, locale: str) -> int:
        """Tell how many texts have no translation into a language."""
        return max(0, (self.texts or 0) - self.translated.get(locale, 0))


def read_home(session: Session, catalogue: Catalogue, user: Any, today: date) -> HomeNumbers:
    """Read everything the home page tells a user."""
    rights = rights_of(user)
    parts: dict[str, Any] = {}
    if rights.allow("can_list", "booking"):
        parts |= _bookings(_visible("booking", user, Booking), today)
    if rights.allow("can_list", "festival"):
        visible = _visible("festival", user, Festival)
        coming = and_(visible, Festival.is_active, Festival.starts_on.between(today, today + SOON))
        parts["coming_festivals"] = _count(Festival, coming)
    if rights.allow("can_list", "review"):
        parts |= _reviews(_visible("review", user, Review))
    if rights.allow("can_answer", "conversation"):
        parts["waiting_chats"] = _gathered(_chats(_visible("conversation", user, Conversation), user))
    if rights.allow("can_list", "job"):
        parts["dead_deliveries"] = _count(DeliveryRow, DeliveryRow.state == "dead")
    if translatable := [r for r in catalogue if rights.allow("can_translate", r.name) and _has_one_source(r)]:
        parts |= _translations(translatable)
    if told := _told(catalogue, rights, user):
        parts["changes"] = _gathered(_changes(told))
    if not parts:
        return HomeNumbers()
    row = session.execute(select(*(value.label(name) for name, value in parts.items()))).mappings().one()
    facts: dict[str, Any] = dict(row)
    for name in facts.keys() & _LISTS.keys():
        facts[name] = facts[name] or _LISTS[name]  # JSON gathers no rows into null
    return HomeNumbers(**facts)


def _visible(name: str, user: Any, model: Any) -> ColumnElement[bool]:
    return rows.condition(name, user, model)


def _count(model: Any, condition: Any) -> Any:
    return select(func.count()).select_from(model).where(condition).scalar_subquery()


def _gathered(statement: Any) -> Any:
    """Turn the rows of a statement into one JSON list, in their order."""
    inner = statement.subquery()
    return select(func.json_agg(inner.table_valued())).select_from(inner).scalar_subquery()


def _bookings(visible: Any, today: date) -> dict[str, Any]:
    pending = and_(visible, Booking.status == BookingStatus.PENDING.value)
    coming = and_(
        visible,
        Booking.status == BookingStatus.CONFIRMED.value,
        Booking.event_on.between(today, today + SOON),
    )
    waiting = (
        select(Booking.id, Booking.client_name, Booking.event_type, Booking.event_on)
        .where(pending, Booking.event_on >= today)
        .order_by(Booking.event_on, Booking.id)
        .limit(MOST_WAITING)
    )
    return {
        "pending_bookings": _count(Booking, pending),
        "coming_bookings": _count(Booking, coming),
        "waiting_bookings": _gathered(waiting),
    }


def _reviews(visible: Any) -> dict[str, Any]:
    pending = and_(visible, Review.status == ReviewStatus.PENDING.value)
    waiting = (
        select(Review.id, Review.author_name, Review.rating, func.left(Review.message, 90).label("message"),
               Review.submitted_at)
        .where(pending)
        .order_by(Review.submitted_at.desc(), Review.id.desc())
        .limit(MOST_WAITING)
    )  # fmt: skip
    return {"pending_reviews": _count(Review, pending), "waiting_reviews": _gathered(waiting)}


def _chats(visible: Any, user: Any) -> Select[Any]:
    """Select what visitors said and nobody read: to the reader, or to nobody yet; who waits longest first."""
    theirs = or_(Conversation.assigned_to_id == user.id, Conversation.assigned_to_id.is_(None))
    is_waiting = and_(Conversation.status == Status.OPEN.value, Conversation.unread_by_staff > 0)
    return (
        select(
            Conversation.id,
            Conversation.visitor_name,
            func.left(Conversation.last_excerpt, 90).label("last_excerpt"),
            Conversation.last_message_at,
        )
        .where(visible, is_waiting, theirs)
        .order_by(Conversation.last_message_at, Conversation.id)
        .limit(MOST_WAITING)
    )


def _has_one_source(resource: Resource) -> bool:
    """Tell whether all rows are written in the source language; of a visitor's words none is missing."""
    return bool(resource.translated) and "locale" not in resource.model.__table__.c


def _translations(resources: Sequence[Resource]) -> dict[str, Any]:
    """Count the texts there are to translate, and by language those that have a translation."""
    texts: Any = literal(0)
    wanted = []
    for resource in resources:
        tables = {resource.name: resource.model} | {child.table: child.model for child in resource.children}
        for name, fields in resource.translated:
            table = tables[name].__table__
            filled = [func.count().filter(table.c[item.name] != "") for item in fields]
            texts = texts + select(sum(filled[1:], start=filled[0])).select_from(table).scalar_subquery()
            wanted.append(
                and_(Translation.content_type == name, Translation.field.in_([f.name for f in fields]))
            )
    done = (
        select(Translation.locale, func.count().label("many"))
        .where(Translation.text != "", Translation.state != "rejected", _any(wanted))
        .group_by(Translation.locale)
        .subquery()
    )
    by_locale = select(func.json_object_agg(done.c.locale, done.c.many)).scalar_subquery()
    return {"texts": texts, "translated": by_locale}


def _any(conditions: Sequence[ColumnElement[bool]]) -> ColumnElement[bool]:
    first, *rest = conditions
    for condition in rest:
        first = first | condition
    return first


def _told(catalogue: Catalogue, rights: Rights, user: Any) -> list[Resource]:
    """List the content types whose history the user may read whole."""
    return [
        resource
        for resource in catalogue
        if rights.allow("can_history", resource.name)
        and not rows.is_limited(resource.name, user)
        and resource.name not in ("translation", "conversation")  # who writes to us is no change of ours
    ]


def _changes(told: Sequence[Resource]) -> Select[Any]:
    """Select the newest saves: what one transaction did to one record and its parts counts once."""
    newest = select(_entry).order_by(_entry.c.id.desc()).limit(_NEWEST_ENTRIES).subquery()
    is_own = newest.c.content_type == newest.c.owner_type
    own_title = case(
        *(
            (newest.c.owner_type == r.name, func.coalesce(newest.c.new, newest.c.old).op("->>")(r.title))
            for r in told
        )
    )
    saves = (
        select(
            newest.c.owner_type,
            newest.c.owner_id,
            func.max(newest.c.id).label("id"),
            func.max(newest.c.at).label("at"),
            func.max(newest.c.actor_kind).label("actor_kind"),
            func.max(newest.c.actor_label).label("actor_label"),
            func.max(case((is_own, newest.c.action))).label("action"),
            func.max(case((is_own, own_title))).label("old_title"),
        )
        .where(newest.c.owner_type.in_([resource.name for resource in told]))
        .group_by(newest.c.transaction_id, newest.c.owner_type, newest.c.owner_id)
        .order_by(func.max(newest.c.id).desc())
        .limit(MOST_CHANGES)
        .subquery()
    )
    title = case(
        *((saves.c.owner_type == resource.name, _title(resource, saves.c.owner_id)) for resource in told)
    )
    columns = [column for column in saves.c if column.name != "old_title"]
    return (
        select(*columns, title.label("title"), saves.c.old_title)
        .select_from(saves)
        .order_by(saves.c.id.desc())
    )


def _title(resource: Resource, key: Any) -> Any:
    """Read a record's present title; null for one that is deleted."""
    table = resource.model.__table__.alias()
    return (
        select(cast(table.c[resource.title], String))
        .where(table.c.id == cast(key, table.c.id.type))
        .correlate_except(table)
    ).scalar_subquery()
