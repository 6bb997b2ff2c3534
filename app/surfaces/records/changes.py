"""What somebody wants to write: raw values by field, translations, children; from a form, JSON or a file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _l

from app.kernel.errors import Invalid
from app.resources import Child, Field, Kind, On, Resource

Texts = dict[tuple[str, str], str]
"""Translations by (locale, field)."""


@dataclass(slots=True)
class ChildChanges:
    """One inline row; `id` is empty for a new one. The rows stand in their order. `same` is as in Changes."""

    index: str
    id: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    texts: Texts = field(default_factory=dict)
    same: frozenset[str] = frozenset()


@dataclass(slots=True)
class Changes:
    """Fields that are not named stay as they are; children of a group that is named are replaced by its rows.

    With `only_texts` nothing but translations is written: no row appears, goes or moves. `same` names the
    fields whose meaning stays as it was whatever is written: their translations stay right.
    """

    values: dict[str, Any] = field(default_factory=dict)
    texts: Texts = field(default_factory=dict)
    children: dict[str, list[ChildChanges]] = field(default_factory=dict)
    revision: int | None = None
    only_texts: bool = False
    same: frozenset[str] = frozenset()


def read_form(
    resource: Resource, form: Mapping[str, str], locales: Iterable[str], writes: bool = True
) -> Changes:
    """Read what the generated form sends; `writes` is False for someone who may only translate."""
    changes = Changes(revision=_whole(form.get("revision", "")), only_texts=not writes)
    changes.texts = _form_texts(form, "", resource.fields, locales)
    if not writes:
        for child in resource.children:
            rows = [_child_row(form, child, index, locales) for index in _indexes(form, child)]
            changes.children[child.name] = [ChildChanges(r.index, r.id, {}, r.texts) for r in rows if r.id]
        return changes
    for item in resource.fields_on(On.FORM):
        if item.kind is Kind.SWITCH:
            changes.values[item.name] = form.get(item.name, "")
        elif item.name in form:
            changes.values[item.name] = form[item.name]
    changes.same = _same(form, "", resource.fields)
    for child in resource.children:
        if f"{child.name}-present" in form:
            rows = [_child_row(form, child, index, locales) for index in _indexes(form, child)]
            changes.children[child.name] = [row for row in rows if row is not None]
    return changes


def read_json(resource: Resource, body: Any) -> Changes:
    """Read a JSON object; raises Invalid for names that are unknown or may not be written."""
    if not isinstance(body, dict):
        raise Invalid({"": [_l("Send a JSON object.")]})
    changes = Changes()
    errors: dict[str, list[Any]] = {}
    writable = _writable(resource.fields)
    for name, value in body.items():
        if name in writable:
            changes.values[writable[name].name] = value
        elif name == "revision" and isinstance(value, int):
            changes.revision = value
        elif name == "translations":
            changes.texts = _json_texts(value, resource.fields, errors, "")
        elif name == "same_meaning":
            changes.same = _json_same(value, resource.fields, errors, "")
        elif (child := resource.child(name)) is not None:
            changes.children[name] = _json_children(child, value, errors)
        else:
            errors[name] = [_l("This field is unknown or may not be written.")]
    if errors:
        raise Invalid(errors)
    return changes


def _writable(fields: Iterable[Field]) -> dict[str, Field]:
    chosen = [item for item in fields if item.on & On.FORM and item.on & On.API]
    return {item.name: item for item in chosen} | {item.key: item for item in chosen}


def _json_texts(value: Any, fields: Iterable[Field], errors: dict[str, list[Any]], prefix: str) -> Texts:
    translated = {item.key: item.name for item in fields if item.on & On.TRANSLATE}
    texts: Texts = {}
    if not isinstance(value, dict) or not all(isinstance(by_field, dict) for by_field in value.values()):
        errors[f"{prefix}translations"] = [_l('Send translations as {"de": {"name": "..."}}.')]
        return texts
    for locale, by_field in value.items():
        for name, text in by_field.items():
            if name not in translated or not isinstance(text, str | None):
                errors[f"{prefix}translations.{locale}.{name}"] = [_l("This field has no translations.")]
            else:
                texts[locale, translated[name]] = text or ""
    return texts


def _json_same(
    value: Any, fields: Iterable[Field], errors: dict[str, list[Any]], prefix: str
) -> frozenset[str]:
    translated = {item.key: item.name for item in fields if item.on & On.TRANSLATE}
    if not isinstance(value, list) or not all(isinstance(name, str) and name in translated for name in value):
        errors[f"{prefix}same_meaning"] = [_l("Send a list of names of translated fields.")]
        return frozenset()
    return frozenset(translated[name] for name in value)


def _json_children(child: Child, value: Any, errors: dict[str, list[Any]]) -> list[ChildChanges]:
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        errors[child.name] = [_l("Send a list of objects.")]
        return []
    writable = _writable(child.fields)
    rows = []
    for index, facts in enumerate(value):
        row = ChildChanges(str(index), str(facts.get("id") or ""))
        for name, raw in facts.items():
            if name in writable:
                row.values[writable[name].name] = raw
            elif name == "translations":
                row.texts = _json_texts(raw, child.fields, errors, f"{child.name}.{index}.")
            elif name == "same_meaning":
                row.same = _json_same(raw, child.fields, errors, f"{child.name}.{index}.")
            elif name != "id":
                errors[f"{child.name}.{index}.{name}"] = [_l("This field is unknown or may not be written.")]
        rows.append(row)
    return rows


def _form_texts(
    form: Mapping[str, str], prefix: str, fields: Iterable[Field], locales: Iterable[str]
) -> Texts:
    names = [item.name for item in fields if item.on & On.TRANSLATE]
    wanted = ((locale, name, f"{prefix}t-{locale}-{name}") for locale in locales for name in names)
    return {(locale, name): form[key] for locale, name, key in wanted if key in form}


def _same(form: Mapping[str, str], prefix: str, fields: Iterable[Field]) -> frozenset[str]:
    return frozenset(f.name for f in fields if f.on & On.TRANSLATE and f"{prefix}same-{f.name}" in form)


def _indexes(form: Mapping[str, str], child: Child) -> list[str]:
    """List the indexes of a child's rows in the order of their `-position`; removed rows are left out."""
    pattern = re.compile(rf"{re.escape(child.name)}-(\w{{1,12}})-position\Z")
    found = [(match[1], _whole(value)) for name, value in form.items() if (match := pattern.match(name))]
    kept = [(index, place or 0) for index, place in found if not form.get(f"{child.name}-{index}-DELETE")]
    return [index for index, _place in sorted(kept, key=lambda pair: pair[1]) if index != "__index__"]


def _child_row(form: Mapping[str, str], child: Child, index: str, locales: Iterable[str]) -> ChildChanges:
    prefix = f"{child.name}-{index}-"
    row = ChildChanges(index, form.get(f"{prefix}id", ""))
    row.texts = _form_texts(form, prefix, child.fields, locales)
    row.same = _same(form, prefix, child.fields)
    for item in child.fields_on(On.FORM):
        if item.kind is Kind.SWITCH:
            row.values[item.name] = form.get(prefix + item.name, "")
        elif prefix + item.name in form:
            row.values[item.name] = form[prefix + item.name]
    return row


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
