"""What the running program is told by its settings, for code that knows nothing of Flask."""

from __future__ import annotations

from typing import Any

from flask import current_app


def configured(name: str) -> Any:
    """Give a value of the configuration; raises KeyError where there is none of that name."""
    return current_app.config[name]


def outside_url(path: str) -> str:
    """Give the address under which the outside reaches a path of ours, whatever host a request names."""
    return f"{str(current_app.config['PUBLIC_URL']).rstrip('/')}{path}"
