"""The day sheet: each room's day in order by the venue's clocks, for who may read it, and for paper."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.access import rows
from app.domains.bookings.queries.day import local_day
from app.domains.bookings.queries.owing import tell_owed
from app.domains.venues.models import Closure, Company, Venue
from app.kernel import clock
from app.kernel.values import Money
from tests.domains.partners import entrust
from tests.domains.rooms import stored_room
from tests.factories import PackageFactory
from tests.web.test_room_reports import keep

ZONE = "Europe/Berlin"
DAY = date(2027, 5, 3)


def at(hour: int, day: date = DAY, zone: str = ZONE) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.fixture
def room(session: Session) -> Any:
    return stored_room(session, ZONE, name="Blue hall")


def slug(session: Session, room: Any) -> str:
    return session.get_one(Venue, room.venue_id).slug


def lines(page: str) -> list[tuple[str, str]]:
    """Give (kind, times) of the lines in their order."""
    found = re.findall(r'<li data-kind="(\w+)">\s*<p class="d-times"><bdi>([^<]+)<', page)
    return [(kind, times.replace("\u202f", " ")) for kind, times in found]


def sheet(browser: FlaskClient, venue: str, day: date = DAY, **more: Any) -> str:
    answer = browser.get(f"/day-sheet/?venue={venue}&day={day}", **more)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_a_room_is_told_in_the_order_of_its_day_with_what_is_free_between(
    sign_in: Callable[[str], FlaskClient], session: Session, room: Any
) -> None:
    package = PackageFactory(name="Garden party")
    facts = {"client_name": "Amal Haddad", "client_phone": "+49 30 901820", "guests": 40}
    said = {"message": "A ramp, please.\nAnd a piano.", "package_id": package.id}
    keep(session, room, at(12), 3, buffer=30, **facts, **said)
    keep(session, room, at(18), 2, client_name="Ben Marsh", status="pending", message="")
    keep(session, room, at(16), 1, until=clock.now() + timedelta(hours=1))
    session.add(
        Closure(venue_id=room.venue_id, room_id=room.id, reason="Paint", starts_at=at(9), ends_at=at(10))
    )
    page = sheet(sign_in("Booking operator"), slug(session, room))

    assert lines(page) == [
        ("closed", "9:00 AM\u201310:00 AM"),
        ("free", "10:00 AM\u201311:30 AM"),
        ("booking", "12:00 PM\u20133:00 PM"),
        ("free", "3:30 PM\u20134:00 PM"),
        ("held", "4:00 PM\u20135:00 PM"),
        ("free", "5:00 PM\u20136:00 PM"),
        ("booking", "6:00 PM\u20138:00 PM"),
        ("free", "8:00 PM\u20139:00 PM"),
    ]
    plain = page.replace("\u202f", " ")
    for told in (
        *(
            "Amal Haddad",
            'href="tel:+4930901820"',
            "40 guests",
            "Garden party",
            "Wedding",
            "Confirmed",
            "Pending",
        ),
        *("ready from 11:30 AM", "cleared by 3:30 PM", "A ramp, please.\nAnd a piano.", "Closed: Paint"),
        *("Monday, May 3, 2027", "Berlin", "9:00 AM\u20139:00 PM", "1 hr 30 min"),
    ):
        assert told in plain, told
    assert "Unpaid" not in page, "nobody keeps the money here"


def test_what_is_still_to_be_paid_is_marked_where_somebody_keeps_the_money(
    sign_in: Callable[[str], FlaskClient], session: Session, room: Any
) -> None:
    claim = keep(session, room, at(12), 2)
    keep(session, room, at(15), 2)
    owing = claim.booking_id
    tell_owed(lambda _session, keys: {key: Money(12_000, "EUR") for key in keys if key == owing})
    try:
        page = sheet(sign_in("Booking operator"), slug(session, room))
        partner = sign_in("Partner", "paul")
        entrust(session, "paul", session.get_one(Company, session.get_one(Venue, room.venue_id).company_id))
        theirs = sheet(partner, slug(session, room))
    finally:
        tell_owed(None)

    assert re.findall(r"Unpaid: ([^<]+)", page) == ["€120.00"]
    assert ("booking", "12:00 PM\u20132:00 PM") in lines(theirs)
    assert "Unpaid" not in theirs and "€120.00" not in theirs, "who sees no payments sees not what is owed"


def test_what_runs_over_midnight_stands_on_both_days_with_its_day(
    sign_in: Callable[[str], FlaskClient], session: Session, room: Any
) -> None:
    keep(session, room, at(22), 5, status="completed")
    browser = sign_in("Booking operator")

    assert ("booking", "10:00 PM\u2013Tue, May 4 3:00 AM") in lines(sheet(browser, slug(session, room)))
    second = lines(sheet(browser, slug(session, room), DAY + timedelta(days=1)))
    assert ("booking", "Mon, May 3 10:00 PM\u20133:00 AM") in second


@pytest.mark.parametrize(("day", "hours"), [(date(2027, 3, 28), 23), (date(2027, 10, 31), 25)])
def test_a_day_is_as_long_as_the_clocks_of_the_venue_make_it(day: date, hours: int) -> None:
    """Rule 10."""
    assert local_day(day, ZONE).minutes == hours * 60


@pytest.fixture
def limited() -> Iterator[None]:
    """Let a booking operator see one venue alone, and the bookings of one client."""
    rows.limit("venue", "Booking operator", lambda model, _user: model.name == "Seen")
    rows.limit("booking", "Booking operator", lambda model, _user: model.client_name == "Seen")
    yield
    for name in ("venue", "booking"):
        rows.lift(name, "Booking operator")


def test_row_rules_hold_on_the_sheet(
    sign_in: Callable[[str], FlaskClient], session: Session, room: Any, limited: None
) -> None:
    session.get_one(Venue, room.venue_id).name = "Seen"
    other = stored_room(session, ZONE, name="Other hall")
    keep(session, room, at(12), 2, client_name="Seen", client_phone="+49 1")
    keep(session, room, at(15), 2, client_name="Somebody", client_phone="+49 2", message="Private")
    session.commit()
    browser = sign_in("Booking operator")
    page = sheet(browser, slug(session, room))

    assert [kind for kind, _times in lines(page)] == ["free", "booking", "free", "taken", "free"]
    for hidden in ("Somebody", "+49 2", "Private", "Other hall"):
        assert hidden not in page
    assert browser.get(f"/day-sheet/?venue={slug(session, other)}").status_code == 404


def test_the_sheet_begins_with_today_and_leads_to_tomorrow(
    sign_in: Callable[[str], FlaskClient], session: Session, room: Any
) -> None:
    page = sign_in("Booking operator").get("/day-sheet/").get_data(as_text=True)
    today = clock.now().astimezone(ZoneInfo(ZONE)).date()

    assert f'value="{today}"' in page
    assert f"day={today + timedelta(days=1)}" in page
    assert "data-print" in page


def test_a_wrong_day_is_refused_and_without_rooms_there_is_a_sentence(
    sign_in: Callable[[str], FlaskClient],
) -> None:
    browser = sign_in("Booking operator")

    assert "No rooms yet" in browser.get("/day-sheet/").get_data(as_text=True)
    assert browser.get("/day-sheet/?venue=nowhere").status_code == 404


def test_a_day_that_is_none_is_named(sign_in: Callable[[str], FlaskClient], room: Any) -> None:
    assert sign_in("Booking operator").get("/day-sheet/?day=soon").status_code == 400


def test_the_number_of_statements_does_not_grow_with_the_rooms(
    sign_in: Callable[[str], FlaskClient], session: Session, room: Any, count_statements: Any
) -> None:
    browser, venue = sign_in("Booking operator"), slug(session, room)

    def asked() -> int:
        with count_statements() as seen:
            sheet(browser, venue)
        return len(seen)

    keep(session, room, at(12), 2)
    session.commit()
    sheet(browser, venue)
    few = asked()
    for number in range(4):
        more = type(room)(venue_id=room.venue_id, name=f"Hall {number}", slug=f"hall-{number}", capacity=9)
        session.add(more)
        session.flush()
        for hour in (10, 14, 18):
            keep(session, more, at(hour), 2, package_id=PackageFactory().id)
    session.commit()
    assert asked() == few
