"""The command lines of the processes."""

from __future__ import annotations

import sys

import pytest

from app.kernel.settings import Settings
from app.up.commands import commands, web


@pytest.mark.parametrize(
    ("host", "bind"), [("127.0.0.1", "127.0.0.1:9000"), ("::1", "[::1]:9000"), ("0.0.0.0", "0.0.0.0:9000")]
)
def test_web_listens_where_the_settings_say(host: str, bind: str) -> None:
    line = web(Settings(host=host, port=9000, web_threads=7, sockets=50))
    assert line[line.index("--bind") + 1] == bind
    assert line[line.index("--threads") + 1] == "57"  # those of requests, and one for each live connection
    assert line[line.index("--workers") + 1] == "1"


def test_changed_code_is_read_anew_in_debugging_alone() -> None:
    assert "--reload" not in web(Settings())
    assert "--reload" in web(Settings(debug=True))


def test_every_line_runs_this_python_without_a_script_whose_first_line_would_hold_a_long_path() -> None:
    lines = commands(Settings())
    for name in lines.__slots__:
        assert getattr(lines, name)[:2] == (sys.executable, "-m")
