"""The supervisor behind `make run`, run for real with small programs in its children's places."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from app.kernel.processes import command_line
from tests.kernel.runs import Run, servers_on

Start = Callable[..., Run]


@pytest.mark.proves("S3.1")
def test_everything_starts_in_order_and_ctrl_c_leaves_nothing_behind(start: Start) -> None:
    run = start().until_up()
    assert run.steps() == ["upgrade", "sync", "demo", "admin"]
    assert run.text.index("web is up") < run.text.index("Festoon is ready") < run.text.index("worker is up")
    assert f"http://127.0.0.1:{run.env['PORT']}/" in run.text
    assert run.send(signal.SIGINT) == 0
    assert run.left_behind() == []
    assert "Traceback" not in run.text


@pytest.mark.long
def test_a_polite_kill_and_a_hang_up_stop_everything_too(start: Start) -> None:
    for number in (signal.SIGTERM, signal.SIGHUP):
        run = start().until_up()
        assert run.send(number) == 0
        assert run.left_behind() == []


def test_children_die_with_a_killed_parent_and_the_next_start_works(start: Start) -> None:
    first = start().until_up()
    first.process.kill()
    first.end()
    second = start().until_up()
    assert second.steps() == ["upgrade", "sync", "demo", "admin"]
    assert [line for line in first.left_behind() if "program.py" in line] == []
    second.send(signal.SIGINT)
    assert second.left_behind() == []
    assert first.left_behind() == []


def test_a_second_start_prepares_nothing_and_is_ready_at_once(start: Start) -> None:
    start().until_up().send(signal.SIGINT)
    times = []
    for _ in range(3):  # the best counts: other work on the machine is not the start's
        began = time.monotonic()
        run = start()
        run.wait_for("Festoon is ready")
        times.append(time.monotonic() - began)
        run.send(signal.SIGINT)
    assert min(times) < 2  # and the program itself takes two more, to be below four
    assert run.steps() == ["upgrade", "sync", "demo", "admin"]


def test_changed_code_is_prepared_for_without_demo_or_administrator(start: Start, folder: Path) -> None:
    start().until_up().send(signal.SIGINT)
    (folder / "checkout" / "app" / "code.py").write_text("changed = True")
    assert start().until_up().steps()[4:] == ["upgrade", "sync"]


@pytest.mark.long
def test_a_migration_taken_back_by_hand_is_seen(start: Start) -> None:
    run = start().until_up()
    with psycopg.connect(run.facts()["addresses"]["DATABASE_URL"]) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'none'")
    run.send(signal.SIGINT)
    assert start().until_up().steps()[4:] == ["upgrade", "sync"]


def test_the_demo_never_goes_among_records_that_somebody_made(start: Start) -> None:
    with_servers = [sys.executable, "-c", MAKE_PACKAGE]
    assert start("with", *with_servers, FESTOON_DEMO="false").end() == 0
    run = start()
    run.until_up()
    assert "demo" not in run.steps()


def test_a_command_can_find_the_database_as_it_is(start: Start) -> None:
    run = start("--as-it-is", "with", sys.executable, "-c", "print('beside')")
    assert run.end() == 0
    assert run.steps() == []
    assert "beside" in run.text
    assert run.left_behind() == []


def test_a_command_uses_the_servers_of_a_running_program_and_its_exit_code_is_ours(start: Start) -> None:
    first = start().until_up()
    url = first.facts()["addresses"]["DATABASE_URL"]
    command = f"import os, sys; sys.exit(7 if os.environ['DATABASE_URL'] == {url!r} else 1)"
    assert start("with", sys.executable, "-c", command).end() == 7
    assert first.ask("/health/ready") == "ready"


MAKE_PACKAGE = """
import os, psycopg
with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
    connection.execute("CREATE TABLE package (name text)")
    connection.execute("INSERT INTO package VALUES ('mine')")
    connection.execute("DELETE FROM sync_state")
