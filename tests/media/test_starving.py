"""Small files that take long to draw, and many at once: requests for other things are not kept waiting."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from PIL import Image

from app.kernel.errors import Invalid
from app.media import sandbox
from app.media.intake import take_in
from app.media.sandbox import DrawingFailed, DrawingUnavailable, NotTaken, Order, draw
from app.media.studio.scans import count_scans
from app.web.problems import problem_of
from tests.media import hostile
from tests.media.files import picture

QUICK = Order(picture=True, seconds=8)


def test_a_jpeg_of_hundreds_of_scans_is_refused_before_it_is_decoded(app: Flask) -> None:
    content = hostile.starving(560)
    assert len(content) < 400_000
    began = time.perf_counter()
    with pytest.raises(NotTaken) as refusal:
        draw(content, QUICK)
    assert refusal.value.why == "scans"
    assert time.perf_counter() - began < 3, "0.2 s on an idle machine, drawing it takes more than ten"
    with pytest.raises(Invalid) as told:
        take_in(content)
    assert told.value.status == 422
    assert "save it again" in str(told.value.errors["file"][0])


def test_a_jpeg_with_a_hundred_scans_is_drawn_and_one_more_is_refused() -> None:
    size = (300, 200)
    assert draw(hostile.starving(100, size), QUICK).files
    with pytest.raises(NotTaken):
        draw(hostile.starving(101, size), QUICK)


def test_scans_are_counted_where_they_are_scans() -> None:
    plain, slow = picture(), picture(progressive=True)
    assert count_scans(plain, 100) == 1
    assert 5 <= count_scans(slow, 100) <= 12
    exif = Image.Exif()
    exif[0x010E] = "x"
    within = plain[:2] + b"\xff\xe1\x10\x02" + b"\xff\xda" * 0x800 + plain[2:]
    assert count_scans(within, 100) == 1, "a segment is not looked into"
    assert count_scans(plain + b"\xff\xda" * 900, 100) == 1, "nor what lies behind the end"
    assert draw(within, QUICK).files
    noise = io.BytesIO()
    Image.effect_noise((900, 900), 90).save(noise, "JPEG", quality=95, restart_marker_blocks=1)
    assert count_scans(noise.getvalue(), 100) == 1
    assert count_scans(hostile.starving(5_000, (64, 64)), 100) == 101, "no further than it must"


def test_a_marker_that_is_none_hides_no_scans() -> None:
    slow = hostile.starving(300, (64, 64))
    first = slow.index(b"\xff\xda")
    for word in (b"\xff\x05\xff\xff", b"\xff\xff\xff\xd3", b"\xff\x01"):
        assert count_scans(slow[:first] + word + slow[first:], 100) == 101


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xd8\xff", b"\xff\xd8\xff\xda", b"\xff\xd8" + b"\xff\xe0\0\0" * 9]
)
def test_what_is_cut_off_is_counted_without_a_fault(content: bytes) -> None:
    assert count_scans(content, 100) <= 1


@contextmanager
def six_under_way(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let two draw for a while and four wait for them."""
    monkeypatch.setattr(sandbox, "_START", "import time; time.sleep(3)")
    drawing = [threading.Thread(target=_fail_to_draw) for _number in range(6)]
    for thread in drawing:
        thread.start()
    until = time.monotonic() + 5
    while sandbox._in_line._value and time.monotonic() < until:
        time.sleep(0.02)
    yield
    for thread in drawing:
        thread.join()


def _fail_to_draw() -> None:
    with pytest.raises(DrawingFailed):
        draw(picture(), QUICK)


def test_when_four_wait_the_next_is_told_at_once_when_to_come_again(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with six_under_way(monkeypatch):
        began = time.perf_counter()
        with app.test_request_context(), pytest.raises(DrawingUnavailable) as refusal:
            draw(picture(), QUICK)
        assert time.perf_counter() - began < 1
        with app.test_request_context():
            problem = problem_of(refusal.value)
            assert (problem.status, problem.code) == (503, "drawing_unavailable")
            assert str(problem.sentence) == "Many pictures are being drawn. Try again in a minute."
            assert problem.headers["Retry-After"] == "10"
    monkeypatch.undo()
    assert draw(picture(), QUICK).files, "the places are free again"


def test_who_waited_long_enough_is_told_the_same(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "LONGEST_WAIT", 0.2)
    monkeypatch.setattr(sandbox, "_START", "import time; time.sleep(2)")
    ended: list[str] = []

    def one() -> None:
        try:
            draw(picture(), QUICK)
        except (DrawingFailed, DrawingUnavailable) as error:
            ended.append(type(error).__name__)

    threads = [threading.Thread(target=one) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert ended == ["DrawingUnavailable"] * 2 + ["DrawingFailed"] * 2
    assert sandbox._in_line._value == 6, "every place is free again"
