"""The page of a booking has everything in one place: its time, its money, what was said, its papers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.domains.bookings import service as bookings
from app.domains.bookings.models import Booking
from app.domains.bookings.service import successor_of
from app.domains.payments.queries import refunds_of
from app.domains.payments.service import keep_paid
from app.domains.venues.models import OpeningHours, Room
from app.kernel.audit import AuditEntry
from tests.domains.payments.steps import PRICE, book, captured, pay, refunds, waivers, wish
from tests.domains.rooms import stored_room

SignIn = Callable[..., FlaskClient]


@pytest.fixture
def room(session: Session) -> Room:
    return stored_room(session, name="Blue hall", buffer_after_minutes=30)


def text_of(browser: FlaskClient, path: str, status: int = 200) -> str:
    answer = browser.get(path)
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def test_everything_about_a_booking_is_on_its_page(session: Session, room: Room, sign_in: SignIn) -> None:
    booking = book(session, room)
    after = bookings.move(booking, room.id, wish("15:00", "17:00"))
    pay(after, 3000, reference="Statement 12")
    page = text_of(sign_in("Admin"), f"/bookings/{after.id}")
    for words in (
        *("Time and room", "Money", "Messages", "Documents", "30 minutes after it are kept free"),
        *("2 \u00d7 1 hour", "€80.00", "Statement 12", "€50.00", "Takes the place of", booking.reference),
        *("Confirmation to print", "Calendar file", "The booking as its client sees it", "/calendar/?date="),
    ):
        assert words in page


def test_a_payment_is_received_on_the_page_and_confirms_the_booking(
    session: Session, room: Room, sign_in: SignIn
) -> None:
    booking = book(session, room)
    browser = sign_in("Booking operator")
    form = {"amount": "80.01", "method": "cash", "note": "In an envelope"}
    refused = browser.post(f"/bookings/{booking.id}/receive", data=form)
    assert refused.status_code == 409
    page = refused.get_data(as_text=True)
    assert "more than is still to be paid" in page
    assert 'value="80.01"' in page and 'value="In an envelope"' in page, "what was typed stays"
    assert captured(session, booking) == 0
    assert browser.post(f"/bookings/{booking.id}/receive", data=form | {"amount": "x"}).status_code == 422
    assert browser.post(f"/bookings/{booking.id}/receive", data=form | {"amount": "80"}).status_code == 303
    session.refresh(booking)
    assert (booking.status, captured(session, booking)) == ("confirmed", PRICE)


def test_what_is_open_is_waived_with_a_reason(session: Session, room: Room, sign_in: SignIn) -> None:
    booking = book(session, room)
    browser = sign_in("Booking operator")
    assert browser.post(f"/bookings/{booking.id}/waive", data={"reason": " "}).status_code == 422
    assert browser.post(f"/bookings/{booking.id}/waive", data={"reason": "A gift"}).status_code == 303
    session.refresh(booking)
    assert (booking.status, waivers(session, booking)) == ("confirmed", [PRICE])
    assert "A gift" in text_of(browser, f"/bookings/{booking.id}")


def test_a_refund_is_paid_or_withdrawn_where_the_booking_is(
    session: Session, room: Room, sign_in: SignIn
) -> None:
    booking, browser = book(session, room), sign_in("Booking operator")
    pay(booking, 3000)
    pay(booking, 5000)
    bookings.call_off(booking)
    first, second = (f"/bookings/{booking.id}/refunds/{row.id}" for row in refunds_of(session, booking.id))
    assert browser.post(first, data={"do": "nonsense"}).status_code == 404
    assert browser.post(first, data={"do": "mark_paid"}).status_code == 303
    because = {"do": "withdraw", "withdraw_reason": "Hidden costs"}
    refused = browser.post(second, data=because)
    assert refused.status_code == 409, "the house called it off: all of it goes back"
    assert "Hidden costs" in refused.get_data(as_text=True), "what was typed stays"
    assert browser.post(first, data=because).status_code == 409
    assert sorted(refunds(session, booking)) == [(3000, "wanted"), (5000, "paid")]


def test_a_refund_is_withdrawn_with_a_reason_that_its_history_keeps(
    session: Session, room: Room, sign_in: SignIn
) -> None:
    booking, browser = book(session, room), sign_in("Booking operator")
    pay(booking, PRICE)
    booking.total_minor = 5000
    keep_paid(session, booking)
    booking.total_minor = PRICE
    session.commit()
    here = f"/bookings/{booking.id}/refunds/{refunds_of(session, booking.id)[0].id}"
    assert 'name="withdraw_reason"' in text_of(browser, f"/bookings/{booking.id}")
    assert browser.post(here, data={"do": "withdraw"}).status_code == 422
    assert browser.post(here, data={"do": "withdraw", "withdraw_reason": "Agreed anew"}).status_code == 303
    assert (refunds(session, booking), captured(session, booking)) == ([], PRICE)
    told = session.scalars(select(AuditEntry).where(AuditEntry.content_type == "refund")).all()
    assert [(one.old or {}).get("reason") for one in told if one.action == "delete"] == [
        "Withdrawn: Agreed anew"
    ]


def test_a_part_is_paid_back_by_goodwill_once_however_often_it_is_sent(
    session: Session, room: Room, sign_in: SignIn
) -> None:
    booking, browser = book(session, room), sign_in("Booking operator")
    pay(booking, 3000)
    assert "Pay back by goodwill" not in text_of(browser, f"/bookings/{booking.id}"), (
        "nothing is promised yet"
    )
    pay(booking, 5000)
    here, page = f"/bookings/{booking.id}/grant", text_of(browser, f"/bookings/{booking.id}")
    assert "€80.00 at most: what was received and is not paid back yet." in page
    form = {"grant_amount": "20", "grant_reason": "Cold food", "returned_before": "0"}
    for wrong, status, words in (
        ({"grant_amount": "80.01"}, 409, "is left of what was received: €80.00."),
        ({"grant_amount": "0"}, 422, "Give an amount above zero."),
        ({"grant_amount": "x"}, 422, "Cold food"),
        ({"grant_reason": " "}, 422, "Say why it is paid back."),
        ({"returned_before": "-1"}, 422, "Load the booking&#39;s page anew, then send it again."),
    ):
        answer = browser.post(here, data=form | wrong)
        assert (answer.status_code, words in answer.get_data(as_text=True)) == (status, True), wrong
    assert [browser.post(here, data=form).status_code for _ in range(3)] == [303] * 3
    assert refunds(session, booking) == [(2000, "wanted")]
    other = browser.post(here, data=form | {"grant_reason": "Noise"})
    assert other.status_code == 409 and "was paid back meanwhile" in other.get_data(as_text=True)
    page = text_of(browser, f"/bookings/{booking.id}")
    assert "Goodwill: Cold food" in page and 'name="returned_before" value="2000"' in page
    assert booking.status == "confirmed"
    assert sign_in("Viewer").post(here, data=form).status_code == 403


@pytest.mark.parametrize("day", ["0001-01-01", "1999-12-31", "9999-12-31", "2199-01-01"])
def test_money_comes_on_a_day_that_can_be(session: Session, room: Room, sign_in: SignIn, day: str) -> None:
    booking, browser = book(session, room), sign_in("Booking operator")
    form = {"amount": "30", "method": "cash", "received_on": day}
    answer = browser.post(f"/bookings/{booking.id}/receive", data=form)
    assert answer.status_code == 422 and "on a day since 2000" in answer.get_data(as_text=True)
    assert captured(session, booking) == 0
    form["received_on"] = "2000-01-01"
    assert browser.post(f"/bookings/{booking.id}/receive", data=form).status_code == 303


def test_a_move_is_judged_and_priced_before_it_is_done(session: Session, room: Room, sign_in: SignIn) -> None:
    """Rule 3."""
    booking = book(session, room)
    other = book(session, room, wish("16:00", "18:00"))
    browser, day = sign_in("Booking operator"), other.event_on
    taken = {"zone": "UTC", "room": room.id, "starts_at": f"{day}T15:00", "ends_at": f"{day}T17:00"}
    free = taken | {"starts_at": f"{day}T12:00", "ends_at": f"{day}T15:00"}
    here = f"/bookings/{booking.id}/move-to"
    told = browser.get(here, query_string=taken).get_data(as_text=True)
    assert "This time cannot be booked." in told and "Move it there" not in told
    told = browser.get(here, query_string=free).get_data(as_text=True)
    assert "This time can be booked." in told and "€40.00 more" in told and "Move it there" in told
    assert browser.post(here, data=taken).status_code == 409
    assert browser.post(here, data=free | {"starts_at": "never"}).status_code == 422
    moved = browser.post(here, data=free | {"reason": "One hour more"})
    after = successor_of(session, booking)
    assert after is not None and moved.headers["Location"] == f"/bookings/{after.id}#time"
    assert (after.total_minor, after.ends_at) == (12000, booking.starts_at + timedelta(hours=3))  # type: ignore[operator]


def test_the_dialogs_name_who_is_rejected_and_what_goes_back(session: Session, sign_in: SignIn) -> None:
    """Rules 4 and 18."""
    room = stored_room(session, pending_policy="compete")
    first, second = book(session, room), book(session, room, client_name="Ada Stone")
    pay(first, 3000)
    page = text_of(sign_in("Booking operator"), f"/bookings/{first.id}")
    dialog = page.partition('id="do-confirm"')[2].partition("</dialog>")[0]
    assert "These want the same time" in dialog and f"Ada Stone · {second.reference}" in dialog
    assert "Called off by the house: €30.00 back." in page.partition('id="do-call_off"')[2]


def test_who_sees_no_payments_sees_the_promise_alone(
    session: Session, ours: Any, vera: FlaskClient, noise: Any, sign_in: SignIn
) -> None:
    mine = session.scalars(select(Booking).where(Booking.room_id == ours.room.id)).first()
    assert mine is not None
    mine.total_minor = PRICE
    pay(mine, 3000)
    session.commit()
    assert "data-preview" in text_of(sign_in("Booking operator"), f"/bookings/{mine.id}")
    page = text_of(vera, f"/bookings/{mine.id}")
    for words in (
        "Receive a payment",
        "Waive what is still to be paid",
        "Refunds",
        "goodwill",
        'id="messages"',
        "data-preview",
    ):
        assert words not in page
    for verb in ("receive", "waive", "grant", "refunds/01990000-0000-7000-8000-000000000000"):
        assert vera.post(f"/bookings/{mine.id}/{verb}").status_code == 403
    theirs = session.scalars(select(Booking).where(Booking.room_id == noise.room.id)).first()
    assert theirs is not None
    for paper in ("confirmation", "calendar-file"):
        assert vera.get(f"/bookings/{theirs.id}/{paper}").status_code == 404


@pytest.mark.proves("S1.23")
def test_the_papers_tell_the_time_by_the_clocks_of_the_venue(session: Session, sign_in: SignIn) -> None:
    """Rule 10."""
    booking = book(session, stored_room(session, zone="Europe/Lisbon"))
    browser = sign_in("Booking operator")
    page = text_of(browser, f"/bookings/{booking.id}/confirmation")
    assert booking.reference in page and "(Lisbon)" in page
    answer = browser.get(f"/bookings/{booking.id}/calendar-file")
    assert answer.mimetype == "text/calendar"
    assert b"T120000Z" in answer.data and b"STATUS:TENTATIVE" in answer.data


def test_the_bookings_money_is_listed_and_nobody_types_over_it(
    session: Session, room: Room, sign_in: SignIn
) -> None:
    booking = book(session, room)
    payment = pay(booking, PRICE, reference="Statement 12").payment
    bookings.call_off(booking)
    browser = sign_in("Booking operator")
    for path, words in (("/payments/", "Statement 12"), ("/refunds/", "To be paid back")):
        assert words in text_of(browser, path)
        assert browser.get(f"{path}export?format=csv").status_code == 200
        assert browser.get(f"{path}add").status_code in (403, 404)
    assert "Statement 12" in text_of(browser, f"/payments/{payment.id}")
    assert browser.get(f"/payments/{payment.id}/edit").status_code in (403, 404)


@pytest.mark.parametrize("verb", ["confirm", "cancel"])
def test_many_are_locked_after_their_rooms_as_one_is(
    session: Session, room: Room, sign_in: SignIn, count_statements: Callable[[], Any], verb: str
) -> None:
    """Rules 3 and 4: two who act on many at once wait for each other, and never in a ring."""
    booking, browser = book(session, room), sign_in("Booking operator")
    with count_statements() as statements:
        browser.post("/bookings/bulk", data={"action": verb, "ids": [str(booking.id)]})
    locks = [one for one in statements if "FOR NO KEY UPDATE" in one or "FOR UPDATE" in one]
    assert "FROM room " in locks[0].replace("\n", " ")
    assert any("FROM booking" in one for one in locks[1:])


def test_what_cannot_be_taken_up_again_says_which_rules_stand_against_it(
    session: Session, room: Room, sign_in: SignIn
) -> None:
    booking, browser = book(session, room), sign_in("Booking operator")
    bookings.cancel(booking)
    session.execute(delete(OpeningHours).where(OpeningHours.venue_id == room.venue_id))
    session.commit()
    browser.post(f"/bookings/{booking.id}/do/revive", data={"reason": "They want it again"})
    told = text_of(browser, f"/bookings/{booking.id}")
    assert "This time cannot be booked. The venue is not open" in told
    assert "A booking begins at opening, or in steps of" in told
