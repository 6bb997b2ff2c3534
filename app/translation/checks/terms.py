"""What the glossary says of the words of the source, and of those of the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from app.translation.checks import sentences
from app.translation.checks.finding import ERROR, WARNING, Finding, Look
from app.translation.words import UNSPACED, folded, without_tags, words

_SHORTEST_STEM = 4


def check(look: Look) -> Iterator[Finding]:
    """Find terms that are not used, not kept, or not allowed."""
    seen: set[tuple[str, str]] = set()
    for hit in look.terms:
        if (hit.rule, hit.term) in seen and hit.rule != "forbid":
            continue
        seen.add((hit.rule, hit.term))
        severity = ERROR if hit.blocks else WARNING
        if hit.rule == "forbid":
            yield _forbidden(look, hit, severity)
        elif hit.rule == "keep" and not _holds(look.text, hit.term, is_exact=hit.is_case_sensitive):
            sentence = sentences.KEEP.with_(term=hit.term)
            yield Finding("term_lost", severity, sentence, detail=hit.term)
        elif hit.rule == "translate" and hit.wanted and not is_used(look.text, hit.wanted):
            sentence = sentences.TERM.with_(term=hit.term, wanted=hit.wanted)
            yield Finding("term_unused", severity, sentence, detail=hit.term)


def _forbidden(look: Look, hit: Any, severity: str) -> Finding:
    begin, end = hit.span
    word = look.text[begin:end]
    if not hit.wanted:
        sentence = sentences.FORBIDDEN.with_(word=word)
        return Finding("term_forbidden", severity, sentence, hit.span, detail=hit.term)
    wanted = hit.wanted[:1].upper() + hit.wanted[1:] if word[:1].isupper() else hit.wanted
    sentence = sentences.INSTEAD.with_(right=wanted, wrong=word)
    fix = look.replaced(hit.span, wanted)
    return Finding("term_forbidden", severity, sentence, hit.span, fix, hit.term)


def _holds(text: str, term: str, *, is_exact: bool) -> bool:
    return term in text if is_exact else term.casefold() in text.casefold()


def is_used(text: str, wanted: str) -> bool:
    """Tell whether a text uses a term in some form of it.

    Endings, accents and what stands before it in one word are not held against a text: a false alarm is
    worse than a plural that is not seen.
    """
    there = folded(without_tags(text))
    for word in re.split(r"[;,/]", wanted) if len(wanted) < 80 else [wanted]:
        stems = [_stem(found[0]) for found in words(word)]
        if all(stem in there for stem in stems):
            return True
    return False


def _stem(word: str) -> str:
    plain = folded(word)
    if UNSPACED.match(word) or len(plain) <= _SHORTEST_STEM:
        return plain
    return plain[: -2 if len(plain) > _SHORTEST_STEM + 2 else -1]
