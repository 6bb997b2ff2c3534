"""The screen of the interface's sentences: a list to find them in, and what is done with their files."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polib
import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel import queues
from app.kernel.jobs import JobKind
from app.translation import writing
from app.translation.interface import catalogues, gathering, jobs
from app.translation.interface.reading import read_files
from app.translation.interface.storing import last_runs
from app.translation.states import Hand
from tests.translation.catalogues import edit_by_hand, message, po_path, text_of

SignIn = Callable[..., FlaskClient]
LIST = "/interface-messages/"


def edit(session: Session, msgid: str, locale: str, text: str) -> None:
    writing.put(
        session, "interface_message", message(session, msgid), locale, "text", text, Hand(None, approves=True)
    )
    session.commit()


@pytest.fixture(autouse=True)
def known(folder: Path, session: Session) -> None:
    read_files(session)
    session.commit()


# Rule 24
def test_the_list_finds_sentences_and_shows_their_context(sign_in: SignIn) -> None:
    browser = sign_in("Translator")
    page = browser.get(f"{LIST}?q=May").get_data(as_text=True)
    assert "month" in page and "verb" in page and "Greet" not in page
    assert "Write files" not in page  # who translates leaves the files to others


# Rules 15 and 24
def test_a_sentence_shows_what_it_says_in_every_language_and_form(sign_in: SignIn, session: Session) -> None:
    browser = sign_in("Translator")
    key = message(session, "%(num)d cake").id
    page = browser.get(f"{LIST}{key}").get_data(as_text=True)
    assert "Form for one" in page and "Form for many" in page and "العربية" in page
    assert 'dir="rtl"' in page and "%(num)d Kuchen insgesamt" in page


def test_nobody_adds_or_edits_one_by_a_form(sign_in: SignIn, session: Session) -> None:
    browser = sign_in("Admin")
    assert browser.get(f"{LIST}add").status_code == 404
    assert browser.get(f"{LIST}{message(session, 'Bake').id}/edit").status_code == 404


# Rule 4: translators suggest over what is approved, editors approve
def test_the_rights_on_the_interface_are_those_on_its_sentences(sign_in: SignIn, session: Session) -> None:
    row = text_of(session, "Bake", "de")
    assert row is not None
    for role in ("Translator", "Editor"):
        page = sign_in(role).get(f"/translations/{row.id}")
        assert page.status_code == 200 and "Bake" in page.get_data(as_text=True)
    assert sign_in("Moderator").get(f"/translations/{row.id}").status_code in (403, 404)


def test_a_translation_leads_to_its_sentence(sign_in: SignIn, session: Session) -> None:
    row = text_of(session, "Bake", "de")
    assert row is not None
    answer = sign_in("Translator").get(f"/translations/{row.id}/record")
    assert answer.location == f"{LIST}{message(session, 'Bake').id}"


# Rule 25
def test_the_history_of_a_sentence_tells_who_wrote_what(sign_in: SignIn, session: Session) -> None:
    edit(session, "Bake", "de", "Knusprig backen")
    page = sign_in("Editor").get(f"{LIST}{message(session, 'Bake').id}/history").get_data(as_text=True)
    assert "Knusprig" in page and "Backen" in page


# Rule 24: one writes the files from the screen, and reads what was written there by hand
def test_the_files_are_written_and_read_from_the_screen(
    sign_in: SignIn, session: Session, folder: Path
) -> None:
    browser = sign_in("Editor")
    assert "Write files" in browser.get(LIST).get_data(as_text=True)
    browser.post(f"{LIST}files", data={"do": "write"})  # languages that had no file have one now
    edit(session, "Bake", "de", "Knusprig backen")
    answer = browser.post(f"{LIST}files", data={"do": "write"}, follow_redirects=True)
    assert "2 files were written." in answer.get_data(as_text=True)
    assert "de/LC_MESSAGES/messages.po" in answer.get_data(as_text=True)
    assert polib.pofile(str(po_path(folder, "de"))).find("Bake").msgstr == "Knusprig backen"  # type: ignore[union-attr]
    edit_by_hand(folder, "de", "Bake", "Im Ofen backen")
    answer = browser.post(f"{LIST}files", data={"do": "read"}, follow_redirects=True)
    assert "1 text was taken from the files." in answer.get_data(as_text=True)
    row = text_of(session, "Bake", "de")
    assert row is not None and row.text == "Im Ofen backen"
    answer = browser.post(f"{LIST}files", data={"do": "read"}, follow_redirects=True)
    assert "The files are as they were." in answer.get_data(as_text=True)


def test_where_they_cannot_be_written_the_button_says_so_and_gives_them(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = sign_in("Editor")
    monkeypatch.setattr(catalogues.os, "access", lambda *_unused: False)
    page = browser.get(LIST).get_data(as_text=True)
    assert "Download files" in page and "The files cannot be written here." in page
    answer = browser.get(f"{LIST}files.zip")
    assert answer.mimetype == "application/zip"
    assert "translations/de/LC_MESSAGES/messages.po" in zipfile.ZipFile(BytesIO(answer.data)).namelist()
    told = browser.post(f"{LIST}files", data={"do": "write"}, follow_redirects=True)
    assert "The files cannot be written here." in told.get_data(as_text=True)


# Rule 24
def test_the_code_is_searched_from_the_screen(
    sign_in: SignIn, session: Session, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    browser = sign_in("Editor")
    answer = browser.post(f"{LIST}files", data={"do": "gather"}, follow_redirects=True)
    assert "new sentences were found." in answer.get_data(as_text=True)
    assert message(session, "Bake").is_obsolete
    monkeypatch.setattr("app.web.interface.has_sources", lambda: False)
    page = browser.get(LIST).get_data(as_text=True)
    assert "source code is not on this machine." in page and "disabled" in page
    assert gathering.has_sources() and not gathering.has_sources(tmp_path)


@pytest.mark.parametrize("role", ["Translator", "Viewer"])
def test_who_may_not_keep_the_files_is_refused(sign_in: SignIn, role: str) -> None:
    browser = sign_in(role)
    assert browser.post(f"{LIST}files", data={"do": "write"}).status_code == 403
    assert browser.get(f"{LIST}files.zip").status_code == 403


def test_an_unknown_deed_is_refused(sign_in: SignIn) -> None:
    assert sign_in("Editor").post(f"{LIST}files", data={"do": "burn"}).status_code == 400


def test_a_deed_is_a_job_for_who_asked_and_is_told_where_it_began(
    sign_in: SignIn, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, Any]] = []
    number = "01990000-0000-7000-8000-00000000000b"

    def put(_self: Any, **arguments: Any) -> Any:
        asked.append(arguments)
        return SimpleNamespace(id=number)

    monkeypatch.setattr(JobKind, "later", put)
    browser = sign_in("Editor")
    answer = browser.post(f"{LIST}files", data={"do": "gather"})
    assert answer.location == f"{LIST}files/{number}"

    def stands(state: str, result: Any = None) -> None:
        monkeypatch.setattr(queues, "reader", lambda: None)
        found = queues.Progress(jobs.JOB, state, 0, 0, result)
        monkeypatch.setattr(queues, "asked_for", lambda *_args: found)

    stands("started")
    assert "data-waits" in browser.get(answer.location).get_data(as_text=True)
    done = jobs.keep_files(**asked[0])
    assert not done["is_refused"]
    assert last_runs(session)["gather"].actor == "Editor Staff"
    stands("finished", done)
    part = browser.get(answer.location, headers={"X-Part": "progress"}).get_data(as_text=True)
    assert f'data-leads="{LIST}files/{number}"' in part
    told = browser.get(answer.location, follow_redirects=True).get_data(as_text=True)
    assert done["said"] in told
    stands("failed")
    assert "alert" in browser.get(answer.location, follow_redirects=True).get_data(as_text=True)
    monkeypatch.setattr(queues, "asked_for", lambda *_args: None)
    assert browser.get(answer.location).status_code == 404


def test_a_sentence_that_is_used_no_more_is_not_shown_as_good_news(sign_in: SignIn, session: Session) -> None:
    message(session, "Bake").is_obsolete = True
    session.commit()
    page = sign_in("Translator").get(f"{LIST}?q=Bake&filter[is_obsolete]=true").get_data(as_text=True)
    (tone,) = re.findall(r'data-tone="(\w+)"[^>]*>(?:<[^>]*>)*\s*Yes<', page)
    assert tone == "secondary"
