"""Calendars behind secret addresses: what stands in them, whose they are, and that programs read them right."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import icalendar
import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.domains.bookings import service
from app.domains.bookings.models import Booking, BookingStep, CalendarFeed
from app.domains.bookings.queries import feed_url
from app.kernel import clock
from app.kernel.values import Period
from tests.domains.bookings import path_of, sign_member_in
from tests.domains.rooms import stored_room
from tests.factories import BookingFactory, PackageFactory

HOUR = timedelta(hours=1)


def soon(days: int = 3, hour: int = 10) -> datetime:
    """Give an hour of a day ahead in UTC."""
    return datetime.combine(clock.today() + timedelta(days=days), datetime.min.time(), UTC) + hour * HOUR


def booked(room: Any, starts_at: datetime, hours: int = 2, **facts: Any) -> Booking:
    """Store a booking of a room as it stands; what keeps its time is not what is told here."""
    standing = {"status": "confirmed", "event_on": starts_at.date()} | facts
    return BookingFactory(room_id=room.id, starts_at=starts_at, ends_at=starts_at + hours * HOUR, **standing)


@pytest.fixture
def room(session: Session) -> Any:
    return stored_room(session, "Europe/Berlin", name="Blue hall")


@pytest.fixture
def feed(session: Session, room: Any) -> CalendarFeed:
    """Make the calendar of a room."""
    made = CalendarFeed(name="Blue hall", room_id=room.id)
    session.add(made)
    session.flush()
    return made


def address(feed: CalendarFeed) -> str:
    return path_of(feed_url(feed.id, feed.serial))


def read(client: FlaskClient, url: str) -> dict[str, Any]:
    """Read a calendar; gives its events by the keys of their bookings."""
    answer = client.get(url)
    assert answer.status_code == 200
    calendar = icalendar.Calendar.from_ical(answer.data)
    return {str(event["uid"])[8:44]: event for event in calendar.walk("VEVENT")}


@pytest.mark.proves("S2.9", "S2.65")
def test_a_rooms_calendar_tells_of_its_bookings_as_they_stand(
    client: FlaskClient, session: Session, room: Any, feed: CalendarFeed
) -> None:
    kept = booked(room, soon(), client_name="Amal Haddad")
    wish = booked(room, soon(4), status="pending")
    done = booked(room, soon(-4), status="completed")
    other = booked(stored_room(session, "Europe/Berlin"), soon())
    answer = client.get(address(feed))
    assert answer.mimetype == "text/calendar"
    assert answer.headers["Cache-Control"].startswith("private")

    events = read(client, address(feed))

    assert set(events) == {str(kept.id), str(wish.id), str(done.id)}
    assert str(other.id) not in answer.get_data(as_text=True)
    event = events[str(kept.id)]
    assert str(event["summary"]) == "Blue hall · Amal Haddad"
    assert event["dtstart"].dt.astimezone(UTC) == kept.starts_at
    assert event["dtend"].dt.astimezone(UTC) == kept.ends_at
    assert event["dtstart"].params["TZID"] == "Europe/Berlin"
    assert event["last-modified"].dt == kept.updated_at.replace(microsecond=0)
    assert int(event["sequence"]) == len(kept.steps)
    assert [str(events[str(one.id)]["status"]) for one in (kept, wish, done)] == [
        "CONFIRMED",
        "TENTATIVE",
        "CONFIRMED",
    ]


def test_a_booking_stays_the_same_event_through_its_steps(
    client: FlaskClient, session: Session, room: Any, feed: CalendarFeed
) -> None:
    booking = booked(room, soon(), status="pending")
    before = read(client, address(feed))[str(booking.id)]
    service.confirm(booking)
    after = read(client, address(feed))[str(booking.id)]

    assert after["uid"] == before["uid"]
    assert int(after["sequence"]) > int(before["sequence"])


def test_what_is_called_off_is_told_for_thirty_days_and_what_was_moved_gives_way_to_its_successor(
    client: FlaskClient, session: Session, room: Any, feed: CalendarFeed
) -> None:
    def ended(status: str, days: int) -> Booking:
        at = clock.now() - timedelta(days=days)
        steps = [BookingStep(to_status=status, at=at, position=0)]
        return booked(room, soon(), status=status, steps=steps)

    fresh, old = ended("cancelled", 29), ended("cancelled", 31)
    moved = ended("moved", 1)
    successor = booked(room, soon(8), follows_id=moved.id)
    revived = ended("cancelled", 1)
    again = booked(room, soon(9), follows_id=revived.id)
    events = read(client, address(feed))

    assert set(events) == {str(fresh.id), str(successor.id), str(again.id)}
    assert str(events[str(fresh.id)]["status"]) == "CANCELLED"
    assert str(old.id) not in events


def test_a_calendar_tells_of_ninety_days_back_and_four_hundred_ahead(
    client: FlaskClient, room: Any, feed: CalendarFeed
) -> None:
    inside = [booked(room, soon(-90)), booked(room, soon(400))]
    for days in (-91, 401):
        booked(room, soon(days))

    assert set(read(client, address(feed))) == {str(one.id) for one in inside}


def test_a_venues_calendar_holds_all_of_its_rooms_and_no_holds(
    client: FlaskClient, session: Session, room: Any
) -> None:
    second = type(room)(venue_id=room.venue_id, name="Red hall", slug="red-hall", capacity=20)
    feed = CalendarFeed(name="Mill", venue_id=room.venue_id)
    session.add_all([second, feed])
    session.flush()
    both = [booked(room, soon()), booked(second, soon())]
    booked(stored_room(session), soon())
    at = soon(5, 12)
    service.hold(session, room.id, Period(at, at + 2 * HOUR))

    events = read(client, address(feed))
    assert set(events) == {str(one.id) for one in both}
    assert {str(event["summary"]).split(" · ")[0] for event in events.values()} == {"Blue hall", "Red hall"}


def test_names_are_escaped_and_long_lines_folded_by_bytes(
    client: FlaskClient, session: Session, room: Any, feed: CalendarFeed
) -> None:
    name = 'Müller, Söhne; "Feste" \\ 🎉🎂 حفلة عيد ميلاد ' + "🎈" * 30
    booking = booked(room, soon(), client_name=name)
    room.name = "Hall\nof lamps"
    session.flush()
    raw = client.get(address(feed)).data

    assert str(read(client, address(feed))[str(booking.id)]["summary"]) == f"Hall\nof lamps · {name}"
    assert max(len(line) for line in raw.split(b"\r\n")) <= 75
    assert b"\n" not in raw.replace(b"\r\n", b"")
    for line in raw.split(b"\r\n"):
        line.decode()  # no sign is torn apart


def test_who_has_it_already_is_told_so_and_who_has_not_gets_the_change(
    client: FlaskClient, session: Session, room: Any, feed: CalendarFeed
) -> None:
    booking = booked(room, soon())
    first = client.get(address(feed))
    known = {"If-None-Match": first.headers["ETag"]}

    assert client.get(address(feed), headers=known).status_code == 304
    assert (
        client.get(address(feed), headers={"If-Modified-Since": first.headers["Last-Modified"]}).status_code
        == 304
    )
    service.cancel(session.get_one(Booking, booking.id))
    assert client.get(address(feed), headers=known).status_code == 200


def test_a_renewed_closed_wrong_or_forged_address_leads_nowhere(
    client: FlaskClient, session: Session, feed: CalendarFeed
) -> None:
    before = address(feed)
    service.renew_feed(feed)
    session.flush()
    assert client.get(before).status_code == 404
    assert client.get(address(feed)).status_code == 200

    feed.is_active = False
    session.flush()
    assert client.get(address(feed)).status_code == 404
    forged = address(feed).replace("calendars/", "calendars/A")
    for wrong in ("/public/v1/calendars/nothing.ics", forged, "/public/v1/calendars/.ics"):
        assert client.get(wrong).status_code == 404


def test_the_number_of_statements_does_not_grow_with_the_bookings(
    client: FlaskClient, session: Session, room: Any, feed: CalendarFeed, count_statements: Any
) -> None:
    url = address(feed)

    def asked() -> int:
        with count_statements() as seen:
            client.get(url)
        return len(seen)

    booked(room, soon())
    few = asked()
    for day in range(4, 24):
        booked(room, soon(day), package_id=PackageFactory().id)
    assert asked() == few


def test_a_member_reads_their_own_bookings_by_their_own_address_and_nobody_elses(
    client: FlaskClient, session: Session, room: Any
) -> None:
    bob, bobs = sign_member_in(session, "Bob Marsh")
    amal, amals = sign_member_in(session, "Amal Haddad")
    package = PackageFactory(name="Garden party")
    hall = booked(room, soon(), member_id=bob.id)
    party = BookingFactory(
        member_id=bob.id,
        package_id=package.id,
        event_on=clock.today() + timedelta(days=9),
        status="confirmed",
        place="Orangery, Potsdam",
    )
    hers = booked(room, soon(5), member_id=amal.id)

    url = client.get("/public/v1/me/calendar", headers=bobs).get_json()["data"]
    assert url["subscribe"] == "webcal://" + url["url"].split("://", 1)[1]
    assert client.get("/public/v1/me/calendar", headers=bobs).get_json()["data"] == url
    events = read(client, path_of(url["url"]))

    assert set(events) == {str(hall.id), str(party.id)}
    assert str(events[str(hall.id)]["summary"]).startswith("Blue hall · ")
    assert "url" not in events[str(hall.id)]
    whole = events[str(party.id)]
    assert (str(whole["summary"]), str(whole["location"])) == ("Garden party", "Orangery, Potsdam")
    assert (whole["dtstart"].dt, whole["dtend"].dt) == (party.event_on, party.event_on + timedelta(days=1))
    other = client.get("/public/v1/me/calendar", headers=amals).get_json()["data"]["url"]
    assert set(read(client, path_of(other))) == {str(hers.id)}
    assert client.get("/public/v1/me/calendar").status_code == 401


def test_a_member_ends_their_address_by_renewing_it(client: FlaskClient, session: Session) -> None:
    member, headers = sign_member_in(session)
    before = client.get("/public/v1/me/calendar", headers=headers).get_json()["data"]["url"]
    session.add(CalendarFeed(name="Second", member_id=member.id))
    session.flush()
    after = client.post("/public/v1/me/calendar", headers=headers).get_json()["data"]["url"]

    assert client.get(path_of(before)).status_code == 404
    assert client.get(path_of(after)).status_code == 200
    assert session.query(CalendarFeed).filter_by(member_id=member.id, serial=1).count() == 0


def test_a_calendar_that_staff_closed_is_not_opened_by_asking_again(
    client: FlaskClient, session: Session
) -> None:
    member, headers = sign_member_in(session)
    session.add(CalendarFeed(name="Closed", member_id=member.id, is_active=False))
    session.flush()

    assert client.get("/public/v1/me/calendar", headers=headers).get_json()["data"]["url"] is None
    assert client.post("/public/v1/me/calendar", headers=headers).get_json()["data"]["url"] is None


def test_the_calendar_of_a_suspended_member_leads_nowhere(client: FlaskClient, session: Session) -> None:
    member, headers = sign_member_in(session)
    url = client.get("/public/v1/me/calendar", headers=headers).get_json()["data"]["url"]
    assert client.get(path_of(url)).status_code == 200
    member.suspended_because = "Spam"
    session.flush()
    assert client.get(path_of(url)).status_code == 404
