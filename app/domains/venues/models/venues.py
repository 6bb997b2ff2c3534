"""A venue: its place, what is there, its opening hours and its closures."""

from __future__ import annotations

from datetime import datetime, time
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Numeric,
    String,
    Table,
    Text,
    Time,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domains.venues.models.places import LATITUDE, LONGITUDE
from app.kernel.db import Instant, Model, Record
from app.kernel.ids import new_id


class Weekday(StrEnum):
    """The days of a week, from Monday on."""

    MONDAY = "mon"
    TUESDAY = "tue"
    WEDNESDAY = "wed"
    THURSDAY = "thu"
    FRIDAY = "fri"
    SATURDAY = "sat"
    SUNDAY = "sun"


class HoursMode(StrEnum):
    """How a venue is open on a day."""

    OPEN = "open"
    ALL_DAY = "all_day"
    BY_REQUEST = "by_request"
    CLOSED = "closed"


def _between(left: str, right: str) -> Table:
    """Make the table that ties rows of two others together."""
    return Table(
        f"{left}_{right}",
        Model.metadata,
        Column("id", Uuid(), primary_key=True, default=new_id),  # by which the history names the tie
        Column(f"{left}_id", Uuid(), ForeignKey(f"{left}.id", ondelete="CASCADE"), nullable=False),
        Column(
            f"{right}_id", Uuid(), ForeignKey(f"{right}.id", ondelete="CASCADE"), nullable=False, index=True
        ),
        UniqueConstraint(f"{left}_id", f"{right}_id"),
    )


venue_badge = _between("venue", "badge")
venue_equipment = _between("venue", "equipment")


class Badge(Record):
    """Something good about a venue that people look for, such as free parking."""

    __tablename__ = "badge"

    name: Mapped[str] = mapped_column(String(80))
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    position: Mapped[int] = mapped_column(default=0, server_default="0")

    def __str__(self) -> str:
        return self.name


class EquipmentType(Record):
    """A kind of equipment: sound, light, kitchen."""

    __tablename__ = "equipment_type"

    name: Mapped[str] = mapped_column(String(80), unique=True)
    position: Mapped[int] = mapped_column(default=0, server_default="0")

    def __str__(self) -> str:
        return self.name


class Equipment(Record):
    """A thing that venues have: a projector, a grand piano."""

    __tablename__ = "equipment"

    name: Mapped[str] = mapped_column(String(120))
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    type_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("equipment_type.id", ondelete="RESTRICT"), index=True
    )

    def __str__(self) -> str:
        return self.name


