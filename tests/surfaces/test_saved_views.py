"""Saved views: kept, shared, counted, opened by default, changed, deleted and brought back, by whom it may be."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.access import rows as row_rules
from app.domains.catalog.models import Package
from app.surfaces.desk.saved_views import MOST, SavedView
from tests.factories import BookingFactory, HiddenPackageFactory, PackageFactory

SignIn = Callable[..., FlaskClient]


def keep(browser: FlaskClient, name: str, query: str, shared: str = "me", path: str = "packages") -> str:
    """Save a view and give its key."""
    sent = {"name": name, "query": query, "shared": shared}
    answer = browser.post(f"/{path}/views", data=sent)
    assert answer.status_code == 302, answer.get_data(as_text=True)[:2000]
    return parse_qs(urlsplit(answer.headers["Location"]).query)["view"][0]


def page_of(browser: FlaskClient, address: str) -> str:
    answer = browser.get(address, follow_redirects=True)
    assert answer.status_code == 200
    return str(answer.get_data(as_text=True))


def tabs(page: str) -> list[str]:
    return re.findall(r'data-view="[^"]+"[^>]*><span dir="auto">([^<]*)</span>', page)


def test_a_view_is_the_lists_address_under_a_name(sign_in: SignIn, session: Session) -> None:
    PackageFactory(name="Shown")
    HiddenPackageFactory(name="Hidden")
    editor = sign_in("Editor")
    key = keep(editor, "  Switched   off ", "?filter[is_active]=false&sort=-name&as=table&page[after]=")
    view = session.get(SavedView, key)
    assert view is not None
    assert view.name == "Switched off"
    assert parse_qs(view.query) == {"sort": ["-name"], "filter[is_active]": ["false"]}
    page = page_of(editor, f"/packages/?{view.query}&view={key}")
    assert "Hidden" in page
    assert ">Shown<" not in page
    assert tabs(page) == ["Switched off"]
    assert 'class="f-tab-changed"' not in page


def test_a_change_is_seen_saved_by_its_owner_and_as_a_new_view_by_others(
    sign_in: SignIn, session: Session
) -> None:
    editor, viewer = sign_in("Editor"), sign_in("Viewer")
    key = keep(editor, "Active", "filter[is_active]=true", "all")
    changed = f"/packages/?filter[is_active]=true&q=party&view={key}"
    page = page_of(editor, changed)
    assert 'class="f-tab-changed"' in page
    assert "Save changes" in page
    assert "Save changes" not in page_of(viewer, changed)
    state = re.search(r'name="query" value="([^"]*)"', page)
    assert state is not None
    answer = editor.post(f"/packages/views/{key}", data={"query": state[1].replace("&amp;", "&")})
    assert answer.status_code == 302
    assert "q=party" in answer.headers["Location"]
    assert 'class="f-tab-changed"' not in page_of(editor, answer.headers["Location"])


def test_a_view_is_seen_by_those_it_is_shared_with(sign_in: SignIn, session: Session) -> None:
    editor, viewer, translator = sign_in("Editor"), sign_in("Viewer"), sign_in("Translator")
    second = sign_in("Editor", "another-editor")
    keep(editor, "Mine", "sort=name")
    keep(editor, "Editors", "sort=-name", "Editor")
    keep(editor, "All", "sort=price", "all")
    assert tabs(page_of(editor, "/packages/")) == ["Mine", "Editors", "All"]
    assert tabs(page_of(second, "/packages/")) == ["Editors", "All"]
    assert tabs(page_of(viewer, "/packages/")) == ["All"]
    assert tabs(page_of(translator, "/packages/")) == ["All"]
    assert tabs(page_of(viewer, "/themes/")) == []


def test_nobody_changes_the_view_of_another(sign_in: SignIn, session: Session) -> None:
    editor, second, admin = sign_in("Editor"), sign_in("Editor", "another-editor"), sign_in("Admin")
    own, shared = keep(editor, "Mine", "sort=name"), keep(editor, "Ours", "sort=-name", "Editor")
    for key in (own, shared, "nonsense"):
        for path in ("", "/delete", "/restore"):
            assert second.post(f"/packages/views/{key}{path}", data={"name": "Theirs"}).status_code == 404
    assert second.post(f"/packages/views/{own}/default", data={"on": "1"}).status_code == 404
    assert editor.post(f"/themes/views/{own}", data={"name": "Elsewhere"}).status_code == 404
    assert admin.post(f"/packages/views/{own}", data={"name": "By the Admin"}).status_code == 404
    assert admin.post(f"/packages/views/{shared}", data={"name": "By the Admin"}).status_code == 302
    assert session.get(SavedView, own).name == "Mine"  # type: ignore[union-attr]


def test_a_view_is_shared_with_roles_one_has(sign_in: SignIn) -> None:
    viewer, admin = sign_in("Viewer"), sign_in("Admin")
    sent = {"name": "For translators", "query": "", "shared": "Translator"}
    assert viewer.post("/packages/views", data=sent).status_code == 422
    assert admin.post("/packages/views", data=sent).status_code == 302
    assert admin.post("/packages/views", data=sent | {"shared": "Nobody"}).status_code == 422


def test_everybody_gets_a_view_from_who_works_on_the_records(sign_in: SignIn, session: Session) -> None:
    viewer, translator, editor = sign_in("Viewer"), sign_in("Translator"), sign_in("Editor")
    sent = {"name": "Late payers", "query": "", "shared": "all"}
    for reader in (viewer, translator):
        assert reader.post("/packages/views", data=sent).status_code == 422
        assert ">Everybody</option>" not in page_of(reader, "/packages/views/dialogs")
    assert ">Everybody</option>" in page_of(editor, "/packages/views/dialogs")
    key = keep(viewer, "Ours", "sort=name", "Viewer")
    assert viewer.post(f"/packages/views/{key}", data={"shared": "all"}).status_code == 422
    assert tabs(page_of(editor, "/packages/")) == []
    view = session.get(SavedView, key)
    assert view is not None
    view.audience, view.role_id = "all", None  # as an Editor who is a Viewer now left it
    session.commit()
    assert viewer.post(f"/packages/views/{key}", data={"name": "All"}).status_code == 422
    assert tabs(page_of(editor, "/packages/")) == ["Ours"]
    assert viewer.post(f"/packages/views/{key}", data={"name": "All", "shared": "me"}).status_code == 302
    assert tabs(page_of(editor, "/packages/")) == []


def test_the_name_of_a_view_is_what_is_seen_of_it(sign_in: SignIn, session: Session) -> None:
    editor = sign_in("Editor")
    for name in ("\u200b", "\u200d \u2060", "\u3164", "\u00ad", "All\x07", "\x00"):
        assert editor.post("/packages/views", data={"name": name, "query": ""}).status_code == 422, name
    key = keep(editor, "\u202eAll\u200b  here\ufeff", "sort=name")
    assert editor.post(f"/packages/views/{key}", data={"name": "\u200c"}).status_code == 422
    assert tabs(page_of(editor, "/packages/")) == ["All here"]


def test_a_deleted_view_comes_back_within_the_day(sign_in: SignIn, session: Session) -> None:
    editor = sign_in("Editor")
    key = keep(editor, "Mine", "sort=name")
    assert editor.post(f"/packages/views/{key}/delete").get_json() == {"url": "/packages/?view=all"}
    assert tabs(page_of(editor, "/packages/")) == []
    back = editor.post(f"/packages/views/{key}/restore").get_json()["url"]
    assert tabs(page_of(editor, back)) == ["Mine"]


def test_a_list_opens_with_the_view_of_ones_choice(sign_in: SignIn, session: Session) -> None:
    PackageFactory(name="Shown")
    editor = sign_in("Editor")
    key = keep(editor, "Switched off", "filter[is_active]=false")
    editor.post(f"/packages/views/{key}/default", data={"on": "1"})
    answer = editor.get("/packages/")
    assert answer.status_code == 302
    assert f"view={key}" in answer.headers["Location"]
    assert "Shown" in page_of(editor, "/packages/?view=all")
    assert 'href="/packages/?view=all"' in page_of(editor, "/packages/")  # the way to the whole list
    editor.post(f"/packages/views/{key}/default", data={"on": "0"})
    assert editor.get("/packages/").status_code == 200
    editor.post(f"/packages/views/{key}/default", data={"on": "1"})
    editor.post(f"/packages/views/{key}/delete")
    assert editor.get("/packages/").status_code == 200


def test_a_list_opens_though_the_view_of_ones_choice_can_be_read_no_more(
    sign_in: SignIn, session: Session
) -> None:
    editor = sign_in("Editor")
    key = keep(editor, "Switched off", "filter[is_active]=false")
    editor.post(f"/packages/views/{key}/default", data={"on": "1"})
    session.execute(update(SavedView).values(query="filter[gone]=1"))
    assert editor.get("/packages/").status_code == 200
    assert editor.get(f"/packages/?view={key}").status_code == 200


def test_every_view_is_counted_in_one_statement_under_the_row_rules(
    sign_in: SignIn, session: Session, count_statements: Any
) -> None:
    for number in range(5):
        PackageFactory(name=f"Package {number}", is_active=number < 3)
    editor = sign_in("Editor")
    keys = {
        keep(editor, "Active", "filter[is_active]=true"): "3",
        keep(editor, "Off", "filter[is_active]=false"): "2",
        keep(editor, "Found", "q=Package"): "5",
        keep(editor, "Untranslated", "missing=de"): "5",
    }
    with count_statements() as seen:
        found = editor.get("/packages/views/counts").get_json()
    assert {key: count["text"] for key, count in found.items()} == keys
    assert all(count["hint"] == "" for count in found.values())
    assert sum("package" in s and "count(" in s for s in seen) == 1
    again = editor.get("/packages/views/counts").get_json()
    assert {count["hint"] for count in again.values()} == {"about 3", "about 2", "about 5"}
    row_rules.limit("package", "Editor", lambda model, _user: model.name == "Package 1")
    try:
        limited = editor.get("/packages/views/counts").get_json()
    finally:
        row_rules.lift("package", "Editor")
    assert [count["text"] for count in limited.values()] == ["1", "0", "1", "1"]


def test_a_view_of_a_field_there_is_no_more_is_a_tab_without_a_count(
    sign_in: SignIn, session: Session
) -> None:
    editor = sign_in("Editor")
    key = keep(editor, "Old", "sort=name")
    session.get(SavedView, key).query = "filter[colour]=red"  # type: ignore[union-attr]
    session.commit()
    assert tabs(page_of(editor, "/packages/")) == ["Old"]
    assert editor.get("/packages/views/counts").get_json() == {}


def test_names_and_numbers_of_views_are_bounded(sign_in: SignIn, session: Session) -> None:
    editor = sign_in("Editor")
    for name in ("", "   ", "x" * 61):
        assert editor.post("/packages/views", data={"name": name, "query": ""}).status_code == 422
    long = "q=" + "x" * 5_000
    assert editor.post("/packages/views", data={"name": "Long", "query": long}).status_code == 422
    bad = editor.post("/packages/views", data={"name": "Bad", "query": "filter[secret]=1"})
    assert bad.status_code == 400
    for number in range(MOST):
        keep(editor, f"View {number}", "sort=name")
    assert editor.post("/packages/views", data={"name": "More", "query": ""}).status_code == 409
    assert session.query(SavedView).count() == MOST


def test_who_may_not_list_keeps_no_views(sign_in: SignIn, session: Session) -> None:
    BookingFactory()
    viewer = sign_in("Viewer")
    for path in ("views", "columns"):
        assert viewer.post(f"/bookings/{path}", data={"name": "Mine", "query": ""}).status_code == 403
    for path in ("views/counts", "filter?field=status"):
        assert viewer.get(f"/bookings/{path}").status_code == 403
    assert session.query(SavedView).count() == 0
    assert session.query(Package).count() == 0
