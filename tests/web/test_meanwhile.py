"""What somebody else does between the reading of a record and its change: it is said, and nothing is lost."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import count
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_appbuilder.security.sqla.models import User, assoc_user_role
from PIL import Image
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.access.accounts import create_user
from app.domains.messaging.models import Conversation
from app.kernel.db import db, unit_of_work
from app.media.folders import PictureFolder
from app.media.models import Asset
from app.media.service import store_picture
from app.surfaces.screens.view import StaffView
from app.web.focal_points import PictureForm
from tests.conftest import PASSWORD
from tests.factories import AssetFactory, PackageFactory, ThemeFactory
from tests.web.test_inbox import PART, open_talk, user_id

SignIn = Callable[..., FlaskClient]
GONE = "Somebody deleted this record meanwhile."


@pytest.fixture
def others_delete(session: Session, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Have somebody else delete a record as soon as a screen has found what it works on."""

    def plan(record: Any, after: int = 1) -> None:
        found, model, key, turns = StaffView.find, type(record), record.id, count(1)

        def find(view: StaffView, text: str, verb: str) -> Any:
            row = found(view, text, verb)
            if next(turns) == after:
                with unit_of_work() as own:
                    own.execute(delete(model.__table__).where(model.__table__.c.id == key))
            return row

        monkeypatch.setattr(StaffView, "find", find)

    return plan


def flashed(browser: FlaskClient, answer: Any) -> str:
    """Follow an answer to the page that it leads to."""
    assert answer.status_code in (302, 303), answer.status_code
    page = browser.get(answer.headers["Location"])
    assert page.status_code == 200
    return str(page.get_data(as_text=True))


@pytest.mark.parametrize("path", ["themes", "packages", "picture-folders", "pictures"])
def test_of_two_who_delete_a_record_the_second_hears_of_the_first(
    path: str, sign_in: SignIn, session: Session, others_delete: Callable[..., None]
) -> None:
    folder = PictureFolder(name="Tables")
    session.add(folder)
    session.flush()
    made: dict[str, Callable[[], Any]] = {
        "themes": ThemeFactory,
        "packages": PackageFactory,
        "picture-folders": lambda: folder,
        "pictures": AssetFactory,
    }
    record = made[path]()
    editor = sign_in("Editor")
    others_delete(record, after=2 if path == "pictures" else 1)  # where a picture is shown is asked first
    answer = editor.post(f"/{path}/{record.id}/delete")
    assert answer.headers["Location"] == f"/{path}/"
    assert GONE in flashed(editor, answer)


def test_a_program_that_deletes_what_is_gone_hears_404(sign_in: SignIn, session: Session) -> None:
    url = f"/api/v1/themes/{ThemeFactory().id}"
    editor = sign_in("Editor")
    assert [editor.delete(url).status_code for _time in range(2)] == [204, 404]


@pytest.mark.parametrize("goes", ["", "1"])
@pytest.mark.parametrize("which", ["kept", "other"])
def test_a_picture_that_somebody_deleted_is_not_merged(
    which: str, goes: str, sign_in: SignIn, session: Session, others_delete: Callable[..., None]
) -> None:
    kept, other = AssetFactory(), AssetFactory()
    url, data = f"/pictures/{kept.id}/merge", {"other": str(other.id), "delete": goes}
    gone, left = (kept, other.id) if which == "kept" else (other, kept.id)
    editor = sign_in("Editor")
    others_delete(gone, after=2)
    answer = editor.post(url, data=data)
    assert answer.headers["Location"] == "/pictures/"
    assert GONE in flashed(editor, answer)
    assert session.get(Asset, left) is not None


@pytest.fixture
def open_app(whole_app: Flask) -> Iterator[Flask]:
    """Lend the program on its committed database, and take away again what the test left there."""
    names = ["this-tab", "that-tab"]
    csrf, whole_app.config["WTF_CSRF_ENABLED"] = whole_app.config.get("WTF_CSRF_ENABLED", True), False
    with whole_app.app_context():
        for name in names:
            create_user(name, f"{name}@example.com", PASSWORD, ["Editor"])
        db.session.commit()
        yield whole_app
        db.session.rollback()
        with unit_of_work() as session:
            ids = select(User.id).where(User.username.in_(names))
            session.execute(delete(Asset))
            session.execute(delete(assoc_user_role).where(assoc_user_role.c.user_id.in_(ids)))
            session.execute(delete(User).where(User.username.in_(names)))
        db.session.remove()
    whole_app.config["WTF_CSRF_ENABLED"] = csrf


