"""The demo loaded once a test, with pictures that are drawn once a run."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from app.demo.pictures import draw, rendition_of
from app.kernel.actor import Actor, acting_as
from app.media.renditions import WIDTHS

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="session")
def artist(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path, Iterable[str]], dict[str, Path]]:
    """Give an artist in a hurry: it draws one picture truly and hands out copies of it under every name."""
    drawn = draw("blush-rings", tmp_path_factory.mktemp("drawn"))

    def copy(folder: Path, names: Iterable[str]) -> dict[str, Path]:
        made = {name: folder / f"{name}.webp" for name in names}
        for path in made.values():
            shutil.copy(drawn, path)
            for width in WIDTHS:
                shutil.copy(rendition_of(drawn, width), rendition_of(path, width))
        return made

    return copy


@pytest.fixture
def demo(app: Flask, artist: Callable[..., dict[str, Path]]) -> object:
    """Load the demo and give what was counted."""
    from app.demo.load import load_demo

    with acting_as(Actor("command", "demo", "Demo data")):
        return load_demo(TODAY, artist)
