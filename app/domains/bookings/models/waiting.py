"""Who waits for a time in a room, in the order in which they came, and what became of each."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel import clock
from app.kernel.db import Instant, Record


class WaitingStatus(StrEnum):
    """Where a wait stands; those after OFFERED are its end."""

    WAITING = "waiting"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    LEFT = "left"
    CLOSED = "closed"

    @property
    def label(self) -> Any:
        """Give the status in the reader's words."""
        return _LABELS[self]


_LABELS = {
    WaitingStatus.WAITING: _l("Waiting"),
    WaitingStatus.OFFERED: _l("Offered"),
    WaitingStatus.ACCEPTED: _l("Accepted"),
    WaitingStatus.DECLINED: _l("Declined"),
    WaitingStatus.LAPSED: _l("Not answered in time"),
    WaitingStatus.LEFT: _l("Left the list"),
    WaitingStatus.CLOSED: _l("Closed"),
}


class Waiting(Record):
    """Somebody who wants a time in a room that others have; the first who came is offered it first.

    An offer is a hold: `claim_id` keeps the time for them until it is accepted or its time has passed.
    """

    __tablename__ = "waiting"
    __table_args__ = (
        CheckConstraint(
            "status IN ('waiting','offered','accepted','declined','lapsed','left','closed')", name="status"
        ),
        CheckConstraint(
            "ends_at > starts_at",
            name="ends_after_start",
            info={"field": "ends_at", "sentence": _l("The end comes after the start.")},
        ),
        CheckConstraint("status <> 'offered' OR claim_id IS NOT NULL", name="offer_is_held"),
        CheckConstraint("(status = 'accepted') = (booking_id IS NOT NULL)", name="accepted_is_booked"),
        CheckConstraint(
            "guests > 0",
            name="some_guests",
            info={"field": "guests", "sentence": _l("Give at least one guest, or leave it empty.")},
        ),
        Index(
            "ix_waiting_room_in_order",
            "room_id",
            "created_at",
            "id",
            postgresql_where=text("status = 'waiting'"),
        ),
        Index("ix_waiting_newest", "created_at", "id"),
    )

    room_id: Mapped[UUID] = mapped_column(ForeignKey("room.id", ondelete="RESTRICT"), index=True)
    starts_at: Mapped[datetime] = mapped_column(Instant())
    ends_at: Mapped[datetime] = mapped_column(Instant())
    guests: Mapped[int | None]
    client_name: Mapped[str] = mapped_column(String(200))
    client_email: Mapped[str] = mapped_column(String(254))
    client_phone: Mapped[str | None] = mapped_column(String(40))
    event_type: Mapped[str] = mapped_column(String(40), default="other", server_default="other")
    locale: Mapped[str] = mapped_column(String(35), default="en", server_default="en")
    time_zone: Mapped[str] = mapped_column(String(64), default="", server_default="")
    member_id: Mapped[UUID | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"), index=True)
    status: Mapped[str] = mapped_column(
        String(20), default=WaitingStatus.WAITING.value, server_default=WaitingStatus.WAITING.value
    )
    claim_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("room_claim.id", ondelete="RESTRICT"), unique=True
    )
    booking_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("booking.id", ondelete="RESTRICT"), unique=True
    )
    link_serial: Mapped[int] = mapped_column(default=1, server_default="1")

    steps: Mapped[list[WaitingStep]] = relationship(
        order_by="WaitingStep.position", cascade="all, delete-orphan", passive_deletes=True
    )

    def __str__(self) -> str:
        return self.client_name


class WaitingStep(Record):
    """What happened to somebody who waits: a change of status, or why they were passed over. It is only ever added."""

    __tablename__ = "waiting_step"

    waiting_id: Mapped[UUID] = mapped_column(ForeignKey("waiting.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0, server_default="0")
    to_status: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(Instant(), default=clock.now)
    actor_label: Mapped[str] = mapped_column(String(200), default="", server_default="")
    reason: Mapped[str] = mapped_column(Text, default="", server_default="")
