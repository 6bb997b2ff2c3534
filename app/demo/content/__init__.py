"""The demo's texts: packages, themes, festivals, venues, pictures, reviews and the words bookings are made of."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

LANGUAGES = ("de", "es", "hi", "ar")
"""The languages every text here is also told in; the source is English."""


@cache
def content(name: str) -> Any:
    """Read one of the files by its name without the ending; treat what you get as read-only."""
    return json.loads((files(__package__) / f"{name}.json").read_text("utf-8"))
