"""Calendars that other programs read by a secret address."""

from __future__ import annotations

from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Record


class CalendarFeed(Record):
    """An address under which a calendar program reads what is booked in a room, in a venue, or by a member.

    `serial` is part of what the address is made from: counting it up ends the address.
    """

    __tablename__ = "calendar_feed"
    __table_args__ = (
        CheckConstraint(
            "num_nonnulls(room_id, venue_id, member_id) = 1",
            name="of_one",
            info={
                "field": "room_id",
                "sentence": _l("Choose a room, a venue or a member: exactly one of them."),
            },
        ),
    )

    name: Mapped[str] = mapped_column(String(120))
    room_id: Mapped[UUID | None] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"), index=True)
    venue_id: Mapped[UUID | None] = mapped_column(ForeignKey("venue.id", ondelete="CASCADE"), index=True)
    member_id: Mapped[UUID | None] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    is_active: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    serial: Mapped[int] = mapped_column(default=1, server_default="1")

    def __str__(self) -> str:
        return self.name
