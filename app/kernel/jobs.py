"""Jobs: named functions that a worker runs, or the clock at its times. A message is JSON, never pickle."""

from __future__ import annotations

import contextlib
import functools
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

import structlog
from flask import Flask, current_app
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, Worker
from rq.cron import CronJob, CronScheduler
from rq.exceptions import NoSuchJobError
from rq.job import Job
from rq.serializers import JSONSerializer

from app.kernel import logs, shared
from app.kernel.actor import Actor, acting_as, current_actor
from app.kernel.db import db

QUEUES = ("mail", "default", "slow")
"""In the order in which a worker looks into them: somebody waits for a mail, nobody for a picture's AVIF."""

KEEP_RESULT = 600
KEEP_TIMED = 2 * 86_400
KEEP_FAILED = 30 * 86_400
"""Seconds for which a job that ended can be looked at: one that was asked for, a timed one, one that failed."""

LAST_RUNS = "festoon:timed"
"""The number of each timed job's last run, by its name."""

_REPORT_EVERY = 0.5
_AWAY = 2.0
_WORKER_SECONDS = 45
"""An idle worker gives a sign of life a little more often than that."""
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
        return put(queue(self.queue), self, arguments)


_kinds: dict[str, JobKind] = {}
FailureHook = Callable[[str, str, int], None]
_failure_hooks: list[FailureHook] = []


def after_failure(hook: FailureHook) -> FailureHook:
    """Have a function called with (name, number, user's id) when a job fails that a user of the staff asked for."""
    if hook not in _failure_hooks:
        _failure_hooks.append(hook)
    return hook


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


def valkey_url() -> str:
    """Give the address of this application's Valkey. Raises RedisError where it has none."""
    url = str(current_app.config.get("REDIS_URL") or "")
    if not url:
        raise RedisError("there is no Valkey")
    return url


def connection() -> Redis:
    """Connect to the Valkey of this application."""
    return connect(valkey_url())


@functools.lru_cache(maxsize=4)
def connect(url: str) -> Redis:
    """Connect to a Valkey; one pool for each address."""
    return Redis.from_url(url, health_check_interval=30)


def queue(name: str, via: Redis | None = None) -> Queue:
    """Open a queue."""
    return Queue(name, connection=via or connection(), serializer=JSONSerializer, job_class=NamedJob)


def put(where: Queue, found: JobKind, arguments: Mapping[str, Any], keep: int = KEEP_RESULT) -> Job:
    """Put a job into a queue; it bears the number of the request that asked for it."""
    return where.enqueue_call(
        found.name,
        kwargs=dict(arguments),
        timeout=found.seconds,
        result_ttl=keep,
        failure_ttl=KEEP_FAILED,
        description=found.name,
        meta=_origin(),
    )


def _origin() -> dict[str, str]:
    """Tell which request a job comes from, and which user of the staff asked for it."""
    actor = current_actor()
    facts = {"correlation_id": actor.correlation_id, "user_id": actor.id if actor.kind == "user" else ""}
    return {name: value for name, value in facts.items() if value}


def put_timed(found: JobKind, via: Redis) -> Job | None:
    """Put a job that has a time into its queue and note its run; None when its last run waits there still."""
    where = queue(found.queue, via)
    last = last_run(found.name, via)
    if last and where.get_job_position(last) is not None:
        return None
    sent = put(where, found, {}, KEEP_TIMED)
    via.hset(LAST_RUNS, found.name, sent.id)
    return sent


def last_run(name: str, via: Redis) -> str:
    """Give the number of a timed job's last run."""
    found: Any = via.hget(LAST_RUNS, name)
    return found.decode() if found else ""


class NamedJob(Job):
    """A job whose message names one of ours; RQ itself would import and call whatever a message names."""

    @property
    def func(self) -> Callable[..., Any]:
        """Find the function, to be run in a context of its own, with an actor. Raises UnknownJob."""
        return functools.partial(_run, kind(str(self.func_name)), self)

    def restore(self, raw_data: Any) -> None:
        """Read a message; one that cannot be read counts as none, and holds no worker up."""
        try:
            super().restore(raw_data)
        except Exception as error:
            log.warning("unreadable job", job_id=self.id, error=type(error).__name__)
            raise NoSuchJobError(f"{self.id} cannot be read") from error

    success_callback = failure_callback = stopped_callback = property(lambda _self: None)

    def send_webhooks(self, *_status: Any, **_more: Any) -> None:
        """Call no address that a message names."""


