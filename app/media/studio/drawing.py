"""From pixels to files: the picture itself, its widths, its crops around the focal point, its blurred stand-in."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import blurhash
from PIL import Image

from app.media.studio.kinds import Drawn

WIDTHS = (320, 640, 960, 1600)
CROPS = {"thumb": (480, 360), "square": (240, 240)}
"""The crops by name, with the size they have where the picture is large enough."""

PICTURE, BLUR_SIDE, BLUR_PARTS = "picture", 32, (4, 3)
_HEAVY = 2 * 2**20

_OPTIONS: dict[str, dict[str, Any]] = {
    "jpeg": {"format": "JPEG", "quality": 82, "progressive": True, "optimize": True},
    "png": {"format": "PNG"},
    "webp": {"format": "WEBP", "quality": 80, "method": 4},
    "avif": {"format": "AVIF", "quality": 60, "speed": 7, "max_threads": 1},
}
_BEST = {"jpeg": {"quality": 90}, "webp": {"quality": 90, "method": 2}}


def draw_picture(image: Image.Image, kind: str) -> Drawn:
    """Write the picture itself, in the form of what was sent or the one that serves it better."""
    for form in _forms_for(image, kind):
        try:
            content = encode(image, form, **_BEST.get(form, {}))
        except (ValueError, OSError):  # a WebP's first partition is 512 KiB at most, too little for some
            continue
        if form == "png" and image.mode == "RGB" and len(content) > _HEAVY:
            lighter = encode(image, "jpeg", **_BEST["jpeg"])
            if len(lighter) < len(content) / 2:  # a photograph, not a drawing
                return Drawn(PICTURE, "jpeg", *image.size, lighter)
        return Drawn(PICTURE, form, *image.size, content)
    raise ValueError("no form holds this picture")


def _forms_for(image: Image.Image, kind: str) -> tuple[str, ...]:
    last = "png" if image.mode == "RGBA" else "jpeg"
    if kind in ("PNG", "GIF"):
        return ("png",)
    if kind == "WEBP" or (kind == "AVIF" and last == "png"):
        return ("webp", last)
    return (last,)


def widths_of(width: int) -> list[int]:
    """List the widths a picture is given in: never wider than it is, its own where none comes near."""
    chosen = [step for step in WIDTHS if step <= width]
    if not chosen or (width < WIDTHS[-1] and width > chosen[-1] * 1.2):
        chosen.append(width)
    return chosen


def draw_widths(image: Image.Image, forms: list[str], **options: Any) -> Iterator[Drawn]:
    """Draw every width in every form, each from the next larger one. The form for old browsers is png with alpha."""
    smaller = image
    for width in sorted(widths_of(image.width), reverse=True):
        height = max(1, round(image.height * width / image.width))
        if (width, height) != smaller.size:
            smaller = smaller.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)
        for form in forms:
            yield Drawn(form, form, *smaller.size, encode(smaller, form, **options.get(form, {})))


def draw_crops(image: Image.Image, focal: tuple[float, float]) -> Iterator[Drawn]:
    """Cut the crops so that the focal point lies as near to their middle as the picture's edges let it."""
    for role, size in CROPS.items():
        box = crop_box(image.size, size, focal)
        width, height = round(box[2] - box[0]), round(box[3] - box[1])
        if width > size[0]:
            width, height = size
        cut = image.resize((max(1, width), max(1, height)), Image.Resampling.LANCZOS, box, reducing_gap=3.0)
        yield Drawn(role, "webp", *cut.size, encode(cut, "webp"))


def crop_box(
    size: tuple[int, int], shape: tuple[int, int], focal: tuple[float, float]
) -> tuple[float, float, float, float]:
    """Give the largest box of a shape within a picture, around a point in shares of its sides."""
    scale = min(size[0] / shape[0], size[1] / shape[1])
    width, height = max(1.0, shape[0] * scale), max(1.0, shape[1] * scale)
    width, height = min(width, size[0]), min(height, size[1])
    left = min(max(focal[0] * size[0] - width / 2, 0.0), size[0] - width)
    top = min(max(focal[1] * size[1] - height / 2, 0.0), size[1] - height)
    return left, top, left + width, top + height


def blur(image: Image.Image) -> str:
    """Write the picture as a blurhash: some thirty characters, drawn before the picture is there."""
    small = (
        image.copy()
        if max(image.size) <= BLUR_SIDE
        else image.resize(
            tuple(max(1, round(side * BLUR_SIDE / max(image.size))) for side in image.size),
            Image.Resampling.BOX,
        )
    )
    if small.mode == "RGBA":  # what is clear is seen on a white page
        on_white = Image.new("RGBA", small.size, "white")
        small = Image.alpha_composite(on_white, small)
    small = small.convert("RGB")
    pixels = small.tobytes()
    row = small.width * 3
    rows = [
        [tuple(pixels[start + x : start + x + 3]) for x in range(0, row, 3)]
        for start in range(0, len(pixels), row)
    ]
    return str(blurhash.encode(rows, *BLUR_PARTS))


def encode(image: Image.Image, form: str, **options: Any) -> bytes:
    """Write the pixels of a picture in a form, and nothing else."""
    written = io.BytesIO()
    if form == "jpeg" and image.mode != "RGB":
        image = image.convert("RGB")
    image.save(written, **(_OPTIONS[form] | options))
    return written.getvalue()
