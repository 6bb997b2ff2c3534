"""The home page: the right numbers, in one statement, and nothing that the reader may not see."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text, update
from sqlalchemy.orm import Session

from app.access.accounts import create_user
from app.domains.bookings.models import Booking
from app.insights.home import HomeFacts, read_home
from app.insights.untranslated import shown_values
from app.insights.waiting import MOST_ROWS, Listed
from app.kernel import clock
from app.kernel.audit import AuditEntry
from app.kernel.outbox.tables import DeliveryRow, OutboxRow
from app.translation.models import Translation
from tests.conftest import PASSWORD
from tests.factories import (
    ApprovedReviewFactory,
    AssetFactory,
    BookingFactory,
    CannedAnswerFactory,
    ConfirmedBookingFactory,
    FestivalFactory,
    IncludedItemFactory,
    PackageFactory,
    ReviewFactory,
    ThemeFactory,
    translate,
)


@pytest.fixture
def facts(app: Flask, session: Session) -> Callable[[str], HomeFacts]:
    """Read the facts of the home page as a user of a role."""

    def read(role: str) -> HomeFacts:
        name = role.lower()[:3]
        user = create_user(f"home-{name}", f"{name}@example.com", "quite long enough", [role])
        session.commit()
        return read_home(session, app.extensions["catalogue"], user, clock.today())

    return read


def in_days(days: int) -> date:
    return clock.today() + timedelta(days=days)


def of_type(listed: tuple[Listed, ...], name: str) -> Listed:
    return next(item for item in listed if item.resource.name == name)


def names(listed: Listed, attribute: str) -> list[str]:
    return [getattr(seen.record, attribute) for seen in listed.rows]


def test_bookings_that_wait_come_by_their_day_and_those_past_last(facts: Callable[[str], HomeFacts]) -> None:
    BookingFactory(event_on=in_days(40), client_name="Late")
    package = PackageFactory(name="Garden")
    BookingFactory(event_on=in_days(3), client_name="Soon", package_id=package.id)
    BookingFactory(event_on=in_days(-3), client_name="Past")
    ConfirmedBookingFactory(event_on=in_days(3))

    waiting = of_type(facts("Booking operator").waiting, "booking")

    assert waiting.count == 3
    assert names(waiting, "client_name") == ["Soon", "Late", "Past"]
    assert waiting.rows[0].titles == {"package_id": "Garden"}
    assert waiting.rows[0].record.event_on == in_days(3), "a record as the model has it, not as JSON does"


def test_what_comes_soon_is_confirmed_or_active_and_within_thirty_days(
    facts: Callable[[str], HomeFacts],
) -> None:
    for days in (0, 30, 31, -1):
        ConfirmedBookingFactory(event_on=in_days(days))
    BookingFactory(event_on=in_days(3))
    for days, is_active in ((0, True), (30, True), (31, True), (5, False), (-1, True)):
        FestivalFactory(starts_on=in_days(days), ends_on=in_days(days), is_active=is_active)

    coming = facts("Admin").coming

    assert of_type(coming, "booking").count == 2
    assert of_type(coming, "festival").count == 2
    assert names(of_type(coming, "festival"), "starts_on") == [in_days(0), in_days(30)]


def test_reviews_to_decide_come_newest_first_and_no_more_than_fit(facts: Callable[[str], HomeFacts]) -> None:
    ApprovedReviewFactory()
    for days in range(8):
        ReviewFactory(author_name=f"Author {days}", submitted_at=clock.now() - timedelta(days=days))

    waiting = of_type(facts("Moderator").waiting, "review")

    assert waiting.count == 8
    assert names(waiting, "author_name") == [f"Author {n}" for n in range(MOST_ROWS)]


def test_texts_missing_are_those_with_a_source_and_no_translation(facts: Callable[[str], HomeFacts]) -> None:
    package = PackageFactory(name="Garden", description="")
    item = IncludedItemFactory(package_id=package.id, text="Cake")
    translate(package, "de", name="Garten")
    translate(item, "de", text="Kuchen")
    translate(package, "hi", name="बगीचा")
    PackageFactory(name="Meadow", description="", is_active=False)
    ReviewFactory(message="A visitor's words are not ours to translate.")

    found = facts("Translator")

    assert [found.of_texts("missing", tag) for tag in ("de", "hi", "es")] == [
        {},
        {"package": 1},
        {"package": 1},
    ]


def test_the_lists_of_what_is_not_translated_hold_as_many_as_were_counted(
    sign_in: Callable[[str], FlaskClient], session: Session
) -> None:
    whole, half = PackageFactory(description=""), PackageFactory(description="")
    for package in (whole, half):
        translate(package, "de", name="Garten")
    IncludedItemFactory(package_id=half.id, text="Cake")
    translate(IncludedItemFactory(package_id=whole.id, text="Cake"), "de", text="Kuchen")
    refused = PackageFactory(description="")
    translate(refused, "de", name="Abgelehnt")
    session.execute(update(Translation).where(Translation.object_id == refused.id).values(state="rejected"))
    for is_active in (True, False):
        PackageFactory(is_active=is_active)
        ThemeFactory(is_active=is_active)
        FestivalFactory(is_active=is_active)
        CannedAnswerFactory(is_active=is_active)
    for state in ("ready", "refused"):
        AssetFactory(alt="A garden", state=state)
    session.commit()
    translator = sign_in("Translator")

    page = translator.get("/").get_data(as_text=True)

    queue = page[page.index('data-queue="texts:missing"') :]
    queue = queue[: queue.index("</section>")]
    links = re.findall(r'href="(/[^"]+missing=(\w+)[^"]*)">([^<]*) (\d+)<', queue)
    assert {(name, int(number)) for _url, tag, name, number in links if tag == "de"} == {
        ("Packages", 3), ("Themes", 1), ("Festivals", 1), ("Canned answers", 1), ("Pictures", 1)
    }  # fmt: skip
    for url, tag, name, number in links:
        shown = translator.get(unescape(url)).get_data(as_text=True)
        assert f"1\u2013{number} of {number}" in shown, (name, tag)
    assert re.findall(r'f-count">(\d+)<', queue) == [str(sum(int(number) for *_link, number in links))]


def test_what_the_public_sees_is_found_in_the_declaration(app: Flask) -> None:
    shown = {
        name: (found[0].name, found[1])
        for name in ("package", "review", "canned_answer", "asset")
        if (found := shown_values(app.extensions["catalogue"][name])) is not None
    }
    assert shown["package"] == shown["canned_answer"] == ("is_active", (True,))
    assert shown["review"] == ("status", ("approved",))
    assert shown["asset"] == ("state", ("ready",))


def test_a_change_is_told_once_with_its_record_and_who_made_it(
    facts: Callable[[str], HomeFacts], session: Session
) -> None:
    package = PackageFactory(name="First")
    session.commit()
    session.execute(text("UPDATE package SET name = 'Second' WHERE id = :id"), {"id": package.id})
    IncludedItemFactory(package_id=package.id)
    session.commit()

    changes = [row for row in (facts("Editor").changes or ()) if row["owner_type"] == "package"]

    assert [row["title"] for row in changes] == ["Second"]
    assert changes[0]["owner_id"] == str(package.id)


def test_the_title_of_what_was_deleted_is_remembered(
    facts: Callable[[str], HomeFacts], session: Session
) -> None:
    package = PackageFactory(name="Short lived")
    session.commit()
    session.delete(package)
    session.commit()

    newest = (facts("Editor").changes or ())[0]

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


def test_who_has_no_rights_at_all_is_told_nothing(app: Flask, session: Session) -> None:
    user = create_user("nobody", "nobody@example.com", "quite long enough", [])
    session.commit()

    assert read_home(session, app.extensions["catalogue"], user, clock.today()) == HomeFacts()


@pytest.mark.parametrize(
    ("role", "waits", "others"),
    [
        (
            "Admin",
            {"booking", "review", "waiting", "refund"},
            {"chats", "mails", "deliveries", "texts", "reviews"},
        ),
        ("Booking operator", {"booking", "waiting", "refund"}, {"chats", "texts", "reviews"}),
        ("Moderator", {"review"}, set()),
        ("Editor", set(), {"texts", "reviews"}),
        ("Translator", set(), {"texts"}),
        ("Viewer", set(), set()),
    ],
)
def test_each_role_has_the_queues_it_can_do_something_about(
    facts: Callable[[str], HomeFacts], role: str, waits: set[str], others: set[str]
) -> None:
    BookingFactory(client_name="Private client")
    ReviewFactory()

    found = facts(role)

    assert {item.resource.name for item in found.waiting} == waits
    queues = ("chats", "mails", "deliveries", "texts", "reviews")
    assert {name for name in queues if getattr(found, name) is not None} == others
    if "booking" not in waits:
        assert "Private client" not in str(found)


def test_row_rules_hold_on_the_home_page_too(facts: Callable[[str], HomeFacts]) -> None:
    from app.access import rows

    BookingFactory(client_name="Mine", place="Lisbon", event_on=in_days(3))
    BookingFactory(client_name="Theirs", place="Porto", event_on=in_days(3))
    rows.limit("booking", "Booking operator", lambda model, _user: model.place == "Lisbon")
    try:
        waiting = of_type(facts("Booking operator").waiting, "booking")
    finally:
        rows.lift("booking", "Booking operator")

    assert (waiting.count, names(waiting, "client_name")) == (1, ["Mine"])


def test_a_delivery_given_up_is_a_mail_or_another_work(
    facts: Callable[[str], HomeFacts], session: Session
) -> None:
    for subscriber in ("mail.booking_received", "mail.sample", "media.remove_files"):
        event = OutboxRow(topic="x", payload={}, correlation_id="c")
        session.add(event)
        session.flush()
        session.add(
            DeliveryRow(outbox_id=event.id, subscriber=subscriber, state="dead", last_error="no\nroute")
        )

    found = facts("Admin")

    assert found.mails is not None
    assert found.deliveries is not None
    assert (found.mails.count, found.deliveries.count) == (2, 1)
    assert found.deliveries.rows[0]["subscriber"] == "media.remove_files"


@pytest.mark.parametrize(
    "role", ["Admin", "Editor", "Translator", "Booking operator", "Moderator", "Viewer", "Partner"]
)
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
    assert ("Walter Writer" in body) is (role in ("Admin", "Moderator"))


def test_the_whole_page_takes_as_many_statements_however_many_rows_there_are(
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

    assert counted[0] == counted[1] <= 10


def test_texts_to_review_are_told_to_who_may_approve_them_and_lead_into_the_queue(
    sign_in: Callable[[str], FlaskClient], session: Session
) -> None:
    package, theme = PackageFactory(name="Garden"), ThemeFactory(name="Jungle")
    translate(package, "de", name="Garten", description="Grün")
    translate(theme, "de", name="Dschungel")
    translate(theme, "es", name="Selva")
    session.execute(update(Translation).where(Translation.field == "name").values(state="needs_review"))
    session.commit()
    editor = sign_in("Editor")
    page = editor.get("/").get_data(as_text=True)
    assert "To review" in page
    found = [unescape(url) for url in re.findall(r'href="(/translate/[a-z]+\?[^"]*state=review[^"]*)"', page)]
    assert sorted(found) == [
        "/translate/de?state=review",
        "/translate/de?type=package&state=review",
        "/translate/de?type=theme&state=review",
        "/translate/es?state=review",
        "/translate/es?type=theme&state=review",
    ]
    for url in found:
        assert "data-empty" not in editor.get(url).get_data(as_text=True)
    assert "state=review" not in sign_in("Translator").get("/").get_data(as_text=True)


def test_each_queue_leads_to_a_list_of_what_it_counts(
    sign_in: Callable[[str], FlaskClient], session: Session
) -> None:
    BookingFactory(event_on=in_days(5), client_name="Waiting Client")
    ConfirmedBookingFactory(event_on=in_days(5), client_name="Confirmed Client")
    ConfirmedBookingFactory(event_on=in_days(35), client_name="Much Later")
    ReviewFactory(author_name="Walter Writer")
    session.commit()
    browser = sign_in("Admin")

    page = browser.get("/").get_data(as_text=True)
    pending = "/bookings/?filter%5Bstatus%5D=pending"
    assert f'href="{pending}"' in page
    assert 'href="/reviews/?filter%5Bstatus%5D=pending"' in page
    coming = re.search(r'href="(/bookings/\?filter%5Bstatus%5D=confirmed&amp;[^"]+)"', page)
    assert coming is not None
    soon = browser.get(coming[1].replace("&amp;", "&")).get_data(as_text=True)
    assert "Confirmed Client" in soon
    assert "Much Later" not in soon
    listed = browser.get(pending).get_data(as_text=True)
    assert "Waiting Client" in listed
    assert "Confirmed Client" not in listed


def test_one_click_confirms_and_the_booking_waits_no_longer(
    sign_in: Callable[[str], FlaskClient], session: Session
) -> None:
    booking = BookingFactory(event_on=in_days(5), client_name="Waiting Client")
    session.commit()
    browser = sign_in("Booking operator")
    act = re.search(r'action="(/bookings/[^"]+/do/confirm)"', browser.get("/").get_data(as_text=True))

    assert act is not None
    browser.post(act[1])

    assert session.get_one(Booking, booking.id).status == "confirmed"
    page = browser.get("/").get_data(as_text=True)
    assert "/do/confirm" not in page
    assert "All done" in page


def test_a_viewer_is_told_that_all_is_done(sign_in: Callable[[str], FlaskClient]) -> None:
    assert "Nothing waits for you." in sign_in("Viewer").get("/").get_data(as_text=True)


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


def test_home_opens_whatever_the_changes_belong_to(
    session: Session, sign_in: Callable[[str], FlaskClient]
) -> None:
    admin = sign_in("Admin")
    view = {"name": "All of them", "shared": "all", "query": "sort=-created_at"}
    assert admin.post("/bookings/views", data=view).status_code == 302
    kept = session.scalar(text("SELECT count(*) FROM audit_entry WHERE content_type = 'saved_view'"))
    assert kept == 0, "a view that staff share is no change of a role"
    session.execute(
        text(
            "INSERT INTO audit_entry (at, actor_kind, actor_id, actor_label, correlation_id, transaction_id,"
            " content_type, object_id, owner_type, owner_id, action, new)"
            " VALUES (now(), 'command', 'x', 'x', 'x', 1, 'ab_role', '1', 'ab_role', '', 'insert', '{}')"
        )
    )
    assert admin.get("/").status_code == 200
