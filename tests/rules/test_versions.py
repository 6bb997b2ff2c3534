"""What is installed is pinned with hashes, and not older than the versions that mended known faults."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = ("requirements.txt", "requirements-embedded.txt", "requirements-dev.txt")
FLOORS = {
    "pillow": "12.3",
    "python-socketio": "5.16.4",
    "python-engineio": "4.13.2",
    "werkzeug": "3.1.6",
    "flask": "3.1.1",
    "pyjwt": "2.12",
    "jinja2": "3.1.6",
    "flask-appbuilder": "5.2.2",
}
REFUSED = {"bleach", "cairosvg", "flask-cors"}
"""Not maintained, reaching out to hosts, or not needed where origins are told exactly."""

_PIN = re.compile(r"^([a-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)


def pins(name: str) -> dict[str, str]:
    return dict(_PIN.findall((ROOT / name).read_text("utf-8")))


def ordered(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text))


@pytest.mark.parametrize("package", FLOORS)
def test_no_version_is_below_its_floor(package: str) -> None:
    assert ordered(version(package)) >= ordered(FLOORS[package])
    assert ordered(pins("requirements.txt")[package]) >= ordered(FLOORS[package])


@pytest.mark.parametrize("name", FILES)
def test_every_pin_has_its_hashes(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    entries = re.split(r"^(?=\S)", re.sub(r"^ *#.*\n", "", text, flags=re.MULTILINE), flags=re.MULTILINE)
    entries = [entry for entry in entries if entry.strip()]
    assert entries
    loose = [
        entry.split("\n")[0] for entry in entries if not _PIN.match(entry) or "--hash=sha256:" not in entry
    ]
    assert loose == []


def test_what_is_declared_is_what_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    for name, lines in (
        ("requirements.txt", project["dependencies"]),
        ("requirements-embedded.txt", project["dependencies"] + extras["embedded"]),
        ("requirements-dev.txt", project["dependencies"] + extras["embedded"] + extras["dev"]),
    ):
        pinned = pins(name)
        declared = {found[0][0]: found[0][1] for line in lines if (found := _PIN.findall(line.lower()))}
        assert len(declared) == len(lines)
        assert {package: pinned.get(package) for package in declared} == declared, name


def test_the_smaller_sets_are_parts_of_the_larger() -> None:
    runtime, embedded, development = (set(pins(name).items()) for name in FILES)
    assert runtime < embedded < development


def test_what_was_turned_down_has_not_come_in() -> None:
    assert REFUSED.isdisjoint(pins("requirements-dev.txt"))
