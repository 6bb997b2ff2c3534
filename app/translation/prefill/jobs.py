"""A run as a job: it goes on where it stopped, also after its worker was killed."""

from __future__ import annotations

from uuid import UUID

import structlog
from sqlalchemy import select

from app.kernel import clock, jobs
from app.kernel.db import db, unit_of_work
from app.kernel.jobs import job
from app.translation.prefill import running
from app.translation.prefill.models import UNDER_WAY, PrefillRun

SECONDS = 600
_WORKED = 15
"""After so many seconds a job makes way for others, mails before all, and the run goes on behind them."""
QUEUE = "default"


@job("translation.prefill", queue=QUEUE, seconds=SECONDS)
def prefill(run_id: str) -> str:
    """Go on with a run."""
    outcome = running.work(UUID(run_id), _WORKED)
    if outcome == running.MORE:
        put(UUID(run_id))
    return outcome


def put(run_id: UUID) -> None:
    """Put a run into the queue and remember its job."""
    sent = jobs.kind("translation.prefill").later(run_id=str(run_id))
    with unit_of_work() as session:
        run = session.get(PrefillRun, run_id, with_for_update=True, populate_existing=True)
        if run is not None:
            run.job_id = sent.id


@job("translation.prefill_watch", at="* * * * *")
def go_on_with_what_was_left() -> int:
    """Put runs into the queue again that nobody works on and that wait for nobody; gives how many."""
    left = db.session.scalars(select(PrefillRun.id).where(PrefillRun.status.in_(UNDER_WAY))).all()
    db.session.rollback()
    begun = [run_id for run_id in left if not _is_cared_for(run_id)]
    for run_id in begun:
        structlog.get_logger("festoon.prefill").info("prefill goes on", run=str(run_id))
        put(run_id)
    return len(begun)


def _is_cared_for(run_id: UUID) -> bool:
    run = db.session.get(PrefillRun, run_id)
    if run is None or (run.next_at is not None and run.next_at > clock.now()):
        return True
    if run.job_id and jobs.queue(QUEUE).get_job_position(run.job_id) is not None:
        return True
    with running.alone(run_id) as is_free:
        return not is_free
