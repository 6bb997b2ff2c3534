"""What there is to translate of the interface, in the order and the columns of `app.translation.units`."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Integer, Select, String, and_, func, literal, select, union_all

from app.access.rights import rights_of
from app.translation import units
from app.translation.interface.catalogues import plurals_for
from app.translation.interface.models import CONTENT_TYPE, InterfaceMessage
from app.translation.interface.plurals import FIELDS, TEXT

NUMBER = 1000
LONGEST_TITLE = 80


def offer_units() -> None:
    """Let the interface's sentences stand in the queue, behind the content."""
    units.offer(CONTENT_TYPE, NUMBER, _find)


def _find(asked: units.Asked, user: Any, number: int) -> Select[Any] | None:
    if user is not None and not rights_of(user).allow(f"can_{asked.verb}", CONTENT_TYPE):
        return None
    forms = plurals_for(asked.locale).forms
    parts = [_texts(asked, number, TEXT), *(_texts(asked, number, name) for name in forms)]
    return select(union_all(*parts).subquery())


def _texts(asked: units.Asked, number: int, name: str) -> Select[Any]:
    message = InterfaceMessage
    has_plural = message.msgid_plural != ""
    condition = and_(message.is_obsolete.is_(False), has_plural if name != TEXT else ~has_plural)
    if asked.owner_id is not None:
        condition = and_(condition, message.id == asked.owner_id)
    if asked.owner_ids:
        condition = and_(condition, message.id.in_(asked.owner_ids))
    source = message.msgid if name in (TEXT, "one") else message.msgid_plural
    note = func.concat_ws("\n", *(func.nullif(part, "") for part in _notes()))
    columns: tuple[Any, ...] = (
        literal(number, Integer).label("type_no"),
        message.id.label("owner_id"),
        literal(0, Integer).label("part"),
        literal(0, Integer).label("place"),
        message.id.label("row_id"),
        literal(FIELDS.index(name), Integer).label("field_no"),
        literal(name, String).label("field"),
        literal(CONTENT_TYPE, String).label("content_type"),
        literal(CONTENT_TYPE, String).label("owner_type"),
        source.label("source"),
        func.left(message.msgid, LONGEST_TITLE).label("title"),
        note.label("note"),
    )
    return select(*columns).where(condition)


def _notes() -> tuple[Any, ...]:
    return InterfaceMessage.context, InterfaceMessage.comment, InterfaceMessage.where_used
