"""What is done to one text: written, approved, rejected, called right, suggested for; each can be taken back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from app.kernel import live
from app.kernel.errors import Invalid, NotFound
from app.kernel.values import is_blank
from app.resources.kinds import Unreadable, storable
from app.surfaces.records import writing as records
from app.surfaces.records.news import tell_changed
from app.surfaces.texts.checking import look, must_pass
from app.surfaces.texts.places import Held, Seen
from app.surfaces.texts.telling import tell_of_declined, tell_of_rejected
from app.translation import suggesting, writing
from app.translation.models import SHOWN_STATES
from app.translation.sources import read_text
from app.translation.states import state_of_written

STAFF = "/staff"
SUGGESTED, REMOVED, SAME, DECLINED = "suggested", "removed", "same", "declined"
NOTHING_SEEN = Seen()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an act: a state, or one of the words above; `suggestion` is the one that was made or decided."""

    what: str
    suggestion: UUID | None = None


def write(
    session: Session,
    held: Held,
    raw: str,
    *,
    is_draft: bool = False,
    seen: Seen = NOTHING_SEEN,
    meant: Collection[str] = (),
    forms: Mapping[str, tuple[str, str]] | None = None,
) -> Outcome:
    """Write a text; one that is as it was is judged instead. Only a draft may have faults.

    `meant` are the keys of findings that are meant so, `forms` what all forms of a sentence say. Raises Invalid,
    Forbidden, TextChanged, SourceChanged.
    """
    text = readable(held, raw)
    held.must_be_as_seen(seen, text)
    if text and not is_draft:
        must_pass(look(session, held.place, held.source, text, forms), held.place, meant)
    row, hand = held.row, held.hand
    before = row.state if row is not None else None
    if row is not None and text == row.text and not is_draft:
        return _say_again(session, held)
    if row is None and not text:
        return Outcome(SAME)
    place = held.place
    state = state_of_written(before, hand, is_draft)
    written = writing.put(
        session,
        place.content_type,
        held.record,
        place.locale,
        place.field,
        text,
        hand,
        is_draft=is_draft,
        known={(place.locale, place.field): row} if row is not None else {},
    )
    session.flush()
    if written is None:
        return _offered(session, held) if state is None else Outcome(SAME)
    _tell(session, held)
    return Outcome(written.state if text else REMOVED)


def readable(held: Held, raw: str) -> str:
    """Read what was typed by the rules of its source. Raises Invalid."""
    try:
        return read_text(held.place.content_type, held.place.field, raw, held.place.locale)
    except Unreadable as error:
        raise Invalid({held.place.field: [error.sentence]}) from error


def _say_again(session: Session, held: Held) -> Outcome:
    """Say that a text is right as it stands, as far as one may."""
    row, hand, place = _row(held), held.hand, held.place
    if row.source_text is not None and row.state in SHOWN_STATES:
        return _right(session, held)
    if row.state in SHOWN_STATES:
        return Outcome(SAME)
    if hand.judges(row.author_id):
        writing.approve(session, row, held.record, hand)
        _tell(session, held)
        return Outcome("approved")
    if row.state == "needs_review" and row.source_text is None:
        return Outcome(SAME)
    known = {(place.locale, place.field): row}
    writing.put(
        session, place.content_type, held.record, place.locale, place.field, row.text, hand, known=known
    )
    _tell(session, held)
    return Outcome(row.state)


def approve(session: Session, held: Held, seen: Seen = NOTHING_SEEN, meant: Collection[str] = ()) -> Outcome:
    """Call a text right. Raises Forbidden, NotYours, Refused."""
    held.must_be_as_seen(seen)
    held.hand.must_judge(_row(held).author_id)
    if _row(held).state == "approved" and _row(held).source_text is None:
        return Outcome(SAME)
    must_pass(look(session, held.place, held.source, _row(held).text), held.place, meant)
    writing.approve(session, _row(held), held.record, held.hand)
    _tell(session, held)
    return Outcome("approved")


def reject(session: Session, held: Held, reason: str, seen: Seen = NOTHING_SEEN) -> Outcome:
    """Send a text back with a reason. Raises Forbidden, Invalid without a reason."""
    held.must_be_as_seen(seen)
    said = storable(reason).strip()
    if is_blank(said):
        raise Invalid({"reason": [_l("Say why, so that it can be mended.")]})
    writing.reject(session, _row(held), held.hand, said)
    tell_of_rejected(session, held)
    _tell(session, held)
    return Outcome("rejected")


def call_right(
    session: Session, held: Held, seen: Seen = NOTHING_SEEN, meant: Collection[str] = ()
) -> Outcome:
    """Say that a text which is out of date is right for the new source, or suggest so. Raises Refused."""
    held.must_be_as_seen(seen)
    must_pass(look(session, held.place, held.source, _row(held).text), held.place, meant)
    return _right(session, held)


def _right(session: Session, held: Held) -> Outcome:
    place = held.place
    state = writing.call_right(session, place.content_type, held.record, place.locale, place.field)
    session.flush()
    if state == "stale":
        return _offered(session, held)
    _tell(session, held)
    return Outcome(state)


def accept(session: Session, held: Held, key: UUID | None, meant: Collection[str] = ()) -> Outcome:
    """Let a suggestion be the text. Raises Forbidden, NotYours, Refused."""
    suggestion = _suggestion(session, held, key)
    held.hand.must_judge(suggestion.author_id)
    must_pass(look(session, held.place, held.source, suggestion.text), held.place, meant)
    writing.accept(session, suggestion, _row(held), held.record, held.hand)
    _tell(session, held)
    return Outcome(_row(held).state, suggestion.id)


def decline(session: Session, held: Held, key: UUID | None, reason: str = "") -> Outcome:
    """Leave the text as it is."""
    suggestion = _suggestion(session, held, key)
    suggesting.decline(suggestion, held.hand, storable(reason))
    tell_of_declined(session, held, suggestion)
    _tell(session, held, is_changed=False)
    return Outcome(DECLINED, suggestion.id)


def _row(held: Held) -> Any:
    if held.row is None:
        raise NotFound(_l("There is no text here yet."))
    return held.row


def _suggestion(session: Session, held: Held, key: UUID | None) -> Any:
    found = suggesting.find_suggestion(session, key) if key is not None else None
    if found is None or held.row is None or found.translation_id != held.row.id:
        raise NotFound(_l("There is no such suggestion."))
    return found


def _offered(session: Session, held: Held) -> Outcome:
    """Find the suggestion that came of it: the newest of this hand."""
    row = _row(held)
    found = suggesting.open_suggestions(session, [row.id]).get(row.id, [])
    own = next((one for one in found if one.author_id == held.hand.user_id), None)
    _tell(session, held, is_changed=False)
    return Outcome(SUGGESTED, own.id if own is not None else None)


def _tell(session: Session, held: Held, *, is_changed: bool = True) -> None:
    """Let who has the record, or this very text, before them learn of it.

    The record counts up, so that a form which was opened before joins what it holds with this.
    """
    session.flush()
    if is_changed and held.resource is not None:
        records.count_up(held.owner)
        session.flush()
        tell_changed(session, held.resource, [held.owner.id])
    room = held.place.room
    live.tell(STAFF, room, "changed", {"room": room, "by": held.hand.user_id})
