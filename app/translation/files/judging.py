"""What becomes of an entry of a file: compared with the text as it stands, with who brings it, and with its export."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from app.resources.kinds import Unreadable
from app.translation.checked import check_text
from app.translation.files.entries import NOTHING, Entry, mark_of
from app.translation.models import SHOWN_STATES
from app.translation.sources import is_address, read_text, source_hash
from app.translation.states import Hand, state_of_written
from app.translation.units import Unit
from app.translation.writing import ADDRESS_IN_USE

NEW, CHANGED, CONFIRMED, SUGGESTED = "new", "changed", "confirmed", "suggested"
UNCHANGED, EMPTY = "unchanged", "empty"
CONFLICT, UNKNOWN, REFUSED, MALFORMED = "conflict", "unknown", "refused", "malformed"
WRITES = (NEW, CHANGED, CONFIRMED, SUGGESTED)
FAULTS = (CONFLICT, UNKNOWN, REFUSED, MALFORMED)

CHANGED_HERE = _l("It was changed here since the file was written. What is here stays.")
CHANGED_SHOWN = _l(
    "It was changed here since the file was written. What is here stays, the file's text is suggested."
)
_UNTOLD = _l(
    "The file does not say which text it was made from, and there is another here. What is here stays."
)
_NOWHERE = _l("There is no such text, or it is not yours to translate.")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of an entry. `is_older`: it was made from a source that has changed; it arrives out of date."""

    kind: str
    text: str = ""
    hand: Hand | None = None
    is_older: bool = False
    sentence: Any = ""

    @property
    def suggests(self) -> bool:
        """Tell whether the text is kept beside the one that is shown."""
        return self.hand is not None and self.kind in (SUGGESTED, CONFLICT)


def judge(entry: Entry, unit: Unit | None, hand: Hand) -> Verdict:
    """Tell what becomes of an entry; nothing is written."""
    if unit is None:
        return Verdict(UNKNOWN, sentence=_NOWHERE)
    if not entry.text.strip():
        return Verdict(EMPTY)
    is_older = source_hash(entry.source) != source_hash(unit.source)
    is_untouched = entry.seen is not None and entry.seen.mark == mark_of(entry.text)
    if entry.text == unit.text or is_untouched:
        return _confirmed(entry, unit, hand, is_older=is_older, is_untouched=is_untouched)
    try:
        text = read_text(unit.content_type, unit.field, entry.text, unit.locale)
    except Unreadable as fault:
        return Verdict(REFUSED, sentence=fault.sentence)
    if not text:
        return Verdict(EMPTY)
    if text == unit.text:
        return _confirmed(entry, unit, hand, is_older=is_older, is_untouched=False)
    found = check_text(unit.content_type, unit.field, unit.locale, entry.source, text)
    faults = [finding.sentence for finding in found if finding.is_error]
    if faults:
        return Verdict(REFUSED, sentence=faults[0])
    if unit.text and mark_of(unit.text) != (entry.seen.mark if entry.seen else NOTHING):
        return _conflict(entry, unit, text, hand, is_older=is_older)
    return _written(entry, unit, text, hand, is_older=is_older)


def _confirmed(entry: Entry, unit: Unit, hand: Hand, *, is_older: bool, is_untouched: bool) -> Verdict:
    """Judge a text that says what is here, or what it said when it was exported: it may be sure now."""
    was_unsure = not is_untouched or (entry.seen is not None and entry.seen.is_unsure)
    is_news = entry.text and was_unsure and not entry.is_unsure and not is_older
    if not is_news or mark_of(unit.text) != mark_of(entry.text) or unit.is_done:
        return Verdict(UNCHANGED)
    if unit.state in SHOWN_STATES:
        kind = CONFIRMED if hand.judges(unit.author_id) else SUGGESTED
        return Verdict(kind, unit.text, hand)
    if state_of_written(unit.state, hand) == unit.state and unit.source_text is None:
        return Verdict(UNCHANGED)
    return Verdict(CONFIRMED, unit.text, hand)


def _conflict(entry: Entry, unit: Unit, text: str, hand: Hand, *, is_older: bool) -> Verdict:
    if unit.state not in SHOWN_STATES:
        return Verdict(CONFLICT, text, is_older=is_older, sentence=CHANGED_HERE if entry.seen else _UNTOLD)
    if is_address(unit.content_type, unit.field):
        return Verdict(REFUSED, sentence=ADDRESS_IN_USE)
    return Verdict(CONFLICT, text, hand, is_older, CHANGED_SHOWN)


def _written(entry: Entry, unit: Unit, text: str, hand: Hand, *, is_older: bool) -> Verdict:
    """Judge a text that the file has and nobody else changed; one that is unsure is for review, whoever brings it."""
    writes = Hand(hand.user_id, approves=False, four_eyes=hand.four_eyes) if entry.is_unsure else hand
    if state_of_written(unit.state if unit.text else None, writes) is None:
        if is_address(unit.content_type, unit.field):
            return Verdict(REFUSED, sentence=ADDRESS_IN_USE)
        return Verdict(SUGGESTED, text, writes, is_older)
    return Verdict(CHANGED if unit.text else NEW, text, writes, is_older)
