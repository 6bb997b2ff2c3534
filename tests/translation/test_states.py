"""What becomes of a text depends on who writes it and who judges it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.kernel.errors import Conflict, Forbidden
from app.translation import suggesting, writing
from app.translation.models import Translation, TranslationSuggestion
from app.translation.sources import source_hash
from app.translation.states import AlreadyDecided, Hand, NotYours, state_of_written
from tests.factories import PackageFactory, translate

TRANSLATOR = Hand(user_id=None, approves=False)
REVIEWER = Hand(user_id=None, approves=True)


@pytest.fixture
def people(session: Session) -> tuple[int, int]:
    from app.access.accounts import create_user

    made = [
        create_user(name, f"{name}@example.com", "a long enough password", ["Editor"], first_name=name)
        for name in ("anna", "ben")
    ]
    session.commit()
    return made[0].id, made[1].id


@pytest.fixture
def package(session: Session) -> Any:
    made = PackageFactory(name="Garden party")
    session.commit()
    return made


def stored(session: Session, field: str = "name") -> Translation:
    return session.scalars(select(Translation).where(Translation.field == field)).one()


# Rule 4: all states, by both hands
@pytest.mark.parametrize(
    ("before", "by_translator", "by_reviewer"),
    [
        (None, "needs_review", "approved"),
        ("machine", "needs_review", "approved"),
        ("draft", "needs_review", "approved"),
        ("needs_review", "needs_review", "approved"),
        ("rejected", "needs_review", "approved"),
        ("approved", None, "approved"),
        ("stale", None, "approved"),
    ],
)
def test_what_is_shown_is_only_suggested_by_who_may_not_approve(
    before: str | None, by_translator: str | None, by_reviewer: str
) -> None:
    assert state_of_written(before, TRANSLATOR) == by_translator
    assert state_of_written(before, REVIEWER) == by_reviewer
    kept = before in ("approved", "stale")
    assert state_of_written(before, TRANSLATOR, is_draft=True) == (None if kept else "draft")
    assert state_of_written(before, REVIEWER, is_draft=True) == ("approved" if kept else "draft")


# Rule 4
def test_a_suggestion_leaves_the_text_until_somebody_accepts_it(
    session: Session, package: Any, people: tuple[int, int]
) -> None:
    anna, ben = people
    translate(package, "de", name="Gartenfest")
    hand = Hand(anna, approves=False)
    assert writing.put(session, "package", package, "de", "name", "Gartenfeier", hand) is None
    assert writing.put(session, "package", package, "de", "name", "Gartenparty", hand) is None
    session.flush()
    row = stored(session)
    [offered] = suggesting.open_suggestions(session, [row.id])[row.id]
    assert (row.text, offered.text, offered.author_id) == ("Gartenfest", "Gartenparty", anna)
    with pytest.raises(Forbidden):
        writing.accept(session, offered, row, package, hand)
    writing.accept(session, offered, row, package, Hand(ben))
    session.flush()
    assert (row.text, row.state, row.author_id, row.approved_by_id) == ("Gartenparty", "approved", anna, ben)
    with pytest.raises(AlreadyDecided):
        writing.accept(session, offered, row, package, Hand(ben))


def test_who_suggested_may_take_it_back_and_nobody_else_who_may_not_approve(
    session: Session, package: Any, people: tuple[int, int]
) -> None:
    anna, ben = people
    translate(package, "de", name="Gartenfest")
    writing.put(session, "package", package, "de", "name", "Gartenfeier", Hand(anna, approves=False))
    session.flush()
    offered = session.scalars(select(TranslationSuggestion)).one()
    with pytest.raises(Forbidden):
        suggesting.decline(offered, Hand(ben, approves=False), "")
    suggesting.decline(offered, Hand(anna, approves=False), "a slip")
    assert (offered.state, offered.reason, offered.decided_by_id) == ("declined", "a slip", anna)


# Rule 5
def test_nobody_approves_their_own_text_where_four_eyes_are_wanted(
    session: Session, package: Any, people: tuple[int, int]
) -> None:
    anna, ben = (Hand(number, four_eyes=True) for number in people)
    row = writing.put(session, "package", package, "de", "name", "Gartenfest", anna)
    session.flush()
    assert row is not None
    assert row.state == "needs_review"
    with pytest.raises(NotYours):
        writing.approve(session, row, package, anna)
    writing.approve(session, row, package, ben)
    session.flush()
    assert (row.state, row.author_id, row.approved_by_id) == ("approved", anna.user_id, ben.user_id)
    assert writing.put(session, "package", package, "de", "name", "Gartenfeier", anna) is None
    session.flush()
    offered = session.scalars(select(TranslationSuggestion)).one()
    with pytest.raises(NotYours):
        writing.accept(session, offered, row, package, anna)
    assert row.text == "Gartenfest"


# Rule 6
def test_the_text_of_a_changed_source_is_called_right_by_who_may_approve(
    session: Session, package: Any
) -> None:
    translate(package, "de", name="Gartenfest")
    session.execute(text("UPDATE package SET name = 'Garden feast'"))
    session.expire_all()
    row = stored(session)
    assert row.state == "stale"
    writing.approve(session, row, package, REVIEWER)
    assert (row.state, row.source_text, row.source_hash) == ("approved", None, source_hash("Garden feast"))


def test_a_suggestion_made_for_an_older_source_arrives_out_of_date(
    session: Session, package: Any, people: tuple[int, int]
) -> None:
    translate(package, "de", name="Gartenfest")
    writing.put(session, "package", package, "de", "name", "Gartenfeier", Hand(people[0], approves=False))
    session.flush()
    session.execute(text("UPDATE package SET name = 'Garden feast'"))
    session.expire_all()
    offered, row = session.scalars(select(TranslationSuggestion)).one(), stored(session)
    writing.accept(session, offered, row, package, Hand(people[1]))
    session.flush()
    assert (row.text, row.state, row.source_text) == ("Gartenfeier", "stale", "Garden party")


def test_a_rejected_text_is_no_longer_shown_and_says_why(session: Session, package: Any) -> None:
    translate(package, "de", name="Gartenfest")
    row = stored(session)
    with pytest.raises(Forbidden):
        writing.reject(session, row, TRANSLATOR, "")
    writing.reject(session, row, REVIEWER, " too formal ")
    assert (row.state, row.reason) == ("rejected", "too formal")
    with pytest.raises(Conflict):
        writing.reject(session, row, REVIEWER, "")
    again = writing.put(session, "package", package, "de", "name", "Fest im Garten", TRANSLATOR)
    assert again is not None
    assert (again.state, again.reason) == ("needs_review", "")


def test_a_text_that_is_shown_is_not_removed_by_who_may_not_approve(session: Session, package: Any) -> None:
    translate(package, "de", name="Gartenfest")
    with pytest.raises(Forbidden):
        writing.put(session, "package", package, "de", "name", "", TRANSLATOR)
    assert writing.put(session, "package", package, "de", "name", "", REVIEWER) is not None


# Rule 11
def test_a_machines_text_is_labelled_and_waits(session: Session, package: Any) -> None:
    row = writing.put(session, "package", package, "de", "name", "Gartenfest", Hand(), tool="memory")
    assert row is not None
    assert (row.state, row.tool, row.approved_by_id) == ("machine", "memory", None)


# Rule 4: the row itself, changed past the forms
def test_the_row_itself_obeys_the_same_rules(
    session: Session, package: Any, sign_in: Callable[..., Any]
) -> None:
    translate(package, "de", name="Gartenfest")
    session.commit()
    row = stored(session)
    translator, editor = sign_in("Translator"), sign_in("Editor")
    body = {"text": "Gartenfeier", "revision": row.revision}
    answer = translator.patch(f"/api/v1/translations/{row.id}", json=body)
    assert answer.status_code == 403, answer.get_data(as_text=True)
    assert "approved" in answer.get_json()["detail"]
    assert stored(session).text == "Gartenfest"
    assert editor.patch(f"/api/v1/translations/{row.id}", json=body).status_code == 200
    assert stored(session).text == "Gartenfeier"
