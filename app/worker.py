"""The worker process: runs the jobs that wait in the queues (`python -m app.worker`)."""

from __future__ import annotations

import sys

from app import create_app
from app.jobs import load_jobs
from app.kernel.jobs import JobWorker, connection
from app.kernel.settings import SettingsError


def main() -> int:
    """Work until a signal asks to stop; the job in hand is finished first."""
    try:
        app = create_app()
    except SettingsError as error:
        print("\n".join(error.sentences), file=sys.stderr)
        return 1
    load_jobs()
    with app.app_context():
        JobWorker(connection()).work(logging_level=None)
    return 0


if __name__ == "__main__":
    sys.exit(main())
