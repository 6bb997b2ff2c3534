"""The columns of a spreadsheet, the same on the way out and on the way in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _

from app.kernel import languages
from app.kernel.locales import own_name
from app.resources import Field, Kind, On, Resource
from app.surfaces.records.looks import AVAILABLE, listable

TEXT_KINDS = frozenset(
    {Kind.TEXT, Kind.LONG_TEXT, Kind.SLUG, Kind.EMAIL, Kind.PHONE, Kind.CHOICE, Kind.LOCALE}
    | {Kind.COUNTRY, Kind.CURRENCY, Kind.JSON, Kind.RELATION, Kind.PICTURE}
    | {Kind.RICH_TEXT, Kind.COLOUR, Kind.ZONE}
)
CURRENCY = "currency"
"""What a record's amounts are in, where its table says so."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: of a field (None is the key), in a language (empty is the source).

    One with a `label` is written as the list shows it, in words, under that heading; without a field it is
    the languages (`available_in`) or the currency.
    """

    key: str
    field: Field | None
    locale: str = ""
    writable: bool = True
    label: str = ""


def columns_of(resource: Resource) -> list[Column]:
    """List the columns: `id`, the TRANSFER fields, after each its translations as `name[de]`.

    What no form may write (a status, for example) is told but not taken in.
    """
    columns = [Column("id", None)]
    for field in resource.fields_on(On.TRANSFER):
        if field.is_stored and field.kind is not Kind.RELATIONS:
            columns.append(Column(field.key, field, writable=bool(field.on & On.FORM)))
            if field.on & On.TRANSLATE:
                columns += [
                    Column(f"{field.key}[{locale}]", field, locale) for locale in languages.content_locales()
                ]
    return columns


def shown_columns(resource: Resource, names: Iterable[str]) -> list[Column]:
    """List the columns as the list shows them, the amounts with their currency."""
    fields = listable(resource)
    columns = [
        Column(name, fields.get(name), label=str(fields[name].label) if name in fields else _("Available in"))
        for name in names
    ]
    return _with_currency(resource, columns)


def all_columns(resource: Resource) -> list[Column]:
    """List, in words, all that a list can show, what is too long for one, and the translations.

    Of related records only those whose names a list shows, or a file for import tells, are named.
    """
    fields = listable(resource)
    long = [
        field
        for field in resource.fields
        if field.key not in fields and field.is_stored and field.kind is not Kind.RELATIONS
        and (field.on & On.TRANSFER or (field.on & On.API and field.kind in (Kind.RICH_TEXT, Kind.JSON)))
    ]  # fmt: skip
    columns = []
    for field in (*fields.values(), *long):
        columns.append(Column(field.key, field, label=str(field.label)))
        if field.on & On.TRANSLATE and field.is_stored:
            columns += [
                Column(f"{field.key}[{locale}]", field, locale, label=f"{field.label} ({own_name(locale)})")
                for locale in languages.content_locales()
            ]
    columns += shown_columns(resource, [AVAILABLE] if resource.fields_on(On.TRANSLATE) else [])
    return _with_currency(resource, columns)


def _with_currency(resource: Resource, columns: list[Column]) -> list[Column]:
    """Put the currency behind the first amount, unless it is there."""
    amounts = [at for at, column in enumerate(columns) if column.field and column.field.kind is Kind.MONEY]
    is_there = any(column.key == CURRENCY for column in columns)
    if not amounts or is_there or CURRENCY not in resource.model.__table__.c:
        return columns
    behind = amounts[0] + 1
    return [*columns[:behind], Column(CURRENCY, None, label=_("Currency")), *columns[behind:]]


def describe(resource: Resource, columns: Iterable[Column]) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Say of each column what it takes: (column, words, the values when only these may be)."""
    return tuple(
        (column.key, _takes(resource, column), _values(column)) for column in columns if column.writable
    )


def _values(column: Column) -> tuple[str, ...]:
    is_choice = column.field is not None and column.field.kind is Kind.CHOICE and not column.locale
    return tuple(option.value for option in column.field.options) if column.field and is_choice else ()


def _takes(resource: Resource, column: Column) -> str:
    field = column.field
    if field is None:
        return _("the key of a record to change; empty adds one")
    if column.locale:
        return _("the translation of “%(field)s”; empty removes it", field=str(field.label))
    words = {
        Kind.SWITCH: _("true or false"),
        Kind.DATE: _("a date such as 2027-05-24"),
        Kind.INSTANT: _("a date and time such as 2027-05-24T18:00"),
        Kind.TIME: _("a time such as 09:00"),
        Kind.DECIMAL: _("a number such as 12.5"),
        Kind.MONEY: _("an amount such as 1250.00"),
        Kind.NUMBER: _("a whole number"),
        Kind.MINUTES: _("a length such as 90, 1:30 or 2h"),
        Kind.RATING: _("a number from 1 to 5"),
        Kind.COUNTRY: _("a country's two letters"),
        Kind.CURRENCY: _("a currency's three letters"),
        Kind.RICH_TEXT: _("text, or the HTML of paragraphs, headings, lists and links"),
        Kind.COLOUR: _("a colour such as #8f2468"),
        Kind.ZONE: _("a time zone such as Asia/Kolkata"),
        Kind.LOCALE: _("a language tag such as de"),
        Kind.RELATION: _("the slug or the key of a record"),
        Kind.CHOICE: _("one of:"),
        Kind.SLUG: _("small letters, digits and hyphens; a known one changes that record"),
    }.get(field.kind or Kind.TEXT, _("text"))
    return f"{words} *" if field.required else words
