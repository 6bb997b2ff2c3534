"""Browsers that need a form's token, tries that are counted anew for each test, and the planted program."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.kernel.db import db
from tests.access.stage import make_stage


@pytest.fixture(autouse=True)
def forget_tries(request: pytest.FixtureRequest) -> None:
    """Begin each test with no try to sign in counted."""
    if "app" in request.fixturenames:
        for limiter in set(request.getfixturevalue("app").extensions["limiter"]):
            limiter.reset()


@pytest.fixture
def client(app: Flask, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """Give a browser that nobody has signed in with, to which forms give their token."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    return app.test_client()


@pytest.fixture
def stage(app: Flask) -> Iterator[Flask]:
    """Give the small program with planted screens, inside the test's transaction."""
    made = make_stage(db._app_engines[app][None])
    yield made
    with made.app_context():
        db.session.remove()
    db._app_engines.pop(made)
