"""Pictures made at run time: sound ones, damaged ones, and ones that carry more than a picture."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from PIL import Image, PngImagePlugin

SCRIPT = b"<script>alert('festoon')</script>"
PLACE = b"GPS 52.5200N 13.4050E"


def picture(form: str = "JPEG", size: tuple[int, int] = (64, 48), mode: str = "RGB", **options: Any) -> bytes:
    """Draw a picture with two halves, left red and right blue, so that turning it is seen."""
    left, right = {"RGB": ("red", "blue"), "RGBA": ("red", (0, 0, 255, 90))}.get(mode, (1, 0))
    image = Image.new(mode, size, left)
    image.paste(right, (size[0] // 2, 0, *size))
    written = io.BytesIO()
    image.save(written, format=form, **options)
    return written.getvalue()


def turned(orientation: int) -> bytes:
    """Draw a JPEG whose EXIF says how it is to be turned, and where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = PLACE.decode()
    return picture(size=(80, 40), quality=95, exif=exif)


def told() -> dict[str, bytes]:
    """Draw pictures that carry words beside their pixels, in each way their format knows."""
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", PLACE.decode())
    words.add_itxt("XML:com.adobe.xmp", PLACE.decode())
    exif = Image.Exif()
    exif[0x010E] = PLACE.decode()
    return {
        "jpeg comment": picture("JPEG", comment=PLACE),
        "jpeg exif": picture("JPEG", exif=exif),
        "jpeg icc": picture("JPEG", icc_profile=PLACE * 10),
        "png text": picture("PNG", pnginfo=words),
        "png exif": picture("PNG", exif=exif),
        "webp exif": picture("WEBP", exif=exif),
        "webp xmp": picture("WEBP", xmp=PLACE),
        "gif comment": picture("GIF", comment=PLACE),
    }


def polyglots() -> dict[str, bytes]:
    """Make files that are a picture and something else: behind it, within it, before it."""
    png, jpeg = picture("PNG"), picture("JPEG")
    chunk = struct.pack(">I", len(SCRIPT)) + b"juNk" + SCRIPT
    chunk += struct.pack(">I", zlib.crc32(b"juNk" + SCRIPT))
    return {
        "jpeg with html behind": jpeg + SCRIPT,
        "jpeg with html in a comment": jpeg[:2]
        + b"\xff\xfe"
        + struct.pack(">H", len(SCRIPT) + 2)
        + SCRIPT
        + jpeg[2:],
        "png with html behind": png + SCRIPT,
        "png with html in a chunk of its own": png[:33] + chunk + png[33:],
        "gif that is a script": picture("GIF", comment=b"*/=1;" + SCRIPT + b"/*") + SCRIPT,
        "webp with html behind": picture("WEBP") + SCRIPT,
        "jpeg with a zip behind": jpeg + b"PK\x03\x04" + SCRIPT,
    }


def lying_png(width: int, height: int) -> bytes:
    """Write a PNG of a few bytes whose header claims any size."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 64)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def animation(form: str, frames: int, size: tuple[int, int] = (20, 20)) -> bytes:
    """Draw an animation whose first frame is red and whose others are not."""
    first = Image.new("RGB", size, (255, 0, 0))
    rest = [Image.new("RGB", size, (0, number % 200, 255)) for number in range(1, frames)]
    written = io.BytesIO()
    first.save(written, format=form, save_all=True, append_images=rest, duration=20)
    return written.getvalue()


def long_gif(frames: int) -> bytes:
    """Write a GIF of tiny frames by hand, as many as wanted, on a screen of 4 megapixels."""
    start = b"GIF89a" + struct.pack("<HH", 2000, 2000) + b"\x80\0\0" + b"\xff\0\0\0\0\0"
    frame = b"," + struct.pack("<HHHH", 0, 0, 1, 1) + b"\0" + b"\x02\x02\x44\x01\0"
    return start + frame * frames + b";"


def swapped_profile(profile: bytes) -> bytes:
    """Swap the red and green primaries of an RGB colour profile: its table names where each one lies."""
    count = struct.unpack(">I", profile[128:132])[0]
    table = {profile[132 + n * 12 : 136 + n * 12]: 132 + n * 12 for n in range(count)}
    red, green = table[b"rXYZ"] + 4, table[b"gXYZ"] + 4
    swapped = bytearray(profile)
    swapped[red : red + 8], swapped[green : green + 8] = profile[green : green + 8], profile[red : red + 8]
    return bytes(swapped)
