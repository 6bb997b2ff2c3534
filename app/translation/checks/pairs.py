"""What is opened is closed: brackets, quotation marks, changes of the direction."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.translation.checks import sentences
from app.translation.checks.finding import ERROR, WARNING, Finding, Look

_OPENING = dict(zip("([{（【「『《〈", ")]}）】」』》〉", strict=True))
_CLOSING = {closing: opening for opening, closing in _OPENING.items()}
_NO_BRACKET = re.compile(r"(?:(?:^|\s)\w{1,3}[)）]|[:;=8]['-]?[()\[\]])\Z")
"""a) of a list, and :) of a friend: such a one stands alone, rightly."""
_QUOTES = (("«", "»"), ("‹", "›"), ("“", "”", "„", "‟"))
_NO_QUOTE = re.compile(r"\d\"|(?<=[\u05d0-\u05ea])\"(?=[\u05d0-\u05ea])")
"""Inches, and the sign within Hebrew abbreviations."""
_EMBEDDING, _ISOLATE = "\u202a\u202b\u202d\u202e", "\u2066\u2067\u2068"
_POP, _POP_ISOLATE = "\u202c", "\u2069"
_CONTROLS = re.compile(f"[{_EMBEDDING}{_ISOLATE}{_POP}{_POP_ISOLATE}\n\u2029]")


def check(look: Look) -> Iterator[Finding]:
    """Find what is opened or closed alone, where the source does not do the same."""
    yield from _directions(look)
    if not list(_brackets(look.bare_source)):
        for place, sign, is_open in _brackets(look.bare_text):
            sentence = (sentences.OPEN if is_open else sentences.UNOPENED).with_(what=sign)
            yield Finding("bracket", WARNING, sentence, (place, place + 1), detail=f"{sign}{place}")
    yield from _quotes(look)


def _brackets(text: str) -> Iterator[tuple[int, str, bool]]:
    """Give the brackets without their other half: (place, sign, whether it opens)."""
    waiting: list[tuple[int, str]] = []
    for place, sign in enumerate(text):
        if sign in _OPENING:
            waiting.append((place, sign))
        elif sign in _CLOSING:
            if any(opened == _CLOSING[sign] for _place, opened in waiting):
                while waiting[-1][1] != _CLOSING[sign]:
                    yield (*waiting.pop(), True)
                waiting.pop()
            elif not _stands_alone(text, place):
                yield place, sign, False
    yield from ((place, sign, True) for place, sign in waiting if not _stands_alone(text, place))


def _stands_alone(text: str, place: int) -> bool:
    return _NO_BRACKET.search(text[max(0, place - 5) : place + 1]) is not None


def _quotes(look: Look) -> Iterator[Finding]:
    source, text = (_NO_QUOTE.sub("  ", side) for side in (look.bare_source, look.bare_text))
    for signs in (('"',), *_QUOTES):
        if _count(text, signs) % 2 and not _count(source, signs) % 2:
            place = max(text.rfind(sign) for sign in signs)
            sentence = sentences.OPEN.with_(what=text[place])
            yield Finding("quote", WARNING, sentence, (place, place + 1), detail=signs[0])
            return


def _count(text: str, signs: tuple[str, ...]) -> int:
    return sum(text.count(sign) for sign in signs)


def _directions(look: Look) -> Iterator[Finding]:
    """What turns the direction and does not end turns what follows as well."""
    wrong = list(_unbalanced(look.text))
    if wrong:
        fix = _balanced(look.text)
        for place, is_open in wrong:
            sign = look.text[place]
            sentence = (sentences.OPEN if is_open else sentences.UNOPENED).with_(what=f"U+{ord(sign):04X}")
            yield Finding("direction", ERROR, sentence, (place, place + 1), fix, f"{ord(sign):04X}{place}")


def _unbalanced(text: str) -> Iterator[tuple[int, bool]]:
    """Give the controls without their other half; each ends with its paragraph at the latest."""
    waiting: list[tuple[int, str]] = []
    for found in _CONTROLS.finditer(text):
        sign = found[0]
        if sign in "\n\u2029":
            yield from ((place, True) for place, _sign in waiting)
            waiting = []
        elif sign in _EMBEDDING or sign in _ISOLATE:
            waiting.append((found.start(), sign))
        elif sign == _POP and waiting and waiting[-1][1] in _EMBEDDING:
            waiting.pop()
        elif sign == _POP_ISOLATE and any(opened in _ISOLATE for _place, opened in waiting):
            while waiting[-1][1] not in _ISOLATE:
                yield waiting.pop()[0], True
            waiting.pop()
        else:
            yield found.start(), False
    yield from ((place, True) for place, _sign in waiting)


def _balanced(text: str) -> str:
    """Leave out what was never opened, and close what is open where its paragraph ends."""
    alone = dict(_unbalanced(text))
    written, waiting = [], ""
    for place, sign in enumerate(text):
        if sign in "\n\u2029":
            written.append(waiting)
            waiting = ""
        if alone.get(place):
            waiting = (_POP if sign in _EMBEDDING else _POP_ISOLATE) + waiting
        if alone.get(place) is not False:
            written.append(sign)
    return "".join(written) + waiting
