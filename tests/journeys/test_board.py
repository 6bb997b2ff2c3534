"""Cards moved on a board: what cannot be undone waits for some seconds, and nothing else on the page is wrong after."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from tests.axe import faults
from tests.journeys.test_ways import add, booking, column_of, wait_joined

pytestmark = pytest.mark.browser
Enter = Callable[..., Any]
COUNTED = (
    "text => [...document.querySelectorAll('[data-view-count]')].some(count => count.textContent === text)"
)


def status_of(app: Flask, key: str) -> str:
    """Read a booking's status from the database."""
    from app.domains.bookings.models import Booking
    from app.kernel.db import db

    with app.app_context():
        found = db.session.get(Booking, key)
        assert found is not None
        status = str(found.status)
        db.session.remove()
    return status


def add_and_tell(app: Flask, *records: Any) -> None:
    """Write bookings as another person does, so that the open lists hear of it."""
    from app.kernel.db import db, unit_of_work
    from app.surfaces.records.news import tell_outside

    with app.app_context():
        with unit_of_work() as session:
            session.add_all(records)
            session.flush()
            tell_outside("booking", [str(record.id) for record in records])
        db.session.remove()


def cancel_silently(app: Flask, key: str) -> None:
    """Write a booking's status so that no page hears of it."""
    from app.kernel.db import db

    with app.app_context():
        db.session.execute(text("UPDATE booking SET status = 'cancelled' WHERE id = :id"), {"id": key})
        db.session.commit()
        db.session.remove()


def sent(page: Any) -> list[str]:
    """Gather what moves are sent from now on."""
    found: list[str] = []
    page.on("request", lambda asked: found.append(asked.post_data) if asked.url.endswith("/move") else None)
    return found


def board(enter: Enter, year: int, **manner: Any) -> Any:
    """Open the board with the bookings of a year."""
    page = enter("Booking operator", **manner)
    page.goto(
        f"/bookings/?as=board&sort=event_on&filter[event_on][gte]={year}-01-01&filter[event_on][lte]={year}-12-31"
    )
    wait_joined(page)
    return page


def card_of(page: Any, key: str) -> Any:
    """Find a card by its key."""
    return page.locator(f'.f-card[data-id="{key}"]')


def order(page: Any, column: str) -> list[str]:
    """Name the cards of a column as they stand."""
    found: list[str] = page.locator(f"[data-column={column}] .f-card").evaluate_all(
        "all => all.map(card => card.dataset.id)"
    )
    return found


@pytest.mark.parametrize("dark", [False, True])
def test_a_move_that_mails_somebody_can_be_taken_back_before_it_is_done(
    live: tuple[str, Flask], enter: Enter, dark: bool
) -> None:
    _base, app = live
    year = 2041 + dark
    first, key, last = add(app, *(booking(f"Held {n}", date(year, 5, n + 1)) for n in range(3)))
    page = board(enter, year, dark=dark)
    posts = sent(page)
    card_of(page, key).drag_to(page.locator("[data-column=confirmed]"))
    note = page.locator(".f-note")
    assert "“Held 1”: Confirmed." in note.inner_text()
    assert column_of(page, key) == "confirmed"
    assert card_of(page, key).evaluate("card => card.matches('.is-held')")
    assert faults(page) == []
    note.get_by_role("button", name="Undo").click()
    assert order(page, "pending") == [first, key, last], "it stands where it stood"
    assert page.locator("[data-column=pending] [data-total]").inner_text() == "3"
    page.mouse.move(5, 5)
    page.wait_for_timeout(7_000)
    assert posts == []
    assert status_of(app, key) == "pending"
    card_of(page, key).locator(".f-card-door").focus()
    page.keyboard.press("Shift+ArrowRight")
    assert page.evaluate("document.activeElement.closest('.f-card').dataset.id") == key
    page.locator(".f-card.is-held").wait_for()
    page.wait_for_timeout(4_000)
    assert posts == []
    page.locator(".f-card.is-held").wait_for(state="detached")
    page.locator(".f-note").wait_for(state="detached")
    assert len(posts) == 1
    assert status_of(app, key) == "confirmed"


