"""A visitor and staff in real browsers: what one writes the other sees, live, and what stays among staff."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from app.domains.messaging import queries, service
from app.domains.messaging.models import CannedAnswer
from app.kernel.db import db, unit_of_work
from tests.axe import faults
from tests.factories import translate

pytestmark = pytest.mark.browser
Live = tuple[str, Flask]
Enter = Callable[..., Any]

VISITOR = """async (locale) => {
  const { io } = await import("/static/vendor/socket.io/socket.io.min.js");
  const begun = await fetch("/public/v1/sessions", {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ locale }) });
  const session = await begun.json();
  window.heard = [];
  window.socket = io("/public", { auth: { token: session.token }, transports: ["websocket", "polling"] });
  window.socket.onAny((event, facts) => window.heard.push([event, facts]));
  window.say = (event, facts) => window.socket.timeout(8000).emitWithAck(event, facts);
  await new Promise((resolve) => window.socket.on("connect", resolve));
  return session;
}"""


class Visitor:
    """A visitor's page: a browser of its own on an open page of the program, with a socket."""

    def __init__(self, page: Any, locale: str) -> None:
        self.page = page
        self.session = page.evaluate(VISITOR, locale)

    def write(self, text: str) -> dict[str, Any]:
        """Send a message; gives it as it is kept."""
        answer = self.page.evaluate("text => say('message', { text })", text)
        assert answer["ok"], answer
        found: dict[str, Any] = answer["message"]
        return found

    def does(self, event: str, **facts: Any) -> None:
        """Send another event."""
        assert self.page.evaluate("([event, facts]) => say(event, facts)", [event, facts])["ok"]

    def hears(self, event: str, **expected: Any) -> dict[str, Any]:
        """Wait for an event with these facts."""
        script = """([event, expected]) => heard.map(([name, facts]) => name === event && facts).find(
            (facts) => facts && Object.entries(expected).every(([name, value]) => facts[name] === value))"""
        found: dict[str, Any] = self.page.wait_for_function(script, arg=[event, expected]).json_value()
        return found

    def said(self) -> str:
        """Give all that was heard."""
        return str(self.page.evaluate("JSON.stringify(heard)"))


@pytest.fixture
def visit(live: Live, chromium: Any) -> Iterator[Callable[..., Visitor]]:
    """Open a visitor's page."""
    contexts = []

    def open_page(locale: str = "en") -> Visitor:
        for limiter in live[1].extensions["limiter"]:
            limiter.reset()
        context = chromium.new_context(base_url=live[0], locale=locale)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.goto("/login/")
        return Visitor(page, locale)

    yield open_page
    for context in contexts:
        context.close()


def row(page: Any, text: str) -> Any:
    return page.locator(".i-row", has_text=text)


def bubble(page: Any, text: str) -> Any:
    return page.locator(".i-message", has=page.locator(".i-bubble", has_text=text))


def send(page: Any, text: str) -> None:
    page.fill("#words", text)
    page.press("#words", "Enter")


def open_row(page: Any, text: str) -> None:
    page.goto("/inbox/")
    row(page, text).locator("a").click()
    bubble(page, text).first.wait_for()


@pytest.mark.proves("S0.31", "S0.33", "S0.38")
@pytest.mark.parametrize("width", [1440, 390])
def test_a_visitor_and_an_operator_speak_live_and_a_note_stays_inside(
    enter: Enter, visit: Callable[..., Visitor], width: int
) -> None:
    operator = enter("Booking operator", width=width, height=844 if width == 390 else 900)
    operator.goto("/inbox/")
    visitor = visit()
    asked = f"Is the garden free on 17 October? ({width})"
    first = visitor.write(asked)

    row(operator, asked).locator(".i-badge", has_text="1").wait_for()
    assert re.match(r"\(\d+\) Inbox", operator.title())
    row(operator, asked).locator("a").click()
    bubble(operator, asked).wait_for()
    visitor.hears("read", by="staff", sequence=first["sequence"])

    visitor.does("typing", on=True)
    operator.locator("[data-typing]:not([hidden])", has_text="is typing").wait_for()
    operator.locator("#words").press_sequentially("Yes", delay=20)
    assert visitor.hears("typing", by="staff", on=True)["name"] == "Booking operator"
    send(operator, "Yes, it is free.")
    answer = visitor.hears("message", text="Yes, it is free.")
    bubble(operator, "Yes, it is free.").locator(".i-state", has_text="Sent").wait_for()
    visitor.does("read", sequence=answer["sequence"])
    bubble(operator, "Yes, it is free.").locator(".i-state", has_text=re.compile(r"Seen \d+:\d\d")).wait_for()

    operator.locator(".i-modes label", has_text="Note").click()
    send(operator, "canary-4711: ask logistics")
    operator.locator('.i-message[data-kind="note"]', has_text="canary-4711").wait_for()
    operator.locator(".i-list-scroll").wait_for(state="attached")
    send(operator, "Shall I book it?")
    visitor.hears("message", text="Shall I book it?")
    assert "canary" not in visitor.said()

    assert operator.evaluate("document.documentElement.scrollWidth") <= width
    assert bubble(operator, "Yes, it is free.").count() == 1
    if width == 390:  # one view after the other, and back again
        operator.locator("[data-about]").click()
        operator.locator("#about", has_text="Language").wait_for()
        assert not operator.locator("#words").is_visible()
        operator.locator("[data-about-close]").click()
        operator.locator("[data-back]").click()
        assert operator.locator("#q").is_visible()
        operator.go_back()
        bubble(operator, "Yes, it is free.").wait_for()


