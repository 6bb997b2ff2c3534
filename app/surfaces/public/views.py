"""The routes of the public JSON, made from the resources that have a public path."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from unicodedata import normalize
from urllib.parse import quote, urlencode

from flask import Response, current_app, request
from flask_babel import gettext as _

from app.kernel import languages
from app.kernel.db import reading
from app.kernel.errors import NotFound
from app.kernel.ids import parse_id
from app.kernel.statements import compile_once, statements
from app.resources import Catalogue, On, Resource
from app.surfaces.contract import PublicApi
from app.surfaces.contract.reads import read_operations
from app.surfaces.public.language import Reader, reader_of
from app.surfaces.public.rich import cleaner
from app.surfaces.public.statement import FORMER, PRESENT, count_shown, detail_statement, list_statement
from app.surfaces.records.listing import total_key, totals, values_of
from app.surfaces.records.query import ListQuery, read_query, write_cursor
from app.surfaces.search.matching import matching
from app.translation.chain import bind_chain


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
        reader = reader_of(query)
        rows, total, remembered = _read_page(catalogue, resource, query, reader)
        more = len(rows) > query.size
        rows = rows[: query.size]
        passed = (query.after.passed if query.after else 0) + len(rows)
        after = write_cursor(rows[-1][1:], passed) if more else None
        page = {"size": query.size, "next": after, "total": total, "total_is_estimate": remembered}
        body = f'{{"data": [{", ".join(cleaned(row[0]) for row in rows)}], "page": {json.dumps(page)}}}'
        return _answer(body, reader.lang, explicit=bool(query.lang), after=after)

    return answer_list


def _detail_view(catalogue: Catalogue, resource: Resource) -> Callable[[str], Response]:
    cleaned = cleaner(resource)

    def answer_detail(wanted: str) -> Response:
        query = read_query(resource, request.args.items(multi=True), On.PUBLIC)
        reader = reader_of(query)
        key = parse_id(wanted)
        slug = resource.slug_field
        if (key is None and slug is None) or "\x00" in wanted:
            raise NotFound(_("There is no such record."))

        def read(by: str) -> Any:
            statement = statements.get(
                ("public detail", resource.name, by, reader.depth),
                lambda: detail_statement(catalogue, resource, by, reader.depth),
            )
            with reading() as connection:
                found = statement.run(
                    connection, {"wanted": key or normalize("NFC", wanted)} | _common(reader)
                )
            return found[0][0] if found else None

        by_name = PRESENT if resource.address is not None else slug.name if slug is not None else "id"
        told = read("id" if key is not None else by_name)
        if told is None and key is None and by_name == PRESENT and (moved := read(FORMER)) is not None:
            return _moved(json.loads(moved)["slug"], reader.lang, explicit=bool(query.lang))
        if told is None:
            raise NotFound(_("There is no such record."))
        return _answer(f'{{"data": {cleaned(told)}}}', reader.lang, explicit=bool(query.lang))

    return answer_detail


def _moved(slug: str, lang: str, explicit: bool) -> Response:
    """Lead from an address that a record had to the one that it has; not for ever: another may take the old one."""
    path = f"{request.path.rpartition('/')[0]}/{quote(slug, safe='')}"
    asked = request.query_string.decode("ascii", "replace")
    response = Response("", 301, {"Location": f"{path}?{asked}" if asked else path})
    response.headers["Content-Language"] = lang
    response.headers["Cache-Control"] = "no-cache"
    if not explicit:
        response.vary.add("Accept-Language")
    return response


def _read_page(
    catalogue: Catalogue, resource: Resource, query: ListQuery, reader: Reader
) -> tuple[Any, int, bool]:
    params = values_of(query) | _common(reader)
    if query.search:
        found = matching(resource, resource.model, query.search, reader.searched)[0]
        statement = compile_once(list_statement(catalogue, resource, query, reader.depth, found))
    else:
        found = None
        statement = statements.get(
            ("public", resource.name, reader.depth, query.shape()),
            lambda: list_statement(catalogue, resource, query, reader.depth),
        )
    with reading() as connection:
        rows = statement.run(connection, params)
        if query.after is None and len(rows) <= query.size:
            return rows, len(rows), False

        def count() -> int:
            counting = compile_once(count_shown(resource, query, found))
            return int(counting.run(connection, params)[0][0])

        total, remembered = totals.get(total_key(resource.name, query, "public", reader.searched), count)
    return rows, total, remembered


def _common(reader: Reader) -> dict[str, Any]:
    offered = ",".join(languages.public_locales())
    return bind_chain(reader.locales) | {
        "media_url": current_app.config["MEDIA_URL"],
        "public_locales": offered,
    }


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
