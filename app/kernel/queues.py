"""What the queues hold and who works on it, read for people; whatever else writes there cannot make it fail."""

from __future__ import annotations

import functools
import json
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from redis import Redis
from redis.exceptions import RedisError
from rq.exceptions import InvalidJobOperation, NoSuchJobError
from rq.job import Job
from rq.serializers import JSONSerializer

from app.kernel import clock
from app.kernel.ids import parse_id
from app.kernel.jobs import (
    LAST_RUNS,
    QUEUES,
    JobKind,
    NamedJob,
    TimedJob,
    kinds,
    put_timed,
    queue,
    valkey_url,
)
from app.kernel.settings import ROOT

SHOWN = 50
WORKER_ALIVE = 75.0
CLOCK_ALIVE = 130.0
RELAY_ALIVE = 20.0
"""Seconds since the last sign of life."""

RELAYS = "festoon:relays"
"""The relays of the outbox, by the time of their last sign of life."""

_SECONDS = 2.0
_LONGEST = 120
_LAST_LINES = 12


@dataclass(frozen=True, slots=True)
class JobSeen:
    """A job as Valkey holds it; `at` is when it was put in, began or ended, whatever its list is about."""

    id: str
    name: str
    queue: str
    at: datetime | None
    correlation_id: str = ""
    worker: str = ""
    done: int = 0
    total: int = 0
    sentence: str = ""
    cause: str = ""


ENDED = ("finished", "failed", "stopped", "canceled")
"""The states of a job that does nothing more."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job has come; `state` is RQ's word, `result` what it gave once it is finished."""

    name: str
    state: str
    done: int
    total: int
    result: Any


@dataclass(frozen=True, slots=True)
class WorkerSeen:
    """A worker; `is_alive` is false for one that was lost without a word."""

    name: str
    is_alive: bool
    job: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class QueueSeen:
    """A queue: how many wait, the oldest of them, how many failed."""

    name: str
    waiting: int
    oldest: datetime | None
    failed: int


@dataclass(frozen=True, slots=True)
class TimedSeen:
    """A job that has a time; `ended` is None while its last run goes on, `outcome` is RQ's word."""

    name: str
    cron: str
    next_at: datetime
    last_at: datetime | None = None
    ended: datetime | None = None
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything at a glance; None instead of it when Valkey is away."""

    queues: tuple[QueueSeen, ...]
    workers: tuple[WorkerSeen, ...]
    running: tuple[JobSeen, ...]
    clocks: tuple[str, ...]
    relays: tuple[str, ...]

    @property
    def waiting(self) -> int:
        """Count what waits in all queues."""
        return sum(seen.waiting for seen in self.queues)

    @property
    def failed(self) -> int:
        """Count what failed in all queues."""
        return sum(seen.failed for seen in self.queues)


@functools.lru_cache(maxsize=4)
def _client(url: str) -> Redis:
    return Redis.from_url(url, socket_timeout=_SECONDS, socket_connect_timeout=_SECONDS)


def reader() -> Redis:
    """Connect with little patience: whoever looks at a screen does not wait for a Valkey that hangs."""
    return _client(valkey_url())


def overview(via: Redis) -> Overview:
    """Look at everything. Raises RedisError."""
    running: list[str] = []
    for name in QUEUES:
        running += queue(name, via).started_job_registry.get_job_ids(cleanup=False)[:SHOWN]
    jobs = _read(via, running, "started_at")
    names = {job.id: job.name for job in jobs}
    now = time.time()
    return Overview(
        queues=tuple(_queue(via, name) for name in QUEUES),
        workers=tuple(_workers(via, names)),
        running=jobs,
        clocks=_alive(via, "rq:cron_schedulers", now - CLOCK_ALIVE),
        relays=_alive(via, RELAYS, now - RELAY_ALIVE),
    )


def asked_for(via: Redis, number: str, user_id: str) -> Progress | None:
    """Look at a job that a user of the staff asked for; None for another's, or one that is forgotten."""
    facts = _hashes(via, [number])[0]
    seen = _seen(number, facts, "created_at", "")
    meta: Any = {}
    with suppress(ValueError):
        meta = json.loads(facts.get("meta") or "{}")
    if not user_id or not isinstance(meta, dict) or str(meta.get("user_id", "")) != user_id:
        return None
    state, result = facts.get("status", ""), None
    if state == "finished":
        with suppress(Exception):  # what is there may be anybody's
            latest = NamedJob(number, connection=via, serializer=JSONSerializer).latest_result()
            result = latest.return_value if latest else None
    return Progress(seen.name, state, seen.done, seen.total, result)


def find_asked(number: str, job: str, user_id: str) -> Progress | None:
    """Look at a job of one kind that a user asked for; None for no number, another's, and without Valkey."""
    key = parse_id(number)
    try:
        found = asked_for(reader(), str(key), user_id) if key is not None else None
    except RedisError:
        return None
    return found if found is not None and found.name == job else None


def waiting(via: Redis) -> tuple[JobSeen, ...]:
    """List what waits, the next first in each queue."""
    return tuple(
        job for name in QUEUES for job in _read(via, queue(name, via).get_job_ids(0, SHOWN), "enqueued_at")
    )


def failed(via: Redis) -> tuple[JobSeen, ...]:
    """List what failed, the latest first, with its cause."""
    found: list[JobSeen] = []
    for name in QUEUES:
        ids = queue(name, via).failed_job_registry.get_job_ids(0, SHOWN - 1, desc=True, cleanup=False)
        found += _read(via, ids, "ended_at", with_cause=True)
    return tuple(sorted(found, key=lambda job: job.at or datetime.min.replace(tzinfo=UTC), reverse=True))


