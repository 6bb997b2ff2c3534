"""The clock process: puts what has a time, and what the outbox holds, into the queues (`python -m app.clock`)."""

from __future__ import annotations

import sys
import threading

from redis.exceptions import RedisError
from rq.exceptions import StopRequested
from sqlalchemy import create_engine

from app.jobs import load_jobs
from app.kernel.jobs import Clock, connect, wait_for_valkey
from app.kernel.logs import configure_logs
from app.kernel.outbox.relay import Relay
from app.kernel.settings import SettingsError
from config import flask_config


def main() -> int:
    """Keep time until a signal asks to stop; a Valkey that is away is waited for.

    It needs no application: jobs are put in by their names.
    """
    try:
        config = flask_config()
    except SettingsError as error:
        print("\n".join(error.sentences), file=sys.stderr)
        return 1
    configure_logs(config["LOG_FORMAT"], config["LOG_LEVEL"])
    load_jobs()
    url = config["REDIS_URL"]
    options = {**config["SQLALCHEMY_ENGINE_OPTIONS"], "pool_size": 1}
    relay = Relay(create_engine(config["SQLALCHEMY_DATABASE_URI"], **options), connect(url))
    stop = threading.Event()
    thread = threading.Thread(target=relay.run, args=(stop,), name="relay", daemon=True)
    thread.start()
    clock = Clock(connect(url))
    try:
        while not _keep_time(clock):
            pass
    except StopRequested:
        pass
    stop.set()
    thread.join(timeout=3)
    return 0


def _keep_time(clock: Clock) -> bool:
    """Run the clock until it is asked to stop, or until Valkey goes away: then tell that it must go on."""
    wait_for_valkey(clock.connection)
    try:
        clock.start()
    except RedisError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
