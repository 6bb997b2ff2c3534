"""How many frames a picture holds, without decoding one."""

from __future__ import annotations

from PIL import Image


def count_frames(kind: str, content: bytes, opened: Image.Image) -> int:
    """Count the frames; of a GIF by walking its blocks, since Pillow would visit every frame."""
    if kind == "GIF":
        return _count_gif_frames(content)
    return max(1, int(getattr(opened, "n_frames", 1)))


def _count_gif_frames(content: bytes) -> int:
    """Count the image descriptors (GIF89a, section 20); IndexError when the file ends in the middle."""
    place = 13 + _palette_length(content[10])
    frames = 0
    while place < len(content):
        mark = content[place]
        if mark == 0x2C:
            frames += 1
            place = _skip_sub_blocks(content, place + 11 + _palette_length(content[place + 9]))
        elif mark == 0x21:
            place = _skip_sub_blocks(content, place + 2)
        else:  # the trailer, or rubbish behind the picture, which is not kept
            break
    return max(1, frames)


def _palette_length(flags: int) -> int:
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _skip_sub_blocks(content: bytes, place: int) -> int:
    """Give the place behind a row of sub-blocks; a file cut off there simply ends."""
    size = len(content)
    while place < size and (length := content[place]):
        place += length + 1
    return place + 1
