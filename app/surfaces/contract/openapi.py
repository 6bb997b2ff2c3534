"""The public side as an OpenAPI 3.1 document, made from the operations that check what they take."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Flask

from app.kernel.errors import CODES, BadParameter, DomainError, refusals
from app.resources import Catalogue
from app.surfaces.contract import idempotency
from app.surfaces.contract.examples import example_of
from app.surfaces.contract.operations import PREFIX, Auth, Operation, PublicApi
from app.surfaces.contract.reads import COMPONENTS, record_schemas
from app.surfaces.contract.schemas import Page

VERSION = "1.0.0"
"""Of the contract: the first number is that of the path, the second counts additions, the third corrections."""
PROBLEM = "application/problem+json"
ABOUT = """The public side of Festoon: content in the visitor's language, bookings, members and chat.

Every refusal is `application/problem+json` with a stable `code`. Within `/v1` nothing is taken away and no
meaning changes; fields and operations are added. What is to go away says so beforehand in the headers
`Deprecation` and `Sunset`.

## Begin here

1. Read without a key: `curl '/public/v1/packages?lang=de'` lists what may be booked, in German where it is written.
2. Book: `POST /public/v1/bookings` with an `Idempotency-Key` of your own making. Sent again with the same key, it
   is the same booking.
3. Sign a member in: `POST /public/v1/auth/login` gives an access token for the header
   `Authorization: Bearer ...`, and a refresh token for when it has ended.
