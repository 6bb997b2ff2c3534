"""The routes of the palette, the search over everything, pins, what was seen lately, and notices."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Response, abort, current_app, jsonify, redirect, render_template, request
from flask_appbuilder import BaseView, expose
from flask_babel import gettext as _
from flask_login import current_user

from app.access.redirects import own_path
from app.access.rights import may
from app.kernel.db import db, unit_of_work
from app.kernel.errors import BadParameter
from app.kernel.ids import parse_id
from app.resources import Catalogue, Resource
from app.surfaces.desk import notices, pins, recent
from app.surfaces.desk.known import known
from app.surfaces.records import wording
from app.surfaces.screens.gate import send_to_sign_in
from app.surfaces.search.everywhere import MOST_OF_A_TYPE, Hits
from app.web.finding.notice_words import KINDS, count_readable, notices_page
from app.web.finding.pages import Facet, SearchPage
from app.web.finding.palette import palette, record_menu
from app.web.finding.records import find
from app.web.shell import menu

PALETTE_SIZE, SEARCH_SIZE, PANEL_SIZE, NOTICES_SIZE = 10, 25, 12, 30
MOST_COUNTED = 99
LONGEST = 200
LAST_PAGE = 100


def signed_in(view: Callable[..., Any]) -> Callable[..., Any]:
    """Let a view run for everybody of the staff; what it shows is under rights and row rules."""

    @wraps(view)
    def guarded(self: Any, *args: Any, **kwargs: Any) -> Any:
        return view(self, *args, **kwargs) if current_user.is_authenticated else send_to_sign_in()

    return guarded


class FindingView(BaseView):
    """What every signed-in user has on every page."""

    route_base = ""
    default_view = "search"
    base_permissions: list[str] = []  # noqa: RUF012  # FAB copies it for each view

    @expose("/palette")
    @signed_in
    def palette(self) -> Any:
        """Give what the palette holds before anything is typed."""
        catalogue = _catalogue()
        return render_template(
            "palette/_start.html", palette=palette(db.session(), catalogue, menu(catalogue))
        )

    @expose("/palette/find")
    @signed_in
    def palette_find(self) -> Any:
        """Give the records that the palette finds."""
        q = _asked()
        hits, lines = find(db.session(), _catalogue(), q, PALETTE_SIZE)
        return render_template("palette/_found.html", lines=lines, query=q, total=hits.total)

    @expose("/palette/record")
    @signed_in
    def palette_record(self) -> Any:
        """Give what may be done with a record."""
        resource, key = _record_named(request.args.get("of", ""))
        found = record_menu(db.session(), _catalogue(), resource, key)
        return render_template("palette/_record.html", menu=found) if found is not None else abort(404)

    @expose("/palette/keys")
    @signed_in
    def palette_keys(self) -> Any:
        """Give the sheet of keys."""
        return render_template("palette/_keys.html")

    @expose("/search")
    @signed_in
    def search(self) -> Any:
        """Show a page of everything that was found."""
        only, number = request.args.get("type", ""), request.args.get("page", "1")
        if only and _catalogue().get(only) is None:
            raise BadParameter("type", _("There is no such type."))
        if not (
            number.isascii() and number.isdecimal() and len(number) <= 4 and 1 <= int(number) <= LAST_PAGE
        ):
            raise BadParameter("page", _("There is no such page."))
        return render_template("search/page.html", page=_search_page(_asked(), only, int(number)))

    @expose("/pins", methods=["POST"])
    @signed_in
    def pin(self) -> Any:
        """Pin a record, or take its pin away."""
        resource, key = _record_named(request.form.get("of", ""))
        of = (resource.name, str(key))
        if of not in known(db.session(), _catalogue(), [of]):
            abort(404)
        with unit_of_work() as session:
            if request.form.get("pinned") == "no":
                pins.unpin(session, int(current_user.id), *of)
            else:
                pins.pin(session, int(current_user.id), *of)
        return _done(f"/{resource.path}/{key}")

    @expose("/seen", methods=["POST"])
    @signed_in
    def seen(self) -> Any:
        """Note that the reader looks at a record, and tell whether it is pinned.

        A page says so once it is there: a GET, perhaps ahead of the click, writes nothing.
        """
        resource, key = _record_named(request.form.get("of", ""))
        of = (resource.name, str(key))
        record = known(db.session(), _catalogue(), [of]).get(of)
        if record is None:
            abort(404)
        user_id = int(current_user.id)
        with unit_of_work() as session:
            recent.seen(session, user_id, *of, record.title)
            is_pinned = pins.is_pinned(session, user_id, *of)
        return jsonify(pinned=is_pinned)

    @expose("/notices/")
    @signed_in
    def notices(self) -> Any:
        """Show the reader's notices."""
        kind, after = request.args.get("kind", ""), request.args.get("page[after]", "")
        if kind and kind not in KINDS:
            raise BadParameter("kind", _("There is no such kind of notices."))
        return render_template(
            "notices/page.html", page=_notices_page(NOTICES_SIZE, kind, request.args.get("show", ""), after)
        )

    @expose("/notices/panel")
    @signed_in
    def notices_panel(self) -> Any:
        """Give the latest for the panel below the bell."""
        return render_template("notices/_panel.html", page=_notices_page(PANEL_SIZE))

    @expose("/notices/unread")
    @signed_in
    def notices_unread(self) -> Response:
        """Count what the reader has not read."""
        session = db.session()
        found = notices.latest(session, int(current_user.id), only_unread=True, size=MOST_COUNTED)
        return jsonify(unread=count_readable(session, _catalogue(), found))

    @expose("/notices/read", methods=["POST"])
    @signed_in
    def notices_read(self) -> Any:
        """Mark the named notices as read, or all of them; with `unread` the named ones as unread again."""
        ids = [
            key for text in request.form.getlist("ids")[:MOST_COUNTED] if (key := parse_id(text)) is not None
        ]
        user_id = int(current_user.id)
        with unit_of_work() as session:
            if request.form.get("unread"):
                for key in ids:
                    notices.mark_unread(session, user_id, key)
            elif ids or request.form.get("all"):
                notices.mark_read(session, user_id, ids or None)
        return _done("/notices/")


