"""The reports in the reader's words: each chart is a table with a title, a headline and links into the lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from babel.dates import format_skeleton
from babel.numbers import format_percent
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import false
from sqlalchemy.orm import Session

from app.domains.bookings.resources import EVENT_TYPES, STATUSES
from app.insights import charts
from app.insights.charts import Both
from app.insights.periods import Period
from app.kernel.values import Money
from app.surfaces.records import wording

BOOKINGS, REVIEWS = "/bookings/", "/reviews/"


@dataclass(frozen=True, slots=True)
class Point:
    """One row of a chart's table: what it is of, the numbers as a chart and as a reader want them."""

    label: str
    now: int | Decimal
    before: int | Decimal
    now_text: str
    before_text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Tile:
    """One cell of a table with tones: its number, how strong it is from 0 to 4, and what it is of."""

    text: str
    tone: int
    label: str


@dataclass(frozen=True, slots=True)
class Tiles:
    """reports/_tiles.html: a table of a week, whose darkest cells are the busiest hours."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Tile, ...]], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """reports/_chart.html. `form` is columns (time goes on), bars (names stand in a list) or tiles (a week)."""

    name: str
    title: str
    help: str
    form: str
    head: str
    points: tuple[Point, ...] = ()
    headline: str = ""
    caption: str = ""
    change: str = ""
    trend: str = ""  # up, down or nothing
    currency: str = ""
    currencies: tuple[str, ...] = ()
    tiles: Tiles | None = None

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to draw."""
        return not any(point.now or point.before for point in self.points)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a chart is made from: whose rows, of when, in whose words.

    `visible` is the condition on the rows that are counted, `rows_of` gives that on another content type's.
    """

    session: Session
    visible: Any
    period: Period
    locale: str
    currency: str = ""
    rows_of: Callable[[str], Any] = lambda _name: false()


def booking_weeks(reading: Reading) -> Chart:
    """Word the bookings by week."""
    now, before = charts.bookings_by_week(reading.session, reading.visible, reading.period)
    chart = Chart(
        "bookings", _("Bookings by week"), _("By the week they were received."), "columns", _("Week")
    )
    points = _weeks(reading, now, before, lambda many: wording.number(many, reading.locale), {})
    return _summed(reading, replace(chart, points=points), wording.number(sum(now), reading.locale))


def revenue_weeks(reading: Reading) -> Chart:
    """Word the revenue by week, of one currency at a time."""
    found = charts.revenue_by_week(reading.session, reading.visible, reading.period)
    sentence = _("Confirmed and completed bookings, by the week they were received.")
    chart = Chart("revenue", _("Revenue by week"), sentence, "columns", _("Week"))
    if not found:
        return chart
    currency = reading.currency if reading.currency in found else next(iter(found))
    now, before = found[currency]

    def text(minor: int) -> str:
        return wording.money(minor, currency, reading.locale)

    more = {"filter[status][in]": ",".join(charts.EARNING)}
    points = tuple(
        replace(point, now=units(point.now, currency), before=units(point.before, currency))
        for point in _weeks(reading, now, before, text, more)
    )
    chart = replace(chart, points=points, currency=currency, currencies=tuple(found))
    return _summed(reading, chart, text(sum(now)))


def lead_times(reading: Reading) -> Chart:
    """Word how long before the event a booking is made."""
    sentence = _("Days from receiving a booking to its event.")
    chart = Chart("lead-times", _("Lead times"), sentence, "columns", _("Days"))
    return spread(reading, chart, charts.lead_times(reading.session, reading.visible, reading.period))


def spread(reading: Reading, chart: Chart, found: charts.Spread) -> Chart:
    """Word numbers of bookings by days, and their median."""
    chart = replace(chart, points=tuple(_point(reading, _days(*both.key), both) for both in found.groups))
    if found.middle is None:
        return chart
    headline = _("%(number)s days", number=_decimal(found.middle, reading))
    return moved(
        reading, replace(chart, headline=headline, caption=_("Median")), found.middle, found.middle_before
    )


def conversion(reading: Reading) -> Chart:
    """Word what became of the bookings received."""
    found = charts.conversion(reading.session, reading.visible, reading.period)
    labels = {option.value: str(option.label) for option in STATUSES}
    all_now, all_before = sum(both.now for both in found), sum(both.before for both in found)
    points = [_point(reading, _("Received"), Both("", all_now, all_before), _received(reading))]
    points += [
        _point(reading, labels[both.key], both, _received(reading) | {"filter[status]": both.key})
        for both in found
    ]
    sentence = _("Bookings received in the period, by where they stand now.")
    chart = Chart("conversion", _("Conversion"), sentence, "bars", _("Status"), tuple(points))
    if not all_now:
        return chart
    held = sum(both.now for both in found if both.key in charts.HELD) / all_now
    held_before = (
        sum(both.before for both in found if both.key in charts.HELD) / all_before if all_before else None
    )
    headline = format_percent(held, locale=reading.locale)
    return moved(
        reading, replace(chart, headline=headline, caption=_("Confirmed")), held, held_before, points=True
    )


def packages(reading: Reading) -> Chart:
    """Word the busiest packages."""
    found = charts.busiest_packages(reading.session, reading.visible, reading.period)
    points = [
        _point(reading, both.title, both, _received(reading) | {"filter[package]": str(both.key)})
        for both in found
    ]
    return Chart(
        "packages", _("Busiest packages"), _("By bookings received."), "bars", _("Package"), tuple(points)
    )


def occasions(reading: Reading) -> Chart:
    """Word the busiest occasions."""
    found = charts.busiest_occasions(reading.session, reading.visible, reading.period)
    labels = {option.value: str(option.label) for option in EVENT_TYPES}
    points = [
        _point(
            reading,
            labels.get(both.key, both.key),
            both,
            _received(reading) | {"filter[event_type]": both.key},
        )
        for both in found
    ]
    return Chart(
        "occasions", _("Busiest occasions"), _("By bookings received."), "bars", _("Occasion"), tuple(points)
    )


def themes(reading: Reading) -> Chart:
    """Word the busiest themes."""
    found = charts.busiest_themes(reading.session, reading.visible, reading.period)
    points = [
        _point(reading, both.title, both, _written(reading) | {"filter[theme]": str(both.key)})
        for both in found
    ]
    return Chart("themes", _("Busiest themes"), _("By reviews received."), "bars", _("Theme"), tuple(points))


def ratings(reading: Reading) -> Chart:
    """Word the stars that were given."""
    found = charts.ratings(reading.session, reading.visible, reading.period)
    points = [
        _point(reading, "★" * both.key, both, _written(reading) | {"filter[rating]": str(both.key)})
        for both in found.groups
    ]
    chart = Chart(
        "ratings",
        _("Ratings"),
        _("Reviews received, without rejected ones."),
        "bars",
        _("Stars"),
        tuple(points),
    )
    if found.middle is None:
        return chart
    headline = _decimal(found.middle, reading)
    return moved(
        reading, replace(chart, headline=headline, caption=_("Mean")), found.middle, found.middle_before
    )


@dataclass(frozen=True, slots=True)
class ChartKind:
    """A chart there is: its name, and the content type that its reader must be allowed to list.

    `names` is another content type that they must be allowed to list, as the chart names its records.
    """

    name: str
    title: Any
    icon: str
    resource: str
    make: Callable[[Reading], Chart]
    names: str = ""


KINDS: tuple[ChartKind, ...] = (
    ChartKind("bookings", _l("Bookings by week"), "calendar-event", "booking", booking_weeks),
    ChartKind("revenue", _l("Revenue by week"), "cash", "booking", revenue_weeks),
    ChartKind("conversion", _l("Conversion"), "check", "booking", conversion),
    ChartKind("lead-times", _l("Lead times"), "clock", "booking", lead_times),
    ChartKind("packages", _l("Busiest packages"), "gift", "booking", packages, "package"),
    ChartKind("occasions", _l("Busiest occasions"), "confetti", "booking", occasions),
    ChartKind("themes", _l("Busiest themes"), "palette", "review", themes),
    ChartKind("ratings", _l("Ratings"), "star", "review", ratings),
)


def _weeks(
    reading: Reading,
    now: Sequence[int],
    before: Sequence[int],
    text: Callable[[int], str],
    more: Mapping[str, str],
) -> tuple[Point, ...]:
    return tuple(
        Point(
            week_name(reading.period.week(number), reading.locale),
            now[number],
            before[number],
            text(now[number]),
            text(before[number]),
            list_url(BOOKINGS, {**_within("created_at", reading.period.week(number)), **more}),
        )
        for number in range(reading.period.weeks)
    )


def _point(reading: Reading, label: str, both: Both, query: Mapping[str, str] | None = None) -> Point:
    base = REVIEWS if query and "filter[submitted_at][gte]" in query else BOOKINGS
    return Point(
        label,
        both.now,
        both.before,
        wording.number(both.now, reading.locale),
        wording.number(both.before, reading.locale),
        list_url(base, query) if query else "",
    )


def _summed(reading: Reading, chart: Chart, headline: str) -> Chart:
    now, before = (float(sum(getattr(p, part) for p in chart.points)) for part in ("now", "before"))
    return moved(reading, replace(chart, headline=headline, caption=_("Total")), now, before, share=True)


def moved(
    reading: Reading,
    chart: Chart,
    now: float,
    before: float | None,
    *,
    share: bool = False,
    points: bool = False,
) -> Chart:
    """Say how a number moved against the period before: by a share, by points of percent, or plainly."""
    if before is None or (share and not before):
        return chart
    step = (now - before) / before if share else (now - before) * 100 if points else now - before
    if abs(step) < (0.005 if share else 0.05):
        return replace(chart, change=_("as before"))
    if share:
        text = format_percent(abs(step), locale=reading.locale)
    elif points:
        text = _("%(number)s points", number=_decimal(abs(step), reading))
    else:
        text = _decimal(abs(step), reading)
    sign, trend = ("+", "up") if step > 0 else ("\u2212", "down")
    return replace(chart, change=f"{sign}{text}", trend=trend)


def _decimal(value: float, reading: Reading) -> str:
    return wording.number(round(value, 1), reading.locale)


def units(minor: int | Decimal, currency: str) -> Decimal:
    """Give an amount in whole units, as a chart draws it."""
    return Money(int(minor), currency).amount


def _days(low: int, high: int | None) -> str:
    return f"{low}\u2013{high}" if high is not None else _("more than %(number)s", number=low - 1)


def week_name(week: Period, locale: str) -> str:
    """Name a week by its first day."""
    return str(format_skeleton("MMMd", week.first, locale=locale))


def _received(reading: Reading) -> dict[str, str]:
    return _within("created_at", reading.period)


def _written(reading: Reading) -> dict[str, str]:
    return _within("submitted_at", reading.period)


def _within(field: str, period: Period) -> dict[str, str]:
    """Say the period as a list's filter; its last microsecond is the last that belongs to it."""
    last = period.end.replace(microsecond=0) - period.end.resolution
    return {f"filter[{field}][gte]": period.start.isoformat(), f"filter[{field}][lte]": last.isoformat()}


def list_url(base: str, query: Mapping[str, str]) -> str:
    """Give the address of a list's rows."""
    return f"{base}?{urlencode(query)}"
