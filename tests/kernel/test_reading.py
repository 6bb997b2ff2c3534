"""What a request that only reads leaves behind on its connection, and what is read past the engine."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import Engine, event, inspect, select, text
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from app.kernel.db import as_loaded, db, read_alone
from app.kernel.statements import Statement

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


def test_what_the_driver_reads_is_of_the_transaction_and_heard_by_listeners(session: Session) -> None:
    heard: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        heard.append(statement)

    session.execute(text("CREATE TEMPORARY TABLE seen_here (word text) ON COMMIT DROP"))
    session.execute(text("INSERT INTO seen_here VALUES ('mine')"))
    event.listen(Engine, "before_cursor_execute", note)
    try:
        rows = Statement("SELECT word FROM seen_here WHERE word = %(word)s", {}).run(
            session.connection(), {"word": "mine"}
        )
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert [(row.word, row[0]) for row in rows] == [("mine", "mine")]
    assert heard == ["SELECT word FROM seen_here WHERE word = %(word)s"]


def test_what_the_driver_refuses_is_raised_as_the_engine_would(session: Session) -> None:
    with pytest.raises(ProgrammingError) as caught, session.begin_nested():
        Statement("SELECT no_such_column FROM package", {}).run(session.connection(), {})
    assert "no_such_column" in str(caught.value.orig)


def test_a_connection_that_is_lost_while_the_driver_reads_is_one_of_the_engine_no_more(
    fresh_app: Flask,
) -> None:
    with fresh_app.app_context():
        connection = db.session.connection()
        own = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        with db.engine.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": own})
        with pytest.raises(OperationalError):
            Statement("SELECT 1", {}).run(connection, {})
        assert connection.invalidated
        db.session.rollback()
        assert db.session.execute(text("SELECT 1")).scalar_one() == 1


def test_a_record_of_a_row_is_the_sessions_own(session: Session) -> None:
    made = User(username="amal", first_name="Amal", last_name="Haddad", email="amal@example.org", active=True)
    session.add(made)
    session.flush()
    key = made.id
    session.expunge(made)
    row = session.execute(select(*User.__table__.c).where(User.id == key)).one()
    record = as_loaded(session, User, row)
    assert record in session
    assert record is not made
    assert not inspect(record).modified
    assert as_loaded(session, User, row) is record is session.get(User, key)
    record.first_name = "Amal Noor"
    session.flush()
    assert session.scalar(select(User.first_name).where(User.id == key)) == "Amal Noor"
