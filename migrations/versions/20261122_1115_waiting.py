"""Who waits for a time, calendars that others read, and the venues that members marked."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "314a5b6273e5"
down_revision = "20394a5162d4"
branch_labels = None
depends_on = None

TABLES = (
    "favourite_venue",
    "calendar_feed",
    "waiting",
    "waiting_step",
)


def _record() -> list[sa.Column[Any]]:
    """Give the columns that every table of ours has."""
    now = sa.text("now()")
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
    ]


def upgrade() -> None:
    _make_favourite_venue()
    _make_calendar_feed()
    _make_waiting()
    _make_waiting_step()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _make_favourite_venue() -> None:
    op.create_table(
        "favourite_venue",
        *_record(),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("venue_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_favourite_venue_member_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["venue_id"], ["venue.id"], name=op.f("fk_favourite_venue_venue_id_venue"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_favourite_venue")),
        sa.UniqueConstraint("member_id", "venue_id", name=op.f("uq_favourite_venue_member_id_venue_id")),
    )
    op.create_index(op.f("ix_favourite_venue_venue_id"), "favourite_venue", ["venue_id"], unique=False)


def _make_calendar_feed() -> None:
    op.create_table(
        "calendar_feed",
        *_record(),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("room_id", sa.Uuid(), nullable=True),
        sa.Column("venue_id", sa.Uuid(), nullable=True),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("serial", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "num_nonnulls(room_id, venue_id, member_id) = 1", name=op.f("ck_calendar_feed_of_one")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_calendar_feed_member_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["room_id"], ["room.id"], name=op.f("fk_calendar_feed_room_id_room"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["venue_id"], ["venue.id"], name=op.f("fk_calendar_feed_venue_id_venue"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
    )
    op.create_index(op.f("ix_calendar_feed_member_id"), "calendar_feed", ["member_id"], unique=False)
    op.create_index(op.f("ix_calendar_feed_room_id"), "calendar_feed", ["room_id"], unique=False)
    op.create_index(op.f("ix_calendar_feed_venue_id"), "calendar_feed", ["venue_id"], unique=False)


def _make_waiting() -> None:
    op.create_table(
        "waiting",
        *_record(),
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("guests", sa.Integer(), nullable=True),
        sa.Column("client_name", sa.String(200), nullable=False),
        sa.Column("client_email", sa.String(254), nullable=False),
        sa.Column("client_phone", sa.String(40), nullable=True),
        sa.Column("event_type", sa.String(40), server_default="other", nullable=False),
        sa.Column("locale", sa.String(35), server_default="en", nullable=False),
        sa.Column("time_zone", sa.String(64), server_default="", nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.String(20), server_default="waiting", nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=True),
        sa.Column("booking_id", sa.Uuid(), nullable=True),
        sa.Column("link_serial", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "(status = 'accepted') = (booking_id IS NOT NULL)", name=op.f("ck_waiting_accepted_is_booked")
        ),
        sa.CheckConstraint(
            "status <> 'offered' OR claim_id IS NOT NULL", name=op.f("ck_waiting_offer_is_held")
        ),
        sa.CheckConstraint(
            "status IN ('waiting','offered','accepted','declined','lapsed','left','closed')",
            name=op.f("ck_waiting_status"),
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_waiting_ends_after_start")),
        sa.CheckConstraint("guests > 0", name=op.f("ck_waiting_some_guests")),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking.id"], name=op.f("fk_waiting_booking_id_booking"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["room_claim.id"], name=op.f("fk_waiting_claim_id_room_claim"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_waiting_member_id_member"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["room_id"], ["room.id"], name=op.f("fk_waiting_room_id_room"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting")),
        sa.UniqueConstraint("booking_id", name=op.f("uq_waiting_booking_id")),
        sa.UniqueConstraint("claim_id", name=op.f("uq_waiting_claim_id")),
    )
    op.create_index(op.f("ix_waiting_member_id"), "waiting", ["member_id"], unique=False)
    op.create_index("ix_waiting_newest", "waiting", ["created_at", "id"], unique=False)
    op.create_index(op.f("ix_waiting_room_id"), "waiting", ["room_id"], unique=False)
    op.create_index(
        "ix_waiting_room_in_order",
        "waiting",
        ["room_id", "created_at", "id"],
        unique=False,
        postgresql_where=sa.text("status = 'waiting'"),
    )


def _make_waiting_step() -> None:
    op.create_table(
        "waiting_step",
        *_record(),
        sa.Column("waiting_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("to_status", sa.String(20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_label", sa.String(200), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["waiting_id"],
            ["waiting.id"],
            name=op.f("fk_waiting_step_waiting_id_waiting"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting_step")),
    )
    op.create_index(op.f("ix_waiting_step_waiting_id"), "waiting_step", ["waiting_id"], unique=False)
