"""Which charts there are, in their order on the page."""

from __future__ import annotations

from app.web.reports import room_words, words

KINDS = (*words.KINDS, *room_words.KINDS)
