"""The interface's sentences travel with the content: their forms as one entry, each context on its own."""

from __future__ import annotations

from pathlib import Path

import polib
import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.kernel.actor import Actor, acting_as
from app.translation.interface.reading import read_files
from tests.translation.carrying import KINDS, counted, exported, imported, staff, state_of
from tests.translation.catalogues import MESSAGES, message, text_of

ASKED = {"types": ("interface_message",)}
CAKES = "%(num)d cake"


@pytest.fixture(autouse=True)
def known(folder: Path, session: Session) -> None:
    with acting_as(Actor("command", "translations sync", "flask translations sync")):
        read_files(session)
    # Flask-AppBuilder's own come along; here they are as if the code had them no more.
    session.execute(text("UPDATE interface_message SET is_obsolete = domain <> 'festoon'"))
    session.execute(
        text(
            "DELETE FROM translation WHERE object_id IN (SELECT id FROM interface_message WHERE is_obsolete)"
        )
    )
    session.commit()


def entries(session: Session, locale: str, **asked: object) -> dict[str, polib.POEntry]:
    catalogue = polib.pofile(exported(session, "po", locale, **{**ASKED, **asked}))
    return {entry.msgctxt: entry for entry in catalogue}


# Rule 15
def test_all_forms_of_a_sentence_are_one_entry_in_the_order_of_its_language(session: Session) -> None:
    entry = entries(session, "ar")[f"interface_message.forms:{message(session, CAKES).id}"]
    assert (entry.msgid, entry.msgid_plural) == (CAKES, "%(num)d cakes")
    assert tuple(entry.msgstr_plural.values()) == MESSAGES["%(num)d cake|%(num)d cakes"]["ar"]
    assert not entry.fuzzy


# Rule 16
def test_the_same_word_in_two_contexts_is_two_entries_that_say_which(session: Session) -> None:
    both = [entry for entry in entries(session, "de").values() if entry.msgid == "May"]
    said = {
        entry.msgstr: context for entry in both for context in ("month", "verb") if context in entry.comment
    }
    assert said == {"Mai": "month", "Darf": "verb"}


# Rule 15: an entry holds every form, though only one of them was asked for
def test_one_form_that_is_missing_brings_its_whole_sentence(session: Session) -> None:
    session.execute(text("DELETE FROM translation WHERE locale = 'ar' AND field = 'few'"))
    session.commit()
    found = entries(session, "ar", states=("missing",))
    entry = found[f"interface_message.forms:{message(session, CAKES).id}"]
    assert list(entry.msgstr_plural.values()).count("") == 1
    assert len(found) == 2, "the verb, and the cakes"


# Rules 15 and 17
def test_a_form_that_is_filled_in_goes_in_and_the_others_stay(session: Session) -> None:
    session.execute(text("DELETE FROM translation WHERE locale = 'ar' AND field = 'few'"))
    session.commit()
    content = exported(session, "po", "ar", **ASKED)
    index = 3
    assert f'msgstr[{index}] ""' in content
    filled = content.replace(f'msgstr[{index}] ""', f'msgstr[{index}] "%(num)d كعكات"')
    done = imported(session, filled, staff("Editor"))
    assert counted(done)["new"] == 1
    row = text_of(session, CAKES, "ar", "few")
    assert row is not None
    assert (row.text, row.state) == ("%(num)d كعكات", "approved")


# Rule 14
def test_a_placeholder_that_is_lost_is_refused_and_the_rest_goes_in(session: Session) -> None:
    content = exported(session, "po", "de", **ASKED)
    content = content.replace("%(name)s grüßen", "Namen grüßen").replace("Backen", "Back")
    done = imported(session, content, staff("Editor"))
    assert (counted(done)["refused"], counted(done)["changed"]) == (1, 1)
    assert "%(name)s" in str(done.faults[0].sentence)


# Rule 17
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("locale", ["de", "ar"])
def test_the_interface_exported_and_imported_again_is_the_same(
    session: Session, kind: str, locale: str
) -> None:
    before = state_of(session)
    done = imported(session, exported(session, kind, locale))
    assert set(counted(done)) <= {"unchanged", "empty"}, done.faults
    assert done.total >= 6
    assert state_of(session) == before


# Rule 17: obsolete kept
def test_what_the_interface_says_no_more_is_obsolete_in_the_file_and_left_alone(session: Session) -> None:
    session.execute(text("UPDATE interface_message SET is_obsolete = true WHERE msgid = 'Bake'"))
    session.commit()
    content = exported(session, "po", "de", **ASKED)
    [gone] = polib.pofile(content).obsolete_entries()
    assert (gone.msgid, gone.msgstr) == ("Bake", "Backen")
    before = state_of(session)
    assert set(counted(imported(session, content))) <= {"unchanged", "empty"}
    assert state_of(session) == before
    assert "Bake" not in exported(session, "xliff-1.2", "de", **ASKED)
