"""Forms in a browser: the editor, the drawer, tabs with faults, rows by keyboard, colours, zones, languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select

from app.domains.bookings.models import Booking
from app.domains.catalog.models import Festival, IncludedItem, Package, Theme
from app.kernel.db import db, unit_of_work
from tests.axe import faults

pytestmark = pytest.mark.browser
Enter = Callable[..., Any]


@pytest.fixture(scope="module")
def content(live: tuple[str, Flask]) -> dict[str, UUID]:
    """Store a festival, a theme, a package with items, and a booking."""
    with live[1].app_context(), unit_of_work() as session:
        package = Package(name="Lantern supper", slug="lantern-supper", price_minor=125_000)
        package.items = [
            IncludedItem(text=text, position=n) for n, text in enumerate(("Soup", "Fish", "Cake"))
        ]
        festival = Festival(
            name="Lamp night",
            slug="lamp-night",
            category="cultural",
            country="IN",
            starts_on=date(2027, 5, 1),
            ends_on=date(2027, 5, 2),
            customs="<p>Lamps on every sill.</p>",
        )
        theme = Theme(name="Saffron", slug="saffron", colour="#c2410c")
        booking = Booking(
            client_name="Mina Roy",
            client_email="mina@example.com",
            event_type="wedding",
            event_on=date(2028, 5, 1),
            place="Old Mill",
        )
        session.add_all((package, festival, theme, booking))
        session.flush()
        return {one.__tablename__: one.id for one in (package, festival, theme, booking)}


def stored(live: tuple[str, Flask], model: Any, key: UUID, name: str) -> Any:
    """Read a value as it is stored now."""
    with live[1].app_context():
        return db.session.scalar(select(getattr(model, name)).where(model.id == key))


def test_rich_text_is_written_by_keyboard_and_kept(
    live: tuple[str, Flask], enter: Enter, content: dict[str, UUID]
) -> None:
    page = enter("Editor")
    page.goto(f"/festivals/{content['festival']}/edit")
    field = page.locator("[data-field=customs]")
    assert page.locator("[data-save]").first.is_disabled()
    field.get_by_role("textbox", name="How it is celebrated").click()
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.type("Bring ")
    page.keyboard.press("Control+b")
    page.keyboard.type("sweets")
    page.keyboard.press("Control+b")
    assert field.locator(".f-rich-count").inner_text() == "Words: 6"
    page.keyboard.press("Alt+F10")
    for _step in range(5):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert field.locator("[data-does=ul]").get_attribute("aria-pressed") == "true"
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+Home")
    page.keyboard.press("Control+k")
    page.keyboard.type("example.com/sweets")
    page.keyboard.press("Enter")
    german = page.locator("[data-field=customs] ~ [data-locale=de]")
    german.locator("[contenteditable]").click()
    page.keyboard.type("Lichter überall")
    page.keyboard.press("Control+s")
    page.get_by_text("“Lamp night” was saved.").wait_for()
    kept = stored(live, Festival, content["festival"], "customs")
    assert kept.startswith("<p>Lamps on every sill.</p><ul><li>")
    assert '<a href="https://example.com/sweets" rel="noopener">' in kept
    assert "<strong>" in kept
    assert page.locator(".f-rich-text a").first.inner_text().startswith("Bring")


def test_what_was_deleted_whole_comes_back_and_goes_again(enter: Enter, content: dict[str, UUID]) -> None:
    page = enter("Editor")
    page.goto(f"/festivals/{content['festival']}/edit")
    field = page.locator("[data-field=customs]")
    undo, redo = (field.locator(f"[data-does={name}]") for name in ("undo", "redo"))
    field.locator("[contenteditable]").click()
    assert [button.get_attribute("aria-disabled") for button in (undo, redo)] == ["true", "true"]
    before = page.input_value("#i-customs")
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.wait_for_function("() => document.querySelector('#i-customs').value === ''")
    page.keyboard.press("Control+z")
    page.wait_for_function("(was) => document.querySelector('#i-customs').value === was", arg=before)
    page.wait_for_timeout(50)  # what would count as a change is seen a moment later
    assert redo.get_attribute("aria-disabled") == "false"
    page.keyboard.press("Control+y")
    page.wait_for_function("() => document.querySelector('#i-customs').value === ''")


def test_what_is_pasted_loses_what_is_not_ours(enter: Enter, content: dict[str, UUID]) -> None:
    page = enter("Editor")
    page.goto(f"/festivals/{content['festival']}/edit")
    page.locator("[data-field=customs] [contenteditable]").evaluate(
        """(area) => {
          const data = new DataTransfer();
          const image = "<img src=x onerror=y()>";
          const harm = `<script>alert(1)</scr` + `ipt><p onclick=x()>Text${image}</p>`;
          data.setData("text/html", `<h1 style='color:red'>Title</h1>${harm}`);
          area.focus();
          getSelection().selectAllChildren(area);
          area.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }"""
    )
    page.wait_for_function("() => document.querySelector('#i-customs').value.includes('Title')")
    value = page.input_value("#i-customs")
    assert "<h2>Title</h2>" in value
    assert not any(part in value for part in ("script", "style", "onclick", "<img"))


def test_lists_and_bold_of_a_word_processor_stay_what_they_are(
    enter: Enter, content: dict[str, UUID]
) -> None:
    def item(place: str, marker: str, text: str) -> str:
        ignored = f"<span style='mso-list:Ignore'>{marker}<span style='font:7pt \"Times\"'>&nbsp;&nbsp; </span></span>"
        mark = f"<![if !supportLists]><span style='font-family:Symbol'>{ignored}</span><![endif]>"
        return (
            f"<p class=MsoListParagraphCxSpMiddle style='mso-list:{place} lfo1'>{mark}{text}<o:p></o:p></p>\n"
        )

    pasted = "".join(
        (
            "<p class=MsoNormal><a name='_Toc1'>Plain</a> <span style='font-weight:700'>heavy</span></p>",
            item("l0 level1", "·", "Lamps"),
            item("l0 level2", "o", "Oil"),
            item("l0 level1", "·", "Bells"),
            item("l1 level1", "1.", "First"),
            item("l1 level1", "2.", "Second"),
            "<p class=MsoListParagraph>3)&nbsp;&nbsp; Third</p>",
            "<p class=MsoListParagraph>No marker</p>",
            "<b style='font-weight:normal'><p>Light</p></b>",
        )
    )
    page = enter("Editor")
    page.goto(f"/festivals/{content['festival']}/edit")
    page.locator("[data-field=customs] [contenteditable]").evaluate(
        """(area, pasted) => {
          const data = new DataTransfer();
          data.setData("text/html", pasted);
          area.focus();
          getSelection().selectAllChildren(area);
          area.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        pasted,
    )
    page.wait_for_function("() => document.querySelector('#i-customs').value.includes('Light')")
    value = re.sub(r"\s+(?=<)|<br>|</?div>", "", page.input_value("#i-customs"))
    assert "<p>Plain<b>heavy</b></p>" in value
    assert "<ul><li>Lamps<ul><li>Oil</li></ul></li><li>Bells</li></ul>" in value
    assert (
        "<ol><li>First</li><li>Second</li></ol><ol><li>Third</li></ol><p>No marker</p><p>Light</p>" in value
    )


