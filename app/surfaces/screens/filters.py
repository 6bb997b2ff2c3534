"""The filters of a list: what each of them says in its chip, and the inputs by which it is changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from weakref import WeakKeyDictionary

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.access.messages import tongue
from app.access.rights import may
from app.kernel import languages
from app.kernel.db import db
from app.kernel.ids import parse_id
from app.kernel.recent import Recent
from app.resources import Catalogue, Field, Kind, On, Resource
from app.resources.kinds import plain
from app.surfaces.records import wording
from app.surfaces.records.chosen import find_chosen
from app.surfaces.records.days import DATED
from app.surfaces.records.query import Filter, ListQuery, write_query
from app.surfaces.screens.countries import country_choices
from app.surfaces.screens.pages import Choice, FilterInput, Preset

LANGUAGES = {"missing": _l("Language missing"), "outdated": _l("Out of date in")}
"""The filters that are no field's: a language in which texts are missing, or were made from another source."""

_MANY = (Kind.CHOICE, Kind.LOCALE, Kind.COUNTRY, Kind.RELATION, Kind.RELATIONS, Kind.RATING)


_RELATED = (Kind.RELATION, Kind.RELATIONS)
Idle = tuple[tuple[Field, FilterInput], ...]
_IDLE: WeakKeyDictionary[Catalogue, Recent[Idle]] = WeakKeyDictionary()


def filter_inputs(catalogue: Catalogue, resource: Resource, query: ListQuery) -> tuple[FilterInput, ...]:
    """List the filters there are, with what those in force say."""
    base = f"/{resource.path}/"
    idle = _IDLE.setdefault(catalogue, Recent(256))
    known = idle.get((resource.name, tongue()), lambda: _idle(catalogue, resource, base))
    held = {item.field.name for item in query.filters}
    found = [
        _summary(catalogue, field, query, base) if field.name in held else summary for field, summary in known
    ]
    if resource.translated:
        found += [_language(name, query, base) for name in LANGUAGES]
    return tuple(found)


def _idle(catalogue: Catalogue, resource: Resource, base: str) -> Idle:
    """Give each field's filter as it is while it is not in force."""
    return tuple((field, _summary(catalogue, field, ListQuery(), base)) for field in _fields(resource))


def filter_editor(
    catalogue: Catalogue, resource: Resource, query: ListQuery, name: str
) -> FilterInput | None:
    """Make the inputs of one filter with what the address holds; None where there is no such filter."""
    base = f"/{resource.path}/"
    if name in LANGUAGES and resource.translated:
        return _language(name, query, base)
    field = next((field for field in _fields(resource) if field.key == name), None)
    return _editor(catalogue, field, query, base) if field is not None else None


def _fields(resource: Resource) -> list[Field]:
    return [field for field in resource.fields_on(On.FILTER) if field.is_asked]


def _held(query: ListQuery, field: Field) -> dict[str, Filter]:
    return {item.operator: item for item in query.filters if item.field.name == field.name}


def _summary(
    catalogue: Catalogue, field: Field, query: ListQuery, base: str, held: Mapping[str, Filter] | None = None
) -> FilterInput:
    held = _held(query, field) if held is None else held
    rest = tuple(item for item in query.filters if item.field.name != field.name)
    return FilterInput(
        name=field.key,
        label=str(field.label),
        kind=(field.kind or Kind.TEXT).value,
        active_text=_active_text(catalogue, field, held),
        clear_url=_address(base, write_query(query, filters=rest)) if held else "",
        editor_url=f"{base}filter?field={field.key}",
    )


def _editor(catalogue: Catalogue, field: Field, query: ListQuery, base: str) -> FilterInput:
    held = _held(query, field)
    chosen = _chosen(held)
    summary = _summary(catalogue, field, query, base, held)
    low, high, null = held.get("gte"), held.get("lte"), held.get("null")
    is_relation = field.kind in _RELATED
    return FilterInput(
        name=summary.name,
        label=summary.label,
        kind=summary.kind,
        choices=_choices(catalogue, field, chosen),
        value=",".join(plain(field, value) for value in chosen),
        low=_typed(low),
        high=_typed(high),
        active_text=summary.active_text,
        clear_url=summary.clear_url,
        search_url=f"/{catalogue[field.target].path}/lookup"
        if is_relation and may("list", field.target)
        else "",
        takes_many=field.kind in _MANY or field.names is not None,
        can_be_empty=field.join is not None or bool(field.column.nullable),
        is_null="" if null is None else str(null.value).lower(),
        presets=_presets(low, high) if field.kind in DATED else (),
    )


def _chosen(held: Mapping[str, Filter]) -> list[Any]:
    item = held.get("in") or held.get("eq")
    if item is None:
        return []
    return list(item.value) if isinstance(item.value, list) else [item.value]


