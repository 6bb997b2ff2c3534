"""Instants on the clocks of their place: typed there, shown there, by every surface."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domains.venues.models import Closure, Venue
from tests.domains.partners import entrust
from tests.factories import BookingFactory
from tests.factories.venues import ClosureFactory, RoomFactory, VenueFactory
from tests.surfaces.test_cells import row
from tests.surfaces.test_screens import text
from tests.surfaces.test_transfer import counts, do_import, try_out, write_csv

SignIn = Callable[..., FlaskClient]
NOON = datetime(2028, 12, 20, 6, 30, tzinfo=UTC)
"""Noon in India."""


@pytest.fixture
def venue(session: Session) -> Venue:
    return VenueFactory(zone="Asia/Kolkata", name="Harbour")


@pytest.fixture
def operator(sign_in: SignIn) -> FlaskClient:
    return sign_in("Booking operator")


def typed(venue: Venue, starts: str = "2028-12-20T12:00", ends: str = "2028-12-20T18:00") -> dict[str, str]:
    facts = {"reason": "Painting", "venue_id": str(venue.id), "room_id": ""}
    return facts | {"starts_at": starts, "ends_at": ends}


def only(session: Session) -> Closure:
    session.expire_all()
    return session.scalars(select(Closure)).one()


def test_a_form_reads_and_shows_the_clocks_of_the_venue(
    operator: FlaskClient, session: Session, venue: Venue
) -> None:
    assert "By the clocks of the place." in text(operator.get("/closures/add"))
    assert operator.post("/closures/add", data=typed(venue)).status_code == 302
    closure = only(session)
    assert closure.starts_at == NOON
    form = text(operator.get(f"/closures/{closure.id}/edit"))
    assert 'value="2028-12-20T12:00"' in form and "By the clocks in Kolkata." in form
    assert "(Kolkata)" in text(operator.get(f"/closures/{closure.id}"))
    assert "Wed, Dec 20, 2028, 12:00" in text(operator.get("/closures/"))
    told = text(operator.get(f"/closures/{closure.id}/history"))
    assert re.search(r"<ins[^>]*>Wed, Dec 20, 2028, 12:00.PM \(Kolkata\)</ins>", told), "so does the history"


def test_what_was_typed_comes_back_as_it_was_where_something_else_is_wrong(
    operator: FlaskClient, session: Session, venue: Venue
) -> None:
    refused = operator.post("/closures/add", data=typed(venue) | {"reason": ""})
    page = unescape(refused.get_data(as_text=True))
    assert refused.status_code == 422
    assert 'value="2028-12-20T12:00"' in page and "By the clocks in Kolkata." in page


def test_another_venue_has_other_clocks(operator: FlaskClient, session: Session, venue: Venue) -> None:
    closure = ClosureFactory(venue_id=venue.id, starts_at=NOON, ends_at=NOON.replace(hour=12))
    berlin = VenueFactory(zone="Europe/Berlin")
    sent = typed(berlin) | {"revision": str(closure.revision)}
    assert operator.post(f"/closures/{closure.id}/edit", data=sent).status_code == 302
    assert only(session).starts_at == datetime(2028, 12, 20, 11, tzinfo=UTC)


def test_a_time_that_the_clocks_jump_over_is_refused_and_of_two_the_standing_one_stays(
    operator: FlaskClient, session: Session
) -> None:
    berlin = VenueFactory(zone="Europe/Berlin")
    jumped = operator.post("/closures/add", data=typed(berlin, "2029-03-25T02:30", "2029-03-25T12:00"))
    assert jumped.status_code == 422
    assert "The clocks jump over this time that night." in jumped.get_data(as_text=True)
    second = datetime(2029, 10, 28, 1, 30, tzinfo=UTC)  # half past two, as the clocks went back
    closure = ClosureFactory(venue_id=berlin.id, starts_at=second, ends_at=second.replace(hour=5))
    sent = typed(berlin, "2029-10-28T02:30", "2029-10-28T07:00") | {"revision": str(closure.revision)}
    assert operator.post(f"/closures/{closure.id}/edit", data=sent).status_code == 302
    assert (only(session).starts_at, only(session).ends_at.hour) == (second, 6)


def test_two_who_change_a_closure_at_once_mean_the_same_hours(
    operator: FlaskClient, session: Session, venue: Venue
) -> None:
    """What one typed by the venue's clocks is no change where the other left it alone."""
    closure = ClosureFactory(venue_id=venue.id, starts_at=NOON, ends_at=NOON.replace(hour=12, minute=30))
    form = text(operator.get(f"/closures/{closure.id}/edit"))
    base = form.split('name="base" value="')[1].split('"')[0]
    opened = typed(venue) | {"revision": str(closure.revision), "base": base}
    closure.reason = "Painting the hall"
    session.commit()
    began = form.split('id="i-reason"')[1].split('value="')[1].split('"')[0]
    closed_later = opened | {"ends_at": "2028-12-20T20:00", "reason": began}
    assert operator.post(f"/closures/{closure.id}/edit", data=closed_later).status_code == 302
    merged = only(session)
    assert (merged.reason, merged.starts_at) == ("Painting the hall", NOON)
    assert merged.ends_at == datetime(2028, 12, 20, 14, 30, tzinfo=UTC)


