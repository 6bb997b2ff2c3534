"""The demo loaded once a test, with pictures that are drawn once a run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

import pytest
from flask import Flask

from app.demo.load import Artist
from app.demo.pictures import draw
from app.kernel.actor import Actor, acting_as
from app.media.sandbox import Drawing

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="session")
def artist() -> Artist:
    """Give an artist in a hurry: it draws one picture truly and hands out copies of it under every name."""
    drawn = draw("blush-rings")

    def copy(names: Iterable[str]) -> Iterator[tuple[str, Drawing]]:
        return ((name, drawn) for name in names)

    return copy


@pytest.fixture
def demo(app: Flask, artist: Artist) -> object:
    """Load the demo and give what was counted."""
    from app.demo.load import load_demo

    with acting_as(Actor("command", "demo", "Demo data")):
        return load_demo(TODAY, artist)
