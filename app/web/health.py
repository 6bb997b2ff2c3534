"""Is it alive, can it work, and what ails it: for load balancers, supervisors and people."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, jsonify

from app.web.checks import Check, facts_of, look

blueprint = Blueprint("health", __name__, url_prefix="/health")

_NEEDED = frozenset({"database", "migrations", "storage"})
"""Without one of these no request can be served whole. Without Valkey jobs wait and limits are counted in
each process, but pages, public JSON and bookings go on: a process without it is degraded, and stays in
service. So is one whose bucket is away, which is away for all; a full disk is this machine's own.
"""


@blueprint.get("/")
def basic() -> Response:
    """Tell that the program answers."""
    return _answer({"status": "ok"})


@blueprint.get("/live")
def live() -> Response:
    """Tell that the process is alive; nothing outside is asked, so that no restart is asked for in vain."""
    return _answer({"status": "alive"})


@blueprint.get("/ready")
def ready() -> Response:
    """Tell whether requests may be sent here; 503 when not, with what is missing."""
    facts = look(facts_of(current_app.config), needed())
    missing = sorted(name for name, check in facts.items() if not check.is_well)
    if missing:
        return _answer({"status": "not ready", "missing": missing}, 503)
    return _answer({"status": "ready"})


@blueprint.get("/detailed")
def detailed() -> Response:
    """Tell how each part does: states and figures, no address, no name, no secret."""
    checks = look(facts_of(current_app.config))
    word, status = _judge(checks)
    parts = {name: {"state": check.state, **check.figures} for name, check in checks.items()}
    return _answer({"status": word, "checks": parts}, status)


def needed() -> frozenset[str]:
    """Name the parts without which this process is to get no requests."""
    return _NEEDED - {"storage"} if current_app.config["STORAGE"] == "s3" else _NEEDED


def _judge(checks: dict[str, Check]) -> tuple[str, int]:
    ill = {name for name, check in checks.items() if not check.is_well}
    if ill & needed():
        return "down", 503
    return ("degraded", 200) if ill else ("ok", 200)


def _answer(facts: dict[str, Any], status: int = 200) -> Response:
    response = jsonify(facts)
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    return response
