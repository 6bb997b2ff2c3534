"""Verbs on bookings."""

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
    "TRANSITIONS",
    "announce",
    "cancel",
    "cancel_for_client",
    "complete",
    "confirm",
    "give_to_member",
    "last_cancel_day",
    "mark_no_show",
    "may_become",
    "receive",
    "renew_link",
    "standing_cancel_days",
]
