"""What may come in, what is refused and with which advice, and that only pixels are kept."""

from __future__ import annotations

import io
import time

import pytest
from PIL import Image

from app.kernel.errors import Invalid
from app.media import intake
from app.media.intake import MOST_BYTES, take_in
from tests.media import files


def advice(content: bytes) -> str:
    """Give the sentence with which a file is refused."""
    with pytest.raises(Invalid) as refusal:
        take_in(content)
    assert list(refusal.value.errors) == ["file"]
    return str(refusal.value.errors["file"][0])


@pytest.mark.parametrize(
    ("form", "media_type"),
    [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp"), ("GIF", "image/png")],
)
def test_the_four_kinds_are_taken_by_what_they_are(form: str, media_type: str) -> None:
    taken = take_in(files.picture(form))

    assert (taken.media_type, taken.width, taken.height) == (media_type, 64, 48)
    assert Image.open(io.BytesIO(taken.content)).get_format_mimetype() == media_type


@pytest.mark.parametrize("form", ["BMP", "TIFF", "ICO", "PPM", "JPEG2000", "PDF", "TGA", "AVIF"])
@pytest.mark.proves("S4.97")
def test_other_kinds_are_refused_though_the_library_reads_them(form: str) -> None:
    assert "JPEG, PNG, WebP or GIF" in advice(files.picture(form))


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<html><script>alert(1)</script></html>",
        b"%PDF-1.7 ...",
        b"#!/bin/sh\nexit\n",
        b"RIFF\x24\0\0\0WAVEfmt ",
        b"\0" * 64,
    ],
)
@pytest.mark.proves("S4.97")
def test_what_is_no_picture_is_refused_whatever_its_name(content: bytes) -> None:
    assert "no JPEG, PNG, WebP or GIF" in advice(content)


def test_an_empty_file_is_refused() -> None:
    assert "empty" in advice(b"")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_damaged_picture_is_refused_wherever_it_is_cut(kind: str) -> None:
    whole = files.picture(kind, (200, 150))
    for part in range(1, 20):
        cut = whole[: len(whole) * part // 20]
        try:
            taken = take_in(cut)
        except Invalid as refusal:
            sentence = str(refusal)
        else:
            sentence = "damaged" if taken.width == 200 else ""  # cut at the very end, no pixel is lost
        assert "damaged" in sentence or "no JPEG" in sentence


def test_every_byte_of_a_small_picture_may_be_wrong_without_a_fault() -> None:
    for kind in ("JPEG", "PNG", "WEBP", "GIF"):
        whole = bytearray(files.picture(kind, (12, 9)))
        for place in range(0, len(whole), 3):
            broken = bytes(whole[:place]) + bytes([whole[place] ^ 0xFF]) + bytes(whole[place + 1 :])
            try:
                taken = take_in(broken)
            except Invalid:
                continue
            assert taken.content


@pytest.mark.proves("S4.97")
def test_a_file_over_ten_megabytes_is_refused_unread() -> None:
    assert "larger than 10 MB" in advice(files.picture() + b"\0" * MOST_BYTES)


@pytest.mark.parametrize("size", [(8001, 10), (10, 8001)])
@pytest.mark.proves("S4.97")
def test_a_side_over_8000_pixels_is_refused(size: tuple[int, int]) -> None:
    assert "a side may have 8000" in advice(files.lying_png(*size))


def test_a_bomb_is_refused_by_its_header_before_a_pixel_is_drawn() -> None:
    began = time.perf_counter()

    assert "40 million pixels" in advice(files.lying_png(8000, 8000))
    assert "40 million pixels" in advice(files.lying_png(60_000, 60_000))
    assert time.perf_counter() - began < 1


def test_forty_megapixels_are_counted_over_all_frames() -> None:
    assert "animation has over 40 million" in advice(files.long_gif(11))
    assert take_in(files.long_gif(10)).width == 2000


def test_a_gif_of_very_many_frames_is_counted_without_visiting_them() -> None:
    began = time.perf_counter()

    assert "animation" in advice(files.long_gif(500_000))
    assert time.perf_counter() - began < 5


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_of_an_animation_the_first_frame_is_kept(form: str) -> None:
    taken = take_in(files.animation(form, 5))
    kept = Image.open(io.BytesIO(taken.content))

    assert getattr(kept, "n_frames", 1) == 1
    red, green, blue = kept.convert("RGB").getpixel((10, 10))  # type: ignore[misc]
    assert red > 240
    assert green < 20
    assert blue < 20


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_turned_as_its_camera_said(orientation: int) -> None:
    taken = take_in(files.turned(orientation))

    is_upright = orientation in (5, 6, 7, 8)
    assert (taken.width, taken.height) == ((40, 80) if is_upright else (80, 40))
    red_at = {
        1: (2, 20),
        2: (77, 20),
        3: (77, 20),
        4: (2, 20),
        5: (20, 2),
        6: (20, 2),
        7: (20, 77),
        8: (20, 77),
    }
    red, _green, blue = taken.image.getpixel(red_at[orientation])  # type: ignore[misc]
    assert red > 200
    assert blue < 60


def test_a_broken_exif_does_not_lose_a_sound_picture() -> None:
    content = files.turned(6).replace(b"MM\0*", b"MM\xff\xff").replace(b"II*\0", b"II\xff\xff")

    assert take_in(content).media_type == "image/jpeg"


@pytest.mark.parametrize("name", sorted(files.told()))
def test_nothing_but_pixels_is_kept(name: str) -> None:
    before = files.told()[name]
    assert files.PLACE in before, "the file under test says nothing"

    taken = take_in(before)
    kept = Image.open(io.BytesIO(taken.content))
    kept.load()

    assert files.PLACE not in taken.content
    assert len(kept.getexif()) == 0
    assert not {"comment", "icc_profile", "exif", "xmp", "Comment", "XML:com.adobe.xmp"} & kept.info.keys()


@pytest.mark.parametrize("name", sorted(files.polyglots()))
def test_a_file_that_is_two_things_becomes_one(name: str) -> None:
    before = files.polyglots()[name]
    assert files.SCRIPT in before

    after = take_in(before).content

    assert files.SCRIPT not in after
    assert b"PK\x03\x04" not in after


def test_transparency_is_kept_and_sixteen_bits_are_scaled() -> None:
    clear = take_in(files.picture("PNG", mode="RGBA"))
    grey = Image.new("I;16", (10, 10), 0x8000)
    written = io.BytesIO()
    grey.save(written, format="PNG")

    assert clear.image.mode == "RGBA"
    assert take_in(written.getvalue()).image.getpixel((5, 5)) == (128, 128, 128)


def test_a_webp_that_its_own_format_cannot_hold_again_is_stored_as_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The largest WebP pictures overflow the format's first partition; drawing one takes too long."""
    really = intake.encode

    def refuse_webp(image: Image.Image, **options: object) -> bytes:
        if options["format"] == "WEBP":
            raise ValueError("encoding error 6")
        return really(image, **options)

    monkeypatch.setattr(intake, "encode", refuse_webp)

    assert take_in(files.picture("WEBP")).media_type == "image/jpeg"
    assert take_in(files.picture("WEBP", mode="RGBA")).media_type == "image/png"
