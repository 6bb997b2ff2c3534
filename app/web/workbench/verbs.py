"""What a person's buttons say beside a text, and which rules hold for them: no button does what it does not say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from app.translation.models import SHOWN_STATES
from app.translation.states import Hand
from app.translation.units import Unit
from app.web.workbench.pages import Verbs


def of(here: Sequence[Unit], hands: Mapping[str, Hand]) -> Verbs:
    """Word the buttons for the texts of one place; of several forms the first that is not done decides."""
    unit = next((one for one in here if not one.is_done), here[0])
    hand = hands[unit.field]
    same, is_next_only = _same(unit, hand)
    is_shown = unit.state in SHOWN_STATES
    has_text = unit.translation_id is not None
    return Verbs(
        save=_written(unit, hand),
        save_same=same,
        is_next_only=is_next_only,
        may_draft=not is_shown,
        may_reject=hand.approves and has_text and unit.state != "rejected",
        rules=tuple(_rules(unit, hand)),
    )


def _written(unit: Unit, hand: Hand) -> str:
    """Say what becomes of a text that is written."""
    if hand.decides:
        return _("Approve and next")
    return _("Suggest and next") if unit.state in SHOWN_STATES else _("Send for review and next")


def _same(unit: Unit, hand: Hand) -> tuple[str, bool]:
    """Say what becomes of a text that is left as it is: (the words, whether nothing does)."""
    if unit.state == "missing":
        return _written(unit, hand), False
    if unit.state in SHOWN_STATES:
        return (_("Still right and next"), False) if unit.source_text is not None else (_("Next"), True)
    if hand.judges(unit.author_id):
        return _("Approve and next"), False
    if unit.state == "needs_review" and unit.source_text is None:
        return _("Next"), True
    return _("Send for review and next"), False


def _rules(unit: Unit, hand: Hand) -> Any:
    if unit.state in SHOWN_STATES and not hand.decides:
        yield _("This text is approved and shown. What you write here is a suggestion.")
    elif not hand.approves:
        yield _("Your roles let you translate, not approve.")
    elif not hand.decides:
        if unit.author_id is not None and not hand.judges(unit.author_id):
            yield _("You wrote this text: somebody else has to approve it.")
        else:
            yield _("In this language nobody approves what they wrote themselves.")
