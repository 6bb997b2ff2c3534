"""Finds what was said before for the same source, or for one that is alike."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from babel.numbers import get_decimal_symbol, get_group_symbol
from rapidfuzz.distance import Levenshtein
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from app.kernel import languages
from app.kernel.diffing import Piece, compare
from app.kernel.locales import parse_locale
from app.resources.rich_text import plain_text
from app.translation.checks.numbers import Number, in_digits_of, numbers_of
from app.translation.interface.plurals import CATEGORIES
from app.translation.memory.keeping import OPENING
from app.translation.sources import source_hash
from app.translation.words import without_tags

LEAST = 60
"""What is less alike, in percent, is of no help."""
_ALMOST = 99
"""What differs in numbers, capitals or tags alone, or is another plural form of the same sentence."""
_LONG = 2_000
"""Of longer texts the words are compared, not the letters."""
_FEW = 40
_PERCENT = re.compile(r"\S+|\s+")

# The threshold is that of the index, which looks at trigrams: 0.45 of them leaves out next to nothing that is 60
# percent alike by its letters. The size narrows down what has to be looked at: the sets cannot be as alike as that
# where one is more than twice as large.
RECALL = """
WITH asked AS MATERIALIZED (
    SELECT o.opening, cardinality(show_trgm(o.opening)) AS size,
        set_config('pg_trgm.similarity_threshold', '0.45', true) AS threshold
    FROM (SELECT left(festoon_plain(CAST(:source AS text)), :opening) AS opening) AS o
), least AS MATERIALIZED (
    SELECT floor(0.45 * size)::smallint AS low, ceil(size / 0.45)::smallint AS high FROM asked
), said AS (
    SELECT e.*, 1.0 AS alike FROM unnest(CAST(:locales AS text[])) AS l(locale) JOIN memory_entry AS e
        ON e.locale = l.locale AND e.source_hash = :hash
    UNION ALL
    SELECT near.* FROM unnest(CAST(:locales AS text[])) AS l(locale) CROSS JOIN LATERAL (
        SELECT e.*, similarity(e.opening, (SELECT opening FROM asked)) AS alike FROM memory_entry AS e
        WHERE e.locale = l.locale AND e.size BETWEEN (SELECT low FROM least) AND (SELECT high FROM least)
            AND e.opening % (SELECT opening FROM asked) AND e.source_hash <> :hash
        ORDER BY alike DESC, e.approved_at DESC LIMIT 200
    ) AS near
)
SELECT DISTINCT ON (s.locale, s.source_hash, s.text) s.source_hash = :hash AS is_exact, s.locale, s.source, s.text,
    s.content_type, s.object_id, s.field, s.approved_at, s.alike,
    s.content_type = :content_type AND s.field = :field AS is_same_context,
    count(*) OVER (PARTITION BY s.locale, s.source_hash, s.text) AS uses
