"""A booked room as its client sees it: time, refund before cancelling, and where a moved booking is now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domains.bookings import service
from app.domains.bookings.models import Booking, Claim
from app.domains.bookings.service.money import NoTill
from app.domains.venues.models import CancellationStep, Room
from app.kernel import clock
from app.kernel.values import Money, Period
from tests.domains.bookings import path_of, sign_member_in
from tests.domains.rooms import next_monday, stored_room
from tests.factories.venues import CancellationPolicyFactory


def at(wall: str) -> datetime:
    return datetime.fromisoformat(f"{next_monday(clock.now())}T{wall}+00:00")


class Purse(NoTill):
    """Has taken an amount for whatever booking, and notes what it is to give back."""

    def __init__(self, minor: int) -> None:
        self.has, self.gave = Money(minor, "EUR"), list[Money]()

    def captured(self, session: Session, booking_id: UUID) -> Money | None:
        """Give what is in the purse."""
        return self.has

    def give_back(self, session: Session, booking: Booking, amount: Money, reason: str) -> None:
        """Note it."""
        self.gave.append(amount)


@pytest.fixture
def purse() -> Iterator[Purse]:
    """Keep 81.01 euros."""
    before, made = service.till(), Purse(8101)
    service.keep_money_in(made)
    yield made
    service.keep_money_in(before)


@pytest.fixture
def room(session: Session) -> Room:
    """Store a room whose policy pays a half back until a day before."""
    policy = CancellationPolicyFactory()
    policy.steps = [CancellationStep(hours_before=24, refund_percent=50)]
    session.flush()
    return stored_room(session, name="Blue hall", slug="blue-hall", policy_id=policy.id)


def book(session: Session, room: Room, **more: Any) -> Booking:
    facts = {"client_name": "Amal Haddad", "client_email": "amal@example.com", "event_type": "wedding"} | more
    made = service.book_room(session, facts, room.id, Period(at("12:00"), at("14:00")))
    session.commit()
    return made


def link(booking: Booking) -> str:
    from app.domains.bookings.api.wording import links

    return path_of(links(booking.id, booking.link_serial)["status"])


def page(booking: Booking) -> str:
    from app.domains.bookings.queries import client_page

    return path_of(client_page(booking.id, booking.link_serial))


# Rule 18: the preview is what is paid back
@pytest.mark.proves("S1.89")
def test_the_refund_that_is_shown_is_the_refund_that_is_made(
    client: FlaskClient, session: Session, room: Room, purse: Purse
) -> None:
    booking = book(session, room)
    service.confirm(booking)
    told = client.get(link(booking)).get_json()["data"]
    refund = told["cancellation"]["refund"]
    assert (refund["amount"]["minor"], refund["percent"]) == (4051, 50)  # rule 16: a half is rounded up, once
    assert refund["sentence"] == "If you cancel now, you get €40.51 back."
    assert told["cancellation"]["allowed"] and told["cancellation"]["policy"]["steps"][0]["percent"] == 50
    assert "If you cancel now, you get €40.51 back." in client.get(page(booking)).get_data(as_text=True)
    cancelled = client.post(f"{link(booking)}/cancel", json={}).get_json()["data"]
    assert purse.gave == [Money(4051, "EUR")]
    assert (cancelled["status"], cancelled["cancellation"]["refund"]) == ("cancelled", None)


@pytest.mark.proves("S1.89")
def test_a_time_in_a_room_may_be_called_off_until_it_begins(
    client: FlaskClient, session: Session, room: Room, purse: Purse, monkeypatch: pytest.MonkeyPatch
) -> None:
    booking = book(session, room)
    service.confirm(booking)
    session.commit()
    begins = at("12:00")
    monkeypatch.setattr(clock, "now", lambda: begins - timedelta(minutes=1))
    told = client.get(link(booking)).get_json()["data"]["cancellation"]
    assert told["allowed"] and told["refund"]["sentence"] == "If you cancel now, nothing is paid back."
    assert told["policy"] == {"steps": [], "text": "Who cancels gets nothing back."}
    monkeypatch.setattr(clock, "now", lambda: begins)
    told = client.get(link(booking)).get_json()["data"]["cancellation"]
    assert (told["allowed"], told["refund"], told["policy"]) == (False, None, None)
    late = client.post(f"{link(booking)}/cancel", json={})
    assert (late.status_code, late.get_json()["code"]) == (409, "too_late_to_cancel")
    assert late.get_json()["detail"] == told["sentence"]


def test_what_was_not_paid_needs_no_paying_back(client: FlaskClient, session: Session, room: Room) -> None:
    refund = client.get(link(book(session, room))).get_json()["data"]["cancellation"]["refund"]
    assert refund["sentence"] == "Nothing has been paid yet, so nothing is paid back."


def test_the_link_and_the_key_of_a_moved_booking_lead_to_where_it_is_now(
    client: FlaskClient, session: Session, room: Room
) -> None:
    member, headers = sign_member_in(session)
    booking = book(session, room, member_id=member.id)
    old_link, old_page = link(booking), page(booking)
    after = service.move(booking, room.id, Period(at("15:00"), at("17:00")), "The band is late.")
    last = service.move(after, room.id, Period(at("18:00"), at("20:00")))
    session.commit()
    told = client.get(old_link).get_json()["data"]
    assert (told["id"], told["status"], told["follows"]) == (str(last.id), "pending", after.reference)
    assert told["starts_at"][11:16] == "18:00"
    own = client.get(f"/public/v1/bookings/{booking.id}", headers=headers).get_json()["data"]
    assert own["id"] == str(last.id)
    listed = client.get("/public/v1/bookings", headers=headers).get_json()
    assert [one["id"] for one in listed["data"]] == [str(last.id)] and listed["page"]["total"] == 1
    shown = client.get(old_page).get_data(as_text=True)
    assert last.reference in shown and after.reference in shown and "Blue hall" in shown
    # who looked before it was moved sees where it is first, and calls nothing off unseen
    stale = client.post(f"{old_page}/cancel", data={"booking": str(booking.id)})
    assert stale.status_code == 303
    session.expire_all()
    assert last.status == "pending"
    assert client.post(f"{old_link}/cancel", json={}).get_json()["data"]["status"] == "cancelled"
    service.renew_link(last)
    session.commit()
    assert client.get(old_link).status_code == 404


def test_the_link_of_a_booking_that_is_taken_up_again_leads_to_its_successor(
    client: FlaskClient, session: Session, room: Room
) -> None:
    booking = book(session, room)
    service.cancel(booking)
    after = service.revive(booking)
    session.commit()
    told = client.get(link(booking)).get_json()["data"]
    assert (told["id"], told["status"], told["follows"]) == (str(after.id), "pending", booking.reference)


def test_a_rejected_booking_says_so_in_the_clients_words(
    client: FlaskClient, session: Session, room: Room
) -> None:
    booking = book(session, room)
    service.reject(booking, "No staff")
    session.commit()
    told = client.get(link(booking)).get_json()["data"]
    assert told["status_label"] == "Rejected" and "sorry" in told["next"][0]
    assert "No staff" not in client.get(page(booking)).get_data(as_text=True)
    assert not told["cancellation"]["allowed"]


def test_a_booking_without_a_room_tells_none(client: FlaskClient, session: Session) -> None:
    from tests.factories import BookingFactory

    told = client.get(link(BookingFactory())).get_json()["data"]
    wanted = ("room", "starts_at", "ends_at", "time_text", "follows")
    assert [told[name] for name in wanted] == [None] * 5
    assert (told["cancellation"]["policy"], told["cancellation"]["refund"]) == (None, None)
    assert session.scalar(select(Claim.id)) is None


def test_a_member_does_not_reach_a_successor_that_is_somebody_elses(
    client: FlaskClient, session: Session, room: Room
) -> None:
    owner, headers = sign_member_in(session)
    facts = {"client_name": "Ada", "client_email": "ada@example.com", "event_type": "other", "locale": "en"}
    first = service.book_room(
        session, facts | {"member_id": owner.id}, room.id, Period(at("12:00"), at("14:00"))
    )
    after = service.move(first, room.id, Period(at("15:00"), at("17:00")))
    after.member_id = None
    session.commit()
    assert client.get(f"/public/v1/bookings/{first.id}", headers=headers).status_code == 404
    assert client.post(f"/public/v1/bookings/{first.id}/cancel", json={}, headers=headers).status_code == 404
    session.refresh(after)
    assert after.status == "pending"
