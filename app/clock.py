"""The clock process: puts the jobs that have a time into their queues (`python -m app.clock`)."""

from __future__ import annotations

import sys

from redis import ConnectionError as NoConnection

from app.jobs import load_jobs
from app.kernel.jobs import Clock, connect
from app.kernel.logs import configure_logs
from app.kernel.settings import SettingsError
from config import flask_config


def main() -> int:
    """Keep time until a signal asks to stop. It needs no application: jobs are put in by their names."""
    try:
        config = flask_config()
    except SettingsError as error:
        print("\n".join(error.sentences), file=sys.stderr)
        return 1
    configure_logs(config["LOG_FORMAT"], config["LOG_LEVEL"])
    load_jobs()
    try:
        Clock(connect(config["REDIS_URL"])).start()
    except NoConnection:
        print("Valkey is away; no job can be put into a queue.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
