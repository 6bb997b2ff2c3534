"""Saved views do not cross companies: neither a tab nor a widget names what somebody of others looks for."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_appbuilder.security.sqla.models import Role
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import rows
from app.access.accounts import create_user, find_user
from app.access.roles import BOOKING_OPERATOR, EDITOR, PARTNER, TRANSLATOR
from app.surfaces.desk.saved_views import SavedView, keep_view
from tests.conftest import PASSWORD
from tests.domains.partners import Estate, entrust

SignIn = Callable[..., FlaskClient]
PATHS = {
    "venue": "venues",
    "room": "rooms",
    "booking": "bookings",
    "asset": "pictures",
    "package": "packages",
}
LIMITED = ("venue", "room", "booking", "asset")


@pytest.fixture
def vito(sign_in: SignIn, session: Session, noise: Estate) -> FlaskClient:
    """Give the browser of the partner who looks after the company that is not Vera's."""
    browser = sign_in(PARTNER, "vito")
    entrust(session, "vito", noise.company)
    return browser


def shared(session: Session, username: str, resource: str, name: str, audience: str) -> str:
    """Store a view as one that is there already, whatever its owner may share by now."""
    user = find_user(username)
    assert user is not None
    view = keep_view(session, resource, user.id, name, "q=Marisol", audience)
    session.commit()
    return str(view.id)


def tabs(browser: FlaskClient, resource: str) -> list[str]:
    answer = browser.get(f"/{PATHS[resource]}/?view=all")
    assert answer.status_code == 200
    return re.findall(
        r'data-view="[^"]+"[^>]*><span dir="auto">([^<]*)</span>', answer.get_data(as_text=True)
    )


def widgets(browser: FlaskClient) -> str:
    answer = browser.get("/arrange")
    assert answer.status_code == 200
    return str(answer.get_data(as_text=True))


@pytest.mark.parametrize("resource", LIMITED)
@pytest.mark.parametrize("audience", [PARTNER, "all"])
def test_a_partner_shares_a_view_with_nobody(
    vera: FlaskClient, session: Session, resource: str, audience: str
) -> None:
    sent = {"name": "To be sold", "query": "", "shared": audience}
    refused = vera.post(f"/{PATHS[resource]}/views", data=sent)
    assert refused.status_code == 422
    assert session.scalars(select(SavedView)).all() == []
    dialogs = vera.get(f"/{PATHS[resource]}/views/dialogs").get_data(as_text=True)
    assert re.findall(r"<option[^>]*>([^<]*)<", dialogs) == ["Only me"]
    assert "your views of them are for you alone" in dialogs


def test_a_partner_keeps_views_for_themselves(vera: FlaskClient, vito: FlaskClient) -> None:
    answer = vera.post("/venues/views", data={"name": "Mine", "query": "sort=name", "shared": "me"})
    key = parse_qs(urlsplit(answer.headers["Location"]).query)["view"][0]
    assert (tabs(vera, "venue"), tabs(vito, "venue")) == (["Mine"], [])
    assert vera.post(f"/venues/views/{key}", data={"shared": PARTNER}).status_code == 422
    assert vera.post(f"/venues/views/{key}", data={"name": "Still mine"}).status_code == 302
    assert tabs(vera, "venue") == ["Still mine"]


@pytest.mark.parametrize("resource", LIMITED)
@pytest.mark.parametrize("audience", [PARTNER, "all"])
def test_what_a_partner_shared_before_is_shown_to_nobody_else(
    vera: FlaskClient, vito: FlaskClient, sign_in: SignIn, session: Session, resource: str, audience: str
) -> None:
    key = shared(session, "vera", resource, "To be sold", audience)
    of_the_house = sign_in(BOOKING_OPERATOR if resource == "booking" else EDITOR)
    for other in (vito, of_the_house):
        assert tabs(other, resource) == []
        assert "To be sold" not in widgets(other)
        page = other.get(f"/{PATHS[resource]}/?view={key}").get_data(as_text=True)
        assert "To be sold" not in page
    assert tabs(vera, resource) == ["To be sold"]
    assert "To be sold" in widgets(vera)
    assert vera.post(f"/{PATHS[resource]}/views/{key}", data={"name": "Sold"}).status_code == 422
    back = {"name": "Sold", "shared": "me"}
    assert vera.post(f"/{PATHS[resource]}/views/{key}", data=back).status_code == 302


def test_what_an_operator_shares_with_everybody_is_not_for_partners(
    vera: FlaskClient, sign_in: SignIn, session: Session
) -> None:
    operator, second = sign_in(BOOKING_OPERATOR), sign_in(BOOKING_OPERATOR, "another-operator")
    sent = {"name": "VIP Marisol owes us", "query": "q=Marisol", "shared": "all"}
    answer = operator.post("/bookings/views", data=sent)
    key = parse_qs(urlsplit(answer.headers["Location"]).query)["view"][0]
    assert tabs(second, "booking") == ["VIP Marisol owes us"]
    assert "VIP Marisol" in widgets(second)
    assert tabs(vera, "booking") == []
    assert "Marisol" not in widgets(vera)
    assert vera.post(f"/bookings/views/{key}/default", data={"on": "1"}).status_code == 404
    assert vera.get("/bookings/views/counts").get_json() == {}