def test_who_moves_a_closure_elsewhere_meanwhile_moves_no_hour_that_was_typed(
    operator: FlaskClient, session: Session, venue: Venue
) -> None:
    berlin = VenueFactory(zone="Europe/Berlin")
    closure = ClosureFactory(venue_id=berlin.id, starts_at=NOON, ends_at=NOON.replace(hour=12))
    form = text(operator.get(f"/closures/{closure.id}/edit"))
    base = form.split('name="base" value="')[1].split('"')[0]
    opened = typed(berlin, "2028-12-20T07:30", "2028-12-20T13:30") | {
        "revision": str(closure.revision),
        "base": base,
    }
    closure.venue_id = venue.id
    session.commit()
    sent = opened | {"reason": "Varnish"}
    assert operator.post(f"/closures/{closure.id}/edit", data=sent).status_code == 302
    merged = only(session)
    assert (merged.reason, merged.venue_id, merged.starts_at) == ("Varnish", venue.id, NOON)
    assert merged.ends_at == NOON.replace(hour=12, minute=30)


def test_the_place_says_by_whose_clocks_one_types_to_who_may_know_of_it(
    operator: FlaskClient, sign_in: SignIn, session: Session, ours: Any, venue: Venue
) -> None:
    asked = {"beside": "venue_id", "place": str(venue.id)}
    told = operator.get("/closures/clock", query_string=asked).get_json()
    assert told == {"words": "By the clocks in Kolkata."}
    vera = sign_in("Partner", "vera")
    entrust(session, "vera", ours.company)
    unknown = {"words": "By the clocks of the place."}
    assert vera.get("/closures/clock", query_string=asked).get_json() == unknown
    assert vera.get("/closures/clock", query_string=asked | {"place": "x"}).get_json() == unknown
    address = f"/closures/add?set.venue_id={venue.id}&set.starts_at=2028-12-20T10:00Z"
    page = text(vera.get(address))
    assert "Kolkata" not in page and 'value="2028-12-20T10:00"' in page


@pytest.mark.parametrize("edge", ["0001-01-01T00:00%2B14:00", "9999-12-31T23:59-14:00", "0001-01-01T00:00Z"])
def test_a_time_at_the_edge_of_the_calendar_is_shown_as_it_was_sent(
    operator: FlaskClient, venue: Venue, edge: str
) -> None:
    assert operator.get(f"/closures/add?set.venue_id={venue.id}&set.starts_at={edge}").status_code == 200


