"""The port by which bookings have money asked for and given back; what stands behind it is wired in (decision 0030)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from app.domains.bookings.models import Booking
from app.kernel.values import Money


class Till(Protocol):
    """Who keeps the money of bookings. Every call is part of the caller's transaction and goes over no network."""

    def captured(self, session: Session, booking_id: UUID) -> Money | None:
        """Give what was paid for a booking, less what was or is to be paid back; None where nothing ever was."""

    def captured_of_many(self, session: Session, bookings: Sequence[UUID]) -> Mapping[UUID, Money]:
        """Give the same by booking, in one statement; those for which nothing ever was paid are left out."""

    def want(self, session: Session, booking: Booking) -> None:
        """Have the price of a booking that is now promised paid, or note that it need not be yet."""

    def give_back(self, session: Session, booking: Booking, amount: Money, reason: str) -> None:
        """Have a part of what was captured paid back; it counts as given away from now on."""

    def grant(self, session: Session, booking: Booking, amount: Money, reason: str) -> None:
        """Have a part of what was captured paid back though the booking stays; it need not be paid again."""

    def pass_on(self, session: Session, before: Booking, after: Booking) -> None:
        """Let the money of a booking be that of the one that takes its place."""


class NoTill:
    """Takes no money and has none."""

    def captured(self, session: Session, booking_id: UUID) -> Money | None:
        """Give nothing."""

    def captured_of_many(self, session: Session, bookings: Sequence[UUID]) -> Mapping[UUID, Money]:
        """Give the same by booking."""
        return {key: paid for key in bookings if (paid := self.captured(session, key)) is not None}

    def want(self, session: Session, booking: Booking) -> None:
        """Ask for nothing."""

    def give_back(self, session: Session, booking: Booking, amount: Money, reason: str) -> None:
        """Give nothing back."""

    def grant(self, session: Session, booking: Booking, amount: Money, reason: str) -> None:
        """Give nothing back."""

    def pass_on(self, session: Session, before: Booking, after: Booking) -> None:
        """Have nothing to pass on."""


_tills: list[Till] = [NoTill()]


def keep_money_in(till: Till) -> None:
    """Let bookings ask this one for their money from now on."""
    _tills[:] = [till]


def till() -> Till:
    """Give who keeps the money."""
    return _tills[0]
