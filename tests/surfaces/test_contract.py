"""The public contract: whole, valid, exemplified, and never less than what was released."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

from app.kernel.errors import refusals
from app.surfaces.contract.openapi import operations
from app.surfaces.contract.operations import PREFIX
from app.web import vendor
from tests.contracts import Contract, contract_of
from tests.rules.contract import RELEASED, differences

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def contract(app: Flask) -> Contract:
    return contract_of(app)


@pytest.mark.proves("S0.34", "S0.59")
def test_every_public_route_is_in_the_contract_and_the_other_way_round(
    app: Flask, contract: Contract
) -> None:
    served = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(rule)), method.lower())
        for rule in app.url_map.iter_rules()
        if str(rule).startswith(f"{PREFIX}/") and not str(rule).endswith("/openapi.json")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    described = {(path, method) for path, item in contract.written["paths"].items() for method in item}
    assert served == described
    assert len(served) >= 8


def test_the_document_is_what_openapi_31_asks_for(contract: Contract) -> None:
    written = contract.written
    assert written["openapi"] == "3.1.0"
    for schema in written["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    ids = [operation["operationId"] for item in written["paths"].values() for operation in item.values()]
    assert len(ids) == len(set(ids))
    text = json.dumps(written)
    for target in set(re.findall(r'"#/components/(\w+/\w+)"', text)):
        group, name = target.split("/")
        assert name in written["components"][group], target


def test_every_operation_that_takes_something_shows_an_example_that_it_would_take(
    app: Flask, contract: Contract
) -> None:
    for operation in operations(app):
        described = contract.operation(operation.method, re.sub(r"<[^>]+>", "x", PREFIX + operation.path))
        assert described is not None and described["summary"], operation.path
        if operation.takes is not None and not operation.files:
            assert operation.example is not None, f"{operation.method} {operation.path} has no example"
            with app.test_request_context(PREFIX + operation.path, method=operation.method):
                assert operation.takes.validate(operation.example) == {}, operation.path
            schema = described["requestBody"]["content"]["application/json"]["schema"]
            assert contract.faults(schema, operation.example) == [], operation.path


def test_every_operation_that_answers_something_shows_an_answer_that_fits(
    app: Flask, contract: Contract
) -> None:
    for operation in operations(app):
        status, schema = next(iter(operation.gives.items()))
        if schema is None:
            continue
        described = contract.operation(operation.method, re.sub(r"<[^>]+>", "x", PREFIX + operation.path))
        assert described is not None
        said = described["responses"][str(status)]["content"]["application/json"]
        assert "example" in said, f"{operation.method} {operation.path} shows no answer"
        assert contract.faults(said["schema"], said["example"]) == [], operation.path


def test_every_refusal_named_in_the_contract_is_one_the_program_knows(contract: Contract) -> None:
    known = refusals()
    for item in contract.written["paths"].values():
        for operation in item.values():
            for status, said in operation["responses"].items():
                if said["description"].startswith("Refused"):
                    for code in re.findall(r"`(\w+)`", said["description"]):
                        assert known[code] == int(status)


def test_nothing_that_was_released_is_missing_or_means_something_else(contract: Contract) -> None:
    released = json.loads((ROOT / RELEASED).read_text("utf-8"))
    assert differences(released, contract.written) == []


def test_the_document_is_served_with_a_mark_that_saves_sending_it_again(client: FlaskClient) -> None:
    first = client.get("/public/v1/openapi.json")
    assert first.status_code == 200 and first.mimetype == "application/json"
    again = client.get("/public/v1/openapi.json", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304 and again.data == b""


@pytest.mark.parametrize("path", ["/public/docs", "/public/redoc"])
def test_the_readers_pages_load_nothing_from_elsewhere(client: FlaskClient, path: str) -> None:
    page = client.get(path)
    assert page.status_code == 200
    text = page.get_data(as_text=True)
    addresses = re.findall(r'(?:src|href)="([^"]+)"', text)
    assert addresses and all(address.startswith("/") for address in addresses)
    for address in addresses:
        if address.startswith("/static/"):
            with client.get(address) as file:
                assert file.status_code == 200


def broken(contract: Contract, change: Any) -> list[str]:
    changed = json.loads(json.dumps(contract.written))
    change(changed)
    return differences(contract.written, changed)


def test_the_comparison_sees_what_breaks_a_client(contract: Contract) -> None:
    def take_path(found: Any) -> None:
        del found["paths"]["/public/v1/themes"]

    def take_field(found: Any) -> None:
        del found["components"]["schemas"]["Theme"]["properties"]["name"]

    def turn_type(found: Any) -> None:
        found["components"]["schemas"]["Theme"]["properties"]["name"] = {"type": "integer"}

    def take_parameter(found: Any) -> None:
        found["paths"]["/public/v1/themes"]["get"]["parameters"] = []

    for change in (take_path, take_field, turn_type, take_parameter):
        assert broken(contract, change), change.__name__


def test_the_comparison_lets_additions_pass(contract: Contract) -> None:
    def add_field(found: Any) -> None:
        theme = found["components"]["schemas"]["Theme"]
        theme["properties"]["colour"] = {"type": "string"}
        theme["required"].append("colour")

    def add_path(found: Any) -> None:
        found["paths"]["/public/v1/news"] = found["paths"]["/public/v1/themes"]

    for change in (add_field, add_path):
        assert broken(contract, change) == []


def test_no_file_of_others_asks_for_pictures_elsewhere() -> None:
    files = [
        file for file in vendor.TARGET.rglob("*.js") if file.is_file()
    ]  # chart.js is also a folder's name
    assert files
    for file in files:
        for address in ("cdn.redoc.ly", *vendor.ELSEWHERE):
            assert address not in file.read_text(encoding="utf-8"), file


def test_every_group_of_operations_is_told_in_the_order_a_newcomer_meets_it(contract: Contract) -> None:
    written = contract.written
    told = [tag["name"] for tag in written["tags"]]
    used = {
        tag for item in written["paths"].values() for operation in item.values() for tag in operation["tags"]
    }
    assert set(told) == used
    assert told[0] == "Content"
    named = re.findall(
        r"`(?:(?P<method>POST|GET) |curl ')(?P<path>/public/v1/[\w/-]+)", written["info"]["description"]
    )
    assert len(named) == 4
    assert all((method or "GET").lower() in written["paths"][path] for method, path in named)
