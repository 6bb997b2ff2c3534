"""News of the business: written with what it tells of, and delivered to each subscriber until it worked."""

from app.kernel.outbox.events import DomainEvent, known_topics
from app.kernel.outbox.nudging import nudge
from app.kernel.outbox.recording import record, row_of
from app.kernel.outbox.subscribing import (
    Delivery,
    PeerAway,
    Subscriber,
    Undeliverable,
    subscriber,
    subscribers,
)
from app.kernel.outbox.tables import DeliveryRow, OutboxRow

__all__ = [
    "Delivery",
    "DeliveryRow",
    "DomainEvent",
    "OutboxRow",
    "PeerAway",
    "Subscriber",
    "Undeliverable",
    "known_topics",
    "nudge",
    "record",
    "row_of",
    "subscriber",
    "subscribers",
]
