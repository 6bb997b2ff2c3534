"""Fills the large set for measuring, by COPY: a thousand packages, a million bookings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any, cast

import click
from flask import current_app
from psycopg import Cursor
from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.orm import Session

from app.demo import rows
from app.demo.load import Artist, Loading
from app.demo.pictures import draw_all
from app.domains.catalog.models import Package
from app.domains.reviews.service import recount
from app.kernel.actor import Actor, acting_as
from app.kernel.clock import today
from app.kernel.db import metadata, unit_of_work
from app.surfaces.search.indexing import reindex

CHUNK = 5_000
SHOWN_PICTURES = ("marigold-arch", "blush-ring", "starlit-pavilion", "lemon-terrace", "winter-village")
TABLES = (
    "package",
    "included_item",
    "package_picture",
    "theme",
    "theme_picture",
    "festival",
    "festival_picture",
    "review",
    "booking",
    "booking_step",
    "translation",
)


@dataclass(frozen=True, slots=True)
class Size:
    """How large the set is; `of` shrinks it for tests."""

    packages: int = 1_000
    themes: int = 300
    festivals: int = 300
    reviews: int = 20_000
    bookings: int = 1_000_000

    @classmethod
    def of(cls, factor: float) -> Size:
        """Give a part of the set, of everything at least a little; bookings stay divisible by their mix."""
        whole = cls()
        packages, themes, festivals = (
            max(10, round(number * factor)) for number in (whole.packages, whole.themes, whole.festivals)
        )
        bookings = max(rows.MIX, round(whole.bookings * factor / rows.MIX) * rows.MIX)
        return cls(packages, themes, festivals, max(20, round(whole.reviews * factor)), bookings)


def fill(engine: Engine, factor: float = 1.0, artist: Artist = draw_all) -> Size | None:
    """Fill the set in one transaction; None when it is there already.

    The history and search triggers rest meanwhile: an entry for each of two million rows tells nobody
    anything. Foreign keys and indexes are taken down and built once over the whole, many times faster.
    """
    size = Size.of(factor)
    first = rows.Maker(size.packages, size.themes, {}).slug("package", 0)
    with acting_as(Actor("command", "demo", "Demo data")), unit_of_work() as session:
        if session.scalar(select(Package.id).where(Package.slug == first)):
            click.echo("The large set is there already; nothing has changed.")
            return None
        _fill(session, size, artist)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("SET statement_timeout = 0")
        for table in TABLES:
            connection.exec_driver_sql(f"VACUUM (ANALYZE) {table}")
    click.echo(f"The large set is filled: {size.packages:,} packages, {size.bookings:,} bookings.")
    return size


def _fill(session: Session, size: Size, artist: Artist) -> None:
    loading = Loading(session, today())
    loading.pictures(artist, SHOWN_PICTURES)
    session.flush()
    maker = rows.Maker(size.packages, size.themes, loading.assets)
    connection = session.connection()
    connection.exec_driver_sql("SET LOCAL statement_timeout = 0")  # a million rows take as long as they take
    with _bare_tables(connection), cast("Cursor[Any]", connection.connection.cursor()) as cursor:
        for table, columns, lines, expected in _parts(maker, size):
            _copy(cursor, table, columns, lines, expected)
    for resource in current_app.extensions["catalogue"]:
        if resource.name in TABLES and resource.slug_field is not None:
            connection.execute(select(func.festoon_readdress(resource.name)))
    click.echo("Stars and search.")
    with _resting(connection, ("package", "theme")):
        recount(session)
    reindex(connection, current_app.extensions["catalogue"], rebuild=True)


def _parts(maker: rows.Maker, size: Size) -> Iterator[tuple[str, str, Iterable[str], int]]:
    """List what is copied: table, columns, lines, how many lines about."""
    yield "package", rows.PACKAGE, maker.packages(), size.packages
    yield "included_item", rows.ITEM, maker.items(), size.packages * 5
    yield "package_picture", rows.PACKAGE_PICTURE, maker.package_pictures(), size.packages
    yield "theme", rows.THEME, maker.themes(), size.themes
    yield "theme_picture", rows.THEME_PICTURE, maker.theme_pictures(), size.themes * 5
    yield "festival", rows.FESTIVAL, maker.festivals(size.festivals), size.festivals
    yield "festival_picture", rows.FESTIVAL_PICTURE, maker.festival_pictures(size.festivals), size.festivals
    told = 6 * (size.packages + size.themes + size.festivals)
    yield "translation", rows.TRANSLATION, maker.translations(size.festivals), told
    yield "review", rows.REVIEW, maker.reviews(size.reviews), size.reviews
    yield "booking", rows.BOOKING, maker.bookings(size.bookings), size.bookings
    yield "booking_step", rows.STEP, maker.steps(size.bookings), round(size.bookings * rows.STEPS_EACH)


def _copy(cursor: Cursor[Any], table: str, columns: str, lines: Iterable[str], expected: int) -> None:
    source = iter(lines)
    with (
        click.progressbar(length=expected, label=f"{table:18}") as bar,
        cursor.copy(f"COPY {table} ({columns}) FROM STDIN".encode()) as copy,
    ):
        while chunk := list(islice(source, CHUNK)):
            copy.write("".join(chunk))
            bar.update(len(chunk))


@contextmanager
def _resting(connection: Connection, tables: Iterable[str]) -> Iterator[None]:
    """Let the triggers of some tables rest for a block."""
    for table in tables:
        connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    for table in tables:
        connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@contextmanager
def _bare_tables(connection: Connection) -> Iterator[None]:
    """Take down triggers, foreign keys and plain indexes for a block, and build them anew over the whole."""
    taken: list[str] = []
    for table in TABLES:
        for index in metadata.tables[table].indexes:
            found = connection.exec_driver_sql(
                "SELECT pg_get_indexdef(%s::regclass)", (index.name,)
            ).scalar_one()
            taken.append(found)
            connection.exec_driver_sql(f"DROP INDEX {index.name}")
        for name, ddl in connection.exec_driver_sql(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid = %s::regclass AND contype = 'f'",
            (table,),
        ).all():
            taken.append(f"ALTER TABLE {table} ADD CONSTRAINT {name} {ddl}")
            connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    with _resting(connection, TABLES):
        yield
    connection.exec_driver_sql("SET LOCAL maintenance_work_mem = '256MB'")
    with click.progressbar(taken, label="keys and indexes  ") as bar:
        for ddl in bar:
            connection.exec_driver_sql(ddl.replace("%", "%%"))
