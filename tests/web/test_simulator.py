"""The simulator's screen: it reads, tells what would have been, and leads to the forms; it never writes."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, time, timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.domains.venues.models import HoursMode, Room, Weekday
from app.domains.venues.queries import Line
from app.domains.venues.queries.hours_text import HoursUnreadable, read_day, same_hours, write_day
from app.kernel import clock
from app.kernel.values import Period
from tests.domains.rooms import stood, stored_room

HTMX = {"HX-Request": "true"}


def days_from_now(days: int, starts: int = 12, hours: int = 2) -> Period:
    """Give a time of a day before or after today, in UTC."""
    day = (clock.now() + timedelta(days=days)).date()
    starts_at = datetime.combine(day, time(starts), clock.now().tzinfo)
    return Period(starts_at, starts_at + timedelta(hours=hours))


@pytest.fixture
def room(session: Session) -> Room:
    """Store a room with a booking of two hours ten days ago, and one that is to come."""
    made = stored_room(session, name="Blue hall")
    stood(made, days_from_now(-10), client_name="Amal Haddad", status="completed")
    stood(made, days_from_now(10, 18), client_name="Bob Marsh")
    return made


@pytest.fixture
def operator(sign_in: Callable[..., FlaskClient]) -> FlaskClient:
    """Give the browser of somebody who looks after bookings."""
    return sign_in("Booking operator")


def shown(browser: FlaskClient, of: Room, **tried: Any) -> str:
    answer = browser.get("/simulator/", query_string={"of": f"room-{of.id}"} | tried, headers=HTMX)
    assert answer.status_code == 200
    return unescape(answer.get_data(as_text=True))


def rows(page: str) -> list[list[str]]:
    found = re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', page, re.DOTALL)
    return [[label, *re.findall(r"<bdi>(.*?)</bdi>", cells)] for label, cells in found]


def test_today_s_rules_change_nothing(operator: FlaskClient, room: Room) -> None:
    page = shown(operator, room)
    lines = {line[0]: line[1:] for line in rows(page) if len(line) == 4}
    assert lines["Bookings"] == ["1", "1", "the same"]
    assert lines["Revenue"] == ["€80.00", "€80.00", "the same"]
    assert lines["Free hours"][2] == "the same"
    assert "These are today's rules." in page


def test_what_a_tried_rule_refuses_is_listed_with_its_reason(operator: FlaskClient, room: Room) -> None:
    page = shown(operator, room, shortest="180", **{"hours-mon": "09:00-21:00"})
    refused, _possible, ahead = (
        part.partition("</section>")[0] for part in page.split("data-concerns=")[1:4]
    )
    assert "Amal Haddad" in refused and "Its length is not offered" in refused
    assert "Bob Marsh" in ahead
    lines = {line[0]: line[1:] for line in rows(page) if len(line) == 4}
    assert lines["Revenue"] == ["€80.00", "€0.00", "\u2212€80.00"]


def test_the_address_holds_what_is_tried_and_only_that(operator: FlaskClient, room: Room) -> None:
    page = shown(operator, room, step="60", notice=str(room.notice_minutes), advance_days="365")
    address = re.search(r'data-address="([^"]+)"', page)
    assert address is not None
    assert dict(parse_qsl(urlsplit(address[1]).query)) == {"of": f"room-{room.id}", "step": "60"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        *(
            ("step", "3"),
            ("longest", "x"),
            ("buffer_after", "-5"),
            ("hours-tue", "9 to 5"),
            ("pending", "maybe"),
        ),
        *(("tier-0-minutes", "1"), ("tier-0-price", "much"), ("back-0-percent", "101"), ("percent", "x")),
        *(("shortest", "1000"), ("hours-mon", "09:00-24:30")),
    ],
)
def test_wrong_input_is_told_at_its_field_and_nothing_is_lost(
    operator: FlaskClient, room: Room, name: str, text: str
) -> None:
    tried = {"of": f"{'venue' if name == 'percent' else 'room'}-"}
    tried["of"] += str(room.venue_id if name == "percent" else room.id)
    tried |= {name: text, "notice": "77"}
    if name.startswith(("tier", "back")):
        other = {"minutes": "price", "price": "minutes", "percent": "hours"}[name.rpartition("-")[2]]
        tried |= {f"{name.rpartition('-')[0]}-{other}": "60"}
    page = unescape(operator.get("/simulator/", query_string=tried).get_data(as_text=True))
    assert f'data-of="{name}"' in page
    marked = re.search(rf'<(?:input|select) class="[^"]*is-invalid[^"]*" id="s-{name}"[^>]*>', page)
    assert marked is not None
    assert name == "pending" or f'value="{text}"' in marked[0]
    assert 'name="notice" value="77"' in page


def test_a_whole_venue_is_tried_at_once_and_its_prices_by_percent(
    operator: FlaskClient, session: Session, room: Room
) -> None:
    other = stored_room(session)
    other.venue_id = room.venue_id
    session.flush()
    stood(other, days_from_now(-5), status="completed")
    page = operator.get(
        "/simulator/", query_string={"of": f"venue-{room.venue_id}", "percent": "150"}, headers=HTMX
    )
    found = rows(unescape(page.get_data(as_text=True)))
    assert ["Bookings", "2", "2", "the same"] in found
    assert ["Revenue", "€160.00", "€240.00", "+€80.00"] in found
    assert ["Revenue", "€80.00", "€120.00", "+€40.00"] in found, "each room has its own numbers"


def test_nothing_is_written_and_the_statements_do_not_grow(
    operator: FlaskClient, session: Session, room: Room, count_statements: Callable[[], Any]
) -> None:
    shown(operator, room)
    tried = {"step": "60", "hours-mon": "10:00-18:00", "tier-0-minutes": "60", "tier-0-price": "50"}
    counts = []
    for more in (0, 5):
        for number in range(more):
            stood(room, days_from_now(-20 + number))
        with count_statements() as seen:
            shown(operator, room, **tried)
        written = [text for text in seen if re.match(r"\s*(INSERT|UPDATE|DELETE|MERGE)", text, re.IGNORECASE)]
        assert [text for text in written if "staff_session" not in text] == []
        counts.append(len([text for text in seen if "booking" in text or "room" in text]))
    assert counts[1] <= counts[0] <= 8


def test_there_is_no_way_to_send_anything_to_it(operator: FlaskClient) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert operator.open("/simulator/", method=method).status_code == 405


def test_tried_values_are_taken_over_in_the_forms(operator: FlaskClient, room: Room) -> None:
    page = shown(
        operator,
        room,
        step="60",
        **{"hours-mon": "10:00-18:00", "tier-0-minutes": "60", "tier-0-price": "50"},
    )
    places = re.findall(r'href="(/(?:rooms|venues)/[^"]+set\.[^"]+)"', page)
    of_venue, of_room = sorted(places, reverse=True)
    form = unescape(operator.get(of_room).get_data(as_text=True))
    assert re.search(r'name="step_minutes"[^>]* value="60"', form)
    assert re.search(r'name="prices-0-price_minor"[^>]* value="50.00"', form)
    assert " data-dirty" in form
    assert re.search(rf'name="name"[^>]* value="{room.name}"', form), "what is not tried stays as it is"
    form = unescape(operator.get(of_venue).get_data(as_text=True))
    assert re.search(r'name="hours-0-opens_time"[^>]* value="10:00"', form)
    assert re.search(r'name="is_active"[^>]* checked', form), "a box that is not proposed stays as it is"


def test_a_house_without_rooms_says_what_to_do(operator: FlaskClient) -> None:
    assert "No rooms yet" in operator.get("/simulator/").get_data(as_text=True)


def test_others_do_not_see_it(sign_in: Callable[..., FlaskClient]) -> None:
    assert sign_in("Editor").get("/simulator/").status_code == 403


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", 0),
        ("9:00-12:00, 13:00\u201321:00", 2),
        ("00:00-24:00", 1),
        ("(18:00-02:00)", 1),
        ("(00:00-24:00)", 1),
    ],
)
def test_a_day_s_hours_are_read_as_they_are_written(text: str, lines: int) -> None:
    found = read_day(text, "mon")
    assert len(found) == lines
    assert same_hours(read_day(write_day(found, "mon"), "mon"), found)


def test_hours_have_the_mode_that_their_text_means() -> None:
    assert read_day("00:00-24:00", "mon") == [Line(Weekday.MONDAY, HoursMode.ALL_DAY)]
    assert read_day("(18:00-02:00)", "sat") == [
        Line(Weekday.SATURDAY, HoursMode.BY_REQUEST, time(18), time(2))
    ]
    for wrong in ("9-5", "25:00-26:00", "09:00", "(09:00-10:00", "24:30-02:00"):
        with pytest.raises(HoursUnreadable):
            read_day(wrong, "mon")
