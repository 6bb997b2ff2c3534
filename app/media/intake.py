"""The way in for a picture: strange bytes become a picture drawn anew, or a refusal that says what to do."""

from __future__ import annotations

import io
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from PIL import Image, ImageOps

from app.kernel.errors import Invalid
from app.media.frames import count_frames

MOST_BYTES = 10 * 2**20
LONGEST_SIDE = 8_000
MOST_PIXELS = 40_000_000
"""Over all frames together: Pillow's own limit is per frame, and a small file may hold thousands."""

_QUALITY = 90
_one_at_a_time = threading.Lock()
"""A large picture takes some hundred megabytes while it is drawn; two at once might be too much."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture drawn anew: its pixels, its size, and the bytes to be stored, free of any metadata."""

    image: Image.Image
    content: bytes
    media_type: str
    extension: str

    @property
    def width(self) -> int:
        """Give the width in pixels."""
        return self.image.width

    @property
    def height(self) -> int:
        """Give the height in pixels."""
        return self.image.height


@dataclass(frozen=True, slots=True)
class _Form:
    """How a kind of picture is written again."""

    media_type: str
    extension: str
    options: dict[str, Any]


# What a file may be, by Pillow's name, and what it is stored as; an animation is stored as its first frame.
_FORMS = {
    "JPEG": _Form("image/jpeg", "jpg", {"format": "JPEG", "quality": _QUALITY, "progressive": True}),
    "PNG": _Form("image/png", "png", {"format": "PNG"}),
    "WEBP": _Form("image/webp", "webp", {"format": "WEBP", "quality": _QUALITY, "method": 2}),
    "GIF": _Form("image/png", "png", {"format": "PNG"}),
}


def take_in(content: bytes) -> Picture:
    """Check a file and draw its picture anew; raises Invalid at the field `file`.

    The kind is read from the bytes, never from a name. Turning told by EXIF is carried out, then nothing of
    the file but its pixels is kept: a script hidden behind, before or inside the picture is gone.
    """
    if not content:
        raise _refused(_l("The file is empty. Choose a picture."))
    if len(content) > MOST_BYTES:
        raise _refused(
            _l("The file is larger than %(limit)s MB. Save the picture smaller.", limit=MOST_BYTES // 2**20)
        )
    kind = kind_of(content)
    if kind is None:
        raise _refused(_l("This is no JPEG, PNG, WebP or GIF picture. Save it as one of these."))
    with _one_at_a_time:
        image = _decode(kind, content)
        return _drawn_anew(kind, image)


def kind_of(content: bytes) -> str | None:
    """Tell what the first bytes say the file is, in Pillow's words; None for what is not taken."""
    if content.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if content.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "WEBP"
    return None


def encode(image: Image.Image, **options: Any) -> bytes:
    """Write the pixels of a picture."""
    written = io.BytesIO()
    image.save(written, **options)
    return written.getvalue()


def _refused(sentence: Any) -> Invalid:
    return Invalid({"file": [sentence]})


def _too_many_pixels(is_animation: bool = False) -> Invalid:
    limit = MOST_PIXELS // 1_000_000
    if is_animation:
        sentence = _l("The animation has over %(limit)s million pixels. Send one picture.", limit=limit)
    else:
        sentence = _l("The picture has more than %(limit)s million pixels. Make it smaller.", limit=limit)
    return _refused(sentence)


def _drawn_anew(kind: str, image: Image.Image) -> Picture:
    form = _FORMS[kind]
    try:
        content = encode(image, **form.options)
    except ValueError:  # a WebP's first partition is 512 KiB at most, too little for some large pictures
        form = _FORMS["PNG" if image.mode == "RGBA" else "JPEG"]
        content = encode(image, **form.options)
    return Picture(image, content, form.media_type, form.extension)


def _decode(kind: str, content: bytes) -> Image.Image:
    try:
        with Image.open(io.BytesIO(content), formats=[kind]) as opened:
            _check_size(opened.size, count_frames(kind, content, opened))
            return _only_pixels(opened)
    except Invalid:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except Exception as error:  # a damaged file makes Pillow raise nearly anything
        raise _refused(
            _l("The picture is damaged. Open it in an image program and save it again.")
        ) from error


def _check_size(size: tuple[int, int], frames: int) -> None:
    """Refuse by what the file declares, before a single pixel is decoded."""
    width, height = size
    if min(size) < 1:
        raise _refused(_l("The picture has no size. Open it in an image program and save it again."))
    if max(size) > LONGEST_SIDE:
        raise _refused(
            _l(
                "The picture is %(width)s by %(height)s pixels; a side may have %(limit)s. Make it smaller.",
                width=width,
                height=height,
                limit=LONGEST_SIDE,
            )
        )
    if width * height * frames > MOST_PIXELS:
        raise _too_many_pixels(frames > 1)


def _only_pixels(opened: Image.Image) -> Image.Image:
    """Decode the first frame, turned upright, as RGB or RGBA without anything beside the pixels."""
    opened.seek(0)
    opened.load()
    _turn_upright(opened)
    image = opened
    if image.mode.startswith("I"):  # 16 bits of grey are scaled, not cut off
        image = image.point(lambda value: value / 256).convert("L")
    has_alpha = "A" in image.mode or "a" in image.mode or "transparency" in image.info
    mode = "RGBA" if has_alpha else "RGB"
    image = image if image.mode == mode else image.convert(mode)
    image.info = {}
    return image


def _turn_upright(image: Image.Image) -> None:
    with suppress(Exception):  # the picture is sound, only its EXIF is not
        ImageOps.exif_transpose(image, in_place=True)
