"""Notices: told once each, counted up until they are read, shown under the rights of now."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import rows
from app.domains.bookings import events
from app.domains.bookings.jobs import notice_received
from app.domains.messaging import service
from app.kernel.actor import Actor, acting_as
from app.kernel.db import unit_of_work
from app.kernel.jobs import _failure_hooks
from app.surfaces.desk.notices import Notice, latest, mark_read, mark_unread, tell_user, unread
from tests.domains.messaging.steps import visitor
from tests.factories import BookingFactory, PackageFactory


def user_id(session: Session, username: str) -> int:
    """Find a user's key."""
    return int(session.scalars(select(User.id).where(User.username == username)).one())


def tell(session: Session, to: int, kind: str, record: Any, **more: Any) -> None:
    """Tell a user of something about a package."""
    facts = {"title": record.name, "actor": "Mina"} | more
    tell_user(session, to, kind, resource="package", record_id=record.id, **facts)


def unread_of(browser: FlaskClient) -> int:
    """Ask how much the bell shows."""
    found: int = browser.get("/notices/unread").get_json()["unread"]
    return found


def test_the_same_news_count_one_line_up_until_it_is_read(
    session: Session, sign_in: Callable[[str], FlaskClient]
) -> None:
    browser = sign_in("Editor")
    me, package = user_id(session, "editor"), PackageFactory(name="Garden party")
    for actor in ("Mina", "Omar"):
        tell(session, me, "comment", package, actor=actor)
    assert [(row.times, row.actor) for row in latest(session, me)] == [(2, "Omar")]
    assert unread_of(browser) == 1
    page = browser.get("/notices/").get_data(as_text=True)
    assert "2 new comments, the latest by Omar" in page
    assert "Garden party" in page
    assert f'href="/packages/{package.id}"' in page

    browser.post("/notices/read", data={"ids": [str(latest(session, me)[0].id)]})
    assert unread_of(browser) == 0
    tell(session, me, "comment", package)
    assert [row.times for row in latest(session, me)] == [1, 2]


def test_read_can_be_unread_again_but_never_twice_the_same(
    session: Session, sign_in: Callable[[str], FlaskClient]
) -> None:
    sign_in("Editor")
    me, package = user_id(session, "editor"), PackageFactory()
    tell(session, me, "mention", package)
    key = latest(session, me)[0].id
    assert mark_read(session, me) == 1
    assert mark_unread(session, me, key) == 1
    assert mark_read(session, me, [key]) == 1
    tell(session, me, "mention", package)
    assert mark_unread(session, me, key) == 0, "a later one of the same kind waits already"
    assert unread(session, me) == 1


def test_nobody_marks_or_reads_the_notices_of_others(
    session: Session, sign_in: Callable[[str], FlaskClient]
) -> None:
    editor, viewer = sign_in("Editor"), sign_in("Viewer")
    me, package = user_id(session, "editor"), PackageFactory(name="Garden party")
    tell(session, me, "mention", package)
    assert "Garden party" not in viewer.get("/notices/").get_data(as_text=True)
    viewer.post("/notices/read", data={"all": "1"})
    viewer.post("/notices/read", data={"ids": [str(latest(session, me)[0].id)]})
    assert unread_of(editor) == 1


def test_a_notice_of_what_may_be_seen_no_longer_is_silent(
    session: Session, sign_in: Callable[[str], FlaskClient]
) -> None:
    browser = sign_in("Editor")
    me, package = user_id(session, "editor"), PackageFactory(name="Hidden garden")
    tell(session, me, "mention", package)
    rows.limit("package", "Editor", lambda model, _user: model.slug == "another")
    try:
        assert unread_of(browser) == 0
        assert "Hidden garden" not in browser.get("/notices/panel").get_data(as_text=True)
    finally:
        rows.lift("package", "Editor")
    assert unread_of(browser) == 1
    session.delete(package)
    assert unread_of(browser) == 0


def test_notices_are_narrowed_and_paged(
    session: Session, sign_in: Callable[[str], FlaskClient], count_statements: Any
) -> None:
    browser = sign_in("Editor")
    me = user_id(session, "editor")
    tell(session, me, "mention", PackageFactory(name="Mentioned"))
    with count_statements() as few:
        browser.get("/notices/")
    for number in range(31):
        tell(session, me, "comment", PackageFactory(name=f"Commented {number:02}"))
    with count_statements() as many:
        first = browser.get("/notices/").get_data(as_text=True)
    assert len(few) == len(many)
    assert first.count("data-notice=") == 30
    key = first.split("page%5Bafter%5D=")[1].split('"')[0]
    second = browser.get("/notices/", query_string={"page[after]": key}).get_data(as_text=True)
    assert second.count("data-notice=") == 2
    narrowed = browser.get("/notices/?kind=mention&show=unread").get_data(as_text=True)
    assert (narrowed.count("data-notice="), "Mentioned" in narrowed) == (1, True)
    assert browser.get("/notices/?kind=gossip").status_code == 400


def test_bookings_received_are_one_line_for_those_who_may_confirm_them(
    session: Session, sign_in: Callable[[str], FlaskClient]
) -> None:
    browser = sign_in("Booking operator")
    sign_in("Viewer")
    made = [BookingFactory(client_name=name) for name in ("Ada", "Ben", "Cleo")]
    rows.limit("booking", "Booking operator", lambda model, _user: model.client_name != "Ben")
    try:
        for booking in made:
            notice_received(events.BookingReceived(booking.id), None)  # type: ignore[arg-type]  # it is not looked at
        notice_received(events.BookingReceived(made[2].id), None)  # type: ignore[arg-type]  # delivered again
    finally:
        rows.lift("booking", "Booking operator")
    mine = session.scalars(select(Notice).where(Notice.kind == "booking")).all()
    assert [(row.user_id, row.times, row.title) for row in mine] == [
        (user_id(session, "booking-operator"), 2, "Cleo")
    ]
    assert "2 new bookings" in browser.get("/notices/").get_data(as_text=True)


def test_who_is_given_a_conversation_hears_of_it_unless_they_took_it(
    session: Session, sign_in: Callable[[str], FlaskClient]
) -> None:
    sign_in("Booking operator")
    sign_in("Admin")
    other = Actor("user", str(user_id(session, "admin")), "Omar")
    me, key = user_id(session, "booking-operator"), service.leave_message(visitor(), "Hello").conversation.id
    with acting_as(Actor("user", str(me), "Me")), unit_of_work():
        service.assign(key, me)
    assert unread(session, me) == 0
    with acting_as(other), unit_of_work():
        service.assign(key, None)
        service.assign(key, me)
    assert [(row.kind, row.actor) for row in latest(session, me)] == [("assigned", "Omar")]


def test_who_asked_for_a_job_hears_that_it_failed(app: Flask, session: Session, sign_in: Any) -> None:
    sign_in("Admin")
    me = user_id(session, "admin")
    for hook in _failure_hooks:
        hook("media.draw", "number-1", me)
    assert [(row.kind, row.title, row.url) for row in latest(session, me)] == [
        ("job_failed", "media.draw", "/jobs/")
    ]


@pytest.mark.parametrize("path", ["/notices/", "/notices/unread", "/notices/panel"])
def test_a_stranger_has_no_notices(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code in (302, 401)
