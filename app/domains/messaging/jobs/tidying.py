"""Conversations nobody goes on with, and sessions nobody comes back to."""

from __future__ import annotations

from flask import current_app

from app.domains.messaging import service
from app.kernel.db import unit_of_work
from app.kernel.jobs import job


@job("messaging.close_idle", at="7 * * * *")
def close_idle() -> int:
    """Close conversations without a word for as long as the settings say; give how many."""
    with unit_of_work():
        return service.close_idle(current_app.config["CHAT_IDLE_HOURS"])


@job("messaging.forget_old_sessions", at="47 3 * * *", seconds=900)
def forget_old() -> int:
    """Delete what visitors without an account said, when it is as old as the settings say; give how many."""
    forgotten = 0
    while True:
        with unit_of_work():
            found = service.forget_old_sessions(current_app.config["CHAT_KEEP_DAYS"])
        forgotten += found
        if not found:
            return forgotten
