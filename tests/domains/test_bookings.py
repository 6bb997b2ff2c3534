"""A booking's status moves by the table alone, and every step is written down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.domains.bookings import service
from app.domains.bookings.errors import TooEarly, TransitionRefused
from app.domains.bookings.models import Booking, BookingStatus
from app.kernel import clock
from app.kernel.actor import Actor, acting_as
from tests.factories import BookingFactory

VERBS = {
    BookingStatus.CONFIRMED: service.confirm,
    BookingStatus.COMPLETED: service.complete,
    BookingStatus.CANCELLED: service.cancel,
    BookingStatus.NO_SHOW: service.mark_no_show,
}


def past_booking(**facts: Any) -> Booking:
    booking: Booking = BookingFactory(event_on=clock.today() - timedelta(days=1), **facts)
    return booking


@pytest.mark.proves("S0.5", "S0.30", "S1.25")
@pytest.mark.parametrize(("before", "after"), list(product(BookingStatus, VERBS)))
def test_only_the_transitions_of_the_table_happen(
    session: Session, before: BookingStatus, after: BookingStatus
) -> None:
    booking = past_booking(status=before.value)
    if after in service.TRANSITIONS[before]:
        VERBS[after](booking)
        assert booking.status == after
        assert (booking.steps[-1].from_status, booking.steps[-1].to_status) == (before, after)
    else:
        with pytest.raises(TransitionRefused):
            VERBS[after](booking)
        assert booking.status == before
    assert service.may_become(past_booking(status=before.value), after) is (
        after in service.TRANSITIONS[before]
    )


@pytest.mark.parametrize("verb", [service.complete, service.mark_no_show])
def test_nothing_is_completed_or_missed_before_its_day(session: Session, verb: Any) -> None:
    booking = BookingFactory(status="confirmed", event_on=clock.today() + timedelta(days=1))
    with pytest.raises(TooEarly):
        verb(booking)
    assert booking.status == "confirmed"


def test_a_new_booking_is_pending_and_has_its_first_step(session: Session) -> None:
    with acting_as(Actor("user", "7", "Alice Staff")):
        booking = BookingFactory()
    assert booking.status == "pending"
    assert [(step.from_status, step.to_status, step.actor_label) for step in booking.steps] == [
        (None, "pending", "Alice Staff")
    ]


def test_a_step_says_who_and_why(session: Session) -> None:
    booking = BookingFactory()
    with acting_as(Actor("user", "7", "Alice Staff")):
        service.cancel(booking, "The client fell ill")
    step = booking.steps[-1]
    assert (step.actor_label, step.reason) == ("Alice Staff", "The client fell ill")


def test_a_refusal_names_the_statuses_in_the_readers_words(session: Session) -> None:
    with pytest.raises(TransitionRefused, match="From “Pending” a booking cannot become “No-show”"):
        service.mark_no_show(past_booking(status="pending"))


def test_the_reason_of_a_cancellation_stands_in_the_history(
    sign_in: Callable[..., FlaskClient], session: Session
) -> None:
    booking = past_booking(status="pending")
    session.commit()
    client = sign_in("Booking operator")
    done = client.post(f"/bookings/{booking.id}/do/cancel", data={"reason": "Client moved to Oslo"})
    assert done.status_code == 302
    for path in ("/panel?tab=history", "/history"):  # beside the record, and on a page of its own
        page = client.get(f"/bookings/{booking.id}{path}").get_data(as_text=True)
        assert "Client moved to Oslo" in page
