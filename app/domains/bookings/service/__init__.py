"""Verbs on bookings and on the times in rooms that they keep."""

from app.domains.bookings.service.claiming import HOLD, claim_for, hold, promise, release, sweep, take_up
from app.domains.bookings.service.receiving import receive
from app.domains.bookings.service.steps import (
    TRANSITIONS,
    announce,
    cancel,
    cancel_for_client,
    complete,
    confirm,
    give_to_member,
    last_cancel_day,
    mark_no_show,
    may_become,
    renew_link,
    standing_cancel_days,
)

__all__ = [
    "HOLD",
    "TRANSITIONS",
    "announce",
    "cancel",
    "cancel_for_client",
    "claim_for",
    "complete",
    "confirm",
    "give_to_member",
    "hold",
    "last_cancel_day",
    "mark_no_show",
    "may_become",
    "promise",
    "receive",
    "release",
    "renew_link",
    "standing_cancel_days",
    "sweep",
    "take_up",
]
