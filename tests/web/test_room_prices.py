"""Beside the prices of a room stands what lengths of time come to, while they are typed."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.domains.venues.models import Room
from app.domains.venues.queries import Tier, quote
from tests.domains.rooms import stored_room

TIMES = "\u00d7"


@pytest.fixture
def room(session: Session) -> Room:
    return stored_room(session)


def typed(**more: str) -> dict[str, str]:
    form = {
        "minimum_minutes": "1h",
        "maximum_minutes": "5h",
        "currency": "EUR",
        "prices-0-minutes": "60",
        "prices-0-price_minor": "40",
        "prices-1-minutes": "4h",
        "prices-1-price_minor": "140",
    }
    return form | more


@pytest.mark.proves("S1.85")
def test_the_form_shows_what_lengths_cost_by_the_stored_prices(editor: FlaskClient, room: Room) -> None:
    page = editor.get(f"/rooms/{room.id}/edit").text
    assert "What it costs" in page
    assert f"1 {TIMES} 4 hours + 1 {TIMES} 1 hour" in page, "five hours are the cheapest cover"


@pytest.mark.proves("S1.85")
def test_what_is_typed_is_quoted_before_it_is_saved(editor: FlaskClient, room: Room) -> None:
    told = editor.post(f"/rooms/{room.id}/prices", data=typed()).text
    five = quote(300, (Tier(60, 4000), Tier(240, 14000)), "EUR")
    assert f"€{five.total.minor / 100:.2f}" in told
    dearer = editor.post(f"/rooms/{room.id}/prices", data=typed(**{"prices-1-price_minor": "200"})).text
    assert f"5 {TIMES} 1 hour" in dearer
    gone = editor.post(f"/rooms/{room.id}/prices", data=typed(**{"prices-1-DELETE": "on"})).text
    assert "4 hours + " not in gone


@pytest.mark.parametrize(
    "wrong",
    [
        {"prices-0-minutes": "soon", "prices-1-minutes": ""},
        {"prices-0-price_minor": "-4", "prices-1-price_minor": "a lot"},
        {"prices-0-minutes": "99999999999999", "prices-1-minutes": "-60"},
    ],
)
def test_what_cannot_be_read_yet_is_left_out(editor: FlaskClient, room: Room, wrong: dict[str, str]) -> None:
    answer = editor.post(f"/rooms/{room.id}/prices", data=typed(**wrong))
    assert answer.status_code == 200
    assert "Give a length and its price" in answer.text


def test_a_new_room_is_quoted_too_and_bounds_are_kept(editor: FlaskClient, session: Session) -> None:
    assert "What it costs" in editor.get("/rooms/add").text
    wide = typed(minimum_minutes="1", maximum_minutes="9999999", currency="jpy")
    answer = editor.post("/rooms/prices", data=wide)
    assert answer.status_code == 200
    assert answer.text.count("<tr>") <= 11
