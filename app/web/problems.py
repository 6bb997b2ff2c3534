"""What went wrong, in words that tell a stranger nothing of the inside: status, code, title, sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import redis
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from psycopg import errors as pg
from sqlalchemy import exc as sa
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import BadRequest, HTTPException, InternalServerError, UnsupportedMediaType

from app.kernel.errors import CODES, BadParameter, DomainError, Invalid

RETRY_AFTER = 5
_UNREACHABLE = (
    sa.OperationalError,
    sa.InterfaceError,
    sa.TimeoutError,
    redis.ConnectionError,
    redis.TimeoutError,
)


@dataclass(frozen=True, slots=True)
class Problem:
    """A refusal or a fault; `errors` are sentences by field, `findings` by rule, `headers` go with the answer."""

    status: int
    code: str
    sentence: Any
    errors: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    parameter: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    findings: Sequence[Mapping[str, Any]] = ()

    @property
    def title(self) -> Any:
        """Give the problem's name, the same for every one of its status."""
        return TITLES.get(self.status) or HTTPStatus(self.status).phrase


# One title and one sentence a status: what happened, and what the reader can do.
TITLES = {
    400: _l("That request could not be read"),
    401: _l("Please sign in"),
    403: _l("Not allowed"),
    404: _l("Not found"),
    405: _l("Not possible here"),
    409: _l("That does not fit any more"),
    410: _l("Gone"),
    413: _l("Too large"),
    415: _l("The wrong kind of content"),
    422: _l("Something is not right yet"),
    429: _l("Too many requests"),
    500: _l("Something went wrong"),
    503: _l("Not available for a moment"),
}
_SENTENCES = {
    400: _l("The request is malformed. Go back and try again."),
    401: _l("Sign in, then try again."),
    403: _l("Your role does not allow this. Ask an Admin if you need it."),
    404: _l("There is nothing at this address. It may have been moved or deleted."),
    405: _l("This address does not take that method."),
    409: _l("Somebody may have changed it meanwhile. Load it again, then try once more."),
    413: _l("What was sent is too large. Send less at once."),
    415: _l("Send the kind of content that this address takes."),
    422: _l("Some values break a rule. Correct them and send it again."),
    429: _l("Wait a minute, then try again."),
    500: _l("The fault is ours, and it was written down. Try again later."),
    503: _l("A part of the program is away. Try again in some seconds."),
}


def problem_of(error: BaseException) -> Problem:
    """Word any exception. What is not known here is a fault of ours and says nothing of itself."""
    if isinstance(error, DomainError):
        return _refusal(error)
    if isinstance(error, CSRFError):
        return Problem(400, "forged", _forged(error))
    if isinstance(error, BadRequest) and (fault := _fault_of_json(error)):
        return Problem(400, CODES[400], fault)
    if isinstance(error, UnsupportedMediaType) and _is_about_json(error):
        return Problem(415, CODES[415], _l("Send JSON with the content type application/json."))
    if isinstance(error, HTTPException):
        return _answer(error)
    if isinstance(error, sa.IntegrityError):
        return _broken_constraint(error)
    if isinstance(error, StaleDataError):
        return Problem(409, "stale_revision", _SENTENCES[409])
    if isinstance(error, sa.DataError):
        return Problem(400, "bad_value", _l("A value is not of the kind that belongs there."))
    if isinstance(error, _UNREACHABLE):
        return Problem(503, "unavailable", _SENTENCES[503], headers={"Retry-After": str(RETRY_AFTER)})
    return Problem(500, "internal_error", _SENTENCES[500])


def _refusal(error: DomainError) -> Problem:
    wait = getattr(error, "retry_after", RETRY_AFTER if error.status == 503 else 0)
    headers = {"Retry-After": str(wait)} if wait else {}
    if isinstance(error, Invalid):
        return Problem(error.status, error.code, _SENTENCES[422], errors=error.errors)
    sentence = error.message or _SENTENCES.get(error.status) or _SENTENCES[400]
    parameter = error.parameter if isinstance(error, BadParameter) else ""
    errors = getattr(error, "errors", {})
    findings = error.facts.get("findings", ())
    return Problem(error.status, error.code, sentence, errors, parameter, headers, findings)


def _answer(error: HTTPException) -> Problem:
    """Word an answer of the web's own kind; a sentence that the program gave with it is kept."""
    status = error.code or 500
    ours = _SENTENCES.get(status)
    said = error.description if error.description != type(error).description else None
    sentence = (None if isinstance(error, InternalServerError) else said) or ours or HTTPStatus(status).phrase
    kept = ("allow", "retry-after", "www-authenticate", "content-range")
    headers = {name: value for name, value in error.get_headers() if name.lower() in kept}
    return Problem(status, CODES.get(status, "refused"), sentence, headers=headers)


def _fault_of_json(error: BadRequest) -> Any:
    """Word what made a body no JSON; nothing when the refusal is of something else. Flask hides it behind its own."""
    hidden = error.__cause__ if isinstance(error.__cause__, BadRequest) else error
    before, _words, fault = (hidden.description or "").partition("Failed to decode JSON object: ")
    return _l("This is no valid JSON: %(fault)s.", fault=fault) if fault and not before else None


def _forged(error: CSRFError) -> Any:
    if error.description == "The CSRF token is missing.":
        return _l("The page's token is missing. Load the page again; a program sends it as X-CSRFToken.")
    return _l("The page was open for too long. Load it again, then send it once more.")


def _is_about_json(error: UnsupportedMediaType) -> bool:
    """Tell whether a body was asked for JSON that said to be something else; in werkzeug's own words."""
    return "JSON" in (error.description or "")


def _broken_constraint(error: sa.IntegrityError) -> Problem:
    """Word a rule that the database kept. Its message holds values and names, so none of it is passed on."""
    if isinstance(error.orig, pg.UniqueViolation):
        sentence = _l("This value is taken already.")
        column = _unique_column(error.orig)
        return Problem(409, "taken", sentence, errors={column: [sentence]} if column else {})
    if isinstance(error.orig, pg.ForeignKeyViolation | pg.RestrictViolation):
        return Problem(409, "in_use", _l("Another record uses it, or what it points at is gone."))
    return Problem(409, "rule_broken", _l("The values break a rule of the data."))


def _unique_column(error: pg.UniqueViolation) -> str:
    """Find the column of a unique constraint by our naming: `uq_package_slug` is "slug"."""
    prefix = f"uq_{error.diag.table_name}_"
    name = error.diag.constraint_name or ""
    return name.removeprefix(prefix) if name.startswith(prefix) else ""
