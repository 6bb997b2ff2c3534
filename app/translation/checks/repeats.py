"""Words twice in a row, and texts that nobody translated."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from itertools import pairwise

from app.kernel.locales import SOURCE
from app.translation.checks import sentences
from app.translation.checks.bare import COVER
from app.translation.checks.finding import WARNING, Finding, Look
from app.translation.words import UNSPACED, words

_DOUBLING = frozenset(
    "as bn fil gu haw he hi hu id jv km kn ko lo mi ml mr ms my ne or pa sa sd si sm sw ta te th tl to tr ur vi"
    " ja zh".split()
)
"""Languages in which a word twice means more, slowly, or each."""
_DOUBLED = {
    "de": "das der die sie",
    "en": "had that",
    "fr": "nous vous",
    "it": "piano via",
    "nl": "dat die er",
    "sv": "det",
}

_LONGEST_UNIT = 2
"""kB and cm are the same everywhere."""


def check(look: Look) -> Iterator[Finding]:
    """Find what was typed twice, or not at all."""
    yield from _twice(look)
    if _is_unchanged(look):
        yield Finding("unchanged", WARNING, sentences.UNCHANGED)


def _doubles(text: str) -> Iterator[tuple[int, int, str]]:
    for first, second in pairwise(words(text)):
        between = text[first.end() : second.start()]
        if between and between.isspace() and "\n" not in between and not UNSPACED.match(first[0]):
            word = first[0].casefold()
            if word == second[0].casefold() and not word.isdecimal():
                yield first.end(), second.end(), word


def _twice(look: Look) -> Iterator[Finding]:
    if look.language in _DOUBLING:
        return
    known = {word for _begin, _end, word in _doubles(look.bare_source)}
    known |= set(_DOUBLED.get(look.language, "").split())
    for begin, end, word in _doubles(look.bare_text):
        if word not in known and look.text[begin:end].split() and "<" not in look.text[begin:end]:
            fix = look.replaced((begin, end), "")
            sentence = sentences.TWICE.with_(word=look.text[begin:end].strip())
            yield Finding("double_word", WARNING, sentence, (begin, end), fix, word)


def _is_unchanged(look: Look) -> bool:
    """Tell whether nobody translated it; a name, an abbreviation and what is kept everywhere stay as they are."""
    if look.language == SOURCE or " ".join(look.source.split()) != " ".join(look.text.split()):
        return False
    prose = look.bare_source.replace(COVER, " ")
    for hit in look.terms:
        if hit.rule == "keep" and hit.span is not None:
            prose = prose[: hit.span[0]] + " " * (hit.span[1] - hit.span[0]) + prose[hit.span[1] :]
    found = [word[0] for word in words(prose)]
    plain = [word for word in found if len(word) > _LONGEST_UNIT and word[1:].islower()]
    if not plain:
        return False
    if _writes_latin(look.language) and look.kind == "content":
        return any(word.islower() and len(word) > 3 for word in plain) and len(found) > 1
    return len(found) > 1 or not _writes_latin(look.language)


def _writes_latin(language: str) -> bool:
    """Tell whether words of English may be words of the language as well."""
    from app.kernel.locales import own_name

    letter = next((sign for sign in own_name(language) if sign.isalpha()), "a")
    return "LATIN" in unicodedata.name(letter, "LATIN")
