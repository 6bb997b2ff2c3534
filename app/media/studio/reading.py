"""From strange bytes to pixels: checked before they are decoded, small enough, upright, in sRGB."""

from __future__ import annotations

import io
import warnings
from contextlib import suppress
from typing import Any

from PIL import Image, ImageCms

from app.media.studio.frames import count_frames
from app.media.studio.kinds import kind_of
from app.media.studio.scans import count_scans

LONGEST_SIDE = 8_000
LARGEST_KEPT = 3_200
"""A picture with a longer side is kept smaller: twice the widest rendition."""

MOST_PIXELS = {
    "JPEG": 40_000_000,
    "PNG": 40_000_000,
    "GIF": 40_000_000,
    "WEBP": 20_000_000,
    "AVIF": 20_000_000,
}
"""Over all frames together. WebP and AVIF are decoded through four copies of a picture, hence less."""

MOST_SCANS = 100
"""Of a JPEG; programs write about ten. Each goes over all pixels, and takes but a few bytes."""

warnings.simplefilter("error", Image.DecompressionBombWarning)
Image.MAX_IMAGE_PIXELS = 40_000_000


class Refused(Exception):
    """A picture that is not taken: why, as one word, and the numbers of the sentence."""

    def __init__(self, why: str, **facts: int) -> None:
        super().__init__(why)
        self.why = why
        self.facts = facts


def read(content: bytes) -> Image.Image:
    """Decode the first frame as RGB or RGBA with nothing beside the pixels; raises Refused.

    What the file says of itself is checked before a pixel of it is decoded.
    """
    kind = kind_of(content)
    if kind is None:
        raise Refused("unknown")
    if kind == "JPEG" and count_scans(content, MOST_SCANS) > MOST_SCANS:
        raise Refused("scans")
    try:
        with Image.open(io.BytesIO(content), formats=[kind]) as opened:
            _check_size(kind, opened.size, count_frames(kind, content, opened))
            return _only_pixels(opened)
    except (Refused, MemoryError):
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused("pixels", limit=MOST_PIXELS[kind] // 1_000_000) from error
    except Exception as error:  # a damaged file makes Pillow raise nearly anything
        raise Refused("damaged") from error


def _check_size(kind: str, size: tuple[int, int], frames: int) -> None:
    width, height = size
    limit = MOST_PIXELS[kind]
    if min(size) < 1:
        raise Refused("empty_picture")
    if max(size) > LONGEST_SIDE:
        raise Refused("side", width=width, height=height, limit=LONGEST_SIDE)
    if width * height * frames > limit:
        raise Refused("animation" if frames > 1 else "pixels", limit=limit // 1_000_000)


def _only_pixels(opened: Any) -> Image.Image:
    opened.seek(0)
    if opened.format == "JPEG":  # a large one is decoded at a half, a quarter or an eighth at once
        opened.draft(None, (LARGEST_KEPT, LARGEST_KEPT))
    opened.load()
    profile, exif = opened.info.get("icc_profile"), _orientation(opened)
    image = _small_enough(_with_channels(opened))
    if exif is not None:
        image = image.transpose(exif)
    image = _in_srgb(image, profile)
    image = image.convert("RGBA" if image.mode in ("LA", "RGBA") else "RGB")
    if image.mode == "RGBA" and image.getchannel("A").getextrema() == (255, 255):  # transparent in name only
        image = image.convert("RGB")
    image.info = {}
    return image


def _with_channels(opened: Image.Image) -> Image.Image:
    """Give the picture in a mode that can be resized: palettes are looked up, 16 bits of grey scaled."""
    if opened.mode.startswith("I"):
        return opened.point(lambda value: value / 256).convert("L")
    if opened.mode in ("L", "LA", "RGB", "RGBA", "CMYK") and "transparency" not in opened.info:
        return opened.copy() if opened.mode == "CMYK" else opened
    has_alpha = opened.mode in ("PA", "La", "RGBa") or "transparency" in opened.info
    return opened.convert("RGBA" if has_alpha else "RGB")


def _small_enough(image: Image.Image) -> Image.Image:
    longest = max(image.size)
    if longest <= LARGEST_KEPT:
        return image
    size = [max(1, round(side * LARGEST_KEPT / longest)) for side in image.size]
    return image.resize((size[0], size[1]), Image.Resampling.LANCZOS, reducing_gap=2.0)


_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def _orientation(opened: Image.Image) -> Image.Transpose | None:
    with suppress(Exception):  # the picture is sound, only its EXIF is not
        return _TURNS.get(int(opened.getexif().get(0x0112, 1)))
    return None


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Carry out the colour profile; without one, or with a broken one, the numbers are taken for sRGB."""
    if profile and image.mode != "LA":
        with suppress(Exception):
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            mode = "RGBA" if image.mode == "RGBA" else "RGB"
            target = ImageCms.createProfile("sRGB")
            turned = ImageCms.profileToProfile(image, source, target, outputMode=mode)
            if turned is not None:
                return turned
    return image
