"""Each planted fault is found: a copy of the program that has it fails the tests of rooms and bookings."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.planted import PLANTED, Fault

ROOT = Path(__file__).parents[2]
COPIED = (
    *("app", "tests", "migrations", "translations", "config.py", "pyproject.toml", "babel.cfg"),
    *("requirements.txt", "wsgi.py"),
)
WATCHING = (
    "tests/domains/test_availability.py",
    "tests/domains/test_claims.py",
    "tests/domains/test_moving.py",
)


@pytest.mark.parametrize("fault", PLANTED, ids=lambda fault: fault.name)
def test_a_planted_fault_still_has_its_place_and_can_be_read(fault: Fault) -> None:
    right = (ROOT / fault.file).read_text(encoding="utf-8")
    assert right.count(fault.right) == 1
    ast.parse(right.replace(fault.right, fault.wrong))


def test_there_are_at_least_twelve() -> None:
    assert len({fault.name for fault in PLANTED}) >= 12


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the program."""
    folder = tmp_path_factory.mktemp("copy")
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)
    return folder


def watch(copy: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-n", "0", "-p", "no:cacheprovider", *WATCHING]
    return subprocess.run(command, cwd=copy, capture_output=True, text=True, timeout=300, check=False)


@pytest.mark.long
def test_a_copy_without_a_fault_passes(copy: Path) -> None:
    found = watch(copy)
    assert found.returncode == 0, found.stdout[-2000:]


@pytest.mark.long
@pytest.mark.parametrize("fault", PLANTED, ids=lambda fault: fault.name)
def test_a_planted_fault_is_found(copy: Path, fault: Fault) -> None:
    place = copy / fault.file
    right = place.read_text(encoding="utf-8")
    try:
        place.write_text(right.replace(fault.right, fault.wrong), encoding="utf-8")
        found = watch(copy)
    finally:
        place.write_text(right, encoding="utf-8")
    assert found.returncode == 1, f"nobody found it: {found.stdout[-500:]}"
    assert "1 failed" in found.stdout
