"""The filters of a list, one input for each FILTER field."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask_babel import gettext as _

from app.access.rights import may
from app.kernel.db import db
from app.kernel.locales import SHIPPED
from app.resources import Catalogue, Field, Kind, On, Resource
from app.resources.kinds import plain
from app.surfaces.records import wording
from app.surfaces.records.query import ListQuery, chosen, write_query
from app.surfaces.screens.countries import country_choices
from app.surfaces.screens.pages import Choice, FilterInput


def filter_inputs(
    catalogue: Catalogue, resource: Resource, query: ListQuery, base: str
) -> tuple[FilterInput, ...]:
    """Make the inputs with what the address holds."""
    fields = [field for field in resource.fields_on(On.FILTER) if field.is_stored]
    return tuple(_input(catalogue, query, field, base) for field in fields)


def _input(catalogue: Catalogue, query: ListQuery, field: Field, base: str) -> FilterInput:
    held = chosen(query, field.name)
    value = held.get("eq")
    low, high = held.get("gte"), held.get("lte")
    rest = tuple(item for item in query.filters if item.field.name != field.name)
    pairs = write_query(query, filters=rest, after=None)
    is_relation = field.kind is Kind.RELATION
    return FilterInput(
        name=field.key,
        label=str(field.label),
        kind=(field.kind or Kind.TEXT).value,
        choices=_choices(catalogue, field, value),
        value="" if value is None else plain(field, value),
        low="" if low is None else plain(field, low),
        high="" if high is None else plain(field, high),
        active_text=_active_text(catalogue, field, held),
        clear_url=f"{base}?{urlencode(pairs)}" if pairs else base,
        search_url=f"/{catalogue[field.target].path}/lookup"
        if is_relation and may("list", field.target)
        else "",
    )


def _choices(catalogue: Catalogue, field: Field, value: Any) -> tuple[Choice, ...]:
    if field.kind is Kind.CHOICE:
        return tuple(Choice(o.value, str(o.label), o.value == value) for o in field.options)
    if field.kind is Kind.SWITCH:
        return (Choice("true", _("Yes"), value is True), Choice("false", _("No"), value is False))
    if field.kind is Kind.COUNTRY:
        return country_choices(value)
    if field.kind is Kind.LOCALE:
        reader = wording.reader()
        return tuple(Choice(tag, wording.language(tag, reader), tag == value) for tag in SHIPPED)
    if field.kind is Kind.RATING:
        return tuple(Choice(str(n), str(n), n == value) for n in range(1, 6))
    if field.kind is Kind.RELATION and value is not None:
        return (Choice(str(value), related_title(catalogue, field, value), True),)
    return ()


def related_title(catalogue: Catalogue, field: Field, key: Any) -> str:
    """Name the record a relation points at."""
    target = catalogue[field.target]
    found = db.session.get(target.model, key)
    return str(getattr(found, target.title)) if found is not None else _("(not there any more)")


def _active_text(catalogue: Catalogue, field: Field, held: Any) -> str:
    """Word an active filter for its chip: "Date: from 1 May 2027"."""
    if not held:
        return ""
    parts = []
    for operator, value in held.items():
        if operator == "null":
            parts.append(_("empty") if value else _("not empty"))
            continue
        values = value if isinstance(value, list) else [value]
        words = ", ".join(_word(catalogue, field, item) for item in values)
        parts.append(
            {
                "gte": _("from %(value)s", value=words),
                "lte": _("to %(value)s", value=words),
                "ne": _("not %(value)s", value=words),
            }.get(operator, words)
        )
    return " ".join(parts)


def _word(catalogue: Catalogue, field: Field, value: Any) -> str:
    title = related_title(catalogue, field, value) if field.kind is Kind.RELATION else ""
    worded = wording.cell(field, value, wording.reader(), title=title)
    return worded.hint if field.kind is Kind.INSTANT else worded.text
