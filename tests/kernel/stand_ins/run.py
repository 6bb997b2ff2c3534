"""The supervisor with small programs in its children's places: `python run.py ROOT [arguments of app.up]`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[2]))

from app.kernel.settings import Settings  # noqa: E402  # after the path
from app.up.commands import Commands  # noqa: E402
from app.up.main import main  # noqa: E402


def choose(settings: Settings) -> Commands:
    """Give command lines of the programs beside this file; WEB may name another."""

    def line(what: str, *more: str) -> tuple[str, ...]:
        return (sys.executable, str(HERE / "program.py"), what, *more)

    return Commands(
        upgrade=line("upgrade"),
        sync=line("sync"),
        demo=line("demo"),
        admin=line("admin"),
        web=line(os.environ.get("STAND_IN_WEB", "web"), str(settings.port)),
        worker=line(os.environ.get("STAND_IN_WORKER", "worker")),
        clock=line("clock"),
    )


if __name__ == "__main__":
    if os.environ.pop("STAND_IN_UNDER", ""):  # as make stands above the real one
        sys.exit(subprocess.call([sys.executable, *sys.argv]))
    sys.exit(main(sys.argv[2:], choose, Path(sys.argv[1])))
