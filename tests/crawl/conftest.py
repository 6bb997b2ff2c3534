"""A program of its own with a small set in every type, for those who walk through all of its screens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.media.sandbox import Drawing
from tests.conftest import PASSWORD, make_database
from tests.crawl.screens import Screen, find_screens
from tests.serving import serving

TODAY = date(2026, 11, 21)
ADMIN = "mina"


def make_program(url: str, folder: Path) -> Flask:
    """Make the program on a database."""
    from app import create_app

    return create_app(
        {
            "TESTING": True,
            "WTF_CSRF_ENABLED": False,
            "SQLALCHEMY_DATABASE_URI": url,
            "REDIS_URL": "",
            "SECRET_KEY": "k" * 48,
            "UPLOAD_FOLDER": str(folder),
        }
    )


@pytest.fixture(scope="session")
def crawl_url(worker_id: str) -> str:
    """Give the address of the database that is walked through."""
    return make_database(f"festoon_crawl_{worker_id}")


@pytest.fixture(scope="session")
def crawled(crawl_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Make the program, with the demo in it; all of its pictures are drawn as one."""
    from flask_migrate import upgrade

    from app.kernel.db import db

    app = make_program(crawl_url, tmp_path_factory.mktemp("crawl"))
    with app.app_context():
        upgrade(str(Path(__file__).parents[2] / "migrations"))
        assert app.test_cli_runner().invoke(args=["sync"]).exit_code == 0
        fill()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def fill() -> None:
    """Load the demo, an Admin and a mail."""
    from app.access.accounts import create_user
    from app.demo.load import load_demo
    from app.demo.pictures import draw
    from app.kernel.actor import Actor, acting_as
    from app.kernel.db import db, unit_of_work
    from app.mail.models import KeptMail

    drawn = draw("blush-rings")

    def copy(names: Iterable[str]) -> Iterator[tuple[str, Drawing]]:
        return ((name, drawn) for name in names)

    with acting_as(Actor("command", "demo", "Demo data")):
        load_demo(TODAY, copy)
    with unit_of_work():
        create_user(ADMIN, "mina@example.com", PASSWORD, ["Admin"], first_name="Mina", last_name="Sato")
        raw = b"From: a@example.com\r\nTo: b@example.com\r\nSubject: Hello\r\n\r\nHello.\r\n"
        facts = {"number": "1", "kind": "booking_received", "locale": "en", "recipient": "b@example.com"}
        db.session.add(KeptMail(**facts, subject="Hello", message_id="<1@x>", size=len(raw), raw=raw))


def signed_in(app: Flask, locale: str = "en") -> FlaskClient:
    """Give a browser in which the Admin is signed in, in a language."""
    for limiter in app.extensions["limiter"]:
        limiter.reset()
    browser = app.test_client()
    answer = browser.post("/login/", data={"username": ADMIN, "password": PASSWORD})
    assert answer.status_code in (302, 303)
    assert browser.post("/language", data={"locale": locale}).status_code == 303
    return browser


@pytest.fixture(scope="session")
def walk(crawled: Flask) -> tuple[list[Screen], list[str]]:
    """Walk through the filled program once: its screens, and what broke down."""
    browser = signed_in(crawled)
    with crawled.app_context():
        return find_screens(crawled, browser)


@pytest.fixture(scope="session")
def screens(walk: tuple[list[Screen], list[str]]) -> list[Screen]:
    """Give every screen of the filled program."""
    return walk[0]


@pytest.fixture(scope="session")
def served(crawled: Flask) -> Iterator[str]:
    """Serve the filled program on a free port of this machine; give its address."""
    with serving(crawled) as address:
        yield address


def session_cookies(app: Flask, locale: str, address: str) -> list[dict[str, str]]:
    """Sign in, and give the cookies as a browser takes them."""
    jar = signed_in(app, locale)._cookies.values()  # a public way gives one cookie by its name
    return [{"name": cookie.key, "value": cookie.value, "url": address} for cookie in jar]
