"""What is counted anew while nobody waits for it."""

from __future__ import annotations

from app.domains.reviews.service import recount
from app.kernel.db import unit_of_work
from app.kernel.jobs import job


@job("reviews.recount", at="37 3 * * *", seconds=900)
def recount_stars() -> None:
    """Count the stars of packages and themes anew, should plain SQL have changed reviews."""
    with unit_of_work() as session:
        recount(session)
