"""A content delivery network: the addresses that the public reads begin as a setting says, and we are its origin."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel.settings import Settings, SettingsError, load_settings
from app.media.service import store_picture
from config import from_settings
from tests.factories import ThemeFactory, ThemePictureFactory
from tests.media.files import picture


@pytest.mark.proves("S4.101")
def test_public_addresses_begin_as_the_setting_says_and_the_origin_lets_them_be_kept_for_ever(
    app: Flask, client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    asset = store_picture(picture(size=(900, 600)), "Garden")
    theme = ThemeFactory(slug="delivered")
    ThemePictureFactory(theme_id=theme.id, asset_id=asset.id)
    monkeypatch.setitem(app.config, "MEDIA_URL", "https://cdn.example.com/media/")

    shown = client.get("/public/v1/themes/delivered").get_json()["data"]["pictures"][0]["picture"]

    addresses = [shown["url"], shown["thumb"]]
    addresses += [entry.split()[0] for listed in shown["srcset"].values() for entry in listed.split(", ")]
    assert len(addresses) > 4
    for address in addresses:
        assert address.startswith("https://cdn.example.com/media/")
        with client.get(urlsplit(address).path) as fetched:  # as the network itself would
            assert fetched.status_code == 200
            assert fetched.headers["Cache-Control"] == "public, max-age=31536000, immutable"
            assert "Set-Cookie" not in fetched.headers


def test_the_setting_is_a_whole_address_and_may_leave_out_its_last_slash() -> None:
    assert from_settings(Settings())["MEDIA_URL"] == "/media/"
    for text in ("https://cdn.example.com/media", "https://cdn.example.com/media/"):
        assert from_settings(Settings(media_url=text))["MEDIA_URL"] == "https://cdn.example.com/media/"
    with pytest.raises(SettingsError, match="FESTOON_MEDIA_URL must begin with https"):
        load_settings({"FESTOON_MEDIA_URL": "cdn.example.com"})


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"FESTOON_STORAGE": "ftp"}, "FESTOON_STORAGE must be local or s3"),
        ({"FESTOON_STORAGE": "s3"}, "S3_BUCKET is missing"),
        ({"FESTOON_STORAGE": "s3", "S3_BUCKET": "b", "S3_ACCESS_KEY": "k"}, "belong together"),
        ({"S3_ENDPOINT": "storage:9000"}, "S3_ENDPOINT must begin with https"),
        ({"CLAMD_URL": "localhost:3310"}, "CLAMD_URL must begin with tcp"),
    ],
)
def test_a_setting_that_cannot_work_is_said_before_the_start(
    environment: dict[str, str], sentence: str
) -> None:
    with pytest.raises(SettingsError, match=sentence):
        load_settings(environment)


@pytest.mark.proves("S0.46")
def test_a_bucket_is_named_by_settings_whose_secret_is_shown_nowhere() -> None:
    settings = load_settings(
        {
            "FESTOON_STORAGE": "s3",
            "S3_BUCKET": "pictures",
            "S3_ENDPOINT": "https://storage.example.com",
            "S3_ACCESS_KEY": "key",
            "S3_SECRET_KEY": "canary-secret",
            "S3_PREFIX": "festoon",
        }
    )

    config = from_settings(settings)

    assert (config["STORAGE"], config["BUCKET"].name, config["BUCKET"].prefix) == (
        "s3",
        "pictures",
        "festoon",
    )
    assert config["BUCKET"].secret_key == "canary-secret"
    assert "canary-secret" not in repr(config["BUCKET"])
