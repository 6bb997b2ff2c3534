"""Carrying out, in the test's own process, what the outbox holds."""

from __future__ import annotations

from sqlalchemy import text

from app.jobs import load_jobs
from app.kernel.db import db, unit_of_work
from app.kernel.outbox.delivering import deliver
from app.kernel.outbox.relay import spread, take_due


def deliver_all() -> list[tuple[str, str]]:
    """Do what the relay and a worker would do, until nothing is due; gives (subscriber, outcome) in order."""
    load_jobs()
    outcomes = []
    while True:
        with unit_of_work() as session:
            spread(session.connection())
            due = take_due(session.connection())
        if not due:
            db.session.expire_all()
            return outcomes
        for key, found in due:
            outcomes.append((found.name, deliver(delivery_id=str(key))))


def make_due() -> None:
    """Let what was put off be due now."""
    with unit_of_work() as session:
        session.execute(text("UPDATE delivery SET next_at = now() WHERE state = 'waiting'"))