def test_save_wakes_up_for_who_types_before_the_scripts_are_done(enter: Enter) -> None:
    page = enter("Editor")
    page.add_init_script("window.later = []; window.requestAnimationFrame = (work) => later.push(work)")
    page.goto("/packages/add")
    page.fill("[name=name]", "Faster than the page")
    for _round in range(2):
        page.evaluate("() => later.splice(0).forEach((work) => work(performance.now()))")
    assert page.locator("[data-save]").first.is_enabled()


@pytest.mark.parametrize("width", [1440, 390])
def test_a_related_record_is_made_in_a_drawer_and_chosen(
    live: tuple[str, Flask], enter: Enter, content: dict[str, UUID], width: int
) -> None:
    page = enter("Admin", width=width)
    page.goto(f"/bookings/{content['booking']}/edit")
    picker = page.locator("[data-field=package_id]")
    picker.locator(".ts-control").click()
    page.keyboard.type(f"Boat trip {width}")
    page.get_by_text(f"+ Create “Boat trip {width}”").click()
    drawer = page.frame_locator("iframe.f-drawer-frame")
    assert drawer.locator("#i-name").input_value() == f"Boat trip {width}"
    expect(drawer.locator("#i-slug")).to_have_value(f"boat-trip-{width}")
    expect(drawer.locator("[data-save]").first).to_be_enabled()
    drawer.locator("#i-price_minor:focus").wait_for()
    drawer.locator("#i-price_minor").fill("950")
    drawer.locator("[data-save]").first.click()
    page.locator("iframe.f-drawer-frame").wait_for(state="detached")
    assert picker.locator(".ts-control .item").inner_text() == f"Boat trip {width}"
    picker.locator("[data-drawer-edit]").click()
    expect(drawer.locator("#i-slug")).to_have_value(f"boat-trip-{width}")
    expect(drawer.locator("[data-save]").first).to_be_disabled()
    drawer.locator("#i-name").press("Escape")
    page.locator("iframe.f-drawer-frame").wait_for(state="detached")
    page.keyboard.press("Control+s")
    page.get_by_text("“Mina Roy” was saved.").wait_for()
    chosen = stored(live, Booking, content["booking"], "package_id")
    assert stored(live, Package, chosen, "slug") == f"boat-trip-{width}"


