"""Takes pictures of the demo: of the README with `make screenshots`, of all screens with `make screens`."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask, session
from flask_appbuilder.security.sqla.models import Role, User
from sqlalchemy import select
from werkzeug.http import parse_cookie
from werkzeug.serving import make_server

from app import create_app
from app.access.roles import ADMIN
from app.access.sessions import end_session, start_session
from app.domains.catalog.models import Theme
from app.kernel.db import db, unit_of_work
from app.resources import Catalogue
from tests.conftest import CHROMIUM, MISSING
from tests.journeys.tour import READERS, screens, write_sheet

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
DESK, PHONE = (1360, 850), (390, 844)


@dataclass(frozen=True)
class Shot:
    """One picture: its file, the page, and how its reader likes it."""

    name: str
    path: str
    size: tuple[int, int] = DESK
    locale: str = "en"
    theme: str = "light"
    is_page: bool = False  # whatever the server answers is shown, an error too


def shots() -> list[Shot]:
    """List the pictures; the theme is the first of the demo."""
    theme = db.session.scalars(select(Theme).order_by(Theme.position)).first()
    if theme is None:
        sys.exit("There is nothing to be seen: load the demo first, with `make run`.")
    return [
        Shot("home", "/"),
        Shot("bookings", "/bookings/"),
        Shot("theme", f"/themes/{theme.id}/edit", theme="dark"),
        Shot("theme-arabic", f"/themes/{theme.id}", locale="ar"),
        Shot("phone", "/bookings/", size=PHONE),
    ]


def all_shots(catalogue: Catalogue) -> list[Shot]:
    """List a picture of every screen for every reader."""
    return [
        Shot(f"{name}.{reader}", path, size, locale, theme, is_page=True)
        for name, path in screens(catalogue)
        for reader, size, theme, locale in READERS
    ]


def main(folder: str = "") -> None:
    """Take those of the README, or all into a folder, with a sheet that shows them."""
    if not CHROMIUM:
        sys.exit(MISSING)
    from playwright.sync_api import sync_playwright

    app = create_app({"LOG_LEVEL": "WARNING"})
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    into = Path(folder) if folder else FOLDER
    into.mkdir(parents=True, exist_ok=True)
    with app.app_context(), signed_in(app) as cookie, serving(app) as address:
        wanted = all_shots(app.extensions["catalogue"]) if folder else shots()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            for shot in wanted:
                take(browser, address, shot, cookie, into)
                print(into / f"{shot.name}.png")  # noqa: T201  # a command says what it made
            take_sign_in(browser, address, into) if folder else None
            browser.close()
    if folder:
        names = list(dict.fromkeys(shot.name.partition(".")[0] for shot in wanted))
        print(write_sheet(into, [*names, "sign-in"]))  # noqa: T201


def take_sign_in(browser: Any, address: str, into: Path) -> None:
    """Take the one screen that nobody signed in sees."""
    for reader, size, theme, locale in READERS:
        take(browser, address, Shot(f"sign-in.{reader}", "/login/", size, locale, theme), ("none", ""), into)


def take(browser: Any, address: str, shot: Shot, cookie: tuple[str, str], into: Path) -> None:
    """Open a page as its reader would, and write what is seen."""
    width, height = shot.size
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=shot.theme)
    chosen = {cookie[0]: cookie[1], "locale": shot.locale, "theme": shot.theme}
    context.add_cookies([{"name": name, "value": value, "url": address} for name, value in chosen.items()])
    page = context.new_page()
    answer = page.goto(address + shot.path, wait_until="load" if shot.is_page else "networkidle")
    if answer.status != 200 and not shot.is_page:
        sys.exit(f"{shot.path} answered {answer.status}.")
    if shot.is_page:
        page.wait_for_timeout(400)  # what comes by a script has come; a live page is never idle
    page.screenshot(path=into / f"{shot.name}.png")
    context.close()


@contextmanager
def signed_in(app: Flask) -> Iterator[tuple[str, str]]:
    """Give the cookie of a session of the first Admin, which ends with the block; no password is needed."""
    with app.test_request_context("/"):
        admin = db.session.scalars(
            select(User).where(User.active.is_(True), User.roles.any(Role.name == ADMIN)).order_by(User.id)
        ).first()
        if admin is None:
            sys.exit("There is no administrator: make one first, with `make run`.")
        with unit_of_work():
            start_session(admin)
        answer = app.response_class()
        app.session_interface.save_session(app, session, answer)  # type: ignore[arg-type]  # the proxy is it
        name = app.config["SESSION_COOKIE_NAME"]
        yield name, parse_cookie(answer.headers["Set-Cookie"])[name]
        with unit_of_work():
            end_session()


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve the program on a free port of this machine."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(5)


if __name__ == "__main__":
    main(sys.argv[2] if sys.argv[1:2] == ["--all"] else "")
