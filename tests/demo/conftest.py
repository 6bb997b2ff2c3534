"""Pictures for the demo that are drawn once a run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

import pytest

from app.demo.load import Artist
from app.demo.pictures import draw
from app.media.sandbox import Drawing

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="session")
def artist() -> Artist:
    """Give an artist in a hurry: it draws one picture truly and hands out copies of it under every name."""
    drawn = draw("blush-rings")

    def copy(names: Iterable[str]) -> Iterator[tuple[str, Drawing]]:
        return ((name, drawn) for name in names)

    return copy
