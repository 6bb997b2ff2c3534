"""Which kinds of picture are taken, told by their first bytes, and as which files they are kept."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF")
"""What may come in, in Pillow's words."""

EXTENSIONS = {"jpeg": "jpg", "png": "png", "webp": "webp", "avif": "avif"}
"""The forms in which a picture is kept, and how the names of their files end."""


MEDIA_TYPES = {"jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp", "avif": "image/avif"}


@dataclass(frozen=True, slots=True)
class Drawn:
    """One file: what it is of a picture (`picture`, a form, or a crop), its form, size and bytes."""

    role: str
    form: str
    width: int
    height: int
    content: bytes


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
    if content[4:8] == b"ftyp" and _has_avif_brand(content):
        return "AVIF"
    return None


def _has_avif_brand(content: bytes) -> bool:
    """Look through the brands of the first box (ISO 14496-12, 4.3); a HEIC has none of them."""
    end = min(int.from_bytes(content[:4], "big"), 128)
    brands = {content[8:12], *(content[place : place + 4] for place in range(16, end, 4))}
    return not brands.isdisjoint((b"avif", b"avis"))
