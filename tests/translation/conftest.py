"""What tests of the interface's sentences share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.translation.catalogues import speaking_from, write_folder


@pytest.fixture
def folder(app: Flask, tmp_path: Path) -> Iterator[Path]:
    """Give a folder of small catalogues, which the program has for its own."""
    with speaking_from(app, write_folder(tmp_path / "translations")) as there:
        yield there