def timed(via: Redis | None) -> tuple[TimedSeen, ...]:
    """List the jobs that have a time, the next first; without Valkey nothing is known of their last runs."""
    wanted = [found for found in kinds().values() if found.at]
    last: Mapping[bytes, bytes] = via.hgetall(LAST_RUNS) if via else {}  # type: ignore[assignment]
    numbers = [last.get(found.name.encode(), b"").decode() for found in wanted]
    facts = _hashes(via, numbers) if via else [{}] * len(wanted)
    seen = [_timed(found, fields) for found, fields in zip(wanted, facts, strict=True)]
    return tuple(sorted(seen, key=lambda one: one.next_at))


def retry(via: Redis, numbers: Iterable[str] | None = None) -> int:
    """Put failed jobs back into their queues, all of them without `numbers`; gives how many."""
    count = 0
    for name in QUEUES:
        registry = queue(name, via).failed_job_registry
        for number in _of(registry, numbers):
            with suppress(InvalidJobOperation, NoSuchJobError):  # another was quicker
                registry.requeue(number)
                count += 1
    return count


def forget(via: Redis, numbers: Iterable[str] | None = None) -> int:
    """Delete failed jobs, all of them without `numbers`; gives how many."""
    count = 0
    for name in QUEUES:
        registry = queue(name, via).failed_job_registry
        for number in _of(registry, numbers):
            via.zrem(registry.key, number)
            via.delete(Job.key_for(number), f"rq:results:{number}")
            count += 1
    return count


def run_now(found: JobKind, via: Redis) -> bool:
    """Put a job that has a time into its queue; False when it waits there already."""
    return put_timed(found, via) is not None


def _of(registry: Any, numbers: Iterable[str] | None) -> Sequence[str]:
    held: list[str] = registry.get_job_ids(cleanup=False)
    return held if numbers is None else [number for number in numbers if number in held]


def _queue(via: Redis, name: str) -> QueueSeen:
    found = queue(name, via)
    first = _read(via, found.get_job_ids(0, 1), "enqueued_at")
    failures = int(via.zcard(found.failed_job_registry.key))
    return QueueSeen(name, found.count, first[0].at if first else None, failures)


def _workers(via: Redis, names: Mapping[str, str]) -> list[WorkerSeen]:
    members: Any = via.smembers("rq:workers")
    keys = sorted(key.decode() for key in members)
    found = []
    for facts in _hashes(via, keys, ""):
        beat = _instant(facts.get("last_heartbeat"))
        if beat is None or "death" in facts:
            continue
        number = facts.get("current_job", "")
        found.append(
            WorkerSeen(
                name=f"{facts.get('hostname', '')}:{facts.get('pid', '')}",
                is_alive=(clock.now() - beat).total_seconds() < WORKER_ALIVE,
                job=names.get(number, ""),
                since=_instant(facts.get("birth")),
            )
        )
    return found


def _timed(found: JobKind, facts: Mapping[str, str]) -> TimedSeen:
    return TimedSeen(
        name=found.name,
        cron=found.at,
        next_at=TimedJob(found).next_enqueue_time or clock.now(),
        last_at=_instant(facts.get("started_at")) or _instant(facts.get("enqueued_at")),
        ended=_instant(facts.get("ended_at")),
        outcome=facts.get("status", ""),
    )


def _alive(via: Redis, key: str, after: float) -> tuple[str, ...]:
    names: Any = via.zrangebyscore(key, after, "+inf")
    return tuple(":".join(name.decode().split(":")[:2]) for name in names)


def _read(via: Redis, numbers: Sequence[str], at: str, *, with_cause: bool = False) -> tuple[JobSeen, ...]:
    found = []
    for number, facts in zip(numbers, _hashes(via, numbers), strict=True):
        if facts:
            cause = _cause(via, number) if with_cause else ""
            found.append(_seen(number, facts, at, cause))
    return tuple(found)


def _seen(number: str, facts: Mapping[str, str], at: str, cause: str) -> JobSeen:
    meta: Any = {}
    with suppress(ValueError):
        meta = json.loads(facts.get("meta") or "{}")
    meta = meta if isinstance(meta, dict) else {}
    return JobSeen(
        id=number,
        name=facts.get("description", "")[:_LONGEST],
        queue=facts.get("origin", ""),
        at=_instant(facts.get(at)),
        correlation_id=str(meta.get("correlation_id", "")),
        worker=facts.get("worker_name", ""),
        done=_whole(meta.get("done")),
        total=_whole(meta.get("total")),
        sentence=str(meta.get("sentence", ""))[:_LONGEST],
        cause=cause,
    )


def _cause(via: Redis, number: str) -> str:
    with suppress(Exception):  # what is there may be anybody's
        latest = NamedJob(number, connection=via, serializer=JSONSerializer).latest_result()
        return _last_words(latest.exc_string or "") if latest else ""
    return ""


def _last_words(trace: str) -> str:
    """Put what went wrong first, and the last lines of where under it."""
    *where, what = trace.replace(f"{ROOT}/", "").strip().splitlines() or [""]
    return "\n".join([what, *where[-_LAST_LINES:]])


def _hashes(via: Redis, keys: Sequence[str], prefix: str = "rq:job:") -> list[dict[str, str]]:
    with via.pipeline(transaction=False) as asking:
        for key in keys:
            asking.hgetall(f"{prefix}{key}")
        return [
            {name.decode(errors="replace"): value.decode(errors="replace") for name, value in facts.items()}
            for facts in asking.execute()
        ]


def _instant(text: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return None


def _whole(value: object) -> int:
    return value if isinstance(value, int) and value >= 0 else 0
