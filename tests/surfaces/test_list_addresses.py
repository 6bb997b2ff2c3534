"""The part of a list's address that screens alone know: it is read, written back, and refused elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.catalogue import load_catalogue
from app.kernel.errors import BadParameter
from app.resources import On
from app.surfaces.records.looks import column_names
from app.surfaces.records.query import ListQuery, read_query, write_query

SignIn = Callable[..., FlaskClient]
RESOURCES = {resource.name: resource for resource in load_catalogue()}
VIEW = "0198c0de-0000-7000-8000-000000000001"


def read(name: str, address: str, place: On = On.LIST) -> ListQuery:
    return read_query(RESOURCES[name], parse_qsl(address, keep_blank_values=True), place)


@pytest.mark.parametrize(
    ("address", "part", "value"),
    [
        ("as=board", "way", "board"),
        ("as=table", "way", ""),
        ("columns=price,name,available_in", "columns", ("price", "name", "available_in")),
        ("columns=name,name", "columns", ("name",)),
        ("missing=de", "missing", "de"),
        ("near=2027-05-24", "near", date(2027, 5, 24)),
        ("month=2026-11", "month", "2026-11"),
        (f"view={VIEW}", "view", VIEW),
        ("view=all", "view", ""),
    ],
)
def test_what_a_screen_asks_is_read_and_written_back(app: Flask, address: str, part: str, value: Any) -> None:
    with app.test_request_context():
        query = read("package", address)
        assert getattr(query, part) == value
        assert read("package", urlencode(write_query(query))) == query


@pytest.mark.parametrize(
    ("name", "address", "parameter"),
    [
        ("package", "as=poster", "as"),
        ("package", "columns=name,secret", "columns"),
        ("booking", "columns=link_serial", "columns"),
        ("package", "missing=en", "missing"),
        ("booking", "missing=de", "missing"),
        ("package", "near=soon", "near"),
        ("package", "near=9999-12-31", "near"),
        ("booking", "columns=member", "columns"),
        ("ab_role", "near=2027-05-24", "near"),
        ("package", "month=2026-13", "month"),
        ("package", "view=mine", "view"),
        ("package", "page[before]=xyz", "page[before]"),
    ],
)
def test_what_cannot_be_shown_is_refused_by_its_name(
    app: Flask, name: str, address: str, parameter: str
) -> None:
    with app.test_request_context(), pytest.raises(BadParameter) as refused:
        read(name, address)
    assert refused.value.parameter == parameter


@pytest.mark.parametrize("place", [On.API, On.PUBLIC])
@pytest.mark.parametrize(
    "address", ["as=board", "columns=name", "missing=de", "near=2027-05-24", "month=2026-11", "view=all"]
)
def test_only_screens_know_how_a_list_looks(app: Flask, place: On, address: str) -> None:
    with app.test_request_context(), pytest.raises(BadParameter):
        read("package", address, place)


def test_jumping_to_a_date_keeps_an_order_by_date_and_makes_one_elsewhere(app: Flask) -> None:
    with app.test_request_context():
        assert read("festival", "near=2027-05-24").sort == (("starts_on", False),)
        assert read("booking", "near=2027-05-24&sort=event_on").sort == (("event_on", False),)
        assert read("booking", "near=2027-05-24&sort=client_name").sort == (("event_on", True),)


@pytest.mark.parametrize("resource", RESOURCES.values(), ids=RESOURCES)
def test_every_type_can_show_each_column_it_offers(app: Flask, sign_in: SignIn, resource: Any) -> None:
    names = column_names(resource)
    answer = sign_in("Admin").get(f"/{resource.path}/", query_string={"columns": ",".join(names)})
    assert answer.status_code == 200
