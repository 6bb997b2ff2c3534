"""What may come in, what is refused and with which advice, and that only pixels are kept."""

from __future__ import annotations

import io
import time

import pytest
from PIL import Image, ImageCms

from app.kernel.errors import Invalid
from app.media.intake import MOST_BYTES, take_in
from app.media.sandbox import Drawing
from app.media.studio import drawing as studio
from app.media.studio.drawing import draw_picture
from tests.media import files


def advice(content: bytes) -> str:
    """Give the sentence with which a file is refused."""
    with pytest.raises(Invalid) as refusal:
        take_in(content)
    assert list(refusal.value.errors) == ["file"]
    return str(refusal.value.errors["file"][0])


def kept(taken: Drawing) -> Image.Image:
    """Open the picture itself as it is stored."""
    image = Image.open(io.BytesIO(taken.files[0].content))
    image.load()
    return image


@pytest.mark.parametrize(
    ("form", "stored"),
    [("JPEG", "jpeg"), ("PNG", "png"), ("WEBP", "webp"), ("GIF", "png"), ("AVIF", "jpeg")],
)
@pytest.mark.proves("S4.97", "S4.99")
def test_the_five_kinds_are_taken_by_what_they_are(form: str, stored: str) -> None:
    taken = take_in(files.picture(form))

    picture = taken.files[0]
    assert (taken.kind, picture.role, picture.form, picture.width, picture.height) == (
        form,
        "picture",
        stored,
        64,
        48,
    )
    assert kept(taken).format == stored.upper()


@pytest.mark.parametrize("form", ["BMP", "TIFF", "ICO", "PPM", "JPEG2000", "PDF", "TGA"])
@pytest.mark.proves("S4.97")
def test_other_kinds_are_refused_though_the_library_reads_them(form: str) -> None:
    assert "JPEG, PNG, WebP, AVIF or GIF" in advice(files.picture(form))


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<html><script>alert(1)</script></html>",
        b"%PDF-1.7 ...",
        b"#!/bin/sh\nexit\n",
        b"RIFF\x24\0\0\0WAVEfmt ",
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
        b"\0" * 64,
    ],
)
@pytest.mark.proves("S4.97")
def test_what_is_no_picture_is_refused_whatever_its_name(content: bytes) -> None:
    assert "no JPEG, PNG, WebP, AVIF or GIF" in advice(content)


