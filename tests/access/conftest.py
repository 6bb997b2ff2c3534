"""Provisional."""

from __future__ import annotations
import sys

sys.path.insert(0, "/work/tmp/access")
import pytest
from trial import make
from app.access import sync, accounts
from app.kernel.db import db
from flask_appbuilder.security.sqla.models import Role, User
import re


@pytest.fixture(scope="session")
def app():
    app, ab = make(TESTING=True, PROPAGATE_EXCEPTIONS=False, RATELIMIT_ENABLED=True)
    with app.app_context():
        db.drop_all()
        db.create_all()
        sync.sync_permissions(ab, app.extensions["catalogue"])
        db.session.commit()
        db.session.remove()
    return app


@pytest.fixture
def session(app):
    with app.app_context():
        connection = db.engine.connect()
        tr = connection.begin()
        engines = db._app_engines[app]
        saved = dict(engines)
        engines[None] = connection
        db.session.remove()
        db.session.configure(join_transaction_mode="create_savepoint")
        app.config["READ_IN_SESSION"] = True
        yield db.session
        db.session.remove()
        engines.update(saved)
        tr.rollback()
        connection.close()


@pytest.fixture(autouse=True)
def forget_tries(app):
    for limiter in app.extensions["limiter"]:
        limiter.reset()


@pytest.fixture
def count_statements(app):
    from tests.conftest import count_statements as real

    return real.__wrapped__(app) if hasattr(real, "__wrapped__") else real._get_wrapped_function()(app)


@pytest.fixture
def client(app, session):
    return app.test_client()


@pytest.fixture
def sign_in(session):
    def go(client, role):
        from app.access.sync import roles

        name = role.lower().replace(" ", "-")
        if not accounts.find_user(name):
            accounts.create_user(name, f"{name}@example.com", "eleven green lanterns", [role])
            session.commit()
        page = client.get("/login/")
        tok = re.search(r"<form>(.*?)\|", page.text)[1]
        r = client.post(
            "/login/",
            data={"username": name, "password": "eleven green lanterns", "csrf_token": tok},
            environ_overrides={"REMOTE_ADDR": "10.0.0.1"},
        )
        assert r.status_code == 303, r.text
        return accounts.find_user(name)

    return go
