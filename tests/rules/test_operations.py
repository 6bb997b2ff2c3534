"""Rules about how the program is run: targets explain themselves, samples name what there is."""

from __future__ import annotations

import re
import subprocess
from dataclasses import fields
from typing import Any

import yaml

from app.kernel.settings import ROOT, Settings

VARIABLES = {item.metadata["name"] for item in fields(Settings)}


def makefile() -> str:
    return (ROOT / "Makefile").read_text()


def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text())
    return found


def test_help_explains_every_target() -> None:
    told = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    explained = dict(re.findall(r"^  ([a-z-]+) +(\S.+)$", told.stdout, re.MULTILINE))
    targets = set(re.findall(r"^([a-z][a-z-]*):", makefile(), re.MULTILINE))
    assert {"run", "test", "verify", "lint", "types", "imports"} <= targets
    assert set(explained) == targets
    phony = re.search(r"^\.PHONY:((?:.*\\\n)*.*)$", makefile(), re.MULTILINE)
    assert phony is not None
    assert set(phony[1].replace("\\", "").split()) == targets


def test_no_target_names_an_absolute_path() -> None:
    """`make` splits paths at spaces: in a folder whose name has one, only relative paths work."""
    words = " ".join(line for line in makefile().splitlines() if not line.startswith("#"))
    assert "CURDIR" not in words
    assert "abspath" not in words
    assert set(re.findall(r"(?<![\w.}])/(?:[a-z]+/?)+", words)) <= {"/bin/sh", "/path/to/python"}


def test_the_image_copies_what_there_is_and_starts_what_can_be_started() -> None:
    text = (ROOT / "deploy" / "Dockerfile").read_text()
    copied = [
        word for line in re.findall(r"^COPY (?!--)(.+) \S+$", text, re.MULTILINE) for word in line.split()
    ]
    assert copied
    assert [word for word in copied if not (ROOT / word).exists()] == []
    let_in = (ROOT / ".dockerignore").read_text().splitlines()
    assert [word for word in copied if f"!{word}" not in let_in] == []
    assert "USER festoon" in text
    assert "--require-hashes" in text


def test_one_command_brings_up_everything() -> None:
    services = compose()["services"]
    assert {"postgres", "valkey", "setup", "web", "worker", "clock", "nginx"} == set(services)
    for name in ("web", "worker", "clock"):
        assert services[name]["depends_on"]["setup"]["condition"] == "service_completed_successfully"
    published = {name for name, service in services.items() if service.get("ports")}
    assert published == {"nginx"}


def test_the_samples_name_settings_that_there_are() -> None:
    named = {name for service in compose()["services"].values() for name in service.get("environment", {})}
    assert {name for name in named if not name.startswith("POSTGRES_")} <= VARIABLES
    image = re.findall(r"\b([A-Z_]+)=", (ROOT / "deploy" / "Dockerfile").read_text())
    assert set(image) <= VARIABLES | {"PATH", "PYTHONUNBUFFERED"}


def test_scripts_can_be_run() -> None:
    for path in (ROOT / ".ci" / "run", *sorted((ROOT / "deploy").glob("*.sh"))):
        assert path.stat().st_mode & 0o111, path
        shell = "bash" if path.name == "run" else "sh"
        assert subprocess.run([shell, "-n", str(path)], capture_output=True, check=False).returncode == 0, (
            path
        )
