"""What is remembered of staff: their sessions, their preferences, and what was synced last."""

from __future__ import annotations

from datetime import datetime

from flask_appbuilder import Model
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import clock
from app.kernel.db import Instant, Record

THEMES = ("auto", "light", "dark")
DENSITIES = ("cosy", "compact")


class StaffSession(Record):
    """One sign-in of a staff user. The cookie holds a token, this row its SHA-256.

    `password_mark` is a hash of the password hash at sign-in: a password changed by whatever means,
    plain SQL included, ends the session.
    """

    __tablename__ = "staff_session"
    __table_args__ = (
        Index("ix_staff_session_open_by_user", "user_id", postgresql_where=text("ended_at IS NULL")),
    )

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), index=True)
    password_mark: Mapped[str] = mapped_column(String(64))
    seen_at: Mapped[datetime] = mapped_column(Instant(), default=clock.now, server_default=text("now()"))
    ended_at: Mapped[datetime | None] = mapped_column(Instant())
    ip: Mapped[str] = mapped_column(String(45), default="", server_default="")
    user_agent: Mapped[str] = mapped_column(String(300), default="", server_default="")


class StaffPreference(Record):
    """How a staff user likes the screens; an empty value leaves the choice to the browser."""

    __tablename__ = "staff_preference"
    __table_args__ = (
        CheckConstraint("theme IN ('auto','light','dark')", name="theme"),
        CheckConstraint("density IN ('cosy','compact')", name="density"),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), unique=True)
    locale: Mapped[str | None] = mapped_column(String(35))
    theme: Mapped[str | None] = mapped_column(String(10))
    density: Mapped[str | None] = mapped_column(String(10))
    start_page: Mapped[str | None] = mapped_column(String(200))
    shortcuts: Mapped[bool | None]
    time_zone: Mapped[str | None] = mapped_column(String(64))


class SyncState(Model):  # type: ignore[misc]  # FAB's Model is an untyped declarative base
    """What a step of `flask sync` was made from when it last ran."""

    __tablename__ = "sync_state"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Instant(), default=clock.now, server_default=text("now()"))
