"""Files and database are merged three ways: neither side loses what was written on it."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.kernel.actor import Actor, acting_as
from app.translation import units, writing
from app.translation.interface import reading
from app.translation.interface.models import InterfaceMessage
from app.translation.interface.reading import read_files
from app.translation.models import Translation
from app.translation.states import Hand
from tests.translation.catalogues import (
    compile_into,
    edit_by_hand,
    message,
    po_path,
    suggestions_of,
    text_of,
    write_folder,
)

EDITOR = Hand(None, approves=True)


def edit(session: Session, msgid: str, locale: str, text: str, hand: Hand = EDITOR) -> None:
    """Change a text of the database as a screen does."""
    writing.put(session, "interface_message", message(session, msgid), locale, "text", text, hand)
    session.flush()


@pytest.fixture(autouse=True)
def known(folder: Path, session: Session) -> None:
    with acting_as(Actor("command", "translations sync", "flask translations sync")):
        read_files(session)


# Rule 24
def test_a_first_reading_takes_every_text_as_approved(session: Session) -> None:
    row = text_of(session, "Bake", "de")
    assert row is not None and (row.text, row.state) == ("Backen", "approved")
    assert text_of(session, "Bake", "es") is None


# Rule 16
def test_the_same_word_in_two_contexts_has_two_translations(session: Session) -> None:
    month, verb = (text_of(session, "May", "de", context=context) for context in ("month", "verb"))
    assert month is not None and verb is not None
    assert (month.text, verb.text) == ("Mai", "Darf")
    assert text_of(session, "May", "ar", context="verb") is None


# Rule 24
def test_the_sentences_are_in_the_queue_beside_the_content(session: Session) -> None:
    asked = units.Asked("ar", types=("interface_message",), states=("missing",))
    missing = {(unit.title, unit.note) for unit in units.units(session, None, asked, limit=100)}
    assert ("May", "verb") in missing
    counts = units.counts(session, None, units.Asked("ar", types=("interface_message",)))
    assert counts["interface_message", "missing"][0] == len(missing)


def test_files_that_are_as_they_were_are_not_read_again(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "open_catalogue", None)
    assert read_files(session) is None


# Rule 17
def test_a_text_that_was_changed_by_hand_in_the_file_is_taken(folder: Path, session: Session) -> None:
    edit_by_hand(folder, "de", "Bake", "Im Ofen backen")
    with acting_as(Actor("command", "translations sync", "flask translations sync")):
        done = read_files(session)
    row = text_of(session, "Bake", "de")
    assert row is not None and (row.text, row.state) == ("Im Ofen backen", "approved")
    assert done is not None and (done.texts, done.suggested) == (1, 0)


# Rule 17
def test_a_text_that_was_changed_in_the_database_alone_stays(folder: Path, session: Session) -> None:
    edit(session, "Bake", "de", "Knusprig backen")
    edit_by_hand(folder, "de", "Greet %(name)s", "%(name)s begrüßen")
    read_files(session)
    kept, taken = text_of(session, "Bake", "de"), text_of(session, "Greet %(name)s", "de")
    assert kept is not None and kept.text == "Knusprig backen"
    assert taken is not None and taken.text == "%(name)s begrüßen"


# Rule 17: nothing is lost
def test_where_both_changed_the_files_text_becomes_a_suggestion(folder: Path, session: Session) -> None:
    edit(session, "Bake", "de", "Knusprig backen")
    edit_by_hand(folder, "de", "Bake", "Im Ofen backen")
    done = read_files(session)
    row = text_of(session, "Bake", "de")
    assert done is not None and done.suggested == 1
    assert row is not None and (row.text, row.state) == ("Knusprig backen", "approved")
    offered = suggestions_of(session, row)
    assert [(one.text, one.origin, one.state) for one in offered] == [("Im Ofen backen", "de.po", "open")]
    assert read_files(session, force=True) is not None
    assert len(suggestions_of(session, row)) == 1  # what was told once is not told again


# Rule 17
def test_where_both_came_to_the_same_text_there_is_nothing_to_decide(folder: Path, session: Session) -> None:
    edit(session, "Bake", "de", "Im Ofen backen")
    edit_by_hand(folder, "de", "Bake", "Im Ofen backen")
    done = read_files(session)
    assert done is not None and (done.texts, done.suggested) == (0, 0)


# Rule 17: what is approved in the file goes before a draft, which is kept as a suggestion
def test_a_draft_gives_way_to_the_file_and_is_kept(folder: Path, session: Session) -> None:
    edit(session, "Bake", "ar", "")
    edit(session, "Bake", "ar", "مسودة", Hand(None, approves=False))
    edit_by_hand(folder, "ar", "Bake", "اخبز الآن")
    read_files(session)
    row = text_of(session, "Bake", "ar")
    assert row is not None and (row.text, row.state) == ("اخبز الآن", "approved")
    assert [one.text for one in suggestions_of(session, row)] == ["مسودة"]


# Rule 17
def test_a_fuzzy_entry_needs_review_until_its_mark_is_taken_away(folder: Path, session: Session) -> None:
    edit_by_hand(folder, "de", "Bake", "Bäckt?", fuzzy=True)
    read_files(session)
    row = text_of(session, "Bake", "de")
    assert row is not None and (row.text, row.state) == ("Bäckt?", "needs_review")
    edit_by_hand(folder, "de", "Bake", "Bäckt?")
    read_files(session)
    row = text_of(session, "Bake", "de")
    assert row is not None and row.state == "approved"


# Rule 17
def test_a_text_that_was_emptied_in_the_file_goes_and_its_history_keeps_it(
    folder: Path, session: Session
) -> None:
    key = message(session, "Bake").id
    edit_by_hand(folder, "de", "Bake", "")
    read_files(session)
    assert text_of(session, "Bake", "de") is None
    from app.kernel.audit import AuditEntry

    kept = session.scalars(
        select(AuditEntry.old).where(AuditEntry.owner_id == str(key), AuditEntry.action == "delete")
    ).all()
    assert any(old and old["text"] == "Backen" for old in kept)


# Rule 17
def test_a_sentence_that_the_files_give_up_is_obsolete_and_keeps_its_texts(
    folder: Path, session: Session
) -> None:
    for locale in ("en", "de"):
        path = po_path(folder, locale)
        lines = path.read_text().split("\n\n")
        path.write_text("\n\n".join(part for part in lines if 'msgid "Bake"' not in part))
    read_files(session)
    assert message(session, "Bake").is_obsolete
    row = text_of(session, "Bake", "de")
    assert row is not None and row.text == "Backen"
    write_folder(folder)
    read_files(session)
    assert not message(session, "Bake").is_obsolete


# Rule 17
def test_a_file_that_cannot_be_read_is_named_and_changes_nothing(folder: Path, session: Session) -> None:
    path = po_path(folder, "de")
    whole = path.read_text()
    path.write_text(whole.replace('msgid "Bake"', 'mgsid "Bake"'))
    before = session.scalar(select(func.count()).select_from(Translation))
    done = read_files(session)
    assert done is not None and len(done.unreadable) == 1 and "messages.po (de)" in done.unreadable[0]
    assert session.scalar(select(func.count()).select_from(Translation)) == before
    path.write_text(whole)
    done = read_files(session)
    assert done is not None and done.unreadable == []


# Rule 17
def test_a_source_catalogue_that_is_missing_or_broken_ends_no_sentence(
    folder: Path, session: Session
) -> None:
    path = po_path(folder, "en")
    path.write_text(path.read_text().replace('msgid "Bake"', 'mgsid "Bake"'))
    assert read_files(session) is not None
    assert not message(session, "Bake").is_obsolete
    path.unlink()
    edit_by_hand(folder, "de", "Bake", "Im Ofen backen")
    assert read_files(session) is not None
    row = text_of(session, "Bake", "de")
    assert not message(session, "Bake").is_obsolete
    assert row is not None and row.text == "Im Ofen backen"


# Rule 25
def test_every_change_has_author_time_and_both_texts(folder: Path, session: Session) -> None:
    from app.kernel.audit import AuditEntry

    edit_by_hand(folder, "de", "Bake", "Im Ofen backen")
    with acting_as(Actor("command", "translations sync", "flask translations sync")):
        read_files(session)
    key = str(message(session, "Bake").id)
    entries = session.scalars(
        select(AuditEntry).where(AuditEntry.owner_id == key, AuditEntry.content_type == "translation")
    ).all()
    changed = next(entry for entry in entries if entry.action == "update")
    assert changed.owner_type == "interface_message"
    assert changed.old is not None and changed.new is not None
    assert (changed.old["text"], changed.new["text"]) == ("Backen", "Im Ofen backen")
    assert changed.actor_label == "flask translations sync" and changed.at is not None


# Rule 25: rolled back per string
def test_a_text_is_put_back_to_what_it_was(session: Session) -> None:
    edit(session, "Bake", "de", "Falsch")
    edit(session, "Bake", "de", "Backen")
    row = text_of(session, "Bake", "de")
    assert row is not None and (row.text, row.state) == ("Backen", "approved")


# Rule 24: Flask-AppBuilder's sentences are translated in the same place
def test_flask_appbuilders_own_texts_are_known(session: Session) -> None:
    row = text_of(session, "Access is Denied", "de")
    assert row is not None and row.text == "Zugriff verweigert"
    found = message(session, "Access is Denied")
    assert found.domain == "flask_appbuilder" and "flask_appbuilder/const.py" in found.where_used
    assert text_of(session, "Access is Denied", "ar") is None


def test_many_sentences_are_read_fast_and_not_at_all_when_nothing_changed(
    app: Flask, session: Session, tmp_path: Path
) -> None:
    import time

    from babel.messages.catalog import Catalog

    from tests.translation.catalogues import speaking_from

    with speaking_from(app, tmp_path / "many"):
        for locale in ("en", "de", "es", "hi", "ar"):
            catalogue = Catalog(locale=locale, fuzzy=False, header_comment="#")
            for number in range(1900):
                catalogue.add(f"Sentence {number}", "" if locale == "en" else f"{locale} {number}")
            compile_into(tmp_path / "many", locale, catalogue)
        read_files(session)
        count = select(func.count()).select_from(InterfaceMessage).where(~InterfaceMessage.is_obsolete)
        assert session.scalar(count.where(InterfaceMessage.domain == "festoon")) == 1900
        began = time.perf_counter()
        assert read_files(session) is None
        assert time.perf_counter() - began < 1


def test_a_message_is_known_by_all_that_tells_it_from_others(session: Session) -> None:
    doubles = session.execute(
        select(InterfaceMessage.mark).group_by(InterfaceMessage.mark).having(func.count() > 1)
    ).all()
    assert doubles == []
    session.execute(update(InterfaceMessage).values(is_obsolete=False))
