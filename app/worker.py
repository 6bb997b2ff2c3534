"""The worker process: runs the jobs that wait in the queues (`python -m app.worker`)."""

from __future__ import annotations

import sys

from redis.exceptions import RedisError

from app import create_app
from app.jobs import load_jobs
from app.kernel.jobs import JobWorker, connection, wait_for_valkey
from app.kernel.settings import SettingsError


def main() -> int:
    """Work until a signal asks to stop; the job in hand is finished first. A Valkey that is away is waited for."""
    try:
        app = create_app()
    except SettingsError as error:
        print("\n".join(error.sentences), file=sys.stderr)
        return 1
    load_jobs()
    with app.app_context():
        via = connection()
        wait_for_valkey(via)
        try:
            JobWorker(via).work(logging_level=None)
        except RedisError as error:
            print(f"Valkey went away in the middle of a job ({type(error).__name__}).", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
