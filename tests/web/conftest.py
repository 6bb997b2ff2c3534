"""Whom and what tests of screens share; and a second program with routes that fail in every way there is."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

import pytest
from flask import Blueprint, Flask, Response, abort
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session
from werkzeug.exceptions import RequestEntityTooLarge, TooManyRequests

from app.domains.catalog.models import Package
from app.kernel.db import db
from app.kernel.errors import BadParameter, Conflict, Forbidden, Gone, Invalid, NotFound, PaymentRequired
from tests.factories import IncludedItemFactory, PackageFactory

CANARY = "canary-4711"
"""What stands in the inside of every fault and must not come out."""


def sql(statement: str) -> Callable[[], Any]:
    """Make a view that runs a statement."""
    return lambda: db.session.execute(text(statement)).all()


def raising(error: BaseException) -> Callable[[], Any]:
    """Make a view that fails."""

    def view() -> Any:
        raise error

    return view


def save_what_another_saved() -> Any:
    """Lose the race for a row for real: the revision is another by the time of the flush."""
    package = Package(name=CANARY, slug=CANARY, price_minor=1)
    db.session.add(package)
    db.session.flush()
    db.session.execute(text("UPDATE package SET revision = 99 WHERE id = :id"), {"id": package.id})
    package.name = "later"
    db.session.flush()


PACKAGE = "INSERT INTO package (id, name, slug, price_minor) VALUES (gen_random_uuid(), 'x', '{}', {})"
TWICE = f"{PACKAGE.format(CANARY, 1)}, (gen_random_uuid(), 'x', '{CANARY}', 1)"
ORPHAN = f"""
    INSERT INTO included_item (id, package_id, text)
    VALUES (gen_random_uuid(), gen_random_uuid(), '{CANARY}')
"""

FAULTS: dict[str, Callable[[], Any]] = {
    "not-found": raising(NotFound("There is no such thing.")),
    "forbidden": raising(Forbidden("Not yours.")),
    "conflict": raising(Conflict("It changed.")),
    "gone": raising(Gone("It is over.")),
    "unpaid": raising(PaymentRequired("Pay first.")),
    "invalid": raising(Invalid({"name": ["Give a name."], "items.0.text": ["Give a text."]})),
    "parameter": raising(BadParameter("page[size]", "Give a number.")),
    "http-400": lambda: abort(400),
    "http-401": lambda: abort(401),
    "http-403": lambda: abort(403),
    "http-404": lambda: abort(404, "Nothing here by that name."),
    "http-413": raising(RequestEntityTooLarge()),
    "http-429": raising(TooManyRequests(retry_after=17)),
    "http-500": lambda: abort(500, CANARY),
    "twice": sql(TWICE),
    "orphan": sql(ORPHAN),
    "rule": sql(PACKAGE.format(CANARY, -1)),
    "stale": save_what_another_saved,
    "no-number": sql(f"SELECT CAST('{CANARY}' AS integer)"),
    "slow": sql("SET LOCAL statement_timeout = 20; SELECT pg_sleep(5)"),
    "no-table": sql(f'SELECT * FROM "{CANARY}"'),
    "bug": raising(ZeroDivisionError(CANARY)),
}


def with_faults(**overrides: Any) -> Flask:
    """Make the program with the failing routes, once among its pages and once among its public JSON."""
    from app import create_app

    app = create_app({"TESTING": True, "REDIS_URL": "", "SECRET_KEY": "k" * 48} | overrides)
    for prefix in ("/faults", "/public/v1/faults"):
        blueprint = Blueprint(f"faults{prefix.replace('/', '-')}", __name__, url_prefix=prefix)
        for name, view in FAULTS.items():
            blueprint.add_url_rule(f"/{name}", name, view)
        blueprint.add_url_rule(
            "/answered", view_func=lambda: abort(Response("as it is", 418)), endpoint="answered"
        )
        app.register_blueprint(blueprint)
    return app


@pytest.fixture(scope="package")
def faulty(whole_app: Flask, database_url: str) -> Flask:
    """Give the failing program on the worker's database."""
    return with_faults(SQLALCHEMY_DATABASE_URI=database_url)


@pytest.fixture
def visitor(faulty: Flask) -> FlaskClient:
    """Give a browser of the failing program."""
    return faulty.test_client()


@pytest.fixture(scope="package")
def lost() -> Flask:
    """Give the program with a database that is not there."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    return with_faults(
        SQLALCHEMY_DATABASE_URI=f"postgresql+psycopg://festoon:{CANARY}@127.0.0.1:{port}/festoon"
    )


@pytest.fixture
def package(session: Session) -> Package:
    """Give a package with words to translate, and an item in it."""
    made = PackageFactory(name="Garden party", description="Under the old trees")
    IncludedItemFactory(package_id=made.id, text="Soup", position=0)
    session.commit()
    return made


@pytest.fixture
def translator(sign_in: Callable[..., FlaskClient]) -> FlaskClient:
    """Give the browser of somebody who translates."""
    return sign_in("Translator")


@pytest.fixture
def editor(sign_in: Callable[..., FlaskClient]) -> FlaskClient:
    """Give the browser of somebody who approves."""
    return sign_in("Editor")
