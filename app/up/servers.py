"""The own PostgreSQL and Valkey of a start, where no address of one was given."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from app.kernel.embedded import EmbeddedError, Postgres, Valkey
from app.kernel.embedded.server import Server
from app.kernel.embedded.system_user import NAME, server_user
from app.kernel.settings import Settings
from app.up.console import Console
from app.up.preflight import require_database, require_valkey
from app.up.refusals import Refusal

_MOST_RESTARTS = 5


class Servers:
    """Starts what is missing, watches it, and stops it again."""

    def __init__(self, settings: Settings, folder: Path, console: Console) -> None:
        self.settings = settings
        self.console = console
        self.own: list[Server] = []
        if not settings.database_url:
            self.own.append(Postgres(folder / "postgres"))
        if not settings.redis_url:
            self.own.append(Valkey(folder / "valkey"))
        self._read: dict[str, int] = {}
        self._restarts = 0

    def start(self) -> dict[str, str]:
        """Start the own servers and see that the others answer; give the addresses. Raises Refusal."""
        if self.settings.database_url:
            require_database(self.settings.database_url)
        if self.settings.redis_url:
            require_valkey(self.settings.redis_url)
        found = {"DATABASE_URL": self.settings.database_url, "REDIS_URL": self.settings.redis_url}
        for server in self.own:
            found["DATABASE_URL" if isinstance(server, Postgres) else "REDIS_URL"] = self._start(server)
        self._tell_user()
        return found

    def _start(self, server: Server) -> str:
        try:
            url = server.start()
        except EmbeddedError as error:
            raise Refusal(str(error)) from error
        self._read[server.name] = server.log.stat().st_size
        return url

    def _tell_user(self) -> None:
        user = server_user() if any(isinstance(server, Postgres) for server in self.own) else None
        if user is not None and user.pw_name != NAME:
            self.console.say(
                f"PostgreSQL does not run as root, and no user {NAME} could be made: "
                f"it runs as {user.pw_name}."
            )

    def watch(self) -> None:
        """Show what the servers complain of, and start one anew that died. Raises Refusal when that fails."""
        for server in self.own:
            for line in self._new_lines(server):
                self.console.line(server.name, line)
            if not server.is_running():
                self._restarts += 1
                if self._restarts > _MOST_RESTARTS:
                    raise Refusal(f"{server.name} keeps ending. Its log is {server.log}.")
                self.console.say(f"{server.name} ended; it is started anew.")
                server.stop()
                self._start(server)

    def _new_lines(self, server: Server) -> Iterator[str]:
        try:
            with server.log.open("rb") as log:
                log.seek(self._read.get(server.name, 0))
                came = log.read(65_536)
        except OSError:
            return
        whole = came[: came.rfind(b"\n") + 1]
        self._read[server.name] = self._read.get(server.name, 0) + len(whole)
        for line in whole.decode(errors="replace").splitlines():
            if server.worth_telling.search(line):
                yield line

    def stop(self) -> None:
        """Stop the own servers, the database last."""
        for server in reversed(self.own):
            server.stop()