def test_a_cell_and_the_table_editor_read_and_show_them_too(
    operator: FlaskClient, session: Session, venue: Venue
) -> None:
    closure = ClosureFactory(venue_id=venue.id, starts_at=NOON, ends_at=NOON.replace(hour=12))
    cell = f"/closures/{closure.id}/cell"
    assert 'value="2028-12-20T12:00"' in text(operator.get(f"{cell}?field=starts_at"))
    sent = {"field": "starts_at", "value": "2028-12-20T13:00", "revision": closure.revision}
    answer = operator.post(cell, data=sent)
    assert answer.status_code == 200
    assert only(session).starts_at == NOON.replace(hour=7)
    undone = {
        "field": "starts_at",
        "value": answer.get_json()["old"],
        "revision": answer.get_json()["revision"],
    }
    assert operator.post(cell, data=undone).status_code == 200
    assert only(session).starts_at == NOON
    closure = only(session)
    assert "2028-12-20T12:00" in text(operator.get("/closures/?as=grid"))
    rows = {"rows": [row(closure, starts_at="2028-12-20T14:00")]}
    saved = operator.post("/closures/grid", json=rows)
    assert (saved.status_code, "2028-12-20T14:00" in saved.get_data(as_text=True)) == (200, True)
    assert only(session).starts_at == NOON.replace(hour=8)


def test_programs_and_files_may_leave_the_offset_out(sign_in: SignIn, session: Session, venue: Venue) -> None:
    admin = sign_in("Admin")
    sent = typed(venue) | {"room_id": None}
    assert admin.post("/api/v1/closures/", json=sent).status_code == 201
    assert only(session).starts_at == NOON
    exact = typed(venue, "2028-12-21T12:00+01:00", "2028-12-21T18:00Z") | {"room_id": None}
    assert admin.post("/api/v1/closures/", json=exact).status_code == 201
    starts = set(session.scalars(select(Closure.starts_at)))
    assert starts == {NOON, datetime(2028, 12, 21, 11, tzinfo=UTC)}
    rows = ["Varnish", venue.slug, "2028-12-22T12:00", "2028-12-22T18:00"]
    do_import(admin, "closures", write_csv(["reason", "venue", "starts_at", "ends_at"], rows))
    brought = session.scalars(select(Closure).where(Closure.reason == "Varnish")).one()
    assert brought.starts_at == NOON.replace(day=22)
    assert counts(try_out(admin, "closures", admin.get("/closures/export").data)) == (0, 0, 3, 0)


def test_a_calendar_puts_a_closure_on_the_day_of_its_venue(
    operator: FlaskClient, session: Session, venue: Venue
) -> None:
    """Half past eight in the evening by UTC is the next day in India."""
    late = datetime(2028, 12, 20, 20, 30, tzinfo=UTC)
    ClosureFactory(venue_id=venue.id, reason="Night work", starts_at=late, ends_at=late.replace(hour=22))
    page = text(operator.get("/closures/?as=calendar&month=2028-12"))
    days = page.split('data-date="')
    held = [part[:10] for part in days if "Night work" in part]
    assert held == ["2028-12-21"]
    whole = datetime(2028, 12, 9, 18, 30, tzinfo=UTC)  # midnight there, to midnight
    ClosureFactory(venue_id=venue.id, reason="A whole day", starts_at=whole, ends_at=whole.replace(day=10))
    page = text(operator.get("/closures/?as=calendar&month=2028-12"))
    assert "Dec 10, 2028 to" not in page.replace("\u2009", " ")
    assert "set.starts_at=2028-12-10" in page, "a day leads on to a form that has it"


def test_a_booking_without_a_room_stands_by_utc_and_one_with_a_room_by_its_venue(
    operator: FlaskClient, session: Session, venue: Venue
) -> None:
    room = RoomFactory(venue_id=venue.id)
    there = BookingFactory(room_id=room.id, starts_at=NOON, ends_at=NOON.replace(hour=9))
    form = text(operator.get(f"/bookings/{there.id}/edit"))
    assert 'value="2028-12-20T12:00"' in form and "By the clocks in Kolkata." in form
    assert "By the clocks of the place." in text(operator.get(f"/bookings/{BookingFactory().id}/edit"))


def test_a_list_asks_no_more_statements_for_them(
    operator: FlaskClient, venue: Venue, count_statements: Callable[[], Any]
) -> None:
    def ask(how_many: int) -> int:
        for number in range(how_many):
            starts, ends = (NOON.replace(day=number + add) for add in (1, 2))
            ClosureFactory(venue_id=venue.id, starts_at=starts, ends_at=ends)
        with count_statements() as statements:
            operator.get("/closures/")
        return len(statements)

    operator.get("/closures/")
    assert ask(1) == ask(20)
