"""Lists of every type: light, flat in cost whichever page is turned, narrowed by every filter, and shown as chosen."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, text
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from app.domains.bookings.models import Booking, BookingStatus
from app.kernel import clock
from app.resources import On, Resource
from app.web.folding import templates_of
from tests.factories import (
    AssetFactory,
    BookingFactory,
    FestivalFactory,
    IncludedItemFactory,
    MemberFactory,
    PackageFactory,
    ReviewFactory,
    ThemeFactory,
    ThemePictureFactory,
    translate,
)
from tests.surfaces.test_screens import RESOURCES, one_of

SignIn = Callable[..., FlaskClient]
ALL = list(RESOURCES.values())
MANY = ("package", "theme", "festival", "booking", "review", "asset")


def page_of(browser: FlaskClient, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200, answer.get_data(as_text=True)[:3000]
    return answer.get_data(as_text=True)


def titles(page: str) -> list[str]:
    return re.findall(r'<td class="f-first"><a [^>]*>([^<]*)</a>', page)


def link(page: str, rel: str) -> str:
    found = re.search(rf'href="([^"]*)"[^>]* rel="{rel}"', page)
    return found[1].replace("&amp;", "&") if found else ""


def festivals(count: int) -> None:
    """Make festivals, one a day from today on, a third of them on the same day as another."""
    for number in range(count):
        day = date(2027, 1, 1) + timedelta(days=number - number % 3)
        FestivalFactory(name=f"Feast {number:03}", slug=f"feast-{number}", starts_on=day, ends_on=day)


@pytest.mark.parametrize("resource", ALL, ids=RESOURCES)
@pytest.mark.proves("S1.65")
def test_a_page_of_25_rows_weighs_60_kilobytes_at_most(sign_in: SignIn, resource: Resource) -> None:
    for _number in range(25 if resource.name in MANY else 1):
        one_of(resource.name)
    page = page_of(sign_in("Admin"), f"/{resource.path}/?page[size]=25&as=table")
    rows = page.count("<tr data-id=")
    assert rows == 25 or resource.name not in MANY
    assert len(page.encode()) <= 60_000


@pytest.mark.parametrize("resource", [RESOURCES[name] for name in MANY], ids=MANY)
@pytest.mark.proves("S1.65")
def test_saved_views_and_chosen_columns_leave_the_number_of_statements_as_it_is(
    sign_in: SignIn, count_statements: Any, resource: Resource
) -> None:
    admin = sign_in("Admin")
    one_of(resource.name)
    for name in ("Mine", "Ours"):
        sent = {"name": name, "shared": "all", "query": "sort=-created_at"}
        assert admin.post(f"/{resource.path}/views", data=sent).status_code == 302
    address = f"/{resource.path}/?page[size]=100&as=table&sort=-created_at"
    page_of(admin, address)
    with count_statements() as few:
        page_of(admin, address)
    for _number in range(99):
        one_of(resource.name)
    page_of(admin, address)
    with count_statements() as many:
        page = page_of(admin, address)
    assert "Ours" in page
    assert page.count("<tr data-id=") == 100
    assert len(many) == len(few) <= (10 if resource.name == "asset" else 7), many
    assert sum("saved_view" in statement for statement in many) == 1


def test_pages_are_turned_on_and_back_over_the_same_rows(sign_in: SignIn, session: Session) -> None:
    festivals(31)
    admin = sign_in("Admin")
    first = page_of(admin, "/festivals/?page[size]=10")
    second = page_of(admin, link(first, "next") + "&page[size]=10")
    third = page_of(admin, link(second, "next") + "&page[size]=10")
    assert titles(first) == [f"Feast {number:03}" for number in range(10)]
    assert titles(third) == [f"Feast {number:03}" for number in range(20, 30)]
    back = page_of(admin, link(third, "prev") + "&page[size]=10")
    assert titles(back) == titles(second)
    assert "11\u201320 of 31" in back
    assert link(back, "prev") == link(second, "prev")
    assert "page" not in link(second, "prev")  # the first page has an address of its own
    assert titles(page_of(admin, link(back, "next") + "&page[size]=10")) == titles(third)


@pytest.mark.parametrize("sort", ["seen_at", "-seen_at", "locale,-seen_at"])
def test_a_page_back_knows_where_the_empty_values_stand(sign_in: SignIn, session: Session, sort: str) -> None:
    for number in range(9):
        seen = None if number % 3 else clock.now() - timedelta(days=number)
        MemberFactory(name=f"Member {number}", seen_at=seen, locale="de" if number % 2 else "es")
    admin = sign_in("Admin")
    address = f"/members/?sort={sort}&page[size]=3"
    pages = [page_of(admin, address)]
    while more := link(pages[-1], "next"):
        pages.append(page_of(admin, f"{more}&page[size]=3"))
    assert len(pages) == 3
    assert titles(page_of(admin, link(pages[2], "prev") + "&page[size]=3")) == titles(pages[1])


@contextmanager
def recorded(word: str) -> Iterator[list[tuple[str, Any]]]:
    """Collect the statements with a word in them, with what is given to them."""
    seen: list[tuple[str, Any]] = []

    def note(_conn: Any, _cursor: Any, statement: str, params: Any, *_rest: Any) -> None:
        if word in statement:
            seen.append((statement, params))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def test_every_page_is_read_from_the_index_alone(sign_in: SignIn, session: Session) -> None:
    """No page is skipped over and none is counted: the place in the list is a condition on the index."""
    for number in range(400):
        BookingFactory(package_id=None, client_name=f"Client {number:03}")
    session.commit()
    session.execute(text("ANALYZE booking"))
    admin = sign_in("Admin")
    with recorded("sort_0") as seen:
        page = page_of(admin, "/bookings/")
        for _number in range(10):
            page = page_of(admin, link(page, "next"))
        page_of(admin, link(page, "prev"))
    assert len(seen) == 12
    assert len({statement for statement, _params in seen}) == 3  # the first, every next one, the one before
    session.execute(text("SET LOCAL enable_seqscan = off"))
    for statement, params in (seen[0], seen[10], seen[11]):
        assert "OFFSET" not in statement
        connection = session.connection()
        plan = "\n".join(row[0] for row in connection.exec_driver_sql(f"EXPLAIN {statement}", params))
        assert re.search(r"Index (Only )?Scan.* using ix_booking\w* on booking", plan), plan
        assert "Limit" in plan


def rows_read(session: Session, statement: str, params: Any) -> int:
    """Count the rows of bookings that a statement looks at, also those that it passes over."""
    asked = f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}"
    waiting = [session.connection().exec_driver_sql(asked, params).scalar_one()[0]["Plan"]]
    found = 0
    while waiting:
        node = waiting.pop()
        waiting += node.get("Plans", [])
        if node.get("Relation Name") == "booking":
            found += node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
    return int(found)


def test_a_deep_page_reads_at_most_a_fifth_more_rows_than_the_first(
    sign_in: SignIn, session: Session
) -> None:
    for number in range(400):
        BookingFactory(package_id=None, client_name=f"Client {number:03}", status=BookingStatus.CONFIRMED)
    session.commit()
    session.execute(text("ANALYZE booking"))
    admin = sign_in("Admin")
    with recorded("sort_0") as seen:
        page = page_of(admin, "/bookings/?filter[status]=confirmed")
        for _number in range(14):
            page = page_of(admin, link(page, "next"))
    session.execute(text("SET LOCAL enable_seqscan = off"))
    first, deep = (rows_read(session, *asked) for asked in (seen[0], seen[-1]))
    assert 25 <= first <= 30
    assert first / 1.2 <= deep <= first * 1.2


def test_a_list_by_state_does_not_read_past_the_other_states(sign_in: SignIn, session: Session) -> None:
    """Whatever came in since: the first page of the confirmed costs what its thousandth does."""
    BookingFactory(package_id=None, status=BookingStatus.CONFIRMED)
    session.flush()
    columns = [column.name for column in Booking.__table__.columns if column.computed is None]
    given = {
        "id": "gen_random_uuid()",
        "status": "CASE n % 4 WHEN 0 THEN 'confirmed' ELSE 'pending' END",
        "created_at": "now() - n * interval '1 hour'",
    }
    values = ", ".join(given.get(name, name) for name in columns)
    rows = f"SELECT {values} FROM booking, generate_series(1, 4000) AS n"
    session.execute(text(f"INSERT INTO booking ({', '.join(columns)}) {rows}"))
    session.commit()
    session.execute(text("ANALYZE booking"))
    with recorded("sort_0") as seen:
        page_of(sign_in("Admin"), "/bookings/?filter[status]=confirmed")
    [(statement, params)] = seen
    plan = "\n".join(row[0] for row in session.connection().exec_driver_sql(f"EXPLAIN {statement}", params))
    assert "using ix_booking_status_newest on booking" in plan, plan


def test_jumping_to_a_date_begins_there_and_leads_on_and_back(sign_in: SignIn, session: Session) -> None:
    festivals(30)
    admin = sign_in("Admin")
    page = page_of(admin, "/festivals/?near=2027-01-16&page[size]=5")
    assert titles(page) == [f"Feast {number:03}" for number in range(15, 20)]
    assert "1\u20135" not in page  # nobody counted the rows before that day
    before = page_of(admin, link(page, "prev") + "&page[size]=5")
    assert titles(before) == [f"Feast {number:03}" for number in range(10, 15)]
    down = page_of(admin, "/festivals/?sort=-starts_on&near=2027-01-16&page[size]=5")
    assert titles(down)[0] in {"Feast 015", "Feast 016", "Feast 017"}


def test_texts_missing_in_a_language_are_found(sign_in: SignIn, session: Session) -> None:
    whole, half, none = PackageFactory(name="Whole"), PackageFactory(name="Half"), PackageFactory(name="None")
    translate(whole, "de", name="Ganz", description="Alles")
    translate(half, "de", name="Halb")
    translate(none, "es", name="Nada", description="Nada")
    admin = sign_in("Admin")
    assert titles(page_of(admin, "/packages/?missing=de")) == ["Half", "None"]
    assert titles(page_of(admin, "/packages/?missing=es")) == ["Whole", "Half"]
    page = page_of(admin, "/packages/?missing=de")
    assert "Language missing" in page
    assert "1\u20132 of 2" in page
    translate(IncludedItemFactory(package_id=whole.id), "es", text="Torta")
    session.commit()
    assert titles(page_of(admin, "/packages/?missing=de")) == ["Whole", "Half", "None"], "its rows count too"
    assert titles(page_of(admin, "/packages/?missing=es")) == ["Whole", "Half"]


def test_the_languages_of_a_record_stand_in_a_column_of_their_own(sign_in: SignIn, session: Session) -> None:
    translate(PackageFactory(name="Whole"), "de", name="Ganz", description="Alles")
    translate(PackageFactory(name="Half"), "ar", name="نصف")
    page = page_of(sign_in("Admin"), "/packages/?columns=name,available_in")
    assert re.search(r'title="English, German">EN DE<', page)
    assert re.search(r'title="English, Arabic 1 of 2">EN AR…<', page)
    assert "<th scope" in page
    assert "Price" not in re.search(r"<thead>.*?</thead>", page, re.DOTALL)[0]  # type: ignore[index]


def test_rows_begin_with_the_first_picture_of_their_gallery_where_any_has_one(
    sign_in: SignIn, session: Session, count_statements: Any
) -> None:
    bare, pictured = ThemeFactory(name="Bare"), ThemeFactory(name="Pictured")
    admin = sign_in("Admin")
    assert "f-thumb" not in page_of(admin, "/themes/")
    with count_statements() as few:
        page_of(admin, "/themes/")
    for position in (1, 0):
        picture = AssetFactory(square=f"assets/{position}.webp")
        ThemePictureFactory(theme_id=pictured.id, asset_id=picture.id, position=position)
    with count_statements() as many:
        page = page_of(admin, "/themes/")
    rows = dict(re.findall(r'<tr data-id="([^"]+)">(.*?)(?=<tr|</tbody>)', page, re.DOTALL))
    assert 'src="/media/assets/0.webp" alt=""' in rows[str(pictured.id)]
    assert "f-thumb is-empty" in rows[str(bare.id)]
    assert len(few) == len(many)
    review = ReviewFactory(asset_id=AssetFactory(square="assets/own.webp").id)
    assert f'"/reviews/{review.id}"><img class="f-thumb" src="/media/assets/own.webp"' in page_of(
        admin, "/reviews/"
    )


def test_columns_are_kept_for_the_person_and_stand_in_every_link(sign_in: SignIn, session: Session) -> None:
    PackageFactory()
    admin, editor = sign_in("Admin"), sign_in("Editor")
    sent = {"columns": ["price", "name", "position"], "state": "sort=name&columns=name"}
    answer = admin.post("/packages/columns", data=sent)
    assert answer.headers["Location"] == "/packages/?sort=name&columns=price%2Cname%2Cposition"
    heads = re.findall(r'data-column="(\w+)"', page_of(admin, "/packages/"))
    assert heads == ["price", "name", "position"]
    assert "columns=price%2Cname%2Cposition" in page_of(admin, "/packages/?sort=name")
    assert re.findall(r'data-column="(\w+)"', page_of(editor, "/packages/"))[0] == "name"
    widths = admin.post("/packages/columns", data={"widths": '{"name": 333, "price": 5, "secret": 90}'})
    assert widths.status_code == 204
    for hostile in ("[" * 100_000, "no", "[1]"):
        assert admin.post("/packages/columns", data={"widths": hostile}).status_code == 400
    page = page_of(admin, "/packages/")
    assert 'data-column="name" data-width="333"' in page
    assert 'data-column="price" data-width="60"' in page
    admin.post("/packages/columns", data={"reset": "1"})
    assert re.findall(r'data-column="(\w+)"', page_of(admin, "/packages/"))[0] == "name"
    assert "data-width" not in page_of(admin, "/packages/")


def test_dates_that_move_follow_the_calendar(sign_in: SignIn, session: Session) -> None:
    today = clock.today()
    for name, days in (("Yesterday", -1), ("Today", 0), ("In a week", 7), ("Later", 40)):
        day = today + timedelta(days=days)
        FestivalFactory(name=name, slug=name.lower().replace(" ", "-"), starts_on=day, ends_on=day)
    admin = sign_in("Admin")
    week = "filter[starts_on][gte]=today&filter[starts_on][lte]=today%2B7"
    page = page_of(admin, f"/festivals/?{week}")
    assert titles(page) == ["Today", "In a week"]
    assert "Next 7 days" in page
    assert "filter%5Bstarts_on%5D%5Blte%5D=today%2B7" in page  # a link of the page moves as well


def test_a_day_of_instants_is_whole(sign_in: SignIn, session: Session) -> None:
    BookingFactory(client_name="Ada")
    admin, today = sign_in("Admin"), clock.today().isoformat()
    address = f"/bookings/?filter[created_at][gte]={today}&filter[created_at][lte]={today}"
    assert titles(page_of(admin, address)) == ["Ada"]


@pytest.mark.parametrize("resource", ALL, ids=RESOURCES)
def test_every_filter_of_every_type_has_its_editor_and_is_empty_or_not(
    sign_in: SignIn, resource: Resource
) -> None:
    one_of(resource.name)
    admin = sign_in("Admin")
    fields = [field for field in resource.fields_on(On.FILTER) if field.is_stored]
    for field in fields:
        editor = page_of(admin, f"/{resource.path}/filter?field={field.key}")
        assert f'data-filter-form="{field.key}"' in editor
        assert ("Is empty" in editor) == field.column.nullable
        for wanted in ("true", "false"):
            page_of(admin, f"/{resource.path}/?as=table&filter[{field.key}][null]={wanted}")
    assert admin.get(f"/{resource.path}/filter?field=nonsense").status_code == 404


def test_a_chip_says_what_its_filter_is_and_takes_it_away_alone(sign_in: SignIn, session: Session) -> None:
    admin = sign_in("Admin")
    address = "/bookings/?filter[status][in]=pending,confirmed&filter[event_on][null]=true"
    page = page_of(admin, address)
    assert "<span>Status</span> <b>Pending, Confirmed</b>" in page
    assert "<span>Date</span> <b>empty</b>" in page
    chip = re.search(r"<b>Pending, Confirmed</b></button><a href=\"([^\"]*)\"", page)
    assert chip is not None
    assert "status" not in chip[1]
    assert "event_on" in chip[1]


def test_a_script_gets_the_parts_that_change_alone(sign_in: SignIn) -> None:
    PackageFactory(name="Garden party")
    admin = sign_in("Admin")
    part = admin.get("/packages/?q=garden", headers={"HX-Request": "true"}).get_data(as_text=True)
    assert "<html" not in part
    assert [name for name in ("views", "state", "doors", "rows") if f'id="{name}"' in part] == [
        "views", "state", "doors", "rows",
    ]  # fmt: skip
    assert len(part) < 0.6 * len(page_of(admin, "/packages/?q=garden"))
    assert "format=csv" in part  # what is exported is what is shown now


def test_of_a_long_text_a_row_remembers_little_more_than_it_shows(app: Flask, sign_in: SignIn) -> None:
    words = "lanterns over the river " * 800
    FestivalFactory(name="Lantern night", description=words)
    page = page_of(sign_in("Admin"), "/festivals/?as=table&columns=name,description")
    assert f"{words[:239]}…" in page
    hints = [
        len(cell.hint)
        for beside in templates_of(app).beside.values()
        for name, facts in beside.drawn
        if name == "list_row" and facts[0].title == "Lantern night"
        for cell in facts[0].cells[1:]
    ]
    assert len(hints) == 1
    assert 240 < hints[0] <= 300
