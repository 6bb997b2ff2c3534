"""How news of bookings are recorded: each for itself, or as a part of what is told of a whole series."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace

from app.domains.bookings.events import BookingCancelled, BookingConfirmed, BookingMoved, BookingReceived
from app.kernel.outbox import DomainEvent, record

_together: ContextVar[bool] = ContextVar("told_together", default=False)


@contextmanager
def told_together() -> Iterator[None]:
    """Mark what is recorded inside as told by news of a whole series, so that nobody gets fifty mails."""
    before = _together.set(True)
    try:
        yield
    finally:
        _together.reset(before)


def tell(news: DomainEvent) -> None:
    """Record news of one booking."""
    if _together.get() and isinstance(
        news, BookingReceived | BookingConfirmed | BookingCancelled | BookingMoved
    ):
        news = replace(news, in_series=True)
    record(news)