"""


def test_a_made_password_is_printed_once_and_kept_nowhere(start: Start) -> None:
    run = start().until_up()
    assert run.text.count("made-up-password") == 1
    run.send(signal.SIGINT)
    again = start().until_up()
    assert "made-up-password" not in again.text
    files = [path for path in again.data.iterdir() if path.is_file()]
    assert files
    assert not [path for path in files if "made-up-password" in path.read_text(errors="replace")]


def test_a_given_password_reaches_the_one_step_that_needs_it(start: Start) -> None:
    run = start(FESTOON_ADMIN_PASSWORD="a fine long password").until_up()
    assert "With the password you gave." in run.text
    environment = Path(f"/proc/{run.pid_of('web')}/environ").read_text()
    assert "FESTOON_ADMIN_PASSWORD" not in environment


def test_production_loads_no_demo_and_needs_a_secret(start: Start) -> None:
    refused = start(FESTOON_ENV="production", FESTOON_LOG_FORMAT="console")
    assert refused.end() == 1
    assert "SECRET_KEY is missing" in refused.text
    run = start(
        FESTOON_ENV="production", FESTOON_LOG_FORMAT="console", SECRET_KEY="k9" + "abcdefgh" * 6
    ).until_up()
    assert run.steps() == ["upgrade", "sync", "admin"]


def test_the_secret_of_a_development_set_up_is_made_and_kept(start: Start) -> None:
    run = start().until_up()
    secret = run.ask("/secret")
    assert len(secret) > 32
    assert (run.data / "secret-key").stat().st_mode & 0o777 == 0o600
    run.send(signal.SIGINT)
    assert start().until_up().ask("/secret") == secret


def test_a_dead_worker_is_started_anew(start: Start) -> None:
    run = start().until_up()
    pid = run.pid_of("worker")
    os.kill(pid, signal.SIGKILL)
    run.wait_for(r"worker was ended by SIGKILL; it is started anew in 1 s")
    run.wait_for(r"(?s)worker is up.*worker is up")
    assert run.pid_of("worker") != pid


@pytest.mark.long
def test_a_dead_database_is_started_anew_on_the_same_address(start: Start) -> None:
    run = start().until_up()
    url = run.facts()["addresses"]["DATABASE_URL"]
    os.kill(int((run.data / "postgres" / "data" / "postmaster.pid").read_text().split()[0]), signal.SIGQUIT)
    run.wait_for("postgres ended; it is started anew")
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            connection = psycopg.connect(url)
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            with connection:
                assert connection.execute("SELECT 1").fetchone() == (1,)
            return
    pytest.fail(run.text)


def test_when_web_cannot_start_the_reason_is_said_and_all_stops(start: Start) -> None:
    run = start(STAND_IN_WEB="broken")
    assert run.end() == 1
    assert "web cannot start: it ended with exit code 1 (the reason why web is broken)." in run.text
    assert servers_on(run.data) == []
    assert not (run.data / "running.json").exists()


def test_a_taken_port_is_one_sentence(start: Start, port: int) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        run = start()
        assert run.end() == 1
    assert f"Port {port} is taken by another program." in run.text
    assert len(run.text.splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        (
            "DATABASE_URL",
            "postgresql://nobody:hidden-word@127.0.0.1:1/none",
            "PostgreSQL does not let us in at",
        ),
        ("DATABASE_URL", "mysql://127.0.0.1/none", "DATABASE_URL must begin with postgresql://"),
        ("REDIS_URL", "redis://:hidden-word@127.0.0.1:1/0", "no Valkey or Redis answers at"),
        ("REDIS_URL", "http://127.0.0.1", "REDIS_URL must begin with redis://"),
        ("PORT", "eighty", "PORT is 'eighty', which cannot be read"),
        ("HOST", "203.0.113.7", "which is no address of this machine"),
        ("FESTOON_DATA_DIR", "/dev/null/data", "cannot be used"),
    ],
)
def test_a_wrong_setting_is_one_sentence(start: Start, name: str, value: str, words: str) -> None:
    run = start(**{name: value})
    assert run.end() == 1
    assert words in run.text
    assert "hidden-word" not in run.text
    assert len(run.text.splitlines()) == 1


def test_a_full_disk_is_one_sentence(start: Start, folder: Path) -> None:
    disk = folder / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", str(disk)]
    if os.getuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root can make a small disk")
    try:
        run = start(FESTOON_DATA_DIR=str(disk / "data"))
        assert run.end() == 1
        assert "Free some space, or set FESTOON_DATA_DIR to another disk." in run.text
        assert len(run.text.splitlines()) == 1
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_second_start_of_the_same_folder_says_where_the_first_is(start: Start, port: int) -> None:
    first = start().until_up()
    second = start(PORT=str(port + 1))
    assert second.end() == 1
    assert f"Festoon runs from this folder already at http://127.0.0.1:{port}" in second.text
    assert first.ask("/health/ready") == "ready"


@pytest.mark.long
def test_two_folders_run_side_by_side(start: Start, folder: Path, port: int) -> None:
    first = start().until_up()
    second = start(PORT=str(port + 1), FESTOON_DATA_DIR=str(folder / "other")).until_up()
    assert first.send(signal.SIGINT) == 0
    assert second.ask("/health/ready") == "ready"


def test_a_folder_with_a_space_and_a_long_name_is_no_trouble(start: Start, folder: Path) -> None:
    name = "a folder with spaces/" + "long " * 40 + "/data"
    run = start(FESTOON_DATA_DIR=str(folder / name)).until_up()
    assert run.send(signal.SIGINT) == 0
    assert run.left_behind() == []


def test_it_stops_when_what_started_it_is_killed(start: Start) -> None:
    """`make run` is what people kill: the supervisor below it must not go on alone."""
    run = start("--stop-with-parent", STAND_IN_UNDER="a parent").until_up()
    supervisor = run.facts()["pid"]
    assert supervisor != run.process.pid
    run.process.kill()
    run.end()
    deadline = time.monotonic() + 30
    while command_line(supervisor):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert run.left_behind() == []


@pytest.mark.long
def test_a_start_waits_for_one_that_is_just_stopping(start: Start) -> None:
    first = start().until_up()
    os.kill(first.pid_of("worker"), signal.SIGSTOP)  # it will not hear the request to stop
    first.process.send_signal(signal.SIGINT)
    first.wait_for("Stopping")
    second = start().until_up()
    assert first.end() == 0
    assert second.ask("/health/ready") == "ready"


def test_machines_get_one_object_a_line(start: Start) -> None:
    run = start(FESTOON_LOG_FORMAT="json").until_up()
    assert all(set(json.loads(line)) >= {"event"} for line in run.text.splitlines())


def test_a_reader_who_does_not_read_on_holds_nothing_up(start: Start) -> None:
    reader, writer = os.pipe()
    run = start(STAND_IN_WORKER="talker", output=writer)
    os.close(writer)
    deadline = time.monotonic() + 60
    while not (run.data / "talked").exists():  # the talker got rid of more than a pipe holds
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert run.ask("/health/ready") == "ready"
    assert run.send(signal.SIGINT) == 0
    os.close(reader)


def test_settings_are_read_from_the_env_file(start: Start, folder: Path, port: int) -> None:
    (folder / "checkout" / ".env").write_text(f"# ours\nexport FESTOON_DEMO='false'\nPORT={port + 3}\n")
    run = start().until_up()
    assert "demo" not in run.steps()
    assert run.ask("/health/ready") == "ready"  # the environment goes over the file: PORT is not the file's
