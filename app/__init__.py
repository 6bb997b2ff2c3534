"""Festoon: one declaration, its screens, its API, its languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask


def create_app(overrides: Mapping[str, Any] | None = None) -> Flask:
    """Make the program; `overrides` go over what the environment says, for tests."""
    from app.wiring import wire  # here, so that the supervisor of the processes starts without the program

    return wire(overrides)
