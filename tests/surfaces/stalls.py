"""A content type of the tests' own: with times, exact decimals and many packages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ForeignKey, Numeric, String, Table, Uuid, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from app.domains.catalog.models import Package
from app.kernel import clock
from app.kernel.db import Instant, metadata
from app.kernel.ids import new_id
from app.resources import Field, On, Resource

TOLD = On.FORM | On.FILTER | On.API | On.PUBLIC
EVERYWHERE = On.LIST | On.TRANSFER | TOLD


def declare(base: type[Any]) -> Resource:
    """Make the model on a base and declare it."""
    stall_package = Table(
        "stall_package",
        base.metadata,
        Column("id", Uuid(), primary_key=True, default=new_id),
        Column("package_id", ForeignKey(Package.id, ondelete="CASCADE")),
        Column("stall_id", ForeignKey("stall.id", ondelete="CASCADE")),
    )

    class Stall(base):  # type: ignore[misc]  # the base is made for one run of tests
        __tablename__ = "stall"

        id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
        name: Mapped[str] = mapped_column(String(80))
        opens_time: Mapped[time | None]
        latitude: Mapped[Decimal | None] = mapped_column(Numeric(9, 6))
        factor: Mapped[Decimal] = mapped_column(Numeric(4, 2), default=Decimal(1))
        created_at: Mapped[datetime] = mapped_column(Instant(), default=clock.now)
        updated_at: Mapped[datetime] = mapped_column(
            Instant(), default=clock.now, onupdate=clock.now, server_default=text("now()")
        )
        revision: Mapped[int] = mapped_column(default=1)
        packages: Mapped[list[Any]] = relationship(Package, secondary=stall_package)

        __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012  # as SQLAlchemy has it

    return Resource(
        Stall,
        "Stalls",
        "stall",
        menu="Catalog",
        order="name",
        public="stalls",
        fields=(
            Field("name", EVERYWHERE | On.SEARCH, "Name"),
            Field("opens_time", EVERYWHERE, "Opens"),
            Field("latitude", EVERYWHERE, "Latitude"),
            Field("factor", EVERYWHERE, "Factor"),
            Field("packages", TOLD, "Packages"),
        ),
    )


@contextmanager
def declared() -> Iterator[Resource]:
    """Declare stalls for a while; their tables are known to the metadata no longer than that."""

    class Base(DeclarativeBase):
        pass

    Base.metadata = metadata
    Base.registry.metadata = metadata
    resource = declare(Base)
    try:
        yield resource
    finally:
        for name in ("stall_package", "stall"):
            metadata.remove(metadata.tables[name])
        Base.registry.dispose(cascade=True)
