"""Starts all processes in order, shows their log as one, starts anew what died, and stops all of them."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from app.kernel.processes import PATIENCE, end_marked
from app.kernel.settings import ROOT, Settings
from app.up.child import Child, ended_how
from app.up.commands import Commands
from app.up.console import Console
from app.up.database import fingerprint, note_preparedness, read_preparedness
from app.up.probe import address, is_ready
from app.up.record import MARK, Record
from app.up.refusals import Refusal, StopRequested
from app.up.servers import Servers

PROCESS = "FESTOON_PROCESS"
"""Tells a process its name, for its log."""

_TICK = 0.1
_WEB_SECONDS = 90.0
_MOST_WEB_FAULTS = 5
_ECHO_SECONDS = 1.0


class Supervisor:
    """One run of the program, from start to stop; `environment` is what every process is given."""

    def __init__(
        self,
        settings: Settings,
        commands: Commands,
        environment: Mapping[str, str],
        record: Record,
        console: Console,
        root: Path = ROOT,
    ) -> None:
        self.settings = settings
        self.commands = commands
        self.environment = {**environment, MARK: record.run}
        self.record = record
        self.console = console
        self.root = root
        self.servers = Servers(settings, record.folder, console)
        self.children: list[Child] = []
        self.parent: int | None = None
        self._admin: list[str] = []
        self._asked_at = 0.0
        self._is_urgent = False
        self._is_waiting_for_servers = False
        self._selector = selectors.DefaultSelector()
        self._watched_at = 0.0

    def run(self) -> None:
        """Run until somebody asks to stop. Raises Refusal when the program cannot start or go on."""
        with self._stoppable():
            self._start_servers()
            self.prepare()
            self._start_web()
            self._start_rest()
            while True:
                self._tick()

    def run_beside(self, then: Callable[[Mapping[str, str]], int], *, is_prepared: bool = True) -> int:
        """Start the servers, bring the database up to this code unless told not to, and do one thing."""
        with self._stoppable():
            self._start_servers()
            if is_prepared:
                self.prepare()
            self._tell_admin()
            return then(self.environment)
        return 130

    @contextlib.contextmanager
    def _stoppable(self) -> Iterator[None]:
        """Take the signals to stop, and stop everything when the block ends, however it ends."""
        before = {number: signal.signal(number, self._ask_to_stop) for number in _signals()}
        try:
            yield
        except StopRequested:
            self.console.say("Stopping.")
        finally:
            self.stop()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _ask_to_stop(self, _number: int, _frame: Any) -> None:
        """Note the wish; a second one, later than make's echo of the first, makes it urgent."""
        if self._asked_at and time.monotonic() - self._asked_at > _ECHO_SECONDS:
            self._is_urgent = True
        self._asked_at = self._asked_at or time.monotonic()
        if self._is_waiting_for_servers:
            self._is_waiting_for_servers = False
            raise StopRequested

    # Start

    def _start_servers(self) -> None:
        self._is_waiting_for_servers = True
        addresses = self.servers.start()
        self._is_waiting_for_servers = False
        self.environment |= addresses
        self.record.write(addresses={**addresses, "SECRET_KEY": self.environment.get("SECRET_KEY", "")})

    def prepare(self) -> None:
        """Migrate, sync, load the demo and make the administrator, as far as that is still to be done."""
        url = self.environment["DATABASE_URL"]
        code = fingerprint(self.root)
        found = read_preparedness(url, code)
        if found.is_current:
            return
        self._step("Bringing the database up to date.", self.commands.upgrade)
        self._step("Bringing permissions and roles in line.", self.commands.sync)
        if found.is_first and found.is_empty and self.settings.demo and not self.settings.is_production:
            self._step("Loading the demo, this first time.", self.commands.demo)
        if found.is_first:
            password = {"FESTOON_ADMIN_PASSWORD": self.settings.admin_password}
            self._admin = self._step("", self.commands.admin, password, is_shown=False)
        note_preparedness(url, code)

    def _step(
        self,
        sentence: str,
        argv: Sequence[str],
        more: Mapping[str, str] | None = None,
        is_shown: bool = True,
    ) -> list[str]:
        """Run one command to its end; give its output. Raises Refusal when it fails."""
        if sentence:
            self.console.say(sentence)
        step = Child("setup", argv, {**self.environment, PROCESS: "setup", **(more or {})}, self.root)
        told: list[str] = []

        def tell(line: str) -> None:
            told.append(line)
            if is_shown:
                self.console.line("setup", line)

        self._start(step, tell)
        while step.is_running():
            self._tick()
        self._drain(step)
        self.children.remove(step)
        if step.exit_code:
            for line in () if is_shown else told:
                self.console.line("setup", line)
            command = " ".join(argv[argv.index("-m") + 1 :]) if "-m" in argv else " ".join(argv)
            raise Refusal(f"`{command}` failed: {step.last_line or ended_how(step.exit_code)}")
        return told

    def _start_web(self) -> None:
        web = Child("web", self.commands.web, {**self.environment, PROCESS: "web"}, self.root)
        self._start(web)
        deadline = time.monotonic() + _WEB_SECONDS
        while True:
            if not web.is_running():
                self._drain(web)
                why = web.last_line or "it says no reason"
                raise Refusal(f"web cannot start: it {ended_how(web.exit_code)} ({why}).")
            ready, answer = is_ready(self.settings.host, self.settings.port)
            if ready:
                break
            if time.monotonic() > deadline:
                raise Refusal(f"web did not become ready in {_WEB_SECONDS:.0f} seconds: {answer}.")
            self._tick(0.03)
        web.is_kept = True
        here = address(self.settings.host, self.settings.port)
        self.record.write(address=here)
        sample = () if self.settings.is_production else (f"A site that uses it: {here}/sample/",)
        self._tell_admin(f"Festoon is ready: {here}/", f"Public API: {here}/public/docs", *sample)

    def _tell_admin(self, *lines: str) -> None:
        """Show the addresses, and a password that was made, once."""
        lines = (*lines, *self._admin)
        self._admin = []
        if lines:
            self.console.banner(lines)

    def _start_rest(self) -> None:
        for name, argv in (("worker", self.commands.worker), ("clock", self.commands.clock)):
            child = Child(name, argv, {**self.environment, PROCESS: name}, self.root)
            child.is_kept = True
            self._start(child)

    def _start(self, child: Child, tell: Callable[[str], Any] | None = None) -> None:
        if child not in self.children:
            self.children.append(child)
        child.start()
        show = tell or (lambda line: self.console.line(child.name, line))
        self._selector.register(child, selectors.EVENT_READ, show)

    # Go on

    def _tick(self, seconds: float = _TICK) -> None:
        """Show what came, and look after everything. Raises StopRequested and Refusal."""
        for key, _events in self._selector.select(seconds):
            self._show(key)
        if self._asked_at or (self.parent is not None and os.getppid() != self.parent):
            raise StopRequested
        if time.monotonic() - self._watched_at > _TICK:
            self._watched_at = time.monotonic()
            self.servers.watch()
            for child in self.children:
                self._look_after(child)

    def _show(self, key: selectors.SelectorKey) -> bool:
        child: Any = key.fileobj
        lines, has_more = child.read()
        for line in lines:
            key.data(line)
        if not has_more:
            self._selector.unregister(child)
        return bool(has_more and lines)

    def _drain(self, child: Child) -> None:
        """Show what a child that ended has still to say."""
        while child.fileno() in self._selector.get_map() and self._show(self._selector.get_key(child)):
            pass
        if child.fileno() in self._selector.get_map():
            self._selector.unregister(child)

    def _look_after(self, child: Child) -> None:
        """Start a child anew that ended, later each time."""
        if not child.is_kept:
            return
        if child.due_at is not None:
            if time.monotonic() >= child.due_at:
                self._start(child)
        elif not child.is_running():
            self._drain(child)
            how = ended_how(child.exit_code)
            wait = child.plan_restart()
            if child.name == "web" and child.faults > _MOST_WEB_FAULTS:
                raise Refusal(f"web {how} again and again; its last words were: {child.last_line}")
            self.console.say(f"{child.name} {how}; it is started anew in {wait:.0f} s.")

    # Stop

    def stop(self) -> None:
        """Stop everything and leave nothing behind."""
        self._is_waiting_for_servers = False
        self._tell_admin()
        self.record.write(is_stopping=True)
        for child in self.children:
            child.ask_to_stop()
        deadline = time.monotonic() + PATIENCE
        while any(child.is_running() for child in self.children):
            if self._is_urgent or time.monotonic() > deadline:
                break
            for key, _events in self._selector.select(0.05):
                self._show(key)
        for child in self.children:
            self._drain(child)
            child.stop(patience=0)
        end_marked(f"{MARK}={self.record.run}", patience=0)
        self.servers.stop()
        self._selector.close()


def _signals() -> list[signal.Signals]:
    """List the signals that ask to stop; a hang-up that is ignored, as under nohup, stays so."""
    hang_up = signal.getsignal(signal.SIGHUP) != signal.SIG_IGN
    return [signal.SIGINT, signal.SIGTERM, *([signal.SIGHUP] if hang_up else [])]
