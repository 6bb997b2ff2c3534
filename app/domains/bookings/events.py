"""News of bookings; each names the booking alone, what became of it since is read anew.

What is `in_series` is told to people by the news of the series, once for all of its days.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.kernel.outbox import DomainEvent


@dataclass(frozen=True, slots=True)
class BookingReceived(DomainEvent):
    """A client, or staff in their name, asked for a day."""

    topic: ClassVar[str] = "booking.received"
    booking_id: UUID
    in_series: bool = False


@dataclass(frozen=True, slots=True)
class BookingConfirmed(DomainEvent):
    """Staff promised the day."""

    topic: ClassVar[str] = "booking.confirmed"
    booking_id: UUID
    in_series: bool = False


@dataclass(frozen=True, slots=True)
class BookingCancelled(DomainEvent):
    """The client or staff called it off."""

    topic: ClassVar[str] = "booking.cancelled"
    booking_id: UUID
    in_series: bool = False


@dataclass(frozen=True, slots=True)
class BookingCompleted(DomainEvent):
    """The event took place."""

    topic: ClassVar[str] = "booking.completed"
    booking_id: UUID


@dataclass(frozen=True, slots=True)
class BookingRejected(DomainEvent):
    """Staff did not take the wish, or another one for the same time was confirmed."""

    topic: ClassVar[str] = "booking.rejected"
    booking_id: UUID


@dataclass(frozen=True, slots=True)
class BookingMissed(DomainEvent):
    """The client did not come."""

    topic: ClassVar[str] = "booking.missed"
    booking_id: UUID


@dataclass(frozen=True, slots=True)
class BookingMoved(DomainEvent):
    """Another booking took the place of this one, at another time or in another room."""

    topic: ClassVar[str] = "booking.moved"
    booking_id: UUID
    in_series: bool = False


@dataclass(frozen=True, slots=True)
class BookingRevived(DomainEvent):
    """A booking that takes the place of one that was called off."""

    topic: ClassVar[str] = "booking.revived"
    booking_id: UUID


@dataclass(frozen=True, slots=True)
class SeriesBooked(DomainEvent):
    """A series was booked, or more of its days were; `booking_ids` are the new ones."""

    topic: ClassVar[str] = "series.booked"
    series_id: UUID
    booking_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class SeriesConfirmed(DomainEvent):
    """Staff promised days of a series at once."""

    topic: ClassVar[str] = "series.confirmed"
    series_id: UUID
    booking_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class SeriesCancelled(DomainEvent):
    """Days of a series were called off at once."""

    topic: ClassVar[str] = "series.cancelled"
    series_id: UUID
    booking_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class SeriesMoved(DomainEvent):
    """Days of a series were moved at once; `booking_ids` are those that took the others' place."""

    topic: ClassVar[str] = "series.moved"
    series_id: UUID
    booking_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class TimeHeld(DomainEvent):
    """A time in a room is held for somebody."""

    topic: ClassVar[str] = "room.time_held"
    claim_id: UUID


@dataclass(frozen=True, slots=True)
class TimeFreed(DomainEvent):
    """A time in a room is free again: its hold expired or was released, its booking was called off."""

    topic: ClassVar[str] = "room.time_freed"
    claim_id: UUID


@dataclass(frozen=True, slots=True)
class WaitingJoined(DomainEvent):
    """Somebody waits for a time in a room that others have."""

    topic: ClassVar[str] = "waiting.joined"
    waiting_id: UUID


@dataclass(frozen=True, slots=True)
class WaitingAskedAgain(DomainEvent):
    """Somebody who is not known asked for who waits for that time already: their mail says where it stands."""

    topic: ClassVar[str] = "waiting.asked_again"
    waiting_id: UUID


@dataclass(frozen=True, slots=True)
class WaitingFull(DomainEvent):
    """Somebody who is not known asked for who waits for as many times as one may; `waiting_id` is the oldest."""

    topic: ClassVar[str] = "waiting.full"
    waiting_id: UUID


@dataclass(frozen=True, slots=True)
class WaitingOffered(DomainEvent):
    """A time that became free is held for somebody who waited for it."""

    topic: ClassVar[str] = "waiting.offered"
    waiting_id: UUID


@dataclass(frozen=True, slots=True)
class WaitingEnded(DomainEvent):
    """Somebody waits no more: the offer was accepted, declined or not answered, they left, or staff closed the wait."""

    topic: ClassVar[str] = "waiting.ended"
    waiting_id: UUID