def test_two_of_the_staff_see_each_other_and_what_the_other_does(
    enter: Enter, visit: Callable[..., Visitor]
) -> None:
    visitor = visit()
    visitor.write("Who will help me?")
    operator, admin = enter("Booking operator"), enter("Admin")
    for page in (operator, admin):
        open_row(page, "Who will help me?")

    operator.locator('[data-watchers] [title="Admin"]').wait_for()
    admin.locator('[data-watchers] [title="Booking operator"]').wait_for()
    operator.locator("#words").press("Escape")
    operator.locator("body").press("a")
    admin.locator(".i-assign summary", has_text="Booking operator Staff").wait_for()
    admin.locator(".i-news", has_text="took over").wait_for()
    assert visitor.hears("assigned")["name"] == "Booking operator"

    operator.locator("body").press("e")
    admin.locator(".i-news", has_text="closed the conversation").wait_for()
    row(admin, "Who will help me?").wait_for(state="detached")
    visitor.hears("closed")
    visitor.write("One thing more!")
    admin.locator(".i-news", has_text="The visitor wrote again").wait_for()
    bubble(admin, "One thing more!").wait_for()
    row(admin, "One thing more!").wait_for()
    admin.goto("/inbox/")
    operator.locator('[data-watchers] [title="Admin"]').wait_for(state="detached")


def test_nothing_typed_is_lost_when_the_server_cannot_be_reached(
    enter: Enter, visit: Callable[..., Visitor]
) -> None:
    visitor, other = visit(), visit()
    visitor.write("Hello from the first")
    other.write("Hello from the second")
    page = enter("Booking operator")
    open_row(page, "Hello from the first")
    page.fill("#words", "A thought not finished")
    row(page, "Hello from the second").locator("a").click()
    bubble(page, "Hello from the second").wait_for()
    row(page, "Draft: A thought").wait_for()
    assert page.input_value("#words") == ""

    enter.forgiven += ["ERR_FAILED"]  # type: ignore[attr-defined]
    page.route("**/inbox/*/messages", lambda route: route.abort())
    send(page, "This goes out later")
    page.locator(".is-failed", has_text="Not sent").get_by_role("button", name="Try again").click()
    page.locator(".is-failed", has_text="Not sent").wait_for()
    page.reload()
    page.locator(".is-failed", has_text="This goes out later").wait_for()
    page.unroute("**/inbox/*/messages")
    page.evaluate("dispatchEvent(new Event('online'))")
    visitor_heard = other.hears("message", text="This goes out later")
    page.locator(".is-failed").wait_for(state="detached")
    assert visitor_heard["sender"] == "staff"
    assert bubble(page, "This goes out later").count() == 1

    open_row(page, "Hello from the first")
    assert page.input_value("#words") == "A thought not finished"


def test_an_operator_works_without_a_socket_and_without_scripts(
    live: Live, enter: Enter, visit: Callable[..., Visitor], chromium: Any
) -> None:
    visitor = visit()
    visitor.write("Can you hear me?")
    page = enter("Booking operator")
    enter.forgiven += ["ERR_FAILED", "WebSocket connection"]  # type: ignore[attr-defined]
    page.route(re.compile(r"/socket\.io/\?"), lambda route: route.abort())
    page.route_web_socket(re.compile(r"/socket\.io/\?"), lambda line: line.close())
    open_row(page, "Can you hear me?")
    page.locator("[data-lost]:not([hidden])").wait_for()
    send(page, "Loud and clear")
    visitor.hears("message", text="Loud and clear")
    visitor.write("Good!")
    bubble(page, "Good!").wait_for(timeout=15_000)
    row(page, "Good!").wait_for()

    plain = chromium.new_context(
        base_url=live[0], java_script_enabled=False, storage_state=page.context.storage_state()
    )
    try:
        bare = plain.new_page()
        bare.goto("/inbox/")
        row(bare, "Good!").locator("a").click()
        bare.fill("#words", "From a bare browser")
        bare.get_by_role("button", name="Send").click()
        bubble(bare, "From a bare browser").wait_for()
        bare.get_by_role("button", name="Close").click()
        bare.locator(".i-news", has_text="closed the conversation").wait_for()
    finally:
        plain.close()
    assert visitor.hears("message", text="From a bare browser")["sender"] == "staff"


