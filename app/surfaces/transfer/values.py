"""The values of an export as SQL: as they can be imported again, or in words as the list shows them."""

from __future__ import annotations

import json
from typing import Any

from babel.core import get_global
from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import Numeric, Text, case, cast, func, literal, null, select
from sqlalchemy.dialects.postgresql import JSONB

from app.kernel import languages
from app.kernel.formulas import FORMULA
from app.kernel.locales import SOURCE
from app.media.models import Asset
from app.resources import Catalogue, Field, Kind, Resource
from app.surfaces.records import wording
from app.surfaces.screens.countries import country_choices
from app.surfaces.transfer.columns import CURRENCY, TEXT_KINDS, Column
from app.translation.models import Translation

_asset: Any = Asset.__table__
_translation: Any = Translation.__table__


def named_relation(catalogue: Catalogue, field: Field, table: Any, source: Any) -> tuple[Any, Any]:
    """Name a related record by its slug, where it has one: people can read and write that."""
    target = catalogue[field.target]
    if target.slug_field is None:
        return cast(table.c[field.name], Text), source
    related = target.model.__table__.alias()
    joined = source.outerjoin(related, related.c.id == table.c[field.name])
    return disarmed(related.c[target.slug_field.name]), joined


def value_of(column: Column, table: Any, texts: Any) -> Any:
    """Write a value as text that can be imported again."""
    field = column.field
    if field is None:
        return cast(table.c.id, Text)
    value = table.c[field.name]
    if column.locale:
        return disarmed(texts.c.texts.op("->>")(f"{column.locale} {field.name}"))
    if field.kind is Kind.MONEY:
        return _amount(value, table)
    if field.kind is Kind.SWITCH:
        return case((value, "true"), (~value, "false"), else_=null())
    if field.kind is Kind.TIME:
        return func.to_char(value, "HH24:MI")
    if field.kind is Kind.DECIMAL:
        return cast(func.trim_scale(value), Text)
    if field.kind is Kind.INSTANT:
        return _moment(value, is_exact=not column.label)
    if field.kind in TEXT_KINDS:
        return disarmed(cast(value, Text))
    return cast(value, Text)


def _moment(value: Any, *, is_exact: bool) -> Any:
    """Write an instant by the ISO; with what it has below a second only where it is to come back unchanged."""
    there = func.timezone("UTC", value)
    plain = func.to_char(there, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
    if not is_exact:
        return plain
    is_whole = func.date_trunc("second", there) == there
    return case((is_whole, plain), else_=func.to_char(there, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))


def disarmed(value: Any) -> Any:
    """Put an apostrophe before what a spreadsheet could run."""
    return case((value.op("~")(FORMULA), literal("'", Text) + value), else_=value)


def _amount(value: Any, table: Any) -> Any:
    """Write minor units as an amount with as many decimals as its currency has."""
    digits = {code: facts[0] for code, facts in get_global("currency_fractions").items()}
    currency = table.c.currency if "currency" in table.c else literal(current_app.config["CURRENCY"], Text)
    ways = []
    for count in sorted({*digits.values()} - {2}):
        codes = sorted(code for code, n in digits.items() if n == count and len(code) == 3)
        ways.append((currency.in_(codes), cast(cast(value, Numeric) / 10**count, Numeric(20, count))))
    texts = [(condition, cast(amount, Text)) for condition, amount in ways]
    return case(*texts, else_=cast(cast(cast(value, Numeric) / 100, Numeric(20, 2)), Text))


def shown_value(
    catalogue: Catalogue, resource: Resource, column: Column, source: Any, texts: Any = None
) -> tuple[Any, Any]:
    """Write a value in the words of the list; gives it with the source that it is read from."""
    table, field = resource.model.__table__, column.field
    if field is None:
        is_currency = column.key == CURRENCY
        return (disarmed(table.c.currency) if is_currency else _languages(resource, table)), source
    if column.locale:
        return value_of(column, table, texts), source
    if not field.is_stored:
        return cast(field.column, Text), source
    if field.kind is Kind.RELATION:
        target = catalogue[field.target]
        related = target.model.__table__.alias()
        joined = source.outerjoin(related, related.c.id == table.c[field.name])
        return disarmed(cast(related.c[target.title], Text)), joined
    if field.kind is Kind.PICTURE:
        related = _asset.alias()
        return disarmed(related.c.title), source.outerjoin(related, related.c.id == table.c[field.name])
    if names := _names(field):
        value: Any = cast(table.c[field.name], Text)
        key = value
        if field.names is not None and field.names.beside:
            key = func.concat(table.c[field.names.beside], " ", value)
        known = cast(literal(json.dumps(names), Text), JSONB)
        return disarmed(func.coalesce(known.op("->>")(key), value)), source
    return value_of(column, table, None), source


def _names(field: Field) -> dict[str, str]:
    reader = wording.reader()
    if field.names is not None:
        return field.names.by_key()
    if field.kind is Kind.CHOICE:
        return {option.value: str(option.label) for option in field.options}
    if field.kind is Kind.SWITCH:
        return {"true": _("Yes"), "false": _("No")}
    if field.kind is Kind.LOCALE:
        return {tag: wording.language(tag, reader) for tag in languages.locales()}
    if field.kind is Kind.COUNTRY:
        return {choice.value: choice.label for choice in country_choices(None)}
    return {}


def _languages(resource: Resource, table: Any) -> Any:
    tags = func.string_agg(func.upper(_translation.c.locale).distinct(), literal(" ", Text))
    return (
        select(literal(SOURCE.upper(), Text) + func.coalesce(literal(" ", Text) + tags, ""))
        .where(_translation.c.content_type == resource.name, _translation.c.object_id == table.c.id)
        .correlate(table)
        .scalar_subquery()
    )
