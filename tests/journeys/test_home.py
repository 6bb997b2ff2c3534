"""Home in a browser: one click confirms, widgets are arranged by keys and by dragging, charts have tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, update

from app.domains.bookings.models import Booking
from app.kernel import clock
from app.kernel.db import db, unit_of_work
from app.surfaces.desk.widgets import HomeLayout
from tests.axe import faults
from tests.factories import (
    AssetFactory,
    BookingFactory,
    CannedAnswerFactory,
    FestivalFactory,
    PackageFactory,
    ReviewFactory,
    ThemeFactory,
)

pytestmark = pytest.mark.browser
Enter = Callable[..., Any]


@pytest.fixture
def business(live: tuple[str, Flask]) -> Iterator[None]:
    """Have three bookings that wait, some that earn in two currencies, and a review; take them away again.

    Those that wait are about the next days, and what other tests have left is put off, so that these come first.
    """
    put_off = update(Booking).values(event_on=clock.today() + timedelta(days=365))
    with live[1].app_context():
        with unit_of_work():
            db.session.execute(put_off)
            package = PackageFactory(name="Garden of lanterns")
            made = [
                BookingFactory(client_name=f"Waiting {n}", event_on=clock.today() + timedelta(days=n))
                for n in range(3)
            ]
            for weeks, currency in ((0, "EUR"), (1, "EUR"), (2, "USD")):
                made.append(
                    BookingFactory(
                        status="confirmed",
                        created_at=clock.now() - timedelta(weeks=weeks),
                        total_minor=125_000,
                        currency=currency,
                        package_id=package.id,
                    )
                )
            ReviewFactory(author_name="Walter Writer", submitted_at=clock.now())
        keys = [booking.id for booking in made]
    yield
    with live[1].app_context(), unit_of_work():
        db.session.execute(delete(HomeLayout))
        db.session.execute(delete(Booking).where(Booking.id.in_(keys)))


def cards(page: Any) -> list[str]:
    found: list[str] = page.eval_on_selector_all(
        "[data-card]", "cards => cards.map(card => card.dataset.card)"
    )
    return found


def widgets(page: Any) -> list[tuple[str, str]]:
    script = "all => all.map(one => [one.dataset.widget, one.dataset.width])"
    return [tuple(pair) for pair in page.eval_on_selector_all("[data-widget]", script)]


def has_no_overflow(page: Any) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.parametrize("width", [1440, 390])
def test_one_click_confirms_in_place_and_the_next_one_has_the_focus(
    enter: Enter, business: None, width: int
) -> None:
    page = enter("Booking operator", width=width)
    page.goto("/")
    before = page.locator('[data-queue="booking"] .f-count').inner_text()
    assert page.evaluate(
        "performance.getEntriesByType('resource').every(r => !r.name.includes('chart.min'))"
    ) or (page.locator("[data-drawn]").count() > 0)

    page.get_by_role("button", name="Confirm: Waiting 0").click()
    page.locator("#notes").get_by_text("Waiting 0").wait_for()

    assert page.get_by_role("button", name="Confirm: Waiting 0").count() == 0
    assert int(page.locator('[data-queue="booking"] .f-count').inner_text()) == int(before) - 1
    assert page.evaluate("document.activeElement.ariaLabel") == "Confirm: Waiting 1"
    assert has_no_overflow(page)
    assert faults(page) == []


@pytest.mark.parametrize("width", [1440, 390])
def test_the_home_page_is_arranged_by_keys_alone(enter: Enter, business: None, width: int) -> None:
    page = enter("Admin", width=width)
    page.goto("/arrange")
    first, second, *_others = cards(page)
    assert (first, second) == ("work", "chart:bookings")

    page.get_by_role("button", name="Move Bookings by week", exact=True).focus()
    page.keyboard.press("ArrowUp")
    page.locator('[data-card="chart:bookings"]:first-child').wait_for()
    page.locator('[aria-label="Move Bookings by week"]:focus').wait_for()
    assert "place 1 of" in page.locator("#announce").inner_text()

    page.locator('[value="remove:changes"]').press("Enter")
    page.locator('[value="add:changes"]').wait_for()
    page.locator('[value="add:recent"]').press("Enter")
    page.locator('[data-card="recent"]').wait_for()
    if width == 1440:
        page.locator('[value="width:chart:bookings"]').press("Enter")
        page.locator('[data-card="chart:bookings"][data-width="full"]').wait_for()
    assert has_no_overflow(page)
    assert faults(page) == []

    page.goto("/")
    names = [name for name, _width in widgets(page)]
    assert names[:2] == ["chart:bookings", "work"]
    assert names[-1] == "recent"
    assert "changes" not in names
    if width == 1440:
        assert widgets(page)[0][1] == "full"
    page.goto("/arrange")
    page.get_by_role("button", name="Standard of my role").click()
    page.locator('[data-card="changes"]').wait_for()
    assert cards(page)[0] == "work"


def test_a_card_is_dragged_to_another_place(enter: Enter, business: None) -> None:
    page = enter("Admin")
    page.goto("/arrange")
    before = cards(page)
    moved, target = (page.locator(f'[data-card="{name}"] [data-handle]') for name in (before[-1], before[1]))
    start, end = moved.bounding_box(), target.bounding_box()

    page.mouse.move(start["x"] + 10, start["y"] + 10)
    page.mouse.down()
    page.mouse.move(end["x"] + 40, end["y"] + 20, steps=12)
    page.mouse.move(end["x"] + 10, end["y"] + 10, steps=4)
    with page.expect_response(lambda answer: answer.request.method == "POST" and "/arrange" in answer.url):
        page.mouse.up()
    page.goto("/arrange")

    assert cards(page) != before
    assert cards(page).index(before[-1]) < len(before) - 1


@pytest.mark.parametrize(("width", "locale"), [(1440, "en"), (390, "ar")])
def test_charts_come_without_moving_anything_and_have_a_table_behind_them(
    enter: Enter, business: None, width: int, locale: str
) -> None:
    page = enter("Booking operator", width=width, locale=locale)
    page.add_init_script(
        "new PerformanceObserver(list => { for (const shift of list.getEntries())"
        " if (!shift.hadRecentInput) window.shifted = (window.shifted || 0) + shift.value; })"
        ".observe({type: 'layout-shift', buffered: true});"
    )
    page.goto("/")
    revenue = page.locator('[data-widget="chart:revenue"]')
    revenue.scroll_into_view_if_needed()
    revenue.locator("[data-drawn]").wait_for()

    assert page.evaluate("window.shifted || 0") < 0.02
    revenue.locator("summary").click()
    texts = revenue.locator("tbody td:nth-child(2)").all_inner_texts()
    assert sum("1,250.00" in text or "1.250,00" in text for text in texts) == 2, texts
    assert revenue.locator("caption").count() == 1
    revenue.locator("[data-chart-url]", has_text="USD").click()
    revenue.locator('[data-chart-url][aria-current]:has-text("USD")').wait_for()
    revenue.locator("[data-drawn]").wait_for()
    revenue.locator("summary").click()
    assert not any("€" in text for text in revenue.locator("tbody td").all_inner_texts())
    assert has_no_overflow(page)
    assert faults(page) == []


def test_a_bar_leads_to_the_list_of_what_it_counts(enter: Enter, business: None) -> None:
    page = enter("Booking operator")
    page.emulate_media(reduced_motion="reduce")  # a bar that still grows is not yet where it will be
    page.goto("/reports/?weeks=4#packages")
    chart = page.locator("#packages")
    chart.locator("[data-drawn]").wait_for()
    bar = """canvas => { const chart = Chart.getChart(canvas), at = chart.data.labels.indexOf("Garden of lanterns");
        const { x, y } = chart.getDatasetMeta(0).data[at]; return { x: x / 2, y }; }"""
    canvas = chart.locator("canvas")

    canvas.click(position=canvas.evaluate(bar))
    page.wait_for_url(re.compile(r"/bookings/\?"))

    assert "filter%5Bpackage%5D" in page.url or "filter[package]" in page.url
    assert page.get_by_text("Garden of lanterns").count() >= 1


@pytest.mark.parametrize("dark", [False, True])
def test_the_reports_are_printed_in_light_without_the_frame(enter: Enter, business: None, dark: bool) -> None:
    page = enter("Admin", dark=dark)
    page.goto("/reports/?weeks=4")
    page.locator("#bookings [data-drawn]").wait_for()
    assert faults(page) == []

    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")

    assert page.locator(".f-side").is_hidden()
    assert page.locator(".f-period").is_hidden()
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "light"
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == "rgb(255, 255, 255)"
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate("document.documentElement.dataset.bsTheme") == ("dark" if dark else "light")


def test_density_is_chosen_once_and_holds_on_every_page(enter: Enter, business: None) -> None:
    page = enter("Editor")
    page.goto("/profile")
    page.get_by_label("Density").select_option("compact")
    page.get_by_label("Start page").select_option(label="Themes")
    page.get_by_role("button", name="Keep", exact=True).click()
    page.get_by_text("Your choice is kept.").wait_for()
    assert faults(page) == []

    for address in ("/", "/packages/", "/profile"):
        page.goto(address)
        assert page.locator('html[data-density="compact"]').count() == 1, address
    other = enter("Editor")
    assert other.url.endswith("/themes/")
    other.goto("/profile")
    other.get_by_label("Density").select_option("cosy")
    other.get_by_label("Start page").select_option(label="Home")
    other.get_by_role("button", name="Keep", exact=True).click()
    other.locator('html[data-density="cosy"]').wait_for()


@pytest.mark.parametrize("width", [1200, 390])
def test_a_way_to_what_is_missing_is_never_cut_off(live: tuple[str, Flask], enter: Enter, width: int) -> None:
    with live[1].app_context(), unit_of_work():
        for make in (PackageFactory, ThemeFactory, FestivalFactory, CannedAnswerFactory):
            make(is_active=True)
        AssetFactory(alt="A garden")
    page = enter("Translator", width=width)
    row = page.locator("[data-queue='texts:missing'] .f-line-more").first
    row.scroll_into_view_if_needed()
    assert row.locator("a").count() >= 5
    assert row.evaluate(
        """(row) => {
          const box = row.getBoundingClientRect();
          return [...row.querySelectorAll("a")].every((link) => {
            const { left, right, top, bottom } = link.getBoundingClientRect();
            return left >= box.left - 1 && right <= box.right + 1 && top >= box.top - 1 && bottom <= box.bottom + 1;
          });
        }"""
    )
