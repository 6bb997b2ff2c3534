"""One PostgreSQL for the run, one database a worker, one transaction a test, rolled back."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import make_url
from sqlalchemy.orm import Session

from tests.contracts import hold_to_contract

SERVER = "FESTOON_TEST_POSTGRES"
PASSWORD = "a long enough password"  # of users that live for one test


def pytest_configure(config: pytest.Config) -> None:
    """Start the server once, before the workers, which find its address in the environment."""
    if hasattr(config, "workerinput") or os.environ.get(SERVER):
        return
    from app.kernel.embedded.postgres import Postgres

    folder = Path(tempfile.mkdtemp(prefix="festoon-tests-"))
    folder.chmod(0o711)  # under root the server runs as another user, who must get through
    server = Postgres(folder / "postgres", durable=False)
    os.environ[SERVER] = server.start()
    config.stash[_STARTED] = (server, folder)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server and leave nothing behind."""
    if (started := config.stash.get(_STARTED, None)) is not None:
        server, folder = started
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
        os.environ.pop(SERVER, None)


_ADDRESSES = count(1)
_STARTED: pytest.StashKey[Any] = pytest.StashKey()


def make_database(name: str) -> str:
    """Make an empty database and give its address."""
    url = make_url(os.environ[SERVER]).set(drivername="postgresql")
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')
    return url.set(database=name, drivername="postgresql+psycopg").render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def database_url(worker_id: str) -> str:
    """Give this worker's own database."""
    return make_database(f"festoon_test_{worker_id}")


class Browser(FlaskClient):
    """A client whose requests have a session of their own, as in life; what the test wrote is committed first."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        from app.kernel.db import db

        db.session.commit()
        with self.application.app_context():
            answer = super().open(*args, **kwargs)
        db.session.expire_all()
        hold_to_contract(self.application, answer)
        return answer


@pytest.fixture(scope="session")
def whole_app(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Make the program on this worker's database: migrated and in line with the declarations."""
    from flask_migrate import upgrade

    from app import create_app
    from app.kernel.db import db

    app = create_app(
        {
            "TESTING": True,
            "SQLALCHEMY_DATABASE_URI": database_url,
            "REDIS_URL": "",
            "SECRET_KEY": "k" * 48,
            "UPLOAD_FOLDER": str(tmp_path_factory.mktemp("uploads")),
            "SERVER_NAME": None,
            "READ_CATALOGUES": False,  # thousands of rows that few tests are about
        }
    )
    app.test_client_class = Browser
    with app.app_context():
        upgrade(str(Path(__file__).parents[1] / "migrations"))
        result = app.test_cli_runner().invoke(args=["sync"])
        assert result.exit_code == 0, result.output
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@contextmanager
def lent(program: Flask, connection: Any) -> Iterator[Flask]:
    """Let all that the program does run on one connection, inside the transaction that is open there."""
    from app.kernel import shared
    from app.kernel.db import db
    from app.surfaces.records.listing import totals

    totals.clear()
    shared.forget_all()
    for limiter in program.extensions["limiter"]:
        limiter.reset()
    engine = db.engine
    db.session.remove()  # one that a fixture of a larger scope left would not take what is configured
    engines = db._app_engines[program]
    db.session.configure(join_transaction_mode="create_savepoint")
    engines[None] = connection  # a connection serves as an engine here
    program.config["READ_IN_SESSION"] = True
    try:
        yield program
    finally:
        db.session.remove()
        engines[None] = engine
        program.config["READ_IN_SESSION"] = False


@pytest.fixture
def app(whole_app: Flask) -> Iterator[Flask]:
    """Lend the program with its database inside one transaction that is rolled back afterwards."""
    from app.kernel.db import db

    with whole_app.app_context(), db.engine.connect() as connection:
        outer = connection.begin()
        with lent(whole_app, connection):
            yield whole_app
        outer.rollback()


@pytest.fixture
def session(app: Flask) -> Session:
    """Give the session of the test."""
    from app.kernel.db import db

    found: Session = db.session()
    return found


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Give a browser that nobody has signed in with."""
    app.config["WTF_CSRF_ENABLED"] = False
    return app.test_client()


@pytest.fixture
def sign_in(app: Flask, session: Session) -> Callable[..., FlaskClient]:
    """Give a browser in which a user of a role is signed in: `sign_in("Editor")`."""

    def enter(role: str, username: str = "") -> FlaskClient:
        from app.access.accounts import create_user

        name = username or role.lower().replace(" ", "-")
        create_user(name, f"{name}@example.com", PASSWORD, [role], first_name=role, last_name="Staff")
        session.commit()
        app.config["WTF_CSRF_ENABLED"] = False
        browser = app.test_client()
        address = {"REMOTE_ADDR": f"127.1.0.{next(_ADDRESSES) % 250}"}  # tries are counted by address
        form = {"username": name, "password": PASSWORD}
        answer = browser.post("/login/", data=form, environ_base=address)
        assert answer.status_code in (302, 303), answer.get_data(as_text=True)[:500]
        return browser

    return enter


@pytest.fixture
def ours(session: Session) -> Any:
    """Store the company that Vera looks after, with all that it has."""
    from tests.domains.partners import estate

    return estate(session, "Lindenhof")


@pytest.fixture
def noise(session: Session) -> Any:
    """Store a company of others, so that a condition that is missing is noticed."""
    from tests.domains.partners import estate

    return estate(session, "Canary")


@pytest.fixture
def vera(sign_in: Callable[..., FlaskClient], session: Session, ours: Any, noise: Any) -> FlaskClient:
    """Give the browser of Vera, a partner: she looks after `ours` and learns nothing of `noise`."""
    from tests.domains.partners import entrust

    browser = sign_in("Partner", "vera")
    entrust(session, "vera", ours.company)
    return browser


class Statements(list[str]):
    """The SQL statements that ran while the block did."""


@pytest.fixture
def count_statements(app: Flask) -> Callable[[], Any]:
    """Give a context manager that gathers the statements of a block, savepoints left out."""
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    from app.kernel import shared

    @contextmanager
    def counting() -> Iterator[Statements]:
        seen = Statements()
        shared.load_all()

        def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
                seen.append(statement)

        event.listen(Engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(Engine, "before_cursor_execute", note)

    return counting


CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), ""
)
MISSING = "there is no Chromium here: run `make browser` once, then the browser tests run too"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Start the browser."""
    if not CHROMIUM:
        if os.environ.get("FESTOON_REQUIRE_BROWSER"):
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    from playwright.sync_api import sync_playwright

    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield browser
        browser.close()
