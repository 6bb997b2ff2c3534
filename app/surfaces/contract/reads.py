"""The contract of the generated reads: what a resource's public JSON looks like, from its declaration."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.resources import Catalogue, Child, Field, Kind, On, Resource
from app.resources.kinds import UNORDERED
from app.surfaces.contract.operations import Operation
from app.surfaces.records.query import LARGEST_PAGE, LONGEST_SEARCH, filterable, sortable

TEXT = {"type": "string"}
KEY = {"type": "string", "format": "uuid"}
LANG = {"type": "string", "maxLength": 35, "pattern": "^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$"}
MONEY = {
    "type": "object",
    "properties": {"minor": {"type": "integer"}, "currency": TEXT},
    "required": ["minor", "currency"],
    "additionalProperties": False,
}
PICTURE = {
    "type": "object",
    "properties": {
        "id": KEY,
        "url": TEXT,
        "width": {"type": "integer"},
        "height": {"type": "integer"},
        "alt": TEXT,
        "blurhash": {"type": ["string", "null"]},
        "focal": {
            "type": "object",
            "properties": {"x": {"type": "number"}, "y": {"type": "number"}},
            "required": ["x", "y"],
        },
        "srcset": {"type": "object", "additionalProperties": TEXT},
        "thumb": {"type": ["string", "null"]},
    },
    "required": ["id", "url", "width", "height", "blurhash", "focal", "srcset", "thumb"],
    "additionalProperties": False,
}
SLUGS = {
    "type": "object",
    "additionalProperties": TEXT,
    "description": "The slug in each language that has one of its own; the others are found under that of `en`.",
}
LANGUAGES = {
    "type": "object",
    "additionalProperties": {"type": ["string", "null"]},
    "description": "The language that each text came from; null with `fallback=none` where it is not there.",
}
FALLBACK = "With `none` a text that is not there in just this language is empty and its language in `languages` is null."
TIME = {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$", "examples": ["09:00"]}
COMPONENTS: dict[str, dict[str, Any]] = {"Money": MONEY, "Picture": PICTURE}

_PLAIN: dict[Kind, dict[str, Any]] = {
    Kind.NUMBER: {"type": "integer"},
    Kind.MINUTES: {"type": "integer"},
    Kind.DECIMAL: {"type": "number"},
    Kind.RATING: {"type": "number"},
    Kind.SWITCH: {"type": "boolean"},
    Kind.DATE: {"type": "string", "format": "date"},
    Kind.TIME: TIME,
    Kind.INSTANT: {"type": "string", "format": "date-time"},
    Kind.EMAIL: {"type": "string", "format": "email"},
    Kind.TAGS: {"type": "array", "items": {"type": "string"}},
    Kind.BYTES: {"type": "integer"},
    Kind.JSON: {},
    Kind.RICH_TEXT: {"type": "string", "contentMediaType": "text/html"},
    Kind.COLOUR: {"type": "string", "pattern": "^#[0-9a-f]{6}$"},
}

_ASKED: dict[Kind, dict[str, Any]] = {
    Kind.NUMBER: {"type": "integer", "minimum": -(2**31) + 1, "maximum": 2**31 - 1},
    Kind.MINUTES: {"type": "integer", "minimum": -(2**31) + 1, "maximum": 2**31 - 1},
    Kind.RATING: {"type": "integer", "minimum": 1, "maximum": 5},
    Kind.MONEY: {"type": "number", "minimum": 0, "maximum": 10**11},
    Kind.SWITCH: {"type": "boolean"},
    Kind.DATE: {"type": "string", "format": "date"},
    Kind.TIME: TIME,
    Kind.INSTANT: {"type": "string", "format": "date-time"},
    Kind.RELATION: KEY,
    Kind.RELATIONS: KEY,
    Kind.COUNTRY: {"type": "string", "pattern": "^[A-Za-z]{2}$"},
    Kind.COLOUR: {"type": "string", "pattern": "^#?([0-9a-fA-F]{6}|[0-9a-fA-F]{3})$"},
}
"""What a filter takes. Money is asked in whole units."""


def read_operations(resource: Resource) -> tuple[Operation, Operation]:
    """Describe the list and the detail of a public resource."""
    path = resource.public
    name = resource.model.__name__
    tag = "Content"
    asked = (
        _parameter("lang", "The language of the answer; without it Accept-Language is read.", LANG),
        _parameter("fallback", FALLBACK, {"type": "string", "enum": ["none"]}),
    )
    listed = Operation(
        "GET",
        f"/{path}",
        f"List {path}",
        tag,
        f"{resource.name}_list",
        {200: _envelope(name)},
        parameters=(*_list_parameters(resource), *asked),
        refuses=("bad_parameter",),
        description=f"Pages of {path} in the reader's language, each field with its fallback.",
    )
    detail = Operation(
        "GET",
        f"/{path}/<wanted>",
        f"Read one of the {path}",
        tag,
        f"{resource.name}_detail",
        {200: {"type": "object", "properties": {"data": _ref(name)}, "required": ["data"]}}
        | ({301: None} if resource.address is not None else {}),
        parameters=asked,
        refuses=("bad_parameter",),
        description=_found_by(resource),
    )
    return listed, detail


def _found_by(resource: Resource) -> str:
    if resource.address is not None:
        return "By its key or its slug in any language. A slug that it had before is answered with its present one (301)."
    return "By its key" + (" or its slug." if resource.slug_field else ".")


def record_schemas(catalogue: Catalogue, resource: Resource) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give the schema of a record and of each kind of children, by name."""
    for child in resource.children:
        if child.public:
            yield _child_name(child), _object(catalogue, child.fields_on(On.PUBLIC), {})
    more = {
        child.name: {"type": "array", "items": _ref(_child_name(child))}
        for child in resource.children
        if child.public
    }
    yield resource.model.__name__, _object(catalogue, resource.fields_on(On.PUBLIC), more)


