"""The address of the queue: which texts somebody works on, so that a link shows a colleague the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.kernel.errors import BadParameter
from app.kernel.ids import parse_id
from app.resources.kinds import storable
from app.translation.tallies import ALL
from app.translation.units import (
    GROUPS,
    OUTDATED,
    STATES,
    SUGGESTED,
    TO_DO,
    TO_REVIEW,
    Asked,
    place_of,
    types_of,
)

BASE = "/translate"
REJECTED = "rejected"
CHIPS: Mapping[str, Any] = {
    TO_DO: _l("To do"),
    TO_REVIEW: _l("To review"),
    OUTDATED: _l("Out of date"),
    "missing": _l("Missing"),
    SUGGESTED: _l("Suggested"),
    "machine": _l("Machine"),
    REJECTED: _l("Rejected"),
    ALL: _l("All"),
}
_STATES = frozenset({*CHIPS, *GROUPS, *STATES})
_NAMES = ("type", "state", "q", "record", "mine", "at", "after", "before")


@dataclass(frozen=True, slots=True)
class Address:
    """What an address asks for; `at` is the text that is shown, else the first one after a place in the order."""

    locale: str
    type: str = ""
    state: str = TO_DO
    q: str = ""
    record: str = ""
    mine: str = ""
    at: str = ""
    after: str = ""
    before: str = ""

    def url(self, **changes: str) -> str:
        """Write the address with something else in it; where it stands in the queue is left out."""
        there = replace(self, **({"at": "", "after": "", "before": ""} | changes))
        pairs = {name: getattr(there, name) for name in _NAMES}
        if there.state == TO_DO:
            pairs.pop("state")
        query = urlencode({name: value for name, value in pairs.items() if value})
        return f"{BASE}/{there.locale}" + (f"?{query}" if query else "")

    def asked(self, user_id: int) -> Asked:
        """Say it to the units."""
        return Asked(
            self.locale,
            types=(self.type,) if self.type else (),
            states=() if self.state == ALL else (self.state,),
            owner_id=parse_id(self.record) if self.record else None,
            search=self.q,
            author_id=user_id if self.mine else None,
        )


def read_address(locale: str, args: Mapping[str, str]) -> Address:
    """Read an address. Raises BadParameter for what there is not."""
    found = Address(
        locale, **{name: storable(args[name]).strip()[:200] for name in _NAMES if args.get(name, "").strip()}
    )
    if found.type and found.type not in types_of():
        raise BadParameter("type", _("There is no such content type to translate."))
    if found.state not in _STATES:
        raise BadParameter("state", _("There is no such state."))
    if found.record and parse_id(found.record) is None:
        raise BadParameter("record", _("There is no such record."))
    for name in ("after", "before"):
        _check_place(name, getattr(found, name))
    return found


def _check_place(name: str, key: str) -> None:
    try:
        tuple(place_of(key) if key else ())
    except ValueError as error:
        raise BadParameter(name, _("There is no such place in the queue.")) from error
