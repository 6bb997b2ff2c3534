"""A room: what may be booked of it, for how long and for how much."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.db import Record

MOST_MINUTES = 31 * 24 * 60
"""No booking of a room is longer than a month."""


class PendingPolicy(StrEnum):
    """What a request that waits for an answer does to the time it asks for."""

    BLOCK = "block"
    COMPETE = "compete"


def _minutes(name: str, least: int = 0, most: int = MOST_MINUTES) -> CheckConstraint:
    sentence = _l("Give from %(least)s to %(most)s minutes.", least=least, most=most)
    return CheckConstraint(
        f"{name} BETWEEN {least} AND {most}", name=name, info={"field": name, "sentence": sentence}
    )


class Room(Record):
    """What is booked, by the minute. Buffers are kept free around a booking; they are neither shown nor paid.

    `notice_minutes` is how long before its start a booking is taken at the latest, `advance_days` how many days
    ahead at the earliest. A booking begins a multiple of `step_minutes` after the opening, and lasts a
    multiple of it.
    """

    __tablename__ = "room"
    __table_args__ = (
        CheckConstraint(
            "capacity > 0",
            name="some_capacity",
            info={"field": "capacity", "sentence": _l("Give at least one person.")},
        ),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency"),
        UniqueConstraint("id", "currency"),
        CheckConstraint("pending_policy IN ('block','compete')", name="pending_policy"),
        _minutes("buffer_before_minutes", 0, 1440),
        _minutes("buffer_after_minutes", 0, 1440),
        _minutes("notice_minutes", 0, 525_600),
        CheckConstraint(
            "advance_days BETWEEN 1 AND 1100",
            name="advance_days",
            info={"field": "advance_days", "sentence": _l("Give from 1 to 1100 days.")},
        ),
        _minutes("step_minutes", 5, 1440),
        _minutes("minimum_minutes", 5),
        _minutes("maximum_minutes", 5),
        CheckConstraint(
            "maximum_minutes >= minimum_minutes",
            name="maximum_not_below_minimum",
            info={
                "field": "maximum_minutes",
                "sentence": _l("The longest is not shorter than the shortest."),
            },
        ),
        Index("ix_room_venue_order", "venue_id", "position", "id"),
    )

    venue_id: Mapped[UUID] = mapped_column(ForeignKey("venue.id", ondelete="RESTRICT"))
    policy_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("cancellation_policy.id", ondelete="RESTRICT"), index=True
    )
    name: Mapped[str] = mapped_column(String(200))
    slug: Mapped[str] = mapped_column(String(200), unique=True)
    description: Mapped[str] = mapped_column(Text, default="", server_default="")
    capacity: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3), default="EUR", server_default="EUR")
    pending_policy: Mapped[str] = mapped_column(
        String(10), default=PendingPolicy.BLOCK.value, server_default=PendingPolicy.BLOCK.value
    )
    buffer_before_minutes: Mapped[int] = mapped_column(default=0, server_default="0")
    buffer_after_minutes: Mapped[int] = mapped_column(default=0, server_default="0")
    notice_minutes: Mapped[int] = mapped_column(default=120, server_default="120")
    advance_days: Mapped[int] = mapped_column(default=365, server_default="365")
    step_minutes: Mapped[int] = mapped_column(default=30, server_default="30")
    minimum_minutes: Mapped[int] = mapped_column(default=60, server_default="60")
    maximum_minutes: Mapped[int] = mapped_column(default=720, server_default="720")
    is_active: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    position: Mapped[int] = mapped_column(default=0, server_default="0")

    pictures: Mapped[list[RoomPicture]] = relationship(
        order_by="RoomPicture.position", cascade="all, delete-orphan", passive_deletes=True
    )
    prices: Mapped[list[RoomPrice]] = relationship(
        order_by="RoomPrice.position", cascade="all, delete-orphan", passive_deletes=True
    )

    def __str__(self) -> str:
        return self.name


class RoomPicture(Record):
    """A picture of a room."""

    __tablename__ = "room_picture"

    room_id: Mapped[UUID] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"), index=True)
    asset_id: Mapped[UUID] = mapped_column(ForeignKey("asset.id", ondelete="RESTRICT"), index=True)
    alt: Mapped[str] = mapped_column(String(300), default="", server_default="")
    position: Mapped[int] = mapped_column(default=0, server_default="0")


class RoomPrice(Record):
    """What a duration costs; its key keeps its currency the room's. Longer times take several (decision 0028)."""

    __tablename__ = "room_price"
    __table_args__ = (
        _minutes("minutes", 5),
        CheckConstraint("price_minor >= 0", name="price_not_negative"),
        UniqueConstraint(
            "room_id",
            "minutes",
            deferrable=True,
            initially="DEFERRED",
            info={"sentence": _l("Give each duration once.")},
        ),
        ForeignKeyConstraint(
            ["room_id", "currency"], ["room.id", "room.currency"], ondelete="CASCADE", onupdate="CASCADE"
        ),
    )

    room_id: Mapped[UUID] = mapped_column(index=True)
    currency: Mapped[str] = mapped_column(String(3))
    minutes: Mapped[int]
    price_minor: Mapped[int] = mapped_column(BigInteger)
    position: Mapped[int] = mapped_column(default=0, server_default="0")
