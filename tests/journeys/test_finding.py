"""The palette, the search, notices, pins and keys, as a person has them at a desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask_appbuilder.security.sqla.models import User
from playwright.sync_api import expect
from sqlalchemy import delete, select

from app.kernel.db import unit_of_work
from app.surfaces.desk.pins import MOST, PinnedRecord
from tests.axe import faults

pytestmark = pytest.mark.browser
Enter = Callable[..., Any]


@pytest.fixture(autouse=True)
def records(live: tuple[str, Flask]) -> dict[str, str]:
    """Make a package with a Hindi name and a booking to be confirmed, once; gives their keys."""
    from app.domains.bookings.models import Booking
    from app.domains.catalog.models import Package
    from app.kernel import clock
    from app.kernel.db import db, unit_of_work
    from tests.factories import translate

    _base, app = live
    with app.app_context(), unit_of_work() as session:
        package = session.scalars(select(Package).where(Package.slug == "moonlit-supper")).one_or_none()
        if package is None:
            package = Package(name="Moonlit supper", slug="moonlit-supper", price_minor=99_000)
            session.add(package)
            session.flush()
            translate(package, "hi", name="चाँदनी भोज")
        booking = Booking(
            client_name="Wilhelmina Sun",
            client_email="w@example.com",
            event_type="other",
            event_on=clock.today(),
            place="Here",
        )
        session.add(booking)
        session.flush()
        found = {"package": str(package.id), "booking": str(booking.id)}
    with app.app_context():
        db.session.remove()
    return found


def open_palette(page: Any, typed: str = "") -> Any:
    """Open the palette by its keys and type into it; gives its list."""
    page.keyboard.press("Control+k")
    page.locator("#palette[open] [role=option]").first.wait_for()
    if typed:
        page.keyboard.type(typed)
    return page.locator("#palette-list")


def chosen(page: Any) -> str:
    """Read the option that Enter would take."""
    name = page.locator("#palette-input").get_attribute("aria-activedescendant")
    text: str = page.locator(f"#{name}").inner_text()
    return text


@pytest.mark.proves("S0.24")
@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_the_palette_finds_a_mistyped_record_and_opens_it_by_keyboard(
    enter: Enter, records: dict[str, str], width: int, height: int
) -> None:
    page = enter("Editor", width=width, height=height)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/palette/find" in request.url else None)
    found = open_palette(page, "monlit super")
    record = found.locator(f'[data-url="/packages/{records["package"]}"]')
    record.wait_for()
    assert record.locator("mark").all_inner_texts() == ["Moonlit", "supper"]
    assert len(asked) <= 3, "typing quickly asks seldom"
    assert faults(page) == []
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/packages/{records['package']}")


def test_a_hit_in_another_language_is_shown_in_it(enter: Enter, records: dict[str, str]) -> None:
    page = enter("Editor")
    found = open_palette(page, "चाँदनी")
    found.locator(f'[data-url="/packages/{records["package"]}"]').wait_for()
    assert "in Hindi: चाँदनी भोज" in " ".join(found.inner_text().split())


def test_the_palette_acts_on_the_record_it_found(enter: Enter, records: dict[str, str]) -> None:
    page = enter("Booking operator")
    found = open_palette(page, "wilhelmina")
    found.locator("[data-of^='booking/']").first.wait_for()
    of = found.locator("[aria-selected=true]").get_attribute("data-of")
    page.keyboard.press("Tab")
    found.locator("[data-posts$='/do/confirm']").wait_for()
    assert faults(page) == []
    page.keyboard.press("Escape")
    assert page.locator("#palette-input").input_value() == "wilhelmina", "one step back, not out"
    page.keyboard.press("Tab")
    found.locator("[data-url$='#do-cancel']").wait_for()
    page.keyboard.type("canc")
    assert "Cancel" in chosen(page)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/bookings/{of.partition('/')[2]}")
    page.locator("#do-cancel[open] textarea").fill("They moved away")
    page.locator("#do-cancel[open] button.f-btn-danger-fill, #do-cancel[open] button.btn-primary").click()
    page.locator(".f-note").wait_for()
    assert "Cancelled" in page.locator("h1").inner_text()


def test_the_palette_offers_the_open_page_creates_and_switches(enter: Enter, records: dict[str, str]) -> None:
    page = enter("Booking operator")
    page.goto(f"/bookings/{records['booking']}")
    found = open_palette(page, "confir")
    assert chosen(page).strip() == "Confirm"
    page.keyboard.press("Enter")
    page.locator(".f-note").wait_for()
    assert "Confirmed" in page.locator("h1").inner_text()
    found = open_palette(page, "dark")
    found.locator("[data-clicks]").first.wait_for()
    page.keyboard.press("Enter")
    assert page.evaluate("document.documentElement.getAttribute('data-bs-theme')") == "dark"
    open_palette(page, "new booking")
    assert "New booking" in chosen(page)
    page.keyboard.press("Enter")
    page.wait_for_url("**/bookings/add")


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_what_is_pinned_and_seen_is_at_hand(
    enter: Enter, records: dict[str, str], width: int, height: int
) -> None:
    page = enter("Viewer", width=width, height=height)
    address = f"/packages/{records['package']}"
    with page.expect_response("**/seen"):
        page.goto(address)
    pin = page.locator("[data-record]")
    if pin.get_attribute("aria-pressed") == "true":
        with page.expect_response("**/pins"):
            pin.click()
        page.locator(".f-note [data-dismiss]").first.click()
    with page.expect_response("**/pins"):
        pin.click()
    page.locator("[data-undoes]").wait_for()
    found = open_palette(page)
    assert found.locator(f'[data-group=pinned] [data-url="{address}"]').count() == 1
    page.keyboard.press("Escape")
    with page.expect_response("**/pins"):
        page.locator("[data-undoes]").last.click()
    assert pin.get_attribute("aria-pressed") == "false"
    assert open_palette(page).locator(f'[data-url="{address}"]').count() == 0, "nobody goes where they are"
    page.goto("/")
    found = open_palette(page)
    assert found.locator("[data-group=pinned]").count() == 0
    assert found.locator(f'[data-group=recent] [data-url="{address}"]').count() == 1


def test_the_screen_says_why_one_more_record_is_not_pinned(
    live: tuple[str, Flask], enter: Enter, records: dict[str, str]
) -> None:
    page, sentence = enter("Editor"), "You have pinned 50 records, which is the most. Take one away first."
    enter.forgiven.append("409")  # type: ignore[attr-defined]  # which is what we answer
    with live[1].app_context(), unit_of_work() as session:
        user = session.scalars(select(User).where(User.username == "editor")).one()
        session.execute(delete(PinnedRecord).where(PinnedRecord.user_id == user.id))
        session.add_all(
            PinnedRecord(user_id=user.id, resource="package", record_id=str(n)) for n in range(MOST)
        )
    try:
        with page.expect_response("**/seen"):
            page.goto(f"/packages/{records['package']}")
        pin = page.locator("[data-record]")
        pin.click()
        expect(page.locator(".f-note[data-tone=danger]")).to_have_text(sentence)
        expect(pin).to_have_attribute("aria-pressed", "false")
    finally:
        with live[1].app_context(), unit_of_work() as session:
            session.execute(delete(PinnedRecord).where(PinnedRecord.record_id.in_(map(str, range(MOST)))))


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_a_notice_comes_live_and_is_read_by_following_it(
    live: tuple[str, Flask], enter: Enter, records: dict[str, str], width: int, height: int
) -> None:
    from app.kernel.db import unit_of_work
    from app.surfaces.desk.notices import mark_read, tell_user

    _base, app = live
    with app.app_context(), unit_of_work() as session:
        me = session.scalars(select(User.id).where(User.username == "editor")).one()
        mark_read(session, me)
    page = enter("Editor", width=width, height=height)
    badge = page.locator(".f-dock [data-unread-notices]" if width < 900 else ".f-bell [data-unread-notices]")
    page.wait_for_function("() => window.Festoon?.live")
    page.wait_for_function(
        "() => new Promise(done => Festoon.live.onState(s => s === 'connected' && setTimeout(done, 400, true)))"
    )
    assert not badge.is_visible()
    with app.app_context(), unit_of_work() as session:
        facts = {"resource": "package", "record_id": records["package"], "title": "Moonlit supper"}
        tell_user(session, me, "mention", actor="Omar", **facts)
    badge.wait_for()
    assert badge.inner_text().startswith("1")
    if width < 900:
        page.locator(".f-dock a[href='/notices/']").click()
    else:
        page.locator("[data-bell]").click()
    row = page.locator(".f-notice", has_text="Omar mentioned you").first
    row.wait_for()
    assert faults(page) == []
    with page.expect_request("**/notices/read"):
        row.locator("a").click()
    page.wait_for_url(f"**/packages/{records['package']}")
    page.goto("/notices/")
    page.locator(".f-notice").first.wait_for()
    assert page.locator(".f-notice.is-unread").count() == 0
    badge.wait_for(state="hidden")


def test_keys_go_to_screens_and_the_sheet_tells_what_this_page_offers(
    enter: Enter, records: dict[str, str]
) -> None:
    page = enter("Booking operator")
    page.keyboard.press("g")
    page.keyboard.press("b")
    page.wait_for_url("**/bookings/")
    page.keyboard.press("?")
    sheet = page.locator("#keys[open]")
    sheet.wait_for()
    words = sheet.inner_text()
    assert "Next and previous row" in words
    assert "Save the form" not in words
    assert sheet.locator("[data-keys-goes] div", has_text="Bookings").inner_text().split()[:2] == ["G", "B"]
    assert faults(page) == []
    page.keyboard.press("Escape")
    page.goto("/bookings/add")
    page.locator("main h1").click()
    page.keyboard.press("?")
    words = sheet.inner_text()
    assert "Save the form" in words
    assert "Next and previous row" not in words
    page.keyboard.press("Escape")
    page.evaluate("document.documentElement.dataset.shortcuts = 'off'")
    page.keyboard.press("?")
    page.keyboard.press("g")
    page.keyboard.press("h")
    assert not sheet.is_visible()
    assert page.url.endswith("/bookings/add")
    open_palette(page)


@pytest.mark.proves("S0.24")
@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_everything_is_searched_on_a_page_of_its_own(enter: Enter, width: int, height: int) -> None:
    page = enter("Admin", width=width, height=height)
    page.goto("/search?q=wilhelmna")
    page.locator("#rows [data-row]").first.wait_for()
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator("main h1").click()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/bookings/*")


def test_keys_lead_from_record_to_record_of_the_list_and_into_the_form(
    live: tuple[str, Flask], enter: Enter
) -> None:
    from app.domains.catalog.models import Theme
    from app.kernel.db import unit_of_work

    with live[1].app_context(), unit_of_work() as session:
        themes = [Theme(name=f"Walked {n}", slug=f"walked-{n}") for n in range(3)]
        session.add_all(themes)
        session.flush()
        first, second, third = (str(theme.id) for theme in themes)
    page = enter("Editor")
    page.goto("/themes/?q=walked&sort=name")
    page.locator("#rows tbody tr").nth(2).wait_for()
    page.keyboard.press("j")
    page.keyboard.press("e")
    page.wait_for_url(f"**/themes/{first}/edit")
    page.locator("#i-name:focus").wait_for()
    page.locator("main h1").click()
    page.keyboard.press("j")
    page.wait_for_url(f"**/themes/{second}/edit")
    assert page.locator("#i-name:focus").count() == 0
    page.goto(f"/themes/{second}")
    page.keyboard.press("?")
    page.locator("#keys[open]").wait_for()
    assert "Next and previous record" in page.locator("#keys").inner_text()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.wait_for_url(f"**/themes/{third}")
    page.keyboard.press("k")
    page.wait_for_url(f"**/themes/{second}")
    page.keyboard.press("e")
    page.locator("#i-name:focus").wait_for()


def test_a_phone_has_a_dock_with_the_drawer_and_the_search(enter: Enter) -> None:
    page = enter("Editor", width=390, height=844)
    page.locator(".f-dock [data-side-toggle]").click()
    page.locator(".f-side a[href='/packages/']").wait_for()
    page.keyboard.press("Escape")
    page.locator(".f-dock [data-palette]").click()
    page.locator("#palette[open] [role=option]").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator("#palette [data-close]").click()
    assert not page.locator("#palette").is_visible()