def _child_name(child: Child) -> str:
    return str(child.model.__name__)


def _object(catalogue: Catalogue, fields: tuple[Field, ...], more: dict[str, Any]) -> dict[str, Any]:
    properties: dict[str, Any] = {"id": KEY}
    for field in fields:
        properties[field.key] = _field(catalogue, field)
        if field.is_address:
            properties["slugs"] = SLUGS
    properties["languages"] = LANGUAGES
    properties |= more
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _field(catalogue: Catalogue, field: Field) -> dict[str, Any]:
    if field.join is not None:
        return {"type": "array", "items": _relation(catalogue[field.target])}
    can_miss = not field.is_stored or bool(field.column.nullable)
    if field.kind is Kind.MONEY:
        return _or_null(_ref("Money"), can_miss)
    if field.kind is Kind.PICTURE:
        return _or_null(_ref("Picture"), can_miss=True)  # one that may not be shown is null
    if field.kind is Kind.RELATION:
        return _or_null(
            _relation(catalogue[field.target]), can_miss=True
        )  # what the public may not see is null
    schema = dict(_PLAIN.get(field.kind or Kind.TEXT, TEXT))
    if field.options:
        schema["enum"] = [option.value for option in field.options]
    return _or_null(schema, can_miss)


def _relation(target: Resource) -> dict[str, Any]:
    properties = {"id": KEY, target.title: TEXT}
    if target.slug_field is not None:
        properties[target.slug_field.name] = TEXT
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _or_null(schema: dict[str, Any], can_miss: bool) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]} if can_miss and schema else schema


def _envelope(name: str) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {"data": {"type": "array", "items": _ref(name)}, "page": _ref("Page")},
        "required": ["data", "page"],
        "additionalProperties": False,
    }


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _parameter(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": description, "schema": schema}


def _list_parameters(resource: Resource) -> Iterator[dict[str, Any]]:
    size = {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": 25}
    yield _parameter("page[size]", "How many records a page holds.", size)
    yield _parameter("page[after]", "`page.next` of the answer before, unchanged.", TEXT)
    names = sorted(sortable(resource, On.PUBLIC))
    yield _parameter("sort", f"Order by: {', '.join(names)}; a minus before a name turns it round.", TEXT)
    if resource.fields_on(On.SEARCH):
        yield _parameter("q", "Search.", TEXT | {"maxLength": LONGEST_SEARCH})
    for field in dict.fromkeys(filterable(resource, On.PUBLIC).values()):
        yield from _filters(field)


def _decimal(field: Field) -> dict[str, Any]:
    """Say which numbers a decimal column takes."""
    most = 10 ** (field.precision - field.scale)
    return {"type": "number", "exclusiveMinimum": -most, "exclusiveMaximum": most}


def _filters(field: Field) -> Iterator[dict[str, Any]]:
    """Describe a field's filters."""
    key = field.key
    asked = _ASKED.get(field.kind or Kind.TEXT, TEXT)
    if field.kind is Kind.DECIMAL:
        asked = _decimal(field)
    if field.options:
        asked = TEXT | {"enum": [option.value for option in field.options]}
    yield _parameter(f"filter[{key}]", f"`{key}` is this.", asked)
    yield _parameter(f"filter[{key}][ne]", f"`{key}` is not this.", asked)
    if field.kind not in UNORDERED:
        yield _parameter(f"filter[{key}][gte]", f"`{key}` is at least this.", asked)
        yield _parameter(f"filter[{key}][lte]", f"`{key}` is at most this.", asked)
    yield _parameter(f"filter[{key}][in]", f"`{key}` is one of these, separated by commas.", TEXT)
    yield _parameter(f"filter[{key}][null]", f"`{key}` has no value.", {"type": "boolean"})
