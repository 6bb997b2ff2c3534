"""The messages follow the code: by a command and from the screen, as `make messages` gathers them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import polib
import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from flask import Flask
from sqlalchemy.orm import Session

from app.translation.interface import searching
from app.translation.interface.gathering import gather
from app.translation.interface.reading import read_files
from app.translation.interface.searching import NoSources, gather_messages, note_places
from app.translation.units import Asked, units
from tests.translation.catalogues import message, text_of

ROOT = Path(__file__).parents[2]
MAPPING = "[python: app/**.py]\n[jinja2: app/web/templates/**.html]\nencoding = utf-8\n"
CODE = """
from flask_babel import gettext as _, ngettext, pgettext
_("Bake")
# Translators: said at the door
_("Greet %(name)s")
pgettext("month", "May")
pgettext("verb", "May")
ngettext("%(num)d cake", "%(num)d cakes", 3)
"""


@pytest.fixture
def code(tmp_path: Path) -> Path:
    """Make the sources of a program that says what the small catalogues hold."""
    root = tmp_path / "program"
    (root / "app" / "web" / "templates").mkdir(parents=True)
    (root / "babel.cfg").write_text(MAPPING)
    (root / "app" / "pages.py").write_text(CODE)
    (root / "app" / "web" / "templates" / "door.html").write_text('<p>{{ _("Bake") }}</p>')
    return root


# Rule 24: the same sentences, in the same form
def test_it_gathers_what_make_messages_does(tmp_path: Path) -> None:
    template = tmp_path / "messages.pot"
    command = ["-q", "extract", "-F", "babel.cfg", "-k", "_l", "-k", "lazy_gettext", "-o", str(template)]
    command += ["--no-location", "--sort-output", "--omit-header", "--width", "100"]
    command += ["--add-comments", "Translators:", "."]
    python = [sys.executable, "-m", "babel.messages.frontend"]
    subprocess.run([*python, *command], check=True, cwd=ROOT, capture_output=True)
    ours: Catalog = gather()
    with (tmp_path / "ours.pot").open("wb") as file:
        write_po(file, ours, no_location=True, sort_output=True, omit_header=True, width=100)
    assert (tmp_path / "ours.pot").read_bytes() == template.read_bytes()
    assert len(polib.pofile(str(template))) > 300


def test_it_tells_where_a_sentence_is_used_and_what_the_code_says_of_it(
    folder: Path, session: Session, code: Path
) -> None:
    read_files(session)
    done = gather_messages(session, code)
    assert (done.added, done.gone) == (0, 0)
    assert message(session, "Bake").where_used.splitlines() == [
        "app/pages.py:3",
        "app/web/templates/door.html:1",
    ]
    assert message(session, "Greet %(name)s").comment == "Translators: said at the door"
    assert message(session, "Greet %(name)s").flags == "python-format"
    found = units(session, None, Asked("ar"), limit=100)
    note = next(unit.note for unit in found if unit.title.startswith("Greet"))
    assert note == "Translators: said at the door\napp/pages.py:5"


# Rule 24: a new sentence is missing, a gone one is used no more and comes back with its texts
def test_new_sentences_are_missing_and_gone_ones_obsolete(folder: Path, session: Session, code: Path) -> None:
    read_files(session)
    pages = code / "app" / "pages.py"
    pages.write_text(CODE.replace('_("Bake")', '_("Zebra crossing ahead")'))
    (code / "app" / "web" / "templates" / "door.html").unlink()
    done = gather_messages(session, code)
    assert (done.added, done.gone, done.back) == (1, 1, 0)
    assert message(session, "Bake").is_obsolete
    row = text_of(session, "Bake", "de")
    assert row is not None and row.text == "Backen"
    titles = {unit.title: unit.state for unit in units(session, None, Asked("de"), limit=100)}
    assert titles["Zebra crossing ahead"] == "missing" and "Bake" not in titles
    assert read_files(session) is None and read_files(session, force=True) is not None
    assert not message(session, "Zebra crossing ahead").is_obsolete  # no file has ended it
    pages.write_text(CODE)
    done = gather_messages(session, code)
    assert (done.added, done.gone, done.back) == (0, 1, 1)
    assert not message(session, "Bake").is_obsolete


# Rule 17: similar ones are offered to be reviewed
def test_a_similar_sentence_lends_its_texts_to_be_reviewed(
    folder: Path, session: Session, code: Path
) -> None:
    read_files(session)
    (code / "app" / "pages.py").write_text(CODE.replace("Greet %(name)s", "Greet %(name)s!"))
    done = gather_messages(session, code)
    row = text_of(session, "Greet %(name)s!", "de")
    assert row is not None and done.offered == 2
    assert (row.text, row.state, row.tool) == ("%(name)s grüßen", "needs_review", searching.TOOL)


# Rule 16
def test_a_context_makes_a_sentence_of_its_own(folder: Path, session: Session, code: Path) -> None:
    read_files(session)
    (code / "app" / "pages.py").write_text(CODE + '\n_("May")\n')
    gather_messages(session, code)
    assert text_of(session, "May", "ar") is None or message(session, "May").context == ""
    month = text_of(session, "May", "de", context="month")
    assert month is not None and month.text == "Mai"


def test_places_are_noted_without_making_or_ending_a_sentence(
    folder: Path, session: Session, code: Path
) -> None:
    read_files(session)
    (code / "app" / "pages.py").write_text('_("Bake")\n_("Brand new")\n')
    note_places(session, code)
    assert "app/pages.py:1" in message(session, "Bake").where_used
    assert not message(session, "Greet %(name)s").is_obsolete


def test_without_sources_it_says_so(session: Session, tmp_path: Path) -> None:
    with pytest.raises(NoSources):
        gather_messages(session, tmp_path)


# Rule 24: CI fails where a sentence is in the code and in no catalogue, see tests/rules/test_catalogues.py
def test_the_command_gathers(app: Flask, folder: Path, session: Session) -> None:
    result = app.test_cli_runner().invoke(args=["translations", "gather"])
    assert result.exit_code == 0, result.output
    assert " new, " in result.output and " used no more" in result.output
