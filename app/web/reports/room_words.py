"""The charts of rooms in the reader's words: how much of their open time is booked, when, and what it earns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import time
from decimal import Decimal
from typing import Any

from babel.dates import get_day_names
from babel.numbers import format_percent
from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.domains.bookings.queries.breakdown import Breakdown
from app.insights.charts import room_lead_times
from app.insights.occupancy import Occupancy, read_occupancy
from app.kernel import clock
from app.surfaces.records import wording
from app.web.reports import words
from app.web.reports.words import BOOKINGS, Chart, ChartKind, Point, Reading, Tile, Tiles

MOST_ROOMS = 20
TONES = 4
_DAY = 24
_PARTS = ("total", "booked", "held", "blocked", "free", "waiting")


def occupancy_weeks(reading: Reading) -> Chart:
    """Word which share of the open time was booked in each week."""
    found, weeks = _read(reading), reading.period.weeks
    points = tuple(
        replace(_share(reading, name, found.week(weeks + at), found.week(at)), url=_days_url(reading, at))
        for at, name in enumerate(_week_names(reading))
    )
    sentence = _("Share of the hours open that were booked, by the clocks of each venue.")
    chart = Chart("occupancy", _("Occupancy by week"), sentence, "columns", _("Week"), points)
    now, before = _sums(room.both for room in found.rooms)
    if not now.total:
        return replace(chart, points=())
    chart = replace(chart, headline=_percent(reading, now), caption=_("Booked"))
    was = before.booked / before.total if before.total else None
    return words.moved(reading, chart, now.booked / now.total, was, points=True)


def occupancy_rooms(reading: Reading) -> Chart:
    """Word which share of its open time each room was booked, the fullest first."""
    found = _read(reading)
    named = [(f"{room.name}, {room.venue_name}", *room.both) for room in found.rooms]
    sentence = _("Share of the hours open that were booked, the fullest rooms first.")
    return _ranked(reading, Chart("rooms", _("Occupancy by room"), sentence, "bars", _("Room")), named)


def occupancy_venues(reading: Reading) -> Chart:
    """Word which share of the open time of its rooms each venue was booked, the fullest first."""
    venues: dict[Any, tuple[str, list[tuple[Breakdown, Breakdown]]]] = {}
    for room in _read(reading).rooms:
        venues.setdefault(room.venue_id, (room.venue_name, []))[1].append(room.both)
    named = [(name, *_sums(both)) for name, both in venues.values()]
    sentence = _("All rooms of a venue together, the fullest first.")
    return _ranked(reading, Chart("venues", _("Occupancy by venue"), sentence, "bars", _("Venue")), named)


def availability(reading: Reading) -> Chart:
    """Word what became of the hours open: they are booked, held, blocked or free, and nothing else (rule 20)."""
    now, before = _sums(room.both for room in _read(reading).rooms)
    labels = {
        "total": _("Open"),
        "booked": _("Booked"),
        "held": _("Held or asked for"),
        "blocked": _("Blocked"),
        "free": _("Free"),
        "waiting": _("Waited for, apart"),
    }
    points = tuple(
        _hours(reading, labels[name], getattr(now, name), getattr(before, name)) for name in _PARTS
    )
    sentence = _(
        "Hours of all rooms: open is booked, held, blocked and free together. Blocked are closures and buffers."
    )
    chart = Chart("availability", _("Availability"), sentence, "bars", _("Hours"), points)
    if not now.total:
        return replace(chart, points=())
    return replace(chart, headline=_in_hours(reading, now.free), caption=_("Hours free"))


def earned_per_hour(reading: Reading) -> Chart:
    """Word what an open hour of a room earned in each week, of one currency at a time."""
    found, weeks = _read(reading), reading.period.weeks
    sentence = _(
        "Confirmed and completed bookings by the week of their start, for each hour that a room was open."
    )
    chart = Chart("room-hours", _("Revenue per room hour"), sentence, "columns", _("Week"))
    if not found.earned or not found.rooms:
        return chart
    currencies = sorted(found.earned, key=lambda code: (-len(found.earned[code]), code))
    currency = reading.currency if reading.currency in found.earned else currencies[0]
    earned = found.earned[currency]

    def rate(numbers: Iterable[int]) -> int:
        mine = list(numbers)
        minutes = sum(found.week(number, currency).total for number in mine)
        return round(60 * sum(earned[number] for number in mine) / minutes) if minutes else 0

    points = []
    for number, week in enumerate(_week_names(reading)):
        now, before = rate([weeks + number]), rate([number])
        now_text, before_text = (wording.money(minor, currency, reading.locale) for minor in (now, before))
        amounts = words.units(now, currency), words.units(before, currency)
        points.append(Point(week, amounts[0], amounts[1], now_text, before_text, _days_url(reading, number)))
    now, before = rate(range(weeks, 2 * weeks)), rate(range(weeks))
    chart = replace(chart, points=tuple(points), currency=currency, currencies=tuple(currencies))
    chart = replace(chart, headline=wording.money(now, currency, reading.locale), caption=_("Mean"))
    return words.moved(reading, chart, float(now), float(before), share=True)


def lead_times(reading: Reading) -> Chart:
    """Word how long before its day a room is booked."""
    sentence = _("Days from receiving the booking of a room to its day.")
    chart = Chart("room-lead-times", _("Lead times of rooms"), sentence, "columns", _("Days"))
    found = room_lead_times(reading.session, reading.visible, reading.period)
    return words.spread(reading, chart, found)


def busiest_hours(reading: Reading) -> Chart:
    """Word how many hours of rooms were booked at each hour of each weekday."""
    found = _read(reading)
    chart = Chart(
        "busy",
        _("Busiest hours"),
        _("Hours of rooms that were booked, by weekday and by the clocks of each venue."),
        "tiles",
        _("Hour"),
    )
    if not found.busy:
        return chart
    names = get_day_names("abbreviated", locale=reading.locale)
    clocks = [wording.time_of_day(time(hour), reading.locale) for hour in range(_DAY)]
    points = tuple(
        _hours(reading, f"{names[day]} {clocks[hour]}", found.busy[day, hour], found.busy_before[day, hour])
        for day in range(7)
        for hour in range(_DAY)
    )
    return replace(chart, points=points, tiles=_tiles(found.busy, points, names, clocks))


KINDS: tuple[ChartKind, ...] = (
    ChartKind("occupancy", _l("Occupancy by week"), "calendar-check", "booking", occupancy_weeks),
    ChartKind("rooms", _l("Occupancy by room"), "door", "booking", occupancy_rooms),
    ChartKind("venues", _l("Occupancy by venue"), "building", "booking", occupancy_venues),
    ChartKind("availability", _l("Availability"), "checklist", "booking", availability),
    ChartKind("room-hours", _l("Revenue per room hour"), "cash", "booking", earned_per_hour),
    ChartKind("room-lead-times", _l("Lead times of rooms"), "clock", "booking", lead_times),
    ChartKind("busy", _l("Busiest hours"), "layout-grid", "booking", busiest_hours),
)


def _read(reading: Reading) -> Occupancy:
    """Read the use of rooms once for all charts of a page."""
    kept: dict[Any, Occupancy] = g.setdefault("occupancy", {})
    if reading.period not in kept:
        rooms = reading.rows_of("room")
        kept[reading.period] = read_occupancy(
            reading.session, rooms, reading.visible, reading.period, clock.now()
        )
    return kept[reading.period]


def _tiles(busy: Counter[Any], points: tuple[Point, ...], names: Any, clocks: list[str]) -> Tiles:
    """Lay the hours out as a table, from the first that was booked to the last; the busiest has the strongest tone."""
    most, hours = max(busy.values()), sorted({hour for _day, hour in busy})
    shown = range(hours[0], hours[-1] + 1)

    def tile(day: int, hour: int) -> Tile:
        point = points[day * _DAY + hour]
        return Tile(point.now_text if point.now else "", -(-TONES * busy[day, hour] // most), point.label)

    rows = tuple((names[day], tuple(tile(day, hour) for hour in shown)) for day in range(7))
    heads = tuple(clocks[hour].replace(":00", "") for hour in shown)  # 9 PM, 21: the minutes say nothing
    return Tiles(heads, rows)


def _ranked(reading: Reading, chart: Chart, named: Iterable[tuple[str, Breakdown, Breakdown]]) -> Chart:
    points = [_share(reading, name, now, before) for name, now, before in named if now.total]
    fullest = sorted(points, key=lambda point: (-point.now, point.label))[:MOST_ROOMS]
    return replace(chart, points=tuple(fullest))


def _sums(both: Iterable[tuple[Breakdown, Breakdown]]) -> tuple[Breakdown, Breakdown]:
    now = before = Breakdown()
    for one, other in both:
        now, before = now + one, before + other
    return now, before


def _share(reading: Reading, label: str, now: Breakdown, before: Breakdown) -> Point:
    """Make a row of two shares, in points of percent."""
    shares = [round(100 * one.booked / one.total) if one.total else 0 for one in (now, before)]
    return Point(label, shares[0], shares[1], _percent(reading, now), _percent(reading, before))


def _hours(reading: Reading, label: str, now: int, before: int) -> Point:
    texts = _in_hours(reading, now), _in_hours(reading, before)
    return Point(label, _in_tenths(now), _in_tenths(before), *texts)


def _in_hours(reading: Reading, minutes: int) -> str:
    return wording.number(_in_tenths(minutes), reading.locale)


def _in_tenths(minutes: int) -> Decimal:
    """Give hours, to the tenth."""
    return Decimal(round(minutes / 6)) / 10


def _percent(reading: Reading, told: Breakdown) -> str:
    return str(format_percent(told.booked / told.total if told.total else 0, locale=reading.locale))


def _week_names(reading: Reading) -> list[str]:
    period = reading.period
    return [words.week_name(period.week(number), reading.locale) for number in range(period.weeks)]


def _days_url(reading: Reading, number: int) -> str:
    """Lead to the bookings of the days of a week."""
    week = reading.period.week(number)
    query = {"filter[event_on][gte]": week.first.isoformat(), "filter[event_on][lte]": week.last.isoformat()}
    return words.list_url(BOOKINGS, query)
