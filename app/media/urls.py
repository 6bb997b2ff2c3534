"""Addresses of stored pictures, made from the path on their row; no file is looked at."""

from __future__ import annotations

from flask import current_app

from app.media.renditions import rendition_path

ROOT = "/media/"


def picture_url(path: str) -> str:
    """Give the address of the picture itself, as the program's setting MEDIA_URL begins it."""
    return f"{current_app.config.get('MEDIA_URL', ROOT)}{path}"


def thumbnail_url(path: str, width: int = 320) -> str:
    """Give the address of a rendition on this host, for a staff screen; `width` is one that is made."""
    return ROOT + rendition_path(path, width)
