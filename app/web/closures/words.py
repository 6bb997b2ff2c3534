"""The bookings under a closure in words, and what may be chosen for each."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from app.access import rows
from app.access.rights import may
from app.domains.bookings.api.room_wording import time_text
from app.domains.bookings.queries.closures import Affected, Alternative, Dealt, dealt_with
from app.domains.bookings.resources import STATUSES
from app.domains.bookings.service.closing import Settled
from app.domains.bookings.service.refunding import Back, refunds_for
from app.domains.venues.queries import Refund
from app.kernel.db import db
from app.kernel.values import Period
from app.surfaces.records import wording
from app.surfaces.screens.pages import Cell, ChildList
from app.surfaces.screens.pages import Choice as Option
from app.web.closures.deciding import DEEDS, MARK, Choice, doable
from app.web.closures.shut import Shut
from app.web.timeline.judging import between
from app.web.timeline.places import model_of

_TONES = {option.value: option.tone for option in STATUSES}


@dataclass(frozen=True, slots=True)
class Line:
    """One booking: what it is, and what may become of it; `chosen` is what was chosen."""

    name: str
    client: str
    reference: str
    room: str
    when: str
    status: str
    tone: str
    url: str
    choices: tuple[Option, ...]
    places: tuple[Option, ...]
    chosen: str


@dataclass(frozen=True, slots=True)
class Impact:
    """closures/_impact.html. `lines` are empty for who may not see bookings; `hint` says what is still missing.

    `more` are so many that are not listed, and stand at `more_url`; `has_others` that some are not the reader's.
    """

    seen: str = ""
    count: int = 0
    held: int = 0
    waiting: int = 0
    lines: tuple[Line, ...] = ()
    hint: str = ""
    may_see: bool = True
    more: int = 0
    more_url: str = ""
    has_others: bool = False


def visible() -> Any:
    """Give the condition on the bookings that the reader sees."""
    return rows.condition("booking", current_user, model_of("booking"))


def lines_of(
    listed: Sequence[Affected], places: Mapping[UUID, Sequence[Alternative]], typed: Mapping[str, str]
) -> tuple[Line, ...]:
    """Word bookings with what the reader may choose for each, in so many statements however many they are.

    What is paid back is told to who sees payments: the preview and the deed ask the same function (rule 18).
    """
    keys = [one.id for one in listed]
    may_do = {choice: doable(choice, keys) for choice in DEEDS}
    backs = refunds_for(db.session(), keys) if keys and may("list", "payment") else {}
    found = []
    for one in listed:
        choices = {choice for choice, those in may_do.items() if one.id in those}
        there = places.get(one.id, ())
        found.append(_line(one, _choices(choices, there, backs.get(one.id)), there, typed))
    return tuple(found)


def _line(
    one: Affected, options: Sequence[Option], places: Sequence[Alternative], typed: Mapping[str, str]
) -> Line:
    """Word a booking; what was chosen before stays chosen while it can be."""
    locale = wording.reader()
    wanted = typed.get(f"{MARK}{one.id}", Choice.LEAVE.value)
    chosen = wanted if wanted in [option.value for option in options] else Choice.LEAVE.value
    place = typed.get(f"{MARK}{one.id}-to", "")
    return Line(
        f"{MARK}{one.id}",
        one.client_name,
        one.reference,
        one.room_name,
        between(one.period, one.zone, locale),
        str(one.status.label),
        _TONES[one.status],
        f"/bookings/{one.id}" if may("show", "booking") else "",
        tuple(Option(option.value, option.label, option.value == chosen) for option in options),
        tuple(Option(to.value, _place(one, to, locale), to.value == place) for to in places),
        chosen,
    )


def _choices(may_do: Collection[Choice], places: Sequence[Alternative], back: Back | None) -> list[Option]:
    options = [Option(Choice.LEAVE.value, _("Leave it"), False)]
    if places and Choice.MOVE in may_do:
        options.append(Option(Choice.MOVE.value, _("Move it"), False))
    if Choice.CALL_OFF in may_do:
        sentence = _back(_("Call it off"), back.by_house if back else None)
        options.append(Option(Choice.CALL_OFF.value, sentence, False))
    if Choice.CANCEL in may_do:
        sentence = _back(_("Cancel it by its policy"), back.by_client if back else None)
        options.append(Option(Choice.CANCEL.value, sentence, False))
    return options


def _back(label: str, found: Refund | None) -> str:
    if found is None or not found.amount.minor:
        return label
    amount = wording.money(found.amount.minor, found.amount.currency, wording.reader())
    return _("%(what)s, %(amount)s goes back", what=label, amount=amount)


def _place(one: Affected, to: Alternative, locale: str) -> str:
    length = one.period.ends_at - one.period.starts_at
    return f"{to.room_name}, {between(Period(to.starts_at, to.starts_at + length), one.zone, locale)}"


def told(settled: Sequence[Settled], left: int, zone: str) -> list[str]:
    """Say what became of the bookings, by the clocks of a zone."""
    locale = wording.reader()
    sentences = []
    for one in settled[:5]:
        after = one.successor
        if after is not None and after.starts_at is not None and after.ends_at is not None:
            there = time_text(Period(after.starts_at, after.ends_at), zone, locale)
            place = f"{after.place.partition(',')[0]}, {there}"
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


def under(shut: Shut) -> ChildList | None:
    """List the bookings under a closure on its page; nothing for who does not see bookings."""
    if not may("list", "booking"):
        return None
    found, more, url = shut.listed(visible())
    locale = wording.reader()
    columns = (_("Client"), _("Room"), _("When"), _("Status"))
    lines = tuple(
        (
            Cell("text", one.client_name, url=f"/bookings/{one.id}" if may("show", "booking") else ""),
            Cell("text", one.room_name),
            Cell("text", between(one.period, one.zone, locale)),
            Cell("choice", str(one.status.label), tone=_TONES[one.status]),
        )
        for one in found
    )
    count = wording.number(len(found) + more, locale) if more else ""
    return ChildList(_("Bookings under this closure"), columns, lines, count=count, url=url)


def dealt(closure: Any) -> ChildList | None:
    """List what was moved or called off for a closure; nothing where nothing was, or who may not see it."""
    if not may("list", "booking"):
        return None
    found = dealt_with(db.session(), closure.venue_id, closure.id, visible())
    columns = (_("Client"), _("Room"), _("When it was"), _("What became of it"))
    lines = tuple(_dealt_line(one, wording.reader()) for one in found)
    return ChildList(_("Done for this closure"), columns, lines) if lines else None


def _dealt_line(one: Dealt, locale: str) -> tuple[Cell, ...]:
    became = Cell("choice", str(one.status.label), tone=_TONES[one.status])
    url = f"/bookings/{one.successor_id or one.id}" if may("show", "booking") else ""
    if one.successor_period is not None:
        when = between(one.successor_period, one.zone, locale)
        became = Cell("text", f"{one.successor_room}, {when}", url=url)
    was = between(one.period, one.zone, locale)
    return Cell("text", one.client_name, url=url), Cell("text", one.room_name), Cell("text", was), became


def warning(count: int) -> str:
    """Say over how many bookings a closure lies, for who writes it without seeing its form."""
    return ngettext(
        "This closure lies over %(num)s booking; it stays as it is.",
        "This closure lies over %(num)s bookings; they stay as they are.",
        count,
    )
