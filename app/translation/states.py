"""What becomes of a text, by who writes or judges it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import has_request_context
from flask_babel import lazy_gettext as _l

from app.access.rights import NONE, Rights, current_rights, read_rights
from app.kernel.actor import current_actor
from app.kernel.errors import Conflict, Forbidden
from app.kernel.languages import find

SHOWN = ("approved", "stale")
TO_REVIEW = ("needs_review", "machine", "draft")


class NotYours(Forbidden):
    """A text waits for another pair of eyes."""

    code = "four_eyes"


class AlreadyDecided(Conflict):
    """Somebody else was faster."""

    code = "already_decided"


@dataclass(frozen=True, slots=True)
class Hand:
    """Who writes: their number, whether they approve such texts, and whether one's own text is for others."""

    user_id: int | None = None
    approves: bool = True
    four_eyes: bool = False

    @property
    def decides(self) -> bool:
        """Tell whether what they write is right at once."""
        return self.approves and not (self.four_eyes and self.user_id is not None)

    def judges(self, author_id: int | None) -> bool:
        """Tell whether they may approve a text of this author's."""
        return self.approves and not (
            self.four_eyes and self.user_id is not None and author_id == self.user_id
        )

    def must_judge(self, author_id: int | None) -> None:
        """Refuse who may not approve a text of this author's."""
        if not self.approves:
            raise Forbidden(_l("Your roles let you translate, not approve."))
        if not self.judges(author_id):
            raise NotYours(_l("You wrote this text: somebody else has to approve it."))


_owner_name: list[Callable[[str], str]] = [lambda content_type: content_type]


def know_owner_names(find_name: Callable[[str], str]) -> None:
    """Learn on whose permissions the texts of a content type depend."""
    _owner_name[:] = [find_name]


def hand_of(content_type: str, locale: str) -> Hand:
    """Tell with which hand whoever acts writes into a language. A command and a job are trusted."""
    language = find(locale)
    four_eyes = language is not None and language.four_eyes
    actor = current_actor()
    if actor.kind != "user":
        return Hand() if not has_request_context() else _hand(None, current_rights(), content_type, four_eyes)
    user_id = int(actor.id) if actor.id.isdecimal() else None
    if has_request_context():
        return _hand(user_id, current_rights(), content_type, four_eyes)
    rights = read_rights(user_id) if user_id is not None else NONE
    return _hand(user_id, rights, content_type, four_eyes) if user_id is not None else Hand()


def _hand(user_id: int | None, rights: Rights, content_type: str, four_eyes: bool) -> Hand:
    name = _owner_name[0](content_type)
    return Hand(user_id, rights.allow("can_approve_texts", name), four_eyes)


def state_of_written(state: str | None, hand: Hand, is_draft: bool = False) -> str | None:
    """Give the state of a text that is written over one of this state; None where it can only be suggested."""
    if hand.decides:
        return "draft" if is_draft and state not in SHOWN else "approved"
    if state in SHOWN:
        return None
    return "draft" if is_draft else "needs_review"


def outcome(row: Any) -> str:
    """Name what a text is for who reads of it: its state."""
    return str(row.state) if row is not None else "missing"
