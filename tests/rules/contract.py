"""Compare the public contract with the released one; `make contract` releases today's.

What a client could rely on must stay: paths, methods, parameters, fields of answers and their types, statuses.
What a client must send may only become less. Additions pass.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

RELEASED = "docs/openapi-v1.json"


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """List what breaks a client of the old contract."""
    return list(_paths(old, new))


def _paths(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for path, item in old["paths"].items():
        for method, operation in item.items():
            place = f"{method.upper()} {path}"
            now = new["paths"].get(path, {}).get(method)
            if now is None:
                yield f"{place} is gone"
            else:
                yield from _operation(place, (old, operation), (new, now))


def _operation(place: str, before: tuple[Any, Any], after: tuple[Any, Any]) -> Iterator[str]:
    (old, was), (new, now) = before, after
    named = {(item["in"], item["name"]): item for item in now.get("parameters", [])}
    for parameter in was.get("parameters", []):
        if (parameter["in"], parameter["name"]) not in named:
            yield f"{place}: parameter {parameter['name']} is gone"
    known = {(item["in"], item["name"]) for item in was.get("parameters", [])}
    for key, parameter in named.items():
        if parameter.get("required") and key not in known:
            yield f"{place}: parameter {parameter['name']} is asked for now"
    for status in set(was["responses"]) - set(now["responses"]):
        if status < "300":
            yield f"{place}: status {status} is gone"
    for status, said in was["responses"].items():
        then = now["responses"].get(status)
        if status < "300" and then is not None:
            yield from _answer(f"{place} {status}", (old, _content(said)), (new, _content(then)))
    asked = (old, _content(was.get("requestBody", {}))), (new, _content(now.get("requestBody", {})))
    yield from _request(f"{place} body", *asked)


def _content(said: Mapping[str, Any]) -> Any:
    contents = said.get("content", {})
    return next((content.get("schema", {}) for content in contents.values()), {})


def _open(document: Mapping[str, Any], schema: Any) -> Any:
    while isinstance(schema, Mapping) and "$ref" in schema:
        schema = document["components"]["schemas"].get(schema["$ref"].rsplit("/", 1)[1], {})
    return schema


def _answer(place: str, before: tuple[Any, Any], after: tuple[Any, Any], depth: int = 0) -> Iterator[str]:
    """A field of an answer must stay, with a type that is no wider; what was always there must always be there."""
    if depth > 6:
        return
    was, now = _open(*before), _open(*after)
    if (wider := _types(now) - _types(was)) and _types(was):
        yield f"{place} may be {', '.join(sorted(wider))} now"
        return
    for name, field in was.get("properties", {}).items():
        if name not in now.get("properties", {}):
            yield f"{place}.{name} is gone"
            continue
        if name in was.get("required", []) and name not in now.get("required", []):
            yield f"{place}.{name} may be missing now"
        yield from _answer(
            f"{place}.{name}", (before[0], field), (after[0], now["properties"][name]), depth + 1
        )
    if "items" in was:
        yield from _answer(
            f"{place}[]", (before[0], was["items"]), (after[0], now.get("items", {})), depth + 1
        )
    for part, then in zip(was.get("anyOf", []), now.get("anyOf", []), strict=False):
        yield from _answer(place, (before[0], part), (after[0], then), depth + 1)


def _request(place: str, before: tuple[Any, Any], after: tuple[Any, Any]) -> Iterator[str]:
    """What is asked for may only become less."""
    was, now = _open(*before), _open(*after)
    for name in set(now.get("required", [])) - set(was.get("required", [])):
        yield f"{place}.{name} is asked for now"
    for name, field in was.get("properties", {}).items():
        if name not in now.get("properties", {}):
            yield f"{place}.{name} is not taken any more"
            continue
        then = _open(after[0], now["properties"][name])
        if _types(_open(before[0], field)) - _types(then) and _types(then):
            yield f"{place}.{name} takes less types now"
        if set(_open(before[0], field).get("enum", [])) - set(then.get("enum", [])) and "enum" in then:
            yield f"{place}.{name} takes less values now"


def _types(schema: Any) -> set[str]:
    found = schema.get("type", []) if isinstance(schema, Mapping) else []
    types = {found} if isinstance(found, str) else set(found)
    for part in schema.get("anyOf", []) if isinstance(schema, Mapping) else []:
        types |= _types(part) or {"object"}
    return types


def main() -> None:
    """Release today's contract."""
    from app import create_app
    from app.surfaces.contract.openapi import document

    settings = {
        "SQLALCHEMY_DATABASE_URI": "postgresql+psycopg:///none",
        "REDIS_URL": "",
        "SECRET_KEY": "k" * 48,
    }
    app = create_app(settings)
    with app.app_context():
        written = document(app, app.extensions["catalogue"])
    text = json.dumps(written, ensure_ascii=False, sort_keys=True, indent=1)
    Path(RELEASED).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
