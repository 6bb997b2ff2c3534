"""Catalogues of other projects, found where they are installed, are read and written without a loss."""

from __future__ import annotations

import subprocess
import sysconfig
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import polib
import pytest

from app.translation.files.entries import Malformed
from app.translation.files.gettext_files import Message, header_of, read_messages, write_messages
from app.translation.interface.plurals import plurals_of

ROOT = Path(__file__).resolve().parents[2]
INSTALLED = Path(sysconfig.get_paths()["purelib"])


@cache
def catalogues() -> tuple[Path, ...]:
    """Find the catalogues of installed packages, and our own."""
    return (*sorted(INSTALLED.rglob("*.po")), *sorted((ROOT / "translations").rglob("*.po")))


def facts(entry: polib.POEntry) -> tuple[Any, ...]:
    return (
        entry.msgctxt,
        entry.msgid,
        entry.msgid_plural,
        entry.msgstr,
        sorted(entry.msgstr_plural.items()),
        entry.flags,
        (entry.previous_msgctxt, entry.previous_msgid, entry.previous_msgid_plural),
        bool(entry.obsolete),
        (entry.comment, entry.tcomment, entry.occurrences),
    )


def read(path: Path) -> tuple[list[Message], list[Malformed]]:
    found = list(read_messages(path.read_text("utf-8")))
    return (
        [one for one in found if isinstance(one, Message)],
        [one for one in found if isinstance(one, Malformed)],
    )


def test_real_catalogues_are_written_as_they_were_read() -> None:
    projects = {path.relative_to(INSTALLED).parts[0] for path in catalogues() if INSTALLED in path.parents}
    projects |= {"festoon"}
    assert len(projects) >= 3, projects
    count = 0
    for path in catalogues():
        messages, broken = read(path)
        lost = {str(one.line) for one in broken}
        wanted = [facts(entry) for entry in polib.pofile(str(path))]
        got = [facts(entry) for entry in polib.pofile(write_messages(messages))]
        if lost:  # a message that is no message is told, and the others are whole
            assert len(wanted) - len(got) == len(lost), path
            assert all(entry in wanted for entry in got), path
        else:
            assert got == wanted, path
        count += len(got)
    assert count > 5_000


# Rule 17: obsolete kept, and what the source said before
def test_what_is_obsolete_and_what_was_said_before_is_kept(tmp_path: Path) -> None:
    arabic = ROOT / "translations" / "ar" / "LC_MESSAGES" / "messages.po"
    catalogue = polib.pofile(str(arabic))
    for position, entry in enumerate(catalogue):
        entry.obsolete = position % 3 == 0
        entry.previous_msgid = f"before\n{entry.msgid}" if position % 2 else None
        entry.flags += ["fuzzy"] if position % 2 else []
        entry.tcomment, entry.comment = f"for {position}", f"of {position}\nthe source"
    path = tmp_path / "messages.po"
    catalogue.save(str(path))
    messages, broken = read(path)
    wanted = [facts(entry) for entry in polib.pofile(str(path))]
    assert broken == []
    assert [facts(entry) for entry in polib.pofile(write_messages(messages))] == wanted
    assert sum(message.is_obsolete for message in messages) > 100
    assert sum(message.previous_id is not None for message in messages) > 100


def test_a_message_of_a_real_catalogue_that_is_broken_is_told_with_its_line() -> None:
    italian = INSTALLED / "flask_appbuilder" / "translations" / "it" / "LC_MESSAGES" / "messages.po"
    messages, broken = read(italian)
    assert len(messages) > 100
    lines = italian.read_text("utf-8").split("\n")
    for one in broken:
        assert lines[one.line - 1].startswith("msgstr"), one


# Rule 15
def test_the_plurals_of_real_catalogues_are_understood() -> None:
    counts: dict[str, int] = {}
    for path in catalogues():
        messages, _broken = read(path)
        header = header_of(messages[0])
        said = dict(part.strip().partition("=")[::2] for part in header.get("plural-forms", "").split(";"))
        language = path.parts[-3].replace("_", "-")
        if "nplurals" in said and said["nplurals"].isdecimal():
            forms = plurals_of(language, int(said["nplurals"]), said.get("plural", "0")).forms
            assert len(set(forms)) == int(said["nplurals"]), path
            counts[language] = len(forms)
    assert counts["ar"] == 6
    assert len(set(counts.values())) >= 4, counts


def messages_of(*texts: str) -> Iterator[Message]:
    yield Message(strings={0: "Language: de\nContent-Type: text/plain; charset=UTF-8\n"})
    for position, text in enumerate(texts):
        yield Message(id=f"{position}", strings={0: text}, is_obsolete=position % 2 == 1, flags=["fuzzy"])


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ('msgid "a"\nmsgstr "b', 2),
        ('msgid "a"\nmsgstr b"', 2),
        ('msgid "a"\n\nmsgid "b"\nmsgstr "c"', 3),
        ('"floating"\nmsgid "a"\nmsgstr "b"', 1),
        ('msgid "a"\nmsgstr "b"\nmsgstr "c"', 3),
        ('msgstr "b"', 1),
        ("nonsense", 1),
    ],
)
def test_what_is_broken_is_told_with_its_line_and_the_next_message_is_read(text: str, wrong: int) -> None:
    found = list(read_messages(f'{text}\n\nmsgid "next"\nmsgstr "text"\n'))
    assert [one.line for one in found if isinstance(one, Malformed)] == [wrong]
    assert [one.strings for one in found if isinstance(one, Message)][-1:] == [{0: "text"}]


def test_messages_need_no_empty_line_between_them() -> None:
    text = 'msgid "a"\nmsgstr "b"\nmsgid "c"\nmsgstr "d"\n# words\nmsgctxt "e"\nmsgid "f"\nmsgstr "g"\n'
    text += '#~ msgid "h"\n#~ msgstr "i"\n'
    found = [one for one in read_messages(text) if isinstance(one, Message)]
    assert [(one.id, one.strings[0], one.is_obsolete) for one in found] == [
        ("a", "b", False),
        ("c", "d", False),
        ("f", "g", False),
        ("h", "i", True),
    ]
    assert found[2].comments == ["words"]


def test_escapes_are_read_as_gettext_reads_them() -> None:
    [found] = read_messages('msgid "a\\tb\\x41\\101\\\\n\\q"\nmsgstr "\\"\\n"\n')
    assert isinstance(found, Message)
    assert (found.id, found.strings) == ("a\tbAA\\nq", {0: '"\n'})


def test_msgfmt_takes_what_we_write(tmp_path: Path) -> None:
    """Babel's compiler stands for gettext's own, which is not everywhere."""
    path = tmp_path / "messages.po"
    path.write_text(write_messages(messages_of("one", "two\nlines", 'a "quoted" \\ word')), "utf-8")
    babel = Path(sysconfig.get_paths()["scripts"]) / "pybabel"
    run = subprocess.run(
        [str(babel), "compile", "-f", "-i", str(path), "-o", str(tmp_path / "messages.mo"), "-l", "de"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    compiled = {entry.msgid: entry.msgstr for entry in polib.mofile(str(tmp_path / "messages.mo"))}
    assert compiled["2"] == 'a "quoted" \\ word'
