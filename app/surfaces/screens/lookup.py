"""Finds records by their title, for the input of a relation."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func

from app.kernel.db import db
from app.media.models import Asset, AssetState
from app.media.urls import thumbnail_url
from app.resources import Resource

MOST = 20


def look_up(resource: Resource, typed: str, visible: Any) -> dict[str, Any]:
    """Give up to twenty {"value", "text", "picture"} whose title holds what was typed."""
    title = getattr(resource.model, resource.title)
    words = typed.strip()[:100].replace("\x00", "")
    found = visible.order_by(func.lower(title), resource.model.id).limit(MOST)
    if resource.model is Asset:
        found = found.where(Asset.state != AssetState.REFUSED)  # there is nothing to be shown
    if words:
        found = found.where(title.icontains(words, autoescape=True))
    return {"data": [_option(resource, record) for record in db.session.scalars(found)]}


def _option(resource: Resource, record: Any) -> dict[str, str]:
    option = {"value": str(record.id), "text": str(getattr(record, resource.title))}
    if resource.name == "asset":
        option["picture"] = thumbnail_url(record.square)
    return option
