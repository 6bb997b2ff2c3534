"""The texts of the demo as files: translate-toolkit finds nothing wrong with them, and they change nothing."""

from __future__ import annotations

import subprocess
import sysconfig
from pathlib import Path

import polib
import pytest
from sqlalchemy.orm import Session

from tests.demo.test_load import app, loaded  # noqa: F401  # the demo, loaded once for the module
from tests.translation.carrying import KINDS, counted, exported, imported, state_of

LANGUAGES = ("de", "es", "hi", "ar")
SEVERE = (
    "accelerators", "blank", "compendiumconflicts", "credits", "emails", "endwhitespace", "escapes",
    "newlines", "notranslatewords", "nplurals", "options", "printf", "pythonbraceformat", "startwhitespace", "tabs",
    "untranslated", "urls", "validchars", "variables", "xmltags",
)  # fmt: skip
"""What would be wrong with the file, or break the page that shows the text; the others are matters of taste, as are
brackets, in which translators explain a word."""


def pofilter(path: Path, tmp_path: Path) -> list[tuple[str, str]]:
    """Have pofilter judge a file, in a process of its own; gives (source, what it found)."""
    program = Path(sysconfig.get_paths()["scripts"]) / "pofilter"
    found = tmp_path / "found"
    tests = [part for name in SEVERE for part in ("-t", name)]
    run = subprocess.run(
        [str(program), "--progress=none", "--nofuzzy", *tests, str(path), str(found)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    if not found.exists():
        return []
    return [(entry.msgid, entry.tcomment) for entry in polib.pofile(str(found))]


# Rule 17
@pytest.mark.parametrize("locale", LANGUAGES)
def test_translate_toolkit_finds_nothing_wrong_with_the_texts_of_the_demo(
    session: Session, locale: str, tmp_path: Path
) -> None:
    content = exported(session, "po", locale, states=("approved",))
    path = tmp_path / f"{locale}.po"
    path.write_text(content, "utf-8")
    assert content.count("msgctxt") > 100
    assert pofilter(path, tmp_path) == []


def test_translate_toolkit_would_find_what_is_wrong(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "de.po"
    path.write_text(
        'msgid ""\nmsgstr "Language: de\\nContent-Type: text/plain; charset=UTF-8\\n"\n\n'
        'msgid "Hello %(name)s"\nmsgstr "Hallo %(nam)s"\n',
        "utf-8",
    )
    assert [source for source, _found in pofilter(path, tmp_path)] == ["Hello %(name)s"]


# Rule 17
@pytest.mark.parametrize("kind", KINDS)
def test_the_demo_exported_and_imported_again_is_the_same(session: Session, kind: str) -> None:
    before = state_of(session)
    for locale in ("de", "ar"):
        done = imported(session, exported(session, kind, locale))
        assert set(counted(done)) <= {"unchanged", "empty"}, done.faults[:3]
        assert done.total > 200
    assert state_of(session) == before
