"""A company and the staff users who look after it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.db import Model, Record
from app.kernel.ids import new_id

company_user = Table(
    "company_user",
    Model.metadata,
    Column("id", Uuid(), primary_key=True, default=new_id),  # by which the history names the tie
    Column("company_id", Uuid(), ForeignKey("company.id", ondelete="CASCADE"), nullable=False),
    Column("user_id", Integer(), ForeignKey("ab_user.id", ondelete="CASCADE"), nullable=False, index=True),
    UniqueConstraint("company_id", "user_id"),
)


class Company(Record):
    """Who owns venues; its users see and change what is the company's."""

    __tablename__ = "company"

    name: Mapped[str] = mapped_column(String(200))
    slug: Mapped[str] = mapped_column(String(200), unique=True)
    logo_asset_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("asset.id", ondelete="RESTRICT"), index=True
    )
    email: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(40))
    description: Mapped[str] = mapped_column(Text, default="", server_default="")
    is_active: Mapped[bool] = mapped_column(default=True, server_default=text("true"))

    users: Mapped[list[Any]] = relationship("User", secondary=company_user)

    def __str__(self) -> str:
        return self.name
