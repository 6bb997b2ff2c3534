"""The sample site: a public site of plain HTML and JavaScript over the public API, served beside the demo."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, send_from_directory

FOLDER = Path(__file__).parent / "site"
PREFIX = "/sample/"

blueprint = Blueprint("sample", __name__)


@blueprint.get(PREFIX)
def index() -> Response:
    """Give the page; its scripts ask the public API for everything else."""
    return _file("index.html")


@blueprint.get(f"{PREFIX}<path:name>")
def file(name: str) -> Response:
    """Give a file of the site."""
    return _file(name)


def _file(name: str) -> Response:
    response = send_from_directory(FOLDER, name, max_age=0)
    response.headers["Referrer-Policy"] = "no-referrer"  # its addresses hold what mails' links bring
    return response
