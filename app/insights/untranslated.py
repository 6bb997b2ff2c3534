"""How many records that are shown lack a translation or have one out of date, by content type and language.

And the lists of just these.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BinaryExpression, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql import operators

from app.access import rows
from app.access.rights import Rights
from app.insights.waiting import standing_values
from app.kernel import languages
from app.resources import Catalogue, Field, Kind, On, Resource
from app.resources.kinds import plain
from app.resources.ways import has_languages
from app.surfaces.records.listing import out_of_date, untranslated


def translatable(catalogue: Catalogue, rights: Rights) -> list[Resource]:
    """List the content types that the reader may list and translate, all of whose rows are in the source language."""
    return [
        resource
        for resource in catalogue
        if has_languages(resource)
        and rights.allow("can_translate", resource.name)
        and rights.allow("can_list", resource.name)
    ]


LISTED_BY = {"missing": untranslated, "outdated": out_of_date}
"""What is counted, by the filter that lists it."""


def count_by_language(listed_by: str, resources: Sequence[Resource], user: Any) -> Any:
    """Count by content type and language the records that a filter of LISTED_BY leaves, as their lists count them."""
    pairs: list[Any] = []
    for resource in resources:
        table = resource.model.__table__
        seen = [rows.condition(resource.name, user, resource.model)]
        if (shown := shown_values(resource)) is not None:
            seen.append(table.c[shown[0].name].in_(shown[1]))
        counts: list[Any] = []
        for tag in languages.content_locales():
            left = LISTED_BY[listed_by](resource, table, literal(tag))
            counted = select(func.count()).select_from(table).where(*seen, left)
            counts += [tag, counted.scalar_subquery()]
        pairs += [resource.name, func.json_build_object(*counts)]
    return func.json_build_object(*pairs)


def list_pairs(listed_by: str, resource: Resource, tag: str) -> dict[str, str]:
    """Give the address of the list of the records that were counted."""
    pairs = {listed_by: tag}
    if (shown := shown_values(resource)) is not None:
        field, values = shown
        operator = "[in]" if len(values) > 1 else ""
        pairs[f"filter[{field.key}]{operator}"] = ",".join(plain(field, value) for value in values)
    return pairs


def shown_values(resource: Resource) -> tuple[Field, tuple[Any, ...]] | None:
    """Tell by which filter of a list only what is shown is left; None where all is, or no filter says it.

    A text that nobody sees waits for no translator.
    """
    name, values = _published(resource) or standing_values(resource) or _ready(resource) or ("", ())
    field = resource.field(name)
    if field is None or not field.is_stored or not field.on & On.FILTER or not values:
        return None
    return field, values


def _published(resource: Resource) -> tuple[str, tuple[Any, ...]] | None:
    """Read what the public sees, where that is told by one column."""
    condition: Any = resource.public_when(resource.model) if resource.public_when else None
    if isinstance(condition, InstrumentedAttribute):
        return condition.key, (True,)
    if isinstance(condition, BinaryExpression) and condition.operator is operators.eq:
        value = getattr(condition.right, "value", None)
        return (str(condition.left.key), (value,)) if value is not None else None
    return None


def _ready(resource: Resource) -> tuple[str, tuple[Any, ...]] | None:
    """Find a state that no form sets: what is well is shown."""
    states = (f for f in resource.fields if f.kind is Kind.CHOICE and not f.on & On.FORM and f.is_stored)
    state = next(states, None)
    return (state.name, tuple(o.value for o in state.options if o.tone == "success")) if state else None
