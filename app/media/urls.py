"""Addresses of stored pictures, made from the path on their row; no file is looked at."""

from __future__ import annotations

from flask import current_app

ROOT = "/media/"


def picture_url(path: str) -> str:
    """Give the address of the picture itself, as the program's setting MEDIA_URL begins it."""
    return f"{current_app.config.get('MEDIA_URL', ROOT)}{path}"


def thumbnail_url(path: str | None) -> str:
    """Give the address of a rendition on this host, for a staff screen; empty where there is none."""
    return ROOT + path if path else ""
