"""Translations go with their record and come back with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.kernel.audit import AuditEntry
from app.translation import writing
from app.translation.models import Translation, TranslationSuggestion
from app.translation.states import Hand
from tests.factories import IncludedItemFactory, PackageFactory, translate

# Everything here is rule 21: deleting a record removes its translations, undo restores them; revisions include them.


@pytest.fixture
def package(session: Session) -> Any:
    """Make a record with texts in several states, one with a suggestion, one out of date."""
    made = PackageFactory(name="Garden party", description="Under the old trees", slug="garden-party")
    item = IncludedItemFactory(package_id=made.id, text="Soup", position=0)
    translate(made, "de", name="Gartenfest", slug="gartenfest")
    translate(item, "de", text="Suppe")
    session.flush()
    writing.put(session, "package", made, "es", "name", "Fiesta", Hand(approves=False))
    writing.put(session, "package", made, "de", "name", "Gartenfeier", Hand(approves=False))
    writing.put(session, "package", made, "hi", "name", "उद्यान", Hand(), tool="memory")
    session.flush()
    session.execute(text("UPDATE package SET name = 'Garden feast'"))
    session.commit()
    return made


def texts(session: Session) -> list[tuple[Any, ...]]:
    session.expire_all()
    columns = ("content_type", "object_id", "locale", "field", "text", "state", "source_text", "source_hash")
    columns += ("author_id", "approved_by_id", "tool", "is_live")
    found = session.scalars(select(Translation).order_by(Translation.locale, Translation.field))
    return [tuple(getattr(row, name) for name in columns) for row in found]


def suggestions(session: Session) -> list[tuple[Any, ...]]:
    found = session.scalars(select(TranslationSuggestion))
    return [(row.id, row.translation_id, row.text, row.state, row.author_id) for row in found]


def test_texts_go_with_their_record_and_come_back_with_states_and_suggestions(
    session: Session, package: Any, sign_in: Callable[..., Any]
) -> None:
    before, offered = texts(session), suggestions(session)
    assert {row[5] for row in before} == {"approved", "stale", "needs_review", "machine"}
    assert len(offered) == 1
    editor = sign_in("Editor")
    page = editor.post(f"/packages/{package.id}/delete", follow_redirects=True).get_data(as_text=True)
    assert texts(session) == []
    assert suggestions(session) == []
    token = page.split('name="token" value="')[1].split('"')[0]
    where = page.split('data-tone="undo"')[1].split('action="')[1].split('"')[0]
    assert editor.post(where, data={"token": token}).status_code == 302
    assert texts(session) == before
    assert suggestions(session) == offered


def test_a_text_deleted_by_plain_sql_is_in_the_records_history(session: Session, package: Any) -> None:
    session.execute(text("DELETE FROM package"))
    session.commit()
    gone = session.scalars(
        select(AuditEntry).where(AuditEntry.content_type == "translation", AuditEntry.action == "delete")
    ).all()
    assert {entry.owner_type for entry in gone} == {"package", "included_item"}
    assert {entry.old["text"] for entry in gone} >= {"Gartenfest", "Suppe", "Fiesta"}


def test_the_history_of_a_record_tells_of_its_translations(
    session: Session, package: Any, sign_in: Callable[..., Any]
) -> None:
    editor = sign_in("Editor")
    answer = editor.post(f"/packages/{package.id}/text?field=name&lang=de", data={"text": "Gartengala"})
    assert answer.status_code == 200
    page = editor.get(f"/packages/{package.id}/history").get_data(as_text=True)
    assert "Deutsch" in page
    assert "Gartengala" in page
