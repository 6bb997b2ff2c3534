"""What mails tell of a booking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.kernel.values import Money


@dataclass(frozen=True, slots=True)
class BookingFacts:
    """A booking as a mail tells it; `occasion` may be a lazy text, `step` counts the changes of its status."""

    id: UUID
    client: str
    email: str
    occasion: Any
    day: date
    place: str
    reference: str = ""
    phone: str = ""
    package: str = ""
    guests: int | None = None
    total: Money | None = None
    message: str = ""
    step: int = 0
