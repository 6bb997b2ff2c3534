"""The bookings under a closure in words, and what may be chosen for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from app.access import rows
from app.access.rights import may
from app.domains.bookings.queries.closures import Affected, Alternative, affected
from app.domains.bookings.service import refund_for
from app.domains.bookings.service.closing import Choice, Decision, Settled
from app.kernel.db import db
from app.kernel.ids import parse_id
from app.kernel.values import Period
from app.surfaces.records import wording
from app.surfaces.screens.pages import Cell, ChildList
from app.surfaces.screens.pages import Choice as Option
from app.web.simulator.words import when

MARK = "closing-"
SEEN = f"{MARK}seen"
"""The bookings that whoever sends the form was told of."""


@dataclass(frozen=True, slots=True)
class Line:
    """One booking: what it is, and what may become of it; `chosen` is what was chosen."""

    name: str
    client: str
    reference: str
    room: str
    when: str
    status: str
    url: str
    choices: tuple[Option, ...]
    places: tuple[Option, ...]
    chosen: str


@dataclass(frozen=True, slots=True)
class Impact:
    """closures/_impact.html. `lines` are empty for who may not see bookings; `hint` says what is still missing."""

    seen: str = ""
    count: int = 0
    held: int = 0
    lines: tuple[Line, ...] = ()
    hint: str = ""
    may_see: bool = True


def visible() -> Any:
    """Give the condition on the bookings that the reader sees."""
    return rows.condition("booking", current_user, current_app.extensions["catalogue"]["booking"].model)


def line_of(one: Affected, places: Sequence[Alternative], typed: Mapping[str, str]) -> Line:
    """Word a booking with its choices; what was chosen before stays chosen while it can be."""
    locale = wording.reader()
    options = _choices(one, places)
    wanted = typed.get(f"{MARK}{one.id}", Choice.LEAVE.value)
    chosen = wanted if wanted in [option.value for option in options] else Choice.LEAVE.value
    place = typed.get(f"{MARK}{one.id}-to", "")
    return Line(
        f"{MARK}{one.id}",
        one.client_name,
        one.reference,
        one.room_name,
        when(one.period.starts_at, one.period.ends_at, one.zone, locale),
        str(one.status.label),
        f"/bookings/{one.id}" if may("show", "booking") else "",
        tuple(Option(option.value, option.label, option.value == chosen) for option in options),
        tuple(Option(to.value, _place(one, to, locale), to.value == place) for to in places),
        chosen,
    )


def _choices(one: Affected, places: Sequence[Alternative]) -> list[Option]:
    options = [Option(Choice.LEAVE.value, _("Leave it"), False)]
    if places and may("move", "booking"):
        options.append(Option(Choice.MOVE.value, _("Move it"), False))
    if may("call_off", "booking"):
        options.append(Option(Choice.CALL_OFF.value, _back(one, _("Call it off"), is_by_house=True), False))
    if may("cancel", "booking"):
        sentence = _back(one, _("Cancel it by its policy"), is_by_house=False)
        options.append(Option(Choice.CANCEL.value, sentence, False))
    return options


def _back(one: Affected, label: str, *, is_by_house: bool) -> str:
    """Say what is paid back: the preview and the deed ask the same function (rule 18)."""
    booking: Any = db.session.get(current_app.extensions["catalogue"]["booking"].model, one.id)
    found = refund_for(db.session(), booking, is_by_house=is_by_house)
    if not found.amount.minor:
        return label
    amount = wording.money(found.amount.minor, found.amount.currency, wording.reader())
    return _("%(what)s, %(amount)s goes back", what=label, amount=amount)


def _place(one: Affected, to: Alternative, locale: str) -> str:
    length = one.period.ends_at - one.period.starts_at
    return f"{to.room_name}, {when(to.starts_at, to.starts_at + length, one.zone, locale)}"


def read_decisions(typed: Mapping[str, str], concerned: Sequence[Affected]) -> list[Decision]:
    """Read what was chosen for the bookings that are concerned, as far as the reader may do it."""
    found = []
    for one in concerned:
        name = typed.get(f"{MARK}{one.id}", Choice.LEAVE.value)
        if name not in {choice.value for choice in Choice} or (
            name != Choice.LEAVE.value and not may(name, "booking")
        ):
            continue
        room, _bar, at = typed.get(f"{MARK}{one.id}-to", "").partition("|")
        found.append(Decision(one.id, Choice(name), parse_id(room), _instant(at)))
    return [decision for decision in found if decision.choice is not Choice.LEAVE]


def _instant(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo is not None else None


def told(settled: Sequence[Settled], left: int) -> list[str]:
    """Say what became of the bookings."""
    locale = wording.reader()
    sentences = []
    for one in settled[:5]:
        after = one.successor
        if after is not None and after.starts_at is not None and after.ends_at is not None:
            place = f"{after.place.partition(',')[0]}, {wording.exact(after.starts_at, locale)}"
            sentences.append(_("%(client)s was moved: %(place)s.", client=after.client_name, place=place))
        else:
            sentences.append(_("%(client)s was called off.", client=one.booking.client_name))
    if len(settled) > 5:
        sentences.append(_("and %(number)s more", number=len(settled) - 5))
    if left:
        sentences.append(
            ngettext(
                "%(num)s booking stays under the closure.", "%(num)s bookings stay under the closure.", left
            )
        )
    return sentences


def under(closure: Any) -> ChildList | None:
    """List the bookings under a closure on its page; nothing for who does not see bookings."""
    if not may("list", "booking"):
        return None
    period = Period(closure.starts_at, closure.ends_at)
    found = affected(db.session(), closure.venue_id, closure.room_id, period, visible())
    locale = wording.reader()
    columns = (_("Client"), _("Room"), _("When"), _("Status"))
    lines = tuple(
        (
            Cell("text", one.client_name, url=f"/bookings/{one.id}" if may("show", "booking") else ""),
            Cell("text", one.room_name),
            Cell("text", when(one.period.starts_at, one.period.ends_at, one.zone, locale)),
            Cell("choice", str(one.status.label)),
        )
        for one in found
    )
    return ChildList(_("Bookings under this closure"), columns, lines)


def warning(count: int) -> str:
    """Say over how many bookings a closure lies, for who writes it without seeing its form."""
    return ngettext(
        "This closure lies over %(num)s booking; it stays as it is.",
        "This closure lies over %(num)s bookings; they stay as they are.",
        count,
    )


def keys_in(text: str) -> set[UUID]:
    """Read the keys of bookings that a form holds."""
    return {key for part in text.split(",")[:1000] if (key := parse_id(part)) is not None}
