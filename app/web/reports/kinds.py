"""Which charts there are, in their order on the page, and which of them the reader may see."""

from __future__ import annotations

from app.access.rights import may
from app.web.reports import room_words, words
from app.web.reports.words import ChartKind

KINDS = (*words.KINDS, *room_words.KINDS)


def may_see(kind: ChartKind) -> bool:
    """Tell whether the reader may list what a chart counts, and what it names."""
    return may("list", kind.resource) and (not kind.names or may("list", kind.names))
