"""The command lines that are run, as plain facts in one place."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from app.kernel.settings import Settings

_FLASK = (sys.executable, "-m", "flask")


@dataclass(frozen=True, slots=True)
class Commands:
    """Each is an argument list; the first four prepare the database, the others are the processes."""

    upgrade: tuple[str, ...]
    sync: tuple[str, ...]
    demo: tuple[str, ...]
    admin: tuple[str, ...]
    web: tuple[str, ...]
    worker: tuple[str, ...]
    clock: tuple[str, ...]


def commands(settings: Settings) -> Commands:
    """Give the command lines of this program."""
    return Commands(
        upgrade=(*_FLASK, "db", "upgrade"),
        sync=(*_FLASK, "sync"),
        demo=(*_FLASK, "demo"),
        admin=(*_FLASK, "admin", "create"),
        web=web(settings),
        worker=(sys.executable, "-m", "app.worker"),
        clock=(sys.executable, "-m", "app.clock"),
    )


def web(settings: Settings) -> tuple[str, ...]:
    """Give gunicorn's command line: one process with threads; the program itself logs requests.

    A live connection holds a thread as long as it lasts: they come on top of those that requests need.
    """
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    options = {
        "bind": f"{host}:{settings.port}",
        "workers": "1",
        "worker-class": "app.kernel.listening.Worker",
        "threads": str(settings.web_threads + settings.sockets),
        "worker-connections": str(1_000 + settings.web_threads + settings.sockets),
        "keep-alive": "5",
        "timeout": "60",
        "graceful-timeout": "5",
        "log-level": "warning",
        "worker-tmp-dir": "/dev/shm" if sys.platform == "linux" else "/tmp",  # noqa: S108  # gunicorn's own heartbeat
    }
    flags = [part for name, value in options.items() for part in (f"--{name}", value)]
    reload = ("--reload",) if settings.debug else ()
    return (sys.executable, "-m", "gunicorn", "wsgi:app", *flags, "--no-control-socket", *reload)
