"""The worker process: runs the jobs that wait in the queues (`python -m app.worker`)."""

from __future__ import annotations

import sys
import time
from typing import Any

import structlog
from redis import Redis
from redis.exceptions import RedisError

from app import create_app
from app.jobs import load_jobs
from app.kernel.jobs import JobWorker, connection, wait_for_valkey
from app.kernel.settings import SettingsError

log: Any = structlog.get_logger("festoon.jobs")


def main() -> int:
    """Work until a signal asks to stop; the job in hand is finished first. A Valkey that is away is waited for."""
    try:
        app = create_app()
    except SettingsError as error:
        print("\n".join(error.sentences), file=sys.stderr)
        return 1
    load_jobs()
    with app.app_context():
        while not _work(connection()):
            log.warning("worker begins anew")
            time.sleep(1)
    return 0


def _work(via: Redis) -> bool:
    """Work; False when it must go on with another worker."""
    wait_for_valkey(via)
    try:
        worker = JobWorker(via)
    except RedisError:
        return False
    return worker.work_on()


if __name__ == "__main__":
    sys.exit(main())
