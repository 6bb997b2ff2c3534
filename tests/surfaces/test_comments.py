"""Comments hold what can be seen, and a form that is sent twice says it once."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import rows
from app.surfaces.comments.models import RecordComment
from app.surfaces.desk.notices import Notice
from tests.factories import PackageFactory

SignIn = Callable[..., FlaskClient]


def say(client: FlaskClient, record: Any, **form: str) -> Any:
    return client.post(f"/packages/{record.id}/comments", data=form, headers={"X-Part": "panel"})


def bodies(session: Session) -> list[str]:
    return list(session.scalars(select(RecordComment.body).order_by(RecordComment.id)))


def keys(page: str) -> list[str]:
    return re.findall(r'name="once" value="([^"]+)"', page)


def test_every_form_of_the_panel_has_a_key_of_its_own(sign_in: SignIn) -> None:
    package = PackageFactory()
    editor = sign_in("Editor")
    say(editor, package, body="First")
    shown = say(editor, package, body="Second").get_data(as_text=True)
    assert len(set(keys(shown))) == len(keys(shown)) == 3, "a new comment, and an answer to each"


def test_a_form_sent_twice_says_it_once_and_tells_once(sign_in: SignIn, session: Session) -> None:
    package, ben = PackageFactory(), sign_in("Moderator", "ben")
    editor = sign_in("Editor")
    once = keys(editor.get(f"/packages/{package.id}/panel?tab=comments").get_data(as_text=True))[0]
    for _time in range(2):
        assert say(editor, package, body="Look, @ben", once=once).status_code == 200
    assert bodies(session) == ["Look, @ben"]
    assert [notice.times for notice in session.scalars(select(Notice))] == [1]
    say(editor, package, body="Look once more", once=once)  # written over, after going back
    assert bodies(session) == ["Look, @ben", "Look once more"]
    say(ben, package, body="Look, @ben", once=once)
    assert len(bodies(session)) == 3, "another person's key is another key"
    for _time in range(2):
        say(editor, package, body="Ok")  # said again on purpose, from a page without keys
    assert len(bodies(session)) == 5


def test_what_was_refused_or_taken_back_can_be_sent_again(sign_in: SignIn, session: Session) -> None:
    package, editor = PackageFactory(), sign_in("Editor")
    once = "01890000-0000-7000-8000-000000000001"
    assert say(editor, package, body="Too long" * 1_000, once=once).status_code == 422
    say(editor, package, body="Short", once=once)
    said = session.scalars(select(RecordComment)).one()
    editor.post(f"/packages/{package.id}/comments/{said.id}", data={"do": "remove"})
    say(editor, package, body="Short", once=once)
    assert bodies(session) == ["Short"]
    assert say(editor, package, body="No key", once="none").status_code == 200


@pytest.mark.parametrize(
    "body",
    ["", " \n ", "\u200b", "\u200b\u2060\ufeff", "\u202e\u202c", "\u200d", "\u3164\u2800", "\u00ad\u200e"],
)
def test_a_comment_of_which_nothing_can_be_seen_is_empty(
    sign_in: SignIn, session: Session, body: str
) -> None:
    answer = say(sign_in("Editor"), PackageFactory(), body=body)
    assert answer.status_code == 422
    assert "Write something first." in answer.get_data(as_text=True)
    assert bodies(session) == []


def test_a_comment_holds_what_is_seen_of_it(sign_in: SignIn, session: Session) -> None:
    package, editor = PackageFactory(), sign_in("Editor")
    for body in ("A bell\x07", "\x1b[31mred", "null\x00"):
        refused = say(editor, package, body=body)
        assert refused.status_code == 422
        assert "Remove the control characters" in refused.get_data(as_text=True)
    say(editor, package, body="Pay \u202e005\u202c\r\nto\u200b\tAda ")
    assert bodies(session) == ["Pay 005\nto\tAda"]
    said = session.scalars(select(RecordComment)).one()
    address = f"/packages/{package.id}/comments/{said.id}"
    changed = editor.post(address, data={"do": "edit", "body": "\u2066\u2069"}, headers={"X-Part": "panel"})
    assert changed.status_code == 422


def test_a_name_of_nobody_who_may_see_the_record_stays_as_it_was_typed(
    sign_in: SignIn, session: Session
) -> None:
    """A mention tells no stranger to the record that there is such an account, nor how its owner is called."""
    rows.limit("package", "Viewer", lambda model, _user: model.name == "For viewers")
    try:
        hidden, open_one = PackageFactory(name="Hidden"), PackageFactory(name="For viewers")
        sign_in("Viewer")
        editor = sign_in("Editor")
        shown = say(editor, hidden, body="@viewer and @editor and @nobody").get_data(as_text=True)
        assert "@viewer and " in shown and "Viewer Staff" not in shown
        assert '<b class="cm-who">@Editor Staff</b> and @nobody' in shown
        shown = say(editor, open_one, body="@viewer").get_data(as_text=True)
        assert '<b class="cm-who">@Viewer Staff</b>' in shown
    finally:
        rows.lift("package", "Viewer")
