"""`flask doctor`: what it finds, and what it says to do."""

from __future__ import annotations

import shutil
import socket
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from redis import Redis
from sqlalchemy.orm import Session

from app.access.accounts import create_admin
from app.doctor import CATALOGUES, Finding, examine, is_compiled
from app.kernel import jobs
from app.kernel.embedded import Valkey
from app.kernel.locales import SHIPPED
from app.kernel.settings import Settings


def look(app: Flask) -> dict[str, Finding]:
    """Examine, and give the findings by their names."""
    return {finding.name: finding for finding in examine(app)}


def settle(app: Flask, monkeypatch: pytest.MonkeyPatch, **changes: object) -> None:
    """Change settings for a test."""
    monkeypatch.setitem(app.config, "SETTINGS", replace(Settings(), **changes))  # type: ignore[arg-type]


def test_a_healthy_set_up_has_nothing_to_mend(
    app: Flask, monkeypatch: pytest.MonkeyPatch, folder: Path, port: int
) -> None:
    settle(app, monkeypatch, data_dir=str(folder), port=port)
    create_admin("a fine long password")
    found = look(app)
    assert [finding for finding in found.values() if not finding.ok] == []
    assert {"database", "migrations", "storage", "settings", "disk", "port", "languages"} <= set(found)
    assert found["port"].sentence == f"Port {port} is free."


def test_the_command_ends_with_one_when_there_is_something_to_mend(
    app: Flask, monkeypatch: pytest.MonkeyPatch, port: int
) -> None:
    settle(app, monkeypatch, host="0.0.0.0", port=port)
    told = app.test_cli_runner().invoke(args=["doctor"])
    assert told.exit_code == 1
    assert "MEND  settings: Others can reach HOST 0.0.0.0 in development mode." in told.output
    assert "ok    database: PostgreSQL answers." in told.output


def test_a_database_that_is_away_is_said_with_what_to_do(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "SQLALCHEMY_DATABASE_URI", "postgresql+psycopg://u:hush@127.0.0.1:1/none")
    found = look(app)
    assert not found["database"].ok
    assert "Start `make run`, or mend DATABASE_URL." in found["database"].sentence
    assert "administrator" not in found
    assert "hush" not in str(found)


def test_a_port_of_another_program_is_named(app: Flask, monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    settle(app, monkeypatch, port=port)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        taken.settimeout(0)
        found = look(app)["port"]
    assert not found.ok
    assert f"Port {port} is taken by another program." in found.sentence


def test_a_set_up_without_administrator_says_how_to_make_one(app: Flask, session: Session) -> None:
    assert look(app)["administrator"] == Finding(
        "administrator", ok=False, sentence="There is none. Run `flask admin create`."
    )


def test_an_examples_password_is_a_fault_in_production_alone(
    app: Flask, monkeypatch: pytest.MonkeyPatch, session: Session
) -> None:
    monkeypatch.setitem(app.config, "IS_PRODUCTION", False)
    create_admin("admin")
    assert look(app)["administrator"].ok
    settle(app, monkeypatch, environment="production", public_url="https://festoon.example.com")
    found = look(app)
    assert not found["administrator"].ok
    assert "flask admin password admin" in found["administrator"].sentence
    assert found["settings"].ok


def test_production_should_know_its_address(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    settle(app, monkeypatch, environment="production")
    assert "Set FESTOON_PUBLIC_URL" in look(app)["settings"].sentence


def test_processes_that_do_not_run_are_missed(
    whole_app: Flask, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    with Valkey(folder / "valkey", durable=False) as url, whole_app.app_context():
        monkeypatch.setitem(whole_app.config, "REDIS_URL", url)
        found = look(whole_app)
        assert found["valkey"].ok
        assert found["worker"].sentence == "None runs. Start `python -m app.worker`."
        assert not found["clock"].ok
        worker = jobs.JobWorker(jobs.connection())
        worker.register_birth()
        assert look(whole_app)["worker"].ok
        worker.register_death()
        Redis.from_url(url).close()
        jobs.connection().connection_pool.disconnect()


@pytest.mark.parametrize("locale", SHIPPED)
def test_every_catalogue_is_compiled(locale: str) -> None:
    assert is_compiled(CATALOGUES / locale / "LC_MESSAGES")


def test_a_catalogue_that_says_something_else_than_its_source_is_old(tmp_path: Path) -> None:
    copy = tmp_path / "LC_MESSAGES"
    shutil.copytree(CATALOGUES / "de" / "LC_MESSAGES", copy)
    assert is_compiled(copy)
    with (copy / "messages.po").open("a") as source:
        source.write('\nmsgid "A sentence that nobody compiled"\nmsgstr "Ein Satz"\n')
    assert not is_compiled(copy)
    (copy / "messages.mo").unlink()
    assert not is_compiled(copy)
