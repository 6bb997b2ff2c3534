"""What came of a scenario, in the reader's words: sums, charts with their tables, and the bookings it concerns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from babel.dates import get_day_names
from babel.numbers import format_percent
from flask_babel import gettext as _

from app.domains.bookings.queries import Calendar, explain
from app.domains.bookings.queries.simulation.projecting import Left
from app.domains.bookings.queries.simulation.requests import Tried
from app.domains.bookings.queries.simulation.simulating import Judged, Sums, Verdict
from app.kernel.values import Money
from app.surfaces.records import wording
from app.web.reports.words import Chart, Point
from app.web.timeline.judging import between

MOST_LISTED = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One number as it was, as it would have been, and by how much the two differ; `trend` is up, down or nothing."""

    label: str
    before: str
    after: str
    change: str
    trend: str = ""


@dataclass(frozen=True, slots=True)
class Concerned:
    """A booking that a scenario concerns, and why."""

    reference: str
    client: str
    room: str
    when: str
    price: str
    reasons: tuple[str, ...]
    url: str


@dataclass(frozen=True, slots=True)
class Concerns:
    """Bookings under one heading, as many as are listed, and how many there are."""

    name: str
    title: str
    sentence: str
    shown: tuple[Concerned, ...]
    count: int

    @property
    def more(self) -> int:
        """Give how many are not listed."""
        return self.count - len(self.shown)


@dataclass(frozen=True, slots=True)
class RoomLines:
    """The numbers of one room."""

    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """simulator/_result.html."""

    lines: tuple[Line, ...]
    ahead: tuple[Line, ...]
    rooms: tuple[RoomLines, ...]
    charts: tuple[Chart, ...]
    concerns: tuple[Concerns, ...]
    asked: int


def worded(tried: Sequence[Tried], *, may_open: bool) -> Result:
    """Word what came of it; `may_open` tells whether the reader may open a booking."""
    locale = wording.reader()
    before = sum((one.past.before for one in tried), Sums())
    after = sum((one.past.after for one in tried), Sums())
    rooms = (
        tuple(RoomLines(one.today.name, _lines(one.past.before, one.past.after, locale)) for one in tried)
        if len(tried) > 1
        else ()
    )
    return Result(
        _lines(before, after, locale),
        _ahead(tried, locale),
        rooms,
        tuple(_charts(tried, locale)),
        tuple(_concerns(tried, locale, may_open=may_open)),
        sum(len(one.past.judged) for one in tried),
    )


def _lines(before: Sums, after: Sums, locale: str) -> tuple[Line, ...]:
    def count(label: str, one: int, other: int) -> Line:
        return _line(label, one, other, lambda value: wording.number(value, locale))

    money = [
        _money_line(label, one, other, currency, locale)
        for label, one, other in (
            (_("Revenue"), before.revenue, after.revenue),
            (_("Paid back after cancelling"), before.paid_back, after.paid_back),
        )
        for currency in sorted({*one, *other})
    ]
    return (
        count(_("Bookings"), before.bookings, after.bookings),
        _line(_("Hours"), before.minutes, after.minutes, lambda value: _hours(value, locale)),
        *money,
        _occupancy(before.occupancy or 0.0, after.occupancy or 0.0, locale),
    )


def _occupancy(before: float, after: float, locale: str) -> Line:
    """Word two shares; between shares are points."""
    shown = _line(
        _("Occupancy"), before, after, lambda value: format_percent(value, "#,##0.0%", locale=locale)
    )
    if not shown.trend:
        return shown
    points = wording.number(round(abs(after - before) * 100, 1), locale)
    sign = "+" if shown.trend == "up" else "\u2212"
    return replace(shown, change=_("%(number)s points", number=f"{sign}{points}"))


def _money_line(label: str, one: Counter[str], other: Counter[str], currency: str, locale: str) -> Line:
    return _line(label, one[currency], other[currency], _in(currency, locale))


def _line(label: str, before: float, after: float, text: Callable[[float], str]) -> Line:
    change = after - before
    if not change or text(before) == text(after):
        return Line(label, text(before), text(after), _("the same"))
    sign = "+" if change > 0 else "\u2212"
    return Line(
        label, text(before), text(after), f"{sign}{text(abs(change))}", "up" if change > 0 else "down"
    )


def _hours(minutes: float, locale: str) -> str:
    return wording.number(round(minutes / 60, 1), locale)


def _ahead(tried: Sequence[Tried], locale: str) -> tuple[Line, ...]:
    before, after = [one.ahead.before for one in tried], [one.ahead.after for one in tried]
    currencies = sorted({left.worth.currency for left in (*before, *after) if left.worth is not None})

    return (
        _line(
            _("Free hours"),
            sum(left.minutes for left in before),
            sum(left.minutes for left in after),
            lambda value: _hours(value, locale),
        ),
        _line(
            _("Starts that are offered"),
            sum(left.starts for left in before),
            sum(left.starts for left in after),
            lambda value: wording.number(value, locale),
        ),
        *(
            _line(
                _("What all of it would bring"),
                _worth(before, currency),
                _worth(after, currency),
                _in(currency, locale),
            )
            for currency in currencies
        ),
    )


