"""Nothing is lost in a real browser: a crash, a lost session, two tabs, two people; and a mention arrives."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect

from tests.axe import faults
from tests.factories import BookingFactory, IncludedItemFactory, PackageFactory

pytestmark = pytest.mark.browser
Live = tuple[str, Flask]
Enter = Callable[..., Any]
KEPT_AT = re.compile(r"Kept at \d\d:\d\d UTC$")  # the account's time zone, whatever the browser's is
SIZES = pytest.mark.parametrize("width", [1440, 390])


def make(live: Live, build: Callable[[], Any]) -> Any:
    from app.kernel.db import db, unit_of_work

    with live[1].app_context():
        with unit_of_work():
            made = build()
            db.session.flush()
        db.session.expunge_all()
    return made


def save(page: Any) -> None:
    page.get_by_role("button", name="Save", exact=True).click()


@SIZES
def test_a_crash_loses_nothing(live: Live, enter: Enter, width: int) -> None:
    def fill() -> Any:
        package = PackageFactory(name=f"Before the crash {width}")
        IncludedItemFactory(package_id=package.id, text="Balloons")
        return package

    package = make(live, fill)
    page = enter("Editor", width=width)
    page.goto(f"/packages/{package.id}/edit")
    page.fill("[name=name]", "Typed for an hour")
    page.fill("[name=items-0-text]", "Red balloons")
    page.get_by_role("button", name="Add item").click()
    page.locator("[name=items-1-text]").fill("Fireworks")
    page.locator(".kf-note", has_text=KEPT_AT).wait_for()
    page.locator("[data-form][data-kept]").wait_for(state="attached")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (
        "the time zone has room in the bar"
    )
    with suppress(Exception):  # the connection to the page dies with it
        page.goto("chrome://crash", timeout=2000)
    page = page.context.new_page()
    page.set_default_timeout(10_000)
    page.goto(f"/packages/{package.id}/edit")
    offer = page.locator("[data-offer]")
    offer.get_by_text("that were not saved").wait_for()
    for field in ("Name", "Item 1 · Item", "Item 2"):
        assert field in offer.inner_text()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert not faults(page)
    offer.get_by_role("link", name="Continue").click()
    page.wait_for_url(re.compile("kept="))
    assert page.input_value("[name=name]") == "Typed for an hour"
    assert page.input_value("[name=items-1-text]") == "Fireworks"
    save(page)
    page.wait_for_url(re.compile(r"/packages/[0-9a-f-]{36}$"))
    page.get_by_text("Fireworks").first.wait_for()
    page.goto(f"/packages/{package.id}/edit")
    page.wait_for_load_state("networkidle")
    assert page.locator("[data-offer]").count() == 0


@pytest.mark.parametrize("is_ready", [True, False])
def test_what_was_typed_in_the_last_moment_leaves_with_the_page(enter: Enter, is_ready: bool) -> None:
    page = enter("Editor")
    if not is_ready:  # the reader is faster than the scripts, which wait for a first picture of the page
        page.add_init_script("window.requestAnimationFrame = () => 0")
    page.goto("/packages/add")
    if is_ready:
        page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.fill("[name=name]", "Gone in a blink")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/kept/")
    tries = range(100)  # it travels while the next page is opened already
    assert any("Gone in a blink" in page.request.get("/kept/").text() for _try in tries)
    page.reload()
    page.get_by_role("button", name="Discard: Gone in a blink").click()
    page.get_by_text("was discarded").wait_for()


def test_a_session_that_ended_costs_no_word(live: Live, enter: Enter) -> None:
    from tests.conftest import PASSWORD

    enter.forgiven.append("WebSocket connection")  # type: ignore[attr-defined]  # it ends with the session
    package = make(live, lambda: PackageFactory(name="Before the night"))
    page = enter("Editor")
    page.goto(f"/packages/{package.id}/edit")
    page.fill("[name=description]", "Typed before the session ended.")
    page.locator(".kf-note", has_text="Kept at").wait_for()
    page.context.clear_cookies()
    page.fill("[name=description]", "Typed before and after the session ended.")
    save(page)
    page.get_by_text("You were signed out.").wait_for()
    assert page.input_value("[name=description]") == "Typed before and after the session ended."
    page.locator("#unkept").get_by_role("link", name="Sign in").click()
    page.fill("[name=username]", "editor")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(re.compile("kept="))
    page.get_by_text("It is not saved yet.").wait_for()
    page.locator("textarea", has_text="Typed before and after the session ended.").wait_for()
    save(page)
    page.wait_for_url(re.compile(r"/packages/[0-9a-f-]{36}$"))
    page.get_by_text("Typed before and after the session ended.").first.wait_for()


def test_without_a_connection_nothing_is_sent_into_the_void(live: Live, enter: Enter) -> None:
    enter.forgiven += ["ERR_INTERNET_DISCONNECTED", "WebSocket connection"]  # type: ignore[attr-defined]
    package = make(live, lambda: PackageFactory(name="On a train"))
    page = enter("Editor")
    page.goto(f"/packages/{package.id}/edit")
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    page.fill("[name=name]", "In a tunnel")
    save(page)
    page.get_by_text("There is no connection.").wait_for()
    assert page.input_value("[name=name]") == "In a tunnel"
    page.context.set_offline(False)
    page.locator("#unkept").wait_for(state="detached")
    save(page)
    page.wait_for_url(re.compile(r"/packages/[0-9a-f-]{36}$"))


def test_two_tabs_of_one_person_know_of_each_other(live: Live, enter: Enter) -> None:
    package = make(live, lambda: PackageFactory(name="Two tabs of one"))
    first = enter("Editor")
    first.goto(f"/packages/{package.id}/edit")
    first.fill("[name=name]", "In the first tab")
    first.locator(".kf-note", has_text="Kept at").wait_for()
    second = first.context.new_page()
    second.goto(f"/packages/{package.id}/edit")
    expect(second.get_by_text("typed in another tab of yours")).to_be_visible()


@SIZES
def test_two_people_merge_and_choose_by_keyboard(live: Live, enter: Enter, width: int) -> None:
    package = make(live, lambda: PackageFactory(name="A quiet party", description="Old", price_minor=1000))
    mine, theirs = enter("Editor", width=width), enter("Admin")
    for page in (mine, theirs):
        page.goto(f"/packages/{package.id}/edit")
    theirs.fill("[name=name]", "A loud party")
    theirs.fill("[name=price_minor]", "25")
    save(theirs)
    theirs.wait_for_url(re.compile(r"/packages/[0-9a-f-]{36}$"))
    mine.fill("[name=name]", "A long party")
    mine.fill("[name=description]", "New")
    save(mine)
    card = mine.locator("[data-clash]")
    card.wait_for()
    assert card.count() == 1
    assert mine.locator("[data-clash] del").first.inner_text() == "quiet"
    assert "Price" in mine.locator(".mg-joined").inner_text()
    assert mine.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert not faults(mine)
    mine.get_by_role("radio", name=re.compile("Take theirs")).focus()
    mine.keyboard.press("Space")
    assert mine.input_value("[name=name]") == "A loud party"
    mine.get_by_role("link", name="Edit it in the form").click()
    mine.keyboard.press("End")
    mine.keyboard.type(", and loud")
    assert mine.get_by_role("radio", name=re.compile("Keep yours")).is_checked()
    save(mine)
    mine.wait_for_url(re.compile(r"/packages/[0-9a-f-]{36}$"))
    mine.get_by_role("heading", name="A long party, and loud").wait_for()
    mine.get_by_text("25.00").first.wait_for()


@SIZES
def test_a_mention_is_found_by_its_first_letters_and_arrives(live: Live, enter: Enter, width: int) -> None:
    package = make(live, lambda: PackageFactory(name=f"Talked about {width}"))
    page = enter("Editor", width=width)
    page.goto(f"/packages/{package.id}/edit")
    if width < 900:
        page.get_by_role("button", name="About this record").click()
        page.locator("[data-panel-part]").wait_for()
        page.keyboard.press("Escape")
        page.goto(f"/packages/{package.id}/edit?panel=comments")
    else:
        page.get_by_role("tab", name="History").focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
    box = page.get_by_label("Write a comment, @ names somebody")
    box.fill("Is this right, ")
    box.press_sequentially("@mod")
    page.get_by_role("option", name=re.compile("Moderator Staff")).wait_for()
    page.keyboard.press("Enter")
    assert box.input_value() == "Is this right, @moderator "
    page.get_by_role("button", name="Send").first.click()
    page.locator(".cm-who", has_text="@Moderator Staff").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert not faults(page)
    told = enter("Moderator")
    told.goto("/notices/")
    told.get_by_text(f"Talked about {width}").first.click()
    told.wait_for_url(re.compile("panel=comments"))
    told.get_by_text("Is this right,").wait_for()
    told.get_by_role("button", name=re.compile("^Resolve")).click()
    told.get_by_text("Resolved by Moderator Staff").wait_for()


def test_a_comment_is_sent_once_however_often_its_keys_are_pressed(live: Live, enter: Enter) -> None:
    package = make(live, lambda: PackageFactory(name="Said once"))
    page = enter("Editor")
    page.goto(f"/packages/{package.id}?panel=comments")
    sent: list[str] = []

    def slowly(route: Any) -> None:
        sent.append(route.request.url)
        page.wait_for_timeout(200)
        route.continue_()

    page.route("**/comments", slowly)
    for text in ("Only this once", "And this"):
        page.get_by_label("Write a comment, @ names somebody").fill(text)
        page.evaluate(
            """() => { const area = document.querySelector('#cm-new'); for (let time = 0; time < 3; time += 1)
            area.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', ctrlKey: true, bubbles: true})); }"""
        )
        page.locator(".cm-text", has_text=text).wait_for()
        assert page.locator(".cm-text", has_text=text).count() == 1
    assert len(sent) == 2


