"""Members as staff see them: found, counted, shut out and let in; their secrets seen by nobody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app.access import rows
from app.domains.members.models import Member
from app.kernel import clock
from app.kernel.db import db
from app.media.storage.paths import avatars_of
from tests.domains.members.steps import ask, enter, is_in, make_member, say, told
from tests.factories import AssetFactory, BookingFactory, ConversationFactory

SignIn = Callable[..., FlaskClient]


def read(member: Member) -> Member:
    return db.session.get_one(Member, member.id, populate_existing=True)


def do(browser: FlaskClient, member: Member, action: str, **form: str) -> str:
    answer = browser.post(f"/members/{member.id}/do/{action}", data=form, follow_redirects=True)
    assert answer.status_code == 200
    return str(answer.get_data(as_text=True))


@pytest.mark.proves("S0.4")
def test_a_member_has_a_screen_and_an_api_for_the_roles_that_may_see_them(sign_in: SignIn) -> None:
    """Clients are members, and staff are users with roles: each kind has its screen, its API and its rights."""
    member = make_member(name="Amal Haddad", phone="+49 30 1234")
    for role, is_allowed in {
        "Admin": True, "Booking operator": True, "Moderator": True, "Editor": False, "Translator": False, "Viewer": False,
    }.items():  # fmt: skip
        browser = sign_in(role)
        page = browser.get(f"/members/{member.id}")
        answer = browser.get(f"/api/v1/members/{member.id}")
        assert (page.status_code, answer.status_code) == ((200, 200) if is_allowed else (403, 403)), role
        assert ("/members/" in browser.get("/").get_data(as_text=True)) == is_allowed
        if is_allowed:
            record = answer.get_json()["data"]
            said = {
                "id": str(member.id),
                "name": "Amal Haddad",
                "email": member.email,
                "phone": "+49 30 1234",
            }
            assert {name: record[name] for name in said} == said
            assert "Amal Haddad" in page.get_data(as_text=True) and "+49 30 1234" in page.get_data(
                as_text=True
            )
    users = sign_in("Admin", "ada")
    assert users.get("/users/").status_code == 200 and users.get("/api/v1/users/").status_code == 200


def test_members_are_found_by_filter_and_search(sign_in: SignIn) -> None:
    make_member(name="Amal Haddad", locale="ar", is_verified=False)
    make_member(name="Ravi Kumar", locale="hi", status="suspended")
    browser = sign_in("Moderator")
    for query, names in {
        "": {"Amal Haddad", "Ravi Kumar"},
        "filter[status]=suspended": {"Ravi Kumar"},
        "filter[is_verified]=false": {"Amal Haddad"},
        "filter[locale]=hi": {"Ravi Kumar"},
        "q=haddad": {"Amal Haddad"},
        f"filter[created_at][lte]={(clock.now() - timedelta(days=1)).date()}": set(),
    }.items():
        page = browser.get(f"/members/?{query}").get_data(as_text=True)
        assert {name for name in ("Amal Haddad", "Ravi Kumar") if name in page} == names, query


def test_the_list_tells_how_many_members_there_are(sign_in: SignIn, count_statements: Any) -> None:
    long_ago = clock.now() - timedelta(days=60)
    make_member(seen_at=clock.now())
    make_member(created_at=long_ago, seen_at=long_ago, is_verified=False)
    make_member(created_at=long_ago, status="suspended")
    browser = sign_in("Booking operator")
    page = browser.get("/members/").get_data(as_text=True)
    tiles = page.split('class="f-tiles"')[1].split("</ul>")[0]
    numbers = [piece.split("</b>")[0] for piece in tiles.split("<b>")[1:]]
    assert numbers == ["3", "1", "1", "67%", "1"]
    with count_statements() as statements:
        browser.get("/members/")
    assert sum("count(*) FILTER" in statement for statement in statements) == 1


def test_a_moderator_suspends_with_a_reason_and_lets_in_again(client: FlaskClient, sign_in: SignIn) -> None:
    member = make_member()
    token = enter(client, member)["access_token"]
    browser = sign_in("Moderator")
    assert "Say why." in do(browser, member, "suspend") or read(member).is_active
    assert is_in(client, token)
    do(browser, member, "suspend", reason="Sent spam in the chat.")
    assert not is_in(client, token)
    assert (read(member).status, read(member).suspended_because) == ("suspended", "Sent spam in the chat.")
    page = browser.get(f"/members/{member.id}").get_data(as_text=True)
    assert "Sent spam in the chat." in page and "Activate" in page
    do(browser, member, "activate")
    assert read(member).is_active and not is_in(client, token), "what ended stays ended"
    assert enter(client, member)


def test_who_may_only_read_suspends_nobody(sign_in: SignIn) -> None:
    member = make_member()
    browser = sign_in("Booking operator")
    assert browser.post(f"/members/{member.id}/do/suspend", data={"reason": "x"}).status_code == 403
    assert "/do/suspend" not in browser.get(f"/members/{member.id}").get_data(as_text=True)
    assert read(member).is_active


def test_nobody_adds_or_edits_a_member_by_hand(sign_in: SignIn) -> None:
    member = make_member()
    browser = sign_in("Admin")
    assert browser.get("/members/add").status_code == 404
    assert browser.get(f"/members/{member.id}/edit").status_code == 404
    for method, path in (("POST", "/api/v1/members/"), ("PUT", f"/api/v1/members/{member.id}")):
        body = {
            "name": "Eve",
            "email": "eve@example.com",
            "status": "suspended",
            "password_hash": "x",
            "epoch": 9,
        }
        assert browser.open(path, method=method, json=body).status_code in (404, 405, 422)
    assert (read(member).name, read(member).status, read(member).epoch) == (member.name, "active", 1)


def test_a_member_is_signed_out_and_mailed_again_from_their_page(
    client: FlaskClient, sign_in: SignIn
) -> None:
    member = make_member(is_verified=False)
    token = enter(client, member)["access_token"]
    browser = sign_in("Moderator")
    page = browser.get(f"/members/{member.id}").get_data(as_text=True)
    assert "Devices" in page and "Werkzeug" in page
    do(browser, member, "resend_verification")
    assert told()[-1] == ("member.verification_asked", {"address": member.email, "locale": "en"})
    do(browser, member, "sign_out")
    assert not is_in(client, token)
    assert "Werkzeug" not in browser.get(f"/members/{member.id}").get_data(as_text=True)


def test_many_are_suspended_together(sign_in: SignIn) -> None:
    some = [make_member() for _ in range(3)]
    browser = sign_in("Moderator")
    form = {"action": "suspend", "ids": [str(member.id) for member in some], "reason": "A wave of spam."}
    assert browser.post("/members/bulk", data=form).status_code == 302
    assert {read(member).status for member in some} == {"suspended"}


def test_no_surface_holds_a_secret(client: FlaskClient, sign_in: SignIn) -> None:
    """Not the pages, the API, the export, the search, the history, nor the rows that keep the history."""
    member = make_member(name="Amal Haddad")
    tokens = enter(client, member)
    body = {"current_password": "eleven green lanterns", "new_password": "twelve grey pebbles"}
    say(client, "/auth/change-password", body, tokens["access_token"])
    secrets = [read(member).password_hash, "argon2", tokens["refresh_token"], tokens["access_token"]]
    secrets += list(db.session.scalars(text("SELECT token_hash FROM member_refresh")))
    browser = sign_in("Admin")
    seen = [
        browser.get(path).get_data(as_text=True)
        for path in (
            "/members/", f"/members/{member.id}", f"/members/{member.id}/history", "/members/lookup?q=amal",
            "/members/?q=haddad", "/api/v1/members/", f"/api/v1/members/{member.id}", "/members/export?format=csv",
            f"/api/v1/members/{member.id}/history",
        )
    ]  # fmt: skip
    seen += [
        str(db.session.execute(text(f"SELECT t::text FROM {table} t")).all())
        for table in ("audit_entry", "search_entry", "outbox")
    ]
    assert [secret for secret in secrets if any(secret in page for page in seen)] == []
    for query in ("filter[password_hash]=x", "sort=password_hash", "filter[epoch]=1", "sort=epoch"):
        assert browser.get(f"/api/v1/members/?{query}").status_code == 400


def test_the_history_tells_who_changed_what(client: FlaskClient, sign_in: SignIn) -> None:
    member = make_member()
    token = enter(client, member)["access_token"]
    ask(client, "/auth/me", token, "PUT", json={"name": "Amal Haddad-Weiss"})
    actor = db.session.execute(
        text("SELECT actor_kind, actor_id FROM audit_entry WHERE object_id = :id ORDER BY id DESC LIMIT 1"),
        {"id": str(member.id)},
    ).one()
    assert tuple(actor) == ("member", str(member.id))
    page = sign_in("Moderator").get(f"/members/{member.id}/history").get_data(as_text=True)
    assert "Amal Haddad-Weiss" in page


def test_a_deleted_member_leaves_neither_devices_nor_tokens(client: FlaskClient, sign_in: SignIn) -> None:
    member = make_member()
    token = enter(client, member)["access_token"]
    assert sign_in("Admin").post(f"/members/{member.id}/delete").status_code == 302
    assert not is_in(client, token)
    for table in ("member", "member_device", "member_refresh", "member_token"):
        assert db.session.scalar(text(f"SELECT count(*) FROM {table}")) == 0


def test_a_members_photo_is_no_picture_of_the_library(app: Flask, session: Any, sign_in: SignIn) -> None:
    """Who may not see members does not see their faces and names among the pictures."""
    member = make_member(name="Amal Haddad")
    photo = AssetFactory(title=member.name, path=f"{avatars_of(member.id)}/0123456789abcdef0123.webp")
    AssetFactory(title="Garden")
    member.asset_id = photo.id
    manager = app.appbuilder.sm  # type: ignore[attr-defined]
    own = manager.add_role("Photographer")
    for verb in ("can_list", "can_show"):
        manager.add_permission_role(own, manager.find_permission_view_menu(verb, "asset"))
    session.commit()
    for role, is_seen in {
        "Photographer": False,
        "Editor": False,
        "Translator": False,
        "Viewer": False,
        "Moderator": True,
        "Admin": True,
    }.items():
        browser = sign_in(role)
        page = browser.get("/pictures/").get_data(as_text=True)
        assert ("Amal Haddad" in page, "Garden" in page) == (is_seen, True), role
        assert browser.get(f"/pictures/{photo.id}").status_code == (200 if is_seen else 404)
        assert browser.get(f"/api/v1/pictures/{photo.id}").status_code == (200 if is_seen else 404)
        found = browser.get("/pictures/lookup?q=amal").get_data(as_text=True)
        assert ("Amal Haddad" in found) == is_seen


def test_a_members_page_shows_their_bookings_and_conversations_as_far_as_the_reader_may_see_them(
    sign_in: SignIn,
) -> None:
    member, other = make_member(name="Amal Haddad"), make_member()
    mine = [BookingFactory(member_id=member.id, place=place) for place in ("Lisbon", "Porto")]
    strangers = BookingFactory(member_id=other.id)
    talk = ConversationFactory(member_id=member.id, last_excerpt="May we bring a dog?")
    db.session.commit()

    page = sign_in("Booking operator").get(f"/members/{member.id}").get_data(as_text=True)
    moderator = sign_in("Moderator").get(f"/members/{member.id}").get_data(as_text=True)
    rows.limit("booking", "Booking operator", lambda model, _user: model.place == "Lisbon")
    try:
        limited = sign_in("Booking operator", "partner").get(f"/members/{member.id}").get_data(as_text=True)
    finally:
        rows.lift("booking", "Booking operator")

    assert all(f'href="/bookings/{booking.id}"' in page for booking in mine)
    assert str(strangers.id) not in page
    assert f'href="/inbox/{talk.id}"' in page
    assert "May we bring a dog?" in page
    assert "/bookings/" not in moderator
    assert [str(booking.id) in limited for booking in mine] == [True, False]
    found = sign_in("Admin").get(f"/bookings/?filter[member]={member.id}").get_data(as_text=True)
    assert [str(booking.id) in found for booking in (*mine, strangers)] == [True, True, False]
