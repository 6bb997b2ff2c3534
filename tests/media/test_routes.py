"""How stored pictures are served: for ever, to everyone, and unable to run anything."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.media.models import Asset
from app.media.service import store_picture
from app.media.urls import picture_url, thumbnail_url
from tests.factories import ApprovedReviewFactory, ThemeFactory, ThemePictureFactory, translate
from tests.media.files import picture
from tests.media.test_storage import OUTSIDE


@pytest.fixture
def asset(app: Flask, session: Session) -> Asset:
    """Store a picture."""
    stored = store_picture(picture(size=(640, 480)), "Garden party", "A garden party at night")
    session.commit()
    return stored


def fetch(browser: FlaskClient, url: str, method: str = "GET", **headers: str) -> TestResponse:
    """Read an answer whole and let its file go, as a server does."""
    with browser.open(url, method=method, headers=headers) as answer:
        answer.get_data()
    return answer


def test_a_picture_and_its_thumbnail_are_served(client: FlaskClient, asset: Asset) -> None:
    for url, media_type in (
        (picture_url(asset.path), "image/jpeg"),
        (thumbnail_url(asset.thumb), "image/webp"),
    ):
        answer = fetch(client, url)

        assert (answer.status_code, answer.mimetype) == (200, media_type)
        assert int(answer.headers["Content-Length"]) == len(answer.data) > 0


@pytest.mark.proves("S0.48")
def test_the_public_json_of_themes_and_testimonials_leads_to_the_picture_and_tells_its_alternative_text(
    client: FlaskClient, asset: Asset, session: Session
) -> None:
    theme = ThemeFactory(slug="lanterns")
    ThemePictureFactory(theme_id=theme.id, asset_id=asset.id, alt="Lanterns in a tree")
    review = ApprovedReviewFactory(asset_id=asset.id)
    translate(asset, "de", alt="Ein Gartenfest bei Nacht")

    gallery = client.get("/public/v1/themes/lanterns").get_json()["data"]["pictures"]
    told = client.get(f"/public/v1/testimonials/{review.id}?lang=de-AT").get_json()["data"]["picture"]

    assert gallery[0]["alt"] == "Lanterns in a tree"
    assert told["alt"] == "Ein Gartenfest bei Nacht"
    for found in (gallery[0]["picture"], told):
        assert (found["width"], found["height"]) == (640, 480)
        assert fetch(client, found["url"]).status_code == 200


def test_a_picture_may_be_kept_for_ever_and_can_run_nothing(client: FlaskClient, asset: Asset) -> None:
    headers = fetch(client, picture_url(asset.path)).headers

    assert headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_no_session_is_read_or_written_for_a_picture(
    sign_in: Callable[..., FlaskClient], asset: Asset, count_statements: Callable[..., object]
) -> None:
    url = picture_url(asset.path)
    browser = sign_in("Editor")

    with count_statements() as seen:  # type: ignore[attr-defined]
        headers = fetch(browser, url).headers

    assert seen == []
    assert "Set-Cookie" not in headers
    assert "Cookie" not in headers.get("Vary", "")


def test_who_has_it_already_is_told_so_and_a_part_can_be_asked_for(client: FlaskClient, asset: Asset) -> None:
    url = picture_url(asset.path)
    whole = fetch(client, url)

    assert fetch(client, url, **{"If-None-Match": whole.headers["ETag"]}).status_code == 304
    part = fetch(client, url, Range="bytes=0-9")
    assert (part.status_code, part.data) == (206, whole.data[:10])
    assert fetch(client, url, "HEAD").headers["Content-Length"] == whole.headers["Content-Length"]


@pytest.mark.parametrize("path", OUTSIDE)
def test_nothing_but_a_stored_picture_is_served(client: FlaskClient, path: str) -> None:
    answer = client.get("/media/" + path)

    assert answer.status_code in (404, 308)
    assert b"root:" not in answer.data


def test_a_picture_that_is_not_there_is_not_found_and_not_remembered(client: FlaskClient) -> None:
    answer = client.get("/media/pictures/4f/0192f0c1-2345-7678-9abc-def01234564f.jpg")

    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
    assert "no-store" in answer.headers["Cache-Control"]
