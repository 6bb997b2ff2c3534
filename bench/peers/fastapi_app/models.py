"""The tables of the database under test, mapped by this peer for itself."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import DateTime, ForeignKey, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    """What every mapped table has."""

    id: Mapped[UUID] = mapped_column(primary_key=True)


class Translation(Base):
    """A text of one field in one language."""

    __tablename__ = "translation"

    content_type: Mapped[str]
    object_id: Mapped[UUID]
    locale: Mapped[str]
    field: Mapped[str]
    text: Mapped[str]
    state: Mapped[str]


def _translations(owner: str, table: str) -> Any:
    mine = f"and_(foreign(Translation.object_id) == {owner}.id, Translation.content_type == '{table}')"
    return relationship("Translation", primaryjoin=mine, viewonly=True)


class Asset(Base):
    """A stored picture."""

    __tablename__ = "asset"

    path: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    alt: Mapped[str]
    blurhash: Mapped[str]
    focal_x: Mapped[int]
    focal_y: Mapped[int]
    srcset: Mapped[str]
    thumb: Mapped[str | None]
    state: Mapped[str]


class IncludedItem(Base):
    """One thing that a package includes."""

    __tablename__ = "included_item"

    package_id: Mapped[UUID] = mapped_column(ForeignKey("package.id"))
    text: Mapped[str]
    position: Mapped[int]
    translations: Mapped[list[Translation]] = _translations("IncludedItem", "included_item")


class PackagePicture(Base):
    """A picture of a package."""

    __tablename__ = "package_picture"

    package_id: Mapped[UUID] = mapped_column(ForeignKey("package.id"))
    asset_id: Mapped[UUID] = mapped_column(ForeignKey("asset.id"))
    alt: Mapped[str]
    position: Mapped[int]
    asset: Mapped[Asset] = relationship()
    translations: Mapped[list[Translation]] = _translations("PackagePicture", "package_picture")


class Package(Base):
    """What a client books."""

    __tablename__ = "package"

    name: Mapped[str]
    slug: Mapped[str]
    description: Mapped[str]
    price_minor: Mapped[int]
    currency: Mapped[str]
    is_active: Mapped[bool]
    position: Mapped[int]
    rating_sum: Mapped[int]
    rating_count: Mapped[int]
    items: Mapped[list[IncludedItem]] = relationship(order_by=(IncludedItem.position, IncludedItem.id))
    pictures: Mapped[list[PackagePicture]] = relationship(
        order_by=(PackagePicture.position, PackagePicture.id)
    )
    translations: Mapped[list[Translation]] = _translations("Package", "package")


class ThemePicture(Base):
    """A picture of a theme's gallery."""

    __tablename__ = "theme_picture"

    theme_id: Mapped[UUID] = mapped_column(ForeignKey("theme.id"))
    asset_id: Mapped[UUID] = mapped_column(ForeignKey("asset.id"))
    alt: Mapped[str]
    position: Mapped[int]
    asset: Mapped[Asset] = relationship()
    translations: Mapped[list[Translation]] = _translations("ThemePicture", "theme_picture")


class Theme(Base):
    """A look for a celebration."""

    __tablename__ = "theme"

    name: Mapped[str]
    slug: Mapped[str]
    description: Mapped[str]
    is_active: Mapped[bool]
    rating_sum: Mapped[int]
    rating_count: Mapped[int]
    pictures: Mapped[list[ThemePicture]] = relationship(order_by=(ThemePicture.position, ThemePicture.id))
    translations: Mapped[list[Translation]] = _translations("Theme", "theme")


class Review(Base):
    """What a client says, with stars."""

    __tablename__ = "review"

    author_name: Mapped[str]
    message: Mapped[str]
    rating: Mapped[int]
    status: Mapped[str]
    locale: Mapped[str]
    submitted_at: Mapped[datetime]
    asset_id: Mapped[UUID | None] = mapped_column(ForeignKey("asset.id"))
    package_id: Mapped[UUID | None] = mapped_column(ForeignKey("package.id"))
    theme_id: Mapped[UUID | None] = mapped_column(ForeignKey("theme.id"))
    asset: Mapped[Asset | None] = relationship()
    package: Mapped[Package | None] = relationship()
    theme: Mapped[Theme | None] = relationship()
    translations: Mapped[list[Translation]] = _translations("Review", "review")


class Booking(Base):
    """A client's wish for a day."""

    __tablename__ = "booking"

    client_name: Mapped[str]
    event_type: Mapped[str]
    event_on: Mapped[date]
    place: Mapped[str]
    total_minor: Mapped[int | None]
    currency: Mapped[str]
    status: Mapped[str]
    created_at: Mapped[datetime]
    package_id: Mapped[UUID | None] = mapped_column(ForeignKey("package.id"))
    package: Mapped[Package | None] = relationship()


class NewBooking(Base):
    """A booking as this peer writes it: into a table of its own, with nothing that goes along."""

    __tablename__ = "booking"
    __table_args__ = {"schema": "peer"}  # noqa: RUF012  # as SQLAlchemy has it

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    client_name: Mapped[str]
    client_email: Mapped[str]
    client_phone: Mapped[str | None]
    event_type: Mapped[str]
    event_on: Mapped[date]
    place: Mapped[str]
    package_id: Mapped[UUID]
    guests: Mapped[int | None]
    message: Mapped[str]
    total_minor: Mapped[int]
    currency: Mapped[str]
    status: Mapped[str] = mapped_column(default="pending")
    locale: Mapped[str] = mapped_column(default="en")
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=text("now()"))