def test_an_admin_sets_a_view_up_for_all_partners(
    vera: FlaskClient, sign_in: SignIn, session: Session
) -> None:
    sent = {"name": "To confirm", "query": "filter[status]=pending", "shared": PARTNER}
    assert sign_in("Admin").post("/bookings/views", data=sent).status_code == 302
    assert tabs(vera, "booking") == ["To confirm"]
    assert "To confirm" in widgets(vera)


def test_a_view_without_an_owner_is_the_programs_own(vera: FlaskClient, session: Session) -> None:
    role_id = session.scalar(select(Role.id).where(Role.name == PARTNER))
    facts: dict[str, Any] = {"resource": "booking", "query": "sort=event_on"}
    session.add(SavedView(name="Next", audience="role", role_id=role_id, **facts))
    session.add(SavedView(name="Next of the house", audience="all", **facts))
    session.commit()
    assert tabs(vera, "booking") == ["Next"]


def test_a_role_by_which_the_list_is_not_seen_brings_no_views_of_it(
    app: Flask, session: Session, ours: Estate
) -> None:
    """Of two roles only the one that opens the list counts, for the reader as for the owner."""
    both = in_both_roles(app, session, ours)
    role_id = session.scalar(select(Role.id).where(Role.name == TRANSLATOR))
    facts = {"query": "", "audience": "role", "role_id": role_id}
    session.add_all(SavedView(resource=name, name="Texts", **facts) for name in ("booking", "venue"))
    session.commit()
    assert tabs(both, "booking") == []
    assert tabs(both, "venue") == ["Texts"]
    sent = {"name": "Ours", "query": "", "shared": TRANSLATOR}
    assert both.post("/bookings/views", data=sent).status_code == 422
    assert both.post("/venues/views", data=sent).status_code == 302  # a translator sees all venues


def in_both_roles(app: Flask, session: Session, ours: Estate) -> FlaskClient:
    """Give the browser of a partner who translates as well: all venues, but of the bookings some."""
    create_user("both", "both@example.com", PASSWORD, [PARTNER, TRANSLATOR])
    entrust(session, "both", ours.company)
    app.config["WTF_CSRF_ENABLED"] = False
    browser = app.test_client()
    answer = browser.post("/login/", data={"username": "both", "password": PASSWORD})
    assert answer.status_code == 303
    return browser


def test_who_left_the_role_by_which_they_shared_leaves_the_view_to_those_who_see_all(
    vera: FlaskClient, sign_in: SignIn, session: Session
) -> None:
    sign_in(BOOKING_OPERATOR, "gone")
    for audience in ("all", PARTNER):
        shared(session, "gone", "booking", f"Of one who left, {audience}", audience)
    gone = find_user("gone")
    assert gone is not None
    gone.roles.clear()
    session.commit()
    assert tabs(sign_in(BOOKING_OPERATOR), "booking") == ["Of one who left, all"]
    assert tabs(vera, "booking") == []


def test_a_rule_for_every_role_keeps_no_colleagues_apart(sign_in: SignIn, session: Session) -> None:
    """Members' photos are hidden from all alike, so editors go on sharing views of pictures."""
    assert rows.is_limited("asset", find_user("nobody")) is True
    sent = {"name": "Gold", "query": "filter[tags]=gold", "shared": "all"}
    editor = sign_in(EDITOR)
    assert editor.post("/pictures/views", data=sent).status_code == 302
    assert tabs(sign_in("Viewer"), "asset") == ["Gold"]


def test_a_role_that_a_rule_parts_keeps_its_views_apart_until_the_rule_is_lifted(
    sign_in: SignIn, session: Session
) -> None:
    """Decided at reading: neither a new rule nor its end touches what is stored."""
    editor, viewer = sign_in(EDITOR), sign_in("Viewer")
    sent = {"name": "Cheap", "query": "sort=price", "shared": "all"}
    assert editor.post("/packages/views", data=sent).status_code == 302
    assert tabs(viewer, "package") == ["Cheap"]
    for role in (EDITOR, "Viewer"):
        rows.limit("package", role, lambda model, _user: model.name == "x")
        try:
            assert tabs(viewer, "package") == []
            assert tabs(editor, "package") == ["Cheap"]
        finally:
            rows.lift("package", role)
    assert tabs(viewer, "package") == ["Cheap"]


def test_however_many_views_others_share_the_list_reads_them_in_one_statement(
    vera: FlaskClient, sign_in: SignIn, session: Session, count_statements: Any
) -> None:
    sign_in("Admin")
    counted = []
    for many in (1, 20):
        for number in range(many):
            shared(session, "admin", "venue", f"View {many} {number}", PARTNER)
        tabs(vera, "venue")
        with count_statements() as seen:
            assert len(tabs(vera, "venue")) >= many
        counted.append(len(seen))
        assert sum("saved_view" in statement for statement in seen) == 1
    assert counted[0] == counted[1]
