"""What is typed stays: a comment that could not be sent, a form that could not be saved, and nothing for another."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.axe import faults
from tests.conftest import PASSWORD
from tests.factories import PackageFactory
from tests.journeys.test_safety import make, save

pytestmark = pytest.mark.browser
Live = tuple[str, Flask]
Enter = Callable[..., Any]
WORDS = "A long and thoughtful comment"
NEW = "#cm-new"
AWAY = ["ERR_INTERNET_DISCONNECTED", "WebSocket connection", "ERR_NETWORK_CHANGED"]


def talk(page: Any, package: Any, screen: str = "") -> None:
    page.goto(f"/packages/{package.id}{screen}?panel=comments")
    page.locator(NEW).wait_for()


def sign_in_again(page: Any, name: str = "editor") -> None:
    page.fill("[name=username]", name)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")


def sign_out_elsewhere(page: Any) -> None:
    """Sign out in another tab of the same browser."""
    other = page.context.new_page()
    other.goto("/kept/")
    other.locator(".f-avatar").click()
    other.get_by_role("button", name="Sign out").click()
    other.wait_for_url(re.compile("/login"))
    other.close()


@pytest.mark.parametrize("width", [1440, 390])
def test_a_comment_that_cannot_be_sent_stays_and_is_sent_later(live: Live, enter: Enter, width: int) -> None:
    enter.forgiven += AWAY  # type: ignore[attr-defined]
    package = make(live, lambda: PackageFactory(name=f"On a train {width}"))
    page = enter("Editor", width=width)
    talk(page, package)
    page.fill(NEW, WORDS)
    page.context.set_offline(True)
    page.press(NEW, "Control+Enter")
    page.get_by_text("There is no connection.").wait_for()
    assert page.input_value(NEW) == WORDS
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.context.set_offline(False)
    assert not faults(page)
    page.press(NEW, "Control+Enter")
    page.locator(".cm-text", has_text=WORDS).wait_for()
    assert page.input_value(NEW) == ""
    page.reload()
    page.locator(".cm-text", has_text=WORDS).wait_for()
    assert page.input_value(NEW) == "", "what was sent waits no longer"


def test_a_comment_outlives_the_session_and_comes_back_after_the_sign_in(live: Live, enter: Enter) -> None:
    enter.forgiven += AWAY  # type: ignore[attr-defined]
    package = make(live, lambda: PackageFactory(name="Over night"))
    page = enter("Editor")
    talk(page, package)
    page.fill(NEW, WORDS)
    sign_out_elsewhere(page)
    page.get_by_role("button", name="Send").first.click()
    page.get_by_text("You were signed out.").wait_for()
    assert page.input_value(NEW) == WORDS
    page.locator(".cm-unsent").get_by_role("link", name="Sign in").click()
    sign_in_again(page)
    page.wait_for_url(re.compile(f"/packages/{package.id}"))
    page.locator(NEW).wait_for()
    assert page.input_value(NEW) == WORDS
    page.get_by_role("button", name="Send").first.click()
    page.locator(".cm-text", has_text=WORDS).wait_for()


def test_what_is_written_stays_while_the_panel_shows_something_else(live: Live, enter: Enter) -> None:
    package = make(live, lambda: PackageFactory(name="Half a comment"))
    page = enter("Editor")
    talk(page, package, "/edit")
    for text in ("First thread", "Second thread"):
        page.fill(NEW, text)
        page.press(NEW, "Control+Enter")
        page.locator(".cm-text", has_text=text).wait_for()
    page.fill(NEW, WORDS)
    page.select_option("#cm-field", "name")
    page.locator(".cm-answer summary").first.click()
    page.locator(".cm-answer textarea").first.fill("Half an answer")
    page.get_by_role("tab", name="History").click()
    page.locator(".f-timeline li").first.wait_for()
    page.get_by_role("tab", name="Comments").click()
    page.locator(NEW).wait_for()
    assert page.input_value(NEW) == WORDS
    assert page.input_value("#cm-field") == "name"
    assert page.locator(".cm-answer textarea").first.input_value() == "Half an answer"
    page.locator(".cm-thread", has_text="Second thread").get_by_role("button", name="Resolve").click()
    page.locator(".cm-thread.is-resolved").wait_for()
    assert page.input_value(NEW) == WORDS
    first = page.locator(".cm-thread", has_text="First thread")
    assert first.locator(".cm-answer textarea").input_value() == "Half an answer"
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.locator("#side a[href='/packages/']").click()
    page.wait_for_url(re.compile("/packages/$"))
    assert asked == ["beforeunload"]
    talk(page, package)
    assert page.input_value(NEW) == WORDS, "it waits in the tab"


@pytest.mark.parametrize("how", ["offline", "signed out"])
def test_save_asks_the_server_first_though_all_is_kept(live: Live, enter: Enter, how: str) -> None:
    """The commonest case: one stopped typing a while ago, all of it is kept, and then the line or the session ends."""
    enter.forgiven += AWAY  # type: ignore[attr-defined]
    package = make(live, lambda: PackageFactory(name=f"Kept and then {how}"))
    page = enter("Editor")
    page.goto(f"/packages/{package.id}/edit")
    page.fill("[name=description]", WORDS)
    page.locator(".kf-note", has_text="Kept at").wait_for()
    page.locator("[data-form][data-kept]").wait_for(state="attached")
    if how == "offline":
        page.context.set_offline(True)
        save(page)
        page.get_by_text("There is no connection.").wait_for()
        page.context.set_offline(False)
        page.locator("#unkept").wait_for(state="detached")
    else:
        sign_out_elsewhere(page)
        save(page)
        page.get_by_text("You were signed out.").wait_for()
        page.locator("#unkept").get_by_role("link", name="Sign in").click()
        sign_in_again(page)
        page.wait_for_url(re.compile(f"/packages/{package.id}/edit\\?kept="))
        page.get_by_text("It is not saved yet.").wait_for()
    assert page.input_value("[name=description]") == WORDS
    save(page)
    page.wait_for_url(re.compile(r"/packages/[0-9a-f-]{36}$"))
    page.get_by_text(WORDS).first.wait_for()


@pytest.mark.parametrize("width", [1440, 390])
def test_a_text_that_is_too_large_is_told_at_the_bar_and_not_sent(
    live: Live, enter: Enter, width: int
) -> None:
    package = make(live, lambda: PackageFactory(name=f"A whole book {width}"))
    page = enter("Editor", width=width)
    page.goto(f"/packages/{package.id}/edit")
    page.fill("[name=name]", "A title not to be lost")
    area = "document.querySelector('[name=description]')"
    page.evaluate(
        f"{area}.value = 'long words '.repeat(200_000);"
        f"{area}.dispatchEvent(new Event('input', {{bubbles: true}}))"
    )
    told = page.locator(".f-savebar").get_by_text("A text is too large to be kept or saved")
    told.wait_for()
    assert "at most 2 MB" in told.inner_text()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    save(page)
    page.wait_for_function(f"document.activeElement === {area}")
    assert page.url.endswith("/edit")
    assert page.input_value("[name=name]") == "A title not to be lost"
    page.fill("[name=description]", "A leaflet")
    told.wait_for(state="hidden")
    save(page)
    page.wait_for_url(re.compile(r"/packages/[0-9a-f-]{36}$"))
    page.get_by_text("A leaflet").first.wait_for()


def test_what_one_typed_is_not_given_to_who_signs_in_next_in_the_same_tab(live: Live, enter: Enter) -> None:
    enter.forgiven += AWAY  # type: ignore[attr-defined]
    package = make(live, lambda: PackageFactory(name="One tab, two people"))
    page = enter("Admin")
    talk(page, package)
    page.fill(NEW, "Private words of the Admin")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/packages/add")
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.context.set_offline(True)
    page.fill("[name=name]", "Private name of the Admin")
    page.locator("#unkept").wait_for()
    stored = "Object.values(sessionStorage).join()"
    assert page.evaluate(stored).count("of the Admin") == 2
    page.context.clear_cookies()
    page.context.set_offline(False)
    page.goto("/login/")
    assert "of the Admin" in page.evaluate(stored), "who comes back has it still"
    sign_in_again(page)
    page.wait_for_url(lambda url: "/login" not in url)
    assert "of the Admin" not in page.evaluate(stored)
    page.goto("/packages/add")
    page.wait_for_load_state("networkidle")
    assert page.input_value("[name=name]") == ""
    assert "kept=" not in page.url
    talk(page, package)
    assert page.input_value(NEW) == ""


def test_the_folders_of_one_are_not_shown_to_who_signs_in_next(enter: Enter) -> None:
    enter.forgiven += [*AWAY, "ERR_FAILED"]  # type: ignore[attr-defined]
    page = enter("Admin")
    page.goto("/pictures/")
    page.locator("#library [data-side]").wait_for()
    page.evaluate("document.querySelector('#library [data-side]').dataset.whose = 'Admin'")
    page.reload()
    page.locator("#library [data-side]").wait_for()
    keys = "Object.keys(sessionStorage).filter((key) => key.includes('library'))"
    assert len(held := page.evaluate(keys)) == 1
    page.context.clear_cookies()
    page.route("**/pictures/side*", lambda route: route.abort())
    page.goto("/login/")
    sign_in_again(page)
    page.wait_for_url(lambda url: "/login" not in url)
    page.goto("/pictures/")
    page.wait_for_load_state("networkidle")
    assert page.locator("#library [data-side]").count() == 0
    assert not set(held) & set(page.evaluate(keys))