def test_a_card_moved_again_while_it_is_held_has_only_the_last_done(
    live: tuple[str, Flask], enter: Enter
) -> None:
    _base, app = live
    back, off = add(app, booking("Back Again", date(2043, 5, 1)), booking("Off Instead", date(2043, 5, 2)))
    page = board(enter, 2043)
    posts = sent(page)
    card_of(page, back).locator(".f-card-door").focus()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowLeft")
    assert column_of(page, back) == "pending"
    card_of(page, off).drag_to(page.locator("[data-column=confirmed]"))
    card_of(page, off).drag_to(page.locator("[data-column=cancelled]"))
    page.wait_for_timeout(7_000)
    assert posts == [], "what is held waits for the reason"
    page.locator("dialog[open] textarea").fill("They found another day.")
    page.locator("dialog[open] .btn").last.click()
    page.get_by_text("“Off Instead”: Cancelled.").wait_for()
    assert [post.split("&")[0] for post in posts] == ["to=cancelled"]
    assert (status_of(app, back), status_of(app, off)) == ("pending", "cancelled")


@pytest.mark.parametrize("how", ["link", "address", "hidden"])
def test_what_is_held_is_done_when_the_page_is_left(live: tuple[str, Flask], enter: Enter, how: str) -> None:
    _base, app = live
    year = {"link": 2044, "address": 2045, "hidden": 2046}[how]
    (key,) = add(app, booking("Left Behind", date(year, 5, 1)))
    page = board(enter, year)
    card_of(page, key).drag_to(page.locator("[data-column=confirmed]"))
    page.locator(".f-card.is-held").wait_for()
    assert status_of(app, key) == "pending"
    if how == "link":
        card_of(page, key).click(position={"x": 6, "y": 6})
        page.wait_for_url(f"**/bookings/{key}")
        assert page.get_by_text("Confirmed").first.is_visible()
    elif how == "address":
        page.goto("/themes/")
    else:
        page.evaluate(
            "Object.defineProperty(document, 'hidden', {value: true});"
            "document.dispatchEvent(new Event('visibilitychange'))"
        )
    page.wait_for_timeout(1_500)
    assert status_of(app, key) == "confirmed"


def test_a_held_card_stays_while_others_work_and_goes_back_where_it_is_refused(
    live: tuple[str, Flask], enter: Enter
) -> None:
    _base, app = live
    (key,) = add(app, booking("Held While", date(2047, 5, 1)))
    page = board(enter, 2047)
    page.evaluate(
        "new MutationObserver(() => (window.jumped ||= !document.querySelector"
        f"""('[data-column=confirmed] [data-id="{key}"].is-held')))"""
        ".observe(document.body, {childList: true, subtree: true})"
    )
    card_of(page, key).locator(".f-card-door").focus()
    page.keyboard.press("Shift+ArrowRight")
    add_and_tell(app, booking("Came Meanwhile", date(2047, 6, 1)))
    page.locator("[data-column=pending] .f-card").wait_for()
    assert page.locator(".f-card.is-held").count() == 1
    assert not page.evaluate("window.jumped")
    totals = page.locator("[data-total]").all_inner_texts()
    assert totals[:2] == ["1", "1"]
    cancel_silently(app, key)
    page.locator(".f-note[data-tone=danger]").wait_for(timeout=12_000)
    page.wait_for_timeout(1_000)
    assert page.locator(".f-card.is-held").count() == 0
    assert column_of(page, key) != "confirmed"


def test_what_comes_up_after_a_move_stands_in_its_place_unannounced(
    live: tuple[str, Flask], enter: Enter
) -> None:
    _base, app = live
    keys = add(app, *(booking(f"Many {n:02d}", date(2048, 5, n + 1)) for n in range(9)))
    page = board(enter, 2048)
    assert order(page, "pending") == keys[:5]
    page.evaluate(
        "new MutationObserver(() => (window.announced ||= !document.getElementById('fresh').hidden))"
        ".observe(document.getElementById('fresh'), {attributes: true})"
    )
    card_of(page, keys[1]).drag_to(page.locator("[data-column=confirmed]"))
    page.locator(".f-card.is-held").wait_for()
    page.locator(".f-card.is-held").wait_for(state="detached")
    card_of(page, keys[5]).wait_for()
    assert order(page, "pending") == [keys[0], *keys[2:6]]
    assert page.locator("[data-column=pending] [data-total]").inner_text() == "8"
    page.wait_for_timeout(3_000)
    assert not page.evaluate("window.announced")
    page.locator("[data-column=pending] [data-more]").click()
    card_of(page, keys[8]).wait_for()
    assert order(page, "pending") == [keys[0], *keys[2:]]
    assert page.locator("[data-column=pending] [data-more]").count() == 0


