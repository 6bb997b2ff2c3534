"""How a text ends: with the sign that its language has for that of the source."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.translation.checks import sentences
from app.translation.checks.finding import WARNING, Finding, Look

_SIGNS = {
    "stop": ".。।॥۔։።။។．｡᙮",
    "question": "?؟？՞፧⁇",
    "exclamation": "!！՜",
    "colon": ":：﹕៖",
    "ellipsis": "…⋯",
    "comma": ",،，、",
    "semicolon": ";؛；",
}
_KINDS = {sign: kind for kind, signs in _SIGNS.items() for sign in signs}
_OWN = {
    "stop": {
        **dict.fromkeys("hi ne sa bn as or pa".split(), "।"),
        **dict.fromkeys(("zh", "ja"), "。"),
        "ur": "۔",
        "hy": "։",
        "am": "።",
        "ti": "።",
        "my": "။",
        "km": "។",
    },
    "question": {
        **dict.fromkeys("ar fa ur ps sd ug ckb".split(), "؟"),
        **dict.fromkeys(("zh", "ja"), "？"),
        "el": ";",
        "am": "፧",
    },
    "exclamation": dict.fromkeys(("zh", "ja"), "！"),
    "colon": dict.fromkeys(("zh", "ja"), "："),
    "comma": {**dict.fromkeys("ar fa ur ps sd ug ckb".split(), "،"), **dict.fromkeys(("zh", "ja"), "，")},
    "semicolon": dict.fromkeys("ar fa ur ps".split(), "؛"),
}
_PLAIN = {
    "stop": ".",
    "question": "?",
    "exclamation": "!",
    "colon": ":",
    "ellipsis": "…",
    "comma": ",",
    "semicolon": ";",
}
_CLOSERS = ")]}\"'»«”“’„›‹」』）】*_\u200e\u200f\u061c\u202c\u2069"
_SMILE = re.compile(r"(?<!\w)[:;=8]['-]?[()]\Z")
_UNENDED = frozenset({"th", "lo"})
"""Languages without a full stop."""
_INVERTED = frozenset({"es", "ast"})


def kind_of_end(text: str, language: str) -> tuple[str, int]:
    """Tell how a text ends, and where that sign stands; nothing and the place after it where there is none."""
    at = len(text)
    while at and (text[at - 1].isspace() or text[at - 1] in _CLOSERS):
        at -= 1
    while smile := _SMILE.search(text, max(0, at - 2), at + 1):
        at = smile.start()
        at -= len(text[:at]) - len(text[:at].rstrip())
    if not at:
        return "", len(text.rstrip())
    last = text[at - 1]
    if text[:at].endswith(("...", "。。。")):
        return "ellipsis", at - 3
    is_typed_for_stop = (last == "|" and language in _OWN["stop"]) or text[:at].endswith("::")
    if is_typed_for_stop:  # for danda, and in Ge'ez
        return "stop", at - 1
    if language == "el" and last in ";\u037e":
        return "question", at - 1
    kind = _KINDS.get(last, "")
    return kind, at - 1 if kind else at


def check(look: Look) -> Iterator[Finding]:
    """Compare the ends; an abbreviation ends with a stop of its own."""
    wanted, begin = kind_of_end(look.bare_source, "en")
    said, at = kind_of_end(look.bare_text, look.language)
    if wanted != said and not _may_differ(look, wanted, said):
        yield _finding(look, wanted, said, look.source[begin : begin + 1], at)
    if look.language in _INVERTED:
        yield from _inverted(look)


def _may_differ(look: Look, wanted: str, said: str) -> bool:
    word = look.bare_source.strip()
    if {wanted, said} == {"stop", ""}:
        is_short = len(word) <= 5 and not any(sign.isspace() for sign in word)
        return is_short or look.language in _UNENDED
    if {wanted, said} == {"comma", "colon"}:  # of a letter's first line
        return True
    if wanted == "question":
        in_word = look.language == "hy" and "՞" in look.text
        asks = look.language == "ja" and "か" in look.text[-4:]
        return in_word or asks or (look.language in _UNENDED and not said)
    return False


def _finding(look: Look, wanted: str, said: str, mark: str, at: int) -> Finding:
    length = 3 if said == "ellipsis" and look.text[at : at + 1] != "…" else 1
    span = (at, at + length) if said else (at, at)
    own = _OWN.get(wanted, {}).get(look.language, _PLAIN.get(wanted, "")) if wanted else ""
    fix = look.replaced(span, own)
    if wanted:
        sentence = sentences.ENDS_WITH.with_(mark=own)
    else:
        sentence = sentences.ENDS_WITHOUT.with_(mark=look.text[slice(*span)])
    return Finding("end", WARNING, sentence, span, fix, f"{wanted}-{said}")


def _inverted(look: Look) -> Iterator[Finding]:
    for closing, opening in (("?", "¿"), ("!", "¡")):
        found = re.search(rf"(?<=\w)\{closing}", look.bare_text)
        if found and opening not in look.bare_text:
            place = found.start()
            sentence = sentences.BEGINS_WITH.with_(mark=opening)
            yield Finding("inverted", WARNING, sentence, (place, place + 1), detail=opening)
