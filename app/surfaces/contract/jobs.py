"""What the public contract tidies while nobody waits for it."""

from __future__ import annotations

from app.kernel.db import unit_of_work
from app.kernel.jobs import job
from app.surfaces.contract.idempotency import forget_old


@job("contract.forget_old_answers", at="23 * * * *")
def forget() -> int:
    """Remove the answers of idempotent requests after their day; give how many."""
    with unit_of_work():
        return forget_old()
