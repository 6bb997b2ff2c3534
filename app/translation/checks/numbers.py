"""Numbers: the same in every language, however they are written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from app.translation.checks import sentences
from app.translation.checks.finding import WARNING, Finding, Look, Span

_NUMBER = re.compile(
    r"(?<![A-Za-z\d])\d{1,40}(?:[.,'\u2019\u066b\u066c\u00a0\u202f\u2009]\d{1,40}|\u0020(?=\d{3}(?!\d))\d{3}){0,12}"
)
_PART = re.compile(r"\d+")
_CLOCK = re.compile(r"(?<!\d)(\d{1,2})(?:[:.]\d\d)?\s?[ap]\.?\s?m\b", re.IGNORECASE)
_SMALL = 12
_WORDS = {
    word: str(value)
    for value, words in {
        0: "no none zero",
        1: "a an one once first single half",
        2: "two twice second both half pair double couple",
        3: "three third",
        4: "four fourth quarter",
        5: "five fifth",
        6: "six sixth",
        7: "seven seventh week",
        8: "eight eighth",
        9: "nine ninth",
        10: "ten tenth",
        11: "eleven eleventh",
        12: "twelve twelfth dozen noon midnight",
        20: "twenty",
        24: "day",
        50: "half fifty",
        100: "hundred",
        1000: "thousand",
        1000000: "million",
    }.items()
    for word in words.split()
}
_CALENDAR = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun)[a-z]*+\b",
    re.IGNORECASE,
)
"""Months and days have numbers for names in some languages."""
_ENGLISH = re.compile(r"[a-z]+")
_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it is written, and what it may mean: 1.500 is one and a half, or fifteen hundred."""

    span: Span
    written: str
    values: frozenset[str]


@lru_cache(maxsize=1024)
def numbers_of(text: str) -> tuple[Number, ...]:
    """List the numbers of a text; digits of other scripts count as well, those of a code such as H2O do not."""
    return tuple(_read(text))


def _read(text: str) -> Iterator[Number]:
    for found in _NUMBER.finditer(text):
        values = _meanings(plain_digits(found[0]))
        if values:
            yield Number(found.span(), found[0], values)
            continue
        for part in _PART.finditer(found[0]):  # a date, a version: each part is a number
            begin = found.start() + part.start()
            value = _whole(plain_digits(part[0]))
            yield Number((begin, begin + len(part[0])), part[0], frozenset({value}))


def plain_digits(text: str) -> str:
    """Write digits of any script as 0 to 9."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.digit(sign)) if sign.isdecimal() else sign for sign in text)


def _meanings(written: str) -> frozenset[str]:
    parts = _PART.findall(written)
    signs = [sign for sign in written if not sign.isdigit()]
    if not signs:
        return frozenset({_whole(written)})
    found = set()
    if len(set(signs)) == 1 and _is_grouped(parts):
        found.add(_whole("".join(parts)))
    if len(signs) == 1 and not signs[0].isspace():
        found.add(_decimal(parts[0], parts[1]))
    elif len(set(signs[:-1])) == 1 and signs[-1] not in signs[:-1] and _is_grouped(parts[:-1]):
        found.add(_decimal("".join(parts[:-1]), parts[-1]))
    return frozenset(found)


def _is_grouped(parts: list[str]) -> bool:
    """Tell whether digits stand in groups, as in 1,500,000 or, in India, 15,00,000."""
    inner = {len(part) for part in parts[1:-1]}
    return len(parts[0]) <= 3 and len(parts[-1]) == 3 and (inner <= {3} or inner <= {2})


def _whole(digits: str) -> str:
    return digits.lstrip("0") or "0"


def _decimal(whole: str, part: str) -> str:
    part = part.rstrip("0")
    return f"{_whole(whole)}.{part}" if part else _whole(whole)


def check(look: Look) -> Iterator[Finding]:
    """Find numbers that are lost or new."""
    there, here = numbers_of(look.bare_source), numbers_of(look.bare_text)
    said = frozenset().union(*(number.values for number in here))
    asked = frozenset().union(*(number.values for number in there)) | _spelled(look)
    lost = [number for number in there if not number.values & (said | _other_clock(look, number))]
    lost = [number for number in lost if not _is_roman(number, look.text)]
    extra = [number for number in here if not number.values & asked]
    if len(lost) == len(extra) == 1:
        yield _changed(look, lost[0], extra[0])
        return
    for number in extra:
        what = number.written
        yield Finding("number_extra", WARNING, sentences.EXTRA.with_(what=what), number.span, detail=what)
    for number in lost:
        if extra or not _is_small(number):  # "3" may well be written as a word
            what = number.written
            yield Finding("number_lost", WARNING, sentences.LOST.with_(what=what), detail=what)


def _changed(look: Look, right: Number, wrong: Number) -> Finding:
    written = in_digits_of(wrong.written, right.written)
    sentence = sentences.SAYS.with_(right=written, wrong=wrong.written)
    fix = look.replaced(wrong.span, written)
    return Finding("number_changed", WARNING, sentence, wrong.span, fix, f"{right.written} {wrong.written}")


def in_digits_of(sample: str, written: str) -> str:
    """Write a number in the digits of another."""
    zero = next((ord(sign) - unicodedata.digit(sign) for sign in sample if sign.isdecimal()), ord("0"))
    return "".join(chr(zero + unicodedata.digit(sign)) if sign.isdecimal() else sign for sign in written)


def _is_small(number: Number) -> bool:
    return any(value.isdigit() and len(value) <= 2 and int(value) <= _SMALL for value in number.values)


def _spelled(look: Look) -> frozenset[str]:
    """Give the numbers that the source spells out, and the hours of the other clock."""
    words = _ENGLISH.findall(look.bare_source.lower())
    found = {_WORDS[word] for word in words if word in _WORDS}
    if _CALENDAR.search(look.bare_source):
        found |= {str(number) for number in range(1, 13)}
    for hour in _CLOCK.findall(look.bare_source):
        found |= {"0", str((int(plain_digits(hour)) + 12) % 24)}
    return frozenset(found)


def _other_clock(look: Look, number: Number) -> frozenset[str]:
    """Give what an hour is called on a clock of 24 hours."""
    hours = {_whole(plain_digits(hour)) for hour in _CLOCK.findall(look.bare_source)}
    return frozenset(str((int(value) + 12) % 24) for value in number.values & hours)


def _is_roman(number: Number, text: str) -> bool:
    """Tell whether a number stands there as a century does in some languages: XXI."""
    for value in number.values:
        if value.isdigit() and len(value) <= 2 and 0 < int(value) < 40:
            left, roman = int(value), ""
            for size, sign in _ROMAN:
                roman += sign * (left // size)
                left %= size
            if re.search(rf"\b{roman}\b", text):
                return True
    return False
