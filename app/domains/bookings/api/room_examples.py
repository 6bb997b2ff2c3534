"""Times in rooms as the contract shows them."""

from __future__ import annotations

from typing import Any

from app.domains.bookings.api.examples import BOOKING

_KEY = "01a1fcbc-ec04-77e8-aa43-d3c0b2e06cd4"
_TOKEN = "AaH8vOwEd-iqQ9PAsuBs1AABm2vXkqv0w2Cc0o3p5w1N4Q"  # noqa: S105  # an example that leads nowhere
_STARTS, _ENDS = "2027-05-22T16:00:00Z", "2027-05-22T20:00:00Z"
_TIME = "May 22, 2027, 6:00 PM - 10:00 PM (Berlin)"

ROOM = {
    "id": _KEY,
    "slug": "blue-hall",
    "name": "Blue hall",
    "venue": "The old mill",
    "zone": "Europe/Berlin",
}
_TOTAL = {"minor": 14_000, "currency": "EUR", "text": "€140.00"}
_POLICY = {
    "steps": [
        {
            "until": "2027-05-20T16:00:00Z",
            "percent": 100,
            "sentence": "Who cancels by May 20, 2027, 6:00 PM (Berlin) gets everything back.",
        }
    ],
    "text": "Who cancels by May 20, 2027, 6:00 PM (Berlin) gets everything back. After that nothing is paid back.",
}
QUOTE: dict[str, Any] = {
    "room": ROOM,
    "starts_at": _STARTS,
    "ends_at": _ENDS,
    "time_text": _TIME,
    "minutes": 240,
    "lines": [{"minutes": 240, "times": 1, "price": _TOTAL, "total": _TOTAL, "text": "1 × 4 hours"}],  # noqa: RUF001  # as it is written
    "total": _TOTAL,
    "note": "",
    "policy": _POLICY,
}
QUOTE_ANSWER = {"data": QUOTE}
FREE_TIMES = {
    "data": {
        "venue": {"id": _KEY, "slug": "old-mill", "name": "The old mill"},
        "zone": "Europe/Berlin",
        "venue_zone": "Europe/Berlin",
        "from": "2027-05-22",
        "until": "2027-05-22",
        "rooms": [
            {
                **{name: ROOM[name] for name in ("id", "slug", "name")},
                "capacity": 60,
                "fits": True,
                "minutes": 240,
                "price": _TOTAL,
                "days": [
                    {
                        "date": "2027-05-22",
                        "text": "May 22, 2027",
                        "slots": [
                            {
                                "starts_at": _STARTS,
                                "ends_at": _ENDS,
                                "text": "6:00 PM - 10:00 PM",
                                "by_request": False,
                            }
                        ],
                    }
                ],
            }
        ],
    }
}
EXPLANATION = {
    "data": {
        "room": ROOM,
        "starts_at": _STARTS,
        "ends_at": _ENDS,
        "time_text": _TIME,
        "is_free": False,
        "by_request": False,
        "rules": [
            {
                "rule": "free",
                "is_kept": False,
                "sentence": "Somebody else has it from Sat, May 22, 5:00 PM to 9:00 PM.",
            }
        ],
        "alternatives": [
            {
                "room": ROOM,
                "starts_at": "2027-05-23T16:00:00Z",
                "ends_at": "2027-05-23T20:00:00Z",
                "time_text": "May 23, 2027, 6:00 PM - 10:00 PM (Berlin)",
                "by_request": False,
                "price": _TOTAL,
            }
        ],
    }
}
HOLD_WISH = {
    "room": "blue-hall",
    "starts_at": "2027-05-22T18:00",
    "ends_at": "2027-05-22T22:00",
    "zone": "venue",
    "guests": 40,
}
HOLD_ANSWER = {
    "data": {
        **QUOTE,
        "id": _KEY,
        "token": _TOKEN,
        "expires_at": "2027-04-01T10:30:00Z",
        "seconds_left": 1_800,
        "guests": 40,
    }
}
BOOKING_WISH = {
    "client_name": "Amal Haddad",
    "client_email": "amal@example.com",
    "event_type": "wedding",
    "guests": 40,
}
BOOKING_ANSWER = {
    "data": {
        **BOOKING,
        "room": ROOM,
        "starts_at": _STARTS,
        "ends_at": _ENDS,
        "time_text": _TIME,
        "place": "Blue hall, The old mill, Lindenstraße 7",
        "package": None,
        "total": _TOTAL,
        "cancellation": {
            "allowed": True,
            "until": "2027-05-22",
            "sentence": "You can cancel until it begins. What is paid back depends on how early you do.",
            "policy": _POLICY,
            "refund": {
                "amount": _TOTAL,
                "percent": 100,
                "until": "2027-05-20T16:00:00Z",
                "sentence": "If you cancel now, you get €140.00 back.",
            },
        },
    }
}
