"""What tests of the waiting list share: a room whose time is taken, and people who want it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from app.domains.bookings import service
from app.domains.bookings.models import Booking, Waiting
from app.kernel import clock
from app.kernel.values import Period
from tests.domains.rooms import next_monday


def wish(starts: str = "12:00", ends: str = "14:00") -> Period:
    """Give a time of a Monday to come, by UTC."""
    day = next_monday(clock.now())
    return Period(*(datetime.fromisoformat(f"{day}T{wall}+00:00") for wall in (starts, ends)))


def facts(name: str = "Amal", **more: Any) -> dict[str, Any]:
    """Give what a client says of themselves."""
    return {
        "client_name": name,
        "client_email": f"{name.lower()}@example.com",
        "locale": "en",
        "time_zone": "UTC",
        **more,
    }


def booked(session: Session, room_id: UUID, when: Period) -> Booking:
    """Book a time for somebody else."""
    told = facts("Other", event_type="wedding", message="")
    return service.book_room(session, told, room_id, when)


def join(
    session: Session, room_id: UUID, name: str, when: tuple[str, str] = ("12:00", "14:00"), **more: Any
) -> Waiting:
    """Put somebody on the list."""
    return service.join(session, facts(name, **more), room_id, wish(*when))


def later(monkeypatch: pytest.MonkeyPatch, **passed: int) -> None:
    """Let so much time pass."""
    now = clock.now() + timedelta(**passed)
    monkeypatch.setattr(clock, "now", lambda: now)


def statuses(*waits: Waiting) -> list[str]:
    """Give where each stands."""
    return [one.status for one in waits]


def reasons(waiting: Waiting) -> list[str]:
    """Give the reasons of the steps of one."""
    return [step.reason for step in waiting.steps]
