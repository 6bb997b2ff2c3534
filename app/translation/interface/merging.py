"""Files and database, three ways: what the files said last time tells which of the two has changed since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from app.translation.interface.catalogues import Sentence
from app.translation.interface.models import FUZZY
from app.translation.models import SHOWN_STATES


@dataclass(slots=True)
class Stored:
    """A text as the database has it."""

    id: UUID
    text: str
    state: str
    author_id: int | None = None


@dataclass(slots=True)
class Message:
    """A message as the database has it; `texts` are by (language, field)."""

    id: UUID
    mark: str
    facts: dict[str, Any]
    in_files: dict[str, dict[str, Any]]
    is_in_files: bool | None
    texts: dict[tuple[str, str], Stored] = field(default_factory=dict)
    is_new: bool = False
    is_changed: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """A text to write: over `row`, or a new one."""

    message: Message
    locale: str
    field: str
    text: str
    state: str
    row: Stored | None = None
    tool: str = ""


@dataclass(slots=True)
class Merge:
    """What a merge came to."""

    written: list[Written] = field(default_factory=list)
    removed: list[Stored] = field(default_factory=list)
    suggested: list[tuple[Written, int | None]] = field(default_factory=list)
    """What gave way where both sides changed a text: the file's to one that is shown, a draft to the file's."""
    approved: list[Stored] = field(default_factory=list)
    doubted: list[Stored] = field(default_factory=list)


def merge_language(
    merge: Merge, messages: Mapping[str, Message], locale: str, said: Iterable[Sentence], *, is_own: bool
) -> None:
    """Merge what one language's files say into what is known; a message that they leave out stays as it is.

    With `is_own` the files were just written from the database: what they say is noted, and changes nothing.
    """
    for sentence in said:
        message = messages[sentence.mark]
        before = message.in_files.get(locale, {})
        now: dict[str, Any] = {name: text for name, text in sentence.texts.items() if text}
        if sentence.is_fuzzy and now:
            now[FUZZY] = True
        if now == before:
            continue
        for name in () if is_own else sorted({*before, *now} - {FUZZY}):
            _merge_text(merge, message, locale, name, before, now)
        message.in_files = {**message.in_files, locale: now}
        if not now:
            message.in_files.pop(locale)
        message.is_changed = True


def _merge_text(
    merge: Merge,
    message: Message,
    locale: str,
    name: str,
    before: Mapping[str, Any],
    now: Mapping[str, Any],
) -> None:
    was, text = before.get(name, ""), now.get(name, "")
    is_fuzzy, was_fuzzy = FUZZY in now, FUZZY in before
    if (was, was_fuzzy) == (text, is_fuzzy):
        return
    row = message.texts.get((locale, name))
    state = "needs_review" if is_fuzzy else "approved"
    if row is None:
        if text:  # new in the file, or changed there while it was removed here: then a person decides
            state = "needs_review" if was else state
            merge.written.append(Written(message, locale, name, text, state))
    elif row.text == text:
        _judge(merge, row, is_fuzzy, was_fuzzy)
    elif row.text == was and (row.state in SHOWN_STATES) != was_fuzzy:
        if text:
            merge.written.append(Written(message, locale, name, text, state, row))
        else:
            merge.removed.append(row)
    elif text and text != was:
        _settle(merge, Written(message, locale, name, text, state, row), row, was)


def _settle(merge: Merge, theirs: Written, row: Stored, was: str) -> None:
    """Let what is shown stay, and what is approved go before what is worked on; the other becomes a suggestion."""
    if row.state in SHOWN_STATES or theirs.state != "approved":
        merge.suggested.append((theirs, None))
        return
    merge.written.append(theirs)
    if row.text != was and row.state != "rejected":
        ours = Written(theirs.message, theirs.locale, theirs.field, row.text, row.state, row)
        merge.suggested.append((ours, row.author_id))


def _judge(merge: Merge, row: Stored, is_fuzzy: bool, was_fuzzy: bool) -> None:
    """Follow a file in which a text that says the same was called right, or to be reviewed."""
    if is_fuzzy and not was_fuzzy and row.state in SHOWN_STATES:
        merge.doubted.append(row)
    elif not is_fuzzy and row.state not in SHOWN_STATES and row.state != "rejected":
        merge.approved.append(row)


def merge_lives(messages: Mapping[str, Message], living: Mapping[str, bool]) -> None:
    """Follow the files in which messages there are; one that no file has ever held is not theirs to end."""
    for mark, message in messages.items():
        now = living.get(mark, False)
        if message.is_in_files is None and not now and mark not in living:
            continue
        if now != message.is_in_files:
            message.is_in_files = now
            message.facts["is_obsolete"] = not now
            message.is_changed = True
