"""The documentation says what is so: its links lead somewhere, its examples run, its commands exist."""

from __future__ import annotations

import json
import re
import shlex
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.kernel import clock
from app.kernel.errors import refusals
from tests.factories import FestivalFactory, PackageFactory, translate

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def blocks(kind: str) -> list[tuple[Path, str]]:
    """List the code blocks of a kind with their pages."""
    return [
        (page, body)
        for page in PAGES
        for name, body in _BLOCK.findall(page.read_text("utf-8"))
        if name == kind
    ]


def anchors(page: Path) -> set[str]:
    """List the anchors of a page's headings, as they are made on the web."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in _LINK.findall(page.read_text("utf-8")):
        if urlsplit(link).scheme:
            assert link.startswith("https://"), link
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_every_page_is_reached_from_the_index() -> None:
    index = (ROOT / "docs" / "README.md").read_text("utf-8") + (ROOT / "docs/decisions/README.md").read_text(
        "utf-8"
    )
    pages = [page.name for page in (ROOT / "docs").rglob("*.md") if page.name != "README.md"]

    assert [name for name in pages if name not in index] == []


def test_the_json_of_the_pages_is_json() -> None:
    found = blocks("json")

    assert len(found) >= 4
    for _page, body in found:
        json.loads(body)


@pytest.mark.proves("S0.20")
def test_the_examples_of_the_public_json_answer_as_they_are_told(client: FlaskClient) -> None:
    package = PackageFactory(name="Garden party", slug="garden-party", rating_sum=23, rating_count=5)
    translate(package, "de", name="Gartenfest", slug="gartenfest")
    for _ in range(3):
        FestivalFactory()
    page = ROOT / "docs" / "public-api.md"
    calls = [shlex.split(body)[-1] for where, body in blocks("sh") if where == page]
    told = [json.loads(body) for where, body in blocks("json") if where == page]

    assert len(calls) == len(told) == 2
    for call, example in zip(calls, told, strict=True):
        answer = client.get(call.removeprefix("http://localhost:8080"))
        assert answer.status_code == 200, call
        assert answer.get_json().keys() == example.keys()
    detail = client.get(calls[0].removeprefix("http://localhost:8080")).get_json()["data"]
    assert detail.keys() == told[0]["data"].keys()
    assert detail["languages"] == told[0]["data"]["languages"]
    assert (
        client.get(calls[1].removeprefix("http://localhost:8080")).get_json()["page"].keys()
        == told[1]["page"].keys()
    )


@pytest.mark.proves("S0.60")
def test_the_booking_of_the_pages_is_taken_and_its_refusals_are_those_that_are_told(
    client: FlaskClient,
) -> None:
    PackageFactory(name="Garden party", slug="garden-party")
    page = ROOT / "docs" / "booking.md"
    calls = [shlex.split(body) for where, body in blocks("sh") if where == page]
    assert len(calls) == 3
    headers = dict(part.split(": ", 1) for part in calls[0] if re.match(r"[\w-]+: ", part))
    sent = json.loads(calls[0][calls[0].index("-d") + 1])
    sent["event_on"] = (clock.today() + timedelta(days=100)).isoformat()
    path = next(part for part in calls[0] if part.startswith("http")).removeprefix("http://localhost:8080")
    first, again = (client.post(path, json=sent, headers=headers) for _try in range(2))
    assert (first.status_code, again.data) == (201, first.data), first.get_json()
    assert client.post(path, json=sent | {"guests": 3}, headers=headers).status_code == 422
    told = re.findall(r"^\| (`[^|]+`) \|", page.read_text("utf-8"), re.MULTILINE)
    for name in re.findall(r"`([\w.]+)`", " ".join(told)):
        found = first.get_json()["data"]
        for part in name.split("."):
            found = found[part]
    token = first.get_json()["data"]["links"]["status"].rsplit("/", 1)[1]
    for call in calls[1:]:
        address = next(part for part in call if part.startswith("http")).removeprefix("http://localhost:8080")
        address = re.sub(r"status/[\w-]+", f"status/{token}", address)
        body = json.loads(call[call.index("-d") + 1]) if "-d" in call else None
        answer = client.post(address, json=body) if body else client.get(address)
        assert answer.status_code == 200, answer.get_json()
    codes = set(re.findall(r"code `(\w+)`", page.read_text("utf-8")))
    assert len(codes) >= 5
    assert codes <= refusals().keys()


def test_every_parameter_of_the_table_is_taken(client: FlaskClient) -> None:
    page = (ROOT / "docs" / "public-api.md").read_text("utf-8")
    parameters = [p for p in re.findall(r"^\| `([^`]+)` \|", page, re.MULTILINE) if "after" not in p]

    assert len(parameters) == 10
    for parameter in parameters:
        answer = client.get(f"/public/v1/festivals?{parameter}")
        assert answer.status_code == 200, (parameter, answer.get_json())


def test_every_command_that_is_named_exists(app: Flask) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    commands = {*app.cli.commands, "db"}
    for page in PAGES:
        text = page.read_text("utf-8")
        assert set(re.findall(r"(?:`|^)make ([a-z-]+)", text, re.MULTILINE)) <= targets, page
        assert set(re.findall(r"`flask ([a-z][a-z-]*)", text)) <= commands, page


def test_no_place_of_a_machine_stands_in_a_page() -> None:
    for page in PAGES:
        text = page.read_text("utf-8")
        assert not re.search(r"/(home|root|work|Users)/", text), page
