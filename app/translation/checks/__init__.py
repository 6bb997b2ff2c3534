"""Looks a translation over beside its source: placeholders, tags, addresses, lengths, signs, numbers, terms.

Nothing here reads the database or writes; a text of any kind is looked at without an exception.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from app.translation.checks import (
    addresses,
    ends,
    lengths,
    markup,
    numbers,
    pairs,
    placeholders,
    plurals,
    repeats,
    spaces,
    terms,
)
from app.translation.checks.finding import CONTENT, INTERFACE, Finding, Look
from app.translation.checks.plurals import categories, missing_forms

__all__ = ["CONTENT", "INTERFACE", "Finding", "blocking", "categories", "check", "missing_forms"]

_CHECKS = (
    placeholders.check,
    markup.check,
    addresses.check,
    lengths.check,
    spaces.check,
    pairs.check,
    terms.check,
    numbers.check,
    ends.check,
    repeats.check,
    plurals.check,
)

_MOST = 20
"""So many findings of one kind are told."""


def check(
    source: str,
    text: str,
    locale: str,
    *,
    kind: str = CONTENT,
    is_html: bool = False,
    max_length: int = 0,
    plural: str | None = None,
    siblings: Mapping[str, str] | None = None,
    source_forms: Sequence[str] = (),
    terms: Sequence[Any] = (),
) -> tuple[Finding, ...]:
    """List what is wrong with a translation, errors first; nothing for one that is empty.

    `kind` is "content" or "interface", whose placeholders the program fills. `plural` names the form of a
    sentence that has several, `siblings` the texts of all of its forms ("" where there is none yet), and
    `source_forms` the sentence for one and for many. `terms` are the glossary's hits in source and text.
    """
    if not text.strip():
        return ()
    look = Look(
        source, text, locale, kind, is_html, max_length, plural, siblings, tuple(source_forms), tuple(terms)
    )
    found = [finding for one in _CHECKS for finding in islice(one(look), _MOST)]
    return tuple(sorted(found, key=lambda finding: not finding.is_error))


def blocking(findings: Iterable[Finding], acknowledged: Collection[str] = ()) -> tuple[Finding, ...]:
    """List what keeps a text from being taken: errors, and questions that nobody answered yet.

    `acknowledged` holds the keys of findings that are meant.
    """
    return tuple(
        finding
        for finding in findings
        if finding.is_error or (finding.asks and finding.key not in acknowledged)
    )
