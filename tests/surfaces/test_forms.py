"""What a form says and takes: tabs, sections, the rules that grey it, copies, drawers, and the new kinds everywhere."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.access import rows as row_rules
from app.access.accounts import create_user
from app.domains.bookings.models import Booking
from app.domains.catalog.models import Festival, Package, Theme
from app.translation.models import Translation
from tests.conftest import PASSWORD
from tests.factories import (
    AssetFactory,
    BookingFactory,
    FestivalFactory,
    IncludedItemFactory,
    PackageFactory,
    ThemeFactory,
    translate,
)

SignIn = Callable[..., FlaskClient]
HARM = "<p>Lamps <b>everywhere</b></p><script>alert(1)</script><p onclick='x'>and <a href='javascript:x'>more</a></p>"
KEPT = '<p>Lamps <strong>everywhere</strong></p><p>and <a rel="noopener">more</a></p>'


@pytest.fixture
def admin(sign_in: SignIn) -> FlaskClient:
    return sign_in("Admin")


def body(answer: Any, status: int = 200) -> str:
    said = answer.get_data(as_text=True)
    assert answer.status_code == status, said[:2000]
    return str(said)


def sent(record: Any, **changes: Any) -> dict[str, Any]:
    """Give what the form of a record sends."""
    names = {
        "festival": "name slug description customs category country zone starts_on ends_on default_message",
        "package": "name slug description price_minor currency position",
        "theme": "name slug description colour position",
        "booking": "client_name client_email client_phone event_type event_on place package_id guests message locale",
    }[record.__tablename__]
    values = {name: str(getattr(record, name) or "") for name in names.split()}
    if hasattr(record, "price_minor"):
        values["price_minor"] = str(record.price_minor / 100)
    return {"revision": record.revision, "is_active": "true"} | values | changes


def test_rich_text_is_cleaned_on_the_way_in_by_form_api_and_translation(
    admin: FlaskClient, session: Session
) -> None:
    festival = FestivalFactory()
    answer = admin.post(
        f"/festivals/{festival.id}/edit", data=sent(festival, customs=HARM) | {"t-de-customs": HARM}
    )
    assert answer.status_code == 302, body(answer, 422)
    assert session.get(Festival, festival.id).customs == KEPT
    row = session.scalar(select(Translation).where(Translation.field == "customs"))
    assert row.text == KEPT
    answer = admin.post(
        f"/translations/{row.id}/edit", data={"text": HARM + "<p>x</p>", "revision": row.revision}
    )
    assert answer.status_code == 302
    session.refresh(row)
    assert row.text == KEPT + "<p>x</p>"
    changed = admin.patch(
        f"/api/v1/festivals/{festival.id}",
        json={"customs": HARM + "z", "revision": session.get(Festival, festival.id).revision},
    )
    assert changed.status_code == 200
    assert changed.json["data"]["customs"].startswith(KEPT)


def test_rich_text_is_cleaned_on_the_way_out_too(
    admin: FlaskClient, client: FlaskClient, session: Session
) -> None:
    festival = FestivalFactory()
    session.execute(text("UPDATE festival SET customs = :harm"), {"harm": HARM})
    session.execute(
        text(
            "INSERT INTO translation (id, content_type, object_id, locale, field, text, state, source_hash,"
            " source_revision, revision, created_at, updated_at)"
            " VALUES (gen_random_uuid(), 'festival', :id, 'de', 'customs', :harm, 'approved', '', 1, 1, now(), now())"
        ),
        {"id": festival.id, "harm": HARM},
    )
    session.commit()
    assert client.get(f"/public/v1/festivals/{festival.id}").json["data"]["customs"] == KEPT
    assert client.get("/public/v1/festivals?lang=de").json["data"][0]["customs"] == KEPT
    whole = admin.get(f"/api/v1/festivals/{festival.id}").json["data"]
    assert (whole["customs"], whole["translations"]["de"]["customs"]) == (KEPT, KEPT)
    for path in (f"/festivals/{festival.id}", f"/festivals/{festival.id}/edit"):
        page = body(admin.get(path))
        assert "alert(1)" not in page
        assert "javascript:x" not in page


def test_a_search_finds_the_words_of_rich_text_and_not_its_tags(admin: FlaskClient) -> None:
    FestivalFactory(
        customs="<p>Everybody throws <strong>vermilion</strong> powder &amp; water</p>", name="Powder day"
    )
    assert "Powder day" in body(admin.get("/festivals/?q=vermilion"))
    assert "Powder day" in body(admin.get("/festivals/?q=powder+%26+water"))
    assert "Powder day" not in body(admin.get("/festivals/?q=strong"))


def test_the_history_tells_rich_text_in_words(admin: FlaskClient) -> None:
    festival = FestivalFactory()
    admin.post(
        f"/festivals/{festival.id}/edit", data=sent(festival, customs="<p>Lamps &amp; <b>sweets</b></p>")
    )
    page = body(admin.get(f"/festivals/{festival.id}/history"))
    assert "Lamps &amp; sweets" in page
    assert "&lt;p&gt;" not in page


def test_colours_and_zones_stand_on_every_surface(admin: FlaskClient, client: FlaskClient) -> None:
    theme = ThemeFactory(colour="#0f6b58")
    festival = FestivalFactory(zone="Asia/Kolkata", facts={"lamps": 21})
    assert 'fill="#0f6b58"' in body(admin.get("/themes/"))
    assert "Kolkata" in body(admin.get(f"/festivals/{festival.id}"))
    shown = client.get(f"/public/v1/festivals/{festival.id}").json["data"]
    assert (shown["zone"], shown["facts"]) == ("Asia/Kolkata", {"lamps": 21})
    assert client.get(f"/public/v1/themes/{theme.id}").json["data"]["colour"] == "#0f6b58"
    assert "#0f6b58" in body(admin.get("/themes/export?format=csv"))
    refused = admin.patch(f"/api/v1/themes/{theme.id}", json={"colour": "teal", "revision": theme.revision})
    assert refused.status_code == 422
    assert "colour" in refused.get_data(as_text=True)


def test_the_public_contract_says_what_the_new_kinds_are(app: Flask, client: FlaskClient) -> None:
    written = client.get("/public/v1/openapi.json").json
    festival = written["components"]["schemas"]["Festival"]["properties"]
    assert festival["customs"] == {"type": "string", "contentMediaType": "text/html"}
    assert written["components"]["schemas"]["Theme"]["properties"]["colour"]["anyOf"][0]["pattern"]


def test_a_form_stands_in_the_tabs_and_sections_that_its_fields_declare(admin: FlaskClient) -> None:
    page = body(admin.get(f"/festivals/{FestivalFactory().id}/edit"))
    assert [page.count(f'aria-controls="tab-{number}"') for number in (1, 2, 3, 4)] == [1, 1, 1, 0]
    assert page.index("Days and place") < page.index('id="i-zone"') < page.index('id="c-pictures"')
    package = body(admin.get(f"/packages/{PackageFactory().id}/edit"))
    assert 'aria-controls="tab-1"' not in package
    assert package.count("data-fold ") + package.count("data-fold>") >= 5


def test_what_no_form_writes_says_what_does(admin: FlaskClient) -> None:
    package = PackageFactory()
    page = body(admin.get(f"/bookings/{BookingFactory(package_id=package.id).id}/edit"))
    actions = "Confirm, Reject, Complete, No-show, Cancel for the client"
    assert f"Changed by actions alone: {actions}" in page
    assert "Worked out from other records." in body(admin.get(f"/packages/{package.id}/edit"))


def test_a_translator_is_told_who_may_change_the_source(sign_in: SignIn) -> None:
    page = body(sign_in("Translator").get(f"/festivals/{FestivalFactory().id}/edit"))
    assert "Your role may translate this record, not change it. Who may: Admin, Editor." in page


def test_a_row_that_the_rules_keep_from_a_role_is_seen_greyed_and_not_saved(
    app: Flask, session: Session
) -> None:
    mine, theirs = ThemeFactory(name="Mine"), ThemeFactory(name="Theirs")
    row_rules.limit("theme", "Editor", lambda model, _user: model.name == "Mine")
    try:
        browser = two_roles(app, session)
        assert "Who may" not in body(browser.get(f"/themes/{mine.id}/edit"))
        page = body(browser.get(f"/themes/{theirs.id}/edit"))
        assert "Your role may change some of these records only, and this is none of them." in page
        assert 'name="then"' not in page
        body(browser.post(f"/themes/{theirs.id}/edit", data=sent(theirs, name="Taken")), 404)
    finally:
        row_rules.lift("theme", "Editor")
    assert session.get(Theme, theirs.id).name == "Theirs"


def two_roles(app: Flask, session: Session) -> FlaskClient:
    """Sign in somebody who edits some themes and sees all."""
    create_user(
        "both", "both@example.com", PASSWORD, ["Editor", "Viewer"], first_name="Both", last_name="Staff"
    )
    session.commit()
    app.config["WTF_CSRF_ENABLED"] = False
    browser = app.test_client()
    entered = browser.post("/login/", data={"username": "both", "password": PASSWORD})
    assert entered.status_code in (302, 303)
    return browser


def test_a_booking_that_is_over_keeps_what_was_agreed(admin: FlaskClient, session: Session) -> None:
    package = PackageFactory()
    over = BookingFactory(package_id=package.id, total_minor=5000, status="completed")
    page = body(admin.get(f"/bookings/{over.id}/edit"))
    assert page.count("This booking is over") == 6
    same = admin.post(f"/bookings/{over.id}/edit", data=sent(over, message="Thanks", total_minor="50.00"))
    assert same.status_code == 302, body(same, 422)
    assert session.get(Booking, over.id).message == "Thanks"
    refused = admin.patch(
        f"/api/v1/bookings/{over.id}",
        json={"total_minor": "60.00", "revision": session.get(Booking, over.id).revision},
    )
    assert refused.status_code == 422
    assert "This booking is over" in refused.get_data(as_text=True)
    assert session.get(Booking, over.id).total_minor == 5000


def test_a_copy_has_its_own_address_rows_and_translations(admin: FlaskClient, session: Session) -> None:
    package = PackageFactory(slug="garden")
    item = IncludedItemFactory(package_id=package.id, text="Lanterns")
    translate(package, "de", name="Garten")
    form = sent(package) | {
        "then": "copy",
        "t-de-name": "Garten",
        "items-present": "1",
        "items-0-id": str(item.id),
        "items-0-position": "0",
        "items-0-text": "Lanterns",
    }
    first = admin.post("/packages/add", data=form)
    second = admin.post("/packages/add", data=form)
    assert (first.status_code, second.status_code) == (302, 302)
    copies = session.scalars(
        select(Package).where(Package.slug.like("garden-%")).order_by(Package.slug)
    ).all()
    assert [copy.slug for copy in copies] == ["garden-copy", "garden-copy-2"]
    assert first.location.endswith(f"/packages/{copies[0].id}/edit")
    assert [row.text for row in copies[0].items] == ["Lanterns"]
    session.refresh(package)
    assert [row.id for row in package.items] == [item.id]
    told = session.scalars(select(Translation.text).where(Translation.object_id == copies[1].id)).all()
    assert told == ["Garten"]


def test_a_drawer_shows_the_form_alone_and_gives_back_what_was_saved(
    admin: FlaskClient, session: Session
) -> None:
    answer = admin.get("/packages/add?drawer=1&title=Lantern+walk")
    page = body(answer)
    assert 'class="f-side"' not in page
    assert 'value="Lantern walk"' in page
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
    form = {"name": "Lantern walk", "slug": "lantern-walk", "price_minor": "900", "currency": "EUR"}
    assert (
        body(admin.post("/packages/add?drawer=1", data=form | {"slug": "No slug!"}), 422).count("f-in-drawer")
        == 1
    )
    saved = admin.post("/packages/add?drawer=1", data=form, follow_redirects=True)
    record = session.scalar(select(Package).where(Package.slug == "lantern-walk"))
    page = body(saved)
    assert f'data-value="{record.id}"' in page
    assert 'data-line="€900.00"' in page
    whole = admin.get(f"/bookings/{BookingFactory(package_id=record.id).id}/edit")
    assert "frame-src 'self'" in whole.headers["Content-Security-Policy"]
    assert whole.headers["X-Frame-Options"] == "DENY"


def test_a_role_is_offered_no_drawer_for_what_it_may_not_add(sign_in: SignIn) -> None:
    booking = BookingFactory(package_id=PackageFactory().id)
    page = body(sign_in("Booking operator").get(f"/bookings/{booking.id}/edit"))
    assert 'data-drawer-add="/packages/' not in page
    assert 'data-drawer-edit="/packages/' not in page
    assert 'data-drawer-edit="/rooms/' in page, "rooms are theirs to change"


def test_a_lookup_tells_records_apart_in_a_second_line(admin: FlaskClient) -> None:
    PackageFactory(name="Garden party", price_minor=98_000)
    found = json.loads(body(admin.get("/packages/lookup?q=garden")))["data"]
    assert [(one["text"], one["line"]) for one in found] == [("Garden party", "€980.00")]


def test_a_lookup_finds_what_was_mistyped_or_is_told_in_another_language(admin: FlaskClient) -> None:
    package = PackageFactory(name="Garden party", description="")
    translate(package, "de", name="Gartenfest")
    PackageFactory(name="Boat trip", description="")
    for typed in ("gardn", "Gartenfest", "garden"):
        found = json.loads(body(admin.get(f"/packages/lookup?q={typed}")))["data"]
        assert [one["text"] for one in found] == ["Garden party"], typed
    assert json.loads(body(admin.get("/packages/lookup?q=zzz")))["data"] == []


def test_a_lookup_costs_the_same_statements_for_one_and_for_twenty(
    admin: FlaskClient, count_statements: Callable[[], Any]
) -> None:
    PackageFactory(name="Lone one")
    admin.get("/packages/lookup?q=lone")
    with count_statements() as few:
        admin.get("/packages/lookup?q=lone")
    for number in range(20):
        PackageFactory(name=f"Crowd {number}")
    with count_statements() as many:
        admin.get("/packages/lookup?q=crowd")
    assert len(many) == len(few)


@pytest.mark.parametrize(("locale", "shown"), [("de", "12.345,50"), ("hi", "12,345.50"), ("en", "12,345.50")])
def test_an_amount_stands_in_the_form_as_the_reader_writes_it(
    admin: FlaskClient, session: Session, locale: str, shown: str
) -> None:
    package = PackageFactory(price_minor=1_234_550)
    page = body(admin.get(f"/packages/{package.id}/edit", headers={"Accept-Language": locale}))
    assert f'<html lang="{locale}"' in page
    assert f'value="{shown}"' in page
    saved = admin.post(
        f"/packages/{package.id}/edit", data=sent(package, price_minor=shown, name="Same price")
    )
    assert saved.status_code == 302
    stored = session.get(Package, package.id)
    assert (stored.name, stored.price_minor) == ("Same price", 1_234_550)


# Rule 4
def test_a_form_shows_what_waits_for_a_decision_and_why_a_text_was_rejected(
    session: Session, sign_in: Callable[..., FlaskClient]
) -> None:
    from app.translation.states import Hand
    from app.translation.writing import put, reject

    package = PackageFactory(name="Garden party", description="Trees")
    translate(package, "de", name="Gartenfest", description="Bäume")
    session.commit()
    translator, editor = sign_in("Translator"), sign_in("Editor")
    row = session.scalars(select(Translation).where(Translation.field == "description")).one()
    reject(session, row, Hand(), "too short")
    put(session, "package", package, "hi", "name", "बाग", Hand(), tool="memory")
    session.commit()
    form = {"revision": str(package.revision), "t-de-name": "Gartenfeier"}
    translator.post(f"/packages/{package.id}/edit", data=form)
    own = translator.get(f"/packages/{package.id}/edit").get_data(as_text=True)
    assert "Your suggestion" in own
    assert "It waits for somebody who may approve." in own
    assert 'data-decides="accept:' not in own
    page = editor.get(f"/packages/{package.id}/edit").get_data(as_text=True)
    assert 'data-decides="accept:' in page
    assert "too short" in page
    assert "Machine · memory" in page


def test_what_is_declared_before_a_text_stands_before_it(admin: FlaskClient) -> None:
    form = body(admin.get(f"/pictures/{AssetFactory().id}/edit"))
    places = [form.index(f'name="{name}"') for name in ("title", "alt", "focal_x", "credit")]
    assert places == sorted(places)
    assert form.count('name="title"') == 1
