"""What mails tell of a booking, and of who waits for a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.kernel.values import Money


@dataclass(frozen=True, slots=True)
class BookingFacts:
    """A booking as a mail tells it; `occasion` may be a lazy text, `step` counts the changes of its status.

    With a room there is a time by the clocks of `zone`. What is not promised yet is tentative in a calendar.
    """

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
    room: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    zone: str = ""
    is_tentative: bool = False


@dataclass(frozen=True, slots=True)
class WaitingFacts:
    """A place on a waiting list as a mail tells it: the time by the clocks of `zone`, `deadline` by the reader's.

    `place` is the number in line, 0 where it is not told; `reason` says why it was closed, where that is known.
    """

    client: str
    room: str
    venue: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    reader_zone: str
    guests: int | None = None
    place: int = 0
    deadline: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SeriesFacts:
    """Days of a series as a mail tells them, each by the clocks of its room."""

    client: str
    email: str
    occasion: Any
    place: str
    days: tuple[BookingFacts, ...]
    total: Money | None = None
