"""The log: one event a line, a number for each request, and no secret."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from app.kernel import logs


@pytest.fixture(autouse=True)
def settings_as_before() -> Iterator[None]:
    """Leave the other tests the log they had."""
    root = logging.getLogger()
    handlers, level, before = root.handlers[:], root.level, structlog.get_config()
    yield
    root.handlers[:], root.level = handlers, level
    structlog.configure(**before)
    logs.unbind_all()


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """Read the one line that was written."""
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1
    found: dict[str, Any] = json.loads(lines[0])
    return found


@pytest.mark.proves("S0.55", "S1.108", "S2.34")
def test_an_event_is_one_object_with_what_was_bound(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure_logs("json")
    logs.bind(correlation_id="c-1")
    structlog.get_logger("festoon.test").info("saved", package="p-1", amount=3)
    line = told(capsys)
    assert (line["event"], line["correlation_id"], line["amount"], line["level"]) == (
        "saved",
        "c-1",
        3,
        "info",
    )
    assert line["timestamp"].endswith("Z")
    logs.unbind_all()
    structlog.get_logger("festoon.test").info("saved")
    assert "correlation_id" not in told(capsys)


def test_libraries_write_into_the_same_log(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure_logs("json")
    logging.getLogger("some.library").warning("odd: %s", 5)
    line = told(capsys)
    assert (line["event"], line["logger"], line["level"]) == ("odd: 5", "some.library", "warning")


@pytest.mark.parametrize("form", ["json", "console"])
def test_the_short_way_writes_what_the_long_one_does(capsys: pytest.CaptureFixture[str], form: str) -> None:
    logs.configure_logs(form)
    logs.bind(correlation_id="c-1")
    facts = {"status": 201, "user_id": None, "agent": "x\ny", "api_key": "hush", "seen": "?token=hush&a=b"}
    written = []
    for tell in (
        structlog.get_logger("festoon.test").info,
        lambda *a, **b: logs.tell("festoon.test", *a, **b),
    ):
        tell("request", **facts)
        (line,) = capsys.readouterr().out.splitlines()
        assert "hush" not in line
        written.append(json.loads(line) if form == "json" else line.partition("[info")[2])
    long, short = written
    if form == "json":
        assert long.pop("timestamp")[:13] == short.pop("timestamp")[:13]
    assert short == long


@pytest.mark.parametrize(
    "name", ["password", "new_password", "SECRET_KEY", "csrf_token", "Authorization", "Cookie"]
)
def test_a_value_with_a_secrets_name_is_hidden(capsys: pytest.CaptureFixture[str], name: str) -> None:
    logs.configure_logs("json")
    structlog.get_logger().info("given", **{name: "hush"}, deep={"list": [{name: "hush"}]})
    assert "hush" not in json.dumps(told(capsys))


@pytest.mark.parametrize(
    "text",
    [
        "cannot reach postgresql://festoon:hush@db/festoon",
        "GET /reset?token=hush&lang=de",
        "Authorization: Bearer hush",
    ],
)
def test_a_secret_inside_of_a_sentence_is_hidden(capsys: pytest.CaptureFixture[str], text: str) -> None:
    logs.configure_logs("json")
    logging.getLogger("some.library").warning(text)
    assert "hush" not in json.dumps(told(capsys))


def test_a_fault_is_told_whole_but_without_secrets(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure_logs("json")
    try:
        raise ValueError("postgresql://festoon:hush@db/festoon")
    except ValueError:
        logging.getLogger("some.library").exception("it failed")
    line = told(capsys)
    assert "Traceback" in line["exception"]
    assert "hush" not in line["exception"]


def test_a_visitor_cannot_forge_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure_logs("console")
    structlog.get_logger().info("request", agent="x\n12:00:00 [info] signed in as admin\x1b[31m")
    out = capsys.readouterr().out
    assert len(out.splitlines()) == 1
    assert "\x1b[31m" not in out


def test_configuring_twice_writes_once(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure_logs("json")
    logs.configure_logs("json")
    structlog.get_logger().info("once")
    assert told(capsys)["event"] == "once"


def test_what_is_below_the_level_is_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure_logs("json", "WARNING")
    structlog.get_logger().info("quiet")
    assert capsys.readouterr().out == ""
