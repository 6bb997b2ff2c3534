"""The scan before all else: what is infected is refused, what cannot be scanned yet waits and is shown to nobody."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.kernel.db import db
from app.kernel.errors import Invalid
from app.kernel.outbox import OutboxRow
from app.media.filekeeping import remove
from app.media.models import Asset, AssetState
from app.media.quarantine import Infected, ScannerUnavailable
from app.media.release import scan_waiting
from app.media.scanning import Clamd, Finding
from app.media.service import replace_picture, store_picture
from app.media.storage.paths import images_of_festival
from app.media.urls import picture_url
from tests.factories import ThemeFactory, ThemePictureFactory
from tests.media.clamav import Daemon, eicar
from tests.media.files import picture
from tests.media.seaweed import free_ports
from tests.media.test_storage import KEY


@pytest.fixture
def scanned(app: Flask, daemon: Daemon, monkeypatch: pytest.MonkeyPatch) -> Iterator[Daemon]:
    """Let the program scan what is uploaded; the scanner runs again afterwards, whatever the test did."""
    monkeypatch.setitem(app.config, "CLAMD_URL", daemon.tcp)
    yield daemon
    if daemon.process is None:
        daemon.start()


@pytest.fixture
def away(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Name a scanner that does not answer."""
    monkeypatch.setitem(app.config, "CLAMD_URL", f"tcp://127.0.0.1:{free_ports(1)[0]}")


def uploads(app: Flask) -> set[str]:
    root = Path(app.config["UPLOAD_FOLDER"])
    return {str(file.relative_to(root)) for file in root.rglob("*") if file.is_file()}


def left_behind(session: Session) -> None:
    """Remove the files that the outbox says no row names any more, as the worker does."""
    for row in session.scalars(select(OutboxRow).where(OutboxRow.topic == "picture.files_left")):
        remove(row.payload["paths"])


@pytest.mark.proves("S4.98")
def test_a_clean_picture_is_scanned_and_shown(scanned: Daemon, app: Flask, client: FlaskClient) -> None:
    asset = store_picture(picture(), "Clean")

    assert asset.state == AssetState.READY
    with client.get(picture_url(asset.path)) as answer:
        assert answer.status_code == 200


@pytest.mark.proves("S4.98")
def test_an_infected_picture_is_refused_and_the_fact_is_kept_though_all_else_is_rolled_back(
    scanned: Daemon, app: Flask, session: Session
) -> None:
    before = uploads(app)

    with pytest.raises(Infected) as refusal:
        store_picture(picture() + eicar(), "Poisoned card", "A card")
    session.rollback()

    assert "Local.Eicar.Test" in str(refusal.value.errors["file"][0])
    kept = session.scalars(select(Asset).where(Asset.title == "Poisoned card")).one()
    assert (kept.state, kept.alt) == (AssetState.REFUSED, "A card")
    assert "Local.Eicar.Test" in (kept.note or "")
    assert uploads(app) == before


@pytest.mark.proves("S4.98")
@pytest.mark.usefixtures("away")
def test_while_the_scanner_is_away_an_upload_waits_as_it_was_sent_and_nothing_of_it_is_served(
    app: Flask, session: Session, client: FlaskClient
) -> None:
    sent = picture("PNG")
    theme = ThemeFactory(slug="waiting")
    asset = store_picture(sent, "Patient", place=images_of_festival(KEY))
    ThemePictureFactory(theme_id=theme.id, asset_id=asset.id)
    session.commit()

    waiting = Path(app.config["UPLOAD_FOLDER"]) / ".waiting" / asset.path
    assert asset.state == AssetState.QUARANTINED
    assert (waiting.read_bytes(), waiting.stat().st_mode & 0o777) == (sent, 0o600)
    for address in (asset.path, f".waiting/{asset.path}", asset.path.removeprefix("waiting/")):
        assert client.get(f"/media/{address}").status_code == 404
    shown = client.get("/public/v1/themes/waiting").get_json()["data"]["pictures"]
    assert [row["picture"] for row in shown] == [None]


@pytest.mark.usefixtures("away")
def test_nothing_is_shown_while_the_scanner_stays_away(session: Session) -> None:
    asset = store_picture(picture(), "Patient")
    session.commit()

    assert scan_waiting() == 0
    session.refresh(asset)
    assert asset.state == AssetState.QUARANTINED


@pytest.mark.proves("S4.98")
def test_when_the_scanner_is_back_what_waited_is_shown_and_what_is_infected_refused(
    scanned: Daemon, app: Flask, session: Session, client: FlaskClient
) -> None:
    before = uploads(app)
    scanned.stop()
    clean = store_picture(picture("PNG"), "Clean", "Lanterns", place=images_of_festival(KEY))
    poisoned = store_picture(picture() + eicar(), "Poisoned")
    damaged = store_picture(picture()[:200], "Damaged")
    session.commit()
    assert {clean.state, poisoned.state, damaged.state} == {AssetState.QUARANTINED}
    key = clean.id

    scanned.start()
    assert scan_waiting() == 3
    for asset in (clean, poisoned, damaged):
        session.refresh(asset)
    left_behind(session)

    assert (clean.id, clean.state, clean.alt) == (key, AssetState.READY, "Lanterns")
    assert clean.path.startswith(f"festivals/{KEY}/images/")
    with client.get(picture_url(clean.path)) as answer:
        assert answer.status_code == 200
    assert (poisoned.state, damaged.state) == (AssetState.REFUSED, AssetState.REFUSED)
    assert "Local.Eicar.Test" in (poisoned.note or "")
    assert "damaged" in (damaged.note or "")
    assert not {name for name in uploads(app) - before if name.startswith(".waiting/")}
    assert scan_waiting() == 0


