"""What follows a picture's storing: the slow forms, new crops, and files that nobody names any more."""

from __future__ import annotations

import io
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from flask import Flask
from PIL import Image
from sqlalchemy import text, update
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.db import db
from app.media import jobs
from app.media.models import Asset
from app.media.service import replace_picture, store_picture
from app.media.storage import new_path, storage
from app.media.sweep import sweep
from tests.media.files import picture
from tests.outbox import deliver_all


def kept(app: Flask) -> set[str]:
    """List the stored files."""
    return set(storage().paths())


def fresh(key: UUID) -> Asset:
    """Read a picture's row anew."""
    return db.session.get_one(Asset, key, populate_existing=True)


def image_at(path: str) -> Image.Image:
    """Open a stored file."""
    with storage().open(path) as file:
        return Image.open(io.BytesIO(file.read()))


@pytest.mark.proves("S0.47", "S4.103", "S4.100")
def test_avif_is_drawn_by_a_job_and_offered_from_then_on(app: Flask, session: Session) -> None:
    asset = store_picture(picture(size=(700, 500)), "Party")
    session.commit()
    before = fresh(asset.id)
    assert set(before.renditions) == {"webp", "jpeg", "thumb", "square"}
    revision, changed = before.revision, before.updated_at

    assert dict(deliver_all())["media.draw_slow_forms"] == "sent"

    after = fresh(asset.id)
    assert [width for width, _height, _path in after.renditions["avif"]] == [320, 640]
    assert image_at(after.renditions["avif"][1][2]).size == (640, 457)
    assert after.files <= kept(app)
    assert '"avif":"{base}' in after.srcset
    assert (after.revision, after.updated_at) == (revision, changed), "an open form would not be savable"


def test_drawing_the_slow_forms_twice_changes_nothing(app: Flask, session: Session) -> None:
    asset = store_picture(picture(), "Party")
    session.commit()
    deliver_all()
    files, renditions = kept(app), fresh(asset.id).renditions

    again = fresh(asset.id)
    jobs._redraw(again, jobs.Order(forms=("avif",)))

    assert (kept(app), fresh(asset.id).renditions) == (files, renditions)


def test_moving_the_focal_point_cuts_the_crops_anew_under_new_addresses(app: Flask, session: Session) -> None:
    asset = store_picture(picture("PNG", size=(1600, 400)), "Wide")
    session.commit()
    deliver_all()
    thumb, square, files = asset.thumb, asset.square, kept(app)
    assert thumb and square

    asset = fresh(asset.id)
    asset.focal_x = 5
    session.commit()
    assert asset.thumb == thumb, "what is there is shown until the job has run"
    deliver_all()

    after = fresh(asset.id)
    assert after.thumb and after.thumb != thumb
    assert image_at(after.thumb).size == (480, 360)
    assert image_at(after.thumb).convert("RGB").getpixel((470, 180))[0] > 200, "only the left half is red"  # type: ignore[index]
    assert kept(app) == (files - {thumb, square}) | after.files


def test_a_job_that_comes_after_another_picture_draws_that_and_leaves_nothing(
    app: Flask, session: Session
) -> None:
    asset = store_picture(picture(size=(700, 500)), "First")
    session.commit()
    first = fresh(asset.id)
    session.expunge(first)
    replace_picture(fresh(asset.id), picture("PNG", size=(400, 300)))
    session.commit()

    jobs._redraw(first, jobs.Order(forms=("avif",)))
    deliver_all()

    after = fresh(asset.id)
    assert kept(app) >= after.files
    assert not first.files & kept(app)
    assert [width for width, _height, _path in after.renditions["avif"]] == [320, 400]


@pytest.mark.parametrize("happens", ["replace", "delete", "move"])
def test_a_change_while_a_job_draws_leaves_neither_strays_nor_wrong_addresses(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch, happens: str
) -> None:
    asset = store_picture(picture(size=(700, 500)), "First")
    session.commit()
    deliver_all()
    before = kept(app) - fresh(asset.id).files
    fresh(asset.id).focal_y = 20
    session.commit()
    really = jobs.draw

    def slowly(content: bytes, order: jobs.Order) -> object:
        monkeypatch.setattr(jobs, "draw", really)
        drawing = really(content, order)
        now = fresh(asset.id)
        if happens == "replace":
            replace_picture(now, picture("PNG", size=(400, 300)))
        elif happens == "delete":
            session.delete(now)
        else:
            now.focal_y = 90
        session.commit()
        return drawing

    monkeypatch.setattr(jobs, "draw", slowly)
    deliver_all()

    found = session.get(Asset, asset.id, populate_existing=True)
    assert kept(app) - before == (found.files if found else set())


def test_replacing_keeps_the_id_and_changes_every_address(app: Flask, session: Session) -> None:
    asset = store_picture(picture(size=(700, 500)), "Party", "Lanterns")
    asset.focal_x = 90
    session.commit()
    deliver_all()
    before = fresh(asset.id).files

    replace_picture(fresh(asset.id), picture("PNG", size=(400, 300)))
    session.commit()
    deliver_all()

    after = fresh(asset.id)
    assert (after.id, after.title, after.alt) == (asset.id, "Party", "Lanterns")
    assert (after.width, after.media_type, after.focal_x) == (400, "image/png", 50)
    assert not before & after.files
    assert not before & kept(app)
    assert after.files <= kept(app)


def test_a_replacement_that_is_rolled_back_leaves_the_picture_as_it_was(app: Flask, session: Session) -> None:
    asset = store_picture(picture(), "Party")
    session.commit()
    deliver_all()
    files = kept(app)

    replace_picture(fresh(asset.id), picture("PNG", size=(90, 80)))
    session.rollback()
    deliver_all()

    assert kept(app) == files
    assert fresh(asset.id).files <= files


def test_the_sweep_removes_old_strays_and_names_pictures_whose_files_are_gone(
    app: Flask, session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    whole, torn = store_picture(picture(), "Whole"), store_picture(picture(), "Torn")
    session.commit()
    deliver_all()
    sweep_all()
    stray = new_path("jpg")
    storage().put(stray, b"stray")
    lost = str(fresh(torn.id).thumb)
    storage().delete(lost)

    assert sweep().removed == 0, "a young file may belong to a row that is not committed yet"
    assert stray in kept(app)
    found = sweep_all()

    assert found.removed == 1
    assert stray not in kept(app)
    assert found.missing[str(torn.id)] == [lost]
    assert str(whole.id) not in found.missing
    assert fresh(whole.id).files <= kept(app)


def sweep_all():
    """Sweep as if the files had lain there for days."""
    with time_machine.travel(clock.now() + timedelta(days=2)):
        return sweep()


def test_a_picture_of_an_earlier_version_is_given_what_it_lacks(app: Flask, session: Session) -> None:
    asset = store_picture(picture(size=(700, 500)), "Old")
    session.commit()
    former = {"webp": [row for row in asset.renditions["webp"] if row[0] == 320]}
    session.execute(
        update(Asset)
        .where(Asset.id == asset.id)
        .values(renditions=former, thumb=None, square=None, created_at=clock.now() - timedelta(days=3))
    )
    session.execute(text("DELETE FROM outbox"))
    session.commit()

    assert jobs.sweep_files()["asked"] == 1
    deliver_all()

    after = fresh(asset.id)
    assert set(after.renditions) == {"avif", "webp", "jpeg", "thumb", "square"}
    assert image_at(str(after.thumb)).size == (480, 360)
    assert after.files <= kept(app)
    assert jobs.sweep_files()["asked"] == 0
