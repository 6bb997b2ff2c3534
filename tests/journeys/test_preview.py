"""Texts translated where they stand, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select

from app.domains.catalog.models import Package
from app.kernel.db import db, unit_of_work
from app.translation.models import Translation
from tests.axe import faults
from tests.factories import AssetFactory, FestivalFactory, IncludedItemFactory, PackageFactory, translate

pytestmark = pytest.mark.browser
Live = tuple[str, Flask]
Enter = Callable[..., Any]

RIGHT_EDGE = """(one) => {
  const range = document.createRange();
  range.selectNodeContents(one);
  return range.getBoundingClientRect().right;
}"""


@pytest.fixture
def package(live: Live) -> UUID:
    with live[1].app_context(), unit_of_work():
        made = PackageFactory(name="Garden party", description="Under the old trees, with lanterns.")
        item = IncludedItemFactory(package_id=made.id, text="Soup", position=0)
        translate(made, "de", name="Gartenfest")
        translate(made, "ar", name="حفلة الحديقة")
        translate(item, "ar", text="حساء")
        AssetFactory()
        return UUID(str(made.id))


def stored(live: Live, key: UUID, field: str, locale: str) -> tuple[str, str] | None:
    with live[1].app_context():
        found = db.session.execute(
            select(Translation.text, Translation.state).where(
                Translation.object_id == key, Translation.field == field, Translation.locale == locale
            )
        ).first()
        db.session.rollback()
        return (found.text, found.state) if found else None


def opened(page: Any, key: UUID, lang: str = "de") -> Any:
    page.goto(f"/packages/{key}/preview?lang={lang}")
    page.locator("[data-stage][data-ready]").wait_for()
    return page.frame_locator("[data-frame]")


def panel(page: Any) -> Any:
    inside = page.frame_locator("#in-place iframe")
    inside.locator("[data-ready] #tp-text").wait_for()
    return inside


def test_a_text_is_reached_by_keyboard_translated_and_seen_in_its_place(
    live: Live, enter: Enter, package: UUID
) -> None:
    page = enter("Translator")
    frame = opened(page, package)
    expect(page.locator("[data-to-do]")).to_have_text("Texts to do: 2", use_inner_text=True)
    told = frame.locator(".r-long")
    expect(told).to_have_attribute("data-state", "missing")
    assert "dotted" in told.locator(".ip-edit").evaluate("(one) => getComputedStyle(one).borderBlockEndStyle")
    frame.locator("h1 .ip-edit").focus()
    page.keyboard.press("Tab")  # every text is a stop of its own
    expect(frame.locator(".ip-edit:focus")).to_have_attribute(
        "aria-label", "Translate: Description · Missing"
    )
    page.keyboard.press("Enter")
    inside = panel(page)
    inside.locator("#tp-text:focus").wait_for()
    page.keyboard.type("Unter alten Bäumen, mit Laternen.")
    expect(told.locator("[data-words]")).to_have_text(
        "Unter alten Bäumen, mit Laternen.", use_inner_text=True
    )
    expect(inside.locator("[data-outcome]")).to_contain_text("waits for approval", use_inner_text=True)
    page.keyboard.press("Control+s")
    inside.locator("[data-saved-note]:visible").wait_for()
    expect(inside.locator("[data-saved-note]")).to_have_text(
        "Saved; it waits for approval.", use_inner_text=True
    )
    expect(told).to_have_attribute("data-state", "needs_review")
    page.keyboard.press("Escape")
    page.locator("#in-place").wait_for(state="hidden")
    expect(frame.locator(".ip-edit:focus")).to_have_count(1)
    expect(told.locator("[data-words]")).to_have_text(
        "Unter alten Bäumen, mit Laternen.", use_inner_text=True
    )
    assert stored(live, package, "description", "de") == ("Unter alten Bäumen, mit Laternen.", "needs_review")


def test_what_was_typed_and_not_saved_leaves_the_page_as_it_was(enter: Enter, package: UUID) -> None:
    page = enter("Editor")
    frame = opened(page, package)
    frame.locator("h1 .ip-edit").click()
    panel(page).locator("[data-ready] #tp-text").fill("Etwas anderes")
    expect(frame.locator("h1 [data-words]")).to_have_text("Etwas anderes", use_inner_text=True)
    panel(page).locator("[data-drawer-close]").click()
    expect(frame.locator("h1 [data-words]")).to_have_text("Gartenfest", use_inner_text=True)
    frame.locator("h1 .ip-edit").click()  # it is not lost
    expect(panel(page).locator("[data-ready] #tp-text")).to_have_value("Etwas anderes")
    expect(frame.locator("h1 [data-words]")).to_have_text("Etwas anderes", use_inner_text=True)
    page.keyboard.press("Escape")
    page.locator("#in-place").wait_for(state="hidden")
    frame.locator(".r-long .ip-edit").click()  # and it is of that text alone
    expect(panel(page).locator("h1")).to_contain_text("Description")
    expect(panel(page).locator("[data-ready] #tp-text")).to_have_value("")


# Rule 22
def test_what_waits_in_the_drawer_overwrites_nobody(live: Live, enter: Enter, package: UUID) -> None:
    page = enter("Editor")
    frame = opened(page, package)
    frame.locator("h1 .ip-edit").click()
    inside = panel(page)
    inside.locator("[data-ready] #tp-text").fill("Etwas anderes")
    page.keyboard.press("Escape")
    page.locator("#in-place").wait_for(state="hidden")
    other = enter("Admin")
    theirs = opened(other, package)
    theirs.locator("h1 .ip-edit").click()
    panel(other).locator("[data-ready] #tp-text").fill("Fest im Garten")
    other.keyboard.press("Control+s")
    panel(other).locator("[data-saved-note]:visible").wait_for()
    page.reload()
    page.locator("[data-stage][data-ready]").wait_for()
    for is_told in (False, True):
        frame.locator("h1 .ip-edit").click()
        expect(inside.locator("[data-ready] #tp-text")).to_have_value("Etwas anderes")
        inside.locator("#tp-text:focus").wait_for()
        page.keyboard.press("Control+s")
        if not is_told:
            inside.locator("[data-refused]:visible").wait_for()
            assert stored(live, package, "name", "de") == ("Fest im Garten", "approved")
            page.keyboard.press("Escape")
            page.locator("#in-place").wait_for(state="hidden")
    inside.locator("[data-saved-note]:visible").wait_for()
    assert stored(live, package, "name", "de") == ("Etwas anderes", "approved")


def test_a_text_that_does_not_fit_is_said_before_it_is_saved(live: Live, enter: Enter, package: UUID) -> None:
    page = enter("Editor")
    frame = opened(page, package)
    frame.locator("h1 .ip-edit").click()
    inside = panel(page)
    page.locator(".ip-probe").wait_for(state="attached")
    page.frame_locator(".ip-probe").locator("h1").wait_for(state="attached")
    area = inside.locator("[data-ready] #tp-text")
    area.fill("Donaudampfschifffahrtskapitänsgartenfest")
    inside.locator("[data-fits] li", has_text="On a phone: The text is wider than its place.").wait_for()
    area.fill("Ein Fest im Garten, " * 6)
    inside.locator("[data-fits] li", has_text="The end of the text is cut off.").first.wait_for()
    inside.locator("[data-fits] li", has_text="lines; its place holds 2").first.wait_for()
    area.fill("Gartenfeier")
    inside.locator("[data-fits] li").first.wait_for(state="detached")
    inside.locator("[data-then=next]").click()
    inside.locator("h1", has_text="Description").wait_for()
    assert stored(live, package, "name", "de") == ("Gartenfeier", "approved")


# Rule 19: direction from the language, the page mirrored, mixed text isolated.
@pytest.mark.parametrize("width", [1440, 390])
def test_a_right_to_left_page_is_mirrored(enter: Enter, package: UUID, width: int) -> None:
    page = enter("Editor", width=width, locale="ar")
    frame = opened(page, package, "ar")
    expect(frame.locator("html")).to_have_attribute("dir", "rtl")
    title, page_box = frame.locator("h1 [data-words]"), frame.locator(".r-page")
    end = page_box.evaluate("(one) => one.getBoundingClientRect().right")
    assert abs(title.evaluate(RIGHT_EDGE) - end) < 3  # it begins at the right
    tick = frame.locator(".r-rows li").first
    assert tick.evaluate("(one) => getComputedStyle(one).direction") == "rtl"
    source = frame.locator(".r-long")  # not translated: English stays English, beginning at the left
    assert (source.get_attribute("lang"), source.get_attribute("dir")) == ("en", "ltr")
    frame.locator("h1 .ip-edit").click()
    inside = panel(page)
    expect(inside.locator("[data-ready] #tp-text")).to_have_attribute("dir", "rtl")
    expect(inside.locator(".tp-source [dir=ltr]")).to_have_text("Garden party", use_inner_text=True)
    box = page.locator("#in-place").bounding_box()
    assert box["x"] == 0  # the drawer comes from where lines end
    arrow = inside.locator("[data-step='1'] .icon")
    assert arrow.evaluate("(one) => getComputedStyle(one).transform").startswith("matrix(-1")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if width == 390:
        page.goto(f"/packages/{package}")
        crumb = page.locator(".f-crumbs [aria-current] [dir=auto]")
        assert crumb.evaluate("(one) => getComputedStyle(one).direction") == "ltr"


@pytest.mark.parametrize(("locale", "dark"), [("en", False), ("en", True), ("ar", False), ("ar", True)])
def test_nothing_stands_in_the_way_of_anybody(enter: Enter, package: UUID, locale: str, dark: bool) -> None:
    page = enter("Editor", locale=locale, dark=dark)
    lang = "ar" if locale == "ar" else "de"
    frame = opened(page, package, lang)
    frame.locator("h1 .ip-edit").click()
    panel(page)
    assert faults(page) == []
    for address in (
        f"/packages/{package}/preview/page?lang={lang}&theme={'dark' if dark else 'light'}",
        f"/packages/{package}/text?field=description&lang={lang}",
    ):
        page.goto(address)
        assert faults(page) == []


def test_rich_text_is_translated_in_its_place(live: Live, enter: Enter) -> None:
    with live[1].app_context(), unit_of_work():
        key = FestivalFactory(customs="<p>Lamps and <strong>sweets</strong>.</p>").id
    page = enter("Editor")
    page.goto(f"/festivals/{key}/preview?lang=de")
    page.locator("[data-stage][data-ready]").wait_for()
    frame = page.frame_locator("[data-frame]")
    frame.locator(".r-rich .ip-edit").click()
    area = page.frame_locator("#in-place iframe").locator("[contenteditable]")
    area.click()
    page.keyboard.type("Lampen und Süßes.")
    expect(frame.locator(".r-rich [data-words]")).to_contain_text("Lampen und Süßes.", use_inner_text=True)
    page.keyboard.press("Control+s")
    page.frame_locator("#in-place iframe").locator("[data-saved-note]:visible").wait_for()
    found = stored(live, key, "customs", "de")
    assert found is not None
    assert (found[0], found[1]) == ("<p>Lampen und Süßes.</p>", "approved")


def test_widths_and_appearance_are_those_of_the_frame(enter: Enter, package: UUID) -> None:
    page = enter("Viewer")
    page.goto(f"/packages/{package}/preview?lang=de")
    frame = page.frame_locator("[data-frame]")
    frame.locator("h1").wait_for()
    expect(frame.locator(".ip-edit")).to_have_count(0)
    page.locator("[data-width='390']").click()
    assert page.locator("[data-frame]").evaluate("(one) => one.clientWidth") <= 390
    page.locator("[data-frame-theme=dark]").click()
    expect(frame.locator("html")).to_have_attribute("data-theme", "dark")
    page.locator("#pv-lang").select_option("ar")
    page.wait_for_url("**lang=ar")


def test_the_sample_site_is_translated_where_it_stands(live: Live, enter: Enter) -> None:
    with live[1].app_context(), unit_of_work():
        made = PackageFactory(name="Lantern night", description="", position=-2000)  # the first of all
        IncludedItemFactory(package_id=made.id, text="Soup", position=0)
        translate(made, "de", name="Gartenfest")
        package = made.id
    page = enter("Translator")
    page.goto("/site/?translate=de")
    name = page.locator(f"#package-cards [data-text='/packages/{package}/text?field=name']")
    name.locator(".ip-edit").click()
    inside = panel(page)
    inside.locator("[data-ready] #tp-text").fill("Fest im Garten")
    expect(name.locator("[data-words]")).to_have_text("Fest im Garten", use_inner_text=True)
    inside.locator("[data-then=stay]").click()
    inside.locator("[data-saved-note]", has_text="Your suggestion waits for approval.").wait_for()
    assert name.locator("[data-words]").inner_text() == "Gartenfest"  # what readers see until it is accepted
    assert faults(page) == []
    inside.locator("[data-drawer-close]").click()
    page.locator("article.card").first.locator(".cover").click()
    line = page.locator("#sheet .ticks [data-text]").first
    line.locator(".ip-edit").click()
    panel(page).locator("[data-ready] #tp-text").fill("Suppe")
    expect(line.locator("[data-words]")).to_have_text("Suppe", use_inner_text=True)


def test_an_address_is_offered_in_the_letters_of_its_language(
    live: Live, enter: Enter, package: UUID
) -> None:
    page = enter("Editor")
    page.goto(f"/packages/{package}/edit?language=de")
    page.fill("#i-name-de", "Großes Gartenfest für Ämter")
    page.locator("[data-slug-from=de]").click()
    assert page.input_value("#i-slug-de") == "grosses-gartenfest-fuer-aemter"
    page.keyboard.press("Control+s")
    page.wait_for_url(f"**/packages/{package}")
    assert stored(live, package, "slug", "de") == ("grosses-gartenfest-fuer-aemter", "approved")
    page.goto(f"/packages/{package}/edit?language=ar")
    page.fill("#i-name-ar", "حفلةٌ في الحديقة")
    page.locator("[data-slug-from=ar]").click()
    assert page.input_value("#i-slug-ar") == "حفلة-في-الحديقة"
    page.fill("#i-slug", "another-garden")
    expect(page.locator("[data-slug-held]:visible")).to_contain_text(
        "Old links go on working.", use_inner_text=True
    )
    with live[1].app_context():
        assert db.session.get(Package, package) is not None
