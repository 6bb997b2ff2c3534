"""A text whose tags, addresses and placeholders are covered, so that only what somebody wrote is looked at."""

from __future__ import annotations

import re
from functools import lru_cache

from app.translation.checks.addresses import urls
from app.translation.checks.markup import spans_of_tags
from app.translation.checks.placeholders import marks_of

COVER = "\ufffc"
"""Stands where a thing stands that is no word."""
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,12});")


@lru_cache(maxsize=1024)
def bare(text: str, source: str, is_interface: bool) -> str:
    """Cover what is no prose; everything else stays in its place. Tags leave spaces."""
    signs = list(text)

    def cover(begin: int, end: int, by: str) -> None:
        signs[begin:end] = by * (end - begin)

    for found in _ENTITY.finditer(text):
        cover(*found.span(), " " if found[0] == "&nbsp;" else COVER)
    for begin, end, _url in urls(text):
        cover(begin, end, COVER)
    for mark in marks_of(text, is_interface and bool(marks_of(source, is_interface))):
        cover(*mark.span, COVER)
    for begin, end in spans_of_tags(text, source):
        cover(begin, end, " ")
    return "".join(signs)
