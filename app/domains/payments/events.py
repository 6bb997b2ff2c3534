"""News of the money of bookings; each names its row alone, what became of it since is read anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.kernel.outbox import DomainEvent


@dataclass(frozen=True, slots=True)
class PaymentReceived(DomainEvent):
    """Money came in for a booking."""

    topic: ClassVar[str] = "payment.received"
    payment_id: UUID


@dataclass(frozen=True, slots=True)
class PaymentWaived(DomainEvent):
    """Staff let what is open of a booking pass."""

    topic: ClassVar[str] = "payment.waived"
    payment_id: UUID


@dataclass(frozen=True, slots=True)
class PaymentDeferred(DomainEvent):
    """A booking stands without its money for now: it may come later."""

    topic: ClassVar[str] = "payment.deferred"
    payment_id: UUID


@dataclass(frozen=True, slots=True)
class PaymentCameLate(DomainEvent):
    """Money came for a booking that was over and could not be taken up again: all of it goes back (rule 12)."""

    topic: ClassVar[str] = "payment.came_late"
    payment_id: UUID


@dataclass(frozen=True, slots=True)
class RefundWanted(DomainEvent):
    """Money is to be paid back to a client."""

    topic: ClassVar[str] = "refund.wanted"
    refund_id: UUID


@dataclass(frozen=True, slots=True)
class RefundGranted(DomainEvent):
    """Staff give a part back of a booking that stays; `refund_ids` are its rows, one for each payment it comes of."""

    topic: ClassVar[str] = "refund.granted"
    refund_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class RefundPaid(DomainEvent):
    """Staff paid a refund."""

    topic: ClassVar[str] = "refund.paid"
    refund_id: UUID


@dataclass(frozen=True, slots=True)
class RefundWithdrawn(DomainEvent):
    """A refund that was not paid yet is not to be made: its row is gone, its history stays.

    `reason` is why, in the words of who withdrew it; empty where another booking took its place.
    """

    topic: ClassVar[str] = "refund.withdrawn"
    refund_id: UUID
    reason: str = ""
