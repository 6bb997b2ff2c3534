"""The language of the screens: the account's, else the cookie's, else the browser's."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import get_locale
from sqlalchemy import select

from app.access.babel import prefer, theme_of_request
from app.access.models import StaffPreference
from app.kernel.db import db
from tests.access.steps import enter, make_user, post


def language(client: FlaskClient, path: str = "/login/", accept: str = "", **more: Any) -> str:
    """Ask for a page and tell which language it was made in."""
    with client:
        client.get(path, headers={"Accept-Language": accept}, **more)
        return str(get_locale())


def test_the_browsers_wish_is_followed_as_far_as_we_can(stage: Flask) -> None:
    client = stage.test_client()
    for wish, given in (
        ("de", "de"), ("de-AT,de;q=0.9", "de"), ("fr-FR, hi;q=0.8, en;q=0.5", "hi"), ("fr", "en"), ("", "en"),
        ("ar-EG", "ar"), ("en-GB, de", "en"), ("*", "en"), ("de;q=0, es", "es"),
        (";;;,q=", "en"), ("x" * 9000, "en"),
    ):  # fmt: skip
        assert language(client, accept=wish) == given, wish


def test_the_switch_goes_before_the_browser_and_comes_back(stage: Flask) -> None:
    client = stage.test_client()
    answer = post(client, "/language", {"locale": "ar", "next": "/planted/?q=1"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/planted/?q=1")
    assert answer.headers["Set-Cookie"].startswith("locale=ar;")
    assert language(client, accept="de") == "ar"


def test_without_a_next_the_switch_goes_back_to_where_it_stood(stage: Flask) -> None:
    client = stage.test_client()
    for came_from, led_to in (
        ("http://localhost/planted/?q=1", "/planted/?q=1"),
        ("http://evil.example/planted/", "/"),
        ("", "/"),
    ):
        answer = post(client, "/language", {"locale": "de"}, headers={"Referer": came_from})
        assert answer.headers["Location"] == led_to


@pytest.mark.parametrize("locale", ["", "fr", "xx", "en_US", "../../etc", "de\r\nSet-Cookie: a=b"])
def test_a_language_that_is_not_offered_is_refused(stage: Flask, locale: str) -> None:
    answer = post(stage.test_client(), "/language", {"locale": locale})
    assert answer.status_code == 400


def test_the_account_goes_before_the_cookie(stage: Flask) -> None:
    client, user = stage.test_client(), make_user("Viewer")
    post(client, "/language", {"locale": "ar"})
    enter(client, user.username)
    assert language(client, "/planted/") == "ar"
    post(client, "/language", {"locale": "hi"})
    with_account = stage.test_client()
    enter(with_account, user.username)
    assert language(with_account, "/planted/", accept="de") == "hi"
    assert db.session.scalars(
        select(StaffPreference.locale).where(StaffPreference.user_id == user.id)
    ).all() == ["hi"]


@pytest.mark.parametrize("value", ["fr", "de-AT", "<script>", "", "en_US"])
def test_a_cookie_that_makes_no_sense_is_not_followed(stage: Flask, value: str) -> None:
    client = stage.test_client()
    client.set_cookie("locale", value)
    assert language(client, accept="es") == "es"


def test_an_api_takes_the_address_then_the_browser_and_nothing_else(stage: Flask) -> None:
    client, user = stage.test_client(), make_user("Viewer")
    post(client, "/language", {"locale": "ar"})
    enter(client, user.username)
    post(client, "/language", {"locale": "ar"})
    assert language(client, "/api/v1/planted/both?lang=hi", accept="de") == "hi"
    assert language(client, "/api/v1/planted/both?lang=de-AT", accept="es") == "de"
    assert language(client, "/api/v1/planted/both?lang=fr", accept="es") == "es"
    assert language(client, "/public/page?lang=es", accept="de") == "es"
    assert language(client, "/public/page") == "en"


def test_the_languages_of_one_request_do_not_reach_the_next(stage: Flask) -> None:
    with stage.app_context():
        client = stage.test_client()
        assert language(client, accept="de") == "de"
        assert language(client, accept="ar") == "ar"
        db.session.remove()


def test_the_theme_is_the_cookies_then_the_accounts(stage: Flask) -> None:
    client, user = stage.test_client(), make_user("Viewer")
    enter(client, user.username)

    def theme() -> str:
        with client:
            client.get("/planted/")
            return theme_of_request()

    assert theme() == "auto"
    prefer(user.id, theme="dark")
    prefer(user.id, locale="de")
    db.session.commit()
    assert theme() == "dark"
    client.set_cookie("theme", "light")
    assert theme() == "light"
    client.set_cookie("theme", "<b>")
    assert theme() == "dark"


def test_only_our_own_catalogues_are_read(stage: Flask) -> None:
    folders = stage.extensions["babel"].translation_directories
    assert [folder.rsplit("/", 1)[-1] for folder in folders] == ["translations"]
    assert "flask_appbuilder" not in folders[0]
    assert set(stage.config["LANGUAGES"]) == {"en", "de", "es", "hi", "ar"}
