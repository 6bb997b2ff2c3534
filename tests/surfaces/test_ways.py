"""The same list as pictures, as a board, by day: the same rows for the same reader, at the same price."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.access import rows
from app.catalogue import load_catalogue
from app.domains.bookings.models import Booking, BookingStatus
from app.domains.catalog.models import Festival
from app.kernel import clock
from app.resources.declaration import DeclarationError
from app.resources.ways import board_field, calendar_days, check_ways, has_languages, picture_source
from app.surfaces.screens.ways.lanes import Entry, place
from app.web.assets import STATIC
from tests.factories import (
    AssetFactory,
    BookingFactory,
    FestivalFactory,
    FestivalPictureFactory,
    MemberFactory,
    PackageFactory,
    ReviewFactory,
    ThemeFactory,
    ThemePictureFactory,
)
from tests.surfaces.test_screens import text

SignIn = Callable[..., FlaskClient]
RESOURCES = {resource.name: resource for resource in load_catalogue()}
MANY = {
    "theme": lambda: ThemePictureFactory(theme_id=ThemeFactory().id, asset_id=AssetFactory().id),
    "festival": lambda: FestivalPictureFactory(festival_id=FestivalFactory().id, asset_id=AssetFactory().id),
    "booking": BookingFactory,
    "review": ReviewFactory,
    "member": MemberFactory,
    "asset": AssetFactory,
    "package": PackageFactory,
}
WAYS = {
    name: [
        way
        for way, found in (
            ("gallery", picture_source(RESOURCES[name])),
            ("board", board_field(RESOURCES[name])),
            ("calendar", calendar_days(RESOURCES[name])),
            ("grid", name != "member"),
            ("languages", has_languages(RESOURCES[name])),
        )
        if found
    ]
    for name in MANY
}


def cards(page: str, column: str = "") -> list[str]:
    """Name the cards of a page, or of one column of it."""
    if column:
        page = page.split(f'data-column="{column}"', 1)[1].split("</section>", 1)[0]
    return re.findall(r'<li class="f-card" data-id="[^"]+" data-title="([^"]+)"', page)


@pytest.mark.parametrize("name", MANY)
def test_every_way_that_a_list_offers_is_the_one_that_is_shown(sign_in: SignIn, name: str) -> None:
    admin, path = sign_in("Admin"), RESOURCES[name].path
    MANY[name]()
    offered = text(admin.get(f"/{path}/?view=all")).partition('<nav class="f-ways"')[2].partition("</nav>")[0]
    ways = [way for way in ("table", *WAYS[name]) if f"as={way}" in offered]
    assert len(ways) >= offered.count("<a ") - 1  # the one it opens with needs no word in its address
    for way in ways:
        assert f'data-way="{way}"' in text(admin.get(f"/{path}/?as={way}")), way


@pytest.mark.parametrize("name", MANY)
def test_each_way_costs_the_same_statements_at_one_and_at_a_hundred_rows(
    sign_in: SignIn, count_statements: Any, name: str
) -> None:
    admin = sign_in("Admin")
    MANY[name]()
    addresses = [f"/{RESOURCES[name].path}/?as={way}&page[size]=100" for way in WAYS[name]]

    def cost() -> dict[str, int]:
        found = {}
        for address in addresses:
            text(admin.get(address))
            with count_statements() as statements:
                text(admin.get(address))
            found[address] = len(statements)
        return found

    few = cost()
    for _number in range(99):
        MANY[name]()
    many = cost()
    assert all(many[address] <= few[address] <= 20 for address in addresses), (few, many)


def test_ways_are_found_by_themselves_and_offered_where_there_are_any(sign_in: SignIn) -> None:
    assert board_field(RESOURCES["booking"]).name == "status"  # type: ignore[union-attr]
    assert calendar_days(RESOURCES["festival"]).last.name == "ends_on"  # type: ignore[union-attr]
    assert picture_source(RESOURCES["theme"]).child.name == "pictures"  # type: ignore[union-attr]
    assert calendar_days(RESOURCES["ab_user"]) is None
    page = text(sign_in("Admin").get("/bookings/?filter[status]=pending"))
    for way in ("board", "calendar", "grid"):
        assert re.search(rf'href="/bookings/\?[^"]*filter%5Bstatus%5D=pending[^"]*as={way}"', page), way
    assert "as=gallery" not in page


@pytest.mark.parametrize("name", ["board", "calendar", "picture", "opens_as"])
def test_a_declaration_that_names_what_makes_no_way_is_refused(name: str) -> None:
    wrong = RESOURCES["booking"].__class__(
        Booking, "Bookings", "booking", fields=RESOURCES["booking"].fields[:3], title="client_name",
        **{name: "client_name"},
    )  # fmt: skip
    with pytest.raises(DeclarationError, match="client_name"):
        check_ways(wrong)


def test_a_board_has_a_column_for_each_status_with_its_count_and_its_rows(sign_in: SignIn) -> None:
    BookingFactory(client_name="Waiting One")
    BookingFactory(client_name="Waiting Two")
    BookingFactory(client_name="Promised", status=BookingStatus.CONFIRMED.value)
    browser = sign_in("Booking operator")
    page = text(browser.get("/bookings/?as=board"))
    assert sorted(cards(page, "pending")) == ["Waiting One", "Waiting Two"]
    assert cards(page, "confirmed") == ["Promised"]
    assert re.search(r'data-column="pending".*?data-total="2"', page, re.DOTALL)
    narrowed = text(browser.get("/bookings/?as=board&q=promised"))
    assert cards(narrowed) == ["Promised"]
    assert 'data-column="cancelled"' in narrowed
    chosen = text(browser.get("/bookings/?as=board&filter[status]=pending"))
    assert 'data-column="confirmed"' not in chosen


def test_a_card_tells_what_a_booking_is_worth(sign_in: SignIn) -> None:
    BookingFactory(client_name="Wealthy One", place="Harbour Rooms", total_minor=125_000, currency="EUR")
    page = text(sign_in("Booking operator").get("/bookings/?as=board"))
    card = page[page.index('data-title="Wealthy One"') :].split("</li>")[0]
    assert re.findall(r"<dt[^>]*>([^<]+)", card) == ["Occasion", "Date", "Total"]
    assert "€1,250.00" in card


def test_each_column_pages_on_its_own(sign_in: SignIn) -> None:
    for number in range(45):
        BookingFactory(client_name=f"Client {number:02d}")
    browser = sign_in("Booking operator")
    page = text(browser.get("/bookings/?as=board&sort=client_name"))
    seen = cards(page, "pending")
    assert len(seen) == 5, "seven columns share what a list shows at first"
    while found := re.search(r'data-more="([^"]+)"', page):
        page = text(browser.get(found[1].replace("&amp;", "&")))
        seen += cards(page)
    assert seen == [f"Client {number:02d}" for number in range(45)]


def test_a_card_is_moved_by_the_action_that_leads_there(sign_in: SignIn, session: Session) -> None:
    booking = BookingFactory()
    browser = sign_in("Booking operator")
    answer = browser.post(f"/bookings/{booking.id}/move", data={"to": "confirmed"})
    assert answer.status_code == 200
    assert set(answer.get_json()["targets"]) == {"cancelled"}  # the day has not come
    assert session.get(Booking, booking.id).status == "confirmed"  # type: ignore[union-attr]
    assert [step.to_status for step in session.get(Booking, booking.id).steps][-1] == "confirmed"  # type: ignore[union-attr]


def test_a_refused_move_says_why_and_changes_nothing(sign_in: SignIn, session: Session) -> None:
    booking = BookingFactory(status=BookingStatus.CANCELLED.value)
    browser = sign_in("Booking operator")
    as_json = {"Accept": "application/json"}
    refused = browser.post(f"/bookings/{booking.id}/move", data={"to": "confirmed"}, headers=as_json)
    assert refused.status_code == 409
    assert refused.get_json()["detail"]
    nowhere = browser.post(f"/bookings/{booking.id}/move", data={"to": "pending"}, headers=as_json)
    assert nowhere.get_json()["detail"] == "No action leads to “Pending”."
    assert browser.post(f"/bookings/{booking.id}/move", data={"to": "nothing"}).status_code == 404
    assert session.get(Booking, booking.id).status == "cancelled"  # type: ignore[union-attr]


def test_a_plain_choice_is_written_by_moving_the_card(sign_in: SignIn, session: Session) -> None:
    festival = FestivalFactory(category="religious")
    assert sign_in("Viewer").post(f"/festivals/{festival.id}/move", data={"to": "harvest"}).status_code == 403
    answer = sign_in("Editor").post(f"/festivals/{festival.id}/move", data={"to": "harvest"})
    assert answer.get_json()["undoes"] is True
    assert session.get(Festival, festival.id).category == "harvest"  # type: ignore[union-attr]


@pytest.mark.parametrize("address", ["/bookings/?as=board", "/bookings/views/counts"])
def test_what_another_process_wrote_is_counted_for_a_page_that_has_just_had_it_written(
    sign_in: SignIn, session: Session, address: str
) -> None:
    booking = BookingFactory()
    browser = sign_in("Booking operator")
    browser.post("/bookings/views", data={"name": "To confirm", "query": "filter[status]=pending"})

    def counted(**headers: str) -> str:
        answer = browser.get(address, headers=headers)
        found = re.search(r'data-column="pending".*?data-total="(\d+)"', answer.text, re.DOTALL)
        return found[1] if found else next(iter(answer.get_json().values()))["text"]

    assert counted() == "1"
    booking.status = BookingStatus.CONFIRMED.value  # nothing in this process is told of it
    session.commit()
    assert counted() == "1"
    assert counted(**{"Cache-Control": "no-cache"}) == "0"
    assert counted() == "0"


@pytest.fixture
def limited() -> Iterator[None]:
    rows.limit("booking", "Booking operator", lambda model, _user: model.place == "Lisbon")
    yield
    rows.lift("booking", "Booking operator")


@pytest.mark.parametrize("way", ["board", "calendar", "grid"])
def test_row_rules_hold_in_every_way(sign_in: SignIn, limited: None, way: str) -> None:
    today = clock.today()
    BookingFactory(client_name="Seen Client", place="Lisbon", event_on=today)
    hidden = BookingFactory(client_name="Hidden Client", place="Porto", event_on=today)
    browser = sign_in("Booking operator")
    page = text(browser.get(f"/bookings/?as={way}"))
    assert "Seen Client" in page
    assert "Hidden Client" not in page
    assert browser.post(f"/bookings/{hidden.id}/move", data={"to": "confirmed"}).status_code == 404
    verbs = browser.get(f"/bookings/verbs?ids={hidden.id}").get_json()["verbs"]
    assert verbs == []


def test_the_bar_offers_what_some_selected_record_allows(sign_in: SignIn) -> None:
    waiting = BookingFactory()
    over = BookingFactory(status=BookingStatus.CANCELLED.value)
    browser = sign_in("Booking operator")
    both = browser.get(f"/bookings/verbs?ids={waiting.id},{over.id}").get_json()["verbs"]
    assert both == ["confirm", "reject", "cancel", "call_off", "revive", "delete"]
    assert browser.get(f"/bookings/verbs?ids={over.id}").get_json()["verbs"] == ["revive", "delete"]


def test_what_a_hundred_selected_records_allow_is_asked_in_one_address_that_a_server_takes() -> None:
    script = (STATIC / "js" / "verbs.js").read_text()
    address = f"GET /translations/verbs?ids={','.join(str(uuid4()) for _n in range(100))} HTTP/1.1"
    assert "verbs?ids=${ids.join()}" in script
    assert len(address) < 4094  # where gunicorn ends a line


def test_a_record_that_keeps_its_day_is_not_dragged_in_a_calendar_and_says_why(sign_in: SignIn) -> None:
    day = date(2027, 5, 12)
    free = BookingFactory(client_name="Mina Roy", event_on=day, status="confirmed")
    over = BookingFactory(client_name="Omar Sun", event_on=day, status="completed")
    page = sign_in("Booking operator").get("/bookings/?as=calendar&month=2027-05").get_data(as_text=True)
    items = {key: page.split(f'data-id="{key}"')[1].split("</li>")[0] for key in (str(free.id), str(over.id))}
    assert 'draggable="true"' in items[str(free.id)]
    assert "over" not in items[str(free.id)]
    assert 'draggable="true"' not in items[str(over.id)]
    assert "This booking is over: it keeps its date" in items[str(over.id)]


def test_a_calendar_shows_the_month_and_the_week_with_what_does_not_fit(sign_in: SignIn) -> None:
    day = date(2027, 5, 24)
    for number in range(5):
        BookingFactory(client_name=f"Busy {number}", event_on=day)
    BookingFactory(client_name="June Client", event_on=date(2027, 6, 20))
    browser = sign_in("Booking operator")
    month = text(browser.get("/bookings/?as=calendar&month=2027-05"))
    assert "May 2027" in month
    assert len(re.findall(r'class="f-event is-', month)) == 3
    assert "+2 more" in month
    assert "June Client" not in month
    more = re.search(r'f-day-more[^>]*><a href="([^"]+)"', month)
    assert more is not None
    listed = text(browser.get(more[1].replace("&amp;", "&")))
    assert all(f"Busy {number}" in listed for number in range(5))
    week = text(browser.get("/bookings/?as=calendar&month=2027-W21"))
    assert len(re.findall(r'class="f-event is-', week)) == 5
    assert 'href="/bookings/add?set.event_on=2027-05-24"' in month
    assert browser.get("/bookings/?as=calendar&month=May").status_code == 400


def test_the_arrows_of_a_calendar_end_where_no_address_reaches(sign_in: SignIn) -> None:
    browser = sign_in("Booking operator")
    ends = {"1000-01": ["Later"], "1000-W01": ["Later"], "2999-12": ["Earlier"], "2999-W52": ["Earlier"]}
    for month, arrows in {"2027-05": ["Earlier", "Later"], **ends}.items():
        page = text(browser.get(f"/bookings/?as=calendar&month={month}"))
        found = re.findall(r'href="([^"]+)"[^>]*data-key="[hl]" aria-label="([^"]+)"', page)
        assert [label for _url, label in found] == arrows, month
        for url, _label in found:
            assert browser.get(url.replace("&amp;", "&")).status_code == 200


def test_a_day_tells_the_revision_that_a_drag_names(sign_in: SignIn, session: Session) -> None:
    kept = BookingFactory(client_name="Dragged", event_on=date(2027, 5, 24))
    operator = sign_in("Booking operator")
    address = "/bookings/?as=calendar&month=2027-05"
    pattern = rf'class="f-event [^"]*" data-id="{kept.id}" data-revision="(\d+)"'
    seen = re.findall(pattern, text(operator.get(address)))
    assert seen == [str(kept.revision)]
    kept.event_on = date(2027, 5, 25)
    session.commit()
    drag = {"field": "event_on", "value": "2027-05-27", "revision": seen[0]}
    answer = operator.post(f"/bookings/{kept.id}/cell", data=drag)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "stale_revision")
    assert re.findall(pattern, text(operator.get(address))) == [str(kept.revision)]


def test_a_record_of_several_days_spans_them_over_the_weeks(sign_in: SignIn) -> None:
    FestivalFactory(name="Long Feast", starts_on=date(2027, 5, 20), ends_on=date(2027, 5, 26))
    FestivalFactory(name="Long Before", starts_on=date(2027, 4, 1), ends_on=date(2027, 6, 30))
    page = text(sign_in("Editor").get("/festivals/?as=calendar&month=2027-05"))
    assert page.count(">Long Feast<") == 2  # a bar in each week
    assert re.search(
        r"is-from-4 is-span-4 is-lane-\d goes-on is-long[^>]*>\s*<a[^>]*>\s*<span dir=.auto.>Long Feast", page
    )
    assert re.search(
        r"is-from-1 is-span-3 is-lane-\d is-on is-long[^>]*>\s*<a[^>]*>\s*<span dir=.auto.>Long Feast", page
    )
    assert page.count(">Long Before<") == page.count('class="f-week"')


def test_a_moment_stands_on_its_day_in_utc(sign_in: SignIn) -> None:
    ReviewFactory(author_name="Late Author", submitted_at=datetime(2027, 5, 24, 23, 30, tzinfo=UTC))
    page = text(sign_in("Moderator").get("/reviews/?as=calendar&month=2027-05"))
    day = page.split('data-date="2027-05-24"', 1)[1].split("data-date=", 1)[0]
    assert "Late Author" in day
    assert "11:30" in day


def test_lanes_keep_records_of_a_week_apart() -> None:
    begin = date(2027, 5, 24)
    entries = [
        Entry(str(n), f"E{n}", begin + timedelta(days=n), begin + timedelta(days=n + 2)) for n in range(3)
    ]
    placed = place(entries, begin, lanes=2)
    assert [(item.entry.id, item.start, item.span, item.lane) for item in placed] == [
        ("0", 1, 3, 1),
        ("1", 2, 3, 2),
    ]


def test_a_gallery_shows_the_first_picture_with_its_words(sign_in: SignIn) -> None:
    theme = ThemeFactory(name="Pictured Theme")
    ThemePictureFactory(theme_id=theme.id, asset_id=AssetFactory(alt="Second").id, position=1)
    ThemePictureFactory(theme_id=theme.id, asset_id=AssetFactory(alt="First").id, position=0, alt="")
    ThemeFactory(name="Bare Theme")
    page = text(sign_in("Viewer").get("/themes/?as=gallery"))
    assert page.count('class="f-pictured"') == 2
    assert 'alt="First"' in page
    assert 'alt="Second"' not in page
