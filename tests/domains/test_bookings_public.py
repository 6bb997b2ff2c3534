"""Bookings from outside: taken in by one statement, priced by the server, answered in the client's words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domains.bookings.models import Booking
from app.kernel import clock
from app.kernel.outbox import OutboxRow
from tests.factories import PackageFactory


def wish(**facts: Any) -> dict[str, Any]:
    return {
        "client_name": "Amal Haddad",
        "client_email": "amal@example.com",
        "client_phone": "+49 30 901820",
        "event_type": "wedding",
        "event_on": (clock.today() + timedelta(days=90)).isoformat(),
        "place": "Orangery, Potsdam",
        "package": "garden-party",
        "guests": 80,
        "message": "Two of us need a ramp.",
    } | facts


def test_x(client: FlaskClient, session: Session) -> None:
    PackageFactory(slug="garden-party", name="Garden party")
    answer = client.post("/public/v1/bookings", json=wish())
    print(answer.status_code, answer.get_data(as_text=True))
    assert answer.status_code == 201
    got = client.get(answer.json["data"]["links"]["status"].split("localhost:8080")[-1])
    print(got.status_code, got.get_data(as_text=True), got.headers)
    assert got.status_code == 200
