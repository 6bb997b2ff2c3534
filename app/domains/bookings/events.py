"""News of bookings; each names the booking alone, what became of it since is read anew."""

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


@dataclass(frozen=True, slots=True)
class BookingConfirmed(DomainEvent):
    """Staff promised the day."""

    topic: ClassVar[str] = "booking.confirmed"
    booking_id: UUID


@dataclass(frozen=True, slots=True)
class BookingCancelled(DomainEvent):
    """The client or staff called it off."""

    topic: ClassVar[str] = "booking.cancelled"
    booking_id: UUID


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


@dataclass(frozen=True, slots=True)
class BookingRevived(DomainEvent):
    """A booking that takes the place of one that was called off."""

    topic: ClassVar[str] = "booking.revived"
    booking_id: UUID


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
