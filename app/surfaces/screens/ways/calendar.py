"""A list by day: a month or a week on one page, each record on its day or over all of its days."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time
from flask_babel import gettext as _
from sqlalchemy import select

from app.access.rights import may
from app.kernel import clock
from app.kernel.db import db
from app.resources import Catalogue, Field, Kind, On, Resource
from app.resources.ways import Days, board_field, calendar_days
from app.surfaces.records import wording
from app.surfaces.records.looks import MONTH
from app.surfaces.records.query import Filter, ListQuery
from app.surfaces.screens.lists import list_page
from app.surfaces.screens.pages import Cell, ListPage
from app.surfaces.screens.prefilled import PREFIX
from app.surfaces.screens.rules import rule_of_field
from app.surfaces.screens.ways.calendar_reading import Found, read_days
from app.surfaces.screens.ways.lanes import Placed, place
from app.surfaces.screens.ways.links import address

WEEK = 7
LANES = {"month": 3, "week": 24}
"""So many records fit on a day; of more there is their number."""


@dataclass(frozen=True, slots=True)
class Event:
    """A record on the page; `start` and `span` are its columns in the week, `goes_on` says that it has more days."""

    id: str
    title: str
    url: str
    start: int
    span: int
    lane: int
    time: str = ""
    days: str = ""
    status: Cell | None = None
    came_before: bool = False
    goes_on: bool = False
    revision: str = ""
    rule: str = ""  # why this one stays on its day


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a week; `more` is how many of its records do not fit, `more_url` a list of all of them."""

    iso: str
    number: str
    name: str
    column: int
    events: tuple[Event, ...]
    more: int = 0
    more_url: str = ""
    add_url: str = ""
    is_today: bool = False
    is_other: bool = False
    is_past: bool = False
    count: int = 0


@dataclass(frozen=True, slots=True)
class Calendar:
    """What staff/_calendar.html shows."""

    title: str
    span: str
    weekdays: tuple[tuple[str, str], ...]
    weeks: tuple[tuple[Day, ...], ...]
    before_url: str
    after_url: str
    today_url: str
    month_url: str
    week_url: str
    month: str
    moves: bool = False
    field: str = ""
    count: int = 0


def calendar_page(catalogue: Catalogue, resource: Resource, query: ListQuery) -> ListPage:
    """Read one month, or one week, and word it, with the list's frame around it."""
    days = calendar_days(resource)
    if days is None:
        raise LookupError(resource.name)
    query = replace(query, after=None, before=None, near=None)
    span = Span.read(query.month, wording.reader())
    found = read_days(resource, days, query, span.first, span.last, LANES[span.kind])
    frame = list_page(catalogue, resource, query, found=((), found.total, False))
    words = CalendarWords(resource, days, query, span, found)
    words.rules = _rules(resource, days.first, found)
    body = words.calendar(frame.add_url)
    return replace(frame, body_template="staff/_calendar.html", body=body, sorts=())  # days have their order


@dataclass(frozen=True, slots=True)
class Span:
    """The days on the page: those of a month's weeks, or of one week."""

    kind: str
    anchor: date
    first: date
    last: date

    @classmethod
    def read(cls, text: str, locale: str) -> Span:
        """Read 2027-05 or 2027-W21; nothing is this month."""
        begins = Locale.parse(locale).first_week_day
        if "W" in text:
            anchor = date.fromisocalendar(int(text[:4]), min(int(text[6:]), _weeks_of(int(text[:4]))), 1)
            first = _week_begin(anchor + timedelta(days=3), begins)
            return cls("week", anchor, first, first + timedelta(days=WEEK - 1))
        anchor = date.fromisoformat(f"{text}-01") if text else clock.today().replace(day=1)
        first, end = _week_begin(anchor, begins), _month_begin(anchor, 1) - timedelta(days=1)
        return cls("month", anchor, first, _week_begin(end, begins) + timedelta(days=WEEK - 1))

    def step(self, by: int) -> str:
        """Name the month or the week before or after."""
        if self.kind == "month":
            return f"{_month_begin(self.anchor, by):%Y-%m}"
        return week_name(self.anchor + timedelta(days=WEEK * by))


def week_name(day: date) -> str:
    """Name a day's week as an address does."""
    year, week, _day = day.isocalendar()
    return f"{year}-W{week:02d}"


def _weeks_of(year: int) -> int:
    return date(year, 12, 28).isocalendar()[1]


def _week_begin(day: date, begins: int) -> date:
    return day - timedelta(days=(day.weekday() - begins) % WEEK)


