"""Countries, cities, companies and their venues with what they have and when they are open."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "fd06152839a1"
down_revision = "ec5394051627"
branch_labels = None
depends_on = None

TABLES = (
    "badge",
    "country",
    "city",
    "equipment_type",
    "equipment",
    "company",
    "company_user",
    "venue",
    "opening_hours",
    "venue_badge",
    "venue_equipment",
    "venue_picture",
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
    _make_badge()
    _make_country()
    _make_city()
    _make_equipment_type()
    _make_equipment()
    _make_company()
    _make_company_user()
    _make_venue()
    _make_opening_hours()
    _make_venue_badge()
    _make_venue_equipment()
    _make_venue_picture()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _make_badge() -> None:
    op.create_table(
        "badge",
        *_record(),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("slug", sa.String(80), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_badge")),
        sa.UniqueConstraint("slug", name=op.f("uq_badge_slug")),
    )


def _make_country() -> None:
    op.create_table(
        "country",
        *_record(),
        sa.Column("code", sa.String(2), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.CheckConstraint("code ~ '^[A-Z]{2}$'", name=op.f("ck_country_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_country")),
        sa.UniqueConstraint("code", name=op.f("uq_country_code")),
    )


def _make_city() -> None:
    op.create_table(
        "city",
        *_record(),
        sa.Column("country_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("slug", sa.String(200), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("latitude", sa.Numeric(9, 6), nullable=True),
        sa.Column("longitude", sa.Numeric(9, 6), nullable=True),
        sa.Column("geonames_id", sa.Integer(), nullable=True),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.CheckConstraint("latitude BETWEEN -90 AND 90", name=op.f("ck_city_latitude")),
        sa.CheckConstraint("longitude BETWEEN -180 AND 180", name=op.f("ck_city_longitude")),
        sa.ForeignKeyConstraint(
            ["country_id"], ["country.id"], name=op.f("fk_city_country_id_country"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_city")),
        sa.UniqueConstraint("geonames_id", name=op.f("uq_city_geonames_id")),
        sa.UniqueConstraint("slug", name=op.f("uq_city_slug")),
    )
    op.create_index(op.f("ix_city_country_id"), "city", ["country_id"], unique=False)
    op.create_index("ix_city_name", "city", ["name", "id"], unique=False)


def _make_equipment_type() -> None:
    op.create_table(
        "equipment_type",
        *_record(),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_equipment_type")),
        sa.UniqueConstraint("name", name=op.f("uq_equipment_type_name")),
    )


def _make_equipment() -> None:
    op.create_table(
        "equipment",
        *_record(),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("slug", sa.String(120), nullable=False),
        sa.Column("type_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["type_id"],
            ["equipment_type.id"],
            name=op.f("fk_equipment_type_id_equipment_type"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_equipment")),
        sa.UniqueConstraint("slug", name=op.f("uq_equipment_slug")),
    )
    op.create_index(op.f("ix_equipment_type_id"), "equipment", ["type_id"], unique=False)


def _make_company() -> None:
    op.create_table(
        "company",
        *_record(),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("slug", sa.String(200), nullable=False),
        sa.Column("logo_asset_id", sa.Uuid(), nullable=True),
        sa.Column("email", sa.String(254), nullable=True),
        sa.Column("phone", sa.String(40), nullable=True),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.ForeignKeyConstraint(
            ["logo_asset_id"], ["asset.id"], name=op.f("fk_company_logo_asset_id_asset"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company")),
        sa.UniqueConstraint("slug", name=op.f("uq_company_slug")),
    )
    op.create_index(op.f("ix_company_logo_asset_id"), "company", ["logo_asset_id"], unique=False)


def _make_company_user() -> None:
    op.create_table(
        "company_user",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"],
            ["company.id"],
            name=op.f("fk_company_user_company_id_company"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["ab_user.id"], name=op.f("fk_company_user_user_id_ab_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company_user")),
        sa.UniqueConstraint("company_id", "user_id", name=op.f("uq_company_user_company_id_user_id")),
    )
    op.create_index(op.f("ix_company_user_user_id"), "company_user", ["user_id"], unique=False)


def _make_venue() -> None:
    op.create_table(
        "venue",
        *_record(),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("slug", sa.String(200), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("street", sa.String(300), nullable=False),
        sa.Column("postcode", sa.String(20), server_default="", nullable=False),
        sa.Column("latitude", sa.Numeric(9, 6), nullable=True),
        sa.Column("longitude", sa.Numeric(9, 6), nullable=True),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint(
            "(latitude IS NULL) = (longitude IS NULL)", name=op.f("ck_venue_both_coordinates")
        ),
        sa.CheckConstraint("latitude BETWEEN -90 AND 90", name=op.f("ck_venue_latitude")),
        sa.CheckConstraint("longitude BETWEEN -180 AND 180", name=op.f("ck_venue_longitude")),
        sa.ForeignKeyConstraint(
            ["city_id"], ["city.id"], name=op.f("fk_venue_city_id_city"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_venue_company_id_company"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_venue")),
        sa.UniqueConstraint("slug", name=op.f("uq_venue_slug")),
    )
    op.create_index(op.f("ix_venue_city_id"), "venue", ["city_id"], unique=False)
    op.create_index(op.f("ix_venue_company_id"), "venue", ["company_id"], unique=False)
    op.create_index("ix_venue_order", "venue", ["position", "id"], unique=False)


def _make_opening_hours() -> None:
    op.create_table(
        "opening_hours",
        *_record(),
        sa.Column("venue_id", sa.Uuid(), nullable=False),
        sa.Column("weekday", sa.String(3), nullable=False),
        sa.Column("mode", sa.String(20), server_default="open", nullable=False),
        sa.Column("opens_time", sa.Time(), nullable=True),
        sa.Column("closes_time", sa.Time(), nullable=True),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint(
            "mode <> 'open' OR (opens_time IS NOT NULL AND closes_time IS NOT NULL)",
            name=op.f("ck_opening_hours_open_times"),
        ),
        sa.CheckConstraint(
            "mode IN ('open','all_day','by_request','closed')", name=op.f("ck_opening_hours_mode")
        ),
        sa.CheckConstraint(
            "mode NOT IN ('all_day','closed') OR opens_time IS NULL", name=op.f("ck_opening_hours_no_times")
        ),
        sa.CheckConstraint(
            "weekday IN ('mon','tue','wed','thu','fri','sat','sun')", name=op.f("ck_opening_hours_weekday")
        ),
        sa.CheckConstraint(
            "(opens_time IS NULL) = (closes_time IS NULL)", name=op.f("ck_opening_hours_both_times")
        ),
        sa.ForeignKeyConstraint(
            ["venue_id"], ["venue.id"], name=op.f("fk_opening_hours_venue_id_venue"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_hours")),
    )
    op.create_index(op.f("ix_opening_hours_venue_id"), "opening_hours", ["venue_id"], unique=False)


def _make_venue_badge() -> None:
    op.create_table(
        "venue_badge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("venue_id", sa.Uuid(), nullable=False),
        sa.Column("badge_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["badge_id"], ["badge.id"], name=op.f("fk_venue_badge_badge_id_badge"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["venue_id"], ["venue.id"], name=op.f("fk_venue_badge_venue_id_venue"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_venue_badge")),
        sa.UniqueConstraint("venue_id", "badge_id", name=op.f("uq_venue_badge_venue_id_badge_id")),
    )
    op.create_index(op.f("ix_venue_badge_badge_id"), "venue_badge", ["badge_id"], unique=False)


def _make_venue_equipment() -> None:
    op.create_table(
        "venue_equipment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("venue_id", sa.Uuid(), nullable=False),
        sa.Column("equipment_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["equipment_id"],
            ["equipment.id"],
            name=op.f("fk_venue_equipment_equipment_id_equipment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["venue_id"], ["venue.id"], name=op.f("fk_venue_equipment_venue_id_venue"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_venue_equipment")),
        sa.UniqueConstraint(
            "venue_id", "equipment_id", name=op.f("uq_venue_equipment_venue_id_equipment_id")
        ),
    )
    op.create_index(
        op.f("ix_venue_equipment_equipment_id"), "venue_equipment", ["equipment_id"], unique=False
    )


def _make_venue_picture() -> None:
    op.create_table(
        "venue_picture",
        *_record(),
        sa.Column("venue_id", sa.Uuid(), nullable=False),
        sa.Column("asset_id", sa.Uuid(), nullable=False),
        sa.Column("alt", sa.String(300), server_default="", nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["asset_id"], ["asset.id"], name=op.f("fk_venue_picture_asset_id_asset"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["venue_id"], ["venue.id"], name=op.f("fk_venue_picture_venue_id_venue"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_venue_picture")),
    )
    op.create_index(op.f("ix_venue_picture_asset_id"), "venue_picture", ["asset_id"], unique=False)
    op.create_index(op.f("ix_venue_picture_venue_id"), "venue_picture", ["venue_id"], unique=False)
