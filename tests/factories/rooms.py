"""Factories of what hangs on bookings of rooms: series, places in line, calendars to read, payments and refunds."""

from __future__ import annotations

from datetime import date, time, timedelta

import factory

from app.domains.bookings.models import BookingSeries, CalendarFeed, Waiting
from app.domains.payments.models import Payment, Refund
from app.kernel import clock
from tests.factories import BookingFactory, Flushed
from tests.factories.venues import RoomFactory


class SeriesFactory(Flushed):
    """A rule of which no day is booked."""

    class Meta:
        model = BookingSeries

    room_id = factory.LazyFunction(lambda: RoomFactory().id)
    rhythm = "weekly"
    first_on = date(2027, 5, 24)
    until_on = date(2027, 6, 28)
    starts_time = time(9)
    minutes = 90
    facts = factory.Sequence(
        lambda n: {"client_name": f"Choir {n}", "client_email": f"choir-{n}@example.com"}
    )


class WaitingFactory(Flushed):
    class Meta:
        model = Waiting

    room_id = factory.LazyFunction(lambda: RoomFactory().id)
    starts_at = factory.LazyFunction(lambda: clock.now() + timedelta(days=9))
    ends_at = factory.LazyFunction(lambda: clock.now() + timedelta(days=9, hours=2))
    client_name = factory.Sequence(lambda n: f"Waiting {n}")
    client_email = factory.Sequence(lambda n: f"waiting-{n}@example.com")


class CalendarFeedFactory(Flushed):
    class Meta:
        model = CalendarFeed

    name = factory.Sequence(lambda n: f"Calendar {n}")
    room_id = factory.LazyFunction(lambda: RoomFactory().id)


class PaymentFactory(Flushed):
    class Meta:
        model = Payment

    booking_id = factory.LazyFunction(lambda: BookingFactory(total_minor=5000).id)
    method = "cash"
    amount_minor = 5000
    currency = "EUR"
    reference = factory.Sequence(lambda n: f"Receipt {n}")


class RefundFactory(Flushed):
    class Meta:
        model = Refund

    payment_id = factory.LazyFunction(
        lambda: PaymentFactory(refunded_minor=1000, status="partly_refunded").id
    )
    booking_id = factory.LazyFunction(lambda: BookingFactory(total_minor=5000).id)
    amount_minor = 1000
    currency = "EUR"
    reason = factory.Sequence(lambda n: f"Reason {n}")


BY_TYPE = {
    "booking_series": SeriesFactory,
    "waiting": WaitingFactory,
    "calendar_feed": CalendarFeedFactory,
    "payment": PaymentFactory,
    "refund": RefundFactory,
}
