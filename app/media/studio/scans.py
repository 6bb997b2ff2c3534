"""How often a JPEG asks for its pixels to be gone over, told by its markers alone."""

from __future__ import annotations

import re

_MARKER = re.compile(rb"\xff([\xc0-\xcf\xd9-\xfe])")
_END, _SCAN = 0xD9, 0xDA


def count_scans(content: bytes, most: int) -> int:
    """Count the scans of the first picture, up to one more than `most`.

    What lies in segments, such as a small picture in EXIF, and what lies behind the end counts nothing.
    """
    count, place = 0, 2
    while count <= most and (found := _MARKER.search(content, place)):
        marker, place = found[1][0], found.end()
        if marker == _END:
            break
        count += marker == _SCAN
        place += max(2, int.from_bytes(content[place : place + 2], "big"))
    return count
