"""A translator's day in a browser: a whole queue without a mouse, two people at one text, a session that ends."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select, text, update

from app.domains.catalog.models import IncludedItem, Package, Theme
from app.kernel.db import db, unit_of_work
from app.surfaces.desk.kept_forms import KeptForm
from app.translation.interface.models import InterfaceMessage
from app.translation.models import Translation, TranslationSuggestion
from tests.axe import faults
from tests.factories import translate

pytestmark = pytest.mark.browser
Enter = Callable[..., Any]
QUEUE = "/translate/de?q=willow"
NO_MOUSE = """() => {
  window.pointers = 0;
  for (const name of ["pointerdown", "mousedown"]) addEventListener(name, () => (window.pointers += 1), true);
}"""


@pytest.fixture
def content(live: tuple[str, Flask]) -> dict[str, UUID]:
    """Store a package whose name is out of date in German, a theme that is translated, a sentence with a plural."""
    with live[1].app_context(), unit_of_work() as session:
        for model in (Package, Theme, InterfaceMessage):
            name = model.msgid if model is InterfaceMessage else model.name
            for old in session.scalars(select(model).where(name.ilike("%willow%"))):
                session.delete(old)
        session.flush()
        package = Package(
            name="Willow supper", slug="willow-supper", description="A table by the river", price_minor=1
        )
        package.items = [IncludedItem(text="Bread and salt", position=0)]
        theme = Theme(name="Willow green", slug="willow-green", colour="#2f6b43", description="")
        sentence = InterfaceMessage(
            domain="festoon", msgid="%(num)s willow", msgid_plural="%(num)s willows", mark="w" * 64
        )
        session.add_all((package, theme, sentence))
        session.flush()
        translate(package, "de", name="Weidenessen")
        translate(theme, "de", name="Weidengrün")
        session.flush()
        session.execute(update(Package).where(Package.id == package.id).values(name="Willow dinner"))
        return {"package": package.id, "theme": theme.id, "sentence": sentence.id}


def stored(live: tuple[str, Flask], key: UUID, field: str, locale: str = "de") -> tuple[str, str] | None:
    with live[1].app_context():
        found = db.session.execute(
            select(Translation.text, Translation.state).where(
                Translation.object_id == key, Translation.field == field, Translation.locale == locale
            )
        ).first()
        return (found[0], found[1]) if found else None


def typed_in(page: Any) -> Any:
    """Wait until the input of a text has the focus, and give it."""
    page.wait_for_function("() => document.activeElement?.matches('.w-input')")
    return page.locator(".w-input:focus")


def told(page: Any, words: str) -> None:
    page.locator(".f-note").get_by_text(words).last.wait_for()


def at_source(page: Any, words: str) -> Any:
    """Wait until the text of this source is on the desk and one can type."""
    expect(page.locator(".w-source .w-text").first).to_contain_text(words)
    return typed_in(page)


def done_today(page: Any) -> int:
    """Read how many texts this person did before, in other stories."""
    told_so = page.locator("[data-place] span")
    return int(told_so.inner_text().split()[0]) if told_so.count() else 0


def test_a_whole_queue_is_worked_without_a_mouse(
    live: tuple[str, Flask], enter: Enter, content: dict[str, UUID]
) -> None:
    page = enter("Editor")
    page.goto(f"{QUEUE}&type=package")
    page.evaluate(NO_MOUSE)
    at_source(page, "Willow dinner")
    expect(page.locator("[data-place] b")).to_have_text("1 of 3", use_inner_text=True)
    done = done_today(page)
    expect(page.locator(".w-change del")).to_have_text("supper", use_inner_text=True)
    page.keyboard.press("Control+Shift+Enter")  # what is out of date is still right
    told(page, "Approved")
    at_source(page, "A table by the river")
    assert stored(live, content["package"], "name") == ("Weidenessen", "approved")
    page.keyboard.type("Eine Tafel am Fluss")
    page.keyboard.press("Control+Enter")
    at_source(page, "Bread and salt")
    assert stored(live, content["package"], "description") == ("Eine Tafel am Fluss", "approved")
    expect(page.locator("[data-place] span")).to_have_text(f"{done + 2} done today")
    page.keyboard.press("Alt+z")  # that was a slip
    told(page, "Taken back")
    at_source(page, "A table by the river")
    assert stored(live, content["package"], "description") is None
    page.keyboard.type("Am Fluss")
    page.keyboard.press("Control+s")
    told(page, "Saved as draft")
    expect(page.locator(".w-target-head .f-chip").first).to_have_text("Draft")
    assert stored(live, content["package"], "description") == ("Am Fluss", "draft")
    typed_in(page)
    page.keyboard.press("Alt+ArrowRight")
    at_source(page, "Bread and salt")
    page.keyboard.press("Alt+ArrowLeft")
    at_source(page, "A table by the river")
    page.keyboard.press("Alt+ArrowDown")  # the next text of the same record
    at_source(page, "Bread and salt")
    page.keyboard.press("Alt+c")
    assert typed_in(page).input_value() == "Bread and salt"
    page.keyboard.press("Control+a")
    page.keyboard.type("Brot und Salz")
    page.keyboard.press("Control+Enter")
    told(page, "Approved")
    page.get_by_text("That was the last one").wait_for()
    page.keyboard.press("Enter")  # begin again: the focus is there
    at_source(page, "A table by the river")
    page.keyboard.press("Control+Enter")
    page.get_by_text("All done").wait_for()
    assert stored(live, content["package"], "description") == ("Am Fluss", "approved")
    assert page.evaluate("window.pointers") == 0


def test_a_translator_suggests_and_an_editor_accepts_by_keyboard(
    live: tuple[str, Flask], enter: Enter, content: dict[str, UUID]
) -> None:
    page = enter("Translator")
    page.goto(f"{QUEUE}&type=theme&state=all")
    at_source(page, "Willow green")
    expect(page.locator(".w-rule").first).to_contain_text("is a suggestion", use_inner_text=True)
    expect(page.locator("[data-saves-words]")).to_have_text("Next")
    page.keyboard.press("Control+a")
    page.keyboard.type("Weiden-Grün")
    expect(page.locator("[data-saves-words]")).to_have_text("Suggest and next")
    page.keyboard.press("Control+Enter")
    told(page, "Suggested; it waits for approval")
    assert stored(live, content["theme"], "name") == ("Weidengrün", "approved")
    other = enter("Editor")
    other.goto(f"{QUEUE}&state=suggested")
    other.evaluate(NO_MOUSE)
    at_source(other, "Willow green")
    expect(other.locator(".w-offer-head")).to_contain_text("Translator Staff", use_inner_text=True)
    other.keyboard.press("Shift+Tab")
    other.keyboard.press("Shift+Tab")
    assert other.evaluate("document.activeElement.textContent.trim()") == "Accept"
    other.keyboard.press("Enter")
    told(other, "Approved")
    assert stored(live, content["theme"], "name") == ("Weiden-Grün", "approved")
    assert other.evaluate("window.pointers") == 0


def test_arabic_and_all_forms_of_a_plural_are_typed_by_keyboard(
    live: tuple[str, Flask], enter: Enter, content: dict[str, UUID]
) -> None:
    page = enter("Editor")
    page.goto("/translate/ar?q=willow&type=interface_message")
    at_source(page, "%(num)s willow")
    inputs = page.locator(".w-input")
    expect(inputs).to_have_count(6)
    assert [inputs.first.get_attribute(name) for name in ("dir", "lang")] == ["rtl", "ar"]
    for number in range(6):
        page.keyboard.type("%(num)s صفصاف")
        if number < 5:
            page.keyboard.press("Tab")
            page.keyboard.press("Tab")
    page.keyboard.press("Control+Enter")
    told(page, "Approved")
    for name in ("zero", "one", "two", "few", "many", "other"):
        assert stored(live, content["sentence"], name, "ar") == ("%(num)s صفصاف", "approved")


def test_what_is_wrong_is_said_while_one_types_and_keeps_the_text_from_being_approved(
    enter: Enter, content: dict[str, UUID]
) -> None:
    page = enter("Editor")
    page.goto("/translate/de?q=willow&type=interface_message")
    at_source(page, "%(num)s willow")
    page.keyboard.type("Eine Weide")  # that form stands for one number alone, which may go without saying
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("Weiden")
    page.locator("[data-box=other] .w-finding[data-blocks]").wait_for()
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-box=other] .w-input")).to_have_class(re.compile("is-invalid"))
    assert [box.input_value() for box in page.locator(".w-input").all()] == ["Eine Weide", "Weiden"]


# Rule 22
def test_two_at_one_text_see_each_other_and_the_second_chooses(
    live: tuple[str, Flask], enter: Enter, content: dict[str, UUID]
) -> None:
    url = f"{QUEUE}&type=theme&state=all"
    page, other = enter("Editor"), enter("Admin")
    page.goto(url)
    at_source(page, "Willow green")
    other.goto(url)
    at_source(other, "Willow green")
    expect(page.locator("[data-text-people]")).to_contain_text("Admin")
    page.keyboard.press("End")
    page.keyboard.type(" hell")
    other.keyboard.press("Control+a")
    other.keyboard.type("Weide")
    other.keyboard.press("Control+Enter")
    told(other, "Approved")
    told(page, "Somebody has just saved this text")
    page.keyboard.press("Control+Enter")
    page.locator("[data-clash]").wait_for()
    assert typed_in(page).input_value() == "Weidengrün hell"
    assert stored(live, content["theme"], "name") == ("Weide", "approved")
    page.get_by_role("button", name="Use theirs").press("Enter")
    assert typed_in(page).input_value() == "Weide"
    page.keyboard.type(" hell")
    page.keyboard.press("Control+Enter")
    told(page, "Approved")
    assert stored(live, content["theme"], "name") == ("Weide hell", "approved")


def test_a_session_that_ends_costs_not_a_word(
    live: tuple[str, Flask], enter: Enter, content: dict[str, UUID]
) -> None:
    enter.forgiven.append("WebSocket connection")  # type: ignore[attr-defined]  # the server ends it
    page = enter("Editor")
    page.goto(f"{QUEUE}&state=missing")
    at_source(page, "A table by the river")
    with live[1].app_context(), unit_of_work() as session:
        session.execute(text("DELETE FROM staff_session"))
    page.keyboard.type("Eine Tafel")
    page.keyboard.press("Control+Enter")
    told(page, "You were signed out.")
    page.get_by_role("link", name="Sign in").press("Enter")
    page.fill("[name=username]", "editor")
    page.fill("[name=password]", "a long enough password")
    page.press("[name=password]", "Enter")
    at_source(page, "A table by the river")
    assert typed_in(page).input_value() == "Eine Tafel"


def test_what_is_kept_late_does_not_come_back_after_the_save(
    live: tuple[str, Flask], enter: Enter, content: dict[str, UUID]
) -> None:
    page = enter("Editor")
    page.goto(f"{QUEUE}&state=missing")
    at_source(page, "A table by the river")
    held: list[Any] = []

    def hold(route: Any) -> None:
        held.append(route)
        if len(held) > 1:
            route.continue_()

    page.route(re.compile("/keep"), hold)
    page.keyboard.type("Eine Tafel am See")
    for _ in range(60):
        if held:
            break
        page.wait_for_timeout(100)
    page.keyboard.press("Control+Enter")
    page.wait_for_timeout(1_000)
    held[0].continue_()
    at_source(page, "Bread and salt")
    page.wait_for_timeout(1_000)
    assert stored(live, content["package"], "description") == ("Eine Tafel am See", "approved")
    with live[1].app_context():
        kept = select(KeptForm.fields).where(KeptForm.object_id == str(content["package"]))
        assert db.session.scalars(kept).all() == []


def test_questions_go_to_the_editor_with_the_text_they_are_about(
    enter: Enter, content: dict[str, UUID]
) -> None:
    page = enter("Translator")
    page.goto(f"{QUEUE}&state=missing")
    at_source(page, "A table by the river")
    page.keyboard.press("Alt+m")
    area = page.locator("#cm-new")
    expect(area).to_be_focused()
    assert area.input_value() == "[German · Description] "
    page.keyboard.type("Which river?")
    page.keyboard.press("Control+Enter")
    page.locator("#w-comments .cm-text").get_by_text("Which river?").wait_for()
    page.keyboard.press("Escape")
    page.locator(".w-said").get_by_text("Which river?").wait_for()
    typed_in(page)


def test_the_sheet_of_keys_tells_all_of_them(enter: Enter, content: dict[str, UUID]) -> None:
    page = enter("Translator")
    page.goto(QUEUE)
    typed_in(page)
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("#keys").get_by_text("Save and next")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    typed_in(page)


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize(("dark", "locale"), [(False, "en"), (True, "ar")])
def test_the_workbench_is_within_reach_of_everybody(
    enter: Enter, live: tuple[str, Flask], content: dict[str, UUID], width: int, dark: bool, locale: str
) -> None:
    with live[1].app_context(), unit_of_work() as session:
        row = session.scalars(select(Translation).where(Translation.object_id == content["theme"])).one()
        session.add(TranslationSuggestion(translation_id=row.id, text="Weide", source_hash=row.source_hash))
    page = enter("Editor", width=width, dark=dark, locale=locale)
    page.context.add_cookies([{"name": "locale", "value": locale, "url": live[0]}])
    for url in ("/translate/", QUEUE, f"{QUEUE}&state=suggested", "/translate/ar?q=willow&state=all"):
        page.goto(url)
        page.wait_for_load_state("networkidle")
        assert faults(page) == [], url
        assert page.evaluate("document.documentElement.scrollWidth") <= width, url
