"""Translations of rich text hold what the source may hold, whoever writes them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event

from app.resources import Catalogue, Kind
from app.resources.rich_text import clean
from app.translation.models import Translation

RICH: set[tuple[str, str]] = set()
"""The (content type, field) of every translated rich text."""


def know_rich_text(catalogue: Catalogue) -> None:
    """Remember which translations are rich text."""
    for resource in catalogue:
        for name, fields in resource.translated:
            RICH.update((name, field.name) for field in fields if field.kind is Kind.RICH_TEXT)


@event.listens_for(Translation, "before_insert")
@event.listens_for(Translation, "before_update")
def _keep_clean(_mapper: Any, _connection: Any, row: Translation) -> None:
    """Clean one that was written on the translations' own screen, too."""
    if (row.content_type, row.field) in RICH:
        row.text = clean(row.text)