def test_faults_are_counted_on_their_tabs_and_the_first_has_the_focus(
    enter: Enter, content: dict[str, UUID]
) -> None:
    page = enter("Editor")
    page.goto(f"/festivals/{content['festival']}/edit")
    page.get_by_role("tab", name="Days and place").click()
    page.fill("#i-facts", '{"lamps": 21,\n "sweets": [1,}')
    page.get_by_text("Line 2: this is no JSON from here on.").wait_for()
    page.fill("#i-ends_on", "")
    page.get_by_role("tab", name="Content").click()
    page.keyboard.press("Control+s")
    page.locator("#i-ends_on:focus").wait_for()
    assert page.locator("[data-summary]").is_visible()
    assert page.get_by_role("tab", selected=True).inner_text().startswith("Days and place")
    assert page.get_by_role("tab", selected=True).locator(".f-tab-faults").inner_text() == "2"
    page.get_by_role("tab", name="Content").click()
    page.locator("[data-summary] a", has_text="Further facts").click()
    page.locator("#i-facts:focus").wait_for()
    assert page.input_value("#i-facts") == '{"lamps": 21,\n "sweets": [1,}'
    page.get_by_role("tab", name="Days and place").press("ArrowRight")
    assert page.get_by_role("tab", selected=True).inner_text() == "Pictures"


def test_rows_are_ordered_doubled_and_folded_by_keyboard(
    live: tuple[str, Flask], enter: Enter, content: dict[str, UUID]
) -> None:
    page = enter("Editor")
    page.goto(f"/packages/{content['package']}/edit")
    rows = page.locator("#c-items [data-row]")
    rows.nth(2).locator("input[lang=en]").focus()
    page.keyboard.press("Alt+ArrowUp")
    rows.nth(0).hover()
    rows.nth(0).locator("[data-duplicate]").click()
    assert rows.nth(1).locator("input[lang=en]").input_value() == "Soup"
    rows.nth(1).locator("input[lang=en]").fill("Bread")
    fold = page.locator("#c-items [data-fold]")
    fold.press("Enter")
    assert rows.first.is_hidden()
    page.reload()
    assert page.locator("#c-items [data-row]").first.is_hidden()
    page.locator("#c-items [data-fold]").press("Enter")
    rows.nth(2).locator("input[lang=en]").focus()
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Control+s")
    page.get_by_text("“Lantern supper” was saved.").wait_for()
    with live[1].app_context():
        found = select(IncludedItem.text).where(IncludedItem.package_id == content["package"])
        assert db.session.scalars(found.order_by(IncludedItem.position)).all() == ["Soup", "Cake", "Fish"]


