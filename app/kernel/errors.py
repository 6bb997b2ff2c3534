"""Refusals as facts: each carries an HTTP status and a stable code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

CODES: Mapping[int, str] = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    408: "request_timeout",
    409: "conflict",
    410: "gone",
    411: "length_required",
    412: "precondition_failed",
    413: "content_too_large",
    414: "uri_too_long",
    415: "unsupported_media_type",
    416: "range_not_satisfiable",
    422: "invalid",
    428: "precondition_required",
    429: "too_many_requests",
    431: "request_header_fields_too_large",
    500: "internal_error",
    501: "not_implemented",
    502: "bad_gateway",
    503: "unavailable",
    504: "gateway_timeout",
    507: "insufficient_storage",
}
"""The code of a refusal that says no more than its HTTP status. A code never changes its meaning."""


class DomainError(Exception):
    """A refusal that says why; `message` is a sentence for the reader, already translated or lazy."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "bad_request"

    def __init__(self, message: Any = "", **facts: Any) -> None:
        super().__init__(str(message) or self.code)
        self.message = message
        self.facts = facts


class NotFound(DomainError):
    """There is no such thing, or the reader may not know of it."""

    status, code = 404, "not_found"


class Forbidden(DomainError):
    """The reader may not do this."""

    status, code = 403, "forbidden"


class Conflict(DomainError):
    """It does not fit what is there now."""

    status, code = 409, "conflict"


class Gone(DomainError):
    """It was there and is no more."""

    status, code = 410, "gone"


class PaymentRequired(DomainError):
    """It must be paid for first."""

    status, code = 402, "payment_required"


def refusals() -> Mapping[str, int]:
    """Map the code of every refusal that the program knows to its status."""
    found = {code: status for status, code in CODES.items()}
    waiting: list[type[DomainError]] = [DomainError]
    while waiting:
        kind = waiting.pop()
        found[kind.code] = kind.status
        waiting += kind.__subclasses__()
    return found


class BadParameter(DomainError):
    """A parameter of an address that is unknown or malformed; `parameter` names it."""

    status, code = 400, "bad_parameter"

    def __init__(self, parameter: str, message: Any) -> None:
        super().__init__(message, parameter=parameter)
        self.parameter = parameter


class Invalid(DomainError):
    """Values that break a rule: `errors` maps a field (or `child.index.field`, or "" for none) to sentences."""

    status, code = 422, "invalid"

    def __init__(self, errors: Mapping[str, Sequence[Any]]) -> None:
        super().__init__("; ".join(f"{name}: {text}" for name, texts in errors.items() for text in texts))
        self.errors = {name: list(texts) for name, texts in errors.items()}


class StaleRevision(Conflict):
    """Somebody else saved the record since it was read; `current` holds their values by field."""

    code = "stale_revision"

    def __init__(self, message: Any, current: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.current = dict(current or {})


class FileRefused(DomainError):
    """A file that cannot be read, or must not be; `message` says why."""

    status = 422
    code = "file_refused"
