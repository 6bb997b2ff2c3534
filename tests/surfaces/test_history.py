"""A record's history reads as a person would tell it, newest first, with its children and translations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_appbuilder.security.sqla.models import Role
from flask_babel import force_locale
from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from app.access.accounts import create_user
from app.domains.catalog.models import Package
from app.kernel import clock
from app.kernel.actor import Actor, acting_as
from app.kernel.audit import AuditEntry
from app.kernel.errors import BadParameter
from app.kernel.statements import compile_once
from app.resources import Resource
from app.surfaces.history.reading import entries
from app.surfaces.history.wording import history_page, latest_entries
from app.surfaces.records import wording
from app.surfaces.screens.pages import Change
from tests.factories import (
    AssetFactory,
    BookingFactory,
    FestivalFactory,
    IncludedItemFactory,
    PackageFactory,
    ThemeFactory,
    ThemePictureFactory,
    translate,
)

ANNA = Actor("user", "7", "Anna Weber", "c-1")
NOW = datetime(2027, 5, 1, 12, tzinfo=UTC)
BEN = Actor("user", "8", "Ben Ali", "c-2")
PACKAGES: Any = Package.__table__


@pytest.fixture(autouse=True)
def english(app: Flask) -> Iterator[None]:
    with app.test_request_context("/"), force_locale("en"):
        yield


def resource(app: Flask, name: str) -> Resource:
    found: Resource = app.extensions["catalogue"][name]
    return found


def changes(app: Flask, name: str, record: Any, count: int = 20) -> list[tuple[str, str, tuple[Change, ...]]]:
    told = latest_entries(app.extensions["catalogue"], resource(app, name), record, count)
    return [(entry.actor, entry.action, entry.changes) for entry in told]


def test_a_change_names_the_actor_the_field_and_both_values(app: Flask, session: Session) -> None:
    package = PackageFactory(name="Garden party", price_minor=125_000)
    with acting_as(ANNA):
        package.price_minor, package.is_active = 130_000, False
        session.flush()
    actor, action, told = changes(app, "package", package)[0]
    assert (actor, action) == ("Anna Weber", "Changed")
    assert set(told) == {Change("Price", "€1,250.00", "€1,300.00"), Change("Active", "Yes", "No")}


@pytest.mark.parametrize(
    "write",
    [
        lambda session: session.connection().exec_driver_sql("update package set position = 70707"),
        lambda session: session.connection().execute(update(PACKAGES).values(position=70707)),
        lambda session: compile_once(delete(PACKAGES).returning(PACKAGES.c.id)).run(session.connection(), {}),
    ],
)
def test_what_goes_past_the_session_is_written_in_the_name_of_who_acts(
    app: Flask, session: Session, write: Callable[[Session], Any]
) -> None:
    PackageFactory()
    session.commit()
    for who in (ANNA, BEN):
        with acting_as(who):
            write(session)
        newest = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
        assert newest.actor_label == who.label
        PackageFactory()
        session.commit()


def test_values_are_worded_for_a_german_reader(app: Flask, session: Session) -> None:
    festival = FestivalFactory(country="IN", starts_on=date(2027, 10, 29), ends_on=date(2027, 10, 30))
    with acting_as(ANNA):
        festival.country, festival.starts_on = "DE", date(2027, 10, 28)
        session.flush()
    with force_locale("de"):
        told = changes(app, "festival", festival)[0][2]
    values = {(change.old, change.new) for change in told}
    assert values == {("Indien", "Deutschland"), ("29.10.2027", "28.10.2027")}


def test_choices_and_relations_are_told_by_their_titles(app: Flask, session: Session) -> None:
    one, two = PackageFactory(name="Garden party"), PackageFactory(name="Beach party")
    booking = BookingFactory(package_id=one.id, status="pending")
    with acting_as(ANNA):
        booking.package_id, booking.status = two.id, "confirmed"
        session.flush()
    told = changes(app, "booking", booking)[0][2]
    assert set(told) == {
        Change("Package", "Garden party", "Beach party"),
        Change("Status", "Pending", "Confirmed"),
    }


def test_what_a_relation_pointed_at_may_be_gone(app: Flask, session: Session) -> None:
    package = PackageFactory(name="Garden party")
    booking = BookingFactory(package_id=package.id)
    booking.package_id = None
    session.flush()
    session.delete(package)
    session.flush()
    assert Change("Package", "(not there any more)", "") in changes(app, "booking", booking)[0][2]


def test_children_and_translations_stand_in_the_history_of_their_record(app: Flask, session: Session) -> None:
    package = PackageFactory()
    with acting_as(ANNA):
        item = IncludedItemFactory(package_id=package.id, text="Balloons")
    with acting_as(BEN):
        translate(package, "de", name="Gartenfest")
        translate(item, "de", text="Ballons")
    with acting_as(ANNA):
        session.execute(text("DELETE FROM included_item"))
    first, second, third = changes(app, "package", package)[:3]
    assert first == (
        "Anna Weber",
        "Changed",
        (
            Change("Item · Item", "Balloons", ""),
            Change("Item · Item · Deutsch", "Ballons", ""),
        ),
    )
    assert second[0] == "Ben Ali"
    assert Change("Name · Deutsch", "", "Gartenfest") in second[2]
    assert Change("Item · Item · Deutsch", "", "Ballons") in second[2]
    assert third == ("Anna Weber", "Changed", (Change("Item · Item", "", "Balloons"),))


def test_pictures_are_told_by_their_titles_and_a_new_order_is_told(app: Flask, session: Session) -> None:
    theme = ThemeFactory()
    picture = ThemePictureFactory(theme_id=theme.id, asset_id=AssetFactory(title="A lamp").id, position=0)
    with acting_as(ANNA):
        picture.position = 2
        session.flush()
    newest, added = changes(app, "theme", theme)[:2]
    assert newest[2] == (Change("Picture · Order", "1", "3"),)
    assert Change("Picture · Picture", "", "A lamp") in added[2]


def test_a_new_picture_is_told_by_what_it_holds(app: Flask, session: Session) -> None:
    with acting_as(ANNA):
        picture = AssetFactory(title="Lamps", credit="")
        session.flush()
    _actor, action, told = changes(app, "asset", picture)[0]
    assert action == "Added"
    assert ("Title", "Lamps") in {(change.label, change.new) for change in told}
    assert all(change.old or change.new for change in told)
    assert not {"Picture", "Credit"} & {change.label for change in told}


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (59, "just now"),
        (60, "1 minute ago"),
        (119, "1 minute ago"),
        (3600, "1 hour ago"),
        (7199, "1 hour ago"),
        (86_400, "1 day ago"),
        (6 * 86_400, "6 days ago"),
    ],
)
def test_how_long_ago_is_told_in_the_largest_unit_that_has_passed(seconds: int, words: str) -> None:
    with patch.object(clock, "now", return_value=NOW):
        assert wording.ago(NOW - timedelta(seconds=seconds), "en") == words


def test_the_roles_of_a_user_are_told_by_their_names(app: Flask, session: Session) -> None:
    roles = {role.name: role for role in session.scalars(select(Role))}
    user = create_user("nora", "nora@example.com", "Long enough 1!", ["Editor"])
    session.flush()
    with acting_as(ANNA):
        user.roles = [roles["Moderator"], roles["Translator"]]
        session.flush()
    _actor, action, told = changes(app, "ab_user", user)[0]
    assert action == "Changed"
    assert told == (Change("Roles", "Editor", "Moderator, Translator"),)


def test_what_one_save_wrote_is_one_entry(app: Flask, session: Session) -> None:
    package = PackageFactory(name="Old", description="Old")
    with acting_as(ANNA):
        package.name = "New"
        session.flush()
        translate(package, "de", name="Neu")
        translate(package, "es", name="Nuevo")
    told = changes(app, "package", package)
    assert len(told) == 2
    assert {change.label for change in told[0][2]} >= {"Name", "Name · Deutsch", "Name · Español"}


def test_changes_of_columns_that_nobody_sees_are_left_out(app: Flask, session: Session) -> None:
    package = PackageFactory()
    with acting_as(ANNA):
        session.execute(text("UPDATE package SET rating_sum = 5"))
    assert [entry[1] for entry in changes(app, "package", package)] == ["Added"]


def test_actors_that_are_no_staff_are_named_too(app: Flask, session: Session) -> None:
    package = PackageFactory()
    for actor in ("", '{"kind": "anonymous"}', '{"kind": "job", "label": "Nightly recount"}'):
        session.execute(text("SELECT set_config('festoon.actor', :actor, true)"), {"actor": actor})
        session.execute(text("UPDATE package SET position = position + 1"))
    user = session.scalar(text("SELECT session_user"))
    named = [actor for actor, _action, _changes in changes(app, "package", package)]
    assert named[:3] == ["Nightly recount", "Someone not signed in", f"Database user {user}"]


def test_a_long_history_is_read_page_by_page_in_one_statement_each(
    app: Flask, session: Session, count_statements: Any
) -> None:
    package = PackageFactory(position=0)
    for number in range(1, 8):
        session.execute(text("UPDATE package SET position = :number"), {"number": number})
    seen: list[int] = []
    after = None
    while True:
        with count_statements() as statements:
            rows = entries(session, "package", package.id, after, size=3)
        assert len(statements) == 1
        seen += [row.id for row in rows]
        if len(rows) < 3:
            break
        after = rows[-1].id
    assert len(seen) == 8
    assert seen == sorted(seen, reverse=True)


def test_another_records_history_is_not_mixed_in(app: Flask, session: Session) -> None:
    one, two = PackageFactory(), PackageFactory()
    IncludedItemFactory(package_id=two.id)
    assert {row.owner_id for row in entries(session, "package", one.id)} == {str(one.id)}


def test_the_page_goes_on_where_it_ended(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.surfaces.history.wording.PAGE", 2)
    package = PackageFactory(position=0)
    for number in range(1, 4):
        session.execute(text("UPDATE package SET position = :number"), {"number": number})
    catalogue, packages = app.extensions["catalogue"], resource(app, "package")
    page = history_page(catalogue, packages, package)
    assert [change.new for entry in page.entries for change in entry.changes] == ["3", "2"]
    after = page.next_url.rpartition("=")[2]
    older = history_page(catalogue, packages, package, after)
    assert [entry.action for entry in older.entries] == ["Changed", "Added"]
    assert older.next_url == ""


@pytest.mark.parametrize("after", ["x", "-1", "1e3", "9" * 30, "²"])
def test_a_place_that_is_none_is_refused(app: Flask, session: Session, after: str) -> None:
    package = PackageFactory()
    with pytest.raises(BadParameter):
        history_page(app.extensions["catalogue"], resource(app, "package"), package, after)


def test_the_screen_tells_who_changed_what(
    sign_in: Callable[..., FlaskClient], session: Session, app: Flask
) -> None:
    package: Package = PackageFactory(name="Garden party")
    session.commit()
    client = sign_in("Editor")
    form = {
        "name": "Beach party",
        "slug": package.slug,
        "price_minor": "10",
        "currency": "EUR",
        "position": "0",
    }
    answer = client.post(f"/packages/{package.id}/edit", data=form | {"revision": str(package.revision)})
    assert answer.status_code == 302, answer.get_data(as_text=True)
    page = client.get(f"/packages/{package.id}/history").get_data(as_text=True)
    assert "Garden party" in page and "Beach party" in page and "Editor Staff" in page