def keep_view(page: Any, name: str, query: str) -> Any:
    """Save a view of the list that is open and give its tab's count."""
    token = page.locator("[data-csrf]").first.get_attribute("data-csrf")
    address = page.url.split("?")[0] + "views"
    assert page.request.post(address, form={"csrf_token": token, "name": name, "query": query}).ok
    page.reload()
    wait_joined(page)
    return page.locator("#views a", has_text=name).locator("[data-view-count]")


def test_the_counts_of_the_views_follow_ones_own_moves(live: tuple[str, Flask], enter: Enter) -> None:
    _base, app = live
    keys = add(app, *(booking(f"Counted {n}", date(2049, 5, n + 1)) for n in range(3)))
    page = board(enter, 2049)
    query = "filter[status]=pending&filter[event_on][gte]=2049-01-01&filter[event_on][lte]=2049-12-31"
    count = keep_view(page, "Counted ones", query)
    page.wait_for_function(COUNTED, arg="3")
    card_of(page, keys[0]).drag_to(page.locator("[data-column=confirmed]"))
    page.locator(".f-card.is-held").wait_for()
    page.locator(".f-card.is-held").wait_for(state="detached")
    page.wait_for_function(COUNTED, arg="2")
    page.wait_for_timeout(1_500)
    assert count.inner_text() == "2"
    assert page.locator("[data-column=pending] [data-total]").inner_text() == "2"


def test_a_value_that_is_written_is_moved_at_once_and_taken_back(
    live: tuple[str, Flask], enter: Enter
) -> None:
    from app.domains.catalog.models import Festival

    _base, app = live
    day = date(2050, 5, 1)
    feast = Festival(
        name="Moved Feast", slug="moved-feast", category="religious", country="PT", starts_on=day, ends_on=day
    )
    (key,) = add(app, feast)
    page = enter("Editor")
    page.goto("/festivals/?as=board&q=moved")
    posts = sent(page)
    keep_view(page, "Of harvest", "filter[category]=harvest&filter[starts_on][gte]=2050-01-01")
    page.wait_for_function(COUNTED, arg="0")
    card_of(page, key).drag_to(page.locator("[data-column=harvest]"))
    page.get_by_role("button", name="Undo").wait_for()
    assert (len(posts), page.locator(".is-held").count()) == (1, 0)
    page.wait_for_function(COUNTED, arg="1")
    page.get_by_role("button", name="Undo").click()
    page.locator(f'[data-column=religious] [data-id="{key}"]').wait_for()
    page.wait_for_function(COUNTED, arg="0")
    page.goto("/festivals/?as=table&q=moved&columns=name,category")
    wait_joined(page)
    page.locator(f'tr[data-id="{key}"] td', has_text="Religious").dblclick()
    page.locator(".f-cell-edit [name=value]").select_option("harvest")
    page.locator(".f-cell-edit [name=value]").press("Enter")
    page.wait_for_function(COUNTED, arg="1")


SHOWN = """(list) => [...list.children].find(
    card => card.getBoundingClientRect().bottom > list.getBoundingClientRect().top + 4
).dataset.id"""


def test_columns_show_after_a_renewal_what_they_showed_before(live: tuple[str, Flask], enter: Enter) -> None:
    _base, app = live
    year = 2051
    keys = add(app, *(booking(f"Scrolled {n:02d}", date(year, 5, n + 1)) for n in range(9)))
    page = board(enter, year, height=420)
    column = page.locator("[data-column=pending] [data-cards]")
    column.evaluate("list => (list.scrollTop = 150)")
    place, first = column.evaluate("list => list.scrollTop"), column.evaluate(SHOWN)
    assert place > 100 and first != keys[0]
    page.mouse.move(5, 5)
    earlier = booking("Came Above", date(year, 4, 1))
    add_and_tell(app, earlier)
    card_of(page, str(earlier.id)).wait_for(state="attached")
    assert order(page, "pending")[0] == str(earlier.id)
    assert column.evaluate(SHOWN) == first
    assert column.evaluate("list => list.scrollTop") > place, "what came in stands above"

    page.locator("[data-column=pending] [data-more]").click()
    card_of(page, keys[8]).wait_for()
    card_of(page, keys[7]).scroll_into_view_if_needed()
    first = column.evaluate(SHOWN)
    later = booking("Came Above Too", date(year, 4, 2))
    add_and_tell(app, later)
    page.locator("#fresh").click()
    card_of(page, str(later.id)).wait_for(state="attached")
    assert order(page, "pending") == [str(earlier.id), str(later.id), *keys]
    assert column.evaluate(SHOWN) == first