def _typed(item: Filter | None) -> str:
    """Give what an input of a range shows: a day alone for an instant."""
    if item is None:
        return ""
    written = plain(item.field, item.value)
    return written[:10] if item.field.kind is Kind.INSTANT else written


def _presets(low: Filter | None, high: Filter | None) -> tuple[Preset, ...]:
    held = (low.moving if low else "", high.moving if high else "")
    return tuple(Preset(label, *bounds, held == bounds) for bounds, label in _named_ranges().items())


def _named_ranges() -> dict[tuple[str, str], str]:
    return {
        ("today", "today"): _("Today"),
        ("today", "today+7"): _("Next 7 days"),
        ("today-7", "today"): _("Last 7 days"),
        ("month", "month"): _("This month"),
        ("month+1", "month+1"): _("Next month"),
        ("month-1", "month-1"): _("Last month"),
    }


def _language(name: str, query: ListQuery, base: str) -> FilterInput:
    reader, value = wording.reader(), str(getattr(query, name))
    choices = tuple(
        Choice(tag, wording.language(tag, reader), tag == value) for tag in languages.content_locales()
    )
    cleared: dict[str, Any] = {name: ""}
    return FilterInput(
        name=name,
        label=str(LANGUAGES[name]),
        kind="language",
        choices=choices,
        value=value,
        active_text=wording.language(value, reader) if value else "",
        clear_url=_address(base, write_query(query, **cleared)) if value else "",
        editor_url=f"{base}filter?field={name}",
    )


def _choices(catalogue: Catalogue, field: Field, chosen: list[Any]) -> tuple[Choice, ...]:
    if field.kind is Kind.CHOICE:
        return tuple(Choice(o.value, str(o.label), o.value in chosen) for o in field.options)
    if field.names is not None:
        names = dict.fromkeys(chosen, "") | field.names.choices()
        return tuple(Choice(code, name or code, code in chosen) for code, name in names.items())
    if field.kind is Kind.SWITCH:
        return (Choice("true", _("Yes"), True in chosen), Choice("false", _("No"), False in chosen))
    if field.kind is Kind.COUNTRY:
        return country_choices(None)
    if field.kind is Kind.LOCALE:
        reader = wording.reader()
        tags = dict.fromkeys([*languages.locales(), *chosen])
        return tuple(Choice(tag, wording.language(tag, reader), tag in chosen) for tag in tags)
    if field.kind is Kind.RATING:
        return tuple(Choice(str(n), str(n), n in chosen) for n in range(1, 6))
    if field.kind in _RELATED:
        return tuple(Choice(str(key), related_title(catalogue, field, key), True) for key in chosen)
    return ()


def related_title(catalogue: Catalogue, field: Field, key: Any, *, is_held: bool = False) -> str:
    """Name the record a relation points at; what was typed may be no key of it at all, or one of others' records.

    What a record that the reader sees points at already `is_held`: they may know its name.
    """
    target = catalogue[field.target]
    key = key_in(target, key)
    found = find_chosen(db.session(), target, key, is_held) if key is not None else None
    return str(getattr(found, target.title)) if found is not None else _("(not there any more)")


def key_in(target: Resource, key: Any) -> Any:
    """Read a key of records of a content type; None when it is none."""
    if target.model.__table__.c.id.type.python_type is not int:
        return parse_id(key)
    text = str(key)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _active_text(catalogue: Catalogue, field: Field, held: Mapping[str, Filter]) -> str:
    """Word an active filter for its chip: "Date: from 1 May 2027"."""
    if not held:
        return ""
    low, high = held.get("gte"), held.get("lte")
    named = _named_ranges().get((low.moving, high.moving)) if low and high else None
    parts = [named] if named else []
    for operator, item in held.items():
        if operator == "null":
            parts.append(_("empty") if item.value else _("not empty"))
        elif operator not in ("gte", "lte") or not named:
            parts.append(_condition(operator, _words(catalogue, field, item.value)))
    return " ".join(parts)


def _words(catalogue: Catalogue, field: Field, value: Any) -> str:
    values = value if isinstance(value, list) else [value]
    words = [_word(catalogue, field, item) for item in values[:3]]
    if len(values) > 3:
        words.append(_("%(number)s more", number=len(values) - 3))
    return ", ".join(words)


def _condition(operator: str, words: str) -> str:
    if operator == "gte":
        return _("from %(value)s", value=words)
    if operator == "lte":
        return _("to %(value)s", value=words)
    return _("not %(value)s", value=words) if operator == "ne" else words


def _word(catalogue: Catalogue, field: Field, value: Any) -> str:
    if field.kind is Kind.INSTANT:
        return wording.day(value.date(), wording.reader())
    title = related_title(catalogue, field, value) if field.kind in _RELATED else ""
    if field.kind is Kind.RELATIONS:
        return title
    return wording.cell(field, value, wording.reader(), title=title).text


def _address(base: str, pairs: list[tuple[str, str]]) -> str:
    return f"{base}?{urlencode(pairs)}" if pairs else base
