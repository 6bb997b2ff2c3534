"""The steps of drawing one by one, in this process: where a crop lies, which widths there are, what is read."""

from __future__ import annotations

import io
import json
import resource
import sys
from types import SimpleNamespace

import pytest
from PIL import Image, features

from app.media.studio import door
from app.media.studio.drawing import CROPS, blur, crop_box, draw_crops, encode, widths_of
from app.media.studio.kinds import kind_of
from app.media.studio.reading import Refused, read
from tests.media import files
from tests.media.purity import impurities


def test_pillow_here_reads_and_writes_every_form() -> None:
    assert all(features.check(name) for name in ("jpg", "zlib", "webp", "avif", "littlecms2"))


@pytest.mark.parametrize(
    ("width", "widths"),
    [
        (1, [1]),
        (320, [320]),
        (330, [320]),
        (500, [320, 500]),
        (640, [320, 640]),
        (1_000, [320, 640, 960]),
        (1_599, [320, 640, 960, 1_599]),
        (3_200, [320, 640, 960, 1_600]),
    ],
)
def test_no_width_is_larger_than_the_picture_and_none_nearly_another(width: int, widths: list[int]) -> None:
    assert widths_of(width) == widths


@pytest.mark.parametrize(
    ("size", "focal", "box"),
    [
        ((1600, 400), (0.5, 0.5), (533.3, 0, 1066.7, 400)),
        ((1600, 400), (0.0, 0.0), (0, 0, 533.3, 400)),
        ((1600, 400), (1.0, 1.0), (1066.7, 0, 1600, 400)),
        ((1600, 400), (0.25, 0.9), (133.3, 0, 666.7, 400)),
        ((300, 900), (0.1, 0.5), (0, 337.5, 300, 562.5)),
        ((300, 900), (0.5, 0.99), (0, 675, 300, 900)),
        ((1, 1), (0.5, 0.5), (0, 0, 1, 1)),
    ],
)
def test_a_crop_lies_around_the_focal_point_and_within_the_picture(
    size: tuple[int, int], focal: tuple[float, float], box: tuple[float, ...]
) -> None:
    assert crop_box(size, CROPS["thumb"], focal) == pytest.approx(box, abs=0.1)


@pytest.mark.parametrize("size", [(1, 1), (8, 3_000), (3_000, 8), (479, 361), (2_000, 2_000)])
def test_a_crop_has_its_shape_and_is_never_blown_up(size: tuple[int, int]) -> None:
    for drawn in draw_crops(Image.new("RGB", size), (0.2, 0.8)):
        shape = CROPS[drawn.role]
        assert (drawn.width, drawn.height) == shape or (
            drawn.width <= min(size[0], shape[0]) and drawn.height <= min(size[1], shape[1])
        )


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP", "AVIF"])
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_every_kind_is_read_as_pixels_alone(form: str, mode: str) -> None:
    if form in ("JPEG", "GIF") and mode == "RGBA":
        mode = "RGB"
    image = read(files.picture(form, mode=mode))

    assert (image.mode, image.size, image.info) == (mode, (64, 48), {})
    for stored in ("jpeg", "png", "webp", "avif"):
        assert impurities(encode(image, stored)) == []


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"no picture", "unknown"),
        (files.picture("PNG")[:60], "damaged"),
        (files.lying_png(9_000, 1), "side"),
        (files.lying_png(8_000, 6_000), "pixels"),
        (files.lying_png(20_000, 20_000), "pixels"),
        (files.long_gif(11), "animation"),
    ],
)
def test_what_is_refused_has_a_reason(content: bytes, why: str) -> None:
    with pytest.raises(Refused) as refusal:
        read(content)
    assert refusal.value.why == why


def test_a_blurred_stand_in_takes_what_is_clear_for_white() -> None:
    assert blur(Image.new("RGBA", (40, 40), (255, 0, 0, 0))) == blur(Image.new("RGB", (40, 40), "white"))
    assert blur(Image.new("RGB", (1, 1), "red")) != blur(Image.new("RGB", (1, 1), "blue"))


def test_the_brands_of_a_file_tell_avif_from_its_relatives() -> None:
    assert kind_of(files.picture("AVIF")) == "AVIF"
    assert kind_of(b"\0\0\0\x1cftypmif1\0\0\0\0avifmif1") == "AVIF"
    assert kind_of(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic") is None
    assert kind_of(b"\0\0\0\x10ftypisom\0\0\0\0") is None


def test_the_door_answers_in_one_line_and_then_the_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here without giving up rights, which this process still needs; the real one is run by test_sandbox.py."""
    gone: list[dict[str, int]] = []
    monkeypatch.setattr(door, "give_up_rights", gone.append)
    order = {
        "picture": True,
        "forms": ["webp", "jpeg"],
        "crops": True,
        "focal": [0.5, 0.5],
        "limits": {"x": 1},
    }

    answer, rest = _through(monkeypatch, order, files.picture("PNG", mode="RGBA"))
    assert gone == [{"x": 1}]
    assert [listed[0] for listed in answer["files"]] == ["picture", "webp", "png", "thumb", "square"]
    assert sum(listed[4] for listed in answer["files"]) == len(rest)
    assert answer["peak"] > 0
    assert _through(monkeypatch, order, b"rubbish")[0]["refused"] == "unknown"

    def fail(*_order: object) -> None:
        raise MemoryError

    monkeypatch.setattr(door, "read", fail)
    assert _through(monkeypatch, order, b"")[0]["refused"] == "memory"
    monkeypatch.setattr(door, "read", lambda _content: None)
    assert _through(monkeypatch, order, b"")[0]["refused"] == "damaged"


def _through(monkeypatch: pytest.MonkeyPatch, order: dict[str, object], content: bytes) -> tuple[dict, bytes]:
    out = io.BytesIO()
    monkeypatch.setattr(
        sys, "stdin", SimpleNamespace(buffer=io.BytesIO(json.dumps(order).encode() + b"\n" + content))
    )
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(buffer=out))
    door.main()
    line, _newline, rest = out.getvalue().partition(b"\n")
    return json.loads(line), rest


def test_the_rights_that_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[int, tuple[int, int]] = {}
    monkeypatch.setattr(resource, "setrlimit", asked.__setitem__)
    monkeypatch.setattr(door.os, "nice", lambda _by: 0)
    monkeypatch.setattr(door.os, "geteuid", lambda: 0)
    became: list[object] = []
    for name in ("setgroups", "setgid", "setuid"):
        monkeypatch.setattr(door.os, name, became.append)

    door.give_up_rights({"memory": 99, "seconds": 7, "nice": 3})

    assert asked[resource.RLIMIT_AS] == (99, 99)
    assert asked[resource.RLIMIT_CPU] == (7, 7)
    for nothing in ("CORE", "FSIZE", "NOFILE", "NPROC"):
        assert asked[getattr(resource, f"RLIMIT_{nothing}")] == (0, 0)
    assert became == [[], door.NOBODY, door.NOBODY]