def test_a_row_that_gets_to_an_end_gives_the_focus_to_its_way_back(
    enter: Enter,
) -> None:
    page = enter("Editor")
    page.goto("/packages/add")
    rows = page.locator("#c-items [data-row]")
    for _row in range(3):
        page.locator("#c-items [data-add]").click()
    expect(rows).to_have_count(3)
    rows.nth(1).locator("[data-move='-1']").press("Enter")
    expect(rows.first.locator("[data-move='1']")).to_be_focused()
    page.keyboard.press("Enter")
    expect(rows.nth(1).locator("[data-move='1']")).to_be_focused()
    page.keyboard.press("Enter")
    expect(rows.last.locator("[data-move='-1']")).to_be_focused()


@pytest.mark.parametrize("width", [1440, 390])
def test_a_picture_is_looked_up_at_once_where_a_row_is_added_for_it(enter: Enter, width: int) -> None:
    page = enter("Editor", width=width)
    page.goto("/packages/add")
    page.locator("#c-pictures [data-add]").click()
    field = page.locator("#c-pictures [data-row] .ts-control input")
    expect(field).to_be_focused()
    page.keyboard.type("lan")
    expect(field).to_have_value("lan")


def test_a_colour_a_zone_and_an_address_say_what_they_mean(
    live: tuple[str, Flask], enter: Enter, content: dict[str, UUID]
) -> None:
    page = enter("Editor", locale="de")
    page.goto(f"/themes/{content['theme']}/edit")
    page.fill("#i-colour", "FFF")
    page.locator("#i-colour").press("Tab")
    assert page.input_value("#i-colour") == "#ffffff"
    assert "1.0 : 1" in page.locator("[data-on=white]").inner_text()
    page.fill("#i-slug", "saffron-new")
    assert page.locator("[data-slug-held]").is_visible()
    page.fill("#i-slug", "saffron")
    assert page.locator("[data-slug-held]").is_hidden()
    page.keyboard.press("Control+s")
    page.wait_for_url(f"**/themes/{content['theme']}")
    assert stored(live, Theme, content["theme"], "colour") == "#ffffff"

    page.goto(f"/festivals/{content['festival']}/edit")
    page.get_by_role("tab").nth(1).click()
    page.locator("[data-field=zone] .ts-control").click()
    page.locator("[data-field=zone] input:focus").wait_for()
    page.keyboard.type("kolkata")
    page.locator(".ts-dropdown .option", has_text="Kolkata").first.click()
    assert page.locator("[data-zone-now]").is_visible()
    page.keyboard.press("Control+s")
    page.wait_for_url(f"**/festivals/{content['festival']}")
    assert stored(live, Festival, content["festival"], "zone") == "Asia/Kolkata"


@pytest.mark.parametrize(
    ("width", "dark", "locale"), [(1440, False, "en"), (1440, True, "ar"), (390, True, "en")]
)
def test_forms_and_drawers_have_no_fault_for_axe_and_fit(
    enter: Enter, content: dict[str, UUID], width: int, dark: bool, locale: str
) -> None:
    page = enter("Admin", width=width, dark=dark, locale=locale)
    for path in (f"festivals/{content['festival']}", f"bookings/{content['booking']}"):
        page.goto(f"/{path}/edit")
        page.wait_for_function("() => document.querySelector('[data-save]').disabled")
        assert faults(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_greyed_fields_are_read_with_their_rule(
    live: tuple[str, Flask], enter: Enter, content: dict[str, UUID]
) -> None:
    page = enter("Translator")
    page.goto(f"/festivals/{content['festival']}/edit")
    rule = page.locator("#form-rule").inner_text()
    assert "Who may: Admin, Editor." in rule
    assert "form-rule" in page.locator("#i-name").get_attribute("aria-describedby")
    assert page.locator("#i-name").evaluate("input => input.readOnly")
    assert page.locator("[data-field=customs] [contenteditable]").count() == 0
    assert faults(page) == []