def test_an_empty_file_is_refused() -> None:
    assert "empty" in advice(b"")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_a_damaged_picture_is_refused_wherever_it_is_cut(kind: str) -> None:
    whole = files.picture(kind, (200, 150))
    for part in range(2, 20, 3):
        cut = whole[: len(whole) * part // 20]
        try:
            taken = take_in(cut)
        except Invalid as refusal:
            sentence = str(refusal)
        else:
            sentence = (
                "damaged" if taken.files[0].width == 200 else ""
            )  # cut at the very end, no pixel is lost
        assert "damaged" in sentence or "no JPEG" in sentence


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
    assert time.perf_counter() - began < 6


def test_forty_megapixels_are_counted_over_all_frames() -> None:
    assert "animation has over 40 million" in advice(files.long_gif(11))
    assert take_in(files.long_gif(10)).files[0].width == 2000


def test_a_gif_of_very_many_frames_is_counted_without_visiting_them() -> None:
    began = time.perf_counter()

    assert "animation" in advice(files.long_gif(500_000))
    assert time.perf_counter() - began < 5


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG", "AVIF"])
def test_of_an_animation_the_first_frame_is_kept(form: str) -> None:
    found = kept(take_in(files.animation(form, 5)))

    assert getattr(found, "n_frames", 1) == 1
    red, green, blue = found.convert("RGB").getpixel((10, 10))  # type: ignore[misc]
    assert red > 240
    assert green < 20
    assert blue < 20


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_turned_as_its_camera_said(orientation: int) -> None:
    found = kept(take_in(files.turned(orientation)))

    is_upright = orientation in (5, 6, 7, 8)
    assert found.size == ((40, 80) if is_upright else (80, 40))
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
    red, _green, blue = found.getpixel(red_at[orientation])  # type: ignore[misc]
    assert red > 200
    assert blue < 60


def test_a_broken_exif_does_not_lose_a_sound_picture() -> None:
    content = files.turned(6).replace(b"MM\0*", b"MM\xff\xff").replace(b"II*\0", b"II\xff\xff")

    assert take_in(content).files[0].form == "jpeg"


@pytest.mark.parametrize("name", sorted(files.told()))
@pytest.mark.proves("S4.99")
def test_nothing_but_pixels_is_kept(name: str) -> None:
    before = files.told()[name]
    assert files.PLACE in before, "the file under test says nothing"

    for file in take_in(before).files:
        found = Image.open(io.BytesIO(file.content))
        found.load()
        assert files.PLACE not in file.content
        assert len(found.getexif()) == 0
        assert not {"comment", "icc_profile", "exif", "xmp", "Comment"} & found.info.keys()


@pytest.mark.parametrize("name", sorted(files.polyglots()))
def test_a_file_that_is_two_things_becomes_one(name: str) -> None:
    before = files.polyglots()[name]
    assert files.SCRIPT in before

    for file in take_in(before).files:
        assert files.SCRIPT not in file.content
        assert b"PK\x03\x04" not in file.content


@pytest.mark.proves("S4.99", "S4.100")
def test_a_picture_is_drawn_in_its_widths_never_wider_than_it_is() -> None:
    taken = take_in(files.picture(size=(1000, 500)))
    drawn = {(file.role, file.width, file.height) for file in taken.files}

    widths = {(320, 160), (640, 320), (960, 480)}
    assert drawn == {("picture", 1000, 500), ("thumb", 480, 360), ("square", 240, 240)} | {
        (form, *size) for form in ("webp", "jpeg") for size in widths
    }
    assert {(file.role, file.width) for file in take_in(files.picture(size=(100, 50))).files} == {
        ("picture", 100),
        ("webp", 100),
        ("jpeg", 100),
        ("thumb", 67),
        ("square", 50),
    }
    assert take_in(files.picture(size=(8000, 1))).files[0].height == 1


@pytest.mark.proves("S4.100")
def test_a_see_through_picture_stays_so_and_has_png_for_old_browsers() -> None:
    taken = take_in(files.picture("PNG", size=(400, 300), mode="RGBA"))

    assert taken.has_alpha
    assert {file.form for file in taken.files if file.role != "picture"} == {"webp", "png"}
    for file in taken.files:
        assert Image.open(io.BytesIO(file.content)).mode == "RGBA", file.role


def test_a_picture_that_is_transparent_in_name_only_is_not() -> None:
    full = io.BytesIO()
    Image.new("RGBA", (40, 30), (200, 10, 10, 255)).save(full, "PNG")

    assert not take_in(full.getvalue()).has_alpha


def test_sixteen_bits_are_scaled_and_palettes_and_print_colours_looked_up() -> None:
    grey = Image.new("I;16", (10, 10), 0x8000)
    written = io.BytesIO()
    grey.save(written, format="PNG")

    assert kept(take_in(written.getvalue())).convert("RGB").getpixel((5, 5)) == (128, 128, 128)
    assert kept(take_in(files.picture("PNG", mode="P"))).mode == "RGB"
    red, green, _blue = kept(take_in(files.picture("JPEG", mode="CMYK"))).getpixel((2, 2))  # type: ignore[misc]
    assert (red > 200, green > 200) == (True, True)


def test_the_colours_of_a_profile_are_turned_into_those_of_the_web() -> None:
    """In the profile of this test red and green are swapped, so that ignoring it is seen."""
    lab = io.BytesIO()
    Image.new("RGB", (20, 20), (255, 0, 0)).save(
        lab,
        "PNG",
        icc_profile=files.swapped_profile(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()),
    )

    red, green, _blue = kept(take_in(lab.getvalue())).getpixel((10, 10))  # type: ignore[misc]

    assert green > 200 > red


def test_a_profile_that_is_rubbish_is_passed_over() -> None:
    found = kept(take_in(files.picture("PNG", icc_profile=b"rubbish" * 50)))

    assert found.convert("RGB").getpixel((2, 2)) == (255, 0, 0)


@pytest.mark.proves("S4.99")
def test_a_very_large_picture_is_kept_smaller_and_a_heavy_drawing_as_a_photograph() -> None:
    noise = Image.effect_noise((1500, 1000), 80).convert("RGB").resize((4500, 3000))
    jpeg, png = io.BytesIO(), io.BytesIO()
    noise.save(jpeg, "JPEG", quality=60)
    noise.resize((1800, 1200)).save(png, "PNG", compress_level=1)

    assert (take_in(jpeg.getvalue()).files[0].width, take_in(jpeg.getvalue()).files[0].height) == (3200, 2133)
    assert take_in(png.getvalue()).files[0].form == "jpeg"


def test_a_webp_that_its_own_format_cannot_hold_again_is_stored_as_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The largest WebP pictures overflow the format's first partition; drawing one takes too long."""
    really = studio.encode

    def refuse_webp(image: Image.Image, form: str, **options: object) -> bytes:
        if form == "webp":
            raise ValueError("encoding error 6")
        return really(image, form, **options)

    monkeypatch.setattr(studio, "encode", refuse_webp)

    assert draw_picture(Image.new("RGB", (9, 9)), "WEBP").form == "jpeg"
    assert draw_picture(Image.new("RGBA", (9, 9)), "WEBP").form == "png"


def test_the_blurhash_shows_where_the_colours_are() -> None:
    import blurhash

    left, right = [
        blurhash.decode(take_in(files.picture(size=(80, 60))).blurhash, 8, 6)[3][x] for x in (1, 6)
    ]

    assert left[0] > left[2]
    assert right[2] > right[0]
