"""Times and exact decimals: typed in, told, filtered, moved by files and remembered, in every surface."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.surfaces.history.wording import latest_entries
from app.surfaces.records import wording
from app.surfaces.screens.pages import Change
from tests.surfaces.test_transfer import token_of, try_out

SignIn = Callable[..., FlaskClient]


@pytest.fixture
def app(market_app: Flask) -> Iterator[Flask]:
    """Have all fixtures speak of the program that knows stalls."""
    return market_app


@pytest.fixture
def stall(app: Flask, session: Session) -> Any:
    made = app.extensions["catalogue"]["stall"].model(
        name="Lanterns", opens_time=time(9), latitude=Decimal("-33.865143"), factor=Decimal("1.5")
    )
    session.add(made)
    session.commit()
    return made


def test_a_form_types_a_time_and_a_decimal_in_the_readers_marks(sign_in: SignIn, stall: Any) -> None:
    admin = sign_in("Admin")
    form = admin.get(f"/stalls/{stall.id}/edit?lang=en").get_data(as_text=True)
    assert 'type="time"' in form and 'value="09:00"' in form
    assert 'value="-33.865143"' in form and 'value="1.5"' in form
    sent = {
        "name": "Lanterns",
        "opens_time": "17:30",
        "latitude": "52,520008",
        "factor": "0,75",
        "revision": "1",
    }
    answer = admin.post(f"/stalls/{stall.id}/edit", data=sent)
    assert answer.status_code in (302, 303), answer.get_data(as_text=True)
    assert (stall.opens_time, stall.latitude, stall.factor) == (
        time(17, 30),
        Decimal("52.520008"),
        Decimal("0.75"),
    )


def test_a_form_names_what_is_no_time_or_too_fine(sign_in: SignIn, stall: Any) -> None:
    admin = sign_in("Admin")
    sent = {"name": "L", "opens_time": "25:00", "latitude": "1.1234567", "factor": "123", "revision": "1"}
    told = admin.post(f"/stalls/{stall.id}/edit", data=sent).get_data(as_text=True)
    assert "Give a time such as 09:00." in told
    assert "Use at most 6 digits after the decimal sign." in told
    assert "Use at most 2 digits before the decimal sign." in told


def test_a_list_and_a_page_show_them_as_the_reader_writes_them(sign_in: SignIn, stall: Any) -> None:
    admin = sign_in("Admin")
    for path in ("/stalls/", f"/stalls/{stall.id}"):
        english = admin.get(path).get_data(as_text=True)
        assert "9:00\u202fAM" in english and "-33.865143" in english
        german = admin.get(path, headers={"Accept-Language": "de"}).get_data(as_text=True)
        assert "09:00" in german and "-33,865143" in german


def test_a_cell_and_the_grid_change_them(sign_in: SignIn, stall: Any) -> None:
    admin = sign_in("Admin")
    cell = f"/stalls/{stall.id}/cell"
    assert 'type="time"' in admin.get(f"{cell}?field=opens_time").get_data(as_text=True)
    answer = admin.post(cell, data={"field": "opens_time", "value": "10:15", "revision": stall.revision})
    assert answer.get_json()["value"] == "10:15"
    values = {"opens_time": "2:30 PM", "latitude": "1,5"}
    row = {"key": "a", "id": str(stall.id), "revision": str(stall.revision), "values": values}
    saved = admin.post("/stalls/grid", json={"rows": [row]}).get_json()
    assert saved["saved"]["a"]["values"]["opens_time"] == "14:30"
    assert saved["saved"]["a"]["values"]["latitude"] == "1.5"


def test_the_staff_api_takes_and_gives_them(sign_in: SignIn, stall: Any) -> None:
    admin = sign_in("Admin")
    body = {"opens_time": "18:00", "latitude": 52.520008, "revision": stall.revision}
    facts = admin.put(f"/api/v1/stalls/{stall.id}", json=body).get_json()["data"]
    assert (facts["opens_time"], facts["latitude"], facts["factor"]) == ("18:00", 52.520008, 1.5)
    assert stall.latitude == Decimal("52.520008")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("filter[opens_time][gte]=09:00", 1),
        ("filter[opens_time][gte]=09:01", 0),
        ("filter[opens_time][lte]=09:00", 1),
        ("filter[opens_time][in]=08:00,09:00", 1),
        ("filter[latitude][lte]=-33.8", 1),
        ("filter[latitude][gte]=-33.8", 0),
        ("filter[factor]=1.5", 1),
    ],
)
def test_every_list_is_filtered_by_them(sign_in: SignIn, stall: Any, asked: str, found: int) -> None:
    admin = sign_in("Admin")
    assert len(admin.get(f"/public/v1/stalls?{asked}").get_json()["data"]) == found
    assert len(admin.get(f"/api/v1/stalls/?{asked}").get_json()["data"]) == found
    assert ("Lanterns" in admin.get(f"/stalls/?{asked}").get_data(as_text=True)) is bool(found)


def test_the_editor_of_a_filter_asks_for_a_range_of_times(sign_in: SignIn, stall: Any) -> None:
    editor = sign_in("Admin").get("/stalls/filter?field=opens_time&filter[opens_time][gte]=09:00")
    assert 'type="time" name="filter[opens_time][gte]" value="09:00"' in editor.get_data(as_text=True)


@pytest.mark.parametrize("order", ["opens_time", "-opens_time", "latitude", "-latitude"])
def test_a_list_goes_on_where_its_page_ended(
    client: FlaskClient, session: Session, stall: Any, order: str
) -> None:
    for number in range(1, 5):
        session.add(type(stall)(name=f"Stall {number}", opens_time=time(number), latitude=Decimal(number)))
    session.commit()
    names, after = [], ""
    while after is not None:
        address = f"/public/v1/stalls?sort={order}&page[size]=2" + (f"&page[after]={after}" if after else "")
        answer = client.get(address).get_json()
        names += [found["name"] for found in answer["data"]]
        after = answer["page"]["next"]
    assert sorted(names) == ["Lanterns", "Stall 1", "Stall 2", "Stall 3", "Stall 4"]


def test_the_public_reads_a_time_to_the_minute_and_a_decimal_as_a_number(
    client: FlaskClient, stall: Any
) -> None:
    found = client.get("/public/v1/stalls").get_json()["data"][0]
    assert (found["opens_time"], found["latitude"], found["factor"]) == ("09:00", -33.865143, 1.5)


def test_the_contract_says_how_they_are_written(app: Flask, client: FlaskClient) -> None:
    told = client.get("/public/v1/openapi.json").get_json()["components"]["schemas"]["Stall"]["properties"]
    assert told["opens_time"]["anyOf"][0]["pattern"] == "^([01][0-9]|2[0-3]):[0-5][0-9]$"
    assert told["factor"] == {"type": "number"}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_file_takes_them_out_and_brings_them_back(
    sign_in: SignIn, session: Session, stall: Any, kind: str
) -> None:
    admin = sign_in("Admin")
    file = admin.get(f"/stalls/export?format={kind}").get_data()
    if kind == "csv":
        assert "09:00,-33.865143,1.5" in file.decode("utf-8-sig")
    else:
        cells = [cell.value for cell in load_workbook(io.BytesIO(file)).worksheets[0][2]]
        assert time(9) in cells
    stall.opens_time, stall.latitude = time(1), Decimal(0)
    session.commit()
    token = token_of(page := try_out(admin, "stalls", file, f"stalls.{kind}"))
    assert token, page
    admin.post("/stalls/import", data={"token": token})
    found = session.execute(select(type(stall).opens_time, type(stall).latitude)).one()
    assert tuple(found) == (time(9), Decimal("-33.865143"))


def test_the_history_tells_them_as_lists_do(app: Flask, session: Session, stall: Any) -> None:
    stall.opens_time, stall.latitude = time(10, 30), Decimal("0.5")
    session.flush()
    catalogue = app.extensions["catalogue"]
    with app.test_request_context("/"):
        told = latest_entries(catalogue, catalogue["stall"], stall, 1)[0].changes
    assert set(told) == {
        Change("Opens", "9:00\u202fAM", "10:30\u202fAM"),
        Change("Latitude", "-33.865143", "0.5"),
    }


@pytest.mark.parametrize(
    ("locale", "wanted"),
    [
        ("en", "Oct 3, 2026, 12:55 UTC"),
        ("de", "03.10.2026, 12:55 UTC"),
        ("es", "3 oct 2026, 12:55 UTC"),
    ],
)
def test_an_exact_time_is_written_with_its_date_as_lists_write_it(locale: str, wanted: str) -> None:
    instant = datetime(2026, 10, 3, 12, 55, tzinfo=UTC)
    assert wording.exact(instant, locale) == wanted
    assert wanted.startswith(wording.day(instant.date(), locale))
