"""The database's texts are written into the catalogues as `make messages` writes them."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import polib
import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.kernel import shared
from app.kernel.languages import Language
from app.translation import writing
from app.translation.interface import catalogues
from app.translation.interface.reading import read_files
from app.translation.interface.writing import NotWritable, packed, write_files
from app.translation.states import Hand
from tests.translation.catalogues import (
    contents,
    edit_by_hand,
    message,
    po_path,
    speaking_from,
    text_of,
    write_folder,
)

ROOT = Path(__file__).parents[2]
EDITOR = Hand(None, approves=True)
TRANSLATOR = Hand(None, approves=False)


def edit(
    session: Session, msgid: str, locale: str, text: str, hand: Hand = EDITOR, *, field: str = "text"
) -> None:
    writing.put(session, "interface_message", message(session, msgid), locale, field, text, hand)
    session.flush()


def made_anew(folder: Path, tmp_path: Path) -> dict[str, bytes]:
    """Do to a copy what `make messages` does, with the same sentences."""
    copy = tmp_path / "made"
    shutil.copytree(folder, copy)
    template = tmp_path / "messages.pot"
    entries = polib.pofile(str(po_path(copy, "en")))
    entries.metadata = {}
    for entry in [entry for entry in entries if entry.obsolete]:
        entries.remove(entry)
    entries.save(str(template))
    for path in sorted(copy.iterdir()):
        update = ["update", "-i", str(template), "-d", str(copy), "-l", path.name, "--width", "100"]
        pybabel(*update, "--no-fuzzy-matching", "--ignore-pot-creation-date")
    pybabel("compile", "-d", str(copy))
    return contents(copy)


def pybabel(*arguments: str) -> None:
    command = [sys.executable, "-m", "babel.messages.frontend", "-q", *arguments]
    subprocess.run(command, check=True, capture_output=True)


# Rule 17: no change in, no change out
def test_writing_after_no_change_changes_no_byte(folder: Path, session: Session) -> None:
    before = contents(folder)
    read_files(session)
    write_files(session)
    after = contents(folder)
    assert {name: after[name] for name in before} == before
    assert write_files(session).files == []
    assert contents(folder) == after


# Rule 17
def test_the_products_own_catalogues_come_back_as_they_are(
    app: Flask, session: Session, tmp_path: Path
) -> None:
    copy = tmp_path / "own"
    shutil.copytree(ROOT / "translations", copy)
    before = contents(copy)
    with speaking_from(app, copy):
        read_files(session)
        write_files(session)
    assert contents(copy) == before


# Rule 17
def test_what_is_written_is_byte_for_byte_what_make_messages_writes(
    folder: Path, session: Session, tmp_path: Path
) -> None:
    read_files(session)
    edit(session, "Bake", "de", "Im Ofen backen, bis der Kuchen braun ist; dann herausnehmen, " * 3)
    edit(session, "%(num)d cake", "ar", "%(num)d كعك", field="other")
    done = write_files(session)
    assert {"de/LC_MESSAGES/messages.po", "ar/LC_MESSAGES/messages.mo"} <= set(done.files)
    written = contents(folder)
    assert made_anew(folder, tmp_path) == written


# Rule 15 and 17
def test_other_programs_read_what_was_written(folder: Path, session: Session) -> None:
    read_files(session)
    edit(session, "Bake", "de", "Im Ofen backen")
    edit(session, "%(num)d cake", "ar", "%(num)d كعكة كثيرة", field="many")
    write_files(session)
    german, arabic = (polib.pofile(str(po_path(folder, locale))) for locale in ("de", "ar"))
    assert german.find("Bake").msgstr == "Im Ofen backen"  # type: ignore[union-attr]
    assert german.find("May", msgctxt="verb").msgstr == "Darf"  # type: ignore[union-attr]
    entry: Any = arabic.find("%(num)d cake")
    assert entry.msgstr_plural[5] == "%(num)d كعكة كثيرة"
    compiled = polib.mofile(str(po_path(folder, "de").with_suffix(".mo")))
    assert compiled.find("Bake").msgstr == "Im Ofen backen"  # type: ignore[union-attr]


# Rule 17: fuzzy is what needs review
def test_what_is_not_approved_is_written_as_fuzzy_and_not_compiled(folder: Path, session: Session) -> None:
    read_files(session)
    edit(session, "Bake", "ar", "")
    edit(session, "Bake", "ar", "مسودة", TRANSLATOR)
    write_files(session)
    entry: Any = polib.pofile(str(po_path(folder, "ar"))).find("Bake")
    assert entry.fuzzy and entry.msgstr == "مسودة"
    compiled = polib.mofile(str(po_path(folder, "ar").with_suffix(".mo")))
    assert compiled.find("Bake") is None
    row = text_of(session, "Bake", "ar")
    assert row is not None and row.state == "needs_review"
    assert read_files(session, force=True) is not None
    row = text_of(session, "Bake", "ar")
    assert row is not None and row.state == "needs_review"


# Rule 17: obsolete kept
def test_an_obsolete_sentence_stays_in_the_files_as_such(
    folder: Path, session: Session, tmp_path: Path
) -> None:
    read_files(session)
    message(session, "Bake").is_obsolete = True
    session.flush()
    write_files(session)
    entry: Any = polib.pofile(str(po_path(folder, "de"))).find("Bake", include_obsolete_entries=True)
    assert entry.obsolete and entry.msgstr == "Backen"
    assert made_anew(folder, tmp_path) == contents(folder)


# Rule 15: a new language gets the plural forms it has
def test_a_new_language_gets_a_catalogue_of_its_own(folder: Path, session: Session) -> None:
    session.add(Language(tag="pl", name="Polski", position=9))
    session.flush()
    shared.forget_all()
    read_files(session)
    edit(session, "%(num)d cake", "pl", "%(num)d ciasta", field="few")
    write_files(session)
    path = po_path(folder, "pl")
    file = polib.pofile(str(path))
    assert file.metadata["Plural-Forms"].startswith("nplurals=3;")
    assert file.metadata["Language"] == "pl" and file.metadata["Project-Id-Version"] == "Festoon 1"
    entry: Any = file.find("%(num)d cake")
    assert entry.msgstr_plural == {0: "", 1: "%(num)d ciasta", 2: ""}
    before = contents(folder)
    assert write_files(session).files == [] and contents(folder) == before


# Rule 17: a translator may go on in the file while others work here
def test_what_was_edited_by_hand_meanwhile_is_merged_before_it_is_written_over(
    folder: Path, session: Session
) -> None:
    read_files(session)
    edit(session, "Bake", "de", "Knusprig backen")
    edit_by_hand(folder, "de", "Greet %(name)s", "%(name)s begrüßen")
    write_files(session)
    file = polib.pofile(str(po_path(folder, "de")))
    said = [file.find(msgid).msgstr for msgid in ("Bake", "Greet %(name)s")]  # type: ignore[union-attr]
    assert said == ["Knusprig backen", "%(name)s begrüßen"]


def test_a_broken_file_is_left_as_it_is(folder: Path, session: Session) -> None:
    read_files(session)
    edit(session, "Bake", "de", "Knusprig backen")
    path = po_path(folder, "de")
    path.write_text(path.read_text().replace('msgid "Bake"', 'mgsid "Bake"'))
    broken = path.read_bytes()
    done = write_files(session)
    assert path.read_bytes() == broken
    assert any("messages.po (de)" in sentence for sentence in done.left)


# Rule 24: overrides of Flask-AppBuilder's own texts lie beside ours
def test_flask_appbuilders_texts_are_overridden_in_a_file_of_ours(folder: Path, session: Session) -> None:
    read_files(session)
    write_files(session)
    overrides = po_path(folder, "de", "flask_appbuilder")
    assert not overrides.exists()  # it says what Flask-AppBuilder says itself
    edit(session, "Access is Denied", "de", "Kein Zutritt")
    edit(session, "Access is Denied", "ar", "ممنوع الدخول")
    write_files(session)
    entry: Any = polib.pofile(str(overrides)).find("Access is Denied")
    assert entry.msgstr == "Kein Zutritt"
    assert not any(other.msgstr for other in polib.pofile(str(overrides)) if other.msgid != entry.msgid)
    assert po_path(folder, "ar", "flask_appbuilder").with_suffix(".mo").is_file()
    before = contents(folder)
    assert write_files(session).files == [] and contents(folder) == before


def test_where_the_folder_cannot_be_written_all_files_are_given_as_one(
    folder: Path, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_files(session)
    edit(session, "Bake", "de", "Knusprig backen")
    monkeypatch.setattr(catalogues.os, "access", lambda *_unused: False)
    before = contents(folder)
    with pytest.raises(NotWritable):
        write_files(session)
    archive = zipfile.ZipFile(BytesIO(packed(session)))
    assert contents(folder) == before
    said = archive.read("translations/de/LC_MESSAGES/messages.po").decode()
    assert 'msgstr "Knusprig backen"' in said
    assert "translations/de/LC_MESSAGES/messages.mo" in archive.namelist()


# Rule 14: what would break a page is not compiled, either
def test_an_unsafe_text_is_written_as_fuzzy(folder: Path, session: Session) -> None:
    read_files(session)
    edit(session, "Greet %(name)s", "de", "Grüße %(nmae)s")
    write_files(session)
    entry: Any = polib.pofile(str(po_path(folder, "de"))).find("Greet %(name)s")
    assert entry.fuzzy
    row = text_of(session, "Greet %(name)s", "de")
    assert row is not None and row.state == "approved"


def test_the_command_writes_them(app: Flask, folder: Path, session: Session) -> None:
    result = app.test_cli_runner().invoke(args=["translations", "sync"])
    assert result.exit_code == 0 and "new sentences" in result.output
    edit(session, "Bake", "de", "Knusprig backen")
    session.commit()
    result = app.test_cli_runner().invoke(args=["translations", "write"])
    assert result.exit_code == 0 and "de/LC_MESSAGES/messages.po" in result.output
    assert write_folder(folder) == folder
