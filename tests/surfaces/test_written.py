"""Days and times are read when the whole text is one, as the reader's language writes it; nothing is guessed."""

# ruff: noqa: RUF001  # the figures of other scripts are what is tested

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta

import pytest
from babel.dates import format_time
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.domains.catalog.models import Festival
from app.domains.venues.models import Room
from app.kernel.locales import SHIPPED
from app.surfaces.records import wording
from app.surfaces.screens.written import day_of, time_of
from tests.factories import FestivalFactory
from tests.factories.venues import RoomFactory
from tests.surfaces.test_cells import row
from tests.surfaces.test_transfer import counts, try_out, write_csv

SignIn = Callable[..., FlaskClient]
DAY = date(2026, 11, 24)
WRITTEN = {
    "en": ("11/24/26", "11/24/2026", "Nov 24, 2026", "nov 24,2026", "November 24, 2026", " 11 / 24 / 26 "),
    "de": ("24.11.26", "24.11.2026", "24. 11. 2026", "24. November 2026", "24. Nov. 2026"),
    "es": ("24/11/26", "24/11/2026", "24 nov 2026", "24 de noviembre de 2026"),
    "hi": ("24/11/26", "24 नव॰ 2026", "२४/११/२०२६", "२४ नव॰ २०२६", "24 नवंबर 2026"),
    "ar": ("24\u200f/11\u200f/2026", "24/11/26", "٢٤/١١/٢٠٢٦", "24 نوفمبر 2026"),
}
EVERYWHERE = ("2026-11-24", "2026-11-24 00:00:00", "2026-11-24T00:00:00Z", "٢٠٢٦-١١-٢٤")
NO_DAYS = (
    "Order 3 of 4, 2026", "call 030 12 2026", "+49 30 2345678901", "1/1/99999999999999999999", "11/24/2026 18:00",
    "2026-11-24 18:00", "24-11-2026", "11/24", "13/13/2026", "0/0/0", "11/24/026", "24", "Room 11/24/26", "",
    "Nov 24, 2026 (moved)", "9" * 5000 + "/1/1",
)  # fmt: skip


@pytest.mark.parametrize("locale", SHIPPED)
def test_a_day_is_read_as_the_language_writes_it(locale: str) -> None:
    for text in WRITTEN[locale] + EVERYWHERE:
        assert day_of(text, locale) == DAY, text
    for days in range(0, 730, 5):
        day = DAY + timedelta(days)
        assert day_of(wording.day(day, locale), locale) == day


@pytest.mark.parametrize("locale", SHIPPED)
def test_what_is_no_day_is_not_made_one(locale: str) -> None:
    assert [text for text in NO_DAYS if day_of(text, locale) is not None] == []


@pytest.mark.parametrize("locale", SHIPPED)
def test_a_time_is_read_whole_or_not_at_all(locale: str) -> None:
    for at in (time(0, 5), time(9, 30), time(12, 0), time(23, 59)):
        assert time_of(wording.time_of_day(at, locale), locale) == at
        assert time_of(format_time(at, "medium", locale=locale), locale) == at
    assert time_of("9:30 PM", locale) == time(21, 30)
    for text in ("call 9 30", "+49 30 2345678901", "25:00", "9:75", "13 pm", "9", "", "9:30 and later"):
        assert time_of(text, locale) is None, text


@pytest.mark.parametrize("text", ["Order 3 of 4, 2026", "+49 30 2345678901", "1/1/99999999999999999999"])
def test_what_is_no_day_is_a_fault_at_its_cell(sign_in: SignIn, session: Session, text: str) -> None:
    festival = FestivalFactory()
    before = festival.starts_on
    answer = sign_in("Editor").post("/festivals/grid", json={"rows": [row(festival, starts_on=text)]})
    assert answer.status_code == 422
    assert answer.get_json()["faults"][str(festival.id)]["starts_on"] == ["Give a date such as 2027-05-24."]
    assert session.get(Festival, festival.id).starts_on == before  # type: ignore[union-attr]


def test_a_name_that_cannot_be_stored_is_a_fault_at_its_cell(sign_in: SignIn, session: Session) -> None:
    room = RoomFactory()
    answer = sign_in("Admin").post("/rooms/grid", json={"rows": [row(room, venue_id="Har\x00bour")]})
    assert answer.status_code == 422
    assert "No record is called" in answer.get_json()["faults"][str(room.id)]["venue_id"][0]
    assert session.get(Room, room.id).venue_id == room.venue_id  # type: ignore[union-attr]


def test_a_file_takes_days_of_one_form_alone(sign_in: SignIn, session: Session) -> None:
    """A file goes from one machine to another: whose language it was written in is not known."""
    festival = FestivalFactory()
    editor = sign_in("Editor")
    headings = ["id", "name", "starts_on", "ends_on"]
    for text, faults in (("2026-11-24", 0), ("Order 3 of 4, 2026", 1), ("1/1/99999999999999999999", 1)):
        file = write_csv(headings, [str(festival.id), festival.name, text, "2026-12-31"])
        assert counts(try_out(editor, "festivals", file))[3] == faults, text