class Venue(Record):
    """A house with rooms to book. Its hours are wall time in its zone."""

    __tablename__ = "venue"
    __table_args__ = (
        CheckConstraint(LATITUDE, name="latitude"),
        CheckConstraint(LONGITUDE, name="longitude"),
        CheckConstraint(
            "(latitude IS NULL) = (longitude IS NULL)",
            name="both_coordinates",
            info={"field": "longitude", "sentence": _l("Give both coordinates, or none.")},
        ),
        Index("ix_venue_order", "position", "id"),
    )

    company_id: Mapped[UUID] = mapped_column(ForeignKey("company.id", ondelete="RESTRICT"), index=True)
    city_id: Mapped[UUID] = mapped_column(ForeignKey("city.id", ondelete="RESTRICT"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    slug: Mapped[str] = mapped_column(String(200), unique=True)
    description: Mapped[str] = mapped_column(Text, default="", server_default="")
    street: Mapped[str] = mapped_column(String(300))
    postcode: Mapped[str] = mapped_column(String(20), default="", server_default="")
    latitude: Mapped[Decimal | None] = mapped_column(Numeric(9, 6))
    longitude: Mapped[Decimal | None] = mapped_column(Numeric(9, 6))
    zone: Mapped[str] = mapped_column(String(64))
    is_active: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    position: Mapped[int] = mapped_column(default=0, server_default="0")

    badges: Mapped[list[Badge]] = relationship(secondary=venue_badge, order_by="Badge.position")
    equipment: Mapped[list[Equipment]] = relationship(secondary=venue_equipment, order_by="Equipment.name")
    hours: Mapped[list[OpeningHours]] = relationship(
        order_by="OpeningHours.position", cascade="all, delete-orphan", passive_deletes=True
    )
    pictures: Mapped[list[VenuePicture]] = relationship(
        order_by="VenuePicture.position", cascade="all, delete-orphan", passive_deletes=True
    )

    def __str__(self) -> str:
        return self.name


class VenuePicture(Record):
    """A picture of a venue."""

    __tablename__ = "venue_picture"

    venue_id: Mapped[UUID] = mapped_column(ForeignKey("venue.id", ondelete="CASCADE"), index=True)
    asset_id: Mapped[UUID] = mapped_column(ForeignKey("asset.id", ondelete="RESTRICT"), index=True)
    alt: Mapped[str] = mapped_column(String(300), default="", server_default="")
    position: Mapped[int] = mapped_column(default=0, server_default="0")


class OpeningHours(Record):
    """From when to when a venue is open on a weekday; what ends at or before its start ends on the next day.

    A day may have several, such as before and after a break; a day without any is closed.
    """

    __tablename__ = "opening_hours"
    __table_args__ = (
        CheckConstraint("weekday IN ('mon','tue','wed','thu','fri','sat','sun')", name="weekday"),
        CheckConstraint("mode IN ('open','all_day','by_request','closed')", name="mode"),
        CheckConstraint(
            "mode <> 'open' OR (opens_time IS NOT NULL AND closes_time IS NOT NULL)",
            name="open_times",
            info={"field": "closes_time", "sentence": _l("Say from when to when it is open.")},
        ),
        CheckConstraint(
            "(opens_time IS NULL) = (closes_time IS NULL)",
            name="both_times",
            info={"field": "closes_time", "sentence": _l("Give both times, or none.")},
        ),
        CheckConstraint(
            "mode NOT IN ('all_day','closed') OR opens_time IS NULL",
            name="no_times",
            info={"field": "opens_time", "sentence": _l("A whole day, open or closed, has no times.")},
        ),
    )

    venue_id: Mapped[UUID] = mapped_column(ForeignKey("venue.id", ondelete="CASCADE"), index=True)
    weekday: Mapped[str] = mapped_column(String(3))
    mode: Mapped[str] = mapped_column(String(20), default=HoursMode.OPEN.value, server_default="open")
    opens_time: Mapped[time | None] = mapped_column(Time())
    closes_time: Mapped[time | None] = mapped_column(Time())
    position: Mapped[int] = mapped_column(default=0, server_default="0")


class Closure(Record):
    """A time in which a venue, or one room of it, takes nobody. It may lie over bookings, which stand."""

    __tablename__ = "closure"
    __table_args__ = (
        CheckConstraint(
            "ends_at > starts_at",
            name="ends_after_start",
            info={"field": "ends_at", "sentence": _l("The end comes after the start.")},
        ),
        Index("ix_closure_starts_at", "starts_at", "id"),
        Index("ix_closure_venue_starts_at", "venue_id", "starts_at"),
    )

    venue_id: Mapped[UUID] = mapped_column(ForeignKey("venue.id", ondelete="CASCADE"))
    room_id: Mapped[UUID | None] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"), index=True)
    reason: Mapped[str] = mapped_column(String(200))
    starts_at: Mapped[datetime] = mapped_column(Instant())
    ends_at: Mapped[datetime] = mapped_column(Instant())

    def __str__(self) -> str:
        return self.reason


class FavouriteVenue(Record):
    """A venue that a member marked, to find it again."""

    __tablename__ = "favourite_venue"
    __table_args__ = (UniqueConstraint("member_id", "venue_id"),)

    member_id: Mapped[UUID] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    venue_id: Mapped[UUID] = mapped_column(ForeignKey("venue.id", ondelete="CASCADE"), index=True)
