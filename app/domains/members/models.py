"""A member, the devices they are signed in on, and the tokens of both; every token is kept as its hash."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import clock
from app.kernel.db import Instant, Record


class MemberStatus(StrEnum):
    """Whether a member may be here; the verbs of the service alone change it."""

    ACTIVE = "active"
    SUSPENDED = "suspended"

    @property
    def label(self) -> Any:
        """Give the status in the reader's words."""
        return _LABELS[self]


_LABELS = {MemberStatus.ACTIVE: _l("Active"), MemberStatus.SUSPENDED: _l("Suspended")}


class Member(Record):
    """A person of the public side.

    `epoch` is counted up to end every credential at once: tokens and devices hold the epoch they were made
    in. `pending_email` is an address that was asked for and is not confirmed yet.
    """

    __tablename__ = "member"
    __table_args__ = (
        CheckConstraint("status IN ('active','suspended')", name="status"),
        CheckConstraint("email = lower(email) AND username = lower(username)", name="small_letters"),
        Index("ix_member_newest", "created_at", "id"),
        Index("ix_member_status_newest", "status", "created_at", "id"),
        Index("ix_member_seen_at", "seen_at"),
    )

    email: Mapped[str] = mapped_column(String(254), unique=True)
    pending_email: Mapped[str | None] = mapped_column(String(254))
    username: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    phone: Mapped[str | None] = mapped_column(String(40))
    asset_id: Mapped[UUID | None] = mapped_column(ForeignKey("asset.id", ondelete="SET NULL"), index=True)
    locale: Mapped[str] = mapped_column(String(35), default="en", server_default="en")
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC", server_default="UTC")
    password_hash: Mapped[str] = mapped_column(String(300))
    status: Mapped[str] = mapped_column(
        String(20), default=MemberStatus.ACTIVE.value, server_default=MemberStatus.ACTIVE.value
    )
    suspended_because: Mapped[str] = mapped_column(Text, default="", server_default="")
    is_verified: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    is_premium: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    epoch: Mapped[int] = mapped_column(default=1, server_default="1")
    seen_at: Mapped[datetime | None] = mapped_column(Instant())

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:
        """Tell whether the member may be here."""
        return self.status == MemberStatus.ACTIVE


class MemberDevice(Record):
    """One sign-in of a member: a family of refresh tokens, of which the newest counts."""

    __tablename__ = "member_device"
    __table_args__ = (
        Index("ix_member_device_open_by_member", "member_id", postgresql_where=text("ended_at IS NULL")),
        Index("ix_member_device_ended_at", "ended_at"),
    )

    member_id: Mapped[UUID] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    epoch: Mapped[int]
    name: Mapped[str] = mapped_column(String(120), default="", server_default="")
    user_agent: Mapped[str] = mapped_column(String(300), default="", server_default="")
    ip: Mapped[str] = mapped_column(String(45), default="", server_default="")
    seen_at: Mapped[datetime] = mapped_column(Instant(), default=clock.now, server_default=text("now()"))
    ended_at: Mapped[datetime | None] = mapped_column(Instant())
    ended_because: Mapped[str] = mapped_column(String(20), default="", server_default="")


class MemberRefresh(Record):
    """One refresh token of a device. It is used once; `parent_id` names the one it was given for.

    A token is made from its parent's text, `salt` and the program's key, so that within some seconds the
    parent gives the same one again, while no row holds what one could be made from.
    """

    __tablename__ = "member_refresh"
    __table_args__ = (Index("ix_member_refresh_expires_at", "expires_at"),)

    device_id: Mapped[UUID] = mapped_column(ForeignKey("member_device.id", ondelete="CASCADE"), index=True)
    parent_id: Mapped[UUID | None] = mapped_column(unique=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    salt: Mapped[str] = mapped_column(String(64), default="", server_default="")
    expires_at: Mapped[datetime] = mapped_column(Instant())
    used_at: Mapped[datetime | None] = mapped_column(Instant())


class MemberToken(Record):
    """A token that was mailed and works once: it confirms `address`, or lets the password be set anew."""

    __tablename__ = "member_token"
    __table_args__ = (
        CheckConstraint("purpose IN ('verify','reset')", name="purpose"),
        Index("ix_member_token_expires_at", "expires_at"),
    )

    member_id: Mapped[UUID] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str] = mapped_column(String(20))
    address: Mapped[str] = mapped_column(String(254))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime] = mapped_column(Instant())
    used_at: Mapped[datetime | None] = mapped_column(Instant())
