"""The database keeps the rules by itself: whoever writes past the program is refused too."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.access.roles import KEPT
from app.kernel.db import db
from tests.factories import (
    AssetFactory,
    BookingFactory,
    FestivalFactory,
    PackageFactory,
    ReviewFactory,
    ThemeFactory,
)

OURS = ("ab_",)
"""Prefixes of tables that are Flask-AppBuilder's."""


def our_tables() -> list[Any]:
    return [table for table in db.metadata.sorted_tables if not table.name.startswith(OURS)]


@pytest.mark.proves("S0.12")
def test_every_foreign_key_is_indexed_so_that_no_delete_reads_a_whole_table(session: Session) -> None:
    found = inspect(session.connection())
    bare: list[str] = []
    for table in our_tables():
        firsts = {
            index["column_names"][0] for index in found.get_indexes(table.name) if index["column_names"]
        }
        firsts.add(found.get_pk_constraint(table.name)["constrained_columns"][0])
        firsts |= {unique["column_names"][0] for unique in found.get_unique_constraints(table.name)}
        bare += [
            f"{table.name}.{key.column_keys[0]}"
            for key in table.constraints
            if isinstance(key, ForeignKeyConstraint) and key.column_keys[0] not in firsts
            if key.referred_table.name not in KEPT
        ]
    assert bare == []


@pytest.mark.proves("S0.12")
def test_every_rule_of_the_models_stands_in_the_database_under_its_name(session: Session) -> None:
    rows = session.execute(text("SELECT conname FROM pg_constraint")).scalars()
    stored = set(rows)
    named = {
        str(constraint.name)
        for table in our_tables()
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint | ForeignKeyConstraint | UniqueConstraint)
    }
    assert len(named) > 30
    assert named - stored == set()


BROKEN = {
    "a rating of six": (ReviewFactory, "UPDATE review SET rating = 6 WHERE id = :id"),
    "a rating of none": (ReviewFactory, "UPDATE review SET rating = 0 WHERE id = :id"),
    "an unknown status of a review": (ReviewFactory, "UPDATE review SET status = 'fine' WHERE id = :id"),
    "a price below nothing": (PackageFactory, "UPDATE package SET price_minor = -1 WHERE id = :id"),
    "a package without a name": (PackageFactory, "UPDATE package SET name = NULL WHERE id = :id"),
    "an unknown status of a booking": (BookingFactory, "UPDATE booking SET status = 'maybe' WHERE id = :id"),
    "no guests at all": (BookingFactory, "UPDATE booking SET guests = 0 WHERE id = :id"),
    "a total below nothing": (BookingFactory, "UPDATE booking SET total_minor = -5 WHERE id = :id"),
    "a booking of no package": (
        BookingFactory,
        "UPDATE booking SET package_id = '00000000-0000-7000-8000-000000000000' WHERE id = :id",
    ),
    "a festival that ends before it begins": (
        FestivalFactory,
        "UPDATE festival SET ends_on = starts_on - 1 WHERE id = :id",
    ),
    "a picture of no width": (AssetFactory, "UPDATE asset SET width = 0 WHERE id = :id"),
}


@pytest.mark.proves("S0.8", "S0.12")
@pytest.mark.parametrize("wrong", BROKEN)
def test_plain_sql_that_breaks_a_rule_is_refused(session: Session, wrong: str) -> None:
    factory, statement = BROKEN[wrong]
    record = factory()
    session.flush()
    with pytest.raises(DBAPIError) as refusal, session.begin_nested():
        session.execute(text(statement), {"id": record.id})
    assert refusal.value.orig is not None and str(refusal.value.orig.sqlstate)[:2] == "23"  # type: ignore[attr-defined]


@pytest.mark.proves("S0.12")
@pytest.mark.parametrize(("table", "factory"), [("package", PackageFactory), ("theme", ThemeFactory)])
def test_two_records_never_share_an_address(session: Session, table: str, factory: Any) -> None:
    one, other = factory(), factory()
    session.flush()
    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(
            text(f"UPDATE {table} SET slug = :slug WHERE id = :id"), {"slug": one.slug, "id": other.id}
        )


@pytest.mark.proves("S0.12")
def test_a_package_that_was_booked_cannot_be_deleted(session: Session) -> None:
    package = PackageFactory()
    BookingFactory(package_id=package.id)
    session.flush()
    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(text("DELETE FROM package WHERE id = :id"), {"id": package.id})
