"""What a record may be made to point at: only what a row rule lets its writer see, whatever the way in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import rows
from app.domains.bookings.models import Booking
from app.domains.catalog.models import Package, Theme, ThemePicture
from app.domains.reviews.models import Review
from app.kernel import live
from app.kernel.errors import Invalid
from app.media.models import Asset
from app.surfaces.records import news, writing
from app.surfaces.records.changes import Changes
from tests.factories import AssetFactory, BookingFactory, PackageFactory, ReviewFactory, ThemeFactory
from tests.factories import ThemePictureFactory as PictureFactory
from tests.surfaces.test_cells import row
from tests.surfaces.test_transfer import counts, do_import, try_out, write_csv

SignIn = Callable[..., FlaskClient]
GONE = "not there any more"


@pytest.fixture
def photo() -> Asset:
    """Give a member's own photo, which an Editor sees nowhere."""
    asset: Asset = AssetFactory(path=f"users/{uuid4()}/avatars/{uuid4()}.webp")
    return asset


@pytest.fixture
def limited() -> Iterator[None]:
    rows.limit("package", "Booking operator", lambda model, _user: model.slug != "hidden")
    yield
    rows.lift("package", "Booking operator")


def gallery(asset: Any, row: Any = "") -> dict[str, str]:
    return {
        "pictures-present": "1",
        "pictures-0-id": str(row),
        "pictures-0-position": "0",
        "pictures-0-asset_id": str(asset.id),
    }


def test_an_editor_cannot_publish_a_members_photo_by_a_form(
    sign_in: SignIn, session: Session, photo: Asset
) -> None:
    editor = sign_in("Editor")
    theme = ThemeFactory()
    mine = PictureFactory(theme_id=theme.id, asset_id=AssetFactory().id)
    form = {"name": "Stolen", "slug": "stolen", "price_minor": "1", "currency": "EUR"}
    answer = editor.post("/packages/add", data=form | gallery(photo))
    assert answer.status_code == 422 and GONE in answer.get_data(as_text=True)
    for key in ("", mine.id):
        taken = {"name": theme.name, "slug": theme.slug, "revision": "1"} | gallery(photo, key)
        assert GONE in editor.post(f"/themes/{theme.id}/edit", data=taken).get_data(as_text=True)
    assert session.scalar(select(Package).where(Package.slug == "stolen")) is None
    assert set(session.scalars(select(ThemePicture.asset_id))) == {mine.asset_id}
    assert editor.post("/packages/add", data=form | gallery(AssetFactory())).status_code == 302


def test_the_staff_api_takes_only_pictures_that_are_seen(
    sign_in: SignIn, session: Session, photo: Asset
) -> None:
    package, review = PackageFactory(), ReviewFactory(asset_id=None)
    body = {"pictures": [{"asset_id": str(photo.id)}], "revision": 1}
    answer = sign_in("Editor").put(f"/api/v1/packages/{package.id}", json=body)
    assert answer.status_code == 422 and GONE in answer.get_data(as_text=True)
    body = {"asset_id": str(photo.id), "revision": 1}
    assert sign_in("Admin").put(f"/api/v1/reviews/{review.id}", json=body).status_code == 200
    assert session.get_one(Review, review.id).asset_id == photo.id, "whom no rule limits chooses it"


def test_what_is_held_already_stays_though_it_is_hidden(
    sign_in: SignIn, session: Session, photo: Asset
) -> None:
    theme = ThemeFactory()
    shown = PictureFactory(theme_id=theme.id, asset_id=photo.id)
    form = {"name": "Another name", "slug": theme.slug, "colour": "#aabbcc", "revision": "1"}
    answer = sign_in("Editor").post(f"/themes/{theme.id}/edit", data=form | gallery(photo, shown.id))
    assert answer.status_code == 302, answer.get_data(as_text=True)[-2000:]
    session.expire_all()
    assert session.get_one(Theme, theme.id).name == "Another name"
    assert session.get_one(ThemePicture, shown.id).asset_id == photo.id


def test_pasted_blocks_point_at_nothing_hidden(sign_in: SignIn, session: Session, limited: None) -> None:
    hidden, booking = PackageFactory(slug="hidden"), BookingFactory()
    seen = booking.package_id
    operator = sign_in("Booking operator")
    answer = operator.post("/bookings/grid", json={"rows": [row(booking, package_id=str(hidden.id))]})
    assert answer.status_code == 422 and GONE in answer.get_data(as_text=True)
    session.expire_all()
    assert session.get_one(Booking, booking.id).package_id == seen


def test_an_import_points_at_nothing_hidden_and_keeps_what_it_finds(
    sign_in: SignIn, session: Session, limited: None
) -> None:
    hidden, other = PackageFactory(slug="hidden"), PackageFactory(slug="seen")
    booking, held = BookingFactory(package_id=other.id), BookingFactory(package_id=hidden.id)
    session.commit()
    operator = sign_in("Booking operator")
    for target in ("hidden", str(hidden.id)):
        page = try_out(operator, "bookings", write_csv(["id", "package"], [str(booking.id), target]))
        assert counts(page) == (0, 0, 0, 1), page
    kept = write_csv(["id", "package", "place"], [str(held.id), "hidden", "Oslo"])
    do_import(operator, "bookings", kept)
    session.expire_all()
    assert session.get_one(Booking, booking.id).package_id == other.id
    assert (session.get_one(Booking, held.id).package_id, held.place) == (hidden.id, "Oslo")


def test_a_command_writes_for_nobody_and_nothing_is_hidden_from_it(
    app: Flask, session: Session, photo: Asset
) -> None:
    catalogue = app.extensions["catalogue"]
    review = ReviewFactory(asset_id=None)
    changes = Changes(values={"asset_id": str(photo.id)})
    writing.write(session, catalogue, catalogue["review"], review, changes)
    assert review.asset_id == photo.id
    changes = Changes(values={"asset_id": str(uuid4())})
    with pytest.raises(Invalid):
        writing.write(session, catalogue, catalogue["review"], review, changes)


def test_who_sees_some_of_a_type_hears_that_something_changed_and_who_sees_all_of_it_what(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Any] = []
    monkeypatch.setattr(live, "tell_now", lambda *said: told.append(said[1:]))
    monkeypatch.setattr(news.time, "sleep", lambda _seconds: None)
    for name in ("asset", "theme"):
        news._tell_now(name, ["a-key"])
    asset = {"resource": "asset", "ids": ["a-key"], "room": "record:asset/a-key"}
    assert told == [
        ("some:asset", "changed", {"resource": "asset", "ids": []}),
        ("record:asset/a-key", "changed", asset),
        ("resource:asset", "changed", {"resource": "asset", "ids": ["a-key"]}),
        ("resource:theme", "changed", {"resource": "theme", "ids": ["a-key"]}),
    ]
