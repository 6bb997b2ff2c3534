"""The least that a database answer costs: one statement written by hand, whose JSON goes out as it comes."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qsl

import psycopg

_TEXT = """
    SELECT coalesce(tr.text, {source}) AS text, coalesce(tr.locale, 'en') AS locale
    FROM (VALUES (1)) AS one LEFT JOIN translation AS tr ON tr.content_type = '{table}'
        AND tr.object_id = {key} AND tr.field = '{field}' AND tr.locale = %(lang)s
        AND tr.state IN ('approved', 'stale') AND tr.text <> ''
"""


def _text(table: str, alias: str, field: str) -> str:
    told = _TEXT.format(table=table, key=f"{alias}.id", field=field, source=f"{alias}.{field}")
    return f"CROSS JOIN LATERAL ({told}) AS {alias}_{field}"


def _picture(*more: str) -> str:
    facts = (
        "'id', a.id, 'url', '/media/' || a.path, 'width', a.width, 'height', a.height, 'blurhash', a.blurhash",
        "'focal', json_build_object('x', a.focal_x::float / 100, 'y', a.focal_y::float / 100)",
        "'srcset', replace(a.srcset, '{base}', '/media/')::json, 'thumb', '/media/' || a.thumb",
        *more,
    )
    return f"json_build_object({', '.join(facts)})"


def _gallery(table: str, parent: str, key: str) -> str:
    return f"""(SELECT coalesce(json_agg(json_build_object(
        'id', pic.id, 'picture', {_picture()},
        'alt', pic_alt.text, 'languages', json_build_object('alt', pic_alt.locale)
        ) ORDER BY pic.position, pic.id), '[]'::json)
        FROM {table} AS pic JOIN asset AS a ON a.id = pic.asset_id AND a.state = 'ready'
            {_text(table, "pic", "alt")}
        WHERE pic.{parent} = {key})"""


_AVERAGE = "round(r.rating_sum::numeric / nullif(r.rating_count, 0), 1)"

W1 = f"""
SELECT json_build_object('data', json_agg(json_build_object(
    'id', r.id, 'name', r_name.text, 'slug', r.slug, 'description', r_description.text,
    'price', json_build_object('minor', r.price_minor, 'currency', r.currency),
    'rating_average', {_AVERAGE}, 'rating_count', r.rating_count,
    'languages', json_build_object('name', r_name.locale, 'description', r_description.locale),
    'items', (SELECT coalesce(json_agg(json_build_object(
        'id', i.id, 'text', i_text.text, 'languages', json_build_object('text', i_text.locale)
        ) ORDER BY i.position, i.id), '[]'::json)
        FROM included_item AS i {_text("included_item", "i", "text")} WHERE i.package_id = r.id),
    'pictures', {_gallery("package_picture", "package_id", "r.id")}
    ) ORDER BY r.position, r.id), 'page', json_build_object('size', 24))::text
FROM (SELECT * FROM package WHERE is_active ORDER BY position, id LIMIT 24) AS r
{_text("package", "r", "name")} {_text("package", "r", "description")}
"""

W2 = f"""
SELECT json_build_object('data', json_build_object(
    'id', r.id, 'name', r_name.text, 'slug', r.slug, 'description', r_description.text,
    'rating_average', {_AVERAGE}, 'rating_count', r.rating_count,
    'languages', json_build_object('name', r_name.locale, 'description', r_description.locale),
    'pictures', {_gallery("theme_picture", "theme_id", "r.id")}))::text
FROM theme AS r {_text("theme", "r", "name")} {_text("theme", "r", "description")}
WHERE r.is_active AND r.slug = %(slug)s
"""

W3 = f"""
SELECT json_build_object('data', json_agg(json_build_object(
    'id', r.id, 'author_name', r.author_name, 'message', r.message, 'rating', r.rating,
    'picture', (SELECT {_picture("'alt', a.alt")}
        FROM asset AS a WHERE a.id = r.asset_id AND a.state = 'ready'),
    'package', (SELECT json_build_object('id', p.id, 'name', p.name, 'slug', p.slug)
        FROM package AS p WHERE p.id = r.package_id AND p.is_active),
    'theme', (SELECT json_build_object('id', t.id, 'name', t.name, 'slug', t.slug)
        FROM theme AS t WHERE t.id = r.theme_id AND t.is_active),
    'locale', r.locale, 'submitted_at', r.submitted_at,
    'languages', json_build_object('message', r.locale)
    ) ORDER BY r.submitted_at DESC, r.id DESC), 'page', json_build_object('size', 25))::text
FROM (SELECT * FROM review WHERE status = 'approved' AND rating >= 4
    AND (submitted_at, id) < (%(moment)s::timestamptz, %(key)s::uuid)
    ORDER BY submitted_at DESC, id DESC LIMIT 25) AS r
"""

W5 = """
SELECT json_build_object('data', json_agg(json_build_object(
    'id', r.id, 'client_name', r.client_name, 'event_type', r.event_type, 'event_on', r.event_on,
    'place', r.place, 'package', (SELECT p.name FROM package AS p WHERE p.id = r.package_id),
    'total_minor', r.total_minor, 'status', r.status,
    'created_at', r.created_at
    ) ORDER BY r.created_at DESC, r.id DESC), 'page', json_build_object('size', 25))::text
FROM (SELECT * FROM booking WHERE status = 'confirmed'
    AND (created_at, id) < (%(moment)s::timestamptz, %(key)s::uuid)
    ORDER BY created_at DESC, id DESC LIMIT 25) AS r
"""

W4 = """
WITH chosen AS (SELECT id, price_minor, currency FROM package WHERE slug = %(package)s AND is_active),
made AS (
    INSERT INTO peer.booking (id, client_name, client_email, client_phone, event_type, event_on, place,
        package_id, guests, message, total_minor, currency, status, locale)
    SELECT gen_random_uuid(), %(client_name)s, %(client_email)s, %(client_phone)s, %(event_type)s,
        %(event_on)s::date, %(place)s, id, %(guests)s::int, %(message)s, price_minor, currency, 'pending', 'en'
    FROM chosen RETURNING *)
SELECT json_build_object('data', json_build_object('id', id, 'client_name', client_name,
    'client_email', client_email, 'event_on', event_on, 'place', place, 'guests', guests, 'status', status,
    'total', json_build_object('minor', total_minor, 'currency', currency), 'created_at', created_at))::text
FROM made
"""

STATEMENTS = {"/W1": W1, "/W2": W2, "/W3": W3, "/W4": W4, "/W5": W5}
_connections = threading.local()


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Run the statement of the path with the values of the query, or of the body, as its parameters."""
    connection = getattr(_connections, "mine", None)
    if connection is None:
        connection = _connections.mine = psycopg.connect(os.environ["BENCH_URL"], autocommit=True)
    if environ["REQUEST_METHOD"] == "POST":
        parameters = json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
    else:
        parameters = dict(parse_qsl(environ["QUERY_STRING"]))
    row = connection.execute(STATEMENTS[environ["PATH_INFO"]], parameters).fetchone()
    body = row[0].encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
