"""Refusals as facts: each carries an HTTP status and a stable code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar


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
