"""A run from its beginning to its end: each batch is committed with its place, so that whoever goes on repeats none."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from flask import current_app
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from app.kernel import clock, jobs
from app.kernel.db import db, unit_of_work
from app.translation.prefill.estimating import asked_for, tools
from app.translation.prefill.filling import PASSED, REFUSED, UNANSWERED, WRITTEN, propose, write
from app.translation.prefill.models import DONE, FAILED, RUNNING, UNDER_WAY, PrefillRun
from app.translation.prefill.suggester import NotYet, OutOfReach, Suggester, Usage
from app.translation.units import Unit, units

AT_ONCE_READ = 500
MOST_TRIES = 20
ENDED, MORE, ELSEWHERE = "ended", "more", "elsewhere"
_CLASS = 4070
log: Any = structlog.get_logger("festoon.prefill")


def work(run_id: UUID, seconds: float) -> str:
    """Go on with a run for so long; tells whether it ended, there is more to do, or another process does it."""
    with alone(run_id) as is_mine:
        if not is_mine:
            return ELSEWHERE
        run = _begin(run_id)
        if run is None:
            return ENDED
        tool = tools(current_app.config).get(run.tool)
        if tool is None:
            return _stop(run_id, FAILED, "the tool is not configured any more")
        try:
            return _go_on(run, tool, time.monotonic() + seconds)
        except NotYet as error:
            return _come_back(run_id, error)
        except OutOfReach as error:
            log.warning("prefill stopped", run=str(run_id), reason=str(error))
            return _stop(run_id, FAILED, str(error))


def _go_on(run: PrefillRun, tool: Suggester, until: float) -> str:
    while True:
        found = _next(run)
        if not found:
            return _stop(run.id, DONE)
        for begin in range(0, len(found), tool.at_once):
            batch = found[begin : begin + tool.at_once]
            usage = Usage()
            made = propose(db.session(), tool, batch, usage)
            with unit_of_work() as session:
                now = _locked(session, run.id)
                if now is None or now.status != RUNNING:
                    return ENDED  # somebody cancelled it
                counts = write(session, now, made)
                _count(now, batch, counts, usage)
            jobs.report(now.seen, max(now.texts, now.seen), now.label)
            run = now
            if time.monotonic() > until:
                return MORE


def _next(run: PrefillRun) -> Sequence[Unit]:
    """Read what is missing after the place that the run came to, with the rights of who asked for it."""
    session = db.session()
    user = session.get(User, run.by_id) if run.by_id is not None else None
    if user is None:
        return []  # whoever asked for it is gone
    asked = asked_for(run.locale, run.types, run.records)
    return units(session, user, asked, limit=AT_ONCE_READ, after=run.place)


def _count(run: PrefillRun, batch: Sequence[Unit], counts: Any, usage: Usage) -> None:
    run.place = batch[-1].key
    run.tries, run.next_at = 0, None
    run.seen += len(batch)
    run.written += counts[WRITTEN]
    run.refused += counts[REFUSED]
    run.unanswered += counts[UNANSWERED]
    run.passed += counts[PASSED]
    run.asked += usage.questions
    run.tokens += usage.tokens


def _begin(run_id: UUID) -> PrefillRun | None:
    """Call a run begun; None where it has ended."""
    with unit_of_work() as session:
        run = _locked(session, run_id)
        if run is None or run.status not in UNDER_WAY:
            return None
        run.status, run.trouble = RUNNING, ""
        run.began_at = run.began_at or clock.now()
    return run


def _come_back(run_id: UUID, reason: NotYet) -> str:
    """Let the run wait without a worker; one that was sent away too often stops."""
    with unit_of_work() as session:
        run = _locked(session, run_id)
        if run is None or run.status != RUNNING:
            return ENDED
        run.tries += 1
        run.next_at = clock.now() + timedelta(seconds=reason.seconds)
        is_lost = run.tries >= MOST_TRIES
    log.info("prefill waits", run=str(run_id), reason=str(reason), seconds=reason.seconds)
    return _stop(run_id, FAILED, str(reason)) if is_lost else ENDED


def _stop(run_id: UUID, status: str, trouble: str = "") -> str:
    with unit_of_work() as session:
        run = _locked(session, run_id)
        if run is not None and run.status == RUNNING:
            run.status, run.trouble, run.ended_at = status, trouble[:500], clock.now()
    return ENDED


def _locked(session: Session, run_id: UUID) -> PrefillRun | None:
    return session.get(PrefillRun, run_id, with_for_update=True, populate_existing=True)


@contextmanager
def alone(run_id: UUID) -> Iterator[bool]:
    """Hold a run while the block does; False where another process does. One that is killed lets go of it.

    It is held by a connection of its own, which has no transaction open.
    """
    facts = {"class": _CLASS, "run": str(run_id)}
    with _held() as connection:
        asked = text("SELECT pg_try_advisory_lock(:class, hashtext(:run))")
        is_mine = bool(connection.execute(asked, facts).scalar())
        try:
            yield is_mine
        finally:
            if is_mine:
                connection.execute(text("SELECT pg_advisory_unlock(:class, hashtext(:run))"), facts)


@contextmanager
def _held() -> Iterator[Connection]:
    if current_app.config.get("READ_IN_SESSION"):  # under test there is one connection
        yield db.session.connection()
        return
    with db.engine.connect() as connection:
        yield connection.execution_options(isolation_level="AUTOCOMMIT")
