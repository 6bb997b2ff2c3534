"""Vera looks after one company: on no screen, in no file and by no address does she learn or touch what is others'."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_login import login_user
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from app.access import rows
from app.access.accounts import find_user
from app.access.realms import is_staff_path
from app.access.roles import GRANTS, PARTNER
from app.kernel.db import metadata
from app.web.sockets.staff import may_hear
from tests.domains.partners import Estate

LIMITED = ("company", "venue", "room", "closure", "booking", "booking_series", "waiting", "asset")
SHARED = {"cancellation_policy", "badge", "equipment", "equipment_type", "city", "country"}
COUNTED = {"report"}
"""Screens of numbers, which are made under the row rules of what they count."""
WAYS = ("", "table", "board", "calendar", "gallery", "grid", "lanes", "languages")


def staff_rules(app: Flask) -> Iterator[tuple[Rule, str]]:
    for rule in app.url_map.iter_rules():
        if is_staff_path(str(rule)) and "logout" not in str(rule):
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield rule, method


def filled(rule: Rule, key: str) -> str:
    address = re.sub(r"<(\w+:)?key>", key, str(rule))
    return re.sub(r"<(\w+:)?\w+>", "cancel", re.sub(r"<int:\w+>", "1", address))


def read(browser: FlaskClient, address: str, method: str = "GET", **sent: Any) -> tuple[int, str]:
    answer = browser.open(address, method=method, **sent)
    body = answer.get_data().decode("utf-8", "replace")
    answer.close()
    return answer.status_code, body


def stored(session: Session) -> dict[str, list[Any]]:
    """Read every row of the tables in which something of others' stands."""
    session.expire_all()
    names = [
        *LIMITED,
        "venue_picture",
        "room_picture",
        "room_price",
        "company_user",
        "booking_step",
        "occurrence",
        "waiting_step",
    ]
    tables = {name: metadata.tables[name] for name in names}
    return {name: sorted(map(str, session.execute(select(table)).all())) for name, table in tables.items()}


def test_a_partner_is_granted_what_is_limited_or_shared_by_all_and_nothing_else(app: Flask) -> None:
    """Whatever the role is granted one day has a rule first."""
    assert set(GRANTS[PARTNER]) == {*LIMITED, *SHARED, *COUNTED}
    for name in LIMITED:
        assert rows.has_limits(name), name
    for name in SHARED:
        assert GRANTS[PARTNER][name] == "list show", name


@pytest.mark.proves("S1.10")
@pytest.mark.parametrize("name", LIMITED)
def test_a_partner_sees_the_rows_of_their_company_and_no_others(
    app: Flask, vera: FlaskClient, ours: Estate, noise: Estate, name: str
) -> None:
    resource = app.extensions["catalogue"][name]
    for address in (f"/{resource.path}/", f"/api/v1/{resource.path}/"):
        status, body = read(vera, address)
        assert status == 200
        assert "Lindenhof" in body, address
        assert "Canary" not in body, address
    for base in (f"/{resource.path}/", f"/api/v1/{resource.path}/"):
        assert read(vera, f"{base}{ours.of(name).id}")[0] == 200
        assert read(vera, f"{base}{noise.of(name).id}")[0] == 404


@pytest.mark.proves("S1.10")
def test_no_page_without_a_key_tells_anything_of_others(
    app: Flask, vera: FlaskClient, noise: Estate, session: Session
) -> None:
    told, asked = [], 0
    for rule, method in staff_rules(app):
        if method != "GET" or "<" in str(rule):
            continue
        for query in ("", "?q=canary", f"?of={noise.room.id}&resource=room&id={noise.room.id}"):
            status, body = read(vera, f"{rule}{query}")
            asked += 1
            if status == 403:
                break  # of no screen that is shut to her is more to be asked
            if status >= 500 or "Canary" in body.replace("canary", ""):
                told.append((str(rule), query, status))
    assert told == []
    assert asked > 150


@pytest.mark.parametrize("name", LIMITED)
def test_a_list_tells_nothing_of_others_however_it_is_asked(
    app: Flask, vera: FlaskClient, ours: Estate, noise: Estate, name: str
) -> None:
    """Ways of seeing, filters by records of others, orders, files, searches."""
    resource = app.extensions["catalogue"][name]
    queries = [{"as": way} for way in WAYS]
    for field in resource.fields:
        if field.target in LIMITED:
            queries.append({f"filter[{field.key}]": str(noise.of(field.target).id)})
            queries.append({f"filter[{field.key}][ne]": str(ours.of(field.target).id)})
        queries.append({"sort": field.key})
        queries.append({"field": field.key})
    for place in ("", "lookup", "export", "filter", "columns", "views/dialogs", "views/counts"):
        for query in queries:
            extra: list[dict[str, str]] = [{}, {"format": "xlsx"}] if place == "export" else [{}]
            for more in extra:
                address = f"/{resource.path}/{place}?{urlencode(query | more)}"
                status, body = read(vera, address)
                assert status < 500, address
                assert "Canary" not in body, address
    for query in queries:
        address = f"/api/v1/{resource.path}/?{urlencode(query)}"
        assert "Canary" not in read(vera, address)[1], address


