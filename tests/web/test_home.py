"""The home page: the right numbers, in one statement, and nothing that the reader may not see."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.access.accounts import create_user
from app.domains.bookings.models import Booking
from app.insights.home import HomeNumbers, read_home
from app.kernel import clock
from app.kernel.audit import AuditEntry
from tests.conftest import PASSWORD
from tests.factories import (
    ApprovedReviewFactory,
    BookingFactory,
    ConfirmedBookingFactory,
    FestivalFactory,
    IncludedItemFactory,
    PackageFactory,
    ReviewFactory,
    translate,
)


@pytest.fixture
def numbers(app: Flask, session: Session) -> Callable[[str], HomeNumbers]:
    """Read the home numbers as a user of a role."""

    def read(role: str) -> HomeNumbers:
        user = create_user(
            f"home-{role.lower()[:3]}", f"{role.lower()[:3]}@example.com", "quite long enough", [role]
        )
        session.commit()
        return read_home(session, app.extensions["catalogue"], user, clock.today())

    return read


def in_days(days: int) -> date:
    return clock.today() + timedelta(days=days)


def test_bookings_that_wait_and_those_that_come_are_counted(numbers: Callable[[str], HomeNumbers]) -> None:
    late = BookingFactory(event_on=in_days(40), client_name="Late")
    soon = BookingFactory(event_on=in_days(3), client_name="Soon")
    BookingFactory(event_on=in_days(-3), client_name="Past")
    for days in (0, 30, 31, -1):
        ConfirmedBookingFactory(event_on=in_days(days))

    found = numbers("Booking operator")

    assert (found.pending_bookings, found.coming_bookings) == (3, 2)
    assert [row["client_name"] for row in found.waiting_bookings or ()] == ["Soon", "Late"]
    assert [row["id"] for row in found.waiting_bookings or ()] == [str(soon.id), str(late.id)]


def test_reviews_to_decide_come_newest_first(numbers: Callable[[str], HomeNumbers]) -> None:
    ApprovedReviewFactory()
    for days in range(8):
        ReviewFactory(author_name=f"Author {days}", submitted_at=clock.now() - timedelta(days=days))

    found = numbers("Moderator")

    assert found.pending_reviews == 8
    assert [row["author_name"] for row in found.waiting_reviews or ()] == [f"Author {n}" for n in range(6)]


def test_festivals_of_the_next_thirty_days_are_counted_while_they_are_shown(
    numbers: Callable[[str], HomeNumbers],
) -> None:
    for days, is_active in ((0, True), (30, True), (31, True), (5, False), (-1, True)):
        FestivalFactory(starts_on=in_days(days), ends_on=in_days(days), is_active=is_active)

    assert numbers("Viewer").coming_festivals == 2


def test_texts_missing_are_those_with_a_source_and_no_translation(
    numbers: Callable[[str], HomeNumbers],
) -> None:
    package = PackageFactory(name="Garden", description="")
    item = IncludedItemFactory(package_id=package.id, text="Cake")
    translate(package, "de", name="Garten")
    translate(item, "de", text="Kuchen")
    translate(package, "hi", name="बगीचा")
    ReviewFactory(message="A visitor's words are not ours to translate.")

    found = numbers("Translator")

    assert found.texts == 2
    assert [found.missing(tag) for tag in ("de", "hi", "es")] == [0, 1, 2]


def test_a_change_is_told_once_with_its_record_and_who_made_it(
    numbers: Callable[[str], HomeNumbers], session: Session
) -> None:
    package = PackageFactory(name="First")
    session.commit()
    session.execute(text("UPDATE package SET name = 'Second' WHERE id = :id"), {"id": package.id})
    IncludedItemFactory(package_id=package.id)
    session.commit()

    changes = [row for row in numbers("Editor").changes if row["owner_type"] == "package"]

    assert [row["title"] for row in changes] == ["Second"]
    assert changes[0]["owner_id"] == str(package.id)


def test_the_title_of_what_was_deleted_is_remembered(
    numbers: Callable[[str], HomeNumbers], session: Session
) -> None:
    package = PackageFactory(name="Short lived")
    session.commit()
    session.delete(package)
    session.commit()

    newest = numbers("Editor").changes[0]

    assert (newest["title"], newest["old_title"]) == (None, "Short lived")


def test_a_change_by_plain_sql_names_the_database_user(
    sign_in: Callable[[str], FlaskClient], session: Session
) -> None:
    package = PackageFactory(name="Garden")
    session.commit()
    session.execute(text("SELECT set_config('festoon.actor', '', true)"))
    session.execute(text("UPDATE package SET name = 'Meadow' WHERE id = :id"), {"id": package.id})
    session.commit()

    page = sign_in("Admin").get("/").get_data(as_text=True)

    assert "Database user" in page
    assert "Meadow" in page


def test_who_has_no_rights_at_all_has_an_empty_page(app: Flask, session: Session) -> None:
    user = create_user("nobody", "nobody@example.com", "quite long enough", [])
    session.commit()

    assert read_home(session, app.extensions["catalogue"], user, clock.today()) == HomeNumbers()


@pytest.mark.parametrize(
    ("role", "unseen"),
    [
        ("Viewer", ("pending_bookings", "waiting_bookings", "texts", "dead_deliveries")),
        ("Editor", ("pending_bookings", "coming_bookings", "waiting_bookings")),
        ("Moderator", ("pending_bookings", "waiting_bookings", "texts")),
        ("Booking operator", ("pending_reviews", "waiting_reviews", "coming_festivals")),
    ],
)
def test_nobody_is_told_what_they_may_not_list(
    numbers: Callable[[str], HomeNumbers], role: str, unseen: tuple[str, ...]
) -> None:
    BookingFactory(client_name="Private client")
    ReviewFactory()

    found = numbers(role)

    assert {name: getattr(found, name) for name in unseen} == dict.fromkeys(unseen)
    if role != "Booking operator":
        assert "Private client" not in str(found)


def test_row_rules_hold_on_the_home_page_too(app: Flask, numbers: Callable[[str], HomeNumbers]) -> None:
    from app.access import rows

    BookingFactory(client_name="Mine", place="Lisbon", event_on=in_days(3))
    BookingFactory(client_name="Theirs", place="Porto", event_on=in_days(3))
    rows.limit("booking", "Booking operator", lambda model, _user: model.place == "Lisbon")
    try:
        found = numbers("Booking operator")
    finally:
        rows.lift("booking", "Booking operator")

    assert found.pending_bookings == 1
    assert "Theirs" not in str(found)


@pytest.mark.parametrize("role", ["Admin", "Editor", "Translator", "Booking operator", "Moderator", "Viewer"])
def test_the_page_shows_for_every_role(
    sign_in: Callable[[str], FlaskClient], session: Session, role: str
) -> None:
    BookingFactory(event_on=in_days(5), client_name="Vera Client")
    ReviewFactory(author_name="Walter Writer")
    PackageFactory()
    session.commit()

    page = sign_in(role).get("/")

    assert page.status_code == 200
    body = page.get_data(as_text=True)
    assert ("Vera Client" in body) is (role in ("Admin", "Booking operator"))
    assert ("Walter Writer" in body) is (role != "Booking operator")


def test_the_whole_page_takes_three_statements_however_many_rows_there_are(
    sign_in: Callable[[str], FlaskClient], session: Session, count_statements: Callable[[], Any]
) -> None:
    counted = []
    browser = sign_in("Admin")
    for many in (1, 100):
        for _ in range(many):
            BookingFactory(event_on=in_days(5))
            ReviewFactory()
            FestivalFactory()
        session.commit()
        session.expunge_all()
        with count_statements() as seen:
            assert browser.get("/").status_code == 200
        counted.append(len(seen))

    assert counted == [3, 3], "the session with its user, the rights, the numbers"


def test_each_tile_leads_to_a_list_of_what_it_counts(
    sign_in: Callable[[str], FlaskClient], session: Session
) -> None:
    BookingFactory(event_on=in_days(5))
    ConfirmedBookingFactory(event_on=in_days(5))
    FestivalFactory(starts_on=in_days(5), ends_on=in_days(5))
    ReviewFactory()
    session.commit()
    browser = sign_in("Admin")

    tiles = re.findall(
        r'<a href="([^"]+)" class="f-tile".*?<b>(\d+)</b>', browser.get("/").get_data(as_text=True)
    )

    assert len(tiles) == 4
    for url, number in tiles:
        listed = browser.get(url.replace("&amp;", "&"))
        assert listed.status_code == 200, url
        assert number == "1"
    assert session.query(Booking).count() == 2


def test_signing_in_and_choosing_a_language_is_no_news(
    sign_in: Callable[[str], FlaskClient], session: Session
) -> None:
    browser = sign_in("Admin")
    before = session.query(AuditEntry).count()

    browser.post("/logout/")
    sign_in_again = browser.post("/login/", data={"username": "admin", "password": PASSWORD})
    browser.post("/language", data={"locale": "de"})

    assert sign_in_again.status_code == 303
    assert session.query(AuditEntry).count() == before


def test_a_stranger_is_sent_to_sign_in_and_comes_back(client: FlaskClient) -> None:
    answer = client.get("/")

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/login/")
