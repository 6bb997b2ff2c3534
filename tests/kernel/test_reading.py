"""What a request that only reads leaves behind on its connection."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import text

from app.kernel.db import db, read_alone

QUESTION = text("SELECT count(*) FROM package WHERE position > :position")
PREPARED = text("SELECT pg_backend_pid(), count(*) FROM pg_prepared_statements")


def ask(app: Flask, alone: bool) -> tuple[int, int]:
    """Ask often enough for the driver to prepare the statement; give (backend, statements kept there)."""
    for _request in range(8):
        with app.app_context():
            if alone:
                read_alone()
            db.session.execute(QUESTION, {"position": 1})
            kept = db.session.execute(PREPARED).one()
    return kept[0], kept[1]


@pytest.fixture
def fresh_app(whole_app: Flask) -> Flask:
    """Give the program with new connections and no test's transaction around it."""
    with whole_app.app_context():
        db.engine.dispose()
    return whole_app


def test_a_request_that_only_reads_keeps_the_prepared_statements(fresh_app: Flask) -> None:
    alone = ask(fresh_app, alone=True)
    assert alone[1] >= 1
    in_transaction = ask(fresh_app, alone=False)
    assert in_transaction[0] == alone[0], "not the same connection: the comparison says nothing"
    assert in_transaction[1] == 0


def test_what_is_read_alone_sees_what_others_have_committed(fresh_app: Flask) -> None:
    with fresh_app.app_context():
        read_alone()
        before = db.session.execute(text("SELECT txid_current()")).scalar_one()
        assert db.session.execute(text("SELECT txid_current()")).scalar_one() > before
