"""Bookings with their steps and series, the times in rooms that are kept, who waits for one, calendars to read."""

from app.domains.bookings.models.bookings import Booking, BookingStatus, BookingStep
from app.domains.bookings.models.claims import Claim, ClaimEnd
from app.domains.bookings.models.feeds import CalendarFeed
from app.domains.bookings.models.series import BookingSeries, Occurrence, Outcome, Rhythm
from app.domains.bookings.models.waiting import Waiting, WaitingStatus, WaitingStep

__all__ = [
    "Booking",
    "BookingSeries",
    "BookingStatus",
    "BookingStep",
    "CalendarFeed",
    "Claim",
    "ClaimEnd",
    "Occurrence",
    "Outcome",
    "Rhythm",
    "Waiting",
    "WaitingStatus",
    "WaitingStep",
]