def drawing() -> bytes:
    """Draw something small."""
    written = io.BytesIO()
    Image.new("RGB", (150, 100), "orange").save(written, "PNG")
    return written.getvalue()


def test_duplicates_that_are_merged_each_into_the_other_leave_one(
    open_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two real connections, that have both read both pictures before either changes one."""
    with unit_of_work():
        one, other = (str(store_picture(drawing(), title).id) for title in ("One", "Other"))
    both_read, found = Barrier(2), PictureForm.find

    def find(view: PictureForm, key: str, verb: str) -> Any:
        row = found(view, key, verb)
        with suppress(BrokenBarrierError):
            both_read.wait(10)
        return row

    monkeypatch.setattr(PictureForm, "find", find)

    def merge(name: str, kept: str, goes: str) -> int:
        with open_app.app_context():
            try:
                browser = open_app.test_client()
                browser.post("/login/", data={"username": name, "password": PASSWORD})
                sent = browser.post(f"/pictures/{kept}/merge", data={"other": goes, "delete": "1"})
                return int(sent.status_code)
            finally:
                db.session.remove()

    with ThreadPoolExecutor(2) as pool:
        told = pool.map(merge, ["this-tab", "that-tab"], [one, other], [other, one])
        assert list(told) == [302, 302]
    assert len(db.session.scalars(select(Asset.id)).all()) == 1


DONE = {
    "assign": {"user": ""},
    "close": {},
    "bot": {"on": "1"},
    "read": {"sequence": "1"},
    "messages": {"text": "Yes, it is."},
}


@pytest.mark.parametrize("verb", DONE)
def test_what_is_done_to_a_deleted_conversation_leads_to_the_inbox(
    verb: str, sign_in: SignIn, session: Session, others_delete: Callable[..., None]
) -> None:
    talk = open_talk()
    operator = sign_in("Booking operator")
    others_delete(talk)
    answer = operator.post(f"/inbox/{talk.id}/{verb}", data=DONE[verb])
    assert answer.headers["Location"] == "/inbox/"
    assert "There is no such conversation." in flashed(operator, answer)


@pytest.mark.parametrize("verb", DONE)
def test_a_script_hears_that_the_conversation_is_gone(
    verb: str, sign_in: SignIn, session: Session, others_delete: Callable[..., None]
) -> None:
    talk = open_talk()
    operator = sign_in("Booking operator")
    others_delete(talk)
    assert operator.post(f"/inbox/{talk.id}/{verb}", data=DONE[verb], headers=PART).status_code == 404


def test_a_conversation_deleted_right_after_it_was_closed_is_gone(
    sign_in: SignIn, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.web import inbox

    talk = open_talk()
    operator, close = sign_in("Booking operator"), inbox.service.close

    def close_and_lose(key: Any) -> None:
        close(key)
        db.session.flush()
        db.session.execute(delete(Conversation.__table__).where(Conversation.__table__.c.id == key))  # type: ignore[arg-type]

    monkeypatch.setattr(inbox.service, "close", close_and_lose)
    assert operator.post(f"/inbox/{talk.id}/close", headers=PART).status_code == 404


@pytest.mark.parametrize("user", ["9" * 5_000, "٣", "-1", "9999999999", "nobody"])
def test_a_conversation_is_given_to_nobody_who_may_not_answer(
    user: str, sign_in: SignIn, session: Session
) -> None:
    talk = open_talk()
    operator = sign_in("Booking operator")
    assert operator.post(f"/inbox/{talk.id}/assign", data={"user": user}, headers=PART).status_code == 422
    mine = {"user": str(user_id())}
    assert operator.post(f"/inbox/{talk.id}/assign", data=mine, headers=PART).status_code == 200
