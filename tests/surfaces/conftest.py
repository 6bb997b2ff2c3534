"""A second program, which knows a content type more than the first."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from flask import Flask

from tests.conftest import Browser, lent
from tests.surfaces.stalls import declared


@pytest.fixture(scope="module")
def market(whole_app: Flask, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Make the program with stalls among its content types, on the database of the first."""
    from app import catalogue, create_app
    from app.kernel.db import db

    with declared() as stalls, pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalogue, "DECLARING", (*catalogue.DECLARING, SimpleNamespace(RESOURCES=(stalls,))))
        kept = ("TESTING", "SQLALCHEMY_DATABASE_URI", "REDIS_URL", "SECRET_KEY", "SERVER_NAME")
        facts = {name: whole_app.config[name] for name in kept}
        uploads = str(tmp_path_factory.mktemp("uploads"))
        program = create_app(facts | {"UPLOAD_FOLDER": uploads, "READ_CATALOGUES": False})
        program.test_client_class = Browser
        yield program
        with program.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def market_app(market: Flask) -> Iterator[Flask]:
    """Lend that program, its tables made and synced inside the transaction that is rolled back."""
    from app.access.sync import sync_permissions
    from app.kernel.db import db, metadata, unit_of_work
    from app.surfaces.contract import pages
    from app.surfaces.history.triggers import install_triggers

    catalogue = market.extensions["catalogue"]
    with market.app_context(), db.engine.connect() as connection:
        outer = connection.begin()
        metadata.create_all(connection, [metadata.tables[name] for name in ("stall", "stall_package")])
        with lent(market, connection):
            with unit_of_work() as session:
                install_triggers(session.connection(), catalogue)
                sync_permissions(market.extensions["appbuilder"], catalogue)
            pages._written.cache_clear()  # the contract is written once a process, which has one program in life
            yield market
            pages._written.cache_clear()
        outer.rollback()
