"""A running program and a real Chromium for the stories; skipped with a sentence where there is none."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect

from tests.conftest import PASSWORD, make_database
from tests.serving import serving

SLOWER = int(os.environ.get("SLOWER_BROWSER", "1"))
"""How many times slower the browser works: what counts on time, in a script or in a test, shows at 5."""


expect.set_options(timeout=15_000 * SLOWER)  # on a busy machine a script may come late


def slow_down(page: Any, times: int) -> None:
    """Make a page compute so many times slower, and its scripts arrive a moment late."""
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": times})

    def late(route: Any) -> None:
        page.wait_for_timeout(20)
        route.continue_()

    page.route("**/static/js/**", late)


@pytest.fixture(scope="session")
def live(worker_id: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Flask]]:
    """Serve the program, with a database of its own, on a free port of this machine."""
    from flask_migrate import upgrade

    from app import create_app
    from app.kernel.db import db

    app = create_app(
        {
            "TESTING": True,
            "SQLALCHEMY_DATABASE_URI": make_database(f"festoon_live_{worker_id}"),
            "REDIS_URL": "",
            "SECRET_KEY": "k" * 48,
            "UPLOAD_FOLDER": str(tmp_path_factory.mktemp("live")),
        }
    )
    with app.app_context():
        upgrade(str(Path(__file__).parents[2] / "migrations"))
        assert app.test_cli_runner().invoke(args=["sync"]).exit_code == 0
        add_staff(app)
    with serving(app) as address:
        yield address, app
    with app.app_context():
        db.engine.dispose()


def add_staff(app: Flask) -> None:
    """Make a user of each role, named as the role in small letters."""
    from app.access.accounts import create_user
    from app.access.roles import ROLES
    from app.kernel.db import unit_of_work

    with unit_of_work():
        for role in ROLES:
            name = role.lower().replace(" ", "-")
            create_user(name, f"{name}@example.com", PASSWORD, [role], first_name=role, last_name="Staff")


@pytest.fixture
def enter(live: tuple[str, Flask], chromium: Any) -> Iterator[Callable[..., Any]]:
    """Sign in as a role and give the page: `enter("Editor", width=390, dark=True, locale="ar")`.

    A test fails when a page of it said an error in the console or broke the content policy; what a test breaks
    off on purpose it adds to `enter.forgiven`.
    """
    base, app = live
    contexts, said = [], []

    def sign_in(
        role: str, width: int = 1440, height: int = 900, dark: bool = False, locale: str = "en"
    ) -> Any:
        for limiter in app.extensions["limiter"]:
            limiter.reset()
        context = chromium.new_context(
            base_url=base,
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            locale=locale,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000 * SLOWER)
        if SLOWER > 1:
            slow_down(page, SLOWER)
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error.stack or error)))
        page.goto("/login/")
        page.fill("[name=username]", role.lower().replace(" ", "-"))
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url(lambda url: "/login" not in url)
        return page

    sign_in.said = said  # type: ignore[attr-defined]
    sign_in.forgiven = ["status of 4"]  # type: ignore[attr-defined]
    yield sign_in
    for context in contexts:
        context.close()
    forgiven: list[str] = sign_in.forgiven  # type: ignore[attr-defined]
    unexpected = [text for text in said if not any(part in text for part in forgiven)]
    assert unexpected == []
