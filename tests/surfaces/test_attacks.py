"""What a hostile client sends: malformed cursors, keys, dates and letters, and more than its role allows."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from flask_appbuilder.security.sqla.models import User
from PIL import Image
from sqlalchemy import select

from app.domains.catalog.models import IncludedItem, ThemePicture
from app.domains.reviews.models import Review
from app.kernel.db import db
from app.media.models import Asset
from app.translation.models import Translation
from tests.factories import (
    AssetFactory,
    IncludedItemFactory,
    PackageFactory,
    ReviewFactory,
    ThemeFactory,
    ThemePictureFactory,
)

SignIn = Callable[..., FlaskClient]
KEY = "0191f0a0-0000-7000-8000-000000000000"
LISTS = ("/public/v1/packages", "/api/v1/packages/", "/packages/")


def cursor(*parts: Any) -> str:
    """Write a cursor as an attacker does."""
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def png() -> io.BytesIO:
    """Draw a small picture."""
    file = io.BytesIO()
    Image.new("RGB", (20, 20), "red").save(file, "PNG")
    file.seek(0)
    return file


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    ("sort", "parts"),
    [
        ("position", (1, 1, 5)),
        ("position", (1, True, KEY)),
        ("name", (1, "x", 5)),
        ("name", (1, "\ud800", KEY)),
        ("name", (1, 7, KEY)),
        ("-created_at", (1, 7, KEY)),
        ("price", (1, "7", KEY)),
    ],
)
def test_a_made_up_cursor_is_refused_by_name(
    sign_in: SignIn, path: str, sort: str, parts: tuple[Any, ...]
) -> None:
    answer = sign_in("Admin").get(path, query_string={"sort": sort, "page[after]": cursor(*parts)})
    assert answer.status_code == 400
    assert b"page[after]" in answer.data


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("size", ["0000000019999", "0100", "٣", "101", "0", " 5", "5\n", "1" * 2000])
def test_a_page_is_never_larger_than_the_limit(sign_in: SignIn, path: str, size: str) -> None:
    assert sign_in("Admin").get(path, query_string={"page[size]": size}).status_code == 400


@pytest.mark.parametrize("operator", ["", "[ne]", "[in]"])
@pytest.mark.parametrize("path", ["/bookings/", "/api/v1/bookings/", "/public/v1/testimonials"])
def test_a_number_is_no_key_of_a_record(sign_in: SignIn, path: str, operator: str) -> None:
    answer = sign_in("Admin").get(path, query_string={f"filter[package_id]{operator}": "5"})
    assert answer.status_code == 400


@pytest.mark.parametrize("path", ["/bookings/", "/api/v1/bookings/"])
@pytest.mark.parametrize("value", ["0001-01-01", "1899-12-31", "2201-01-01", "9999-12-31"])
@pytest.mark.parametrize("name", ["created_at", "event_on"])
def test_a_day_that_nobody_can_mean_is_refused(sign_in: SignIn, path: str, value: str, name: str) -> None:
    answer = sign_in("Admin").get(path, query_string={f"filter[{name}][gte]": value})
    assert answer.status_code == 400
    assert b"too far away" in answer.data


@pytest.mark.parametrize("value", ["0001-01-01T00:00+14:00", "9999-12-31T23:59-14:00"])
@pytest.mark.parametrize("path", ["/bookings/", "/api/v1/bookings/"])
def test_a_moment_beyond_the_calendar_is_refused(sign_in: SignIn, path: str, value: str) -> None:
    answer = sign_in("Admin").get(path, query_string={"filter[created_at][gte]": value})
    assert answer.status_code == 400


@pytest.mark.parametrize("path", ["/translations/", "/api/v1/translations/", "/roles/", "/api/v1/roles/"])
def test_a_search_where_there_is_no_text_is_refused(sign_in: SignIn, path: str) -> None:
    admin = sign_in("Admin")
    answer = admin.get(path, query_string={"q": "anna"})
    assert answer.status_code == 400
    assert b"use a filter" in answer.data
    assert admin.get(path, query_string={"q": " "}).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        rb'{"name": "a\ud800", "slug": "a", "price": "1"}',
        rb'{"na\uDFFF": "a"}',
        b'{"name": "a\xed\xa0\x80", "slug": "a", "price": "1"}',
        rb'{"name": "a", "slug": "a", "price": "1", "translations": {"de": {"name": "\ud800"}}}',
        rb'{"name": "a", "slug": "a", "price": "1", "translations": {"d\ud800": {"name": "a"}}}',
    ],
)
def test_half_of_a_letter_is_no_json(sign_in: SignIn, body: bytes) -> None:
    answer = sign_in("Editor").post("/api/v1/packages/", data=body, content_type="application/json")
    assert answer.status_code == 400


def test_a_whole_letter_of_two_halves_is_kept(sign_in: SignIn) -> None:
    body = rb'{"name": "a \ud83c\udf89", "slug": "a", "price": "1"}'
    answer = sign_in("Editor").post("/api/v1/packages/", data=body, content_type="application/json")
    assert answer.status_code == 201
    assert answer.get_json()["data"]["name"] == "a 🎉"


def test_who_may_only_translate_removes_adds_and_moves_no_row(sign_in: SignIn) -> None:
    package = PackageFactory()
    first, second = (IncludedItemFactory(package_id=package.id, position=n) for n in (0, 1))
    form = {
        "t-de-name": "Gartenfest",
        "items-present": "1",
        "items-0-id": str(second.id),
        "items-0-position": "0",
        "items-0-t-de-text": "Torte",
        "items-1-id": str(first.id),
        "items-1-position": "1",
        "items-1-DELETE": "1",
        "items-2-position": "2",
        "items-2-text": "Stolen",
    }
    assert sign_in("Translator").post(f"/packages/{package.id}/edit", data=form).status_code == 302
    rows = db.session.execute(
        select(IncludedItem.id).where(IncludedItem.package_id == package.id).order_by(IncludedItem.position)
    )
    assert [row.id for row in rows] == [first.id, second.id]
    assert set(db.session.scalars(select(Translation.text))) == {"Gartenfest", "Torte"}


def test_who_may_only_translate_changes_no_picture(sign_in: SignIn) -> None:
    theme, asset = ThemeFactory(), AssetFactory()
    picture = ThemePictureFactory(theme_id=theme.id, asset_id=asset.id)
    review = ReviewFactory(asset_id=None)
    count = len(db.session.scalars(select(Asset.id)).all())
    translator = sign_in("Translator")
    row = {"pictures-present": "1", "pictures-0-id": str(picture.id), "pictures-0-position": "0"}

    in_row = translator.post(f"/themes/{theme.id}/edit", data=row | {"pictures-0-upload": (png(), "x.png")})
    in_field = translator.post(f"/reviews/{review.id}/edit", data={"asset_id-upload": (png(), "x.png")})

    assert (in_row.status_code, in_field.status_code) == (302, 302)
    assert db.session.get_one(ThemePicture, picture.id).asset_id == asset.id
    assert db.session.get_one(Review, review.id).asset_id is None
    assert len(db.session.scalars(select(Asset.id)).all()) == count


@pytest.mark.parametrize(
    "change", [{"items": [{"text": "Cake"}]}, {"translations": {"de": {"name": "Gartenfest"}}}]
)
def test_rows_and_translations_count_the_revision_up(sign_in: SignIn, change: dict[str, Any]) -> None:
    package = PackageFactory()
    path = f"/api/v1/packages/{package.id}"
    editor = sign_in("Editor")
    body = change | {"revision": 1}
    first = editor.put(path, json=body)
    assert (first.status_code, first.get_json()["data"]["revision"]) == (200, 2)
    assert editor.put(path, json=body).status_code == 409
    again = {key: value for key, value in first.get_json()["data"].items() if key in body}
    for item in again.get("items", ()):
        item.pop("translations")
    assert editor.put(path, json=again | {"revision": 2}).get_json()["data"]["revision"] == 2


def test_a_list_is_not_sorted_by_what_its_table_lacks(sign_in: SignIn) -> None:
    assert sign_in("Admin").get("/roles/?sort=-created_at").status_code == 400


@pytest.mark.parametrize(
    "back",
    ["/packages/?a=1\nb", "/packages/?\r\nX-Evil: 1", "//evil.example", "/packages/?é", "/bookings/?q=a"],
)
def test_a_bulk_action_leads_back_to_its_own_list(sign_in: SignIn, back: str) -> None:
    answer = sign_in("Admin").post("/packages/bulk", data={"action": "delete", "back": back})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/packages/")


def test_stars_are_counted_after_their_subject_is_locked(sign_in: SignIn, count_statements: Any) -> None:
    """Else of two who approve at once the second writes a sum without the first's stars."""
    review = ReviewFactory(theme_id=ThemeFactory().id, rating=4)
    moderator = sign_in("Moderator")
    with count_statements() as statements:
        assert moderator.post(f"/api/v1/reviews/{review.id}/do/approve").status_code == 200
    about = [text for text in statements if "sum(review.rating)" in text or "FOR NO KEY UPDATE" in text]
    assert ["FOR NO KEY UPDATE" in text for text in about] == [True, False]


