"""Rich text once more on its way out: what came into the table by another door does no harm either."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from app.resources import Field, Kind, On, Resource
from app.resources.rich_text import clean


def cleaner(resource: Resource) -> Callable[[str], str]:
    """Make what cleans a record's JSON; records without rich text pass as they are."""
    own = _rich(resource.fields)
    children = {child.name: names for child in resource.children if (names := _rich(child.fields))}
    if not own and not children:
        return lambda text: text

    def cleaned(text: str) -> str:
        record = json.loads(text)
        _clean(record, own)
        for name, names in children.items():
            for row in record.get(name, ()):
                _clean(row, names)
        return json.dumps(record, ensure_ascii=False)

    return cleaned


def _rich(fields: tuple[Field, ...]) -> list[str]:
    return [field.key for field in fields if field.kind is Kind.RICH_TEXT and field.on & On.PUBLIC]


def _clean(record: dict[str, Any], names: list[str]) -> None:
    for name in names:
        if record.get(name):
            record[name] = clean(record[name])
