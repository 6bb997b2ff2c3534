"""Forms in a drawer: a related record is added or changed beside the form that one is in."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, render_template

from app.access.headers import allow_own_frames, stand_in_own_frame
from app.resources import Catalogue, Resource
from app.surfaces.screens.lookup import option_of

_OPENERS = ('data-drawer-add="', 'data-drawer-edit="')


def framed(page: str, status: int, is_drawer: bool) -> Response:
    """Answer with a form that may stand in a drawer, or that may open one."""
    response = make_response(page, status)
    if is_drawer:
        return stand_in_own_frame(response)
    return allow_own_frames(response) if any(mark in page for mark in _OPENERS) else response


def saved(catalogue: Catalogue, resource: Resource, record: Any) -> Response:
    """Answer what the page around the drawer chooses: the record that was just saved."""
    shown = option_of(catalogue, resource, record)
    return stand_in_own_frame(make_response(render_template("staff/drawer_saved.html", record=shown)))
