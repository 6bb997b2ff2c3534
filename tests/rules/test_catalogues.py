"""Every string of the interface is in every catalogue: translated, whole, with the same placeholders."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import polib
import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.plurals import get_plural

ROOT = Path(__file__).parents[2]
TRANSLATED = ("de", "es", "hi", "ar")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
SAME_EVERYWHERE = {
    "CSV", "Excel", "Status", "Text", "Name", "Import", "Total", "Cultural", "No", "Roles", "Filter", "National",
    "%(thing)s %(title)s", "%(name)s, %(when)s",
    "%(number)s kB", "Bot", "Bot:", "Browser", "Desktop", "Form", "Mail", "Mails", "System",
    "Live", "Tokens", "16:9", "Format", "Link", "Median", "Code", "Logo", "Simulator", "Series",
    "%(name)s: %(refusal)s", "in %(room)s", "%(client)s (%(number)s)", "%(day)s, %(time)s (%(place)s)",
    "%(time)s (%(place)s)",
}  # fmt: skip
"""Words that a language may share with English."""


def catalogue(locale: str) -> list[polib.POEntry]:
    """Give the sentences of a language that are in use; those that are not any more stay in its file."""
    entries = polib.pofile(str(ROOT / "translations" / locale / "LC_MESSAGES" / "messages.po"))
    return [entry for entry in entries if not entry.obsolete]


@cache
def messages() -> frozenset[tuple[str, str]]:
    """Gather the strings of the program: (the string, its plural or nothing)."""
    with (ROOT / "babel.cfg").open() as mapping:
        methods, options = parse_mapping_cfg(mapping)
    keywords = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
    methods = [(pattern.removeprefix("app/"), method) for pattern, method in methods]
    options = {pattern.removeprefix("app/"): option for pattern, option in options.items()}
    found = extract_from_dir(str(ROOT / "app"), methods, options, keywords=keywords)
    texts = (message for _file, _line, message, _comments, _context in found)
    return frozenset((text, "") if isinstance(text, str) else (text[0], text[1]) for text in texts)


@cache
def strings() -> frozenset[str]:
    """Give the strings of the program, each in the form that names it."""
    return frozenset(one for one, _many in messages())


def forms(entry: polib.POEntry) -> Iterator[str]:
    yield from entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]


@pytest.mark.parametrize("locale", ["en", *TRANSLATED])
def test_the_catalogue_holds_exactly_the_strings_of_the_program(locale: str) -> None:
    known = {entry.msgid for entry in catalogue(locale)}
    assert len(strings()) > 300
    assert strings() - known == frozenset()
    assert known - strings() == set()


@pytest.mark.parametrize("locale", TRANSLATED)
def test_every_string_is_translated_with_its_placeholders(locale: str) -> None:
    wrong = []
    for entry in catalogue(locale):
        wanted = set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
        for form in forms(entry):
            held = set(PLACEHOLDER.findall(form))
            if not form or entry.fuzzy or not (held == wanted or (entry.msgid_plural and held <= wanted)):
                wrong.append(entry.msgid)
    assert wrong == []


@pytest.mark.parametrize("locale", TRANSLATED)
def test_nothing_was_left_in_english(locale: str) -> None:
    same = {entry.msgid for entry in catalogue(locale) if entry.msgstr == entry.msgid}
    assert same - SAME_EVERYWHERE == set()


@pytest.mark.parametrize("locale", TRANSLATED)
def test_every_plural_has_the_forms_of_its_language(locale: str) -> None:
    plurals = [entry for entry in catalogue(locale) if entry.msgid_plural]
    assert plurals
    assert {len(entry.msgstr_plural) for entry in plurals} == {get_plural(locale).num_plurals}


@pytest.mark.parametrize("locale", ["en", *TRANSLATED])
def test_the_compiled_catalogue_says_the_same(locale: str) -> None:
    compiled = polib.mofile(str(ROOT / "translations" / locale / "LC_MESSAGES" / "messages.mo"))
    said = {entry.msgid: list(forms(entry)) for entry in compiled}
    written = {entry.msgid: list(forms(entry)) for entry in catalogue(locale) if any(forms(entry))}
    assert {key: said.get(key) for key in written} == written
