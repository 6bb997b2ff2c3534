"""The public side of bookings: to book, to see how it stands, to call it off."""

from app.domains.bookings.api.operations import api

__all__ = ["api"]