def test_a_scanner_that_goes_away_in_the_middle_leaves_the_rest_waiting(
    scanned: Daemon, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    scanned.stop()
    assets = [store_picture(picture(), f"Number {number}") for number in range(3)]
    session.commit()
    scanned.start()
    whole, tries = Clamd.scan, []

    def scan_once(clamd: Clamd, content: bytes) -> object:
        tries.append(content)
        if len(tries) > 1:
            scanned.stop()
        return whole(clamd, content)

    monkeypatch.setattr(Clamd, "scan", scan_once)

    assert scan_waiting() == 1
    for asset in assets:
        session.refresh(asset)
    assert sorted(asset.state for asset in assets) == ["quarantined", "quarantined", "ready"]


def test_an_upload_whose_file_is_gone_waits_no_longer(scanned: Daemon, app: Flask, session: Session) -> None:
    scanned.stop()
    asset = store_picture(picture(), "Lost")
    session.commit()
    (Path(app.config["UPLOAD_FOLDER"]) / ".waiting" / asset.path).unlink()
    scanned.start()

    assert scan_waiting() == 1
    session.refresh(asset)
    assert (asset.state, asset.note) == (AssetState.REFUSED, "There is no such file.")


@pytest.mark.usefixtures("away")
def test_what_waits_goes_with_its_row_and_with_a_rollback(app: Flask, session: Session) -> None:
    before = uploads(app)
    store_picture(picture(), "Never")
    session.rollback()
    assert uploads(app) == before

    asset = store_picture(picture(), "Gone soon")
    session.commit()
    assert len(uploads(app) - before) == 1
    session.delete(asset)
    session.commit()
    left_behind(session)
    assert uploads(app) == before


def test_a_picture_is_not_replaced_by_one_that_is_infected_or_not_yet_scanned(
    scanned: Daemon, session: Session
) -> None:
    asset = store_picture(picture(), "Stays")
    session.commit()
    path = asset.path

    with pytest.raises(Infected):
        replace_picture(asset, picture() + eicar())
    scanned.stop()
    with pytest.raises(ScannerUnavailable) as refusal:
        replace_picture(asset, picture("PNG"))

    assert refusal.value.status == 503
    session.rollback()
    session.refresh(asset)
    assert (asset.path, asset.state) == (path, AssetState.READY)


def test_a_file_too_large_for_the_scanner_is_refused_with_advice(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    verdict = type("Verdict", (), {"finding": Finding.UNSCANNABLE, "name": ""})()
    monkeypatch.setattr("app.media.scanning.NoScanner.scan", lambda _self, _content: verdict)

    with pytest.raises(Invalid) as refusal:
        store_picture(picture(), "Large")

    assert "too large to be scanned" in str(refusal.value.errors["file"][0])


@pytest.mark.proves("S4.98")
def test_staff_find_what_was_refused_by_its_state(
    scanned: Daemon, sign_in: Callable[..., FlaskClient], session: Session
) -> None:
    store_picture(picture(), "A fine picture")
    with pytest.raises(Infected):
        store_picture(picture() + eicar(), "A poisoned picture")
    session.commit()
    page = sign_in("Editor").get("/pictures/?filter[state]=refused").get_data(as_text=True)

    assert "A poisoned picture" in page
    assert "A fine picture" not in page


@pytest.mark.proves("S4.98")
def test_the_fact_is_kept_apart_from_the_request_that_is_rolled_back(
    whole_app: Flask, daemon: Daemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With connections as in life, not the one that a test lends to all."""
    monkeypatch.setitem(whole_app.config, "CLAMD_URL", daemon.unix)
    named = select(Asset).where(Asset.title == "Poisoned apart")
    with whole_app.app_context():
        assert db.session.scalars(named).all() == []
        with pytest.raises(Infected):
            store_picture(picture() + eicar(), "Poisoned apart")
        db.session.rollback()

        kept = db.session.scalars(named).one()
        assert (kept.state, kept.path.startswith("waiting/")) == (AssetState.REFUSED, True)
        db.session.execute(delete(Asset).where(Asset.id == kept.id))  # by SQL, so that no news of it is left
        db.session.commit()


@pytest.mark.proves("S4.98")
def test_a_client_of_the_api_learns_by_a_code_of_its_own_that_a_file_is_infected(
    scanned: Daemon, sign_in: Callable[..., FlaskClient]
) -> None:
    sent = (io.BytesIO(picture() + eicar()), "card.jpg")

    answer = sign_in("Editor").post("/api/v1/pictures/", data={"file": sent})

    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert answer.get_json()["code"] == "infected"
    assert "Local.Eicar.Test" in answer.get_json()["errors"]["file"][0]
