"""The migrations make the models' tables, undo themselves, and form one line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import check, downgrade, upgrade

from tests.conftest import make_database

MIGRATIONS = str(Path(__file__).parents[2] / "migrations")
TABLES = """
SELECT c.table_name, c.column_name, c.data_type, c.is_nullable, c.column_default
FROM information_schema.columns c WHERE c.table_schema = 'public' ORDER BY 1, 2
"""


def script() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", MIGRATIONS)
    return ScriptDirectory.from_config(config)


@pytest.fixture(scope="module")
def empty(worker_id: str) -> Iterator[tuple[Flask, str]]:
    from app import create_app

    url = make_database(f"festoon_migrations_{worker_id}")
    app = create_app(
        {"TESTING": True, "SQLALCHEMY_DATABASE_URI": url, "REDIS_URL": "", "SECRET_KEY": "k" * 48}
    )
    with app.app_context():
        yield app, url.replace("+psycopg", "")
        from app.kernel.db import db

        db.engine.dispose()


def shape(url: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        return [row for row in connection.execute(TABLES).fetchall() if row[0] != "alembic_version"]


def test_there_is_one_head() -> None:
    assert len(script().get_heads()) == 1


@pytest.mark.proves("S0.3", "S1.70", "S2.92", "S3.16", "S3.18")
def test_every_step_goes_up_down_and_up_again(empty: tuple[Flask, str]) -> None:
    _app, url = empty
    steps = [revision.revision for revision in reversed(list(script().walk_revisions()))]
    shapes = []
    for revision in steps:
        upgrade(MIGRATIONS, revision)
        shapes.append(shape(url))
    for position in range(len(steps) - 1, 0, -1):
        downgrade(MIGRATIONS, steps[position - 1])
        assert shape(url) == shapes[position - 1], steps[position]
    downgrade(MIGRATIONS, "base")
    assert shape(url) == []
    upgrade(MIGRATIONS, "head")
    assert shape(url) == shapes[-1]


def test_the_models_and_the_migrations_agree(empty: tuple[Flask, str]) -> None:
    upgrade(MIGRATIONS, "head")
    from app.kernel.db import db

    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []
    check(MIGRATIONS)  # `flask db check` itself; it exits when there is a difference


@pytest.mark.proves("S3.7")
def test_the_extensions_are_made(empty: tuple[Flask, str]) -> None:
    upgrade(MIGRATIONS, "head")
    with psycopg.connect(empty[1]) as connection:
        names = {row[0] for row in connection.execute("SELECT extname FROM pg_extension")}
    assert {"pg_trgm", "unaccent"} <= names