@dataclass(slots=True)
class _Run:
    job: Job
    told_at: float = 0.0


_running: ContextVar[_Run | None] = ContextVar("running_job", default=None)


def _run(found: JobKind, running: Job, *arguments: Any, **named: Any) -> Any:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001  # Flask has no other way
    number = str(running.meta.get("correlation_id") or running.id)
    logs.bind(correlation_id=number, job=found.name, job_id=running.id)
    token = _running.set(_Run(running))
    shared.forget_all()  # nobody told this process what others wrote
    began = time.perf_counter()
    try:
        with app.app_context(), acting_as(Actor("job", running.id, found.name, number)):
            result = found.function(*arguments, **named)
        log.info("job done", ms=round((time.perf_counter() - began) * 1000, 1))  # RQ logs what fails
        return result
    finally:
        _running.reset(token)
        logs.unbind_all()


def report(done: int, total: int, sentence: str = "") -> None:
    """Tell how far the running job has come; cheap enough for every step, and silent outside of a job.

    `sentence` is a name of what is in hand, shown as it is.
    """
    run = _running.get()
    now = time.monotonic()
    if run is None or (done < total and now - run.told_at < _REPORT_EVERY):
        return
    run.told_at = now
    run.job.meta |= {"done": done, "total": total, "sentence": sentence}
    with contextlib.suppress(RedisError):  # the work goes on unseen
        run.job.save_meta()  # type: ignore[no-untyped-call]


class JobWorker(Worker):
    """A worker that reads JSON and runs jobs of ours alone, each in a child process."""

    job_class = NamedJob
    max_connection_wait_time = 5.0

    def __init__(self, via: Redis, names: Sequence[str] = QUEUES) -> None:
        queues = [queue(name, via) for name in names]
        super().__init__(queues, connection=via, serializer=JSONSerializer, worker_ttl=_WORKER_SECONDS)

    def work_on(self) -> bool:
        """Work until asked to stop; False when Valkey went away in the middle of a job, and another must go on."""
        with contextlib.suppress(RedisError, OSError):
            self.work(logging_level=None)
        if self._shutdown_requested_date is not None:
            return True
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)  # they were this worker's
        if self.pubsub_thread is not None:
            self.pubsub_thread.stop()
        return False

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        """Run the job in the child, which must not speak over its parent's database connections."""
        db.engine.dispose(close=False)
        super().main_work_horse(job, queue)

    def handle_job_failure(
        self, job: Job, queue: Queue, started_job_registry: Any = None, exc_string: str = ""
    ) -> None:
        """Keep why it failed, without secrets."""
        super().handle_job_failure(job, queue, started_job_registry, logs.redacted(exc_string))
        user_id = str(job.meta.get("user_id", ""))
        for hook in _failure_hooks if user_id.isdecimal() else ():
            try:
                hook(str(job.func_name), job.id, int(user_id))
            except Exception as error:  # noqa: BLE001  # the job's own failure is kept, whoever could not be told
                log.warning("failure not told", job_id=job.id, error=type(error).__name__)


def wait_for_valkey(via: Redis) -> None:
    """Wait until Valkey answers; says once that it is away."""
    is_told = False
    while True:
        try:
            via.ping()
        except (RedisError, OSError) as error:
            if not is_told:
                log.warning("waiting for valkey", error=type(error).__name__)
            is_told = True
            time.sleep(_AWAY)
        else:
            return


class TimedJob(CronJob):
    """A job that the clock puts into its queue; `rq.cron` itself would write pickle."""

    def __init__(self, found: JobKind) -> None:
        super().__init__(
            found.queue, func_name=found.name, name=found.name, cron=found.at, job_timeout=found.seconds
        )

    def enqueue(self, connection: Redis) -> Job | None:  # type: ignore[override]  # nobody reads it
        """Put it into its queue as JSON."""
        return put_timed(kind(self.func_name), connection)


class Clock(CronScheduler):
    """The scheduler of every job that has a time."""

    def __init__(self, via: Redis) -> None:
        super().__init__(via)
        self._cron_jobs = [TimedJob(found) for found in kinds().values() if found.at]
