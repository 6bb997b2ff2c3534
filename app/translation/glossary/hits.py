"""Finds the terms of the glossary in a text: whole words in any number, the longest first, all in one pass."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, event, select
from sqlalchemy.orm import Session

from app.kernel import languages
from app.kernel.locales import SOURCE
from app.kernel.shared import Shared
from app.translation.glossary.models import GlossaryTerm, Rule
from app.translation.models import SHOWN_STATES, Translation
from app.translation.words import words

_terms: Any = GlossaryTerm.__table__
_texts: Any = Translation.__table__
_NAME = str(_terms.name)
_ENDINGS: Mapping[str, tuple[str, ...]] = {
    "de": ("ern", "er", "en", "em", "es", "e", "n", "s"),
    "es": ("es", "s"),
    "fr": ("s", "x"),
    "pt": ("es", "s"),
    "it": ("i", "e"),
    "nl": ("en", "s"),
}
"""What a forbidden word may end with as well."""
_SHORTEST = 3
_OWNER = re.compile(r"['\u2019](?:s)?\Z")


@dataclass(frozen=True, slots=True)
class Hit:
    """A term that was found. `span` is its place: in the source, or of a forbidden word in the text.

    `wanted` is how the term is translated, or what to say instead; "" where nobody has said so yet. `blocks`
    tells whether a text against it is refused.
    """

    term_id: UUID
    term: str
    rule: str
    span: tuple[int, int]
    wanted: str
    note: str
    blocks: bool
    is_case_sensitive: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A term as it is looked for: its words in their basic form, and the signs around and between them."""

    id: UUID
    term: str
    rule: str
    note: str
    instead: str
    is_case_sensitive: bool
    words: tuple[str, ...]
    gaps: tuple[str, ...]
    texts: dict[str, str] = field(default_factory=dict)


class Index:
    """Terms by their first word."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._by_word: dict[str, list[Entry]] = {}

    def add(self, entry: Entry) -> None:
        """Take a term in."""
        if entry.words:
            first = entry.words[0].casefold()
            key = basic(first, self.language) if len(entry.words) == 1 else first
            known = self._by_word.setdefault(key, [])
            known.append(entry)
            known.sort(key=lambda other: (-len(other.term), other.rule))

    def find(self, text: str) -> Iterator[tuple[Entry, tuple[int, int]]]:
        """List the terms of a text in their order; where two lie over each other the longer one counts."""
        if not self._by_word:
            return
        found = list(words(text))
        taken = -1
        for place, word in enumerate(found):
            if word.start() < taken:
                continue
            folded = word[0].casefold()
            entries = {
                id(e): e for key in (folded, basic(folded, self.language)) for e in self._by_word.get(key, ())
            }
            for entry in sorted(entries.values(), key=lambda other: (-len(other.term), other.rule)):
                if (span := self._match(entry, text, found[place : place + len(entry.words)])) is not None:
                    yield entry, span
                    taken = span[1]
                    break

    def _match(self, entry: Entry, text: str, found: list[re.Match[str]]) -> tuple[int, int] | None:
        if len(found) < len(entry.words):
            return None
        *firsts, last = (word[0] for word in found)
        if any(not _same(said, word, entry) for said, word in zip(firsts, entry.words, strict=False)):
            return None
        if not self._ends(last, entry):
            return None
        before, *between, after = entry.gaps
        for one, two, gap in zip(found, found[1:], between, strict=False):
            if " ".join(text[one.end() : two.start()].split()) != gap:
                return None
        begin, end = found[0].start() - len(before), found[-1].end() + len(after)
        fits = (
            begin >= 0 and text[begin : found[0].start()] == before and text[found[-1].end() : end] == after
        )
        return (begin, end) if fits else None

    def _ends(self, said: str, entry: Entry) -> bool:
        """Tell whether the last word is the term's, in whatever number or case."""
        word = entry.words[-1]
        if entry.is_case_sensitive and not said.startswith(word[: max(1, len(word) - 1)]):
            return False
        return basic(said.casefold(), self.language) == basic(word.casefold(), self.language)


def _same(said: str, word: str, entry: Entry) -> bool:
    return said == word if entry.is_case_sensitive else said.casefold() == word.casefold()


