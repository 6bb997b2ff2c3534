"""What the desks of staff need while nobody waits: what is old goes, and a user hears that a job of theirs failed."""

from __future__ import annotations

from app.kernel.db import unit_of_work
from app.kernel.jobs import after_failure, job
from app.surfaces.desk import kept_forms, notices, saved_forms


@job("desk.forget_old_notices", at="41 3 * * *")
def forget_old_notices() -> int:
    """Remove what was read long ago; give how many."""
    with unit_of_work() as session:
        return notices.forget_old(session)


@job("desk.forget_kept_forms", at="47 3 * * *")
def forget_kept_forms() -> int:
    """Remove what was typed thirty days ago and never saved, and what forms made so long ago; give how many."""
    with unit_of_work() as session:
        return kept_forms.sweep() + saved_forms.sweep(session)


@after_failure
def tell_who_asked(name: str, number: str, user_id: int) -> None:
    """Tell the user who asked for a job that it failed."""
    with unit_of_work() as session:
        notices.tell_user(
            session,
            user_id,
            "job_failed",
            resource="job",
            record_id=number,
            title=name,
            actor="",
            url="/jobs/",
        )
