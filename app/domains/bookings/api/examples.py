"""A booking as the contract shows it."""

from __future__ import annotations

from typing import Any

_KEY = "01a1fcbc-ec04-77e8-aa43-d3c0b2e06cd4"
_TOKEN = "AaH8vOwEd-iqQ9PAsuBs1AABm2vXkqv0w2Cc0o3p5w1N4Q"  # noqa: S105  # an example that leads nowhere

WISH: dict[str, Any] = {
    "client_name": "Amal Haddad",
    "client_email": "amal@example.com",
    "client_phone": "+49 30 901820",
    "event_type": "wedding",
    "event_on": "2027-05-22",
    "place": "Orangery, Potsdam",
    "package": "garden-party",
    "guests": 80,
    "message": "Two of us need a ramp.",
    "time_zone": "Europe/Berlin",
}
BOOKING: dict[str, Any] = {
    **WISH,
    "id": _KEY,
    "reference": "Q4M-K7T-2XB",
    "status": "pending",
    "status_label": "Pending",
    "created_at": "2026-11-21T09:30:00Z",
    "event_type_label": "Wedding",
    "event_on_text": "May 22, 2027",
    "room": None,
    "starts_at": None,
    "ends_at": None,
    "time_text": None,
    "follows": None,
    "package": {"id": _KEY, "slug": "garden-party", "name": "Garden party"},
    "total": {"minor": 189_000, "currency": "EUR", "text": "€1,890.00"},
    "locale": "en",
    "steps": [{"status": "pending", "label": "Pending", "at": "2026-11-21T09:30:00Z"}],
    "next": [
        "We look whether the day is free and write to amal@example.com.",
        "The day is yours once we have confirmed it.",
        "Keep the number Q4M-K7T-2XB; with it we find your booking.",
    ],
    "cancellation": {
        "allowed": True,
        "until": "2027-05-22",
        "sentence": "You can cancel free of charge until May 22, 2027.",
        "policy": None,
        "refund": None,
    },
    "links": {
        "status": f"https://celebrate.example/public/v1/bookings/status/{_TOKEN}",
        "page": f"https://celebrate.example/public/booking/{_TOKEN}",
    },
}
ANSWER = {"data": BOOKING}
ANSWERS = {"data": [BOOKING], "page": {"size": 25, "next": None, "total": 1, "total_is_estimate": False}}
