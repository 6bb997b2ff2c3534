"""The process in which strange bytes are decoded: gives up its rights first, then reads, answers once and ends.

Standard input is one line of JSON, the order, and then the bytes; standard output one line of JSON, the answer,
and then the files it lists, one after the other. Run by `app.media.sandbox`, never imported by the program.
"""

from __future__ import annotations

import json
import os
import re
import resource
import sys
from contextlib import suppress
from typing import Any

from PIL import (
    AvifImagePlugin,
    GifImagePlugin,
    Image,
    ImageFile,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from app.media.studio.drawing import blur, draw_crops, draw_picture, draw_widths
from app.media.studio.kinds import Drawn, kind_of
from app.media.studio.likeness import likeness_of
from app.media.studio.reading import Refused, read

# All that is needed is loaded before the bytes are looked at: no file can be opened afterwards.
_LOADED = (
    AvifImagePlugin,
    GifImagePlugin,
    ImageFile,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)
Image.preinit()
AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # a thread is a process to the bound
NOBODY = 65_534
_notes: list[int] = []


def main() -> None:
    """Carry out one order."""
    order = json.loads(sys.stdin.buffer.readline())
    with suppress(OSError):
        _notes.append(os.open("/proc/self/status", os.O_RDONLY))
    give_up_rights(order["limits"])
    content = sys.stdin.buffer.read()
    try:
        answer, files = carry_out(order, content)
    except Refused as refusal:
        answer, files = {"refused": refusal.why, "facts": refusal.facts}, []
        answer["fault"] = repr(refusal.__cause__)[:500]
    except MemoryError:
        answer, files = {"refused": "memory", "facts": {}}, []
    except Exception as fault:  # noqa: BLE001  # pixels that were read but cannot be drawn
        answer, files = {"refused": "damaged", "facts": {}, "fault": repr(fault)[:500]}, []
    answer["peak"] = peak()
    write(answer, files)


def give_up_rights(limits: dict[str, int]) -> None:
    """Bound memory, time and output; from here on no file, socket or process can be made."""
    os.nice(limits["nice"])
    for name, limit in (
        (resource.RLIMIT_AS, limits["memory"]),
        (resource.RLIMIT_CPU, limits["seconds"]),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 0),
    ):
        with suppress(ValueError, OSError):  # macOS knows no bound of the address space
            resource.setrlimit(name, (limit, limit))
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def carry_out(order: dict[str, Any], content: bytes) -> tuple[dict[str, Any], list[Drawn]]:
    """Draw what the order asks for: the picture itself, forms in all widths, the crops."""
    image = read(content)
    kind = str(kind_of(content))
    files: list[Drawn] = []
    answer: dict[str, Any] = {"kind": kind, "has_alpha": image.mode == "RGBA"}
    answer["likeness"] = likeness_of(image)
    if order["picture"]:
        files.append(draw_picture(image, kind))
        answer["blurhash"] = blur(image)
    forms = ["png" if form == "jpeg" and image.mode == "RGBA" else form for form in order["forms"]]
    if forms:
        files += draw_widths(image, forms)
    if order["crops"]:
        files += draw_crops(image, (order["focal"][0], order["focal"][1]))
    return answer, files


def peak() -> int:
    """Give the most memory that this process held, in KiB; 0 where the system does not tell."""
    # getrusage would count the process that started this one, which shared its memory until it was replaced.
    found = re.search(rb"VmHWM:\s+(\d+)", os.read(_notes[0], 4_096)) if _notes else None
    return int(found[1]) if found else 0


def write(answer: dict[str, Any], files: list[Drawn]) -> None:
    """Write the answer and the files behind it."""
    answer["files"] = [
        [drawn.role, drawn.form, drawn.width, drawn.height, len(drawn.content)] for drawn in files
    ]
    out = sys.stdout.buffer
    out.write(json.dumps(answer).encode() + b"\n")
    for drawn in files:
        out.write(drawn.content)
    out.flush()
