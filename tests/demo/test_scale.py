"""The large set, a five-hundredth of it: as many rows as promised, and a database as it was before."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask_migrate import upgrade
from sqlalchemy import text

from app import create_app
from app.demo.content import LANGUAGES
from app.demo.library import is_told
from app.demo.rows import STEPS_EACH
from app.demo.scale import SHOWN_PICTURES, TABLES, Size, fill
from app.kernel.db import db
from tests.conftest import make_database

SHAPE = text("""
    SELECT tablename || ' ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT tgrelid::regclass || ' ' || tgname || ' ' || tgenabled::text
        FROM pg_trigger WHERE NOT tgisinternal
    ORDER BY 1
""")


@pytest.fixture(scope="module")
def large(worker_id, tmp_path_factory, artist):
    """Fill a database of its own, for VACUUM needs the end of every transaction."""
    app = create_app(
        {
            "TESTING": True,
            "SQLALCHEMY_DATABASE_URI": make_database(f"festoon_scale_{worker_id}"),
            "REDIS_URL": "",
            "SECRET_KEY": "k" * 48,
            "UPLOAD_FOLDER": str(tmp_path_factory.mktemp("uploads")),
        }
    )
    with app.app_context():
        upgrade(str(Path(__file__).parents[2] / "migrations"))
        app.test_cli_runner().invoke(args=["sync"])
        with db.engine.connect() as connection:
            before = connection.scalars(SHAPE).all()
        size = fill(db.engine, 0.002, artist)
        yield app, size, before
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def ask(large):
    """Give a function that asks the database one thing."""
    with db.engine.connect() as connection:
        yield lambda question, **values: connection.execute(text(question), values)


def test_a_part_is_a_part():
    assert Size.of(1) == Size(1_000, 300, 300, 20_000, 1_000_000)
    assert Size.of(0.01) == Size(10, 10, 10, 200, 10_000)


def test_as_many_rows_as_promised(large, ask):
    size = large[1]
    told = sum(is_told(name, locale) for name in SHOWN_PICTURES for locale in LANGUAGES)
    expected = {
        "package": size.packages,
        "included_item": size.packages * 5,
        "theme": size.themes,
        "theme_picture": size.themes * 5,
        "festival": size.festivals,
        "festival_picture": size.festivals,
        "translation": (size.packages + size.themes + size.festivals) * 6 + told,  # and of the five pictures
        "review": size.reviews,
        "booking": size.bookings,
        "booking_step": round(size.bookings * STEPS_EACH),
    }
    found = {table: ask(f"SELECT count(*) FROM {table}").scalar() for table in expected}
    of_screens = "SELECT count(*) FROM translation WHERE content_type = 'interface_message'"
    found["translation"] -= ask(of_screens).scalar()
    assert found == expected


def test_a_quarter_of_the_bookings_is_confirmed(large, ask):
    confirmed = ask("SELECT count(*) FROM booking WHERE status = 'confirmed'").scalar()
    assert confirmed * 4 == large[1].bookings


def test_indexes_keys_and_triggers_are_as_before(large, ask):
    assert ask(SHAPE.text).scalars().all() == large[2]


def test_the_steps_lead_to_the_status(ask):
    assert (
        ask("""
        SELECT count(*) FROM booking AS b WHERE status <> (
            SELECT to_status FROM booking_step WHERE booking_id = b.id ORDER BY position DESC LIMIT 1)
        OR EXISTS (SELECT FROM booking_step AS s JOIN booking_step AS p
            ON p.booking_id = s.booking_id AND p.position = s.position - 1
            WHERE s.booking_id = b.id AND s.from_status IS DISTINCT FROM p.to_status)
    """).scalar()
        == 0
    )


def test_what_is_open_is_to_come_and_what_is_done_is_over(ask):
    assert (
        ask("""
        SELECT count(*) FROM booking WHERE event_on < created_at::date
            OR status IN ('confirmed', 'pending') AND event_on <= current_date - 2
            OR status IN ('completed', 'no_show') AND event_on > current_date
    """).scalar()
        == 0
    )


def test_search_finds_a_client_and_a_theme_in_hindi(ask):
    found = "SELECT count(*) FROM search_entry WHERE content_type = :kind AND locale = :locale AND text LIKE :words"
    assert ask(found, kind="booking", locale="en", words="%@example.%").scalar() == 2_000
    assert ask(found, kind="theme", locale="hi", words="%तारों तले मंडप%").scalar() >= 1


def test_stars_are_counted(ask):
    assert (
        ask("""
        SELECT count(*) FROM package AS p WHERE (rating_sum, rating_count) IS DISTINCT FROM (
            SELECT (coalesce(sum(rating), 0)::int, count(*)::int) FROM review
            WHERE package_id = p.id AND status = 'approved')
    """).scalar()
        == 0
    )
    assert ask("SELECT sum(rating_count) FROM package").scalar() > 10


def test_translations_know_their_source(ask):
    from app.translation.sources import source_hash

    rows = ask("""
        SELECT p.name, t.source_hash FROM translation AS t JOIN package AS p ON p.id = t.object_id
        WHERE t.field = 'name' AND t.locale = 'de'
    """).all()
    assert rows
    assert all(source_hash(name) == known for name, known in rows)


def test_no_history_of_the_load_but_of_what_comes_after(large):
    with db.engine.begin() as connection:
        told = "SELECT count(*) FROM audit_entry WHERE content_type = ANY(:kinds)"
        kinds = {"kinds": [table for table in TABLES if table not in {"package", "theme", "translation"}]}
        assert connection.scalar(text(told), kinds) == 0
        connection.execute(
            text("UPDATE booking SET guests = 7 WHERE id = (SELECT min(id::text)::uuid FROM booking)")
        )
        assert connection.scalar(text(told), kinds) == 1


def test_filling_again_changes_nothing(large):
    assert fill(db.engine, 0.002) is None


@pytest.mark.long
def test_the_whole_set_is_filled_in_time(worker_id, tmp_path, artist):
    import time

    app = create_app(
        {
            "TESTING": True,
            "SQLALCHEMY_DATABASE_URI": make_database(f"festoon_whole_{worker_id}"),
            "REDIS_URL": "",
            "SECRET_KEY": "k" * 48,
            "UPLOAD_FOLDER": str(tmp_path),
        }
    )
    with app.app_context():
        upgrade(str(Path(__file__).parents[2] / "migrations"))
        app.test_cli_runner().invoke(args=["sync"])
        started = time.monotonic()
        assert fill(db.engine, 1, artist) == Size()
        assert time.monotonic() - started < 400  # two minutes on two idle cores
        with db.engine.connect() as connection:
            confirmed = connection.scalar(text("SELECT count(*) FROM booking WHERE status = 'confirmed'"))
        assert confirmed == 250_000
        db.session.remove()
        db.engine.dispose()