def test_a_deletion_is_looked_at_first_and_taken_back(live: Live, enter: Enter) -> None:
    def fill() -> tuple[Any, Any]:
        used = PackageFactory(name="Used by a booking")
        BookingFactory(package_id=used.id, client_name="Ada King")
        return used, PackageFactory(name="Deleted by mistake")

    used, free = make(live, fill)
    page = enter("Admin")
    page.goto(f"/packages/{used.id}")
    page.get_by_label("More", exact=True).first.click()
    page.get_by_role("button", name="Delete").first.click()
    page.get_by_text("It cannot be deleted").wait_for()
    assert page.locator("dialog [data-deletes]").is_hidden()
    assert not faults(page)
    page.locator("dialog").get_by_role("link", name="Bookings").click()
    page.get_by_text("Ada King").first.wait_for()
    page.goto(f"/packages/{free.id}/edit")
    page.get_by_role("button", name="Delete").first.click()
    page.get_by_text("You can undo this for 15 minutes.").wait_for()
    page.locator("dialog [data-deletes]").click()
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("1 record is back.").wait_for()
    page.get_by_role("heading", name="Deleted by mistake").wait_for()


def test_the_panel_is_remembered_and_walked_with_the_arrows(live: Live, enter: Enter) -> None:
    package = make(live, lambda: PackageFactory(name="Beside the form"))
    page = enter("Editor")
    page.goto(f"/packages/{package.id}/edit")
    page.get_by_role("tab", name="References").click()
    page.get_by_text("Nothing refers to this record.").wait_for()
    page.reload()
    page.get_by_text("Nothing refers to this record.").wait_for()
    page.get_by_role("tab", name="References").focus()
    page.keyboard.press("ArrowDown")
    page.locator(".f-timeline li").first.wait_for()
    page.keyboard.press("Escape")
    assert page.locator("#sp-body").is_hidden()
    page.reload()
    assert page.locator("#sp-body").is_hidden()


@SIZES
def test_a_long_value_of_the_history_is_folded_and_unfolds_by_keyboard(
    live: Live, enter: Enter, width: int
) -> None:
    package = make(live, lambda: PackageFactory(description="word" * 400 + " and some more" * 100))
    page = enter("Editor", width=width)
    for address in (f"/packages/{package.id}?panel=history", f"/packages/{package.id}/history"):
        page.goto(address)
        value = page.locator(".is-clamped > ins")
        value.wait_for()
        lines = "value => value.clientHeight / parseFloat(getComputedStyle(value).lineHeight)"
        assert value.evaluate(lines) < 6.5
        page.get_by_text("Show more").focus()
        assert faults(page) == []
        page.keyboard.press("Enter")
        assert value.evaluate(lines) > 6.5
        assert value.evaluate("value => value.scrollHeight <= value.clientHeight + 1"), "all of it is seen"
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.keyboard.press("Enter")
        assert value.evaluate(lines) < 6.5
