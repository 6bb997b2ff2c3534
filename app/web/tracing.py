"""Each request has one log line, and a number that its answer, its logs and its history bear."""

from __future__ import annotations

import re
import time
import uuid
from typing import Any

from flask import Flask, Response, request, request_started

from app.access.sessions import current_session
from app.kernel import logs
from app.kernel.actor import Actor, act_as, current_actor

HEADER = "X-Request-ID"
_OUTSIDE = re.compile(r"[A-Za-z0-9-]{8,64}")
_NUMBER = "festoon.correlation_id"
_BEGAN = "festoon.began"
_QUIET = ("static", "media.serve", "health.basic", "health.live", "health.ready")
"""Endpoints that a browser or a probe asks so often that their successes would hide all else."""


def watch_requests(app: Flask) -> None:
    """Number the requests and log them; call it after `guard_entry`, which names the actor."""
    request_started.connect(_begin, app)
    app.before_request(_number_actor)
    app.after_request(_end)


def correlation_id() -> str:
    """Give the number of this request: the one it came with, if that is harmless, else a new one."""
    number: str | None = request.environ.get(_NUMBER)
    if number is None:
        named = request.headers.get(HEADER, "")
        number = named if _OUTSIDE.fullmatch(named) else str(uuid.uuid4())
        request.environ[_NUMBER] = number
    return number


def _begin(_app: Flask, **_unused: Any) -> None:
    """Run before everything else, whoever refuses the request later."""
    request.environ[_BEGAN] = time.perf_counter()
    logs.unbind_all()
    logs.bind(correlation_id=correlation_id())


def _number_actor() -> None:
    actor = current_actor()
    act_as(Actor(actor.kind, actor.id, actor.label, correlation_id()))


def _end(response: Response) -> Response:
    response.headers[HEADER] = correlation_id()
    if response.status_code >= 400 or request.endpoint not in _QUIET:
        session = current_session()
        logs.tell(
            "festoon.requests",
            "request",
            method=request.method,
            route=str(request.url_rule) if request.url_rule else "",
            status=response.status_code,
            ms=round((time.perf_counter() - request.environ[_BEGAN]) * 1000, 1),
            user_id=session.user_id if session else None,
        )
    return response
