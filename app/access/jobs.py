"""What is tidied on the staff side while nobody waits for it."""

from __future__ import annotations

from app.access.sessions import forget_ended_sessions
from app.kernel.db import unit_of_work
from app.kernel.jobs import job


@job("access.forget_ended_sessions", at="17 3 * * *")
def forget() -> int:
    """Remove sessions that ended long ago; give how many."""
    with unit_of_work():
        return forget_ended_sessions()
