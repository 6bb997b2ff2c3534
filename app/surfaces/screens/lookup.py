"""Finds records by their title, for the input of a relation."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func

from app.kernel.db import db
from app.media.models import Asset, AssetState
from app.media.urls import thumbnail_url
from app.resources import Catalogue, On, Resource
from app.surfaces.desk.known import MOST_TOLD, known, telling
from app.surfaces.records import wording
from app.surfaces.records.writing import currency_of
from app.surfaces.search.matching import EVERY_LOCALE, matching

MOST = 20


def look_up(catalogue: Catalogue, resource: Resource, typed: str, visible: Any) -> dict[str, Any]:
    """Give up to twenty {"value", "text", "line", "picture"} whose title holds what was typed.

    Where none does, those that the search finds: with a typo, in another language, by another of their texts.
    """
    title = getattr(resource.model, resource.title)
    words = typed.strip()[:100].replace("\x00", "")
    found = visible.order_by(func.lower(title), resource.model.id).limit(MOST)
    if resource.model is Asset:
        found = found.where(Asset.state != AssetState.REFUSED)  # there is nothing to be shown
    if not words:
        return {"data": _options(catalogue, resource, list(db.session.scalars(found)))}
    records = list(db.session.scalars(found.where(title.icontains(words, autoescape=True))))
    if not records and resource.fields_on(On.SEARCH):
        fits, _rank = matching(resource, resource.model, words, EVERY_LOCALE)
        records = list(db.session.scalars(found.where(fits)))
    return {"data": _options(catalogue, resource, records)}


def option_of(catalogue: Catalogue, resource: Resource, record: Any) -> dict[str, str]:
    """Give one record as an option."""
    return _options(catalogue, resource, [record])[0]


def _options(catalogue: Catalogue, resource: Resource, records: list[Any]) -> list[dict[str, str]]:
    keys = [(resource.name, str(record.id)) for record in records]
    seen = {} if resource.model is Asset else known(db.session(), catalogue, keys)
    locale = wording.reader()
    return [
        {
            "value": key[1],
            "text": str(getattr(record, resource.title)),
            "line": _second_line(resource, record, locale),
            "picture": thumbnail_url(record.square)
            if isinstance(record, Asset)
            else (seen[key].picture if key in seen else ""),
        }
        for key, record in zip(keys, records, strict=True)
    ]


def _second_line(resource: Resource, record: Any, locale: str) -> str:
    """Word the two fields of the list that say most beside the title."""
    currency = currency_of(record)
    cells = (
        wording.cell(field, getattr(record, field.name), locale, currency) for field in telling(resource)
    )
    return " · ".join([cell.text for cell in cells if cell.text][:MOST_TOLD])
