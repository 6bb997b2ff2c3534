"""Which rules of booking staff set aside, and why, as the step of the booking keeps it (rule 24)."""

from __future__ import annotations

from collections.abc import Collection

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.domains.bookings.queries import Rule
from app.domains.bookings.service.claiming import OVERRULABLE
from app.kernel.errors import Invalid
from app.kernel.values import is_blank

_NAMES = {
    Rule.NOTICE: _l("notice"),
    Rule.ADVANCE: _l("days ahead"),
    Rule.LENGTH: _l("length"),
    Rule.HOURS: _l("opening hours"),
    Rule.START: _l("start"),
}


def named(rules: Collection[Rule]) -> str:
    """Name rules that may be set aside, in the order in which they are told."""
    return ", ".join(str(_NAMES[rule]) for rule in Rule if rule in OVERRULABLE and rule in rules)


def noted(overruled: Collection[Rule], reason: str) -> str:
    """Word which rules are set aside and why; the reason alone where none is.

    Raises Invalid where rules are set aside and nobody says why.
    """
    if not OVERRULABLE.intersection(overruled):
        return reason
    if is_blank(reason):
        raise Invalid({"reason": [_l("Say why these rules are set aside.")]})
    note: str = _("Set aside: %(rules)s. Reason: %(reason)s", rules=named(overruled), reason=reason)
    return note
