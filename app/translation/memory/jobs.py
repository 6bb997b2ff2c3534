"""What keeps the memory in line with the texts, should plain SQL have changed them."""

from __future__ import annotations

from app.kernel.db import unit_of_work
from app.kernel.jobs import job
from app.translation import memory


@job("translation.rebuild_memory", queue="slow", at="53 3 * * *", seconds=900)
def rebuild_memory() -> int:
    """Bring the memory in line with all texts that are approved; give how many entries that changed."""
    with unit_of_work() as session:
        return memory.rebuild(session)
