"""A list as a board, by day and as a spreadsheet, changed in place, and refreshed while others work on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask

from app.kernel import clock
from tests.axe import faults

pytestmark = pytest.mark.browser
Enter = Callable[..., Any]
SIZES = pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])


def add(app: Flask, *records: Any) -> list[str]:
    """Write records that the story begins with, and give their keys."""
    from app.kernel.db import db, unit_of_work

    with app.app_context():
        with unit_of_work() as session:
            session.add_all(records)
            session.flush()
            keys = [str(record.id) for record in records]
        db.session.remove()
    return keys


def booking(name: str, on: date | None = None, **facts: Any) -> Any:
    """Make a booking."""
    from app.domains.bookings.models import Booking

    return Booking(
        client_name=name,
        client_email="client@example.com",
        event_type="wedding",
        event_on=on or clock.today(),
        place="Lisbon",
        **facts,
    )


def package(slug: str, **facts: Any) -> Any:
    """Make a package."""
    from app.domains.catalog.models import Package

    return Package(slug=slug, price_minor=100_000, **{"name": slug.replace("-", " ").title(), **facts})


def save_meanwhile(app: Flask, model: type[Any], key: str, **facts: Any) -> None:
    """Save a record as somebody else does while a page is open."""
    from app.kernel.db import db, unit_of_work

    with app.app_context():
        with unit_of_work() as session:
            record = session.get(model, key)
            for name, value in facts.items():
                setattr(record, name, value)
        db.session.remove()


def stored(app: Flask, model: type[Any], key: str) -> Any:
    """Read a record anew."""
    from app.kernel.db import db

    with app.app_context():
        record = db.session.get(model, key, populate_existing=True)
        db.session.expunge_all()
        db.session.remove()
    return record


def wait_joined(page: Any) -> None:
    """Wait until the page hears what is told."""
    page.wait_for_function(
        "() => new Promise(done => Festoon.live.onState(s => s === 'connected' && done(true)))"
    )
    page.wait_for_timeout(400)


def column_of(page: Any, key: str) -> str:
    """Tell in which column a card stands."""
    found: str = page.locator(f'.f-card[data-id="{key}"]').evaluate(
        "e => e.closest('[data-column]').dataset.column"
    )
    return found


def is_within(page: Any) -> bool:
    """Tell whether the page is no wider than the screen."""
    within: bool = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    return within


@pytest.mark.proves("S2.52")
def test_a_card_is_dragged_and_a_refused_one_goes_back(live: tuple[str, Flask], enter: Enter) -> None:
    _base, app = live
    far, calm = add(
        app, booking("Dragged Client", date(2031, 5, 24)), booking("Moved By Key", date(2031, 6, 1))
    )
    page = enter("Booking operator")
    page.goto("/bookings/?as=board&filter[event_on][gte]=2031-01-01")
    card = page.locator(f'.f-card[data-id="{far}"]')
    card.drag_to(page.locator("[data-column=completed]"))
    page.locator(".f-note[data-tone=danger]").wait_for()
    assert column_of(page, far) == "pending"
    card.drag_to(page.locator("[data-column=confirmed]"))
    page.locator(".f-note[data-tone=success]").wait_for()
    assert column_of(page, far) == "confirmed"
    page.locator(f'.f-card[data-id="{calm}"] .f-card-door').focus()
    page.keyboard.press("m")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.locator("dialog[open] textarea").fill("They found another day.")
    page.locator("dialog[open] .btn").last.click()
    page.wait_for_function(
        f"() => document.querySelector('[data-column=cancelled] [data-id=\"{calm}\"]') !== null", timeout=8000
    )
    assert page.evaluate("document.activeElement.closest('.f-card').dataset.id") == calm
    page.locator(".f-card.is-held").wait_for(state="detached", timeout=20_000)
    assert faults(page) == []
    page.reload()
    assert (column_of(page, far), column_of(page, calm)) == ("confirmed", "cancelled")


@SIZES
def test_the_calendar_turns_and_its_days_are_opened(
    live: tuple[str, Flask], enter: Enter, width: int, height: int
) -> None:
    _base, app = live
    (key,) = add(app, booking(f"Calendar Client {width}", date(2032, 2, 10)))
    page = enter("Booking operator", width=width, height=height)
    page.goto("/bookings/?as=calendar&month=2032-01")
    page.get_by_label("Later").click()
    page.wait_for_url("**month=2032-02*")
    event = page.locator(f'.f-event[data-id="{key}"]')
    assert event.is_visible()
    assert is_within(page)
    assert faults(page) == []
    if width > 640:
        event.drag_to(page.locator('[data-date="2032-02-20"] .f-day-box'))
        page.wait_for_function(
            f'() => document.querySelector(\'[data-date="2032-02-20"] [data-id="{key}"]\') !== null'
        )
        from app.domains.bookings.models import Booking

        save_meanwhile(app, Booking, key, event_on=date(2032, 2, 24))
        page.locator("[data-undoes]").click()
        assert "Nothing was overwritten" in page.locator(".f-note[data-tone=danger]").inner_text()
        page.locator(f'[data-date="2032-02-24"] [data-id="{key}"]').wait_for()
    event.locator("a").click()
    page.wait_for_url(f"**/bookings/{key}")


@SIZES
def test_pictures_and_columns_fit_the_screen(
    enter: Enter, live: tuple[str, Flask], width: int, height: int
) -> None:
    _base, app = live
    add(app, package(f"pictured-{width}"))
    page = enter("Admin", width=width, height=height)
    for address in ("/packages/?as=gallery", "/bookings/?as=board", "/packages/?as=grid"):
        page.goto(address)
        assert is_within(page), address
        assert faults(page) == [], address


def test_a_value_is_changed_in_its_row_and_taken_back(live: tuple[str, Flask], enter: Enter) -> None:
    _base, app = live
    (key,) = add(app, package("inline-package"))
    page = enter("Editor")
    page.goto("/packages/?q=inline")
    row = page.locator(f'tr[data-id="{key}"]')
    price = row.locator("td.is-number").first
    price.dblclick()
    field = page.locator(".f-cell-edit [name=value]")
    field.fill("much")
    field.press("Enter")
    page.locator(".f-cell-error:not([hidden])").wait_for()
    field.fill("1,234.50")
    field.press("Enter")
    page.wait_for_function(
        "() => [...document.querySelectorAll('#rows td')].some(cell => cell.textContent.includes('1,234.50'))"
    )
    page.locator("[data-undoes]").click()
    page.wait_for_function(
        "() => [...document.querySelectorAll('#rows td')].some(cell => cell.textContent.includes('1,000.00'))"
    )
    price.dblclick()
    field.fill("55")
    field.press("Enter")
    page.locator("[data-undoes]").wait_for()
    from app.domains.catalog.models import Package

    save_meanwhile(app, Package, key, price_minor=770_000)
    page.locator("[data-undoes]").click()
    assert "Nothing was overwritten" in page.locator(".f-note[data-tone=danger]").inner_text()
    page.wait_for_function(
        "() => [...document.querySelectorAll('#rows td')].some(cell => cell.textContent.includes('7,700.00'))"
    )
    row.locator(".f-first a").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.locator(".f-cell-edit").wait_for()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.tagName") == "TD"


def test_every_column_of_a_sheet_keeps_its_heading(live: tuple[str, Flask], enter: Enter) -> None:
    _base, app = live
    add(app, booking("Headed"))
    page = enter("Booking operator")
    page.goto("/bookings/?as=grid&columns=client_name,package,place")
    page.locator("[data-grid] tbody td").first.click()
    headings = page.locator("[data-grid] thead th").all_inner_texts()
    assert [heading.strip().rstrip("*") for heading in headings[1:]] == ["Client", "Package", "Place"]
    assert page.locator("[data-grid] thead select, [data-grid] thead .ts-wrapper").count() == 0


def test_a_block_is_pasted_filled_down_and_saved_at_once(live: tuple[str, Flask], enter: Enter) -> None:
    _base, app = live
    add(app, *(package(f"sheet-{n}", position=n) for n in range(3)))
    page = enter("Editor")
    page.goto("/packages/?as=grid&q=sheet&columns=name,price,is_active")
    cell = page.locator("[data-grid] tbody td").first
    cell.click()
    paste = """([text]) => { const data = new DataTransfer(); data.setData('text/plain', text);
        const event = new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true});
        document.activeElement.dispatchEvent(event); }"""
    page.evaluate(paste, ["Sheet One\t1.500,00\nSheet Two\tmuch\n"])
    page.locator("td[data-fault]").wait_for()
    page.click("[data-grid-save]")
    page.wait_for_timeout(500)
    assert page.locator("td[data-unsaved]").count() == 4, "nothing is lost"
    wrong = page.locator("[data-grid] tbody tr").nth(1).locator("td").nth(1)
    wrong.click()
    page.keyboard.type("99")
    page.keyboard.press("Enter")
    page.locator("[data-grid] tbody tr").nth(1).locator("td").nth(1).click()
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Control+d")
    page.click("[data-grid-save]")
    page.locator(".f-note[data-tone=success]").wait_for()
    page.reload()
    values = [text.split("\t") for text in page.locator("[data-grid] tbody tr").all_inner_texts()]
    assert [row[-2] for row in values] == ["1500.00", "99.00", "99.00"]
    assert page.locator("td[data-unsaved]").count() == 0


def test_what_both_changed_in_a_sheet_is_chosen_before_it_is_saved(
    live: tuple[str, Flask], enter: Enter
) -> None:
    from app.domains.catalog.models import Package

    _base, app = live
    ours, calm = add(app, *(package(f"clash-{n}", position=n) for n in range(2)))
    page = enter("Editor")
    page.goto("/packages/?as=grid&q=clash&columns=name,price,position")
    save_meanwhile(app, Package, ours, price_minor=77_700)
    save_meanwhile(app, Package, calm, price_minor=88_800)
    cells = page.locator(f'tr[data-id="{ours}"] td')

    def type_in(cell: Any, value: str) -> None:
        cell.click()
        page.keyboard.type(value)
        page.keyboard.press("Enter")

    type_in(cells.nth(1), "500")
    type_in(page.locator(f'tr[data-id="{calm}"] td').nth(0), "Calm Name")
    page.locator(".f-grid-clash").wait_for()  # tried out in the background
    state = page.locator("[data-grid-state]")
    assert "Price: Somebody else saved this meanwhile: 777.00." in state.inner_text()
    page.click("[data-grid-save]")
    page.locator(".f-note[data-tone=success]").wait_for()
    assert stored(app, Package, ours).price_minor == 77_700
    assert (stored(app, Package, calm).name, stored(app, Package, calm).price_minor) == ("Calm Name", 88_800)
    page.click("[data-grid-save]")
    assert page.evaluate("document.activeElement.hasAttribute('data-clash')")
    assert stored(app, Package, ours).price_minor == 77_700
    assert faults(page) == []
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Save mine"
    page.keyboard.press("Enter")
    assert page.locator(".f-grid-clash").count() == 0
    assert page.locator("td[data-unsaved]").count() == 1
    page.keyboard.press("Control+s")
    page.wait_for_function("() => !document.querySelector('td[data-unsaved]')")
    assert stored(app, Package, ours).price_minor == 50_000


def test_others_are_seen_and_their_changes_come_in_where_they_stand(
    live: tuple[str, Flask], enter: Enter
) -> None:
    _base, app = live
    (key,) = add(app, package("watched-package"))
    admin = enter("Admin")
    admin.goto("/packages/?q=watched")
    wait_joined(admin)
    editor = enter("Editor")
    editor.goto(f"/packages/{key}")
    wait_joined(editor)
    second = enter("Viewer")
    second.goto(f"/packages/{key}")
    editor.locator(".f-person[title^='Viewer']").wait_for()
    editor.goto(f"/packages/{key}/edit")
    second.locator(".f-person[data-doing=edit][title^='Editor']").wait_for()
    admin.evaluate("window.stayed = true")
    admin.hover(f'tr[data-id="{key}"]')
    editor.fill("[name=price_minor]", "4321")
    editor.keyboard.press("Control+s")
    admin.wait_for_function(
        "() => document.querySelector('#rows').textContent.includes('4,321')", timeout=10_000
    )
    assert admin.evaluate("window.stayed")
    second.locator("[data-changed-note]:not([hidden])").wait_for()
