"""Which texts could break a page, or smuggle something into it: those are never shown, whoever approved them.

Templates put values into a sentence and take the rest for markup, also inside of attributes. So a text may hold
only the placeholders and the tags of its source.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from flask_babel import lazy_gettext as _l

from app.translation.checks.finding import ERROR, Finding

_TOKEN = re.compile(r"%(?:\((\w+)\))?[#0\- +]*(?:\d+|\*)?(?:\.(?:\d+|\*))?[hlL]?([diouxXeEfFgGcrsa%])")
_BRACES = re.compile(r"(?<!\{)\{(\w*)\}(?!\})")
_PAIR = re.compile(r'"([^"]*)"')
_TAG = re.compile(r"<[^<>]*>")


def is_safe(msgid: str, msgid_plural: str, text: str) -> bool:
    """Tell whether a text can stand wherever its source does."""
    return not fault_of(msgid, msgid_plural, text)


def fault_of(msgid: str, msgid_plural: str, text: str) -> str:
    """Name what is wrong with a text: "placeholders", "markup" or "quotes"; nothing where it is safe."""
    sources = (msgid, msgid_plural) if msgid_plural else (msgid,)
    if not _has_its_placeholders(sources, text):
        return "placeholders"
    if not any(_tags(text) == _tags(source) for source in sources):
        return "markup"
    if '"' in text and not any('"' in source for source in sources):
        return "quotes"
    return ""


def unsafe_text(sources: Sequence[str], text: str) -> Finding | None:
    """Tell who writes a text that it would not be shown, where the other checks have nothing against it."""
    one, many = (sources[0], sources[-1] if len(sources) > 1 else "") if sources else ("", "")
    fault = fault_of(one, many, text) if sources and text.strip() else ""
    if not fault:
        return None
    if fault == "quotes":
        sentence = _l('A sign " could break a page. Use the quotation marks of the language.')
        return Finding("unsafe", ERROR, sentence, fix=_PAIR.sub("“\\1”", text), detail=fault)
    sentence = _l(
        "This text could break a page, so it would not be shown: keep placeholders and tags as they are."
    )
    return Finding("unsafe", ERROR, sentence, detail=fault)


def _has_its_placeholders(sources: tuple[str, ...], text: str) -> bool:
    known: dict[str, str] = {}
    for source in sources:
        known |= dict(_named(source))
    said = dict(_named(text))
    for name, conversion in said.items():
        if name not in known or conversion not in (known[name], "s"):
            return False
    if len(sources) == 1 and said.keys() != known.keys():
        return False
    positional = [_positional(source) for source in sources]
    if _positional(text) not in positional or not _braces(text, sources):
        return False
    return all(not has(text) or any(has(source) for source in sources) for has in (_stray, _doubled))


def _named(text: str) -> list[tuple[str, str]]:
    return [(name, conversion) for name, conversion in _TOKEN.findall(text) if name]


def _positional(text: str) -> list[str]:
    """List what stands for a value without a name."""
    return [conversion for name, conversion in _TOKEN.findall(text) if not name and conversion != "%"]


def _stray(text: str) -> bool:
    """Tell whether a sign is neither a placeholder nor doubled."""
    return "%" in _TOKEN.sub("", text)


def _doubled(text: str) -> bool:
    """Tell whether a sign is doubled: whether it is halved again hangs on where the sentence stands."""
    return any(conversion == "%" for _name, conversion in _TOKEN.findall(text))


def _braces(text: str, sources: tuple[str, ...]) -> bool:
    """Tell whether names in braces are those of the source; braces of its own hurt only where the source has some."""
    wanted = {name for source in sources for name in _BRACES.findall(source)}
    if not wanted:
        return True
    said = set(_BRACES.findall(text))
    return said <= wanted if len(sources) > 1 else said == wanted


def _tags(text: str) -> Counter[str]:
    """Count the tags as they are written, and every other sign that could begin one."""
    tags = Counter(_TAG.findall(text))
    tags["<"] = _TAG.sub("", text).count("<")
    return +tags
