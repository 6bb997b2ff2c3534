"""The few widths in which each picture is kept beside itself, as WebP."""

from __future__ import annotations

from PIL import Image

from app.media.intake import encode

WIDTHS = (320, 960)
_QUALITY = 80


def rendition_path(path: str, width: int) -> str:
    """Give the path of a picture's rendition: `pictures/4f/<key>.jpg` has `pictures/4f/<key>-320.webp`."""
    if width not in WIDTHS:
        raise ValueError(f"no picture is kept {width} pixels wide")
    return f"{path.rpartition('.')[0]}-{width}.webp"


def rendition_paths(path: str) -> list[str]:
    """List the paths of every rendition of a picture."""
    return [rendition_path(path, width) for width in WIDTHS]


def render(image: Image.Image, width: int) -> bytes:
    """Draw a picture as wide as asked, or as it is where it is smaller already."""
    smaller = image
    if image.width > width:
        height = max(1, round(image.height * width / image.width))
        smaller = image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)
    return encode(smaller, format="WEBP", quality=_QUALITY, method=4)
