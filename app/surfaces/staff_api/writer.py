"""Records as the staff API writes them: the API fields, all translations, the children, the revision."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from app.kernel.db import db
from app.kernel.languages import content_locales
from app.media.models import Asset, AssetState
from app.media.showing import shown
from app.media.urls import picture_url
from app.resources import Field, Kind, On, Resource
from app.resources.kinds import plain
from app.resources.rich_text import clean
from app.surfaces.records.listing import cursor_columns, narrow, page, values_of
from app.surfaces.records.query import ListQuery
from app.surfaces.search.matching import EVERY_LOCALE, matching
from app.translation.progress import Progress, progress
from app.translation.releases import is_released, statuses_of
from app.translation.writing import texts_of


def read_page(resource: Resource, query: ListQuery, condition: Any) -> tuple[Sequence[Any], int]:
    """Read a page: rows of (record, the values of its cursor...), one more than asked; and how many there are."""
    model = resource.model
    table = model.__table__
    conditions = [condition]
    if query.search:
        conditions.append(matching(resource, model, query.search, EVERY_LOCALE)[0])
    values = values_of(query)
    selected = narrow(select(model, *cursor_columns(resource, query, table)), resource, query, table)
    joined = [field.name for field in resource.fields_on(On.API) if field.kind is Kind.RELATIONS]
    selected = selected.options(*(selectinload(getattr(model, name)) for name in joined))
    records = db.session.execute(page(selected.where(*conditions), resource, query, table), values).all()
    if query.after is None and len(records) <= query.size:
        return records, len(records)
    counting = narrow(select(func.count()).select_from(table), resource, query, table).where(*conditions)
    return records, db.session.scalar(counting, values) or 0


def as_json(resource: Resource, record: Any, whole: bool = False) -> dict[str, Any]:
    """Write a record; `whole` adds translations and children."""
    facts: dict[str, Any] = {"id": str(record.id)} | _fields(resource.fields_on(On.API), record)
    for name in ("revision", "created_at", "updated_at"):
        if hasattr(record, name):
            facts[name] = _plain(getattr(record, name))
    if isinstance(record, Asset):
        facts["picture"] = shown(record)
    if not whole:
        return facts
    rows = {child.name: list(getattr(record, child.name)) for child in resource.children}
    keys = [record.id, *(row.id for group in rows.values() for row in group)]
    texts = texts_of(db.session(), keys) if resource.translated else {}
    if resource.fields_on(On.TRANSLATE):
        facts["translations"] = _texts(resource.fields, texts.get(record.id, {}))
    if is_released(resource):
        tags = content_locales()
        standing = statuses_of(db.session(), resource, [record.id], tags)
        counted = progress(db.session(), None, tags, "record", (resource.name,), (record.id,))
        facts["released"] = {
            tag: {"status": status} | _words(counted.get((tag, resource.name, record.id)))
            for (_key, tag), status in standing.items()
        }
    for child in resource.children:
        facts[child.name] = [
            {"id": str(row.id)}
            | _fields(child.fields_on(On.API), row)
            | (
                {"translations": _texts(child.fields, texts.get(row.id, {}))}
                if child.fields_on(On.TRANSLATE)
                else {}
            )
            for row in rows[child.name]
        ]
    return facts


def _words(counted: Progress | None) -> dict[str, int]:
    return {"words": counted.words if counted else 0, "done": counted.done if counted else 0}


def _fields(fields: Sequence[Field], record: Any) -> dict[str, Any]:
    return {field.key: _value(field, getattr(record, field.name), record) for field in fields}


def _value(field: Field, value: Any, record: Any) -> Any:
    if value is None:
        return None
    if field.kind is Kind.MONEY:
        return {"minor": value, "currency": record.currency}
    if field.kind is Kind.RICH_TEXT:
        return clean(value)
    if field.kind is Kind.RELATIONS:
        return [str(row.id) for row in value]
    if field.kind in (Kind.TIME, Kind.DECIMAL):
        return float(value) if isinstance(value, Decimal) else plain(field, value)  # JSON has no exact number
    if field.kind is Kind.PICTURE:
        found = db.session.get(Asset, value)
        is_shown = found is not None and found.state == AssetState.READY
        return {"id": str(value), "url": picture_url(found.path) if found is not None and is_shown else None}
    return _plain(value)


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    return value.isoformat() if isinstance(value, date | datetime) else value


def _texts(fields: Sequence[Field], rows: Any) -> dict[str, dict[str, str]]:
    rich = {field.name for field in fields if field.kind is Kind.RICH_TEXT}
    found: dict[str, dict[str, str]] = {}
    for (locale, field), row in rows.items():
        found.setdefault(locale, {})[field] = clean(row.text) if field in rich else row.text
    return found