def _month_begin(day: date, by: int) -> date:
    months = day.year * 12 + day.month - 1 + by
    return date(months // 12, months % 12 + 1, 1)


class CalendarWords:
    """Words what was found for one reader."""

    def __init__(self, resource: Resource, days: Days, query: ListQuery, span: Span, found: Found) -> None:
        self.resource, self.days, self.query, self.span, self.found = resource, days, query, span, found
        self.locale = wording.reader()
        self.today = clock.today()
        self.opens = may("show", resource.name)
        self.status = board_field(resource)
        self.rules: dict[str, str] = {}

    def calendar(self, add_url: str) -> Calendar:
        """Word the whole page."""
        span, weeks = self.span, []
        begin = span.first
        while begin <= span.last:
            weeks.append(self._week(begin, add_url))
            begin += timedelta(days=WEEK)
        first_days = [span.first + timedelta(days=n) for n in range(WEEK)]
        here = span.anchor if span.kind == "week" else self._day_in_month()
        return Calendar(
            title=self._title(),
            span=span.kind,
            weekdays=tuple(
                (format_date(day, "ccc", self.locale), format_date(day, "cccc", self.locale)) for day in first_days
            ),
            weeks=tuple(weeks),
            before_url=self._reached(span.step(-1)),
            after_url=self._reached(span.step(1)),
            today_url=self._at(week_name(self.today) if span.kind == "week" else ""),
            month_url=self._at(f"{(span.first + timedelta(days=3)):%Y-%m}" if span.kind == "week" else self.query.month),
            week_url=self._at(week_name(here)),
            month=f"{(span.anchor if span.kind == 'month' else span.first + timedelta(days=3)):%Y-%m}",
            moves=self.days.first.kind is Kind.DATE and bool(self.days.first.on & On.FORM)
            and may("edit", self.resource.name),
            field=self.days.first.name,
            count=self.found.total,
        )  # fmt: skip

    def _title(self) -> str:
        if self.span.kind == "month":
            return format_skeleton("yMMMM", self.span.anchor, locale=self.locale)
        return _days(self.span.first, self.span.last, self.locale)

    def _day_in_month(self) -> date:
        month = self.span.anchor
        return self.today if (self.today.year, self.today.month) == (month.year, month.month) else month

    def _at(self, month: str) -> str:
        return address(self.resource, self.query, month=month)

    def _reached(self, month: str) -> str:
        """Give the address of a month or a week; none where it is beyond those that can be asked for."""
        return self._at(month) if MONTH.match(month) else ""

    def _week(self, begin: date, add_url: str) -> tuple[Day, ...]:
        lanes = LANES[self.span.kind]
        placed = place(self.found.entries, begin, lanes)
        return tuple(self._day(begin + timedelta(days=n), n + 1, placed, add_url) for n in range(WEEK))

    def _day(self, day: date, column: int, placed: list[Placed], add_url: str) -> Day:
        mine = [item for item in placed if item.start == column]
        here = sum(item.start <= column < item.start + item.span for item in placed)
        count = self.found.count(day)
        more = max(count - here, 0)
        return Day(
            iso=day.isoformat(),
            number=wording.number(day.day, self.locale),
            name=format_date(day, "full", self.locale),
            column=column,
            events=tuple(self._event(item) for item in mine),
            more=more,
            more_url=self._list_of(day) if more else "",
            add_url=f"{add_url}?{urlencode({PREFIX + self.days.first.name: _moment(self.days.first, day)})}"
            if add_url and self.days.first.on & On.FORM
            else "",
            is_today=day == self.today,
            is_other=self.span.kind == "month" and day.month != self.span.anchor.month,
            is_past=day < self.today,
            count=count,
        )

    def _event(self, item: Placed) -> Event:
        entry = item.entry
        status = None
        if self.status is not None and entry.status is not None:
            option = self.status.option(entry.status)
            status = Cell(
                "choice", str(option.label) if option else entry.status, tone=option.tone if option else ""
            )
        return Event(
            id=entry.id,
            title=entry.title,
            url=f"/{self.resource.path}/{entry.id}" if self.opens else "",
            start=item.start,
            span=item.span,
            lane=item.lane,
            time=format_time(entry.at.astimezone(UTC), "short", locale=self.locale) if entry.at else "",
            days=_days(entry.first, entry.last, self.locale) if entry.last > entry.first else "",
            status=status,
            came_before=item.came_before,
            goes_on=item.goes_on,
            revision="" if entry.revision is None else str(entry.revision),
            rule=self.rules.get(entry.id, ""),
        )

    def _list_of(self, day: date) -> str:
        """Give the address of the list of a day, or of its week where the list has no such filter."""
        field = self.days.first
        if not field.on & On.FILTER or self.days.last is not None or self.span.kind == "week":
            return self._reached(week_name(day)) if self.span.kind == "month" else ""
        rest = tuple(item for item in self.query.filters if item.field.name != field.name)
        if field.kind is Kind.DATE:
            asked: tuple[Filter, ...] = (Filter(field, "eq", day),)
        else:
            begin = datetime(day.year, day.month, day.day, tzinfo=UTC)
            end = begin + timedelta(days=1) - timedelta(seconds=1)
            asked = (Filter(field, "gte", begin), Filter(field, "lte", end))
        return address(self.resource, self.query, way="", month="", filters=(*rest, *asked))


def _rules(resource: Resource, field: Field, found: Found) -> dict[str, str]:
    """Say of each record that is held to its day why; a statement of its own where the type has such a rule."""
    if field.locked is None or not found.entries or not may("edit", resource.name):
        return {}
    model = resource.model
    records = db.session.scalars(select(model).where(model.id.in_([entry.id for entry in found.entries])))
    return {str(record.id): rule for record in records if (rule := rule_of_field(field, record))}


def _moment(field: Field, day: date) -> str:
    return day.isoformat() if field.kind is Kind.DATE else f"{day.isoformat()}T12:00"


def _days(first: date, last: date, locale: str) -> str:
    return _("%(first)s to %(last)s", first=wording.day(first, locale), last=wording.day(last, locale))
