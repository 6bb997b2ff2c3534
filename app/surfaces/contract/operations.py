"""An operation of the public side: declared once with what it takes and gives, then checked and documented."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from enum import Enum
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID

from flask import Blueprint, Response, request
from flask_babel import gettext as _
from marshmallow import Schema, ValidationError

from app.access import realms
from app.kernel.errors import BadParameter, DomainError
from app.surfaces.contract import idempotency
from app.surfaces.contract.schemas import flat, load

PREFIX = "/public/v1"
View = TypeVar("View", bound=Callable[..., Any])


class Auth(Enum):
    """Whose token an operation takes."""

    NOBODY = "nobody"
    """None is read."""
    OPTIONAL = "optional"
    """A member's counts, a wrong one is refused; without one it is a visitor who asks."""
    MEMBER = "member"
    """There must be a member's."""


@dataclass(frozen=True)
class Answer:
    """What an operation answers where a payload alone does not say it."""

    payload: Any = None
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)


Refusal = type[DomainError] | str | int
"""A refusal by its class, by its code or by its HTTP status."""


@dataclass(frozen=True)
class Operation:
    """One method of one address. `gives` maps a status to the schema of its payload (None: no content).

    `path` is as Flask writes it, without the prefix; `sunset` is the day after which it may be gone.
    `finish` adds to the payload what must not be kept with an idempotent answer, such as a secret link.
    """

    method: str
    path: str
    summary: str
    tag: str
    endpoint: str
    gives: Mapping[int, Any]
    takes: Schema | None = None
    query: Schema | None = None
    files: Mapping[str, str] = field(default_factory=dict)
    refuses: tuple[Refusal, ...] = ()
    auth: Auth = Auth.NOBODY
    idempotent: bool = False
    finish: Callable[[Any], Any] | None = None
    description: str = ""
    example: Any = None
    example_answer: Any = None
    example_query: Mapping[str, Any] = field(default_factory=dict)
    parameters: tuple[Mapping[str, Any], ...] = ()
    deprecated: date | None = None
    sunset: date | None = None

    @property
    def is_safe(self) -> bool:
        """Tell whether it only reads."""
        return self.method in ("GET", "HEAD")


class PublicApi(Blueprint):
    """A group of public operations under `/public/v1`, each with its contract."""

    def __init__(self, name: str, tag: str) -> None:
        super().__init__(name, __name__, url_prefix=PREFIX)
        self.tag = tag
        self.operations: list[Operation] = []

    def operation(
        self,
        method: str,
        path: str,
        summary: str,
        *,
        gives: Mapping[int, Any],
        takes: type[Schema] | Schema | None = None,
        query: type[Schema] | Schema | None = None,
        **facts: Any,
    ) -> Callable[[View], View]:
        """Let a view answer the address. It is called with what it declared: `body`, `query`, `member`, path values.

        It returns a payload that is plain JSON but for dates, instants and keys, or an Answer, or a Response.
        A broken body raises Invalid by field (422), a broken query BadParameter (400).
        """

        def register(view: View) -> View:
            operation = Operation(
                method,
                path,
                summary,
                facts.pop("tag", self.tag),
                facts.pop("endpoint", view.__name__),
                {status: _made(schema) for status, schema in gives.items()},
                _made(takes),
                _made(query),
                **facts,
            )
            self.declare(operation, _guarded(operation, view))
            return view

        return register

    def declare(self, operation: Operation, view: Callable[..., Any]) -> None:
        """Add an operation whose view checks what it is given by itself."""
        self.operations.append(operation)
        self.add_url_rule(operation.path, operation.endpoint, view, methods=[operation.method])


def _made(schema: Any) -> Any:
    return schema() if isinstance(schema, type) and issubclass(schema, Schema) else schema


def _guarded(operation: Operation, view: Callable[..., Any]) -> Callable[..., Response]:
    @wraps(view)
    def answer(**variables: Any) -> Response:
        given = dict(variables)
        if operation.auth is Auth.MEMBER:
            given["member"] = realms.holder()
        elif operation.auth is Auth.OPTIONAL:
            given["member"] = realms.holder_if_any()
        if operation.query is not None:
            given["query"] = _query(operation.query)
        if operation.takes is not None:
            given["body"] = load(operation.takes, _body(operation))
        if operation.idempotent and idempotency.HEADER in request.headers:
            return _once(operation, given.get("member"), lambda: view(**given))
        return respond(operation, view(**given))

    return answer


def _once(operation: Operation, member: Any, do: Callable[[], Any]) -> Response:
    """Answer as before to a key that was answered, else do it and keep the answer."""

    def keep() -> idempotency.Stored:
        answer = _answer(operation, do())
        return idempotency.Stored(answer.status, answer.headers, dump(answer.payload))

    stored, is_replayed = idempotency.once(member, keep)
    response = respond(operation, Answer(json.loads(stored.body), stored.status, stored.headers))
    if is_replayed:
        response.headers[idempotency.REPLAYED] = "true"
    return response


def _body(operation: Operation) -> Any:
    """Read the JSON, or the text parts of a form that carries files."""
    if operation.files:
        return request.form.to_dict()
    if not request.content_length and not request.mimetype:
        return {}  # nothing sent is an object without fields
    return request.get_json()


def _query(schema: Schema) -> Any:
    for name, values in request.args.lists():
        if len(values) > 1:
            raise BadParameter(name, _("Give it once."))
    try:
        return schema.load(request.args.to_dict())
    except ValidationError as error:
        name, sentences = next(iter(flat(error.normalized_messages()).items()))
        raise BadParameter(name, sentences[0]) from error


def respond(operation: Operation, given: Any) -> Response:
    """Make the response of what a view returned."""
    if isinstance(given, Response):
        return _marked(operation, given)
    answer = _answer(operation, given)
    payload = operation.finish(answer.payload) if operation.finish else answer.payload
    body = b"" if answer.status == 204 else dump(payload)
    response = Response(body, answer.status, mimetype="application/json")
    response.headers.update(answer.headers)
    return _marked(operation, response)


def _answer(operation: Operation, given: Any) -> Answer:
    """Give what a view returned as an Answer with its status."""
    answer = given if isinstance(given, Answer) else Answer(given)
    return answer if answer.status else replace(answer, status=next(iter(operation.gives)))


def dump(payload: Any) -> bytes:
    """Write a payload as JSON."""
    return json.dumps(payload, ensure_ascii=False, default=_plain, separators=(",", ":")).encode()


def instant_text(at: datetime) -> str:
    """Write an instant as every answer has it: in UTC, `2027-05-22T16:00:00Z`."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, set | frozenset | tuple):
        return list(value)
    if hasattr(value, "_func") or hasattr(value, "__html__"):  # a sentence that is translated late
        return str(value)
    raise TypeError(f"{type(value).__name__} is no JSON")


def _marked(operation: Operation, response: Response) -> Response:
    """Say that nobody may keep an answer that is one reader's, and that an operation is going away."""
    if operation.auth is not Auth.NOBODY or not operation.is_safe:
        response.headers.setdefault("Cache-Control", "no-store")
    if operation.deprecated:
        response.headers["Deprecation"] = f"@{int(_midnight(operation.deprecated).timestamp())}"
    if operation.sunset:
        response.headers["Sunset"] = f"{_midnight(operation.sunset):%a, %d %b %Y} 00:00:00 GMT"
    return response


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
