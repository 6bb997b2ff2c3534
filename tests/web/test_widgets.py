"""Each person arranges their own home: widgets added, removed, moved, made wide, and the standard of the role."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.surfaces.desk import pins
from app.surfaces.desk.saved_views import keep_view
from app.surfaces.desk.widgets import Placed, arrange, arranged
from tests.factories import BookingFactory, PackageFactory, ReviewFactory, translate

SignIn = Callable[..., FlaskClient]


def on_home(browser: FlaskClient) -> list[tuple[str, str]]:
    """Read the widgets on the home page: (name, width)."""
    page = browser.get("/").get_data(as_text=True)
    return [(name, width) for width, name in re.findall(r'data-width="(\w+)" data-widget="([^"]+)"', page)]


def send(browser: FlaskClient, *widgets: str, do: str = "") -> None:
    answer = browser.post("/arrange", data={"widget": list(widgets), "do": do})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/arrange")


@pytest.mark.parametrize(
    ("role", "names"),
    [
        ("Admin", "work chart:bookings chart:revenue chart:conversion chart:lead-times coming changes"),
        ("Moderator", "work chart:themes chart:ratings coming changes"),
        ("Translator", "work coming changes"),
    ],
)
def test_a_role_begins_with_what_it_has_to_do(sign_in: SignIn, role: str, names: str) -> None:
    browser = sign_in(role)

    assert [name for name, _width in on_home(browser)] == names.split()
    page = browser.get("/").get_data(as_text=True)
    assert ("chart.min.js" in page) is ("chart:" in names), "the library is named where a chart stands"


@pytest.mark.parametrize(
    ("do", "expected"),
    [
        ("", "work:full chart:bookings:half changes:half"),
        ("remove:chart:bookings", "work:full changes:half"),
        ("add:recent", "work:full chart:bookings:half changes:half recent:half"),
        ("add:changes", "work:full chart:bookings:half changes:half"),
        ("earlier:changes", "work:full changes:half chart:bookings:half"),
        ("later:work", "chart:bookings:half work:full changes:half"),
        ("earlier:work", "work:full chart:bookings:half changes:half"),
        ("width:work", "work:half chart:bookings:half changes:half"),
        ("add:chart:nonsense", "work:full chart:bookings:half changes:half"),
    ],
)
def test_each_button_is_one_step(sign_in: SignIn, do: str, expected: str) -> None:
    browser = sign_in("Admin")

    send(browser, "work|full", "chart:bookings|half", "changes|wide", do=do)

    assert [f"{name}:{width}" for name, width in on_home(browser)] == expected.split()


def test_an_arrangement_is_its_persons_own_and_goes_back_to_the_standard(sign_in: SignIn) -> None:
    mine, others = sign_in("Admin", "mina"), sign_in("Admin", "otto")
    standard = on_home(others)

    send(mine, "changes|full")

    assert on_home(mine) == [("changes", "full")]
    assert on_home(others) == standard
    send(mine, "changes|full", do="reset")
    assert on_home(mine) == standard


def test_a_home_without_widgets_says_what_to_do(sign_in: SignIn) -> None:
    browser = sign_in("Viewer")

    send(browser, "work|full", do="remove:work")

    assert on_home(browser) == []
    assert "Choose what you want to see when you come in." in browser.get("/").get_data(as_text=True)


def test_nobody_places_what_they_may_not_see(sign_in: SignIn) -> None:
    browser = sign_in("Moderator")

    send(browser, "chart:revenue|full", "chart:ratings|half", "view:0|half")

    assert on_home(browser) == [("chart:ratings", "half")]


def test_what_is_kept_is_kept_once(app: Flask, sign_in: SignIn, session: Session) -> None:
    sign_in("Admin")
    user = session.scalars(select(User).where(User.username == "admin")).one()

    arrange(
        session, user.id, [Placed("work", "full"), Placed("work", "half"), Placed("x" * 99), Placed("a", "?")]
    )

    assert arranged(session, user.id) == (Placed("work", "full"),)


def test_a_saved_view_stands_on_the_home_page_with_its_first_rows_and_their_number(
    sign_in: SignIn, session: Session
) -> None:
    browser = sign_in("Booking operator")
    user = session.scalars(select(User).where(User.username == "booking-operator")).one()
    for number in range(7):
        BookingFactory(client_name=f"Bride {number}", event_type="wedding")
    BookingFactory(client_name="Child", event_type="birthday")
    view = keep_view(session, "booking", user.id, "Our weddings", "filter[event_type]=wedding", "me")
    send(browser, f"view:{view.id}|half")

    page = browser.get("/").get_data(as_text=True)

    assert "Our weddings" in page
    assert '<span class="f-count">7</span>' in page
    assert len(re.findall(r"Bride \d", page)) == 5
    assert "Child" not in page
    assert on_home(sign_in("Booking operator", "somebody-else")) == on_home(
        sign_in("Booking operator", "third")
    )


def test_no_key_of_a_record_stands_among_the_facts_of_a_saved_view(sign_in: SignIn, session: Session) -> None:
    browser = sign_in("Translator")
    user = session.scalars(select(User).where(User.username == "translator")).one()
    package = PackageFactory()
    translate(package, "de", name="Laternenmahl")
    view = keep_view(session, "translation", user.id, "German", "filter[locale]=de", "me")
    send(browser, f"view:{view.id}|half")

    page = browser.get("/").get_data(as_text=True)
    assert "Laternenmahl" in page
    assert str(package.id) not in page


def test_a_view_over_a_field_that_is_no_more_breaks_nothing(sign_in: SignIn, session: Session) -> None:
    browser = sign_in("Admin")
    user = session.scalars(select(User).where(User.username == "admin")).one()
    view = keep_view(session, "booking", user.id, "Old", "filter[gone]=1", "me")
    send(browser, f"view:{view.id}|half")

    assert on_home(browser) == [(f"view:{view.id}", "half")]


def test_pins_are_shown_as_far_as_they_may_be_seen(sign_in: SignIn, session: Session) -> None:
    browser = sign_in("Moderator")
    user = session.scalars(select(User).where(User.username == "moderator")).one()
    package, booking, review = (
        PackageFactory(name="Garden"),
        BookingFactory(client_name="Secret"),
        ReviewFactory(),
    )
    for name, record in (("package", package), ("booking", booking), ("review", review)):
        pins.pin(session, user.id, name, record.id)
    session.delete(review)
    send(browser, "pins|half")

    page = browser.get("/").get_data(as_text=True)

    assert "Garden" in page
    assert "Secret" not in page


def test_views_cost_a_statement_or_two_however_many_rows_they_have(
    sign_in: SignIn, session: Session, count_statements: Callable[[], Any]
) -> None:
    browser = sign_in("Admin")
    user = session.scalars(select(User).where(User.username == "admin")).one()
    view = keep_view(session, "booking", user.id, "All of them", "", "me")
    send(browser, f"view:{view.id}|half", "recent|half", "pins|half")
    counted = []
    for many in (6, 60):
        for _ in range(many):
            BookingFactory(package_id=PackageFactory().id)
        session.commit()
        session.expunge_all()
        with count_statements() as seen:
            assert browser.get("/").status_code == 200
        counted.append(len(seen))

    assert counted[1] <= counted[0] <= 10