def test_a_lost_connection_comes_back_without_loss_or_doubles(
    enter: Enter, visit: Callable[..., Visitor]
) -> None:
    visitor = visit()
    visitor.write("Before the break")
    page = enter("Booking operator")
    open_row(page, "Before the break")
    enter.forgiven += ["ERR_INTERNET", "WebSocket connection"]  # type: ignore[attr-defined]
    page.context.set_offline(True)
    page.locator("[data-lost]:not([hidden])").wait_for(timeout=40_000)
    visitor.write("While you were away")
    page.context.set_offline(False)
    bubble(page, "While you were away").wait_for(timeout=20_000)
    page.locator("[data-lost]").wait_for(state="hidden", timeout=20_000)
    visitor.write("And after")
    bubble(page, "And after").wait_for()
    for text in ("Before the break", "While you were away", "And after"):
        assert bubble(page, text).count() == 1


def test_keys_and_canned_answers_do_the_work_of_the_mouse(
    live: Live, enter: Enter, visit: Callable[..., Visitor]
) -> None:
    with live[1].app_context(), unit_of_work() as session:
        ready = CannedAnswer(title="Opening hours", shortcut="hours", text="We are here from nine.")
        session.add_all([ready, CannedAnswer(title="Thanks", shortcut="thanks", text="Thank you!")])
        session.flush()
        translate(ready, "de", text="Wir sind ab neun Uhr da.")
    german = visit("de")
    german.write("Wann haben Sie offen?")
    page = enter("Booking operator")
    page.goto("/inbox/?view=unassigned")
    page.locator("body").press("j")
    bubble(page, "Wann haben Sie offen?").wait_for()
    page.locator("body").press("r")
    page.locator("#words").press("/")
    page.locator("[data-canned-search]").press_sequentially("hou")
    page.locator("#canned-list [role=option]", has_text="Opening hours").wait_for()
    page.locator("[data-canned-search]").press("Enter")
    page.locator("#words").press("Enter")
    german.hears("message", text="Wir sind ab neun Uhr da.")
    page.locator("#words").press("Escape")
    page.locator("body").press("n")
    assert page.locator('.i-modes [value="note"]').is_checked()
    page.locator("#words").press("Escape")
    page.locator("body").press("2")
    page.locator('[data-view="mine"][aria-current="page"]').wait_for()
    page.locator("body").press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.locator("#q").fill("offen")
    row(page, "Wir sind ab neun").wait_for()
    page.locator("#q").press("Escape")
    page.locator("body").press("?")
    page.locator("#keys[open]").wait_for()
    assert "Assign to me" in page.locator("#keys").inner_text()


XSS = (
    "<script>document.title='pwned'</script>",
    "<img src=x onerror=\"document.title='pwned'\">",
    "<svg/onload=document.title='pwned'>",
    "javascript:document.title='pwned'",
    "</textarea><script>document.title='pwned'</script>",
    "\u202edlrow <b>bold</b>",
)


def test_what_a_visitor_writes_never_runs_at_the_operators(
    live: Live, enter: Enter, visit: Callable[..., Visitor]
) -> None:
    page = enter("Booking operator")
    page.goto("/inbox/")
    with live[1].app_context():
        for number, text in enumerate(XSS):
            with unit_of_work():
                session, _token = service.open_session(name=text)
                visitor = queries.Visitor(session.id, None, session.name, "en")
                talk = service.leave_message(visitor, f"{number} {text}").conversation
                service.see_page(session.id, "/x", text)
            key = str(talk.id)
            db.session.remove()
            row(page, f"{number} ").first.wait_for()
            page.goto(f"/inbox/{key}")
            bubble(page, f"{number} ").first.wait_for()
    visitor_page = visit()
    visitor_page.write(XSS[0])
    row(page, XSS[0]).first.wait_for()

    assert "pwned" not in page.title()
    assert page.locator("#inbox script, #inbox img, #inbox b").count() == 0


@pytest.mark.parametrize(
    ("width", "locale", "dark"), [(1440, "en", False), (390, "ar", True), (1440, "ar", False)]
)
def test_the_inbox_has_no_serious_fault_of_accessibility(
    enter: Enter, visit: Callable[..., Visitor], width: int, locale: str, dark: bool
) -> None:
    visit().write("Is this readable for everyone?")
    page = enter("Booking operator", width=width, locale=locale, dark=dark)
    page.goto("/inbox/")
    assert faults(page) == []
    row(page, "Is this readable").first.locator("a").click()
    bubble(page, "Is this readable").first.wait_for()
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
