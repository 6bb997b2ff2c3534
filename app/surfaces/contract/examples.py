"""An example of a generated answer, from its schema and the words of the trade."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_BY_NAME: Mapping[str, Any] = {
    "id": "01a1fcbc-ec04-77e8-aa43-d3c0b2e06cd4",
    "name": "Garden party",
    "slug": "garden-party",
    "description": "Lanterns in the trees, a long table, music until ten.",
    "customs": "<p>Lamps on every sill, sweets for every neighbour.</p>",
    "colour": "#8f2468",
    "zone": "Asia/Kolkata",
    "text": "Lanterns",
    "author_name": "Amal",
    "message": "Everything was ready when we came.",
    "default_message": "A bright festival to you and yours.",
    "alt": "A long table under lanterns",
    "url": "/media/packages/garden-party.webp",
    "currency": "EUR",
    "minor": 189_000,
    "country": "IN",
    "locale": "en",
    "rating": 5,
    "rating_average": 4.6,
    "rating_count": 5,
    "width": 1600,
    "height": 1067,
    "size": 25,
    "next": None,
    "total": 1,
    "total_is_estimate": False,
    "languages": {"name": "en"},
    "blurhash": "LKO2?U%2Tw=w]~RBVZRi};RPxuwH",
    "focal": {"x": 0.5, "y": 0.4},
    "srcset": {"webp": "/media/packages/garden-party-640.webp 640w"},
    "thumb": "/media/packages/garden-party-thumb.webp",
}
_BY_FORMAT: Mapping[str, Any] = {
    "date": "2027-05-24",
    "date-time": "2027-05-24T18:00:00+00:00",
    "uuid": _BY_NAME["id"],
    "email": "amal@example.com",
}
_BY_TYPE: Mapping[str, Any] = {"string": "text", "integer": 1, "number": 1, "boolean": True, "null": None}


def example_of(schema: Mapping[str, Any], components: Mapping[str, Any], name: str = "") -> Any:
    """Make a value of a schema; `components` holds what it refers to."""
    if "$ref" in schema:
        return example_of(components[schema["$ref"].rsplit("/", 1)[1]], components, name)
    if "anyOf" in schema:
        return example_of(schema["anyOf"][0], components, name)
    if "examples" in schema:
        return schema["examples"][0]
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type", "object")
    if name in _BY_NAME and _is_of(_BY_NAME[name], kind):
        return _BY_NAME[name]
    if kind == "object":
        return {
            key: example_of(inner, components, key) for key, inner in schema.get("properties", {}).items()
        }
    if kind == "array":
        return [example_of(schema["items"], components)]
    return _BY_FORMAT.get(schema.get("format", ""), _BY_TYPE[kind if isinstance(kind, str) else kind[0]])


_PYTHON: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "object": (dict,),
    "array": (list,),
    "null": (type(None),),
}


def _is_of(value: Any, kinds: Any) -> bool:
    return any(isinstance(value, _PYTHON[kind]) for kind in ([kinds] if isinstance(kinds, str) else kinds))
