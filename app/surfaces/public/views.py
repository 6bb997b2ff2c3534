"""The routes of the public JSON, made from the resources that have a public path."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from flask import Response, current_app, request
from flask_babel import gettext as _

from app.kernel.db import reading
from app.kernel.errors import NotFound
from app.kernel.ids import parse_id
from app.kernel.statements import compile_once, statements
from app.resources import Catalogue, On, Resource
from app.surfaces.contract import PublicApi
from app.surfaces.contract.reads import read_operations
from app.surfaces.public.language import default_locale, wanted_locale
from app.surfaces.public.rich import cleaner
from app.surfaces.public.statement import count_shown, detail_statement, list_statement
from app.surfaces.records.listing import total_key, totals, values_of
from app.surfaces.records.query import ListQuery, read_query, write_cursor
from app.surfaces.search.matching import matching
from app.translation.chain import bind_chain, translated_locales


def public_blueprint(catalogue: Catalogue) -> PublicApi:
    """Make the routes `/public/v1/<path>` and `/public/v1/<path>/<id or slug>`."""
    api = PublicApi("public", tag="Content")
    for resource in catalogue:
        if resource.public:
            listed, detail = read_operations(resource)
            api.declare(listed, _list_view(catalogue, resource))
            api.declare(detail, _detail_view(catalogue, resource))
    return api


def _list_view(catalogue: Catalogue, resource: Resource) -> Callable[[], Response]:
    cleaned = cleaner(resource)

    def answer_list() -> Response:
        query = read_query(resource, request.args.items(multi=True), On.PUBLIC)
        lang = wanted_locale(query.lang)
        locales = translated_locales(lang, default_locale())
        rows, total, remembered = _read_page(catalogue, resource, query, locales)
        more = len(rows) > query.size
        rows = rows[: query.size]
        passed = (query.after.passed if query.after else 0) + len(rows)
        after = write_cursor(rows[-1][1:], passed) if more else None
        page = {"size": query.size, "next": after, "total": total, "total_is_estimate": remembered}
        body = f'{{"data": [{", ".join(cleaned(row[0]) for row in rows)}], "page": {json.dumps(page)}}}'
        return _answer(body, lang, explicit=bool(query.lang), after=after)

    return answer_list


def _detail_view(catalogue: Catalogue, resource: Resource) -> Callable[[str], Response]:
    cleaned = cleaner(resource)

    def answer_detail(wanted: str) -> Response:
        query = read_query(resource, request.args.items(multi=True), On.PUBLIC)
        lang = wanted_locale(query.lang)
        locales = translated_locales(lang, default_locale())
        key = parse_id(wanted)
        slug = resource.slug_field
        if (key is None and slug is None) or "\x00" in wanted:
            raise NotFound(_("There is no such record."))
        by = "id" if key is not None or slug is None else slug.name
        statement = statements.get(
            ("public detail", resource.name, by, len(locales)),
            lambda: detail_statement(catalogue, resource, by, len(locales)),
        )
        with reading() as connection:
            rows = statement.run(connection, {"wanted": key or wanted} | _common(locales))
        if not rows:
            raise NotFound(_("There is no such record."))
        return _answer(f'{{"data": {cleaned(rows[0][0])}}}', lang, explicit=bool(query.lang))

    return answer_detail


def _read_page(
    catalogue: Catalogue, resource: Resource, query: ListQuery, locales: tuple[str, ...]
) -> tuple[Any, int, bool]:
    params = values_of(query) | _common(locales)
    if query.search:
        found = matching(resource, resource.model, query.search, (*locales, "en"))[0]
        statement = compile_once(list_statement(catalogue, resource, query, len(locales), found))
    else:
        found = None
        statement = statements.get(
            ("public", resource.name, len(locales), query.shape()),
            lambda: list_statement(catalogue, resource, query, len(locales)),
        )
    with reading() as connection:
        rows = statement.run(connection, params)
        if query.after is None and len(rows) <= query.size:
            return rows, len(rows), False

        def count() -> int:
            counting = compile_once(count_shown(resource, query, found))
            return int(counting.run(connection, params)[0][0])

        total, remembered = totals.get(total_key(resource.name, query, "public", locales), count)
    return rows, total, remembered


def _common(locales: tuple[str, ...]) -> dict[str, Any]:
    return bind_chain(locales) | {"media_url": current_app.config["MEDIA_URL"]}


def _answer(body: str, lang: str, explicit: bool, after: str | None = None) -> Response:
    response = Response(body, mimetype="application/json")
    response.headers["Content-Language"] = lang
    if not explicit:
        response.vary.add("Accept-Language")
    if after:
        pairs = [pair for pair in request.args.items(multi=True) if pair[0] != "page[after]"]
        response.headers["Link"] = (
            f'<{request.path}?{urlencode([*pairs, ("page[after]", after)])}>; rel="next"'
        )
    return response
