"""Packages, themes and festivals with their pictures and items."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Numeric, String, Text, cast, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.db import Record


class Rated:
    """The stars a thing was given, kept on the row so that a list need not count reviews."""

    rating_sum: Mapped[int] = mapped_column(default=0, server_default="0", sort_order=80)
    rating_count: Mapped[int] = mapped_column(default=0, server_default="0", sort_order=81)

    @hybrid_property
    def rating_average(self) -> float | None:
        """Give the mean number of stars to one decimal, a half upwards as in SQL; None before the first review."""
        if not self.rating_count:
            return None
        return (20 * self.rating_sum + self.rating_count) // (2 * self.rating_count) / 10

    @rating_average.inplace.expression
    @classmethod
    def _rating_average(cls) -> Any:
        mean = cast(cls.rating_sum, Numeric) / func.nullif(cls.rating_count, 0)
        return func.round(mean, 1)


class Pictured:
    """A row of a gallery: which asset, in which place, and what a reader who cannot see it is told."""

    asset_id: Mapped[UUID] = mapped_column(ForeignKey("asset.id", ondelete="RESTRICT"), index=True)
    alt: Mapped[str] = mapped_column(String(300), default="", server_default="")
    position: Mapped[int] = mapped_column(default=0, server_default="0")


def _children(model: str, position: str = "position") -> Any:
    return relationship(
        model, order_by=f"{model}.{position}", cascade="all, delete-orphan", passive_deletes=True
    )


class Package(Rated, Record):
    """What a client books: a price and the things included in it."""

    __tablename__ = "package"
    __table_args__ = (
        CheckConstraint("price_minor >= 0", name="price_not_negative"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency"),
        Index("ix_package_order", "position", "id"),
    )

    name: Mapped[str] = mapped_column(String(200))
    slug: Mapped[str] = mapped_column(String(200), unique=True)
    description: Mapped[str] = mapped_column(Text, default="", server_default="")
    price_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3), default="EUR", server_default="EUR")
    is_active: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    position: Mapped[int] = mapped_column(default=0, server_default="0")

    items: Mapped[list[IncludedItem]] = _children("IncludedItem")
    pictures: Mapped[list[PackagePicture]] = _children("PackagePicture")

    def __str__(self) -> str:
        return self.name


class IncludedItem(Record):
    """One thing a package includes, in the order in which it is told."""

    __tablename__ = "included_item"

    package_id: Mapped[UUID] = mapped_column(ForeignKey("package.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(String(300))
    position: Mapped[int] = mapped_column(default=0, server_default="0")


class PackagePicture(Pictured, Record):
    """A picture of a package."""

    __tablename__ = "package_picture"

    package_id: Mapped[UUID] = mapped_column(ForeignKey("package.id", ondelete="CASCADE"), index=True)


class Theme(Rated, Record):
    """A look for a celebration, told by its gallery."""

    __tablename__ = "theme"
    __table_args__ = (
        CheckConstraint("colour ~ '^#[0-9a-f]{6}$'", name="colour"),
        Index("ix_theme_order", "position", "id"),
    )

    name: Mapped[str] = mapped_column(String(200))
    slug: Mapped[str] = mapped_column(String(200), unique=True)
    description: Mapped[str] = mapped_column(Text, default="", server_default="")
    colour: Mapped[str | None] = mapped_column(String(7))
    is_active: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    position: Mapped[int] = mapped_column(default=0, server_default="0")

    pictures: Mapped[list[ThemePicture]] = _children("ThemePicture")

    def __str__(self) -> str:
        return self.name


class ThemePicture(Pictured, Record):
    """A picture of a theme's gallery."""

    __tablename__ = "theme_picture"

    theme_id: Mapped[UUID] = mapped_column(ForeignKey("theme.id", ondelete="CASCADE"), index=True)


class FestivalCategory(StrEnum):
    """What a festival is about."""

    RELIGIOUS = "religious"
    NATIONAL = "national"
    SEASONAL = "seasonal"
    CULTURAL = "cultural"
    HARVEST = "harvest"


class Festival(Record):
    """A day or days that a country celebrates, with the greeting that cards begin with."""

    __tablename__ = "festival"
    __table_args__ = (
        CheckConstraint(
            "ends_on >= starts_on",
            name="ends_after_start",
            info={"field": "ends_on", "sentence": _l("The last day cannot come before the first.")},
        ),
        CheckConstraint("country ~ '^[A-Z]{2}$'", name="country"),
        CheckConstraint(
            "category IN ('religious','national','seasonal','cultural','harvest')", name="category"
        ),
        Index("ix_festival_starts_on", "starts_on", "id"),
    )

    name: Mapped[str] = mapped_column(String(200))
    slug: Mapped[str] = mapped_column(String(200), unique=True)
    description: Mapped[str] = mapped_column(Text, default="", server_default="")
    customs: Mapped[str] = mapped_column(Text, default="", server_default="")
    category: Mapped[str] = mapped_column(String(20))
    country: Mapped[str] = mapped_column(String(2))
    zone: Mapped[str | None] = mapped_column(String(64))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    default_message: Mapped[str] = mapped_column(Text, default="", server_default="")
    facts: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    is_active: Mapped[bool] = mapped_column(default=True, server_default=text("true"))

    pictures: Mapped[list[FestivalPicture]] = _children("FestivalPicture")

    def __str__(self) -> str:
        return self.name


class FestivalPicture(Pictured, Record):
    """A picture of a festival; at most one is the primary one."""

    __tablename__ = "festival_picture"
    __table_args__ = (
        Index("uq_festival_picture_primary", "festival_id", unique=True, postgresql_where=text("is_primary")),
    )

    festival_id: Mapped[UUID] = mapped_column(ForeignKey("festival.id", ondelete="CASCADE"), index=True)
    is_primary: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
