"""An approved text of the interface is live at once, wherever the program speaks; one that could harm never is."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale, gettext, lazy_gettext, ngettext, npgettext, pgettext
from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.kernel.db import db, unit_of_work
from app.translation import writing
from app.translation.interface.catalogues import mark_of
from app.translation.interface.live import voice_of, words
from app.translation.interface.models import InterfaceMessage
from app.translation.interface.reading import read_files
from app.translation.interface.safety import fault_of, is_safe, unsafe_text
from app.translation.models import Translation
from app.translation.states import Hand
from tests.translation.catalogues import message, text_of

EDITOR = Hand(None, approves=True)
ROOT = Path(__file__).parents[2]


def new_message(session: Session, msgid: str, plural: str = "", context: str = "") -> InterfaceMessage:
    mark = mark_of("festoon", context, msgid)
    row = InterfaceMessage(
        domain="festoon", msgid=msgid, msgid_plural=plural, context=context, mark=mark, in_files={}
    )
    session.add(row)
    session.flush()
    return row


def say(
    session: Session,
    row: InterfaceMessage,
    locale: str,
    text: str,
    field: str = "text",
    hand: Hand = EDITOR,
) -> None:
    writing.put(session, "interface_message", row, locale, field, text, hand)
    session.flush()


def german(browser: FlaskClient, path: str = "/login/") -> str:
    return str(browser.get(path, headers={"Accept-Language": "de"}).get_data(as_text=True))


# Rule 24: live without a restart, in a template whose sentences are written out
def test_an_approved_text_is_on_the_next_page(client: FlaskClient, session: Session) -> None:
    assert "Anmelden ·" in german(client)
    say(session, new_message(session, "Sign in"), "de", "Hereinspaziert")
    assert "Hereinspaziert ·" in german(client)
    assert "Sign in ·" in client.get("/login/").get_data(as_text=True)


# Rule 4: what is not approved is not shown
def test_a_text_that_waits_for_review_is_not_live(client: FlaskClient, session: Session) -> None:
    row = new_message(session, "Sign in")
    say(session, row, "de", "Hereinspaziert", hand=Hand(None, approves=False))
    assert "Anmelden ·" in german(client)
    text = session.query(Translation).filter_by(object_id=row.id).one()
    writing.approve(session, text, row, EDITOR)
    session.flush()
    assert "Hereinspaziert ·" in german(client)


# Rule 4: a text of the files that somebody rejected is shown no longer
def test_a_rejected_text_is_taken_off_although_the_files_have_it(folder: Path, session: Session) -> None:
    read_files(session)
    assert voice_of("de").gettext("Bake") == "Backen"
    row = text_of(session, "Bake", "de")
    assert row is not None
    writing.reject(session, row, EDITOR, "wrong")
    session.flush()
    assert voice_of("de").gettext("Bake") == "Bake"


# Rule 24: lists keep what stands around their rows
def test_the_head_of_a_list_and_the_menu_follow(
    sign_in: Callable[..., FlaskClient], session: Session
) -> None:
    browser = sign_in("Editor")
    before = german(browser, "/packages/")
    assert "Pakete" in before
    say(session, new_message(session, "Packages"), "de", "Festpakete")
    say(session, new_message(session, "Filter"), "de", "Siebwerk")
    after = german(browser, "/packages/")
    assert "Festpakete" in after and "Siebwerk" in after


# Rule 24: lazy words, plurals and contexts
def test_lazy_words_plurals_and_contexts_follow(app: Flask, session: Session) -> None:
    lazy = lazy_gettext("Save")
    say(session, new_message(session, "Save"), "de", "Festhalten")
    cakes = new_message(session, "%(num)d cake", "%(num)d cakes")
    for name, text in (("one", "%(num)d Kuchen"), ("other", "%(num)d viele Kuchen")):
        say(session, cakes, "de", text, name)
    say(session, new_message(session, "May", context="verb"), "de", "Darf")
    say(session, new_message(session, "May", context="month"), "de", "Mai")
    boxes = new_message(session, "%(num)d box", "%(num)d boxes", context="cake")
    say(session, boxes, "de", "%(num)d Schachteln", "other")
    with app.test_request_context(), force_locale("de"):
        assert str(lazy) == "Festhalten"
        assert ngettext("%(num)d cake", "%(num)d cakes", 1) == "1 Kuchen"
        assert ngettext("%(num)d cake", "%(num)d cakes", 5) == "5 viele Kuchen"
        assert (pgettext("verb", "May"), pgettext("month", "May")) == ("Darf", "Mai")
        assert npgettext("cake", "%(num)d box", "%(num)d boxes", 3) == "3 Schachteln"


# Rule 24: Flask-AppBuilder's sentences too
def test_flask_appbuilders_sentences_are_spoken(app: Flask, session: Session, folder: Path) -> None:
    with app.test_request_context(), force_locale("de"):
        assert gettext("Access is Denied") == "Zugriff verweigert"
    read_files(session)
    say(session, message(session, "Access is Denied"), "de", "Kein Zutritt")
    with app.test_request_context(), force_locale("de"):
        assert gettext("Access is Denied") == "Kein Zutritt"


# Rule 7: a language without a catalogue of its own falls back form by form
def test_a_fallback_gives_the_form_of_the_same_category(app: Flask, session: Session) -> None:
    cakes = new_message(session, "%(num)d cake", "%(num)d cakes")
    say(session, cakes, "de", "%(num)d Kuchen", "other")
    assert voice_of("de_AT").ngettext("%(num)d cake", "%(num)d cakes", 7) == "%(num)d Kuchen"


# Rule 14
@pytest.mark.parametrize(
    ("msgid", "plural", "text"),
    [
        ("Greet %(name)s", "", "Grüße"),
        ("Greet %(name)s", "", "Grüße %(nmae)s"),
        ("Greet %(name)s", "", "Grüße %(name)d"),
        ("Greet %(name)s", "", "Grüße %(name)"),
        ("Greet %(name)s", "", "Grüße %(name)s zu 100 %%"),
        ("It is baked", "", "100 % fertig"),
        ("It is baked", "", "Fertig %s"),
        ("%(num)d cake", "%(num)d cakes", "%(number)d Kuchen"),
        ("See {page}", "", "Siehe {seite}"),
        ("It is baked", "", "Fertig <script>alert(1)</script>"),
        ("It is baked", "", "Fertig <b"),
        ("Go <b>on</b>", "", "<b onclick=x>Weiter</b>"),
        ("It is baked", "", 'Fertig" onmouseover="alert(1)'),
    ],
)
def test_a_text_that_could_break_a_page_is_never_shown(
    app: Flask, session: Session, msgid: str, plural: str, text: str
) -> None:
    assert fault_of(msgid, plural, text)
    field = "other" if plural else "text"
    say(session, new_message(session, msgid, plural), "de", text, field)
    voice = voice_of("de")
    assert (voice.ngettext(msgid, plural, 7) if plural else voice.gettext(msgid)) in (plural, msgid)


# Rule 14: no false alarm
@pytest.mark.parametrize(
    ("msgid", "plural", "text"),
    [
        ("Greet %(name)s", "", "%(name)s grüßen"),
        ("%(num)d cake", "%(num)d cakes", "ein Kuchen"),
        ("%(num)d cake by %(name)s", "%(num)d cakes by %(name)s", "Kuchen von %(name)s"),
        ("Go <b>on</b>", "", "Mach <b>weiter</b>"),
        ("It is baked", "", "L'été & l'hiver > tout"),
        ('Say {"a": 1}.', "", 'Sag {"a": 1}.'),
        ("See {page}", "", "{page}を見る"),
        ("100%", "", "100 %"),
    ],
)
def test_a_sound_text_is_shown(msgid: str, plural: str, text: str) -> None:
    assert is_safe(msgid, plural, text)


# Rule 14: who writes such a text is told, and it is not taken
@pytest.mark.parametrize(
    ("sources", "text", "detail"),
    [
        (("Done",), 'Fertig "so"', "quotes"),
        (("Done",), "Fertig <b", "markup"),
        (("%(num)d cake", "%(num)d cakes"), "%(nmu)d Kuchen", "placeholders"),
    ],
)
def test_the_translator_is_told_what_would_not_be_shown(
    app: Flask, sources: tuple[str, ...], text: str, detail: str
) -> None:
    found = unsafe_text(sources, text)
    assert found is not None and found.is_error and found.detail == detail
    assert unsafe_text(sources, "") is None and unsafe_text((), text) is None
    if detail == "quotes":
        assert found.fix == "Fertig “so”"


# Rule 14: a form for one number may leave the number out, also where English says the same of one and of many
def test_the_translator_is_told_only_of_what_would_not_be_shown(app: Flask) -> None:
    same = "%(num)d done today"
    assert is_safe(same, same, "واحد تم اليوم")
    assert unsafe_text((same, same), "واحد تم اليوم") is None
    assert unsafe_text((same,), "واحد تم اليوم") is not None


def test_the_products_own_texts_are_all_sound(app: Flask, session: Session) -> None:
    read_files(session)
    rows = session.query(InterfaceMessage, Translation).filter(Translation.object_id == InterfaceMessage.id)
    assert [t.text for m, t in rows if not is_safe(m.msgid, m.msgid_plural, t.text)] == []


# Rule 3: the words cost a page nothing, and a text of a record leaves them alone
def test_a_page_asks_the_database_for_no_words(
    client: FlaskClient, session: Session, count_statements: Callable[[], Any]
) -> None:
    german(client)
    with count_statements() as seen:
        german(client)
    assert [statement for statement in seen if "interface_message" in statement] == []


def test_a_text_of_a_record_leaves_the_words_as_they_are(session: Session) -> None:
    from tests.factories import PackageFactory, translate

    package = PackageFactory()
    session.commit()
    before = words.get()
    translate(package, "de", name="Paket")
    session.commit()
    assert words.get() is before


def test_words_are_read_by_one_statement(
    session: Session, folder: Path, count_statements: Callable[[], Any]
) -> None:
    read_files(session)
    session.commit()
    with count_statements() as seen:
        words.forget()
        words.get()
    assert len(seen) == 1


@pytest.fixture
def other(whole_app: Flask, database_url: str) -> Iterator[subprocess.Popen[str]]:
    """Start another web process on the same database; what the test commits there goes again."""
    command = [sys.executable, "-m", "tests.translation.speaker", database_url]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT
    )
    try:
        yield process
    finally:
        process.stdin.close()  # type: ignore[union-attr]
        process.wait(20)
        process.stdout.close()  # type: ignore[union-attr]
        with whole_app.app_context(), unit_of_work() as session:
            session.execute(delete(Translation).where(Translation.content_type == "interface_message"))
            session.execute(delete(InterfaceMessage))


def asked(process: subprocess.Popen[str], wanted: str = "") -> str:
    """Ask the other process for its page until it says what is wanted, or five seconds are over."""
    deadline = time.monotonic() + 5
    while True:
        process.stdin.write("\n")  # type: ignore[union-attr]
        process.stdin.flush()  # type: ignore[union-attr]
        said = ""
        while not said.startswith("said: "):  # its log goes the same way
            said = str(process.stdout.readline()).strip()  # type: ignore[union-attr]
        said = said.removeprefix("said: ")
        if said == wanted or not wanted or time.monotonic() > deadline:
            return said
        time.sleep(0.05)


# Rule 24: in all processes without a restart
def test_another_process_says_it_without_a_restart(whole_app: Flask, other: subprocess.Popen[str]) -> None:
    assert asked(other) == "Anmelden"
    with whole_app.app_context():
        with unit_of_work() as session:
            row = new_message(session, "Sign in")
            say(session, row, "de", "Hereinspaziert")
        assert asked(other, "Hereinspaziert") == "Hereinspaziert"
        with unit_of_work() as session:
            say(session, db.session.get_one(InterfaceMessage, row.id), "de", "Kommt herein")
        assert asked(other, "Kommt herein") == "Kommt herein"
        db.session.remove()
