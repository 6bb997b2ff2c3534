"""A picture's row and files appear together and go together."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.kernel.errors import Invalid
from app.media.models import Asset
from app.media.service import store_picture, title_of
from app.media.storage import StorageUnavailable
from app.media.urls import picture_url, thumbnail_url
from tests.media.files import picture
from tests.outbox import deliver_all, make_due


def kept(app: Flask) -> set[str]:
    """List the files in the upload folder."""
    root = Path(app.config["UPLOAD_FOLDER"])
    return {str(file.relative_to(root)) for file in root.rglob("*") if file.is_file()}


def test_a_stored_picture_has_a_row_its_file_and_its_renditions(app: Flask, session: Session) -> None:
    asset = store_picture(picture(size=(1200, 900)), "Garden  party", "Lanterns in\na tree")
    session.commit()

    root = Path(app.config["UPLOAD_FOLDER"])
    content = (root / asset.path).read_bytes()
    assert asset.files <= kept(app)
    assert (asset.title, asset.alt) == ("Garden party", "Lanterns in a tree")
    assert (asset.width, asset.height, asset.media_type) == (1200, 900, "image/jpeg")
    assert (asset.bytes, asset.checksum) == (len(content), hashlib.sha256(content).hexdigest())
    assert (asset.state, asset.focal_x, asset.focal_y, len(asset.blurhash)) == ("ready", 50, 50, 28)


def test_a_refused_file_leaves_neither_row_nor_file(app: Flask, session: Session) -> None:
    before = kept(app)

    with pytest.raises(Invalid):
        store_picture(b"no picture", "X")

    assert kept(app) == before
    assert not session.new


def test_files_go_when_the_birth_of_their_row_is_rolled_back(app: Flask, session: Session) -> None:
    before = kept(app)

    store_picture(picture(), "Never")
    session.rollback()

    assert kept(app) == before


def test_files_go_with_the_commit_of_their_rows_deletion_and_not_before(app: Flask, session: Session) -> None:
    asset = store_picture(picture(), "Gone soon")
    session.commit()

    session.delete(asset)
    session.flush()
    assert asset.files <= kept(app), "the deletion may still be rolled back"

    session.commit()
    deliver_all()
    assert not asset.files & kept(app)


def test_a_file_that_cannot_be_removed_hinders_no_other_and_is_tried_again(
    app: Flask, session: Session
) -> None:
    asset = store_picture(picture(), "Stuck")
    session.commit()
    deliver_all()
    stuck = Path(app.config["UPLOAD_FOLDER"]) / asset.path
    stuck.unlink()
    stuck.mkdir()
    files = session.get_one(Asset, asset.id).files

    session.delete(asset)
    session.commit()
    outcomes = dict(deliver_all())

    assert outcomes["media.remove_files"] == "waiting"
    assert session.query(Asset).filter_by(title="Stuck").count() == 0
    assert not files & kept(app)
    stuck.rmdir()
    make_due()
    assert dict(deliver_all())["media.remove_files"] == "sent"


def test_files_stay_when_the_deletion_is_rolled_back(app: Flask, session: Session) -> None:
    asset = store_picture(picture(), "Stays")
    session.commit()
    files = asset.files

    session.delete(asset)
    session.flush()
    session.rollback()
    session.commit()

    assert files <= kept(app)


def test_a_savepoint_that_is_rolled_back_loses_no_file_and_one_released_removes_none(
    app: Flask, session: Session
) -> None:
    first, second = store_picture(picture(), "First"), store_picture(picture(), "Second")
    session.commit()
    files = first.files | second.files

    savepoint = session.begin_nested()
    session.delete(first)
    session.flush()
    savepoint.rollback()
    with session.begin_nested():
        session.delete(second)
    assert files <= kept(app)

    session.commit()
    deliver_all()
    assert first.files <= kept(app)
    assert not second.files & kept(app)


def test_a_full_disk_is_said_and_leaves_no_row(app: Flask, session: Session, tmp_path: Path) -> None:
    (tmp_path / "full").write_text("a file where the folder should be")
    roomy = app.config["UPLOAD_FOLDER"]
    app.config["UPLOAD_FOLDER"] = str(tmp_path / "full")
    try:
        with pytest.raises(StorageUnavailable):
            store_picture(picture(), "X")
        session.rollback()
    finally:
        app.config["UPLOAD_FOLDER"] = roomy

    assert session.query(Asset).filter_by(title="X").count() == 0


def test_a_title_is_made_from_a_files_name() -> None:
    assert title_of("C:\\photos\\garden_party-2.JPG") == "garden party 2"
    assert title_of("../../etc/passwd") == "passwd"
    assert title_of("\x00\u202eevil\n.png") == "evil"


def test_addresses_are_made_without_looking(app: Flask) -> None:
    path = "pictures/4f/0192f0c1-2345-7678-9abc-def01234564f.jpg"

    assert picture_url(path) == f"/media/{path}"
    assert thumbnail_url(path) == f"/media/{path}"
    assert thumbnail_url(None) == ""
