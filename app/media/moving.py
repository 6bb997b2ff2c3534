"""Copies every file from one storage to another, to change where pictures are kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.media.storage import KINDS, storage_named


def copy_files(
    config: Mapping[str, Any], target: str, told: Callable[[int], None] = lambda _count: None
) -> int:
    """Copy the files of the other kind of storage to the kind `target`; give how many.

    Pictures and what waits for its scan are copied, nothing is removed. It may be run again and goes on
    where it was broken off. `told` hears the count after each hundred.
    """
    source = next(kind for kind in KINDS if kind != target)
    count = 0
    for waiting in (False, True):
        read = storage_named(source, config, waiting=waiting)
        kept = storage_named(target, config, waiting=waiting)
        for path in read.paths():
            with read.open(path) as file:
                kept.put(path, file.read())
            count += 1
            if count % 100 == 0:
                told(count)
    return count
