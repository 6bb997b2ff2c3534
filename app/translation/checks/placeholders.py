"""Placeholders: what the program puts in their place it must find in every language."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from app.translation.checks import sentences
from app.translation.checks.addresses import urls
from app.translation.checks.finding import ERROR, WARNING, Finding, Look, Span
from app.translation.checks.plurals import covers_one_number

_CONVERSION = "[diouxXeEfFgGcrsa]"
_JINJA = re.compile(r"\{\{-?([^{}]{1,200}?)-?\}\}|\{%-?([^{}%]{1,200}?)-?%\}")
_NAMED = re.compile(rf"%\(([^()\s%]{{1,60}})\)[#0\- +]*(?:\d{{1,4}})?(?:\.\d{{1,4}})?[hlL]?({_CONVERSION})")
_PLACED = re.compile(
    rf"%(?:(\d{{1,2}})\$)?[#0\-+]*(?:\*|\d{{1,4}})?(?:\.(?:\*|\d{{1,4}}))?[hlLqjzt]{{0,2}}({_CONVERSION})"
)
_SPACED = re.compile(rf"% [#0\-+]*\d{{0,4}}({_CONVERSION})")
_BRACED = re.compile(
    r"\{\{|\}\}|\{([A-Za-z_][\w.]{0,60}(?:\[[^\]{}]{0,40}\])?|\d{1,3}|)(?:!([rsa]))?(?::([^{}]{0,40}))?\}"
)
_ICU = re.compile(r"\{\s*\w+\s*,\s*(?:plural|select|selectordinal|number|date|time)\b")
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_COUNTING = frozenset({"num", "n", "count", "number", "total", "amount", "quantity"})
_DROPPING = frozenset({"zero", "one", "two"})


@dataclass(frozen=True, slots=True)
class Mark:
    """A placeholder: `way` is jinja, named, placed or braced; `name` tells it from others of its way."""

    way: str
    name: str
    conversion: str
    span: Span
    written: str

    @property
    def counts(self) -> bool:
        """Tell whether a number stands here, by its conversion or its name."""
        name = self.name.rpartition(".")[2].lower()
        return (self.way in ("named", "placed") and self.conversion in "diu") or name in _COUNTING


@lru_cache(maxsize=1024)
def marks_of(text: str, is_interface: bool) -> tuple[Mark, ...]:
    """List the placeholders of a source text; a lone `%` or `{` is a sign like any other."""
    found = list(_jinja(text))
    taken = [mark.span for mark in found]
    found += [mark for mark in _percent(text, is_interface) if not _overlaps(mark.span, taken)]
    if not _ICU.search(text):
        taken = [mark.span for mark in found]
        found += [mark for mark in _braced(text) if not _overlaps(mark.span, taken)]
    return tuple(sorted(found, key=lambda mark: mark.span))


def _overlaps(span: Span, taken: list[Span]) -> bool:
    return any(span[0] < end and begin < span[1] for begin, end in taken)


def _jinja(text: str) -> Iterator[Mark]:
    for found in _JINJA.finditer(text):
        yield Mark("jinja", " ".join((found[1] or found[2]).split()), "", found.span(), found[0])


def _percent(text: str, is_interface: bool) -> Iterator[Mark]:
    at = text.find("%")
    number = 0
    while at >= 0:
        named = _NAMED.match(text, at)
        placed = _PLACED.match(text, at) if named is None and is_interface else None
        if text.startswith("%%", at):
            end = at + 2
        elif named is not None:
            yield Mark("named", named[1], named[2], named.span(), named[0])
            end = named.end()
        elif placed is not None and not _is_percentage(text, at):
            number += 1
            yield Mark("placed", placed[1] or str(number), placed[2], placed.span(), placed[0])
            end = placed.end()
        else:
            end = at + 1
        at = text.find("%", end)


def _is_percentage(text: str, at: int) -> bool:
    """Tell "100%ig" and "%20" of an address from a placeholder."""
    if at and text[at - 1].isdecimal():
        return True
    return bool(_ESCAPE.match(text, at)) and any(begin <= at < end for begin, end, _url in urls(text))


def _braced(text: str) -> Iterator[Mark]:
    number = 0
    for found in _BRACED.finditer(text):
        if found[1] is None:
            continue
        name = found[1] or f"#{number}"
        number += not found[1]
        conversion = (found[2] or "") + (found[3] or "")[-1:]
        yield Mark("braced", name, conversion, found.span(), found[0])


def is_formatted(source: str, is_interface: bool) -> bool:
    """Tell whether values are put into the sentence by `%`: then a `%` that is meant is doubled."""
    return any(mark.way in ("named", "placed") for mark in marks_of(source, is_interface))


def check(look: Look) -> Iterator[Finding]:
    """Hold the placeholders of a text against those of its source."""
    wanted = marks_of(look.source, look.is_interface)
    said = marks_of(look.text, look.is_interface)
    if not wanted:  # what looks like a placeholder may be a percentage, or a name in braces
        said = tuple(mark for mark in said if mark.way != "placed" and mark.name[:1] != "#")
    others = [mark for form in look.source_forms for mark in marks_of(form, look.is_interface)]
    lost = _missing(wanted, said)
    extra = _missing(said, (*wanted, *others)) if others else _missing(said, wanted)
    if len(lost) == len(extra) == 1 and lost[0].way == extra[0].way:
        yield _renamed(look, lost[0], extra[0])
    else:
        yield from _lost(look, lost, wanted)
        yield from (_extra(mark) for mark in extra)
    in_other_order = list(_disordered(wanted, said))
    yield from in_other_order or _converted(look, wanted, said)
    if is_formatted(look.source, look.is_interface):
        yield from _stray(look)


def _identity(mark: Mark) -> tuple[str, str]:
    return mark.way, mark.name


def _missing(marks: tuple[Mark, ...] | list[Mark], among: tuple[Mark, ...]) -> list[Mark]:
    """List the marks of one side that the other has nowhere, each once."""
    there = {_identity(mark) for mark in among}
    return list({_identity(mark): mark for mark in marks if _identity(mark) not in there}.values())


def _lost(look: Look, lost: list[Mark], wanted: tuple[Mark, ...]) -> Iterator[Finding]:
    counting = [mark for mark in wanted if mark.counts] or (list(wanted) if len(wanted) == 1 else [])
    for mark in lost:
        severity, sentence = ERROR, sentences.LOST
        if look.plural in _DROPPING and mark in counting[:1]:
            if covers_one_number(look.locale, look.plural):
                continue
            severity, sentence = WARNING, sentences.SEVERAL_NUMBERS
        yield Finding("placeholder_lost", severity, sentence.with_(what=mark.written), detail=mark.written)


def _extra(mark: Mark) -> Finding:
    sentence = sentences.EXTRA.with_(what=mark.written)
    return Finding("placeholder_extra", ERROR, sentence, mark.span, detail=mark.written)


def _renamed(look: Look, lost: Mark, extra: Mark) -> Finding:
    """One is missing, another is new: its name was translated, or mistyped."""
    sentence = sentences.INSTEAD.with_(right=lost.written, wrong=extra.written)
    fix = look.replaced(extra.span, lost.written)
    return Finding("placeholder_renamed", ERROR, sentence, extra.span, fix, lost.written)


def _converted(look: Look, wanted: tuple[Mark, ...], said: tuple[Mark, ...]) -> Iterator[Finding]:
    known: dict[tuple[str, str], set[str]] = {}
    for mark in wanted:
        known.setdefault(_identity(mark), set()).add(mark.conversion)
    written = {_identity(mark): mark.written for mark in wanted}
    for mark in said:
        allowed = known.get(_identity(mark))
        if allowed is not None and mark.conversion not in allowed:
            right = written[_identity(mark)]
            sentence = sentences.INSTEAD.with_(right=right, wrong=mark.written)
            fix = look.replaced(mark.span, right)
            yield Finding("placeholder_changed", ERROR, sentence, mark.span, fix, mark.written)


def _stray(look: Look) -> Iterator[Finding]:
    """Find a `%` that the program would take for a placeholder, and fail."""
    if any(True for _place in _strays(look.source)):
        return
    for place in _strays(look.text):
        sentence = sentences.INSTEAD.with_(right="%%", wrong="%")
        fix = look.replaced((place, place + 1), "%%")
        yield Finding("percent", ERROR, sentence, (place, place + 1), fix, str(place))


def _strays(text: str) -> Iterator[int]:
    at = text.find("%")
    while at >= 0:
        found = _NAMED.match(text, at) or (None if text.startswith("%%", at) else _PLACED.match(text, at))
        if found is None and not text.startswith("%%", at):
            yield at
        at = text.find("%", found.end() if found else at + (2 if text.startswith("%%", at) else 1))


def _disordered(wanted: tuple[Mark, ...], said: tuple[Mark, ...]) -> Iterator[Finding]:
    """Placeholders without a name are filled one after the other: there must be as many, of the same kinds."""
    before = [mark.conversion for mark in wanted if mark.way == "placed"]
    after = [mark for mark in said if mark.way == "placed"]
    if not before or not after or any("$" in mark.written for mark in after):
        return
    if [mark.conversion for mark in after] == before or len(after) != len(before):
        return
    if Counter(before) == Counter(mark.conversion for mark in after):
        sentence = sentences.ORDER.with_(what=" ".join(f"%{sign}" for sign in before))
        yield Finding("placeholder_order", ERROR, sentence, after[0].span)