def _done(fallback: str) -> Any:
    """Answer a script with nothing, a form with the page it came from."""
    if request.headers.get("X-Requested-With") == "fetch":
        return "", 204
    return redirect(own_path(request.form.get("back") or "") or fallback, 303)


def _catalogue() -> Catalogue:
    found: Catalogue = current_app.extensions["catalogue"]
    return found


def _asked() -> str:
    return request.args.get("q", "").replace("\0", " ")[:LONGEST].strip()


def _record_named(of: str) -> tuple[Resource, Any]:
    """Read which record is meant, "package/<key>"; 404 where there can be none."""
    name, _mark, text = of.partition("/")
    resource = _catalogue().get(name)
    if resource is None or not may("show", name):
        abort(404)
    if resource.model.__table__.c.id.type.python_type is int:
        key: Any = int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
    else:
        key = parse_id(text)
    return (resource, key) if key is not None else abort(404)


def _search_page(q: str, only: str, number: int) -> SearchPage:
    offset = (number - 1) * SEARCH_SIZE
    hits, lines = find(db.session(), _catalogue(), q, SEARCH_SIZE, offset, only)
    counts = hits.counts or {}
    total = counts.get(only, 0) if only else hits.total
    state = {"q": q, **({"type": only} if only else {})}
    resource = _catalogue()[only] if only else None
    return SearchPage(
        query=q,
        only=only,
        lines=lines,
        facets=_facets(q, only, hits) if q else (),
        total=_number(total),
        range=f"{offset + 1}\u2013{offset + len(lines)}" if lines else "",
        next_url=_search_address({**state, "page": number + 1}) if total > offset + SEARCH_SIZE else "",
        before_url=_search_address({**state, "page": number - 1}) if number > 1 else "",
        list_url=f"/{resource.path}/?{urlencode({'q': q})}" if resource and may("list", only) else "",
        list_title=str(resource.label) if resource else "",
    )


def _facets(q: str, only: str, hits: Hits) -> tuple[Facet, ...]:
    counts, catalogue = hits.counts or {}, _catalogue()
    most = sorted(counts, key=lambda name: (-counts[name], name))
    every = Facet(_("All"), "search", _number(hits.total), _search_address({"q": q}), not only)
    return every, *(
        Facet(
            str(catalogue[name].label),
            catalogue[name].icon,
            _number(counts[name]),
            _search_address({"q": q, "type": name}),
            name == only,
        )
        for name in most
    )


def _number(count: int) -> str:
    """Write how many there are; where no more were looked for, say so."""
    words = wording.number(count, wording.reader())
    return f"{words}+" if count and count % MOST_OF_A_TYPE == 0 else words


def _search_address(state: Mapping[str, Any]) -> str:
    return f"/search?{urlencode(state)}"


def _notices_page(size: int, kind: str = "", show: str = "", after: str = "") -> Any:
    last: UUID | None = parse_id(after) if after else None
    if after and last is None:
        raise BadParameter("page[after]", _("There is no such page."))
    session, only_unread = db.session(), show == "unread"
    found = notices.latest(
        session, int(current_user.id), kind=kind, only_unread=only_unread, after=last, size=size
    )
    return notices_page(session, _catalogue(), found, kind=kind, only_unread=only_unread, size=size)
