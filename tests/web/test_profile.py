"""One's own account: language, appearance, and a password that ends every other session."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_appbuilder.security.sqla.models import Role, User
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import PASSWORD

NEW = "an even longer password"


def change(
    browser: FlaskClient, current: str = PASSWORD, new: str = NEW, again: str = NEW
) -> tuple[int, str]:
    """Send the form; give the status and the page."""
    answer = browser.post("/profile/password", data={"current": current, "new": new, "again": again})
    return answer.status_code, answer.get_data(as_text=True)


def sign_in_with(app: Flask, password: str) -> int:
    """Try to sign in as the editor."""
    data = {"username": "editor", "password": password}
    return app.test_client().post("/login/", data=data).status_code


def test_the_page_shows_who_one_is_and_what_one_may_choose(sign_in: Callable[[str], FlaskClient]) -> None:
    page = sign_in("Editor").get("/profile").get_data(as_text=True)

    assert "Editor Staff" in page
    assert "editor@example.com" in page
    for choice in ("Deutsch", "العربية", "हिन्दी", 'action="/profile/theme"', 'action="/profile/password"'):
        assert choice in page
    assert PASSWORD not in page


@pytest.mark.parametrize(("name", "value"), [("language", "de"), ("profile/theme", "dark")])
def test_a_choice_is_kept_in_the_account_and_leads_back_here(
    app: Flask, sign_in: Callable[[str], FlaskClient], name: str, value: str
) -> None:
    field = "locale" if name == "language" else "theme"
    browser = sign_in("Editor")
    assert 'name="next" value="/profile"' in browser.get("/profile").get_data(as_text=True)

    answer = browser.post(f"/{name}", data={field: value, "next": "/profile"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/profile")

    other = app.test_client()
    other.post("/login/", data={"username": "editor", "password": PASSWORD})
    page = other.get("/profile").get_data(as_text=True)
    assert (f'lang="{value}"' if name == "language" else f'data-bs-theme="{value}"') in page[:300]


def test_a_theme_that_is_none_is_refused(sign_in: Callable[[str], FlaskClient]) -> None:
    assert sign_in("Editor").post("/profile/theme", data={"theme": "sepia"}).status_code == 400


def test_the_new_password_counts_here_and_everywhere(
    app: Flask, sign_in: Callable[[str], FlaskClient]
) -> None:
    here = sign_in("Editor")
    elsewhere = app.test_client()
    elsewhere.post("/login/", data={"username": "editor", "password": PASSWORD})
    assert elsewhere.get("/profile").status_code == 200

    status, _page = change(here)

    assert status == 303
    assert here.get("/profile").status_code == 200, "who changed the password stays signed in"
    assert elsewhere.get("/profile").status_code == 302, "every other session has ended"
    assert sign_in_with(app, PASSWORD) == 401
    assert sign_in_with(app, NEW) == 303


def test_the_present_password_must_be_known(app: Flask, sign_in: Callable[[str], FlaskClient]) -> None:
    status, page = change(sign_in("Editor"), current="a guess of somebody else")

    assert status == 422
    assert "not your present password" in page
    assert sign_in_with(app, PASSWORD) == 303


def test_guessing_the_present_password_is_limited_like_signing_in(
    sign_in: Callable[[str], FlaskClient],
) -> None:
    browser = sign_in("Editor")
    statuses = [change(browser, current=f"guess number {n}")[0] for n in range(6)]

    assert statuses[0] == 422
    assert statuses[-1] == 429


@pytest.mark.parametrize(
    ("new", "again", "sentence"),
    [("short", "short", "at least"), (NEW, NEW + "!", "differ"), ("editor", "editor", "")],
)
def test_a_weak_or_mistyped_password_is_refused_with_the_reason(
    app: Flask, sign_in: Callable[[str], FlaskClient], new: str, again: str, sentence: str
) -> None:
    status, page = change(sign_in("Editor"), new=new, again=again)

    assert status == 422
    assert sentence in page
    assert sign_in_with(app, PASSWORD) == 303


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/profile"), ("POST", "/profile/password"), ("POST", "/profile/theme")]
)
def test_a_stranger_has_no_account(client: FlaskClient, method: str, path: str) -> None:
    answer = client.open(path, method=method)

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/login/")


def test_an_admin_gives_a_user_another_password_from_their_page(
    sign_in: Callable[..., FlaskClient], session: Session
) -> None:
    sign_in("Viewer")
    key = session.scalar(select(User.id).where(User.roles.any(Role.name == "Viewer")))
    client = sign_in("Admin")
    page = client.get(f"/users/{key}").get_data(as_text=True)
    assert f'action="/users/{key}/password"' in page
    assert f"/users/{key}/delete" not in page
    done = client.post(f"/users/{key}/password", follow_redirects=True).get_data(as_text=True)
    assert "shown this once" in done and 'data-tone="warning"' in done


SCREENS = {"density": "compact", "start_page": "/packages/", "shortcuts": "off", "time_zone": "Asia/Kolkata"}


def test_density_keys_start_page_and_time_zone_are_kept_in_the_account(
    app: Flask, sign_in: Callable[[str], FlaskClient]
) -> None:
    browser = sign_in("Editor")
    assert 'data-density="cosy"' in browser.get("/").get_data(as_text=True)

    answer = browser.post("/profile/screens", data=SCREENS)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/profile")
    for address in ("/", "/packages/", "/profile"):
        head = browser.get(address).get_data(as_text=True)[:400]
        assert 'data-density="compact"' in head, address
        assert 'data-shortcuts="off"' in head, address
    assert "GMT+05:30" in browser.get("/profile").get_data(as_text=True), "when the session was seen last"
    again = app.test_client().post("/login/", data={"username": "editor", "password": PASSWORD})
    assert again.headers["Location"] == "/start"
    assert browser.get("/start").headers["Location"] == "/packages/"


def test_a_start_page_that_may_be_opened_no_longer_is_home(
    app: Flask, session: Session, sign_in: Callable[[str], FlaskClient]
) -> None:
    browser = sign_in("Editor")
    browser.post("/profile/screens", data=SCREENS)
    user = session.scalars(select(User).where(User.username == "editor")).one()
    user.roles = [session.scalars(select(Role).where(Role.name == "Booking operator")).one()]
    session.commit()
    browser.post("/login/", data={"username": "editor", "password": PASSWORD})
    assert browser.get("/start").headers["Location"] == "/packages/", "an operator reads packages"

    user.roles = []
    session.commit()
    browser.post("/login/", data={"username": "editor", "password": PASSWORD})

    assert browser.get("/start").headers["Location"] == "/"


@pytest.mark.parametrize(
    ("name", "value"),
    [("density", "tiny"), ("start_page", "/users/"), ("shortcuts", ""), ("time_zone", "Mars/Olympus")],
)
def test_a_choice_that_is_not_offered_is_refused_beside_its_field(
    sign_in: Callable[[str], FlaskClient], name: str, value: str
) -> None:
    browser = sign_in("Editor")

    answer = browser.post("/profile/screens", data=SCREENS | {name: value})

    assert answer.status_code == 422
    assert f'id="i-{name}-error"' in answer.get_data(as_text=True)
    assert 'data-density="cosy"' in browser.get("/").get_data(as_text=True), "nothing of it is kept"


def test_one_sees_where_one_is_signed_in_and_signs_out_there(
    app: Flask, sign_in: Callable[[str], FlaskClient]
) -> None:
    browser, other, third = sign_in("Editor"), app.test_client(), app.test_client()
    agent = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}
    for client in (other, third):
        client.post("/login/", data={"username": "editor", "password": PASSWORD}, headers=agent)
    page = browser.get("/profile").get_data(as_text=True)
    keys = re.findall(r'name="id" value="([0-9a-f-]{36})"', page)
    assert page.count("Firefox, Linux</b>") == 2
    assert len(keys) == 2, "not for this session"

    browser.post("/profile/sessions", data={"id": keys[0]})
    assert sorted(client.get("/profile").status_code for client in (other, third)) == [200, 302]
    browser.post("/profile/sessions")

    assert [client.get("/profile").status_code for client in (browser, other, third)] == [200, 302, 302]
    assert browser.post("/profile/sessions", data={"id": "none"}).status_code == 400


def test_nobody_ends_the_session_of_another(app: Flask, sign_in: Callable[..., FlaskClient]) -> None:
    mine, theirs = sign_in("Editor"), sign_in("Viewer")
    other = app.test_client()
    other.post("/login/", data={"username": "viewer", "password": PASSWORD})
    key = re.findall(r'name="id" value="([0-9a-f-]{36})"', theirs.get("/profile").get_data(as_text=True))[0]

    mine.post("/profile/sessions", data={"id": key})

    assert other.get("/profile").status_code == 200
