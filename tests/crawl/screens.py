"""Finds the staff screens: the routes of the program, the ways of each list, and what belongs to no route."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from app.access.realms import is_staff_path
from app.kernel.db import db
from app.mail.kinds import KINDS
from app.mail.models import KeptMail
from app.resources import Catalogue, Resource

WAYS = ("gallery", "board", "calendar")
NOWHERE = "/themes/01990000-0000-7000-8000-000000000000"
_API = "/api/"
_FILES = {"export", "raw", "attachment", "download", "renditions"}
"""Routes that give a file, which nobody reads on a screen."""


@dataclass(frozen=True, slots=True)
class Screen:
    """A page by its address, and the type whose records it shows; `status` is what it must answer."""

    path: str
    type: str = ""
    status: int = 200


def find_screens(app: Flask, browser: FlaskClient) -> tuple[list[Screen], list[str]]:
    """List every page that an Admin can open, and what broke down.

    The pages are each way of each list, a list without hits and an error too.
    """
    found, broken = [], []
    for screen in candidates(app):
        answer = browser.get(screen.path)
        if answer.status_code >= 500:
            broken.append(f"{screen.path}: {answer.status_code}")
        elif answer.status_code == 200 and is_page(answer):
            found.append(screen)
    return [*found, Screen(NOWHERE, status=404)], broken


def is_page(answer: Any) -> bool:
    """Tell a whole page from a part of one and from a file."""
    return answer.mimetype == "text/html" and "<html" in answer.get_data(as_text=True)[:1500]


def candidates(app: Flask) -> Iterator[Screen]:
    """Fill in the staff routes with the first record of each type."""
    catalogue: Catalogue = app.extensions["catalogue"]
    views = {f"{resource.model.__name__}View": resource for resource in catalogue}
    for rule in sorted(app.url_map.iter_rules(), key=str):
        view, _, name = rule.endpoint.partition(".")
        if "GET" not in (rule.methods or ()) or str(rule).startswith(_API) or name in _FILES:
            continue
        if is_staff_path(str(rule)) and not str(rule).startswith(("/login", "/back")):
            resource = views.get(view)
            yield from (Screen(path, resource.name if resource else "") for path in filled(rule, resource))
    for resource in catalogue:
        ways = WAYS if resource.opens_as == "table" else (*WAYS, "table")
        yield from (Screen(f"/{resource.path}/?as={way}", resource.name) for way in ways)
        yield Screen(f"/{resource.path}/?q=xxxxxxxx", resource.name)


def filled(rule: Rule, resource: Resource | None) -> Iterator[str]:
    """Give the addresses of a rule; none where there is no record for it."""
    text = re.sub(r"<(?:\w+:)?(\w+)>", r"<\1>", str(rule))
    if not rule.arguments:
        yield text
    elif rule.arguments == {"name"} and text.startswith("/mails/templates/"):
        yield text.replace("<name>", KINDS[0].name)
    elif rule.arguments == {"key"} and (key := first_key(resource, text)) is not None:
        yield text.replace("<key>", str(key))


def first_key(resource: Resource | None, path: str) -> Any:
    """Find the key of a record that the route may show."""
    model: Any = resource.model if resource else KeptMail if path.startswith("/mails/") else None
    return None if model is None else db.session.scalars(select(model.id).order_by(model.id).limit(1)).first()