def test_a_review_that_moves_takes_its_stars_along(sign_in: SignIn) -> None:
    first, second = ThemeFactory(), ThemeFactory()
    review = ReviewFactory(theme_id=first.id, rating=4)
    admin = sign_in("Admin")
    path = f"/api/v1/reviews/{review.id}"
    revision = admin.post(f"{path}/do/approve").get_json()["data"]["revision"]
    assert (first.rating_count, second.rating_count) == (1, 0)
    moved = admin.put(path, json={"theme": str(second.id), "revision": revision})
    assert moved.status_code == 200
    assert (first.rating_count, second.rating_count) == (0, 1)
    assert admin.delete(path).status_code == 204
    assert (first.rating_count, second.rating_count) == (0, 0)


def test_chosen_records_are_locked_before_the_first_is_changed(
    sign_in: SignIn, count_statements: Any
) -> None:
    """Else two bulk actions on the same records, in different orders, end in a deadlock."""
    keys = [str(ReviewFactory(theme_id=ThemeFactory().id).id) for _ in range(3)]
    moderator = sign_in("Moderator")
    with count_statements() as statements:
        answer = moderator.post("/reviews/bulk", data={"action": "approve", "ids": keys[::-1]})
    assert answer.status_code == 302
    chosen = [text for text in statements if "review.id IN" in text]
    assert len(chosen) == 1
    assert "ORDER BY review.id FOR UPDATE OF review" in " ".join(chosen[0].split())


def test_users_are_chosen_by_their_own_kind_of_key(sign_in: SignIn) -> None:
    sign_in("Viewer")
    viewer = db.session.scalars(select(User).where(User.username == "viewer")).one()
    admin = sign_in("Admin")
    for ids in ([KEY], ["٣"], ["1" * 30], [str(viewer.id)]):
        assert viewer.active
        assert admin.post("/users/bulk", data={"action": "keep_out", "ids": ids}).status_code == 302
    assert not viewer.active


def test_rows_and_digits_without_end_are_refused(sign_in: SignIn) -> None:
    editor = sign_in("Editor")
    body = {"name": "a", "slug": "a", "price": "1"}
    for more in ({"items": [{"text": "x"}] * 501}, {"price": "9" * 100_000}, {"price": "1." + "9" * 100}):
        answer = editor.post("/api/v1/packages/", json=body | more)
        assert answer.status_code == 422
        assert next(iter(answer.get_json()["errors"])) in ("items", "price_minor")
    assert editor.post("/api/v1/packages/", json=body | {"items": [{"text": "x"}] * 500}).status_code == 201
