"""Every refusal and fault in one place: problem+json (RFC 9457) for a program, a page for a person."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import structlog
from flask import (
    Flask,
    Response,
    current_app,
    g,
    make_response,
    render_template,
    request,
)
from flask_babel import refresh
from sqlalchemy.exc import DataError, SQLAlchemyError
from werkzeug.exceptions import HTTPException

from app.kernel.db import db
from app.web.problems import Problem, problem_of
from app.web.tracing import correlation_id

MACHINES = ("/api/", "/public/", "/health/", "/media/", "/static/")
"""Paths whose askers are programs."""

PEOPLE = ("/public/booking/", "/public/waiting/")
"""Paths among them whose askers are people."""

log: Any = structlog.get_logger("festoon.errors")


def register(app: Flask) -> None:
    """Answer every exception; call it once."""
    app.register_error_handler(Exception, answer_error)


def answer_error(error: Exception) -> Any:
    """Answer an exception with its problem. A fault of ours is logged with its trace, a refusal is not.

    A value that only the database refused is told in the log, without the value: somebody should check it earlier.
    """
    if isinstance(error, HTTPException) and (error.response is not None or (error.code or 0) < 400):
        return error
    problem = problem_of(error)
    _let_go(error)
    if problem.status >= 500:
        log.error("fault", code=problem.code, exc_info=error)
    elif isinstance(error, DataError):
        log.warning(
            "value not checked before the database", code=problem.code, cause=type(error.orig).__name__
        )
    response = _as_json(problem, error) if _asks_a_machine() else _as_page(problem)
    response.headers.update(problem.headers)
    return response


def _asks_a_machine() -> bool:
    is_machines = request.path.startswith(MACHINES) and not request.path.startswith(PEOPLE)
    return is_machines or request.accept_mimetypes.best == "application/json"


def _let_go(error: Exception) -> None:
    """Drop what was half written, so that the page about it can be read; no commit follows an error."""
    session = db.session
    is_begun = bool(session.new or session.dirty or session.deleted)
    if isinstance(error, SQLAlchemyError) or is_begun or not session.is_active:
        with suppress(SQLAlchemyError):
            session.rollback()


def _as_json(problem: Problem, error: Exception) -> Response:
    facts: dict[str, Any] = {
        "type": f"urn:festoon:problem:{problem.code}",
        "title": str(problem.title),
        "status": problem.status,
        "code": problem.code,
        "detail": str(problem.sentence),
        "correlation_id": correlation_id(),
    }
    if problem.errors:
        facts["errors"] = {name: [str(text) for text in texts] for name, texts in problem.errors.items()}
    if problem.findings:
        facts["findings"] = [dict(finding) for finding in problem.findings]
    if problem.parameter:
        facts["parameter"] = problem.parameter
    if problem.status >= 500 and current_app.debug and not current_app.config["IS_PRODUCTION"]:
        facts["fault"] = f"{type(error).__name__}: {error}"
    return Response(
        json.dumps(facts, ensure_ascii=False), problem.status, mimetype="application/problem+json"
    )


def _as_page(problem: Problem) -> Response:
    if problem.status >= 500:
        _forget_reader()
    page = render_template(
        "errors/error.html",
        code=problem.status,
        title=problem.title,
        sentence=problem.sentence,
        correlation_id=correlation_id(),
    )
    return make_response(page, problem.status)


def _forget_reader() -> None:
    """Show the page to nobody in particular: the database knows the reader, and it may be away."""
    g._login_user = current_app.login_manager.anonymous_user()  # type: ignore[attr-defined]  # noqa: SLF001
    refresh()
