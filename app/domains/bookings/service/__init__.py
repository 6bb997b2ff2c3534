"""Verbs on bookings and on the times in rooms that they keep."""

from app.domains.bookings.service.claiming import (
    HOLD,
    OVERRULABLE,
    claim_for,
    hold,
    promise,
    release,
    sweep,
    take_up,
)
from app.domains.bookings.service.feeds import feed_of_member, renew_feed, renew_feeds_of_member
from app.domains.bookings.service.money import Till, keep_money_in, till
from app.domains.bookings.service.moving import extend, move, revive, successor_of
from app.domains.bookings.service.receiving import receive
from app.domains.bookings.service.refunding import refund_for
from app.domains.bookings.service.rooms import book_room, keep_time
from app.domains.bookings.service.steps import (
    TRANSITIONS,
    announce,
    call_off,
    cancel,
    cancel_for_client,
    complete,
    confirm,
    give_to_member,
    last_cancel_day,
    mark_no_show,
    may_become,
    reject,
    renew_link,
    standing_cancel_days,
)

__all__ = [
    "HOLD",
    "OVERRULABLE",
    "TRANSITIONS",
    "Till",
    "announce",
    "book_room",
    "call_off",
    "cancel",
    "cancel_for_client",
    "claim_for",
    "complete",
    "confirm",
    "extend",
    "feed_of_member",
    "give_to_member",
    "hold",
    "keep_money_in",
    "keep_time",
    "last_cancel_day",
    "mark_no_show",
    "may_become",
    "move",
    "promise",
    "receive",
    "refund_for",
    "reject",
    "release",
    "renew_feed",
    "renew_feeds_of_member",
    "renew_link",
    "revive",
    "standing_cancel_days",
    "successor_of",
    "sweep",
    "take_up",
    "till",
]