@pytest.mark.proves("S1.10")
@pytest.mark.parametrize("name", LIMITED)
def test_no_address_with_a_key_of_others_opens_tells_or_changes_anything(
    app: Flask, vera: FlaskClient, session: Session, noise: Estate, name: str
) -> None:
    """Every route x every method, with the key of a record of others: the answer is that of one that is not there."""
    model = app.extensions["catalogue"][name].model.__name__
    key, missing = str(noise.of(name).id), "01990000-0000-7000-8000-000000000000"
    before, wrong, asked = stored(session), [], 0
    for rule, method in staff_rules(app):
        if "<" not in str(rule) or rule.endpoint.partition(".")[0] not in (f"{model}View", f"{model}Api"):
            continue
        sent: dict[str, Any] = {} if method == "GET" else {"data": {"revision": "1", "reason": "x"}}
        if str(rule).startswith("/api/") and method != "GET":
            sent = {"json": {"revision": 1}}
        status, body = read(vera, filled(rule, key), method, **sent)
        same, _other = read(vera, filled(rule, missing), method, **sent)
        asked += 1
        if status != same or status < 300 or status >= 500 or "Canary" in body:
            wrong.append((method, str(rule), status, same))
    assert wrong == []
    assert asked > 15
    assert stored(session) == before


@pytest.mark.parametrize("name", LIMITED)
def test_what_is_done_to_many_at_once_leaves_others_as_they_are(
    app: Flask, vera: FlaskClient, session: Session, noise: Estate, name: str
) -> None:
    resource, key = app.extensions["catalogue"][name], str(noise.of(name).id)
    before = stored(session)
    for action in ("delete", *(action.name for action in resource.actions)):
        read(vera, f"/{resource.path}/bulk", "POST", data={"action": action, "ids": [key]})
    row = {"key": "a", "id": key, "revision": "1", "values": {resource.title: "Taken"}}
    status, body = read(vera, f"/{resource.path}/grid", "POST", json={"rows": [row]})
    assert status in (403, 422), body
    for place in ("move", "release_many", "undelete", "tag"):
        read(vera, f"/{resource.path}/{place}", "POST", data={"ids": [key], "id": key, "to": "confirmed"})
    assert stored(session) == before


def test_the_palette_the_pins_and_the_notices_know_nothing_of_others(
    vera: FlaskClient, noise: Estate
) -> None:
    for name in LIMITED:
        facts = {"resource": name, "id": str(noise.of(name).id)}
        read(vera, "/pins", "POST", data=facts)
        read(vera, "/seen", "POST", data=facts)
        status, body = read(vera, f"/palette/record?{urlencode(facts)}")
        assert (status, "Canary" in body) == (404, False) or body.strip() in ("", "{}", "null"), name
    for address in ("/", "/palette", "/palette/find?q=canary", "/search?q=canary", "/notices/"):
        assert "Canary" not in read(vera, address)[1], address


def test_the_search_finds_ones_own(vera: FlaskClient) -> None:
    body = read(vera, "/search?q=lindenhof")[1]
    words = re.sub(r"</?mark>", "", body)
    for found in ("Lindenhof venue", "Lindenhof room", "Lindenhof company", "Lindenhof client"):
        assert found in words


def test_the_live_line_tells_of_ones_own_records_alone(
    app: Flask, vera: FlaskClient, ours: Estate, noise: Estate
) -> None:
    with app.test_request_context("/live/"):
        login_user(find_user("vera"))
        for name in LIMITED:
            assert may_hear(f"record:{name}/{ours.of(name).id}")
            assert not may_hear(f"record:{name}/{noise.of(name).id}")
        assert not may_hear("resource:member")
        assert not may_hear("inbox")


def test_a_booking_without_a_room_is_nobodys_but_the_houses(vera: FlaskClient, session: Session) -> None:
    from tests.factories import BookingFactory

    alone = BookingFactory(client_name="Canary of a package")
    assert read(vera, f"/bookings/{alone.id}")[0] == 404
    assert "Canary" not in read(vera, "/bookings/")[1]


def test_the_history_names_no_company_that_a_venue_had_before(
    vera: FlaskClient, session: Session, ours: Estate, noise: Estate
) -> None:
    ours.venue.company_id = noise.company.id
    session.commit()
    ours.venue.company_id = ours.company.id
    session.commit()
    status, body = read(vera, f"/venues/{ours.venue.id}/history")
    assert (status, "Canary" in body) == (200, False)
    assert "Lindenhof company" in body


def test_a_partner_of_no_company_sees_nothing_and_one_who_is_let_go_sees_no_more(
    vera: FlaskClient, session: Session, ours: Estate
) -> None:
    ours.company.users.clear()
    session.commit()
    for path in ("companies", "venues", "rooms", "closures", "bookings"):
        status, body = read(vera, f"/{path}/")
        assert (status, "Lindenhof" in body, "Canary" in body) == (200, False, False)
    assert read(vera, f"/rooms/{ours.room.id}")[0] == 404
