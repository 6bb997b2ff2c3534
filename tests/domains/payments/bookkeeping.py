"""A plain model of bookings and their money, and the invariants asked of the database by SQL."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

LIVE = ("pending", "confirmed")
OVER = ("cancelled", "rejected", "moved", "completed", "no_show")


@dataclass
class Kept:
    """A booking as the model keeps it; `paid` is what came and stays, `wanted` what goes back and is not paid yet.

    `granted` is the part of what is wanted that staff gave by goodwill: it stays promised, whatever becomes of it.
    """

    room: int
    starts_at: datetime
    ends_at: datetime
    price: int
    status: str = "pending"
    before_end: str = "pending"
    paid: int = 0
    wanted: int = 0
    granted: int = 0
    is_followed: bool = False
    percents: tuple[tuple[int, int], ...] = ()
    """(hours before, percent) as promised when it was booked."""

    @property
    def taken_back(self) -> int:
        """Give what is not paid back after all when another takes its place."""
        return self.wanted - self.granted

    def meets(self, other: Kept, competes: bool) -> bool:
        """Tell whether the two cannot both be in their room."""
        keeps = self.status == "confirmed" or (self.status == "pending" and not competes)
        is_there = self.room == other.room
        return keeps and is_there and self.starts_at < other.ends_at and other.starts_at < self.ends_at

    def back(self, at: datetime) -> int:
        """Give what goes back to the client who calls off at an instant; halves up."""
        hours = (self.starts_at - at).total_seconds() / 3600
        best = max((percent for before, percent in self.percents if hours >= before), default=0)
        return (self.paid * best * 2 + 100) // 200

    def end(self, status: str, back: int) -> None:
        """Be over, and give something back."""
        self.before_end, self.status = self.status, status
        self.paid -= back
        self.wanted += back

    def successor(self, **changes: Any) -> Kept:
        """Give what takes its place with all of its money; what was to go back stays, as far as the price wants it."""
        after = replace(
            self, **changes, paid=self.paid + self.taken_back, wanted=self.granted, is_followed=False
        )
        self.paid = self.wanted = self.granted = 0
        self.is_followed = True
        after.give_back_more_than_the_price()
        return after

    def give_back_more_than_the_price(self) -> None:
        """Give back what is too much."""
        too_much = max(0, self.paid - self.price)
        self.paid -= too_much
        self.wanted += too_much


@dataclass
class Books:
    """All bookings of the model by their key."""

    kept: dict[UUID, Kept] = field(default_factory=dict)

    def of(self, *statuses: str) -> list[UUID]:
        """List those of some statuses that nothing took the place of."""
        return [key for key, one in self.kept.items() if one.status in statuses and not one.is_followed]


INVARIANTS = {
    "1: no two live bookings overlap in a room": """
        SELECT a.id FROM room_claim a JOIN room_claim b ON a.room_id = b.room_id AND a.id < b.id
        WHERE a.blocks AND b.blocks AND a.blocked && b.blocked""",
    "1: what is confirmed keeps its time": """
        SELECT b.id FROM booking b LEFT JOIN room_claim c ON c.booking_id = b.id AND c.blocks
        WHERE b.status = 'confirmed' AND c.id IS NULL""",
    "1: what is over keeps none": """
        SELECT b.id FROM booking b JOIN room_claim c ON c.booking_id = b.id AND c.ended_as IS NULL
        WHERE b.status IN ('cancelled', 'rejected', 'moved')""",
    "2: confirmed is paid for, free, or waived or deferred by name": """
        SELECT b.id FROM booking b WHERE b.status = 'confirmed' AND coalesce(b.total_minor, 0) <> (
            SELECT coalesce(sum(amount_minor - refunded_minor), 0) FROM payment p
            WHERE p.booking_id = b.id AND p.method NOT IN ('waiver', 'later') AND p.currency = b.currency)
        AND NOT EXISTS (SELECT FROM payment w WHERE w.booking_id = b.id AND w.method IN ('waiver', 'later'))""",
    "2: nobody has paid more than the price": """
        SELECT b.id FROM booking b WHERE coalesce(b.total_minor, 0) < (
            SELECT coalesce(sum(amount_minor - refunded_minor), 0) FROM payment p
            WHERE p.booking_id = b.id AND p.method NOT IN ('waiver', 'later'))""",
    "3: rejected and moved keep no money": """
        SELECT b.id FROM booking b JOIN payment p ON p.booking_id = b.id
        WHERE (b.status = 'rejected' AND p.method NOT IN ('waiver', 'later') AND p.refunded_minor < p.amount_minor)
        OR b.status = 'moved'""",
    "4: what went back of a payment is the sum of its refunds": """
        SELECT p.id FROM payment p LEFT JOIN refund r ON r.payment_id = p.id
        GROUP BY p.id HAVING p.refunded_minor <> coalesce(sum(r.amount_minor), 0)
        OR p.refunded_minor NOT BETWEEN 0 AND p.amount_minor
        OR p.status <> CASE p.refunded_minor WHEN 0 THEN 'captured' WHEN p.amount_minor THEN 'refunded'
                       ELSE 'partly_refunded' END""",
    "7: one currency a booking": """
        SELECT b.id FROM booking b JOIN payment p ON p.booking_id = b.id LEFT JOIN refund r ON r.payment_id = p.id
        WHERE p.currency <> b.currency OR r.currency <> b.currency OR r.booking_id <> p.booking_id""",
    "8: one line in the outbox for each step": """
        SELECT b.id FROM booking b JOIN booking_step s ON s.booking_id = b.id AND s.from_status IS NOT NULL
        GROUP BY b.id HAVING count(*) <> (SELECT count(*) FROM outbox o
            WHERE o.payload ->> 'booking_id' = b.id::text
            AND o.topic IN ('booking.confirmed', 'booking.cancelled', 'booking.rejected', 'booking.moved',
                            'booking.completed', 'booking.missed'))""",
    "8: one line in the outbox for each payment": """
        SELECT p.id FROM payment p LEFT JOIN outbox o ON o.payload ->> 'payment_id' = p.id::text
            AND o.topic IN ('payment.received', 'payment.waived', 'payment.deferred')
        GROUP BY p.id HAVING count(o.id) <> 1""",
    "9: terminal states are never left": """
        SELECT booking_id FROM booking_step
        WHERE from_status IN ('cancelled', 'rejected', 'moved', 'completed', 'no_show')""",
    "9: the status is that of the last step": """
        SELECT b.id FROM booking b WHERE b.status <> (SELECT to_status FROM booking_step s
            WHERE s.booking_id = b.id ORDER BY position DESC LIMIT 1)""",
    "12: every change of a status has a line in the history": """
        SELECT b.id FROM booking b JOIN booking_step s ON s.booking_id = b.id AND s.from_status IS NOT NULL
        GROUP BY b.id HAVING count(*) <> (SELECT count(*) FROM audit_entry a WHERE a.content_type = 'booking'
            AND a.object_id = b.id::text AND a.action = 'update' AND a.new ->> 'status' IS NOT NULL)""",
}


_BROKEN = text(
    " UNION ALL ".join(
        f"SELECT '{name}' AS broken, id::text FROM ({asked}) AS found (id)"
        for name, asked in INVARIANTS.items()
    ).replace(": ", r"\: ")
)
_STORED = text("""
    SELECT b.id, b.status, b.total_minor,
        (SELECT coalesce(sum(amount_minor - refunded_minor), 0) FROM payment p
            WHERE p.booking_id = b.id AND p.method NOT IN ('waiver', 'later')),
        (SELECT coalesce(sum(amount_minor), 0) FROM refund r WHERE r.booking_id = b.id AND r.status = 'wanted')
    FROM booking b""")


def broken(session: Session) -> list[Any]:
    """Give what breaks an invariant: (its number and words, the key of the row)."""
    session.flush()
    return [tuple(row) for row in session.execute(_BROKEN)]


def stored(session: Session) -> dict[UUID, tuple[str, int, int, int]]:
    """Give of each booking (status, price, what was paid and stays, what is to be paid back) as the tables hold it."""
    rows = session.execute(_STORED)
    return {key: (status, price, int(paid), int(wanted)) for key, status, price, paid, wanted in rows}
