"""Faults in what is free, held, booked, moved and confirmed: each is a few characters that a tired person might write."""

from __future__ import annotations

from dataclasses import dataclass

FREE = "app/domains/bookings/queries/availability.py"
CLAIMING = "app/domains/bookings/service/claiming.py"
MOVING = "app/domains/bookings/service/moving.py"
STEPS = "app/domains/bookings/service/steps.py"
ROOMS = "app/domains/bookings/service/rooms.py"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is written wrong: in which file what stands instead of what."""

    name: str
    file: str
    right: str
    wrong: str


PLANTED = (
    Fault(
        "a buffer is not kept free",
        FREE,
        "one.blocked.widened(rules.buffer_after, rules.buffer_before)",
        "one.blocked",
    ),
    Fault(
        "a hold counts a moment too long",
        FREE,
        "self.until is None or self.until > now",
        "self.until is None or self.until >= now",
    ),
    Fault(
        "notice is asked for a moment too long",
        FREE,
        "now + rules.notice * _MINUTE,",
        "now + rules.notice * _MINUTE + timedelta.resolution,",
    ),
    Fault(
        "the longest length is not offered",
        FREE,
        "<= length <= rules.longest",
        "<= length < rules.longest",
    ),
    Fault(
        "a booking may begin at any minute",
        FREE,
        "(at - begin) % step for begin",
        "(at - begin) % _MINUTE for begin",
    ),
    Fault(
        "a closure stops only what begins under it",
        FREE,
        "Barrier(Rule.CLOSURE, one.period, one)",
        "Barrier(Rule.CLOSURE, one.period, one, stops_starts_alone=True)",
    ),
    Fault(
        "anybody takes up a member's hold",
        CLAIMING,
        "_claim.c.member_id == booking.member_id)",
        "_claim.c.room_id.is_not(None))",
    ),
    Fault(
        "a lapsed hold is taken up",
        CLAIMING,
        ".where(_claim.c.expires_at > clock.now())\n        .where(or_",
        ".where(_claim.c.expires_at.is_not(None))\n        .where(or_",
    ),
    Fault(
        "a request that competes keeps others out",
        CLAIMING,
        "blocks = not (waits and calendar.rules.competes)",
        "blocks = True",
    ),
    Fault(
        "what is confirmed is not asked for closures",
        CLAIMING,
        "asked = {Rule.CLOSURE} if claim.blocks",
        "asked = set() if claim.blocks",
    ),
    Fault(
        "a rejected booking keeps its time",
        CLAIMING,
        ", BookingStatus.REJECTED: ClaimEnd.REJECTED}",
        "}",
    ),
    Fault(
        "a moved booking is priced anew",
        CLAIMING,
        "    if is_alike:\n",
        "    if not before:\n",
    ),
    Fault(
        "those that compete are left waiting",
        STEPS,
        "    for other in others:\n",
        "    for other in others[:0]:\n",
    ),
    Fault(
        "a booking is taken up again twice",
        MOVING,
        "if successor_of(session, booking) is not None:",
        "if successor_of(session, booking) is booking:",
    ),
    Fault(
        "who extends need not mind the hours",
        MOVING,
        "frozenset({Rule.NOTICE, Rule.ADVANCE, Rule.START})",
        "frozenset({Rule.NOTICE, Rule.ADVANCE, Rule.START, Rule.HOURS})",
    ),
    Fault(
        "a room takes more guests than it holds",
        ROOMS,
        "guests > rules.capacity\n",
        "guests > rules.capacity * 2\n",
    ),
)
