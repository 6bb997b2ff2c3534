"""The command line: everything, one process alone, or a command beside the servers."""

from __future__ import annotations

import argparse
import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from app.kernel.embedded.server import worded
from app.kernel.settings import (
    ROOT,
    Settings,
    SettingsError,
    load_settings,
    read_environment,
    running_addresses,
)
from app.up import commands
from app.up.console import Console, wants_colour
from app.up.preflight import prepare_folder, require_port
from app.up.record import Record
from app.up.refusals import Refusal
from app.up.supervisor import Supervisor

Choose = Callable[[Settings], commands.Commands]


def main(argv: Sequence[str], choose: Choose = commands.commands, root: Path = ROOT) -> int:
    """Run; gives the exit code. Every refusal is a sentence, never a traceback."""
    asked = _parse(argv)
    console = Console(out=sys.stderr)
    try:
        environment = read_environment(root / ".env")
        settings = load_settings(environment)
        console = Console(settings.log_form)
        return _do(asked, settings, _for_children(settings, environment, console), console, choose, root)
    except SettingsError as error:
        for sentence in error.sentences:
            console.say(sentence)
    except Refusal as error:
        console.say(str(error))
    except OSError as error:
        console.say(worded(error, root))
    return 1


def _parse(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m app.up", description=__doc__)
    parser.add_argument(
        "--stop-with-parent", action="store_true", help="stop when the process that started this one ends"
    )
    parser.add_argument(
        "--as-it-is", action="store_true", help="with `with`: do not bring the database up to date before"
    )
    parser.add_argument(
        "what",
        nargs="?",
        default="all",
        choices=("all", "web", "worker", "clock", "setup", "with"),
        help="all (the default); one process; setup: prepare the database; with: a command beside servers",
    )
    parser.add_argument("command", nargs=argparse.REMAINDER, help="the command of `with`")
    return parser.parse_args(list(argv))


def _do(
    asked: argparse.Namespace,
    settings: Settings,
    environment: dict[str, str],
    console: Console,
    choose: Choose,
    root: Path,
) -> int:
    lines = choose(settings)
    if asked.what in ("web", "worker", "clock"):
        command = getattr(lines, asked.what)
        os.chdir(root)
        os.execve(command[0], command, environment)  # noqa: S606  # ours; it becomes that process
    folder = settings.data_folder
    prepare_folder(folder)
    record = Record(folder)
    if asked.what == "with" and (running := running_addresses(folder)) and record.is_taken():
        return subprocess.call(asked.command, env={**environment, **running})  # noqa: S603  # what was typed
    killed = record.take()
    try:
        if killed:
            console.say(f"A run that was killed left {killed} of its processes; they are ended.")
        environment["SECRET_KEY"] = settings.secret_key or _own_secret(folder)
        supervisor = Supervisor(settings, lines, environment, record, console, root)
        supervisor.parent = os.getppid() if asked.stop_with_parent else None
        if asked.what == "all":
            require_port(settings)
            supervisor.run()
            return 0
        return supervisor.run_beside(_typed(asked.command), is_prepared=not asked.as_it_is)
    finally:
        record.let_go()


def _typed(command: list[str]) -> Callable[[Mapping[str, str]], int]:
    """Run what was typed, with our terminal; nothing when nothing was."""
    return lambda environment: subprocess.call(command, env=dict(environment)) if command else 0  # noqa: S603


def _for_children(settings: Settings, environment: Mapping[str, str], console: Console) -> dict[str, str]:
    """Give what every process finds in its environment."""
    given = dict(environment)
    given.pop("FESTOON_ADMIN_PASSWORD", None)  # one step needs it, and is given it
    given |= {
        "FLASK_APP": "wsgi",
        "PYTHONUNBUFFERED": "1",
        "FESTOON_DATA_DIR": str(settings.data_folder),
        "FESTOON_LOG_FORMAT": settings.log_form,
        "HOST": settings.host,
        "PORT": str(settings.port),
    }
    return given | ({"FORCE_COLOR": "1"} if wants_colour(console.out) else {})


def _own_secret(folder: Path) -> str:
    """Give the secret of this data folder, made the first time; in production one has to be set."""
    file = folder / "secret-key"
    try:
        if secret := file.read_text().strip():
            return secret
    except FileNotFoundError:
        pass
    file.touch(mode=0o600)
    secret = secrets.token_urlsafe(48)
    file.write_text(secret)
    return secret
