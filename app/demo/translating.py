"""The sample site for staff who translate it where it stands; visitors' pages know nothing of it."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, current_app, jsonify, make_response, render_template, request
from flask_appbuilder import BaseView, expose
from flask_login import current_user

from app.access.headers import allow_own_frames, stand_in_own_frame
from app.access.rights import may
from app.demo.sample import FOLDER
from app.kernel import languages
from app.kernel.db import db
from app.kernel.ids import parse_id
from app.kernel.locales import SOURCE
from app.resources import Resource
from app.surfaces.previews.layout import place_of, state_words
from app.surfaces.screens.gate import send_to_sign_in
from app.translation.sources import SOURCES
from app.translation.units import Asked, Unit, units

MOST_RECORDS, MOST_TEXTS = 80, 4000


class SiteView(BaseView):
    """The sample site with its texts to be translated, on the staff's side."""

    route_base = "/site"
    default_view = "index"
    base_permissions: list[str] = []  # noqa: RUF012  # FAB copies it for each view

    @expose("/")
    def index(self) -> Any:
        """Give the site in a language; `still` is the same without any tools, to be measured."""
        if not current_user.is_authenticated:
            return send_to_sign_in()
        if not _translated():
            abort(403)
        asked = request.args.get("translate", "")
        locale = asked if asked in languages.content_locales() else ""
        if asked and not locale:
            abort(404)
        locale = locale or next(iter(languages.content_locales()), SOURCE)
        page = (FOLDER / "index.html").read_text().replace("<html ", f'<html data-translate="{locale}" ', 1)
        if "still" in request.args:
            return stand_in_own_frame(make_response(page))
        head = render_template("demo/translating_head.html")
        tools = render_template("demo/translating.html", locale=locale)
        page = page.replace("</head>", f"{head}</head>", 1).replace("</body>", f"{tools}</body>", 1)
        return allow_own_frames(make_response(page))

    @expose("/texts")
    def texts(self) -> Response:
        """Tell, by place, how the texts of some records stand in a language: those that the reader may translate."""
        if not current_user.is_authenticated:
            abort(401)
        locale = request.args.get("lang", "")
        keys = [key for text in request.args.get("owners", "").split(",") if (key := parse_id(text))]
        if locale not in languages.content_locales() or not keys:
            return jsonify({})
        types = {resource.name: resource for resource in _translated()}
        asked = Asked(locale, types=tuple(types), owner_ids=tuple(keys[:MOST_RECORDS]))
        found = units(db.session(), current_user, asked, limit=MOST_TEXTS) if types else []
        return jsonify({_place(types[unit.owner_type], unit): _told(unit) for unit in found})


def _translated() -> list[Resource]:
    """List what the site shows and the reader may translate."""
    catalogue = current_app.extensions["catalogue"]
    return [one for one in catalogue if one.public and one.translated and may("translate", one.name)]


def _place(resource: Resource, unit: Unit) -> str:
    return place_of(resource, unit.owner_id, unit.content_type, unit.object_id, unit.field)


def _told(unit: Unit) -> dict[str, str]:
    is_old = unit.source_text is not None and unit.state not in ("missing", "rejected")
    state = "stale" if is_old else unit.state
    field = SOURCES.get((unit.content_type, unit.field))
    return {
        "state": state,
        "stateText": state_words(state),
        "label": str(field.label) if field else unit.field,
    }
