"""What the tests of bookings share: a client's wish, and addresses to come from."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.domains.bookings.models import Booking
from app.domains.members.models import Member
from app.domains.members.service.devices import Surroundings, open_device
from app.kernel import clock

URL = "/public/v1/bookings"
_ADDRESSES = count(1)


def wish(**facts: Any) -> dict[str, Any]:
    """Give what a client sends, with other values for some fields."""
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


def next_address() -> dict[str, str]:
    """Come from another address each time: bookings are counted by it."""
    number = next(_ADDRESSES)
    return {"REMOTE_ADDR": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"}


def place(session: Session, key: str) -> Booking:
    """Read a booking anew."""
    found = session.get(Booking, UUID(key), populate_existing=True)
    assert found is not None
    return found


def path_of(url: str) -> str:
    """Give the path of a link."""
    return "/" + url.split("://", 1)[1].split("/", 1)[1]


def sign_member_in(session: Session, name: str = "Bob Marsh", **facts: Any) -> tuple[Member, dict[str, str]]:
    """Make a member who is signed in; gives them and the headers of their requests."""
    handle = name.lower().replace(" ", ".")
    said = {"locale": "de", "time_zone": "Europe/Berlin", "password_hash": "none"} | facts
    member = Member(name=name, username=handle, email=f"{handle}@example.com", **said)
    session.add(member)
    session.flush()
    tokens = open_device(member, Surroundings())
    session.commit()
    return member, {"Authorization": f"Bearer {tokens.access_token}"}