FROM said AS s
ORDER BY s.locale, s.source_hash, s.text, is_same_context DESC, s.approved_at DESC
"""
_STATEMENT = sql(RECALL)


@dataclass(frozen=True, slots=True)
class Match:
    """A text that was approved before, and how alike its source is: 100 is the same.

    `pieces` are the words to take out of its source and to put in to get the one that was asked for. The
    place where it was said is `content_type`, `object_id` and `field`; a record may be gone. `is_adapted`
    tells that its numbers are already those of the source asked for, `is_other_form` that it is for other numbers
    than the plural form that was asked for.
    """

    percent: int
    text: str
    source: str
    pieces: tuple[Piece, ...]
    is_same_context: bool
    locale: str
    content_type: str
    object_id: UUID
    field: str
    uses: int
    approved_at: datetime
    is_adapted: bool = False
    is_other_form: bool = False


def suggest(
    session: Session, source: str, locale: str, content_type: str = "", field: str = "", limit: int = 5
) -> tuple[Match, ...]:
    """Offer what was approved before, best first, in one statement.

    The same source in the same field comes first, then the same source elsewhere, then what is alike; another
    plural form is never quite the same. A language of a region is also offered what was said in the language itself.
    """
    if not source.strip():
        return ()
    session.flush()
    rows = session.connection().execute(
        _STATEMENT,
        {
            "source": source,
            "opening": OPENING,
            "hash": source_hash(source),
            "locales": _locales(locale),
            "content_type": content_type,
            "field": field,
        },
    )
    found = [match for row in _nearest(rows) if (match := _match(row, source, field)) is not None]
    found.sort(key=lambda match: _rank(match, locale))
    best: dict[str, Match] = {}
    for match in found:
        best.setdefault(match.text, match)
    return tuple(best.values())[:limit]


def _locales(locale: str) -> list[str]:
    """Name the language itself, and those it falls back to that are the same without the region."""
    base = locale.split("-", maxsplit=1)[0]
    steps = (locale, *languages.chain(locale))
    return list(dict.fromkeys(tag for tag in steps if tag.split("-", maxsplit=1)[0] == base))


def _nearest(rows: Iterable[Any]) -> Iterator[Any]:
    """Leave out what is far: all that are the same, and the nearest of the others."""
    ordered = sorted(rows, key=lambda row: (not row.is_exact, -row.alike))
    exact = sum(row.is_exact for row in ordered)
    return iter(ordered[: exact + _FEW])


def _rank(match: Match, locale: str) -> tuple[Any, ...]:
    return (
        -match.percent,
        match.locale != locale,
        not match.is_same_context,
        match.is_adapted,
        -match.uses,
        -match.approved_at.timestamp(),
    )


def _match(row: Any, source: str, field: str) -> Match | None:
    before, now = _read(row.source), _read(source)
    is_other_form = row.field != field and {row.field, field} <= set(CATEGORIES)
    percent, text, is_adapted = _ALMOST if is_other_form else 100, row.text, False
    if not row.is_exact:
        adapted = adapt(before, now, row.text, row.locale)
        is_adapted = adapted is not None
        percent, text = (_ALMOST, adapted) if adapted is not None else (likeness(before, now), row.text)
    if percent < LEAST:
        return None
    return Match(
        percent=percent,
        text=text,
        source=row.source,
        pieces=compare(before, now),
        is_same_context=row.is_same_context,
        locale=row.locale,
        content_type=row.content_type,
        object_id=row.object_id,
        field=row.field,
        uses=row.uses,
        approved_at=row.approved_at,
        is_adapted=is_adapted,
        is_other_form=is_other_form,
    )


def _read(text: str) -> str:
    """Give a source as its reader reads it."""
    return plain_text(text) if without_tags(text) != text else text


def likeness(before: str, now: str) -> int:
    """Tell in percent how alike two sources are: by the letters to change, of long ones by the words.

    Only what is the same is 100.
    """
    if before == now:
        return _ALMOST  # the tags differ
    one, two = " ".join(before.casefold().split()), " ".join(now.casefold().split())
    cutoff = (LEAST - 1) / 100
    if max(len(one), len(two)) > _LONG:
        ratio = Levenshtein.normalized_similarity(
            _PERCENT.findall(one), _PERCENT.findall(two), score_cutoff=cutoff
        )
    else:
        ratio = Levenshtein.normalized_similarity(one, two, score_cutoff=cutoff)
    return min(_ALMOST, int(100 * ratio))


def adapt(before: str, now: str, text: str, locale: str) -> str | None:
    """Put the numbers of a source into a text made from one that differs in nothing else; None where that is not so."""
    old, new = numbers_of(before), numbers_of(now)
    if len(old) != len(new) or _without(before, old) != _without(now, new):
        return None
    changes: dict[frozenset[str], str] = {}
    for one, two in zip(old, new, strict=True):
        if changes.setdefault(one.values, two.written) != two.written:
            return None  # the same number became two different ones
    written, at, done = [], 0, set()
    for number in numbers_of(without_tags(text)):
        key = next((values for values in changes if values & number.values), None)
        if key is not None:
            done.add(key)
            written += [text[at : number.span[0]], _as_in(number.written, changes[key], locale)]
            at = number.span[1]
    changed = {one.values for one, two in zip(old, new, strict=True) if one.written != two.written}
    return "".join([*written, text[at:]]) if changed and changed <= done else None


def _without(text: str, numbers: Iterable[Number]) -> str:
    parts, at = [], 0
    for number in numbers:
        parts.append(text[at : number.span[0]])
        at = number.span[1]
    return "\0".join([*parts, text[at:]])


def _as_in(sample: str, written: str, locale: str) -> str:
    """Write a number of the source in the digits and with the signs of the language."""
    known = parse_locale(locale)
    if known is not None and not written.isdecimal():
        signs = {",": get_group_symbol(known), ".": get_decimal_symbol(known)}
        written = "".join(signs.get(sign, sign) for sign in written)
    return in_digits_of(sample, written)
