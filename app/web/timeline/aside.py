"""Setting rules of booking aside: which of those that a wish breaks may be, by whom, and which of them are asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.access.rights import may
from app.domains.bookings.queries import Rule
from app.domains.bookings.service import OVERRULABLE
from app.domains.bookings.service.overruling import named
from app.kernel.errors import Forbidden, Invalid
from app.web.bookings.seen import may_on

GUESTS = "guests"
"""What is told beside the rules of time: more guests than the room holds."""

_NEVER = {
    Rule.OFFERED.value: _l("A room that is not offered cannot be booked, whatever the reason."),
    Rule.CLOSURE.value: _l("What is closed cannot be booked, whatever the reason. End the closure first."),
    Rule.FREE.value: _l("What somebody else has cannot be booked, whatever the reason."),
    GUESTS: _l("A room cannot take more guests than it holds, whatever the reason."),
}


def may_overrule(booking: Any | None) -> bool:
    """Tell whether the reader may set rules aside, for a booking or for a new one."""
    return may("overrule", "booking") if booking is None else may_on(booking, "overrule")


def told_aside(broken: Collection[str], booking: Any | None) -> dict[str, Any]:
    """Tell which of the broken rules can be set aside: all of them by who may do so, or none, and then why."""
    rules = [rule.value for rule in Rule if rule in OVERRULABLE and rule.value in broken]
    if not broken or not may_overrule(booking):
        return {"is_offered": False, "rules": [], "said": ""}
    if never := [str(_NEVER[name]) for name in broken if name in _NEVER]:
        return {"is_offered": False, "rules": [], "said": " ".join(never)}
    names = named({Rule(name) for name in rules})
    said = _("It would set aside, for this booking alone: %(rules)s.", rules=names)
    return {"is_offered": True, "rules": rules, "said": said}


def read_aside(told: Any) -> frozenset[Rule]:
    """Read the names of rules to be set aside, listed, or in one text. Raises Invalid for one that never may be."""
    names = told.split() if isinstance(told, str) else told or []
    known = {rule.value for rule in OVERRULABLE}
    if not isinstance(names, list) or not {str(name) for name in names} <= known:
        sentence = _("Of the rules only these may be set aside: %(rules)s.", rules=named(OVERRULABLE))
        raise Invalid({"set_aside": [sentence]})
    return frozenset(Rule(name) for name in names)


def granted(asked: frozenset[Rule], broken: Iterable[str], booking: Any | None) -> frozenset[Rule]:
    """Give those of the rules that are asked for which a wish breaks now. Raises Forbidden for who may set none aside."""
    if not asked:
        return asked
    if not may_overrule(booking):
        raise Forbidden(_("You may not set rules aside. Ask somebody who may, or choose another time."))
    return asked.intersection(Rule(name) for name in broken if name != GUESTS)
