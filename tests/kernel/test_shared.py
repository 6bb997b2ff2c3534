"""What a process keeps in memory of the database: forgotten when somebody writes it, in this process or another."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from redis import Redis
from sqlalchemy import text, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.kernel import languages, shared
from app.kernel.db import reading
from app.kernel.languages import Language
from app.kernel.shared import CHANNEL, Shared
from tests.conftest import make_database
from tests.factories import LanguageFactory

SEEDED = ("en", "de", "es", "hi", "ar")


def test_a_value_is_read_once(session: Session, count_statements: Any) -> None:
    assert languages.locales() == SEEDED
    with count_statements() as seen:
        assert (languages.locales(), languages.find("DE"), languages.find("fr")) == (
            SEEDED,
            languages.find("de"),
            None,
        )
    assert seen == []


def test_who_writes_sees_it_at_once_and_a_rollback_takes_it_back(session: Session) -> None:
    assert languages.locales() == SEEDED
    savepoint = session.begin_nested()
    LanguageFactory(tag="fr")
    assert languages.locales() == (*SEEDED, "fr")
    savepoint.rollback()
    assert languages.locales() == SEEDED
    LanguageFactory(tag="it")
    session.rollback()
    assert languages.locales() == SEEDED
    LanguageFactory(tag="it")
    session.commit()
    assert languages.locales() == (*SEEDED, "it")


def test_a_bulk_write_is_noticed_too(session: Session) -> None:
    assert languages.content_locales() == SEEDED[1:]
    session.execute(update(Language).where(Language.tag == "hi").values(is_enabled=False))
    assert languages.content_locales() == ("de", "es", "ar")


def test_what_is_read_while_it_is_written_is_not_kept(app: Flask) -> None:
    told = iter(["old", "new"])

    def load(_connection: Any) -> str:
        found = next(told)
        if found == "old":
            shared.forget("a test's")  # somebody writes just now
        return found

    value = Shared("a test's", tables=(), load=load)
    try:
        assert (value.get(), value.get(), value.get()) == ("old", "new", "new")
    finally:
        del shared._known["a test's"]


def test_without_a_database_the_last_known_value_is_given(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    LanguageFactory(tag="fr")
    session.commit()
    assert languages.locales() == (*SEEDED, "fr")
    shared.forget_all()

    def away() -> Iterator[Any]:
        raise OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setattr(shared, "reading", away)
    assert languages.locales() == (*SEEDED, "fr")
    monkeypatch.setattr(languages._registry, "_last", shared._NOTHING)
    assert languages.locales() == SEEDED
    monkeypatch.setattr(shared, "reading", reading)
    shared.forget_all()
    assert languages.locales() == (*SEEDED, "fr")


def test_a_job_begins_with_what_others_wrote(session: Session) -> None:
    from app.kernel.jobs import NamedJob, _run, kinds

    kind = next(iter(kinds().values()))
    seen: list[tuple[str, ...]] = []
    found = type(kind)("a test's", lambda: seen.append(languages.locales()))
    assert languages.locales() == SEEDED
    session.execute(text("UPDATE language SET is_enabled = false WHERE tag = 'ar'"))  # nobody notices this
    session.commit()
    assert languages.locales() == SEEDED
    _run(found, NamedJob(id="1", connection=Redis()))  # it is never asked
    assert seen == [("en", "de", "es", "hi")]


def test_each_table_of_a_shared_value_tells_the_other_processes(session: Session) -> None:
    asked = text(
        "SELECT c.relname, encode(t.tgargs, 'escape') FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid"
        " JOIN pg_proc AS p ON p.oid = t.tgfoid WHERE p.proname = 'festoon_notify'"
    )
    told = {(table, names.split("\\000")[0]) for table, names in session.execute(asked)}
    own = {(table, value.name) for value in shared.all_shared() for table in value.tables}
    assert ("language", "languages") in told
    assert own <= told


SERVING = """
import sys
answers, sys.stdout = sys.stdout, sys.stderr  # the program's log goes to the other one
from flask_migrate import upgrade
from app import create_app
from app.kernel import languages

app = create_app({"REDIS_URL": "", "SECRET_KEY": "k" * 48})
with app.app_context():
    upgrade(sys.argv[1])
with app.test_request_context("/"):
    for _line in sys.stdin:
        print(languages.locales(), flush=True, file=answers)
"""


@pytest.fixture(scope="module")
def served(worker_id: str) -> Iterator[tuple[str, Callable[[], str]]]:
    """Let a process serve on a database that really commits; give its address and what asks the process."""
    plain = make_database(f"festoon_shared_{worker_id}").replace("+psycopg", "")
    process = subprocess.Popen(
        [sys.executable, "-c", SERVING, str(Path(__file__).parents[2] / "migrations")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "DATABASE_URL": plain},
    )
    questions, answers = process.stdin, process.stdout
    assert questions is not None
    assert answers is not None

    def ask() -> str:
        questions.write("\n")
        questions.flush()
        return answers.readline().strip()

    with process:
        try:
            yield plain, ask
        finally:
            process.kill()


def until(wanted: tuple[str, ...], ask: Callable[[], str]) -> None:
    """Ask until it is so, for ten seconds at most."""
    deadline = time.monotonic() + 10
    while (told := ask()) != str(wanted):
        assert time.monotonic() < deadline, f"{told} is not {wanted}"
        time.sleep(0.05)


# Rule 23
def test_another_process_knows_an_added_language_without_a_restart(
    served: tuple[str, Callable[[], str]],
) -> None:
    address, ask = served
    assert ask() == str(SEEDED)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("INSERT INTO language (id, tag, position) VALUES (gen_random_uuid(), 'fr', 9)")
        until((*SEEDED, "fr"), ask)
        # Whoever lost the line forgets everything when it is there again.
        lost = (
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND query LIKE %s"
        )
        assert connection.execute(lost, [f"LISTEN {CHANNEL}"]).fetchone() == (1,)
        connection.execute("UPDATE language SET is_enabled = false WHERE tag = 'fr'")
        until(SEEDED, ask)


def test_a_rolled_back_write_tells_nobody(served: tuple[str, Callable[[], str]]) -> None:
    address, ask = served
    assert ask() == str(SEEDED)
    with psycopg.connect(address, autocommit=True) as hearing, psycopg.connect(address) as writing:
        hearing.execute(f"LISTEN {CHANNEL}")
        writing.execute("UPDATE language SET position = 7 WHERE tag = 'ar'")
        writing.rollback()
        assert list(hearing.notifies(timeout=0.2)) == []
        writing.execute("UPDATE language SET position = 7 WHERE tag = 'ar'")
        writing.commit()
        assert [notice.payload for notice in hearing.notifies(timeout=5, stop_after=1)] == ["languages"]


def test_the_value_is_given_outside_of_the_application_as_well() -> None:
    assert languages.interface_locales()[0] == "en"
