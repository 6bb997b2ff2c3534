"""The frame: a menu of what the reader may list, in the declared order, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask, template_rendered
from flask.testing import FlaskClient

from app.web.shell import SCREENS, Shell


@pytest.fixture
def shells(app: Flask) -> Callable[[], Any]:
    """Give a context manager that gathers the frames of the pages that are shown."""

    @contextmanager
    def gathering() -> Iterator[list[Shell]]:
        seen: list[Shell] = []

        def note(_app: Flask, context: dict[str, Any], **_more: Any) -> None:
            seen.append(context["shell"])

        with template_rendered.connected_to(note, app):
            yield seen

    return gathering


def shell_of(browser: FlaskClient, shells: Callable[[], Any], path: str = "/", **headers: str) -> Shell:
    """Open a page and give its frame."""
    with shells() as seen:
        browser.get(path, headers=headers)
    found: Shell = seen[0]
    return found


def names(shell: Shell) -> list[str]:
    """Name the entries of the menu in their order."""
    return [item.name for group in shell.menu for item in group.items]


def test_the_menu_holds_what_the_role_may_list_in_the_declared_order(
    sign_in: Callable[[str], FlaskClient], shells: Callable[[], Any], app: Flask
) -> None:
    declared = [resource.name for resource in app.extensions["catalogue"] if resource.menu]
    declared += [screen.name for screen in SCREENS]
    operator = shell_of(sign_in("Booking operator"), shells)
    admin = shell_of(sign_in("Admin"), shells)

    assert sorted(names(operator)) == sorted(
        [
            *(
                "calendar_feed",
                "day_sheet",
                "free_times",
                "timeline",
                "booking_series",
                "waiting",
                "payment",
                "refund",
            ),
            *(
                "booking",
                "canned_answer",
                "conversation",
                "member",
                "package",
                "report",
                "text",
                "simulation",
            ),
            *("venue", "room", "closure", "cancellation_policy", "company", "badge", "equipment"),
            *("equipment_type", "city", "country"),
        ]
    )
    assert sorted(names(admin)) == sorted(declared)
    for group in admin.menu:
        order = [declared.index(item.name) for item in group.items]
        assert order == sorted(order)
    assert [group.label for group in admin.menu] == list(dict.fromkeys(group.label for group in admin.menu))


def test_the_entry_of_the_open_page_is_marked(
    sign_in: Callable[[str], FlaskClient], shells: Callable[[], Any]
) -> None:
    shell = shell_of(sign_in("Admin"), shells, "/themes/")

    assert [item.name for group in shell.menu for item in group.items if item.active] == ["theme"]


def test_a_stranger_has_neither_menu_nor_name(client: FlaskClient, shells: Callable[[], Any]) -> None:
    shell = shell_of(client, shells, "/login/", **{"Accept-Language": "ar"})

    assert (shell.menu, shell.user) == ((), None)
    assert (shell.locale, shell.direction) == ("ar", "rtl")
    assert [code for code, _name, active in shell.languages if active] == ["ar"]
    assert {code: name for code, name, _active in shell.languages}["de"] == "Deutsch"


def test_the_reader_is_shown_with_initials(
    sign_in: Callable[[str], FlaskClient], shells: Callable[[], Any]
) -> None:
    user = shell_of(sign_in("Editor"), shells).user

    assert user is not None
    assert (user.name, user.email, user.initials) == ("Editor Staff", "editor@example.com", "ES")


def test_every_address_of_the_frame_leads_somewhere(
    sign_in: Callable[[str], FlaskClient], shells: Callable[[], Any]
) -> None:
    browser = sign_in("Admin")
    shell = shell_of(browser, shells)

    for group in shell.menu:
        for item in group.items:
            assert browser.get(item.url).status_code == 200, item.url
    assert browser.get(shell.profile_url).status_code == 200
    assert browser.post(shell.language_url, data={"locale": "de"}).status_code == 303
    assert browser.post(shell.logout_url).status_code == 303
    assert browser.get("/").status_code == 302
