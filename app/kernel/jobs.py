"""Jobs: named functions that a worker runs, or the clock at its times. A message is JSON, never pickle."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

import structlog
from flask import Flask, current_app
from redis import Redis
from rq import Queue, Worker
from rq.cron import CronJob, CronScheduler
from rq.job import Job
from rq.serializers import JSONSerializer

from app.kernel import logs
from app.kernel.actor import Actor, acting_as
from app.kernel.db import db

QUEUES = ("default", "mail")
log: Any = structlog.get_logger("festoon.jobs")
P = ParamSpec("P")
R = TypeVar("R")


class UnknownJob(LookupError):
    """A message names a function that is no job of ours."""


@dataclass(frozen=True, slots=True)
class JobKind:
    """What may be put into a queue: a function under a name, and when the clock does so (crontab, UTC)."""

    name: str
    function: Callable[..., Any]
    queue: str = "default"
    at: str = ""
    seconds: int = 180

    def later(self, **arguments: Any) -> Job:
        """Put it into its queue; arguments are plain JSON, ids rather than records."""
        return queue(self.queue).enqueue_call(self.name, kwargs=arguments, timeout=self.seconds)


_kinds: dict[str, JobKind] = {}


def job(
    name: str, *, queue: str = "default", at: str = "", seconds: int = 180
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a worker run the function under a name; with `at` (a crontab line, UTC) the clock asks for it.

    The function runs in the application's context, as an actor of kind job; a run that takes longer than
    `seconds` is ended.
    """
    if queue not in QUEUES:
        raise ValueError(f"{queue} is no queue; there are {', '.join(QUEUES)}")

    def register(function: Callable[P, R]) -> Callable[P, R]:
        known = _kinds.get(name)
        if known is not None and known.function.__qualname__ != function.__qualname__:
            raise ValueError(f"There are two jobs named {name}")
        _kinds[name] = JobKind(name, function, queue, at, seconds)
        return function

    return register


def kinds() -> Mapping[str, JobKind]:
    """Give every job by its name."""
    return _kinds


def kind(name: str) -> JobKind:
    """Find a job; raises UnknownJob."""
    try:
        return _kinds[name]
    except KeyError:
        raise UnknownJob(name) from None


def connection() -> Redis:
    """Connect to the Valkey of this application."""
    return connect(str(current_app.config["REDIS_URL"]))


@functools.lru_cache(maxsize=4)
def connect(url: str) -> Redis:
    """Connect to a Valkey; one pool for each address."""
    return Redis.from_url(url, health_check_interval=30)


def queue(name: str, via: Redis | None = None) -> Queue:
    """Open a queue."""
    return Queue(name, connection=via or connection(), serializer=JSONSerializer, job_class=NamedJob)


class NamedJob(Job):
    """A job whose message names one of ours; RQ itself would import and call whatever a message names."""

    @property
    def func(self) -> Callable[..., Any]:
        """Find the function, to be run in a context of its own, with an actor. Raises UnknownJob."""
        return functools.partial(_run, kind(str(self.func_name)), self.id)

    success_callback = failure_callback = stopped_callback = property(lambda _self: None)

    def send_webhooks(self, *_status: Any, **_more: Any) -> None:
        """Call no address that a message names."""


def _run(found: JobKind, number: str, *arguments: Any, **named: Any) -> Any:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001  # Flask has no other way
    logs.bind(correlation_id=number, job=found.name)
    began = time.perf_counter()
    try:
        with app.app_context(), acting_as(Actor("job", number, found.name, number)):
            result = found.function(*arguments, **named)
        log.info("job done", ms=round((time.perf_counter() - began) * 1000, 1))  # RQ logs what fails
        return result
    finally:
        logs.unbind_all()


class JobWorker(Worker):
    """A worker that reads JSON and runs jobs of ours alone, each in a child process."""

    job_class = NamedJob

    def __init__(self, via: Redis, names: Sequence[str] = QUEUES) -> None:
        super().__init__([queue(name, via) for name in names], connection=via, serializer=JSONSerializer)

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        """Run the job in the child, which must not speak over its parent's database connections."""
        db.engine.dispose(close=False)
        super().main_work_horse(job, queue)


class TimedJob(CronJob):
    """A job that the clock puts into its queue; `rq.cron` itself would write pickle."""

    def __init__(self, found: JobKind) -> None:
        super().__init__(
            found.queue, func_name=found.name, name=found.name, cron=found.at, job_timeout=found.seconds
        )

    def enqueue(self, connection: Redis) -> Job:
        """Put it into its queue as JSON."""
        return queue(self.queue_name, connection).enqueue_call(
            self.func_name, timeout=kind(self.func_name).seconds
        )


class Clock(CronScheduler):
    """The scheduler of every job that has a time."""

    def __init__(self, via: Redis) -> None:
        super().__init__(via)
        self._cron_jobs = [TimedJob(found) for found in kinds().values() if found.at]
