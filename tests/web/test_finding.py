"""The palette and the search over everything: row-safe, in every language, with a fixed number of statements."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import rows
from app.surfaces.desk.pins import MOST, PinnedRecord
from app.surfaces.desk.recent import MOST as MOST_SEEN
from app.surfaces.desk.recent import SeenRecord, recent, seen
from tests.factories import BookingFactory, FestivalFactory, PackageFactory, ThemeFactory, translate
from tests.web.test_notices import user_id

SignIn = Callable[[str], FlaskClient]


def find(browser: FlaskClient, q: str, locale: str = "") -> str:
    """Ask the palette for records."""
    headers = {"Accept-Language": locale} if locale else {}
    return browser.get("/palette/find", query_string={"q": q}, headers=headers).get_data(as_text=True)


@pytest.mark.parametrize(
    ("q", "marked"),
    [("garden", "<mark>Garden</mark> party"), ("gardn party", "<mark>Garden</mark> <mark>party</mark>"),
     ("arty", "Garden p<mark>arty</mark>")],
)  # fmt: skip
def test_the_palette_finds_a_record_by_words_typos_and_parts(
    session: Session, sign_in: SignIn, q: str, marked: str
) -> None:
    package = PackageFactory(name="Garden party", description="")
    found = find(sign_in("Editor"), q)
    assert marked in found
    assert f'data-url="/packages/{package.id}" data-of="package/{package.id}"' in found


def test_a_hit_in_another_language_says_in_which(session: Session, sign_in: SignIn) -> None:
    package = PackageFactory(name="Garden party", description="")
    session.flush()
    translate(package, "hi", name="बगीचे की दावत")
    found = find(sign_in("Editor"), "दावत")
    assert "Garden party" in found
    assert "in Hindi:" in found
    assert '<bdi lang="hi" dir="ltr">बगीचे की <mark>दावत</mark></bdi>' in found
    own = find(sign_in("Viewer"), "दावत", "hi")
    assert "<bdi lang=" not in own, "the reader's own language needs no mention"


def test_records_of_one_title_are_told_apart(session: Session, sign_in: SignIn) -> None:
    BookingFactory(
        client_name="Emma Whitlock", event_on=date(2027, 9, 4), total_minor=485_000, currency="EUR"
    )
    BookingFactory(
        client_name="Emma Whitlock", event_on=date(2027, 4, 30), total_minor=None, event_type="wedding"
    )
    found = find(sign_in("Booking operator"), "witlock")
    assert "<bdi>€4,850.00 · Sep 4, 2027</bdi>" in found
    assert "<bdi>Apr 30, 2027 · Wedding</bdi>" in found


def test_a_hit_in_a_text_shows_the_place(session: Session, sign_in: SignIn) -> None:
    PackageFactory(name="Evening", description="With one lantern <b>and</b> a fire")
    found = find(sign_in("Editor"), "lantern")
    assert "With one <mark>lantern</mark> &lt;b&gt;and&lt;/b&gt; a fire" in found


def test_nothing_is_found_beyond_the_rights_and_the_row_rules(session: Session, sign_in: SignIn) -> None:
    PackageFactory(name="Lantern one")
    PackageFactory(name="Lantern two")
    BookingFactory(client_name="Lena Lantern")
    editor, operator = sign_in("Editor"), sign_in("Booking operator")
    assert "Lena" not in find(editor, "lantern")
    assert "Lena" in find(operator, "lantern").replace("<mark>", "").replace("</mark>", "")
    rows.limit("package", "Editor", lambda model, _user: model.name == "Lantern one")
    try:
        found = find(editor, "lantern").replace("<mark>", "").replace("</mark>", "")
        assert ("Lantern one" in found, "Lantern two" in found) == (True, False)
        page = editor.get("/search?q=lantern").get_data(as_text=True)
        assert page.count("<li data-row>") == 1
    finally:
        rows.lift("package", "Editor")


def test_a_search_costs_as_many_statements_for_one_hit_as_for_many(
    session: Session, sign_in: SignIn, count_statements: Any
) -> None:
    browser = sign_in("Admin")
    translate(PackageFactory(name="Lantern"), "hi", name="दीपक lantern")
    with count_statements() as few:
        find(browser, "lantern")
    for number in range(40):
        translate(FestivalFactory(name=f"Lantern {number}"), "hi", name=f"दीपक lantern {number}")
        ThemeFactory(name=f"Lantern {number}")
    with count_statements() as many:
        find(browser, "lantern")
    assert len(many) == len(few)
    with count_statements() as page:
        browser.get("/search?q=lantern")
    assert len(page) == len(few)


@pytest.mark.proves("S0.24")
def test_the_search_page_filters_by_type_and_pages_through_all(session: Session, sign_in: SignIn) -> None:
    for number in range(30):
        PackageFactory(name=f"Lantern {number:02}")
    FestivalFactory(name="Lantern festival")
    browser = sign_in("Editor")
    first = browser.get("/search?q=lantern").get_data(as_text=True)
    assert first.count("<li data-row>") == 25
    assert "1\u201325 of 31" in first
    second = browser.get("/search?q=lantern&page=2").get_data(as_text=True)
    assert second.count("<li data-row>") == 6
    one = browser.get("/search?q=lantern&type=festival").get_data(as_text=True)
    assert one.count("<li data-row>") == 1
    assert "1\u20131 of 1" in one
    assert 'href="/festivals/?q=lantern"' in one
    assert browser.get("/search?q=lantern&type=nothing").status_code == 400
    for number in ("x", "0", "101", "0" * 3 + "1" * 31, "1" * 5_000):
        assert browser.get("/search", query_string={"q": "lantern", "page": number}).status_code == 400
    assert browser.get("/search").status_code == 200


@pytest.mark.parametrize("q", ["", " ", "%", "'", '"', "a" * 500, "\u0000", "-", "<script>", "((", "or"])
def test_odd_searches_are_answered(session: Session, sign_in: SignIn, q: str) -> None:
    browser = sign_in("Editor")
    for path in ("/palette/find", "/search"):
        answer = browser.get(path, query_string={"q": q})
        assert answer.status_code == 200
        assert "<script>alert" not in answer.get_data(as_text=True)


def test_the_palette_begins_with_what_is_pinned_and_seen_and_every_screen(
    session: Session, sign_in: SignIn
) -> None:
    browser = sign_in("Editor")
    kept, looked_at, gone = (PackageFactory(name=name) for name in ("Kept", "Looked at", "Gone"))
    for package in (looked_at, gone, kept):
        assert browser.post("/seen", data={"of": f"package/{package.id}"}).get_json() == {"pinned": False}
    assert browser.post("/pins", data={"of": f"package/{kept.id}"}).status_code == 303
    assert browser.post("/seen", data={"of": f"package/{kept.id}"}).get_json() == {"pinned": True}
    session.delete(gone)
    start = browser.get("/palette").get_data(as_text=True)
    pinned, _mark, rest = start.partition('data-group="recent"')
    assert ("Kept" in pinned, "Kept" in rest.partition('data-group="screens"')[0]) == (True, False)
    assert "Looked at" in rest
    assert "Gone" not in start
    for url in ("/packages/", "/pictures/", "/search", "/notices/", "/profile", "/packages/add"):
        assert f'data-url="{url}"' in start, url
    assert 'data-url="/bookings/"' not in start
    assert 'data-clicks="[data-theme-set=dark]"' in start
    assert 'data-clicks="button[name=locale][value=hi]"' in start


def test_every_entry_of_the_menu_is_in_the_palette_with_its_keys(session: Session, sign_in: SignIn) -> None:
    from flask import current_app

    from app.web.shell import SCREENS

    start = sign_in("Admin").get("/palette").get_data(as_text=True)
    declared = [f"/{resource.path}/" for resource in current_app.extensions["catalogue"] if resource.menu]
    for url in (*declared, *(screen.url for screen in SCREENS)):
        assert f'data-url="{url}"' in start, url


def test_a_found_record_offers_what_may_be_done_with_it_now(session: Session, sign_in: SignIn) -> None:
    booking = BookingFactory()
    operator, editor = sign_in("Booking operator"), sign_in("Editor")
    offered = operator.get(f"/palette/record?of=booking/{booking.id}").get_data(as_text=True)
    assert f'data-posts="/bookings/{booking.id}/do/confirm"' in offered
    assert f'data-url="/bookings/{booking.id}#do-cancel"' in offered, "a reason is asked for by its dialog"
    assert f'data-url="/bookings/{booking.id}/edit"' in offered
    assert "complete" not in offered, "it is not offered before the day"
    assert editor.get(f"/palette/record?of=booking/{booking.id}").status_code == 404
    for of in ("", "booking", "booking/x", f"nothing/{booking.id}"):
        assert operator.get("/palette/record", query_string={"of": of}).status_code == 404


def test_only_what_one_may_see_is_pinned_or_seen(session: Session, sign_in: SignIn) -> None:
    booking, editor = BookingFactory(), sign_in("Editor")
    for path in ("/pins", "/seen"):
        assert editor.post(path, data={"of": f"booking/{booking.id}"}).status_code == 404
    assert session.scalars(select(SeenRecord)).all() == []
    assert session.scalars(select(PinnedRecord)).all() == []


def test_pins_are_taken_away_and_are_not_endless(session: Session, sign_in: SignIn) -> None:
    editor, package = sign_in("Editor"), PackageFactory()
    for pinned, count in (("yes", 1), ("yes", 1), ("no", 0), ("no", 0)):
        editor.post("/pins", data={"of": f"package/{package.id}", "pinned": pinned})
        assert len(session.scalars(select(PinnedRecord)).all()) == count
    me = user_id(session, "editor")
    session.add_all(PinnedRecord(user_id=me, resource="package", record_id=str(n)) for n in range(MOST))
    for accept in ("application/json", "text/html"):
        refused = editor.post("/pins", data={"of": f"package/{package.id}"}, headers={"Accept": accept})
        assert refused.status_code == 409
        said = "You have pinned 50 records, which is the most. Take one away first."
        assert said in refused.get_data(as_text=True)


def test_of_what_was_seen_the_last_fifty_are_kept(session: Session, sign_in: SignIn) -> None:
    sign_in("Editor")
    me = user_id(session, "editor")
    for number in range(MOST_SEEN + 5):
        seen(session, me, "package", number, f"Package {number}")
    seen(session, me, "package", 7, "Package 7 again")
    kept = recent(session, me)
    assert len(kept) == MOST_SEEN
    assert (kept[0].title, kept[1].record_id) == ("Package 7 again", str(MOST_SEEN + 4))


def test_what_begins_a_record_is_found_by_the_words_on_its_buttons(sign_in: SignIn) -> None:
    browser = sign_in("Editor")
    for locale, words in (("en", ("Add", "New", "Create")), ("de", ("hinzufügen", "neu", "Anlegen"))):
        start = browser.get("/palette", headers={"Accept-Language": locale}).get_data(as_text=True)
        told = start.partition('data-group="new" data-words="')[2].partition('"')[0]
        assert all(word in told for word in words), told
    assert "bundles" not in re.sub(r'data-words="[^"]*"', "", browser.get("/palette").get_data(as_text=True))
