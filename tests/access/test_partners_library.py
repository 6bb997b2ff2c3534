"""The picture library tells a partner nothing of its folders, and takes nothing into one."""

from __future__ import annotations

import io

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.media.folders import PictureFolder
from app.media.models import Asset
from tests.domains.partners import Estate
from tests.media.test_library import scene

MISSING = "01990000-0000-7000-8000-000000000000"


@pytest.fixture
def folder(session: Session, vera: FlaskClient, ours: Estate) -> PictureFolder:
    """Store a folder in which no picture of Vera's lies."""
    made = PictureFolder(name="Owes us money")
    session.add(made)
    session.commit()
    return made


def test_no_page_of_the_library_tells_which_folders_there_are(
    vera: FlaskClient, folder: PictureFolder
) -> None:
    for place in ("", "?as=table", f"?filter[folder]={folder.id}", "side", "picker", "lookup"):
        answer = vera.get(f"/pictures/{place}", follow_redirects=True)
        page = answer.get_data(as_text=True).replace(f"filter[folder]={folder.id}", "")
        assert answer.status_code == 200, place
        assert "Owes us" not in page, place
        assert "/picture-folders/" not in page, place
    assert "Folder" not in vera.get("/pictures/side").get_data(as_text=True)
    assert str(folder.id) not in vera.get("/pictures/picker").get_data(as_text=True)


def test_an_open_folder_that_is_not_hers_is_no_place_to_send_to(
    vera: FlaskClient, folder: PictureFolder
) -> None:
    page = vera.get(f"/pictures/?filter[folder]={folder.id}").get_data(as_text=True)
    assert 'id="upload-words"' in page
    assert "data-into" not in page


def test_the_picker_finds_nothing_in_a_folder_as_in_one_that_is_not_there(
    vera: FlaskClient, folder: PictureFolder, ours: Estate, session: Session
) -> None:
    ours.picture.folder_id = folder.id
    session.commit()
    assert "data-pick=" in vera.get("/pictures/picker?part=1").get_data(as_text=True)
    for key in (str(folder.id), MISSING):
        assert "data-pick=" not in vera.get(f"/pictures/picker?part=1&folder={key}").get_data(as_text=True)


def test_a_picture_cannot_be_sent_into_a_folder_that_one_may_not_see(
    vera: FlaskClient, folder: PictureFolder, session: Session
) -> None:
    before = session.query(Asset).count()
    told = []
    for key in (str(folder.id), MISSING):
        sent = {"file": (io.BytesIO(scene()), "a.jpg"), "folder": key}
        answer = vera.post("/api/v1/pictures/", data=sent)
        told.append((answer.status_code, answer.get_json()["errors"]))
    assert told[0] == told[1]
    assert told[0][0] == 422
    assert session.query(Asset).count() == before
    assert vera.post("/api/v1/pictures/", data={"file": (io.BytesIO(scene()), "a.jpg")}).status_code == 201
