"""A search as a condition: on a list's own statement, and on the texts of a content type."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    Select,
    Text,
    Uuid,
    and_,
    func,
    inspect,
    literal,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from app.kernel import languages
from app.resources import On, Resource
from app.surfaces.search.models import SearchEntry

LONGEST = 200
MOST_WORDS = 8
MOST_MISTYPED = 5_000
SHORTEST_TYPO = 4
SHORTEST_PART = 3
EVERY_LOCALE = ("*",)
"""In place of locales: whatever language the texts are in."""

entry_table: Any = SearchEntry.__table__


def matching(resource: Resource, model: Any, q: str, locales: Sequence[str]) -> tuple[Any, Any]:
    """Give (condition on the model, how well a record fits) for a search in the texts of some languages.

    A record is found by words (stemmed; `"a phrase"`, `or` and `-not` are understood, the last word may be
    half typed), by a part of a word, or by words with typos. `model` may be an alias or a table.

    OFFSET 0 has the records found by the indexes first. Else, where few are found, the planner may walk
    through the whole list for a page that never fills: seconds in place of milliseconds.
    """
    target = getattr(inspect(model), "selectable", model)
    if not isinstance(target.c.id.type, Uuid):
        return _as_it_is(resource, target, q), literal(0)
    spellings = spellings_of(resource, q)
    as_written, mistyped = entry_table.alias("written"), entry_table.alias("mistyped")
    found = [_keys(resource, as_written, written(as_written, spellings, locales)).offset(0)]
    if (fits := misspelt(mistyped, spellings, locales)) is not None:
        found.append(_keys(resource, mistyped, fits).limit(MOST_MISTYPED))
    return target.c.id.in_(union_all(*found)), _rank(resource.name, target.c.id, spellings[0], locales)


def _as_it_is(resource: Resource, target: Any, q: str) -> Any:
    """Find each word in some column: enough for the few rows that no index holds."""
    columns = [target.c[field.name] for field in resource.fields_on(On.SEARCH)]
    words = q.replace("\0", " ").split()[:MOST_WORDS]
    return and_(true(), *(or_(*(c.icontains(word, autoescape=True) for c in columns)) for word in words))


def _keys(resource: Resource, entry: Any, fits: Any) -> Select[Any]:
    return select(entry.c.object_id).where(entry.c.content_type == resource.name, fits)


def spellings_of(resource: Resource, q: str) -> tuple[str, ...]:
    """Give what is sought among a content type's texts, then the ways in which its codes would be spelt.

    A code, such as a booking's number, is found in whichever way its signs are grouped.
    """
    sought = _sought_in(resource, q)
    codes = [field.spelt(sought) for field in resource.fields_on(On.SEARCH) if field.spelt is not None]
    return tuple(dict.fromkeys((sought, *filter(None, codes))))


def _sought_in(resource: Resource, q: str) -> str:
    """Drop the content type's own name: among festivals, the word festival narrows nothing."""
    q = " ".join(q.replace("\0", " ")[:LONGEST].encode(errors="ignore").decode().split())
    if _has_operators(q):
        return q
    own = {resource.name, resource.path, resource.name.replace("_", " ")}
    return " ".join(word for word in q.split() if word.lower() not in own) or q


def _has_operators(q: str) -> bool:
    return any(mark in f" {q}" for mark in ('"', " -", " or ", " OR "))


def written(entry: Any, spellings: Sequence[str], locales: Sequence[str]) -> Any:
    """Say that a text holds the words that are sought, or one of the spellings as a part of it."""
    part = or_(*(entry.c.text.like(_once(func.festoon_like(text, type_=Text))) for text in spellings))
    return or_(*_by_words(entry, spellings[0], locales), and_(part, _in_locales(entry, locales)))


def misspelt(entry: Any, spellings: Sequence[str], locales: Sequence[str]) -> Any | None:
    """Say that a text holds every word, mistyped or, if it is short, as it is; None where none may be mistyped.

    Whoever writes operators wants neither. A typo of a word that thousands of records hold finds some of
    them: to compare all would take seconds.
    """
    sought = spellings[0]
    words = _words(sought)
    if _has_operators(sought) or not any(_may_be_mistyped(word) for word in words):
        return None
    return and_(_in_locales(entry, locales), *(_holds(entry, word) for word in words))


def _by_words(entry: Any, sought: str, locales: Sequence[str]) -> list[Any]:
    """Compare words as each language stems them, with the texts of that language."""
    if tuple(locales) != EVERY_LOCALE:
        return [
            and_(entry.c.locale == locale, _has_words(entry, locale, sought))
            for locale in dict.fromkeys(locales)
        ]
    language = func.split_part(entry.c.locale, "-", 1)
    tags = tuple(dict.fromkeys(known.tag.partition("-")[0] for known in languages.every()))
    known = [and_(language == tag, _has_words(entry, tag, sought)) for tag in tags]
    return [*known, and_(language.not_in(tags), _has_words(entry, "", sought))]


def _has_words(entry: Any, locale: str, sought: str) -> Any:
    query = func.festoon_query(locale, sought, type_=TSQUERY)
    return entry.c.words.op("@@", is_comparison=True)(_once(query))


def _holds(entry: Any, word: str) -> Any:
    """Compare one word: mistyped if it may be, else as it is; by the index if it is long enough for it."""
    if _may_be_mistyped(word):
        return entry.c.text.op("%>>", is_comparison=True)(_once(func.festoon_typo(word, type_=Text)))
    if len(word) >= SHORTEST_PART:
        return entry.c.text.like(_once(func.festoon_like(word, type_=Text)))
    return func.strpos(entry.c.text, _once(func.festoon_sort_key(word, type_=Text))) > 0


def _once(expression: Any) -> Any:
    """Have an expression evaluated before the first row is looked at, and never again."""
    return select(expression).scalar_subquery()


def _words(sought: str) -> list[str]:
    """Split into words of letters, marks and numbers; the first eight count."""
    spaced = "".join(sign if unicodedata.category(sign)[0] in "LMN" else " " for sign in sought)
    return list(dict.fromkeys(spaced.split()))[:MOST_WORDS]


def _may_be_mistyped(word: str) -> bool:
    return len(word) >= SHORTEST_TYPO and not any(sign.isdigit() for sign in word)


def _in_locales(entry: Any, locales: Sequence[str]) -> Any:
    return true() if tuple(locales) == EVERY_LOCALE else entry.c.locale.in_(dict.fromkeys(locales))


def weight(entry: Any, sought: str) -> Any:
    """Weigh how well a text fits: words, the title's most, and likeness."""
    query = func.festoon_query(entry.c.locale, sought)
    return func.ts_rank(entry.c.words, query) + func.strict_word_similarity(
        func.festoon_sort_key(sought), entry.c.text
    )


def _rank(name: str, key: Any, sought: str, locales: Sequence[str]) -> Any:
    """Weigh how well a record fits; the best language counts."""
    entry = entry_table.alias("ranked")
    return (
        select(func.max(weight(entry, sought)))
        .where(entry.c.content_type == name, entry.c.object_id == key, _in_locales(entry, locales))
        .correlate_except(entry)
        .scalar_subquery()
    )
