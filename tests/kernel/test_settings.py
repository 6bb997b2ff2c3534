"""Settings: read from the environment and a file, checked before the start, all listed in `.env.example`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from app.access.accounts import create_admin, find_user, refuse_examples, set_password
from app.kernel.settings import (
    ROOT,
    Settings,
    SettingsError,
    example,
    load_settings,
    read_environment,
    running_addresses,
)
from config import flask_config, from_settings

SAFE = {"FESTOON_ENV": "production", "SECRET_KEY": "Zq3rT8vLw1xN5cB7mK2pJ9hG4fD6sA0y"}


def refusals(**environ: str) -> list[str]:
    """Give the sentences with which these settings are refused."""
    with pytest.raises(SettingsError) as caught:
        load_settings(environ)
    return caught.value.sentences


@pytest.mark.proves("S0.2")
def test_the_example_lists_every_setting_with_its_meaning() -> None:
    assert (ROOT / ".env.example").read_text() == example()


def test_the_example_is_read_as_the_defaults() -> None:
    lines = [line.partition("=") for line in example().splitlines() if line and not line.startswith("#")]
    assert load_settings({name: value for name, _, value in lines}) == Settings()


def test_no_other_variable_of_ours_is_read_anywhere() -> None:
    names = {line.partition("=")[0] for line in example().splitlines() if line and not line.startswith("#")}
    internal = {"FESTOON_RUN", "FESTOON_PROCESS", "FESTOON_FOLDER"}
    found = subprocess.run(
        ["git", "grep", "-hoE", "FESTOON_[A-Z_]+", "--", "app", "config.py", "Makefile", "deploy", "docs/*.md"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert {name.rstrip("_") for name in found.stdout.split()} - names - internal - {"FESTOON"} == set()


def test_without_an_environment_the_program_is_in_development_on_this_machine_alone() -> None:
    settings = load_settings({})
    assert not settings.is_production
    assert (settings.host, settings.port, settings.log_form) == ("127.0.0.1", 8080, "console")


def test_a_safe_production_is_let_through() -> None:
    settings = load_settings(SAFE)
    assert settings.is_production
    assert settings.log_form == "json"


@pytest.mark.proves("S0.2", "S0.54", "S2.91")
@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is missing"),
        ({"SECRET_KEY": "changeme"}, "SECRET_KEY is too easy to guess"),
        ({"SECRET_KEY": "Zq3rT8vLw1xN5cB7mK2pJ9hG4fD6sA0"}, "SECRET_KEY is too easy to guess"),
        ({"SECRET_KEY": "a" * 64}, "SECRET_KEY is too easy to guess"),
        ({"FESTOON_DEBUG": "true"}, "FESTOON_DEBUG is on"),
        ({"FESTOON_ADMIN_PASSWORD": "admin"}, "FESTOON_ADMIN_PASSWORD is a default or too short"),
        ({"FESTOON_ADMIN_PASSWORD": "Festoon123"}, "FESTOON_ADMIN_PASSWORD is a default or too short"),
        ({"FESTOON_ADMIN_PASSWORD": "k7$pQ"}, "FESTOON_ADMIN_PASSWORD is a default or too short"),
    ],
)
def test_an_unsafe_production_is_refused(changed: dict[str, str], words: str) -> None:
    assert len(found := refusals(**(SAFE | changed))) == 1
    assert found[0].startswith(words)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FESTOON_ENV", "staging"),
        ("FESTOON_DEBUG", "maybe"),
        ("PORT", "0"),
        ("PORT", "70000"),
        ("PORT", "http"),
        ("DATABASE_URL", "mysql://localhost/festoon"),
        ("DATABASE_URL", "localhost"),
        ("REDIS_URL", "memcached://localhost"),
        ("FESTOON_PUBLIC_URL", "festoon.example.com"),
        ("FESTOON_TRUSTED_HOSTS", "https://festoon.example.com"),
        ("FESTOON_TRUSTED_HOSTS", "festoon.example.com:443"),
        ("FESTOON_LOG_FORMAT", "xml"),
        ("FESTOON_LOG_LEVEL", "loud"),
        ("FESTOON_CURRENCY", "euro"),
        ("FESTOON_DEFAULT_LOCALE", "deutsch!"),
        ("FESTOON_WEB_THREADS", "0"),
        ("FESTOON_PAGE_SIZE", "101"),
        ("FESTOON_PROXY_COUNT", "-1"),
    ],
)
def test_what_cannot_be_right_is_refused_by_name(name: str, value: str) -> None:
    assert len(found := refusals(**{name: value})) == 1
    assert name in found[0]


def test_all_that_is_wrong_is_said_at_once() -> None:
    found = refusals(FESTOON_ENV="production", PORT="no", FESTOON_DEBUG="1")
    assert [sentence.split()[0] for sentence in found] == ["PORT", "SECRET_KEY", "FESTOON_DEBUG"]


def test_a_file_gives_what_the_environment_does_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / ".env"
    file.write_text(
        "# a comment\n\nexport PORT=9000\nFESTOON_CURRENCY = 'USD'\nHOST=0.0.0.0 # every one\n"
        'FESTOON_ADMIN_PASSWORD="with # and = inside"\n'
    )
    for name in ("PORT", "FESTOON_CURRENCY", "FESTOON_ADMIN_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOST", "127.0.0.2")
    found = read_environment(file)
    assert (found["PORT"], found["FESTOON_CURRENCY"], found["HOST"]) == ("9000", "USD", "127.0.0.2")
    assert found["FESTOON_ADMIN_PASSWORD"] == "with # and = inside"


@pytest.mark.parametrize("text", ["just words", "1NAME=value", "=value"])
def test_a_line_of_the_file_that_says_nothing_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / ".env"
    file.write_text(f"PORT=9000\n{text}\n")
    with pytest.raises(SettingsError, match=r"Line 2 of .* is not NAME=value"):
        read_environment(file)


def test_roots_data_lies_outside_of_the_checkout_and_a_users_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 0)
    assert Settings().data_folder.parent == Path("/var/lib/festoon")
    monkeypatch.setattr(os, "getuid", lambda: 1000)
    assert Settings().data_folder == ROOT / "var"
    assert Settings(data_dir="~/festoon").data_folder == Path.home() / "festoon"


def test_a_command_finds_the_servers_of_a_running_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "running.json").write_text(
        '{"addresses": {"DATABASE_URL": "postgresql://u@/d", "REDIS_URL": "unix:///r", "SECRET_KEY": "s"}}'
    )
    assert running_addresses(tmp_path)["REDIS_URL"] == "unix:///r"
    monkeypatch.setenv("FESTOON_DATA_DIR", str(tmp_path))
    for name in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)
    found = flask_config()
    assert found["SQLALCHEMY_DATABASE_URI"] == "postgresql+psycopg://u@/d"
    assert (found["REDIS_URL"], found["SECRET_KEY"]) == ("unix:///r", "s")


def test_without_a_database_the_program_says_how_to_get_one(tmp_path: Path) -> None:
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DATABASE_URL", "REDIS_URL", "FESTOON_ENV")
    }
    told = subprocess.run(
        [sys.executable, "-m", "flask", "routes"],
        cwd=ROOT, env={**environment, "FESTOON_DATA_DIR": str(tmp_path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert told.returncode == 3
    assert (
        told.stderr.strip()
        == "There is no database. Start `make run` in another window, or set DATABASE_URL."
    )


def test_production_needs_a_place_where_tries_to_sign_in_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SAFE.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DATABASE_URL", "postgresql://localhost/festoon")
    monkeypatch.setenv("REDIS_URL", "")
    monkeypatch.setenv("FESTOON_DATA_DIR", "/nonexistent")
    with pytest.raises(SettingsError, match="Set REDIS_URL"):
        flask_config()


def test_the_default_language_is_one_that_is_shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FESTOON_DEFAULT_LOCALE", "fr")
    with pytest.raises(SettingsError, match="must be one of en, de, es, hi, ar"):
        flask_config({"SQLALCHEMY_DATABASE_URI": "postgresql:///none"})


def test_addresses_are_written_as_the_libraries_read_them() -> None:
    config = from_settings(Settings(database_url="postgres://u:p@h/d", redis_url="valkey://h/1"))
    assert config["SQLALCHEMY_DATABASE_URI"] == "postgresql+psycopg://u:p@h/d"
    assert config["REDIS_URL"] == "redis://h/1"
    session = config["SQLALCHEMY_ENGINE_OPTIONS"]["connect_args"]["options"]
    assert "statement_timeout=30000" in session
    assert (
        "random_page_cost=1.1" in session
    )  # else a list by state is read along the dates, past all other states


def test_production_is_refused_while_an_administrator_has_an_examples_password(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_admin("admin")
    refuse_examples(app)
    monkeypatch.setitem(app.config, "IS_PRODUCTION", True)
    with pytest.raises(SettingsError, match="flask admin password admin"):
        refuse_examples(app)
    set_password(find_user("admin"), "a fine long password")
    refuse_examples(app)
