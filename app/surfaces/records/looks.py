"""The part of a list's address that screens alone know: how it is shown, from where on, and by which view."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Any

from flask_babel import gettext as _

from app.kernel import languages
from app.kernel.errors import BadParameter
from app.kernel.ids import parse_id
from app.resources import Field, Kind, On, Resource

WAYS = ("table", "gallery", "board", "calendar", "grid", "languages")
AVAILABLE = "available_in"
"""The column that tells in which languages a record is there."""

MOST_COLUMNS = 30
MONTH = re.compile(r"[12][0-9]{3}-(?:0[1-9]|1[0-2]|W(?:0[1-9]|[1-4][0-9]|5[0-3]))\Z")
"""The months and weeks that a calendar can show, as an address names them."""

_UNLISTED = {"json", "relation", "relations", "rich_text"}
"""Kinds that a list shows where the declaration says so alone: a related record's name may be another's secret."""


def listable(resource: Resource) -> dict[str, Field]:
    """Map the keys of the columns that a list can show: those of its own accord, then what the staff API tells.

    Without AVAILABLE, which is no field.
    """
    fields = [*resource.fields_on(On.LIST)]
    names = {field.name for field in fields}
    fields += [
        field
        for field in resource.fields_on(On.API)
        if field.name not in names and field.is_stored and (field.kind or Kind.TEXT).value not in _UNLISTED
    ]
    return {field.key: field for field in fields}


def column_names(resource: Resource) -> list[str]:
    """Name all that may stand in `columns`."""
    return [*listable(resource), *([AVAILABLE] if resource.fields_on(On.TRANSLATE) else [])]


def default_columns(resource: Resource) -> tuple[str, ...]:
    """Name the columns that a list shows when nobody chose."""
    return tuple(field.key for field in resource.fields_on(On.LIST))


def by_date(resource: Resource, sort: tuple[tuple[str, bool], ...]) -> tuple[tuple[str, bool], ...]:
    """Give the order in which one can jump to a date: the list's own, if it begins with one, or by its first date.

    Raises BadParameter where the records have no date.
    """
    if sort and is_dated(resource, sort[0][0]):
        return sort
    names = [field.name for field in resource.fields_on(On.LIST) if field.is_stored]
    dated = [name for name in (*names, "created_at") if is_dated(resource, name)]
    if not dated:
        raise BadParameter("near", _("These records have no date to jump to."))
    return ((dated[0], True),)


def is_dated(resource: Resource, name: str) -> bool:
    """Tell whether a column holds dates or instants."""
    columns = resource.model.__table__.c
    return name in columns and columns[name].type.python_type in (date, datetime)


def write(query: Any) -> list[tuple[str, str]]:
    """Write these parts of a ListQuery as the pairs of an address."""
    pairs = (
        ("as", query.way),
        ("columns", ",".join(query.columns)),
        ("missing", query.missing),
        ("outdated", query.outdated),
        ("near", query.near.isoformat() if query.near else ""),
        ("month", query.month),
        ("view", query.view),
    )
    return [(name, value) for name, value in pairs if value]


def _way(resource: Resource, value: str) -> dict[str, Any]:
    if value not in ("", *WAYS):
        raise BadParameter("as", _("A list is shown as one of: %(names)s.", names=", ".join(WAYS)))
    return {"way": "" if value == resource.opens_as else value}


def _columns(resource: Resource, value: str) -> dict[str, Any]:
    names = tuple(dict.fromkeys(part.strip() for part in value.split(",") if part.strip()))
    known = column_names(resource)
    if len(names) > MOST_COLUMNS or any(name not in known for name in names):
        raise BadParameter("columns", _("The columns are some of: %(names)s.", names=", ".join(known)))
    return {"columns": names}


def _language(name: str, resource: Resource, value: str) -> dict[str, Any]:
    others = languages.content_locales()
    if value and not resource.translated:
        raise BadParameter(name, _("These records are not translated."))
    if value not in ("", *others):
        raise BadParameter(name, _("The language is one of: %(names)s.", names=", ".join(others)))
    return {name: value}


def _near(_resource: Resource, value: str) -> dict[str, Any]:
    try:
        day = date.fromisoformat(value) if value else None
    except ValueError as error:
        raise BadParameter("near", _("Give a date such as 2027-05-24.")) from error
    if day == date.max:  # a list that goes down begins with the day after
        raise BadParameter("near", _("The date is too far away."))
    return {"near": day}


def _month(_resource: Resource, value: str) -> dict[str, Any]:
    if value and not MONTH.match(value):
        raise BadParameter("month", _("Give a month such as 2027-05, or a week such as 2027-W21."))
    return {"month": value}


def _view(_resource: Resource, value: str) -> dict[str, Any]:
    key = parse_id(value)
    if key is None and value not in ("", "all"):
        raise BadParameter("view", _("There is no such view."))
    return {"view": str(key or "")}


READERS: dict[str, Callable[[Resource, str], dict[str, Any]]] = {
    "as": _way,
    "columns": _columns,
    "missing": partial(_language, "missing"),
    "outdated": partial(_language, "outdated"),
    "near": _near,
    "month": _month,
    "view": _view,
}
