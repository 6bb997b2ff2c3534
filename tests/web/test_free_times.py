"""The screen that finds a free time: in which rooms, at what price, and why not in others."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import time, timedelta
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.domains.bookings import service
from app.domains.venues.models import Room, Venue
from app.kernel import clock
from tests.domains.partners import entrust
from tests.domains.payments.steps import book, wish
from tests.domains.rooms import next_monday, stored_room

SignIn = Callable[..., FlaskClient]


@pytest.fixture
def room(session: Session) -> Room:
    """Store a room for sixty that is open from nine to nine by UTC."""
    return stored_room(session, name="Blue hall")


@pytest.fixture
def operator(sign_in: SignIn) -> FlaskClient:
    return sign_in("Booking operator")


def page(client: FlaskClient, status: int = 200, **asked: object) -> str:
    answer = client.get("/free-times/", query_string={"date": next_monday(clock.now()).isoformat(), **asked})
    assert answer.status_code == status
    return unescape(answer.get_data(as_text=True))


def times(text: str) -> list[str]:
    return re.findall(r'title="(\d+:\d\d.[AP]M . \d+:\d\d.[AP]M)"', text)


def test_every_time_that_is_shown_can_be_booked_at_the_price_that_is_told(
    operator: FlaskClient, session: Session, room: Room
) -> None:
    book(session, room)  # from twelve to two
    text = page(operator, minutes=120, guests=20)
    assert "€80.00" in text and "up to 60 guests" in text
    begins = re.findall(r"starts=([\d-]+T[\d:]+)", text)
    assert begins[0].endswith("T09:00") and begins[-1].endswith("T19:00")
    taken = {f"{hour:02}:{minute:02}" for hour in (11, 12, 13) for minute in (0, 30)} - {"10:30"}
    assert not taken & {at[-5:] for at in begins}
    day = next_monday(clock.now())
    offered = [wish(at[-5:], f"{int(at[-5:-3]) + 2:02}:{at[-2:]}") for at in begins]
    assert all(period.starts_at.date() == day for period in offered)
    for period in offered:
        with session.begin_nested() as savepoint:
            client = {
                "client_name": "Ada",
                "client_email": "ada@example.com",
                "event_type": "birthday",
                "guests": 20,
            }
            assert service.book_room(session, client, room.id, period).total_minor == 8000
            savepoint.rollback()


def test_a_time_leads_to_the_panel_that_books_it(operator: FlaskClient, room: Room) -> None:
    text = page(operator, minutes=60, guests=12)
    day = next_monday(clock.now()).isoformat()
    found = re.search(r'href="(/calendar/\?[^"]+)"', text)
    assert found is not None
    for part in (f"book={room.id}", f"starts={day}T09:00", f"ends={day}T10:00", "guests=12", f"date={day}"):
        assert part in found[1], found[1]


def test_a_room_in_which_nothing_is_found_says_why(
    operator: FlaskClient, session: Session, room: Room
) -> None:
    assert "It holds 60 guests." in page(operator, guests=61)
    assert re.search(
        r"It is booked for 1 hour to [^<]+, in steps of 30 minutes\.", page(operator, minutes=70)
    )
    service.book_room(
        session,
        {"client_name": "Bob", "client_email": "bob@example.com", "event_type": "birthday"},
        room.id,
        wish("09:00", "19:00"),
    )
    text = page(operator, minutes=180)
    assert "Nothing of this length is free." in text and "Nothing is free" in text
    assert times(page(operator, minutes=180, days=3)), "the next day is"
    room.is_active = False
    session.flush()
    assert "It is not offered." in page(operator)


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ({"after": "14:00"}, "14:00", "19:00"),
        ({"before": "12:00"}, "09:00", "10:00"),
        ({"after": "14:00", "before": "17:30"}, "14:00", "15:30"),
        ({"after": "18:00", "before": "02:00"}, "18:00", "19:00"),
        ({"before": "00:00"}, "09:00", "19:00"),
    ],
)
def test_a_time_lies_between_the_hours_that_are_asked_for(
    operator: FlaskClient, room: Room, asked: dict[str, Any], first: str, last: str
) -> None:
    text = page(operator, minutes=120, **asked)
    begins = [at[-5:] for at in re.findall(r"starts=([\d-]+T[\d:]+)", text)]
    assert (begins[0], begins[-1]) == (first, last)
    for name, hour in asked.items():
        assert f'name="{name}" value="{hour}"' in text


def test_hours_between_which_nothing_is_free_are_the_reason(operator: FlaskClient, room: Room) -> None:
    text = page(operator, minutes=240, after="14:00", before="17:00")
    assert "Nothing of this length is free between these hours." in text and "Nothing is free" in text


def test_a_night_is_asked_for_over_midnight(operator: FlaskClient, session: Session) -> None:
    venue = session.get_one(Venue, stored_room(session, name="Cellar").venue_id)
    for hours in venue.hours:
        hours.opens_time, hours.closes_time = time(18), time(4)
    session.flush()
    text = page(operator, minutes=240, after="21:00", before="02:00")
    begins = re.findall(r"starts=([\d-]+T[\d:]+)", text)
    assert [at[-5:] for at in begins] == ["21:00", "21:30", "22:00"]


def test_without_a_length_a_room_is_as_short_as_it_can_be(operator: FlaskClient, room: Room) -> None:
    text = page(operator)
    assert "<b>€40.00</b> <span>1 hour</span>" in text
    assert times(text)[0].startswith("9:00")


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"guests": "many"}, "Give a whole number from 1 to"),
        ({"guests": "0"}, "Give a whole number from 1 to"),
        ({"minutes": "4"}, "Give a whole number from 5 to"),
        ({"days": "8"}, "Give a whole number from 1 to 7"),
        ({"after": "noon"}, "Give a time such as 09:00."),
        ({"before": "25:00"}, "Give a time such as 09:00."),
        ({"date": "soon"}, "Give a date such as"),
        ({"venue": "nowhere"}, "There is no such venue."),
        ({"date": "2001-01-01"}, "Choose a day from"),
    ],
)
def test_what_cannot_be_read_is_said_and_the_rest_stays(
    operator: FlaskClient, room: Room, asked: dict[str, Any], sentence: str
) -> None:
    text = page(operator, 400, **({"guests": "30", "minutes": "120"} | asked))
    assert sentence in text
    assert f'name="guests" inputmode="numeric" value="{asked.get("guests", "30")}"' in text


def test_a_partner_finds_times_in_their_own_rooms_alone(
    sign_in: SignIn, session: Session, ours: Any, noise: Any
) -> None:
    vera = sign_in("Partner", "vera")
    entrust(session, "vera", ours.company)
    text = page(vera)
    assert ours.room.name in text and noise.room.name not in text


def test_it_takes_as_many_statements_for_twenty_rooms_as_for_one(
    operator: FlaskClient, session: Session, room: Room, count_statements: Callable[[], Any]
) -> None:
    def ask() -> int:
        with count_statements() as statements:
            page(operator, days=7)
        return len(statements)

    ask()
    alone = ask()
    for number in range(19):
        stored_room(session, name=f"Hall {number}")
    assert ask() == alone


def test_a_day_of_the_venue_is_meant_not_one_of_the_reader(operator: FlaskClient, session: Session) -> None:
    """Nine in the morning in Auckland is the evening before by UTC."""
    stored_room(session, name="Harbour", zone="Pacific/Auckland")
    text = page(operator, minutes=60)
    day = next_monday(clock.now())
    assert f"starts={day}T09:00" in text
    assert f"starts={day - timedelta(days=1)}" not in text
