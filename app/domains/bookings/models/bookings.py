"""A booking and the steps of its status."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import BigInteger, CheckConstraint, Computed, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel import clock
from app.kernel.actor import current_actor
from app.kernel.db import Instant, Record


class BookingStatus(StrEnum):
    """Where a booking stands; `transitions` in this domain's service tells what may follow."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"
    REJECTED = "rejected"
    MOVED = "moved"

    @property
    def label(self) -> Any:
        """Give the status in the reader's words."""
        return _LABELS[self]


_LABELS = {
    BookingStatus.PENDING: _l("Pending"),
    BookingStatus.CONFIRMED: _l("Confirmed"),
    BookingStatus.COMPLETED: _l("Completed"),
    BookingStatus.CANCELLED: _l("Cancelled"),
    BookingStatus.NO_SHOW: _l("No-show"),
    BookingStatus.REJECTED: _l("Rejected"),
    BookingStatus.MOVED: _l("Moved"),
}


class Booking(Record):
    """A client's wish for a day, for a room at a time, or for both; the verbs of the service alone change its status.

    `reference` is the key's last bits in a form that people can read aloud. `cancel_days` is the promise made
    when it was booked: until so many days before the event the client may call a confirmed booking off.
    `link_serial` is part of what the client's link is made from: counting it up ends the link. `follows_id` is the
    booking that was moved or called off before this one took its place, `former_references` the numbers of all those,
    with a blank between: whoever asks for an old number finds what became of it. With a room, `event_on` is the day
    on which it starts there; what keeps others out of the room is its `Claim`.
    """

    __tablename__ = "booking"
    __table_args__ = (
        CheckConstraint(
            "status IN ('pending','confirmed','completed','cancelled','no_show','rejected','moved')",
            name="status",
        ),
        CheckConstraint(
            "num_nulls(room_id, starts_at, ends_at) IN (0, 3)",
            name="whole_time",
            info={
                "field": "room_id",
                "sentence": _l("Give the room, the start and the end, or none of them."),
            },
        ),
        CheckConstraint(
            "ends_at > starts_at",
            name="ends_after_start",
            info={"field": "ends_at", "sentence": _l("The end comes after the start.")},
        ),
        CheckConstraint(
            "guests > 0",
            name="some_guests",
            info={"field": "guests", "sentence": _l("Give at least one guest, or leave it empty.")},
        ),
        CheckConstraint("total_minor >= 0", name="total_not_negative"),
        Index("ix_booking_newest", "created_at", "id"),
        Index("ix_booking_status_newest", "status", "created_at", "id"),
        Index("ix_booking_event_on", "event_on", "id"),
        Index(
            "ix_booking_member_newest",
            "member_id",
            "created_at",
            "id",
            postgresql_where=text("member_id IS NOT NULL"),
        ),
        Index(
            "ix_booking_room_starts_at", "room_id", "starts_at", postgresql_where=text("room_id IS NOT NULL")
        ),
    )

    client_name: Mapped[str] = mapped_column(String(200))
    client_email: Mapped[str] = mapped_column(String(254))
    client_phone: Mapped[str | None] = mapped_column(String(40))
    event_type: Mapped[str] = mapped_column(String(40))
    event_on: Mapped[date]
    place: Mapped[str] = mapped_column(String(300))
    package_id: Mapped[UUID | None] = mapped_column(ForeignKey("package.id", ondelete="RESTRICT"), index=True)
    room_id: Mapped[UUID | None] = mapped_column(ForeignKey("room.id", ondelete="RESTRICT"))
    starts_at: Mapped[datetime | None] = mapped_column(Instant())
    ends_at: Mapped[datetime | None] = mapped_column(Instant())
    guests: Mapped[int | None]
    message: Mapped[str] = mapped_column(Text, default="", server_default="")
    total_minor: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3), default="EUR", server_default="EUR")
    status: Mapped[str] = mapped_column(
        String(20), default=BookingStatus.PENDING.value, server_default=BookingStatus.PENDING.value
    )
    locale: Mapped[str] = mapped_column(String(35), default="en", server_default="en")
    time_zone: Mapped[str] = mapped_column(String(64), default="", server_default="")
    member_id: Mapped[UUID | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    reference: Mapped[str] = mapped_column(
        String(11), Computed("festoon_reference(id)", persisted=True), unique=True
    )
    former_references: Mapped[str] = mapped_column(Text, default="", server_default="")
    cancel_days: Mapped[int | None]
    link_serial: Mapped[int] = mapped_column(default=1, server_default="1")
    follows_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("booking.id", ondelete="RESTRICT"), unique=True
    )
    series_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("booking_series.id", ondelete="SET NULL"), index=True
    )

    steps: Mapped[list[BookingStep]] = relationship(
        order_by="BookingStep.position", cascade="all, delete-orphan", passive_deletes=True
    )

    def __init__(self, **facts: Any) -> None:
        facts.setdefault("status", BookingStatus.PENDING.value)
        super().__init__(**facts)
        if not self.steps:
            received = BookingStep(to_status=self.status, at=clock.now(), actor_label=current_actor().label)
            self.steps = [received]

    def __str__(self) -> str:
        return self.client_name


class BookingStep(Record):
    """One change of a booking's status: from what to what, who and why; `closure_id` is what it was done for.

    It is only ever added.
    """

    __tablename__ = "booking_step"
    __table_args__ = (
        Index("ix_booking_step_closure_id", "closure_id", postgresql_where=text("closure_id IS NOT NULL")),
    )

    booking_id: Mapped[UUID] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0, server_default="0")
    from_status: Mapped[str | None] = mapped_column(String(20))
    to_status: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(Instant(), default=clock.now)
    actor_label: Mapped[str] = mapped_column(String(200), default="", server_default="")
    reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    closure_id: Mapped[UUID | None] = mapped_column(ForeignKey("closure.id", ondelete="SET NULL"))
