"""Looks through the bytes of a stored file for anything that is not needed to show its pixels."""

from __future__ import annotations

import io
from collections.abc import Iterator

from PIL import Image

PIXELS = {
    "PNG": {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"},
    "WEBP": {b"VP8 ", b"VP8L", b"VP8X", b"ALPH"},
    "AVIF": {b"ftyp", b"meta", b"mdat"},
    "JPEG": {0xE0, 0xDB, 0xC0, 0xC2, 0xC4, 0xDD, 0xDA},
}
"""The parts a file of each form may have, by chunk, box or marker: none that holds words or colours' names."""


def impurities(content: bytes) -> list[str]:
    """List what a file holds beside its pixels; nothing for one that may be shown to everybody."""
    with Image.open(io.BytesIO(content), formats=list(PIXELS)) as image:
        image.load()
        form = str(image.format)
        found = [f"info {name}" for name in image.info if name in ("exif", "icc_profile", "xmp", "comment")]
        found += ["EXIF"] if len(image.getexif()) else []
        found += ["frames"] if getattr(image, "n_frames", 1) != 1 else []
    parts = {"PNG": _chunks, "WEBP": _riff, "AVIF": _boxes, "JPEG": _segments}[form]
    found += [f"part {part!r}" for part in parts(content) if part not in PIXELS[form]]
    return found


def _chunks(content: bytes) -> Iterator[bytes]:
    place = 8
    while place < len(content):
        yield content[place + 4 : place + 8]
        place += 12 + int.from_bytes(content[place : place + 4], "big")


def _riff(content: bytes) -> Iterator[bytes]:
    if int.from_bytes(content[4:8], "little") + 8 != len(content):
        yield b"behind the end"
    place = 12
    while place < len(content):
        yield content[place : place + 4]
        size = int.from_bytes(content[place + 4 : place + 8], "little")
        place += 8 + size + size % 2


def _boxes(content: bytes) -> Iterator[bytes]:
    place = 0
    while place < len(content):
        yield content[place + 4 : place + 8]
        place += max(8, int.from_bytes(content[place : place + 4], "big"))


def _segments(content: bytes) -> Iterator[int]:
    place = 2
    while content[place + 1] != 0xD9:
        if content[place] != 0xFF:
            yield -1
            return
        yield content[place + 1]
        is_scan = content[place + 1] == 0xDA
        place += 2 + int.from_bytes(content[place + 2 : place + 4], "big")
        while is_scan and (
            content[place] != 0xFF or content[place + 1] == 0 or 0xD0 <= content[place + 1] <= 0xD7
        ):
            place += 1
    if place + 2 != len(content):
        yield -2
