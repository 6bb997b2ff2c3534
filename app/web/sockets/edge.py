"""Where an event from a socket becomes a call of ours: its context, its actor, its refusal in words."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import structlog
from flask import Flask
from flask_babel import force_locale
from socketio.exceptions import ConnectionRefusedError as Refused

from app.kernel import languages, logs
from app.kernel.actor import NOBODY, Actor, act_as
from app.kernel.errors import Invalid
from app.kernel.locales import parse_locale
from app.web.problems import problem_of

log: Any = structlog.get_logger("festoon.sockets")
STAFF_PATH = "/live/"
"""What a staff socket's events are asked for: a path of the staff side, so that its session counts."""


@contextmanager
def public_event(app: Flask, event: str) -> Iterator[str]:
    """Run an event of a visitor in the application; no cookie is read, so there is no staff session."""
    number = _begin(event)
    try:
        with app.app_context():
            act_as(Actor("anonymous", "", "", number))
            yield number
    finally:
        _end()


@contextmanager
def staff_event(app: Flask, environ: Mapping[str, Any], event: str) -> Iterator[str]:
    """Run an event of staff as a request would: the session that the cookie names is read anew each time."""
    number = _begin(event)
    try:
        with app.request_context(_as_request(environ)):
            yield number
    finally:
        _end()


def _begin(event: str) -> str:
    number = str(uuid.uuid4())
    logs.unbind_all()
    logs.bind(correlation_id=number, event_name=event[:40])
    return number


def _end() -> None:
    act_as(NOBODY)
    logs.unbind_all()


def _as_request(environ: Mapping[str, Any]) -> dict[str, Any]:
    """Make the environment of one event from that of the connection: nothing remembered, no body, no token."""
    kept = {
        name: value
        for name, value in environ.items()
        if not name.startswith(("festoon.", "werkzeug.", "flask.", "HTTP_AUTHORIZATION", "HTTP_UPGRADE"))
    }
    return kept | {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": STAFF_PATH,
        "QUERY_STRING": "",
        "CONTENT_LENGTH": "0",
        "wsgi.input": io.BytesIO(),
    }


def answered(work: Callable[[], Mapping[str, Any]], locale: str = "") -> dict[str, Any]:
    """Give the acknowledgement of what an event asks for: `ok` and what was found, or why not."""
    try:
        return {"ok": True, **work()}
    except Exception as error:  # noqa: BLE001  # whatever it is, the client is told in words
        return {"ok": False, **refusal(error, locale)}


def refusal(error: Exception, locale: str = "") -> dict[str, Any]:
    """Give an exception as a client reads it: status, code, sentence, sentences by field."""
    problem = problem_of(error)
    if problem.status >= 500:
        log.error("fault", code=problem.code, exc_info=error)
    with force_locale(parse_locale(languages.words_for(locale))):
        facts: dict[str, Any] = {
            "status": problem.status,
            "code": problem.code,
            "detail": str(problem.sentence),
        }
        if problem.errors:
            facts["errors"] = {name: [str(text) for text in texts] for name, texts in problem.errors.items()}
    return facts


def refused(error: Exception, locale: str = "") -> Refused:
    """Make the refusal of a connection; the client library gives `message` and `data`."""
    facts = refusal(error, locale)
    return Refused(facts["detail"], facts)


def body_of(facts: Any) -> Mapping[str, Any]:
    """Read what an event carries: one object, or nothing. Raises Invalid."""
    if facts is None:
        return {}
    if not isinstance(facts, Mapping):
        raise Invalid({"": ["Send one object."]})
    return facts
