"""A form for a new record makes one record, however often and however closely it is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from threading import Event, Thread
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.access.accounts import create_user
from app.domains.catalog.models import Package
from app.kernel import clock
from app.kernel.db import db, unit_of_work
from app.surfaces.desk import saved_forms
from app.surfaces.desk.jobs import forget_kept_forms
from app.surfaces.desk.kept_forms import KeptForm
from app.surfaces.desk.saved_forms import SavedForm
from tests.conftest import PASSWORD

SignIn = Callable[..., FlaskClient]
FORM = {"name": "Garden party", "slug": "", "price_minor": "10", "currency": "EUR", "position": "0"}
AGAIN = "was saved already"


@pytest.fixture
def editor(sign_in: SignIn) -> FlaskClient:
    return sign_in("Editor")


def add(client: FlaskClient, key: str, **changes: str) -> str:
    """Send the form; gives where it leads."""
    values = FORM | {"slug": f"party-{uuid4().hex[:8]}"} | changes
    answer = client.post("/packages/add", data=values | {"kept": key})
    assert answer.status_code == 302, answer.get_data(as_text=True)[-900:]
    return str(answer.headers["Location"])


def packages(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Package)) or 0


@pytest.mark.parametrize("then", ["save", "stay", "another"])
def test_a_form_that_is_sent_three_times_makes_one_record(
    then: str, editor: FlaskClient, session: Session
) -> None:
    key = str(uuid4())
    first, *more = [add(editor, key, slug="party", then=then) for _time in range(2)]
    editor.post("/packages/keep", data=FORM | {"slug": "party", "kept": key})
    more.append(add(editor, key, slug="party", then=then))
    assert more == [first, first]
    assert packages(session) == 1
    assert session.get(KeptForm, key) is None
    assert AGAIN in editor.get(first).get_data(as_text=True)


def test_a_form_that_was_refused_is_saved_under_its_key(editor: FlaskClient, session: Session) -> None:
    key = str(uuid4())
    refused = editor.post("/packages/add", data=FORM | {"kept": key, "name": "", "slug": "party"})
    assert refused.status_code == 422
    add(editor, key, slug="party")
    assert packages(session) == 1


def test_each_new_form_and_each_person_has_a_key_of_their_own(
    editor: FlaskClient, sign_in: SignIn, session: Session
) -> None:
    key = str(uuid4())
    add(editor, key)
    add(editor, str(uuid4()))
    add(sign_in("Admin"), key)
    assert editor.post("/packages/add", data=FORM | {"slug": "no-key"}).status_code == 302
    assert packages(session) == 4


def test_a_copy_is_made_once_too(editor: FlaskClient, session: Session) -> None:
    add(editor, str(uuid4()), slug="party")
    key = str(uuid4())
    copies = {add(editor, key, slug="party", then="copy") for _time in range(2)}
    assert len(copies) == 1
    assert packages(session) == 2
    add(editor, str(uuid4()), slug="party", then="copy")
    assert packages(session) == 3


def test_what_is_typed_after_going_back_waits_in_the_form_of_the_record(
    editor: FlaskClient, session: Session
) -> None:
    key = str(uuid4())
    made = add(editor, key, slug="party")
    there = add(editor, key, slug="party", name="Typed after going back")
    assert there == f"{made}/edit?kept={key}"
    assert packages(session) == 1
    page = editor.get(there).get_data(as_text=True)
    assert 'value="Typed after going back"' in page and AGAIN in page
    changed = FORM | {"slug": "party", "name": "Typed after going back", "kept": key}
    assert editor.post(f"{made}/edit", data=changed).status_code == 302
    assert session.scalars(select(Package.name)).all() == ["Typed after going back"]
    assert session.get(KeptForm, key) is None


def test_a_record_that_was_deleted_since_is_made_again(editor: FlaskClient, session: Session) -> None:
    key = str(uuid4())
    made = add(editor, key, slug="party")
    assert editor.post(f"{made}/delete").status_code == 302
    again = add(editor, key, slug="party")
    assert again != made
    assert add(editor, key, slug="party") == again
    assert packages(session) == 1


def test_uses_are_forgotten_with_the_forms_of_their_time(editor: FlaskClient, session: Session) -> None:
    add(editor, str(uuid4()))
    assert forget_kept_forms() == 0
    session.execute(update(SavedForm).values(at=clock.now() - timedelta(days=31)))
    assert forget_kept_forms() == 1


@pytest.fixture
def open_app(whole_app: Flask) -> Iterator[Flask]:
    """Lend the program on its committed database, and take the user away again."""
    with whole_app.app_context():
        yield whole_app
        db.session.rollback()
        with unit_of_work() as session:
            session.delete(session.scalars(select(User).where(User.username == "twice")).one())
        db.session.remove()


@pytest.mark.parametrize("is_saved", [True, False])
def test_whoever_sends_the_same_at_once_waits_for_the_first(open_app: Flask, is_saved: bool) -> None:
    with unit_of_work():
        user = create_user("twice", "twice@example.com", PASSWORD, ["Editor"])
    key, number, form = uuid4(), user.id, MultiDict(FORM)
    is_claiming, heard = Event(), list[Any]()

    def second() -> None:
        with open_app.app_context():
            with unit_of_work() as session:
                session.execute(select(1))
                is_claiming.set()
                heard.append(saved_forms.claim(session, number, key, form))
            db.session.remove()

    session = db.session()
    assert saved_forms.claim(session, number, key, form) is None
    other = Thread(target=second)
    other.start()
    assert is_claiming.wait(10)
    other.join(0.3)
    assert other.is_alive() and not heard, "it waits"
    saved_forms.note(session, number, key, Package(id=key), form)
    if is_saved:
        session.commit()
    else:
        session.rollback()
    other.join(10)
    assert heard == [saved_forms.FirstUse(str(key), is_same=True) if is_saved else None]
