"""What the pages of series are given: the list, one series with its days, and a change before it is done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_login import current_user

from app.access import rows
from app.access.rights import may
from app.domains.bookings.queries import (
    Calendar,
    Day,
    Foreseen,
    Outcome,
    Standing,
    ahead,
    findings_of,
    foresee,
    lack_of,
    read_rooms,
    repetition_of,
    seen_among,
    standing_in,
)
from app.domains.bookings.resources import STATUSES, list_of_series
from app.domains.bookings.service import Change, Changed
from app.domains.venues.queries import SeenRoom
from app.kernel import clock
from app.kernel.db import db
from app.kernel.values import Period
from app.surfaces.records import wording
from app.surfaces.screens.panel import Panel
from app.web.bookings.seen import OtherBooking
from app.web.series.words import (
    TONES,
    DayLine,
    Instead,
    day_words,
    instead_of,
    label_of,
    line_of,
    reasons_of,
    rule_words,
    time_words,
)
from app.web.timeline.places import seen_rooms

PATH = "/series"
MOST_ROOMS = 12
"""So many other rooms of the venue are looked at for a day that cannot be."""

_STATUSES = {option.value: option for option in STATUSES}


@dataclass(frozen=True, slots=True)
class DayRow:
    """A day of a series on its page; `instead` is offered where it is not booked and could be."""

    id: str
    day: str
    time: str
    label: str
    tone: str
    url: str
    reasons: tuple[str, ...]
    room: str
    can_book: bool
    is_free: bool
    instead: tuple[Instead, ...]
    can_move: bool
    can_cancel: bool
    can_leave_out: bool
    input_day: str


@dataclass(frozen=True, slots=True)
class SeriesPage:
    """series/show.html; by its name and `id` it is pinned, `panel` stands beside it."""

    name: str
    id: str
    url: str
    client: str
    rule: str
    room: str
    counts: tuple[tuple[str, str, str], ...]
    rows: tuple[DayRow, ...]
    can_add: bool
    can_confirm: bool
    can_cancel: bool
    can_move: bool
    panel: Panel | None = None


@dataclass(frozen=True, slots=True)
class ChangePage:
    """series/change.html and, for a script, series/_changes.html."""

    series: SeriesPage
    lines: tuple[DayLine, ...]
    free: int
    blocked: int
    fault: str
    what: str
    reach: str
    day: str
    texts: dict[str, str]
    rooms: tuple[SeenRoom, ...]
    rivals: tuple[OtherBooking, ...] = ()
    told: tuple[str, ...] = ()
    """The keys of the rivals, which are sent back with the form."""


def seen(verb: str) -> Any:
    """Give the condition on the bookings of a series with which the reader may do a verb."""
    return lambda model: rows.condition("booking", current_user, model, verb)


def is_seen(series: Any, occurrence: Any) -> bool:
    """Tell whether the reader may see the booking that stands for a day; it may be in a room of others by now."""
    session = db.session()
    standing = [one for one in standing_in(session, series) if one.occurrence.id == occurrence.id]
    booked = {one.booking.id for one in standing if one.booking is not None}
    return booked == seen_among(session, standing, seen("show"))


def others_of(room: SeenRoom, rooms: Sequence[SeenRoom]) -> list[UUID]:
    """List a room and the others of its venue that the reader sees."""
    beside = [
        one.id for one in rooms if one.venue_id == room.venue_id and one.id != room.id and one.is_active
    ]
    return [room.id, *beside[:MOST_ROOMS]]


def series_page(series: Any) -> SeriesPage:
    """Word a series with all of its days: what is not booked is foreseen anew, with what could be instead."""
    locale, rooms, session = wording.reader(), seen_rooms(), db.session()
    standing = standing_in(session, series)
    shown = seen_among(session, standing, seen("show"))
    room = next((one for one in rooms if one.id == series.room_id), None)
    keys = others_of(room, rooms) if room is not None else [series.room_id]
    now = clock.now()
    open_days = [_day(one, series) for one in standing if one.is_open and _is_among(shown, one)]
    known = read_rooms(db.session.connection(), keys, open_days or [Day(series.first_on, None)], now)
    guests = series.facts.get("guests")
    foreseen = {
        day.falls_on: one
        for day in open_days
        for one in foresee(known, series.room_id, [day], now, guests=guests)
    }
    calendar = known[series.room_id]
    names = {one.id: one.name for one in rooms}
    to_come = ahead(standing, now)
    movable, cancellable = (
        seen_among(session, to_come, seen(verb)) if may(verb, list_of_series.name) else set()
        for verb in ("move", "cancel")
    )
    waiting = [one for one in to_come if one.booking is not None and one.booking.status == "pending"]
    lines = tuple(
        _row(one, foreseen.get(one.occurrence.falls_on), calendar, names, movable, cancellable)
        if _is_among(shown, one)
        else _hidden_row(one, calendar)
        for one in standing
    )
    counted = Counter((line.label, line.tone) for line in lines)
    return SeriesPage(
        name=list_of_series.name,
        id=str(series.id),
        url=f"{PATH}/{series.id}",
        client=str(series.facts.get("client_name", "")),
        rule=rule_words(repetition_of(series), locale),
        room=_room_words(room) or calendar.rules.name,
        counts=tuple((wording.number(count, locale), *pair) for pair, count in counted.items()),
        rows=lines,
        can_add=may("add", list_of_series.name),
        can_confirm=may("confirm", list_of_series.name)
        and bool(seen_among(session, waiting, seen("confirm"))),
        can_cancel=bool(cancellable),
        can_move=bool(movable),
    )


def change_lines(changed: Sequence[Changed], calendar: Calendar) -> tuple[DayLine, ...]:
    """Word what would become of each day."""
    locale = wording.reader()
    rules = calendar.rules
    return tuple(
        line_of(
            one.foreseen, rules, locale, _before(one.standing, rules.zone, locale), tuple(map(str, one.words))
        )
        for one in sorted(changed, key=lambda one: one.standing.occurrence.falls_on)
    )


def standing_lines(meant: Sequence[Standing], zone: str) -> tuple[DayLine, ...]:
    """Word the days that are meant, as they stand."""
    locale, told = wording.reader(), []
    for one in meant:
        if one.booking is not None and one.booking.starts_at is not None and one.booking.ends_at is not None:
            wish = Period(one.booking.starts_at, one.booking.ends_at)
            status = _STATUSES[one.booking.status]
            told.append(
                DayLine(
                    day_words(wish, one.occurrence.falls_on, zone, locale),
                    time_words(wish, zone, locale),
                    str(status.label),
                    status.tone,
                )
            )
    return tuple(told)


def read_change_of(texts: dict[str, str], room_id: UUID | None, starts: Any) -> Change:
    """Make the change that a form asks for."""
    return Change(
        starts=starts,
        days_on=int(texts.get("days_on") or 0),
        minutes=int(texts["minutes"]) if texts.get("minutes") else None,
        room_id=room_id,
    )


def _before(one: Standing, zone: str, locale: str) -> str:
    booking = one.booking
    if booking is None or booking.starts_at is None or booking.ends_at is None:
        return ""
    wish = Period(booking.starts_at, booking.ends_at)
    return f"{day_words(wish, one.occurrence.falls_on, zone, locale)}, {time_words(wish, zone, locale)}"


def _row(
    one: Standing,
    foreseen: Foreseen | None,
    calendar: Calendar,
    names: dict[UUID, str],
    movable: set[UUID],
    cancellable: set[UUID],
) -> DayRow:
    locale, rules, day = wording.reader(), calendar.rules, one.occurrence
    wish = _wish(one) or (foreseen.day.wish if foreseen else None)
    outcome = Outcome(day.outcome)
    label, tone = label_of(outcome), TONES[outcome]
    if one.booking is not None:
        status = _STATUSES[one.booking.status]
        label, tone = str(status.label), status.tone
    is_over = wish is not None and wish.starts_at <= clock.now()
    can_book = one.is_open and may("add", list_of_series.name) and not is_over
    told = reasons_of(lack_of(day.against), findings_of(day.against), rules, locale, day.falls_on)
    is_free = foreseen is not None and foreseen.is_free
    other = one.booking.room_id if one.booking is not None and one.booking.room_id != rules.id else None
    return DayRow(
        id=str(day.id),
        day=day_words(wish, day.falls_on, rules.zone, locale),
        time=time_words(wish, rules.zone, locale) if wish else "",
        label=label,
        tone=tone,
        url=f"/bookings/{one.booking.id}" if one.booking is not None else "",
        reasons=(_("It is free now."),) if is_free and one.booking is None and told else told,
        room=names.get(other, "") if other is not None else "",
        can_book=can_book,
        is_free=is_free and wish is not None,
        instead=tuple(instead_of(foreseen, rules, locale)) if foreseen is not None and can_book else (),
        can_move=one.booking is not None and one.booking.id in movable,
        can_cancel=one.booking is not None and one.booking.id in cancellable,
        can_leave_out=one.booking is None
        and outcome is not Outcome.LEFT_OUT
        and may("add", list_of_series.name),
        input_day=day.falls_on.isoformat(),
    )


def _is_among(shown: set[UUID], one: Standing) -> bool:
    return one.booking is None or one.booking.id in shown


def _hidden_row(one: Standing, calendar: Calendar) -> DayRow:
    """Word a day whose booking is in a room of others by now: that it is there, and nothing else of it."""
    falls_on = one.occurrence.falls_on
    return DayRow(
        id=str(one.occurrence.id),
        day=day_words(None, falls_on, calendar.rules.zone, wording.reader()),
        time="",
        label=_("A booking of others"),
        tone="secondary",
        url="",
        reasons=(),
        room="",
        can_book=False,
        is_free=False,
        instead=(),
        can_move=False,
        can_cancel=False,
        can_leave_out=False,
        input_day=falls_on.isoformat(),
    )


def _wish(one: Standing) -> Period | None:
    booking = one.booking
    if booking is None or booking.starts_at is None or booking.ends_at is None:
        return None
    return Period(booking.starts_at, booking.ends_at)


def _day(one: Standing, series: Any) -> Day:
    """Give a day that is not booked as it was wished."""
    starts_at = one.occurrence.starts_at
    if starts_at is None:
        return Day(one.occurrence.falls_on, None, lack_of(one.occurrence.against))
    return Day(one.occurrence.falls_on, Period(starts_at, starts_at + timedelta(minutes=series.minutes)))


def _room_words(room: SeenRoom | None) -> str:
    return f"{room.name} · {room.venue_name}" if room is not None else ""