def _worth(lefts: Sequence[Left], currency: str) -> int:
    return sum(_minor(left.worth, currency) for left in lefts)


def _in(currency: str, locale: str) -> Callable[[float], str]:
    return lambda value: wording.money(int(value), currency, locale)


def _charts(tried: Sequence[Tried], locale: str) -> list[Chart]:
    counted = [one for room in tried for one in room.past.judged if one.counts]
    if not counted:
        return []
    zone = ZoneInfo(tried[0].today.zone)
    charts = [_by_weekday(counted, zone, locale)]
    currencies = sorted({one.price_before.currency for one in counted if one.price_before is not None})
    if currencies:
        charts.insert(0, _by_week(counted, zone, currencies[0], locale))
    return charts


def _by_week(counted: Sequence[Judged], zone: ZoneInfo, currency: str, locale: str) -> Chart:
    before, after = Counter[date](), Counter[date]()
    for one in counted:
        day = one.request.period.starts_at.astimezone(zone).date()
        monday = day - timedelta(days=day.weekday())
        before[monday] += _minor(one.price_before, currency)
        after[monday] += _minor(one.price_after, currency) if one.verdict is not Verdict.REFUSED else 0
    weeks = sorted(before)
    points = tuple(
        Point(
            wording.day(week, locale),
            Money(after[week], currency).amount,
            Money(before[week], currency).amount,
            wording.money(after[week], currency, locale),
            wording.money(before[week], currency, locale),
        )
        for week in weeks
    )
    return Chart(
        "revenue",
        _("Revenue by week"),
        _("By the week of the booking."),
        "columns",
        _("Week"),
        points,
        currency=currency,
    )


def _by_weekday(counted: Sequence[Judged], zone: ZoneInfo, locale: str) -> Chart:
    before, after = Counter[int](), Counter[int]()
    for one in counted:
        day = one.request.period.starts_at.astimezone(zone).weekday()
        before[day] += 1
        after[day] += one.verdict is not Verdict.REFUSED
    names = get_day_names("abbreviated", locale=locale.replace("-", "_"))
    points = tuple(
        Point(
            names[day],
            after[day],
            before[day],
            wording.number(after[day], locale),
            wording.number(before[day], locale),
        )
        for day in range(7)
    )
    return Chart(
        "weekdays",
        _("Bookings by weekday"),
        _("By the day on which they begin."),
        "columns",
        _("Day"),
        points,
    )


def _minor(money: Money | None, currency: str) -> int:
    return money.minor if money is not None and money.currency == currency else 0


def _concerns(tried: Sequence[Tried], locale: str, *, may_open: bool) -> list[Concerns]:
    refused = [(room, one) for room in tried for one in room.past.judged if one.verdict is Verdict.REFUSED]
    possible = [(room, one) for room in tried for one in room.past.judged if one.verdict is Verdict.POSSIBLE]
    breaking = [(room, one) for room in tried for one in room.ahead.breaking]
    return [
        Concerns(name, title, sentence, _listed(found, locale, may_open=may_open), len(found))
        for name, title, sentence, found in (
            (
                "refused",
                _("Would have been refused"),
                _("Of the last 30 days, with the rules that refuse them."),
                refused,
            ),
            (
                "possible",
                _("Would have been possible"),
                _(
                    "They were rejected because the time was taken. They are not counted: nobody knows whether they "
                    "would have stayed."
                ),
                possible,
            ),
            (
                "ahead",
                _("Would not be possible today"),
                _("They stand in the next 90 days, and they stay: new rules are for new bookings."),
                breaking,
            ),
        )
    ]


def _listed(found: Sequence[tuple[Tried, Judged]], locale: str, *, may_open: bool) -> tuple[Concerned, ...]:
    ordered = sorted(found, key=lambda pair: pair[1].request.period)
    return tuple(_concerned(room, one, locale, may_open=may_open) for room, one in ordered[:MOST_LISTED])


def _concerned(room: Tried, one: Judged, locale: str, *, may_open: bool) -> Concerned:
    asked = one.request
    day = asked.period.starts_at.astimezone(ZoneInfo(room.tried.zone)).date()
    calendar = Calendar(room.tried, (), day, day)
    price = one.price_before or one.price_after
    return Concerned(
        asked.reference,
        asked.client_name,
        room.today.name,
        between(asked.period, room.today.zone, locale),
        wording.money(price.minor, price.currency, locale) if price is not None else "",
        tuple(told.sentence for told in explain(calendar, one.against, locale, for_staff=True)),
        f"/bookings/{asked.id}" if may_open else "",
    )
