"""The sample site in a real browser: a visitor reads, books once, becomes a member, and chats."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import func, select

from app.domains.bookings.models import Booking
from app.domains.members import service as members
from app.domains.members.models import Member
from app.domains.messaging import service as messaging
from app.domains.messaging.models import Conversation
from app.kernel import clock
from app.kernel.db import db, unit_of_work
from tests.axe import faults
from tests.domains.members.steps import make_member
from tests.factories import IncludedItemFactory, PackageFactory, translate

pytestmark = pytest.mark.browser
Live = tuple[str, Flask]
Visit = Callable[..., Any]
PASSWORD = "eleven green lanterns"


@pytest.fixture
def visit(live: Live, chromium: Any) -> Iterator[Visit]:
    """Open the sample site as a visitor: `visit(width=390, dark=True, locale="ar")`."""
    base, app = live
    contexts, said = [], []

    def enter(width: int = 1440, dark: bool = False, locale: str = "en", path: str = "/sample/") -> Any:
        for limiter in app.extensions["limiter"]:
            limiter.reset()
        context = chromium.new_context(
            base_url=base,
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            locale=locale,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(path)
        page.locator("#package-cards:not([aria-busy])").wait_for()
        return page

    yield enter
    for context in contexts:
        context.close()
    lines = (
        "Failed to load resource",
        "WebSocket connection",
    )  # what a test cuts, and how this server hangs up
    assert [text for text in said if not text.startswith(lines)] == []


@pytest.fixture
def package(live: Live) -> str:
    """Offer a package with an Arabic name; give its English one."""
    name = f"Garden party {clock.now():%H%M%S%f}"
    with live[1].app_context(), unit_of_work():
        made = PackageFactory(name=name, position=-1)
        IncludedItemFactory(package_id=made.id, text="Lanterns")
        translate(made, "ar", name=f"حفلة حديقة {name[-6:]}")
    return name


def read(live: Live, question: Any) -> Any:
    with live[1].app_context():
        return db.session.scalar(question)


def rests_level(page: Any) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def open_booking(page: Any, package: str) -> None:
    card = page.locator(".card", has=page.get_by_role("heading", name=package))
    card.get_by_role("button", name="Book").click()


def fill_booking(page: Any, mail: str) -> None:
    page.select_option("#f-event_type", "wedding")
    page.fill("#f-client_name", "Amal Haddad")
    page.fill("#f-client_email", mail)
    page.fill("#f-event_on", (clock.today() + timedelta(days=90)).isoformat())
    page.fill("#f-place", "Orangery, Potsdam")


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("locale", ["en", "ar"])
def test_the_site_speaks_the_visitors_language_and_shuts_nobody_out(
    visit: Visit, package: str, width: int, dark: bool, locale: str
) -> None:
    page = visit(width, dark, locale)
    name = package if locale == "en" else f"حفلة حديقة {package[-6:]}"
    page.get_by_role("heading", name=name).wait_for()
    assert page.evaluate("document.documentElement.dir") == ("rtl" if locale == "ar" else "ltr")
    assert rests_level(page)
    assert faults(page) == []


@pytest.mark.proves("S0.51")
@pytest.mark.parametrize("width", [1440, 390])
def test_a_visitor_books_once_though_the_answer_was_lost_and_calls_it_off(
    live: Live, visit: Visit, package: str, width: int
) -> None:
    page = visit(width)
    mail = f"amal-{package[-6:]}@example.com"
    lost = []

    def lose_first(route: Any) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().status)  # the server has it, the client never hears
        route.abort()

    page.route(re.compile(r"/public/v1/bookings\?"), lose_first)
    open_booking(page, package)
    page.get_by_role("button", name="Send the booking").click()
    page.locator("#f-event_on[aria-invalid]").wait_for()
    lost.clear()
    fill_booking(page, mail)
    page.get_by_role("button", name="Send the booking").click()
    page.get_by_role("heading", name="Thank you, your booking is in").wait_for()

    assert lost == [201]
    mine = select(func.count()).select_from(Booking).where(Booking.client_email == mail)
    assert read(live, mine) == 1
    number = page.locator(".number").inner_text()
    assert rests_level(page)

    page.get_by_role("button", name="See the status").click()
    page.get_by_role("heading", name="Your booking").wait_for()
    assert page.locator(".number").inner_text() == number
    page.get_by_role("button", name="Cancel the booking").click()
    page.locator(".send:not([hidden])").get_by_role("button", name="Cancel the booking").click()
    page.locator("[data-status=cancelled]").wait_for()
    assert read(live, select(Booking.status).where(Booking.client_email == mail)) == "cancelled"


def test_what_was_typed_is_there_again_when_the_sheet_was_closed_or_the_network_failed(
    visit: Visit, package: str
) -> None:
    page = visit()
    open_booking(page, package)
    fill_booking(page, "amal@example.com")
    page.keyboard.press("Escape")
    open_booking(page, package)
    assert page.input_value("#f-place") == "Orangery, Potsdam"
    page.go_back()
    page.locator("dialog[open]").wait_for(state="detached")
    assert page.url.endswith("/sample/")
    page.reload()
    open_booking(page, package)
    assert page.input_value("#f-place") == "Orangery, Potsdam"
    page.context.set_offline(True)
    page.get_by_role("button", name="Send the booking").click()
    page.locator("dialog .summary:not([hidden])").wait_for()
    assert page.input_value("#f-place") == "Orangery, Potsdam"
    page.context.set_offline(False)
    page.get_by_role("button", name="Send the booking").click()
    page.get_by_role("heading", name="Thank you, your booking is in").wait_for()


@pytest.mark.proves("S0.51")
def test_a_visitor_registers_confirms_the_address_signs_in_and_stays_signed_in(
    live: Live, visit: Visit, package: str, tmp_path: Path
) -> None:
    mail = f"member-{package[-6:]}@example.com"
    page = visit(390)
    page.locator("#account").click()
    page.get_by_role("button", name="Create an account").first.click()
    page.fill("#f-name", "Amal Haddad")
    page.fill("#f-email", mail)
    page.fill("#f-password", PASSWORD)
    page.locator("dialog form button[type=submit]").click()
    page.get_by_text("Look into your mail").wait_for()
    with live[1].app_context(), unit_of_work():
        member_id = db.session.scalar(select(Member.id).where(func.lower(Member.email) == mail))
        token = members.issue_token(member_id, "verify")
    page.goto("about:blank")
    page.goto(f"/sample/#verify={token}")
    page.get_by_text("Your address is confirmed.").wait_for()
    assert token not in page.url

    page.locator("#account").click()
    page.fill("#f-email", mail)
    page.fill("#f-password", PASSWORD)
    page.locator("dialog form button[type=submit]").click()
    page.get_by_role("heading", name="Amal Haddad").wait_for()
    assert rests_level(page)
    photo = tmp_path / "me.png"
    Image.new("RGB", (400, 400), (140, 60, 90)).save(photo)
    page.set_input_files("#photo-file", photo)
    page.locator(".photo img").wait_for()

    page.reload()
    page.get_by_role("button", name="My account").click()
    page.get_by_role("heading", name="Amal Haddad").wait_for()
    page.get_by_role("button", name="Sign out everywhere").click()
    page.locator("#account", has_text="Sign in").wait_for()


def cut(page: Any) -> None:
    """Let no socket get through, in neither way."""
    page.route("**/socket.io/?**", lambda route: route.abort())
    page.route_web_socket(re.compile(r"/socket\.io/\?"), lambda line: line.close())


@pytest.mark.proves("S0.19", "S0.51")
@pytest.mark.parametrize("sockets", [True, False], ids=["by socket", "without sockets"])
def test_a_visitor_without_an_account_chats_with_staff_and_finds_it_all_again(
    live: Live, visit: Visit, sockets: bool
) -> None:
    page = visit(390)
    if not sockets:
        cut(page)
    question = f"Do you also come to Porto? {clock.now():%H%M%S%f}"
    page.get_by_role("button", name="Chat with us").click()
    page.fill("#chat-text", question)
    page.keyboard.press("Enter")
    page.locator(".said-by.mine", has_text=question).wait_for()
    page.get_by_text("Sent", exact=True).wait_for()

    with live[1].app_context(), unit_of_work():
        excerpt = Conversation.last_excerpt == question
        conversation_id = db.session.scalar(select(Conversation.id).where(excerpt))
        messaging.answer(conversation_id, "Yes, <b>also</b> to Braga.", messaging.Author(None, "Olga"))
    page.locator(".said-by.theirs", has_text="Yes, <b>also</b> to Braga.").wait_for(timeout=20_000)

    page.reload()
    page.get_by_role("button", name="Chat with us").click()
    page.locator(".said-by.theirs").wait_for()
    assert page.locator(".said-by").count() == 2
    assert rests_level(page)


def enter(page: Any, mail: str) -> None:
    page.locator("#account").click()
    page.fill("#f-email", mail)
    page.fill("#f-password", PASSWORD)
    page.locator("dialog form button[type=submit]").click()
    page.get_by_role("button", name="Sign out", exact=True).wait_for()


def chat(page: Any, text: str) -> None:
    page.fill("#chat-text", text)
    page.keyboard.press("Enter")
    page.locator(".said-by.mine", has_text=text).wait_for()
    page.get_by_text("Sent", exact=True).wait_for()


@pytest.mark.parametrize("sockets", [True, False], ids=["by socket", "without sockets"])
def test_who_signs_out_leaves_nothing_in_the_chat_and_the_next_one_begins_anew(
    live: Live, visit: Visit, sockets: bool
) -> None:
    with live[1].app_context(), unit_of_work():
        mail = make_member().email
    page = visit()
    if not sockets:
        cut(page)
    page.get_by_role("button", name="Chat with us").click()
    chat(page, "before I signed in")
    enter(page, mail)
    page.keyboard.press("Escape")
    chat(page, "my secret")
    assert page.locator(".said-by.mine").all_inner_texts() == ["before I signed in", "my secret"]
    page.locator("#account").click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.locator("#account", has_text="Sign in").wait_for()
    page.locator(".said-by").first.wait_for(state="detached")

    chat(page, "somebody else here")
    with live[1].app_context(), unit_of_work():
        last = select(Conversation).where(Conversation.last_excerpt == "somebody else here")
        conversation = db.session.scalars(last.order_by(Conversation.id.desc())).first()
        assert conversation.member_id is None
        messaging.answer(conversation.id, "Welcome", messaging.Author(None, "Olga"))
    page.locator(".said-by.theirs", has_text="Welcome").wait_for(timeout=20_000)
    assert page.locator(".said-by").all_inner_texts() == ["somebody else here", "Welcome"]