@lru_cache(maxsize=16_384)
def basic(word: str, language: str) -> str:
    """Give the basic form of a word in small letters, as well as that goes without a dictionary."""
    word = _OWNER.sub("", word)
    if language != SOURCE:
        for ending in _ENDINGS.get(language, ()):
            if word.endswith(ending) and len(word) - len(ending) > _SHORTEST:
                return word[: -len(ending)]
        return word
    if len(word) <= _SHORTEST or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > _SHORTEST + 1:
        return word[:-3] + "y"
    if word.endswith(("ses", "xes", "zes", "ches", "shes")):
        return word[:-2]
    return word.removesuffix("s")


@dataclass(frozen=True)
class Glossary:
    """All terms: those of the source language, and the words not to be used by language."""

    source: Index
    forbidden: Mapping[str, Index]
    count: int


def load(connection: Connection) -> Glossary:
    """Read all terms, and what they are in other languages."""
    texts: dict[UUID, dict[str, str]] = {}
    translated = select(_texts.c.object_id, _texts.c.locale, _texts.c.text).where(
        _texts.c.content_type == _NAME,
        _texts.c.field == "term",
        _texts.c.state.in_(SHOWN_STATES),
        _texts.c.text != "",
    )
    for key, locale, text in connection.execute(translated):
        texts.setdefault(key, {})[locale] = text
    source, count = Index(SOURCE), 0
    forbidden: dict[str, Index] = {}
    for row in connection.execute(select(_terms)):
        count += 1
        entry = _entry(row, texts.get(row.id, {}))
        if row.rule == Rule.FORBID:
            forbidden.setdefault(row.language.lower(), Index(_base(row.language))).add(entry)
        else:
            source.add(entry)
    return Glossary(source, forbidden, count)


def _entry(row: Any, texts: dict[str, str]) -> Entry:
    found = list(words(row.term))
    gaps = [row.term[one.end() : two.start()] for one, two in pairwise(found)]
    before = row.term[: found[0].start()] if found else ""
    after = row.term[found[-1].end() :] if found else ""
    return Entry(
        id=row.id,
        term=row.term,
        rule=row.rule,
        note=row.note,
        instead=row.instead,
        is_case_sensitive=row.is_case_sensitive,
        words=tuple(word[0] for word in found),
        gaps=(before.strip(), *(" ".join(gap.split()) for gap in gaps), after.strip()),
        texts=texts,
    )


_glossary = Shared("glossary", tables=(_NAME,), load=load)


def _base(tag: str) -> str:
    return tag.replace("_", "-").split("-")[0].lower()


def hits(
    session: Session, source: str, locale: str, text: str = "", *, besides: UUID | None = None
) -> tuple[Hit, ...]:
    """List the terms of a source text, and the forbidden words of its translation into a language.

    No statement is run but the one that reads a glossary which was changed. `besides` is a term that does
    not count: the one that is just translated.
    """
    glossary = _glossary.get()
    if not glossary.count:
        return ()
    known = languages.find(locale)
    blocks = known is not None and known.glossary_blocks
    chain = [tag for tag in (locale, *languages.chain(locale)) if _base(tag) == _base(locale)]
    found = [_hit(entry, span, blocks, chain) for entry, span in glossary.source.find(source)]
    for tag in dict.fromkeys(tag.lower() for tag in chain):
        if text and (index := glossary.forbidden.get(tag)) is not None:
            found += [_hit(entry, span, blocks, chain) for entry, span in index.find(text)]
    return tuple(hit for hit in found if hit.term_id != besides)


def _hit(entry: Entry, span: tuple[int, int], blocks: bool, chain: Iterable[str]) -> Hit:
    wanted = entry.instead
    if entry.rule == Rule.KEEP:
        wanted = entry.term
    elif entry.rule == Rule.TRANSLATE:
        wanted = next((entry.texts[tag] for tag in chain if tag in entry.texts), "")
    return Hit(entry.id, entry.term, entry.rule, span, wanted, entry.note, blocks, entry.is_case_sensitive)


@event.listens_for(Session, "after_flush")
def _note_flushed(session: Session, _context: Any) -> None:
    """A term's translation is a part of the glossary; of the table of all translations it is a small one."""
    rows = (*session.new, *session.dirty, *session.deleted)
    if any(isinstance(row, Translation) and row.content_type == _NAME for row in rows):
        _glossary.changed(session)


@event.listens_for(Session, "do_orm_execute")
def _note_executed(state: Any) -> None:
    writes = state.is_insert or state.is_update or state.is_delete
    if writes and getattr(state.statement.table, "name", "") == _texts.name:
        _glossary.changed(state.session)