4. Chat: `POST /public/v1/sessions` gives a token for the Socket.IO namespace `/public`, and for the same
   conversation over plain requests."""
TAGS = (
    ("Content", "Packages, themes, festivals and reviews, in the reader's language. No key is needed."),
    ("Bookings", "A wish for a day, its way to a confirmed booking, and its cancelling."),
    ("Rooms", "What is free in venues and their rooms, what it costs, and holding it until it is booked."),
    ("Waiting list", "A place in line for a time that others have, the offer of it, and leaving."),
    ("Sign-in", "Accounts and tokens."),
    ("Member", "What a member sees and changes of their own account."),
    ("Chat", "Conversations with staff, live or by asking again."),
)
"""In the order in which a newcomer meets them."""
_PROBLEM: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "correlation_id": {"type": "string"},
        "errors": {
            "type": "object",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
        "parameter": {"type": "string"},
        "findings": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "rule": {"type": "string"},
                    "is_kept": {"type": "boolean"},
                    "sentence": {"type": "string"},
                },
                "required": ["rule", "is_kept", "sentence"],
            },
        },
    },
    "required": ["type", "title", "status", "code", "detail", "correlation_id"],
}
_VARIABLE = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")
_VARIABLES: Mapping[str | None, Mapping[str, Any]] = {
    "uuid": {"type": "string", "format": "uuid"},
    "int": {"type": "integer", "minimum": 0},
    None: {"type": "string"},
}


def operations(app: Flask) -> Iterator[Operation]:
    """List every public operation of the program."""
    for blueprint in app.blueprints.values():
        if isinstance(blueprint, PublicApi):
            yield from blueprint.operations


def document(app: Flask, catalogue: Catalogue) -> dict[str, Any]:
    """Write the whole contract; raises LookupError for a refusal that the program does not know."""
    spec = APISpec(
        title="Festoon public API",
        version=VERSION,
        openapi_version="3.1.0",
        info={"description": ABOUT},
        servers=[{"url": "/"}],
        tags=[{"name": name, "description": about} for name, about in TAGS],
        plugins=[MarshmallowPlugin(schema_name_resolver=_name_of)],
    )
    spec.components.schema("Problem", dict(_PROBLEM))
    spec.components.schema("Page", schema=Page)
    for name, schema in COMPONENTS.items():
        spec.components.schema(name, schema)
    for resource in catalogue:
        if resource.public:
            for name, schema in record_schemas(catalogue, resource):
                spec.components.schema(name, schema)
    spec.components.security_scheme("member", {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"})
    for operation in operations(app):
        path = _VARIABLE.sub(r"{\g<name>}", PREFIX + operation.path)
        spec.path(path=path, operations={operation.method.lower(): _described(operation)})
    written: dict[str, Any] = spec.to_dict()
    _exemplify(written)
    return written


def _exemplify(written: Mapping[str, Any]) -> None:
    """Give each answer without an example one that is made from its schema."""
    schemas = written["components"]["schemas"]
    for item in written["paths"].values():
        for operation in item.values():
            for said in operation["responses"].values():
                for kind, content in said.get("content", {}).items():
                    if kind != PROBLEM and "example" not in content:
                        content["example"] = example_of(content["schema"], schemas)


def _name_of(schema: Any) -> str:
    made = schema if isinstance(schema, type) else type(schema)
    return str(made.__name__).removesuffix("Schema")


def _described(operation: Operation) -> dict[str, Any]:
    """Write one operation."""
    parameters = [*_path_parameters(operation), *operation.parameters, *_query_parameters(operation)]
    if operation.idempotent:
        parameters.append(_IDEMPOTENCY_KEY)
    found: dict[str, Any] = {
        "operationId": operation.endpoint,
        "summary": operation.summary,
        "tags": [operation.tag],
        "parameters": parameters,
        "responses": dict(_responses(operation)),
    }
    if operation.description:
        found["description"] = operation.description
    if operation.takes is not None:
        is_needed = bool(operation.files) or any(field.required for field in operation.takes.fields.values())
        found["requestBody"] = {"required": is_needed, "content": _taken(operation)}
    if operation.auth is not Auth.NOBODY:
        found["security"] = [{"member": []}] + ([{}] if operation.auth is Auth.OPTIONAL else [])
    if operation.deprecated:
        found["deprecated"] = True
    return found


_IDEMPOTENCY_KEY: Mapping[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Made by the client, the same for each try of one wish: it is granted once.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}


def _path_parameters(operation: Operation) -> Iterator[dict[str, Any]]:
    for match in _VARIABLE.finditer(operation.path):
        schema = dict(_VARIABLES.get(match["kind"], _VARIABLES[None]))
        yield {"name": match["name"], "in": "path", "required": True, "schema": schema}


def _query_parameters(operation: Operation) -> Iterable[Any]:
    return [{"in": "query", "schema": operation.query}] if operation.query is not None else []


def _taken(operation: Operation) -> dict[str, Any]:
    if operation.files:
        parts = {name: {"type": "string", "format": "binary"} for name in operation.files}
        return {"multipart/form-data": {"schema": {"type": "object", "properties": parts}}}
    content: dict[str, Any] = {"schema": operation.takes}
    if operation.example is not None:
        content["example"] = operation.example
    return {"application/json": content}


def _responses(operation: Operation) -> Iterator[tuple[str, dict[str, Any]]]:
    for status, schema in operation.gives.items():
        said: dict[str, Any] = {"description": HTTPStatus(status).phrase}
        if schema is not None:
            content: dict[str, Any] = {"schema": schema}
            if operation.example_answer is not None and status == next(iter(operation.gives)):
                content["example"] = operation.example_answer
            said["content"] = {"application/json": content}
        yield str(status), said
    by_status: dict[int, list[str]] = {}
    for code, status in refused(operation):
        by_status.setdefault(status, []).append(code)
    for status, codes in sorted(by_status.items()):
        schema = {"$ref": "#/components/schemas/Problem"}
        told = ", ".join(f"`{code}`" for code in sorted(set(codes)))
        yield str(status), {"description": f"Refused: {told}", "content": {PROBLEM: {"schema": schema}}}


def refused(operation: Operation) -> Iterator[tuple[str, int]]:
    """List (code, status) of every refusal: those it names, and those that follow from what it takes."""
    known = refusals()
    yield CODES[503], 503
    if operation.auth is not Auth.NOBODY:
        yield CODES[401], 401
    if operation.takes is not None:
        for status in (400, 413, 415, 422):
            yield CODES[status], status
    if operation.query is not None:
        yield BadParameter.code, 400
    if operation.idempotent:
        yield from ((kind.code, kind.status) for kind in idempotency.REFUSALS)
    if _VARIABLE.search(operation.path):
        yield CODES[404], 404
    for refusal in operation.refuses:
        if isinstance(refusal, int):
            yield CODES[refusal], refusal
        elif isinstance(refusal, str):
            yield refusal, known[refusal]
        elif issubclass(refusal, DomainError):
            yield refusal.code, refusal.status
