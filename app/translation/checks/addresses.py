"""Web and e-mail addresses: kept, or replaced by who means it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from functools import lru_cache

from app.kernel.locales import SOURCE
from app.translation.checks import sentences
from app.translation.checks.finding import ERROR, WARNING, Finding, Look

_ENDS = "<>\"'‘’«»“”„`\u200e\u200f|\\\\^،؛؟।॥，。；：！？、）】」』"
_URL = re.compile(rf"(?<![\w/])(?:(?:https?|ftp)://|www\.)(?=[\w%{{])[^\s{_ENDS}]++", re.IGNORECASE)
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"<>]{1,2000})"|'([^'<>]{1,2000})')""", re.IGNORECASE)
_LAST = ".,;:!?…'’*_)]}"
_PARTS = re.compile(r"[/.?&=_-]")
Address = tuple[int, int, str]


@lru_cache(maxsize=1024)
def urls(text: str) -> tuple[Address, ...]:
    """List the addresses of a text with their places."""
    if not any(sign in text for sign in ("://", "www.", "WWW.", "@", "href")):
        return ()
    found = list(_written(text))
    for match in _HREF.finditer(text):
        group = 1 if match[1] is not None else 2
        begin, end = match.span(group)
        if not any(first < end and begin < last for first, last, _url in found):
            found.append((begin, end, html.unescape(match[group])))
    return tuple(sorted(found))


def _written(text: str) -> Iterator[Address]:
    taken: list[tuple[int, int]] = []
    for match in _URL.finditer(text):
        url = _trimmed(match[0])
        taken.append((match.start(), match.start() + len(url)))
        yield match.start(), match.start() + len(url), html.unescape(url)
    for match in _EMAIL.finditer(text):
        if not any(begin <= match.start() < end for begin, end in taken):
            yield match.start(), match.end(), match[0]


def _trimmed(url: str) -> str:
    """Leave the end of the sentence out; a bracket that the address opened belongs to it."""
    while url and url[-1] in _LAST:
        opening = {")": "(", "]": "[", "}": "{"}.get(url[-1])
        if opening is not None and url.count(opening) >= url.count(url[-1]):
            break
        url = url[:-1]
    return url


def _same(url: str) -> str:
    """Write an address so that two which lead to the same place are alike."""
    scheme, sign, rest = url.rpartition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme.lower()}{sign}{host.lower()}{slash}{path}".rstrip("/")


def _is_localized(old: str, new: str, locale: str) -> bool:
    """Tell whether an address differs in nothing but the language that it names."""
    before, after = _PARTS.split(old.lower()), _PARTS.split(new.lower())
    tags = {locale.lower(), *locale.lower().split("-")}
    if len(before) != len(after):
        return False
    changed = [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]]
    return bool(changed) and all(old in (SOURCE, "us", "gb") and new in tags for old, new in changed)


def check(look: Look) -> Iterator[Finding]:
    """Find addresses that are lost, new, or others than those of the source."""
    before = {_same(url): url for _begin, _end, url in urls(look.source)}
    after = {_same(url): (begin, end, url) for begin, end, url in urls(look.text)}
    lost = [key for key in before if key not in after]
    new = [key for key in after if key not in before]
    for old in list(lost):
        localized = next((key for key in new if _is_localized(old, key, look.locale)), None)
        if localized is not None:
            lost.remove(old)
            new.remove(localized)
    paired = min(len(lost), len(new))
    for old, key in zip(lost[:paired], new[:paired], strict=True):
        begin, end, url = after[key]
        sentence = sentences.REPLACED.with_(old=before[old], new=url)
        fix = look.replaced((begin, end), before[old])
        yield Finding("url_replaced", WARNING, sentence, (begin, end), fix, f"{old} {key}", asks=True)
    for old in lost[paired:]:
        yield Finding("url_lost", ERROR, sentences.LOST.with_(what=before[old]), detail=old)
    for key in new[paired:]:
        begin, end, url = after[key]
        yield Finding("url_extra", WARNING, sentences.EXTRA.with_(what=url), (begin, end), detail=key)
