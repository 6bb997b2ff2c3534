"""Countries and their cities."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Record

LATITUDE = "latitude BETWEEN -90 AND 90"
LONGITUDE = "longitude BETWEEN -180 AND 180"


class Country(Record):
    """A country in which there are venues, by its ISO 3166 letters."""

    __tablename__ = "country"
    __table_args__ = (CheckConstraint("code ~ '^[A-Z]{2}$'", name="code"),)

    code: Mapped[str] = mapped_column(String(2), unique=True)
    name: Mapped[str] = mapped_column(String(120))

    def __str__(self) -> str:
        return self.name


class City(Record):
    """A city with its time zone; `geonames_id` is its number there, where it came from there."""

    __tablename__ = "city"
    __table_args__ = (
        CheckConstraint(LATITUDE, name="latitude"),
        CheckConstraint(LONGITUDE, name="longitude"),
        Index("ix_city_name", "name", "id"),
    )

    country_id: Mapped[UUID] = mapped_column(ForeignKey("country.id", ondelete="RESTRICT"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    slug: Mapped[str] = mapped_column(String(200), unique=True)
    zone: Mapped[str] = mapped_column(String(64))
    latitude: Mapped[Decimal | None] = mapped_column(Numeric(9, 6))
    longitude: Mapped[Decimal | None] = mapped_column(Numeric(9, 6))
    geonames_id: Mapped[int | None] = mapped_column(unique=True)
    is_active: Mapped[bool] = mapped_column(default=True, server_default=text("true"))

    def __str__(self) -> str:
        return self.name
