"""Alembic's environment: our metadata, one lock limit, one history."""

from __future__ import annotations

from alembic import context
from flask import current_app
from sqlalchemy import text

config = context.config
LOCK_LIMIT = "3s"


def _options() -> dict[str, object]:
    return dict(current_app.extensions["migrate"].configure_args)


def migrate_offline() -> None:
    """Write the migrations as SQL."""
    url = current_app.config["SQLALCHEMY_DATABASE_URI"]
    target = current_app.extensions["migrate"].db.metadata
    context.configure(url=url, target_metadata=target, literal_binds=True, **_options())
    with context.begin_transaction():
        context.run_migrations()


def migrate_online() -> None:
    """Run the migrations, each in its own transaction; a lock is waited for three seconds at most."""
    database = current_app.extensions["migrate"].db
    with database.engine.connect() as connection:
        connection.execute(text(f"SET lock_timeout = '{LOCK_LIMIT}'"))
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            transaction_per_migration=True,
            **_options(),
        )
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    migrate_offline()
else:
    migrate_online()
