"""Operators make calendars for other programs, copy their address and renew it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domains.bookings.models import CalendarFeed
from app.domains.bookings.queries import feed_url
from tests.domains.bookings import path_of, sign_member_in
from tests.domains.rooms import stored_room


@pytest.fixture
def room(session: Session) -> Any:
    return stored_room(session, "Europe/Berlin", name="Blue hall")


def test_a_feed_is_of_exactly_one_room_venue_or_member(
    sign_in: Callable[[str], FlaskClient], session: Session, room: Any, app: Any
) -> None:
    path = f"/{app.extensions['catalogue']['calendar_feed'].path}"
    assert path == "/calendar-feeds"
    member, _headers = sign_member_in(session)
    staff = sign_in("Booking operator")
    of_each = {"room_id": room.id, "venue_id": room.venue_id, "member_id": member.id}
    wrong: tuple[tuple[str, ...], ...] = ((), ("room_id", "venue_id"), ("venue_id", "member_id"))
    for names in wrong:
        form = {"name": "Wrong", "is_active": "y"} | {name: str(of_each[name]) for name in names}
        answer = staff.post(f"{path}/add", data=form)
        assert answer.status_code == 422
        assert "Choose a room, a venue or a member: exactly one of them." in answer.get_data(as_text=True)
    for name, key in of_each.items():
        answer = staff.post(f"{path}/add", data={"name": name, "is_active": "y", name: str(key)})
        assert answer.status_code == 302
    assert set(session.scalars(select(CalendarFeed.name))) == set(of_each)


def test_an_operator_copies_the_address_from_the_feeds_page_and_makes_a_new_one(
    sign_in: Callable[[str], FlaskClient], client: FlaskClient, session: Session, room: Any
) -> None:
    feed = CalendarFeed(name="Blue hall", room_id=room.id)
    session.add(feed)
    session.flush()
    here, address = f"/calendar-feeds/{feed.id}", feed_url(feed.id, 1)
    staff = sign_in("Booking operator")

    page = staff.get(here).get_data(as_text=True)
    assert f'value="{address}"' in page
    assert f'action="{here}/do/renew"' in page
    assert client.get(path_of(address)).status_code == 200
    assert staff.post(f"{here}/do/renew").status_code == 302
    assert client.get(path_of(address)).status_code == 404
    assert f'value="{feed_url(feed.id, 2)}"' in staff.get(here).get_data(as_text=True)
    for role in ("Editor", "Partner"):
        assert sign_in(role).get(here).status_code == 403
    feed.is_active = False
    session.commit()
    assert "data-copies" not in staff.get(here).get_data(as_text=True)
