"""Bookings with their steps, and the times in rooms that holds and bookings keep."""

from app.domains.bookings.models.bookings import Booking, BookingStatus, BookingStep
from app.domains.bookings.models.claims import Claim, ClaimEnd

__all__ = ["Booking", "BookingStatus", "BookingStep", "Claim", "ClaimEnd"]
