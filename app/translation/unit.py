"""One text to translate as it is given out, and how texts are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

TO_DO = "todo"
TO_REVIEW = "review"
SUGGESTED = "suggested"
OUTDATED = "outdated"
STATES = ("missing", "machine", "draft", "needs_review", "approved", "stale", "rejected")
GROUPS: Mapping[str, tuple[str, ...]] = {
    TO_DO: ("missing", "machine", "draft", "rejected", "stale"),
    TO_REVIEW: ("needs_review", "machine"),
}
"""What a name stands for beside the states themselves."""
_DONE = "approved"


@dataclass(frozen=True, slots=True)
class Unit:
    """One text to translate. `key` is its place in the order of the queue; `words` count the source's.

    `source_text` is what the source said when the text was made, where it says something else now ("" where
    nobody knows). `state` is "missing" where there is no text.
    """

    key: str
    content_type: str
    object_id: UUID
    field: str
    locale: str
    source: str
    words: int
    owner_type: str
    owner_id: UUID
    title: str
    note: str
    translation_id: UUID | None
    text: str
    state: str
    source_text: str | None
    revision: int
    author_id: int | None
    tool: str
    reason: str
    is_suggested: bool

    @property
    def is_done(self) -> bool:
        """Tell whether it counts: approved, and of the source as it is."""
        return self.state == _DONE and self.source_text is None


@dataclass(frozen=True, slots=True)
class Asked:
    """Which texts: in which language, of which content types (empty: all), states or groups of such, records."""

    locale: str
    types: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    owner_id: UUID | None = None
    owner_ids: tuple[UUID, ...] = ()
    row_ids: tuple[UUID, ...] = ()
    search: str = ""
    author_id: int | None = None
    verb: str = "translate"
    shown_only: bool = False
    is_outdated: bool | None = None
