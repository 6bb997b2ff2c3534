"""Why somebody who waits was passed over, or waits no more: what the program itself finds, to be told in any language."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from app.domains.bookings.queries import Rule


class Reason(StrEnum):
    """A reason as a step keeps it; what staff write stands there in their own words."""

    TOO_MANY_GUESTS = "too_many_guests"
    STILL_TAKEN = "still_taken"
    OUT_OF_TURN = "out_of_turn"
    NOT_OFFERED = "not_offered"
    CLOSED_THEN = "closed_then"
    TOO_LATE = "too_late"
    RULES_CHANGED = "rules_changed"
    NO_ANSWER = "no_answer"

    @property
    def label(self) -> Any:
        """Give the reason as a sentence in the reader's words."""
        return _LABELS[self]


_LABELS = {
    Reason.TOO_MANY_GUESTS: _l("There are more guests than the room holds."),
    Reason.STILL_TAKEN: _l("Somebody still has a part of the time."),
    Reason.OUT_OF_TURN: _l("Staff offered the time to somebody else, out of turn."),
    Reason.NOT_OFFERED: _l("The room is not offered any more."),
    Reason.CLOSED_THEN: _l("The room is closed at that time."),
    Reason.TOO_LATE: _l("It is too late now to book this time."),
    Reason.RULES_CHANGED: _l("The room cannot be booked for such a time any more."),
    Reason.NO_ANSWER: _l("The offer was not answered in time."),
}

_BY_VALUE = {reason.value: reason for reason in Reason}

LASTING = {
    Rule.OFFERED: Reason.NOT_OFFERED,
    Rule.NOTICE: Reason.TOO_LATE,
    Rule.CLOSURE: Reason.CLOSED_THEN,
}
"""The rules whose breach ends a wait; a time that is taken, or of another length than today's, is waited for on."""


def reason_in_words(reason: str) -> str:
    """Tell a step's reason: the program's own in the reader's language, another as it was written."""
    own = _BY_VALUE.get(reason)
    return str(own.label) if own is not None else reason
