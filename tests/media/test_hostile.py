"""Several hundred hostile files through the real way in: nothing breaks, nothing but pixels is stored."""

from __future__ import annotations

import json
import os
import re
import resource
import subprocess
import sys
import tarfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.kernel.errors import Invalid
from app.media import sandbox
from app.media.intake import take_in
from app.media.models import Asset
from app.media.sandbox import MEMORY, Drawing
from app.media.service import keep_drawing, store_picture, title_of
from app.media.storage import is_path, storage
from tests.media import hostile
from tests.media.files import picture
from tests.media.purity import impurities

PILLOW, SOURCE = "pillow==13.0.0", "pillow-13.0.0.tar.gz"
BROKE = re.compile("crash|oom|timeout|bad|broken|trunc|overflow|corrupt|bomb|invalid|uninit|fuzz|infinite")
REQUIRED = bool(os.environ.get("FESTOON_REQUIRE_CORPUS"))
PATIENCE = 12.0  # ten seconds, and the time to notice on a busy machine


@dataclass
class Course:
    """What became of the files: how many were taken and refused, and what went wrong."""

    ended: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    peak: int = 0
    slowest: tuple[float, str] = (0.0, "")

    @property
    def count(self) -> int:
        return self.ended.total()


def run_through(files: Iterable[hostile.Named], monkeypatch: pytest.MonkeyPatch) -> Course:
    """Take every file in as an upload is, two at a time, and store what becomes a picture."""
    course = Course()
    really = sandbox._checked

    def watched(output: bytes, order: sandbox.Order) -> Drawing:
        course.peak = max(course.peak, json.loads(output.partition(b"\n")[0])["peak"])
        return really(output, order)

    monkeypatch.setattr(sandbox, "_checked", watched)
    work = iter(files)
    with ThreadPoolExecutor(2) as pool:
        while some := list(islice(work, 8)):
            for (name, _content), (ended, seconds) in zip(some, pool.map(_take, some), strict=True):
                course.slowest = max(course.slowest, (seconds, name))
                if isinstance(ended, Drawing):
                    course.ended["taken"] += 1
                    course.wrong += [f"{name}: {found}" for found in _stored(ended, name)]
                elif isinstance(ended, Invalid):
                    course.ended["refused"] += 1
                    course.wrong += [] if list(ended.errors) == ["file"] else [f"{name}: {ended.errors}"]
                else:
                    course.wrong.append(f"{name}: {ended!r}")
    return course


def _take(named: hostile.Named) -> tuple[Drawing | Exception, float]:
    began = time.monotonic()
    try:
        return take_in(named[1]), time.monotonic() - began
    except Exception as error:  # noqa: BLE001  # whatever it is, it is what the test is about
        return error, time.monotonic() - began


def _stored(drawing: Drawing, name: str) -> Iterator[str]:
    """Store a picture and look at each of its files as they lie there."""
    asset = keep_drawing(drawing, title_of(name))
    for path in asset.files:
        with storage().open(path) as file:
            content = file.read()
        if not is_path(path):
            yield f"stored as {path}"
        yield from (f"{path} holds {found}" for found in impurities(content))


def check(course: Course, session: Session, before: int) -> None:
    """Hold a course against what the product promises."""
    told = f"{course.count} files: {dict(course.ended)}; slowest {course.slowest}; {course.peak // 1024} MiB"
    assert course.wrong == [], told
    assert course.slowest[0] <= PATIENCE, course.slowest
    assert 0 < course.peak * 1024 <= MEMORY
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert grown < 400, "the web process took part in the drawing"
    assert session.scalar(select(func.count()).select_from(Asset)) == course.ended["taken"]


@pytest.mark.timeout(300)
@pytest.mark.proves("S4.97")
def test_four_hundred_hostile_files_break_nothing_and_leave_nothing_but_pixels(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    course = run_through(hostile.all_files(), monkeypatch)

    assert course.count >= 400
    assert min(course.ended["taken"], course.ended["refused"]) > 100
    check(course, session, before)
    assert take_in(picture()).files, "the next picture is taken as if nothing had been"


def test_what_is_looked_for_is_found_in_what_was_sent() -> None:
    """The eyes of these tests see: the files as they were sent are full of what none that is stored may hold."""
    seen = 0
    for name, content in [*hostile.metadata(), *hostile.two_in_one()]:
        try:
            seen += bool(impurities(content))
        except (OSError, SyntaxError, ValueError, IndexError):
            continue
        else:
            assert name
    assert seen > 40


@pytest.mark.parametrize("name", hostile.names(), ids=ascii)
def test_a_hostile_name_reaches_no_path(app: Flask, session: Session, name: str) -> None:
    asset = store_picture(_small(), title_of(name))

    assert all(is_path(path) and path.startswith("library/") for path in asset.files)
    assert 0 < len(asset.title) <= 200
    assert asset.title.isprintable()
    session.rollback()


_SMALL: list[bytes] = []


def _small() -> bytes:
    if not _SMALL:
        _SMALL.append(picture("PNG", (4, 4)))
    return _SMALL[0]


@pytest.mark.timeout(600)
@pytest.mark.proves("S4.97")
def test_the_images_that_once_broke_pillow_break_nothing_here(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    source = pillow_source(may_fetch=REQUIRED)
    broke = (named for named in pillow_images(source) if BROKE.search(named[0]))

    course = run_through(broke, monkeypatch)

    assert course.count > 70
    check(course, session, before)


@pytest.mark.long
@pytest.mark.timeout(1_200)
@pytest.mark.proves("S4.97")
def test_a_thousand_images_of_pillow_break_nothing_here(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    course = run_through(pillow_images(pillow_source(may_fetch=True)), monkeypatch)

    assert course.count > 1_000
    check(course, session, before)


def pillow_images(source: Path) -> Iterator[hostile.Named]:
    """Give the test images of Pillow's own source package."""
    with tarfile.open(source) as packed:
        for member in packed:
            if member.isfile() and "/Tests/images/" in member.name and (file := packed.extractfile(member)):
                yield member.name.partition("/Tests/images/")[2], file.read()


def pillow_source(*, may_fetch: bool) -> Path:
    """Give the package, fetched once into a cache of this user's; without it the test is skipped or fails."""
    root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "festoon-tests"
    told = "it is fetched by `make verify`, or where FESTOON_REQUIRE_CORPUS is set"
    if may_fetch and not list(root.glob(SOURCE)):
        root.mkdir(parents=True, exist_ok=True)
        fetch = ["download", "--no-deps", "--no-binary", "pillow", "-d", str(root), PILLOW]
        command = [sys.executable, "-m", "pip", *fetch]
        asked = subprocess.run(command, capture_output=True, text=True, timeout=500, check=False)
        told = asked.stderr.strip()[-300:]
    found = list(root.glob(SOURCE))
    if not found:
        told = f"Pillow's source package is not here: {told}"
        pytest.fail(told) if REQUIRED else pytest.skip(told)
    return found[0]
