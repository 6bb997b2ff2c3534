"""What a translator's hands do faster than the network, and what a slip of theirs may cost: nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select

from app.domains.catalog.models import IncludedItem, Package, Theme
from app.kernel.db import unit_of_work
from app.translation.interface.models import InterfaceMessage
from app.translation.models import Translation, TranslationSuggestion
from tests.factories import FestivalFactory, translate
from tests.journeys.test_workbench import at_source, stored, told

pytestmark = pytest.mark.browser
Live = tuple[str, Flask]
Enter = Callable[..., Any]
QUEUE = "/translate/de?q=hazel"
MAC = "Object.defineProperty(navigator, 'platform', { get: () => 'MacIntel' })"


@pytest.fixture
def content(live: Live) -> dict[str, UUID]:
    """Store a package without a word of German, and a theme that is approved."""
    with live[1].app_context(), unit_of_work() as session:
        for model in (Package, Theme):
            for old in session.scalars(select(model).where(model.name.ilike("%hazel%"))):
                session.delete(old)
        session.flush()
        package = Package(name="Hazel supper", slug="hazel-supper", description="A table", price_minor=1)
        package.items = [IncludedItem(text="Bread", position=0)]
        theme = Theme(name="Hazel brown", slug="hazel-brown", colour="#2f6b43", description="")
        session.add_all((package, theme))
        session.flush()
        translate(theme, "de", name="Haselbraun")
        return {"package": package.id, "theme": theme.id}


TYPES_MEANWHILE = """(typed) => {
  const send = window.fetch;
  window.fetch = async (url, options) => {
    const answer = await send(url, options);
    const isOurs = options?.headers?.["X-Part"] === "bench" && (options.method === "POST" || !typed.post);
    const more = isOurs && (options.method === "POST" ? typed.post : typed.get);
    if (more) {
      typed[options.method === "POST" ? "post" : "get"] = "";
      document.execCommand("insertText", false, more);
      await new Promise((done) => setTimeout(done, 100));
    }
    return answer;
  };
}"""
"""Types while the answer to a save is on its way, and while what is redrawn after it is."""


def in_text(page: Any, source: str = "Hazel supper") -> Any:
    page.goto(f"{QUEUE}&type=package")
    return at_source(page, source)


@pytest.mark.parametrize("keys", ["Control+s", "Control+Enter"])
def test_what_is_typed_while_a_text_is_saved_stays(
    live: Live, enter: Enter, content: dict[str, UUID], keys: str
) -> None:
    page = enter("Editor")
    area = in_text(page)
    page.keyboard.type("Hasel")
    page.evaluate(TYPES_MEANWHILE, {"post": "essen", "get": " am Abend"})
    page.keyboard.press(keys)
    told(page, "Saved as draft" if keys == "Control+s" else "Approved")
    expect(page.locator(".w-target-head .f-chip").first).to_have_text(
        "Draft" if keys == "Control+s" else "Approved"
    )
    expect(area).to_have_value("Haselessen am Abend")
    state = "draft" if keys == "Control+s" else "approved"
    assert stored(live, content["package"], "name") == ("Hasel", state)
    page.keyboard.press("Control+Enter")  # of the text as it is now: it is no clash with oneself
    at_source(page, "A table")
    assert stored(live, content["package"], "name") == ("Haselessen am Abend", "approved")


def test_what_is_typed_while_a_save_is_refused_stays(enter: Enter, content: dict[str, UUID]) -> None:
    page = enter("Editor")
    in_text(page)
    page.keyboard.type("{Hasel")
    page.evaluate(TYPES_MEANWHILE, {"post": "essen", "get": ""})
    page.evaluate("() => (document.querySelector('[name=revision-name]').value = '7')")
    page.keyboard.press("Control+Enter")
    page.locator("[data-clash]").wait_for()
    expect(page.locator("#w-name")).to_have_value("{Haselessen")


def test_a_text_that_is_approved_is_kept_by_the_keys_of_a_draft(
    live: Live, enter: Enter, content: dict[str, UUID]
) -> None:
    page = enter("Editor")
    page.goto(f"{QUEUE}&type=theme&state=all")
    at_source(page, "Hazel brown")
    page.keyboard.press("Control+s")
    told(page, "Everything is saved")
    page.keyboard.press("End")
    page.keyboard.type(" hell")
    page.keyboard.press("Control+s")
    told(page, "Kept at ")
    assert stored(live, content["theme"], "name") == ("Haselbraun", "approved")
    page.goto(f"{QUEUE}&type=theme&state=all")
    expect(at_source(page, "Hazel brown")).to_have_value("Haselbraun hell")
    page.locator("[data-discards]").click()
    expect(page.locator("#w-name")).to_have_value("Haselbraun")


def test_a_save_that_was_taken_back_offers_that_no_more(enter: Enter, content: dict[str, UUID]) -> None:
    page = enter("Editor")
    in_text(page)
    page.keyboard.type("Haselessen")
    page.keyboard.press("Control+Enter")
    told(page, "Approved")
    at_source(page, "A table")
    page.keyboard.press("Alt+z")
    told(page, "Taken back")
    expect(page.locator(".f-note [data-undoes]")).to_have_count(0)


def test_a_refused_save_leads_to_what_is_wrong_and_says_it_once(live: Live, enter: Enter) -> None:
    with live[1].app_context(), unit_of_work() as session:
        for old in session.scalars(select(InterfaceMessage).where(InterfaceMessage.msgid.ilike("%hazel%"))):
            session.delete(old)
        session.flush()
        plural = {"msgid": "%(num)s hazel", "msgid_plural": "%(num)s hazels"}
        session.add(InterfaceMessage(domain="festoon", mark="h" * 64, **plural))
    page = enter("Editor")
    page.goto(f"{QUEUE}&type=interface_message")
    at_source(page, "%(num)s hazel")
    page.keyboard.type("%(num)s Hasel")
    other = page.locator("[data-box=other]")
    other.locator(".w-input").fill("Haseln")
    page.locator("[data-box=one] .w-input").focus()
    page.keyboard.press("Control+Enter")
    other.locator("[aria-invalid=true]:focus").wait_for()
    wrong = page.evaluate(
        "() => [...document.querySelectorAll('[data-box=other] :is(.f-error, .w-finding > span)')]"
        ".map((one) => one.textContent.trim())"
    )
    assert wrong and len(wrong) == len(set(wrong))
    other.locator(".w-input").fill("%(num)s Haseln")
    expect(other.locator("[aria-invalid]")).to_have_count(0)
    expect(other.locator(".f-error, [data-blocks]")).to_have_count(0)


def test_a_text_is_rejected_without_a_mouse(live: Live, enter: Enter, content: dict[str, UUID]) -> None:
    page = enter("Editor")
    page.goto(f"{QUEUE}&type=theme&state=all")
    at_source(page, "Hazel brown")
    page.keyboard.press("Alt+r")
    page.locator("#w-reason:focus").wait_for()
    page.keyboard.press("Control+Enter")  # not without a reason
    page.keyboard.type("Too brown")
    page.keyboard.press("Control+Enter")
    told(page, "Rejected")
    assert stored(live, content["theme"], "name") == ("Haselbraun", "rejected")


@pytest.mark.parametrize(("keys", "said"), [("Alt+a", "Approved"), ("Alt+d", "Suggestion declined")])
def test_a_suggestion_has_keys_of_its_own(
    live: Live, enter: Enter, content: dict[str, UUID], keys: str, said: str
) -> None:
    with live[1].app_context(), unit_of_work() as session:
        row = session.scalars(select(Translation).where(Translation.object_id == content["theme"])).one()
        session.add(
            TranslationSuggestion(translation_id=row.id, text="Nussbraun", source_hash=row.source_hash)
        )
    page = enter("Editor")
    page.goto(f"{QUEUE}&state=suggested")
    at_source(page, "Hazel brown")
    expect(page.locator("[aria-keyshortcuts='Alt+A']")).to_have_text("Accept", use_inner_text=True)
    expect(page.locator("[aria-keyshortcuts='Alt+D']")).to_have_text("Decline", use_inner_text=True)
    page.keyboard.press(keys)
    told(page, said)
    text = "Nussbraun" if keys == "Alt+a" else "Haselbraun"
    assert stored(live, content["theme"], "name") == (text, "approved")


def test_what_is_taken_over_a_text_is_undone_by_the_browser(enter: Enter, content: dict[str, UUID]) -> None:
    page = enter("Editor")
    area = in_text(page)
    page.keyboard.type("Haselessen")
    page.keyboard.press("Alt+c")
    expect(area).to_have_value("Hazel supper")
    page.keyboard.press("Control+z")
    expect(area).to_have_value("Haselessen")


def test_a_source_copied_over_rich_text_is_undone_too(live: Live, enter: Enter) -> None:
    customs = "<p>Catkins and <strong>nuts</strong>.</p><ul><li>One</li></ul>"
    with live[1].app_context(), unit_of_work():
        FestivalFactory(name="Hazel feast", customs=customs)
    page = enter("Editor")
    page.goto("/translate/de?q=catkins")
    area = page.locator(".f-rich-area:focus")
    area.wait_for()
    page.keyboard.type("Kätzchen")
    page.keyboard.press("Alt+c")
    expect(area.locator("b")).to_have_text("nuts")
    expect(area.locator("li")).to_have_text("One")
    expect(area).not_to_contain_text("Kätzchen")
    page.keyboard.press("Control+z")
    expect(area).to_have_text("Kätzchen", use_inner_text=True)


def test_on_a_mac_alt_and_a_letter_are_for_signs(enter: Enter, content: dict[str, UUID]) -> None:
    page = enter("Editor")
    page.add_init_script(MAC)
    area = in_text(page)
    page.keyboard.type("Essen")
    page.keyboard.press("Alt+c")
    expect(area).to_have_value("Essen")
    page.keyboard.press("Escape")
    page.keyboard.press("Alt+c")
    expect(area).to_have_value("Hazel supper")
