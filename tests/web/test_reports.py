"""The reports: each chart's numbers against a recount in Python, whose rows they are of, and their files."""

from __future__ import annotations

import csv
import io
import random
import re
import statistics
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import true
from sqlalchemy.orm import Session

from app.access import rows
from app.domains.bookings.models import Booking, BookingStatus
from app.domains.reviews.models import Review
from app.insights import charts
from app.insights.periods import Period, latest, spanning
from app.kernel import clock
from app.kernel.errors import BadParameter
from app.web.reports.asked import read_asked
from tests.factories import BookingFactory, PackageFactory, ReviewFactory, ThemeFactory

PERIOD = Period(date(2026, 9, 7), 4)
OF_BOOKINGS = {
    *("bookings", "revenue", "conversion", "lead-times", "packages", "occasions"),
    *("occupancy", "rooms", "venues", "availability", "room-hours", "room-lead-times", "busy"),
}
OF_REVIEWS = {"themes", "ratings"}
EDGES = (PERIOD.before.start, PERIOD.start, PERIOD.end)


@pytest.fixture
def bookings(session: Session) -> list[Booking]:
    """Scatter bookings over the period, the one before and beyond, some of them on the very edges."""
    chance = random.Random(4711)  # no secret
    packages = [PackageFactory(name=f"Package {n}") for n in range(3)]
    instants = [PERIOD.before.start + timedelta(hours=chance.randrange(-300, 1700)) for _ in range(80)]
    instants += [edge + step for edge in EDGES for step in (timedelta(0), timedelta(microseconds=-1))]
    return [
        BookingFactory(
            created_at=at,
            event_on=at.date() + timedelta(days=chance.choice((0, 7, 8, 30, 45, 120, 181, 300))),
            status=chance.choice(list(BookingStatus)).value,
            currency=chance.choice(("EUR", "EUR", "EUR", "USD")),
            total_minor=chance.choice((None, 10_000, 12_345)),
            package_id=chance.choice([None, *(package.id for package in packages)]),
            event_type=chance.choice(("wedding", "birthday")),
        )
        for at in instants
    ]


def within(period: Period, rows: list[Booking]) -> list[Booking]:
    return [row for row in rows if period.start <= row.created_at < period.end]


def by_week(period: Period, rows: list[Booking], value: Callable[[Booking], int]) -> tuple[int, ...]:
    return tuple(sum(value(row) for row in within(period.week(n), rows)) for n in range(period.weeks))


def test_a_period_holds_whole_weeks_from_monday_to_sunday() -> None:
    assert latest(4, date(2026, 10, 4)) == PERIOD
    assert latest(4, date(2026, 9, 28)) == PERIOD
    assert (PERIOD.last, PERIOD.before) == (date(2026, 10, 4), Period(date(2026, 8, 10), 4))
    assert spanning(date(2026, 9, 9), date(2026, 9, 28)) == PERIOD
    assert PERIOD.before.end == PERIOD.start == datetime(2026, 9, 7, tzinfo=UTC)


def test_bookings_by_week_are_those_of_a_recount(session: Session, bookings: list[Booking]) -> None:
    session.flush()

    now, before = charts.bookings_by_week(session, true(), PERIOD)

    assert now == by_week(PERIOD, bookings, lambda _row: 1)
    assert before == by_week(PERIOD.before, bookings, lambda _row: 1)
    assert sum(now) > 10


def test_revenue_is_never_added_up_over_currencies(session: Session, bookings: list[Booking]) -> None:
    session.flush()

    found = charts.revenue_by_week(session, true(), PERIOD)

    assert list(found) == ["EUR", "USD"], "the one of most bookings first"
    for currency, (now, before) in found.items():
        earning = [row for row in bookings if row.currency == currency and row.status in charts.EARNING]
        assert now == by_week(PERIOD, earning, lambda row: row.total_minor or 0)
        assert before == by_week(PERIOD.before, earning, lambda row: row.total_minor or 0)


def test_lead_times_and_their_median_are_those_of_a_recount(
    session: Session, bookings: list[Booking]
) -> None:
    session.flush()

    found = charts.lead_times(session, true(), PERIOD)

    for period, part, middle in (
        (PERIOD, "now", found.middle),
        (PERIOD.before, "before", found.middle_before),
    ):
        days = [(row.event_on - row.created_at.date()).days for row in within(period, bookings)]
        counted = [sum(low <= day <= (high or 10**6) for day in days) for low, high in charts.LEADS]
        assert [getattr(group, part) for group in found.groups] == counted
        assert middle == statistics.median(days)


def test_conversion_and_the_busiest_are_those_of_a_recount(session: Session, bookings: list[Booking]) -> None:
    session.flush()
    here, there = within(PERIOD, bookings), within(PERIOD.before, bookings)

    for found, name in (
        (charts.conversion(session, true(), PERIOD), "status"),
        (charts.busiest_packages(session, true(), PERIOD), "package_id"),
        (charts.busiest_occasions(session, true(), PERIOD), "event_type"),
    ):
        now, before = (Counter(getattr(row, name) for row in part) for part in (here, there))
        assert {both.key: (both.now, both.before) for both in found if both.now} == {
            key: (now[key], before[key]) for key in now if key is not None
        }
    busiest = [both.now for both in charts.busiest_packages(session, true(), PERIOD)]
    assert busiest == sorted(busiest, reverse=True)


def test_ratings_and_themes_are_those_of_a_recount(session: Session) -> None:
    theme = ThemeFactory(name="Garden")
    for days, stars, status in (
        (1, 5, "approved"),
        (2, 4, "pending"),
        (3, 1, "rejected"),
        (-5, 2, "approved"),
    ):
        at = PERIOD.start + timedelta(days=days)
        ReviewFactory(rating=stars, status=status, submitted_at=at, theme_id=theme.id, package_id=None)
    session.flush()

    found = charts.ratings(session, true(), PERIOD)
    (busiest,) = charts.busiest_themes(session, true(), PERIOD)

    assert [(both.key, both.now, both.before) for both in found.groups] == [
        (5, 1, 0), (4, 1, 0), (3, 0, 0), (2, 0, 1), (1, 0, 0)
    ]  # fmt: skip
    assert (found.middle, found.middle_before) == (4.5, 2.0)
    assert (busiest.title, busiest.now, busiest.before) == ("Garden", 3, 1)


@pytest.mark.parametrize(
    "make", [kind.make for kind in __import__("app.web.reports.words", fromlist=["KINDS"]).KINDS]
)
def test_each_chart_is_one_statement(
    session: Session, bookings: list[Booking], count_statements: Callable[[], Any], make: Any, app: Any
) -> None:
    from app.web.reports.words import Reading

    ReviewFactory(submitted_at=PERIOD.start)
    session.flush()
    with app.test_request_context("/reports/"), count_statements() as seen:
        make(Reading(session, true(), PERIOD, "en"))

    assert len(seen) == 1


@pytest.mark.parametrize(
    ("args", "parameter"),
    [
        ({"weeks": "5"}, "weeks"),
        ({"from": "soon"}, "from"),
        ({"from": "2026-05-01", "to": "2026-04-01"}, "from"),
        ({"from": "1900-01-01"}, "from"),
        ({"from": "2001-01-01", "to": "2026-01-01"}, "from"),
        ({"currency": "eur"}, "currency"),
    ],
)
def test_what_no_period_is_is_refused_by_its_name(app: Any, args: dict[str, str], parameter: str) -> None:
    with app.test_request_context("/reports/"), pytest.raises(BadParameter) as caught:
        read_asked(args, date(2026, 11, 21))

    assert caught.value.parameter == parameter


@pytest.fixture
def limited() -> Iterator[None]:
    """Let a booking operator see Lisbon alone."""
    rows.limit("booking", "Booking operator", lambda model, _user: model.place == "Lisbon")
    yield
    rows.lift("booking", "Booking operator")


def test_row_rules_hold_in_every_chart(
    sign_in: Callable[[str], FlaskClient], session: Session, limited: None
) -> None:
    for place in ("Lisbon", "Porto", "Porto"):
        BookingFactory(place=place, created_at=clock.now(), status="confirmed", total_minor=100)
    session.commit()
    browser = sign_in("Booking operator")

    for name in ("bookings", "conversion", "occasions", "lead-times"):
        body = browser.get(f"/reports/{name}").get_data(as_text=True)
        counted = [int(found) for found in re.findall(r'<tr data-now="(\d+)"', body)]
        assert max(counted) == 1, name


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        ("Admin", OF_BOOKINGS | OF_REVIEWS),
        ("Booking operator", OF_BOOKINGS),
        ("Moderator", OF_REVIEWS),
    ],
)
def test_a_reader_gets_the_charts_of_what_they_may_list(
    sign_in: Callable[[str], FlaskClient], role: str, seen: set[str]
) -> None:
    browser = sign_in(role)
    page = browser.get("/reports/")

    assert page.status_code == 200
    assert set(re.findall(r'class="f-report" id="([^"]+)"', page.get_data(as_text=True))) == seen
    for name in ("bookings", "ratings"):
        assert browser.get(f"/reports/{name}").status_code == (200 if name in seen else 403)
        assert browser.get(f"/reports/{name}/csv").status_code == (200 if name in seen else 403)
    assert browser.get("/reports/none").status_code == 404


def test_the_file_holds_the_numbers_of_the_table_and_no_formula(
    sign_in: Callable[[str], FlaskClient], session: Session
) -> None:
    package = PackageFactory(name="=HYPERLINK(1)")
    for minor in (10_050, 25):
        BookingFactory(
            created_at=clock.now(),
            status="confirmed",
            total_minor=minor,
            currency="EUR",
            package_id=package.id,
        )
    session.commit()
    browser = sign_in("Admin")

    revenue = browser.get("/reports/revenue/csv?weeks=4")
    table = list(csv.reader(io.StringIO(revenue.get_data(as_text=True).removeprefix("\ufeff"))))
    packages = browser.get("/reports/packages/csv").get_data(as_text=True)

    assert revenue.headers["Content-Disposition"].startswith('attachment; filename="revenue-')
    assert len(table) == 5
    assert table[0][1].endswith(" EUR")
    assert table[-1][1] == "100.75"
    assert "'=HYPERLINK(1),2,0" in packages


def test_a_row_of_a_chart_leads_to_the_list_of_what_it_counts(
    sign_in: Callable[[str], FlaskClient], session: Session
) -> None:
    BookingFactory(created_at=clock.now(), client_name="Counted Client", status="pending")
    BookingFactory(created_at=clock.now() - timedelta(days=40), client_name="Older Client", status="pending")
    session.commit()
    browser = sign_in("Admin")

    for name, query in (("bookings", "?weeks=4"), ("conversion", "?weeks=4"), ("occasions", "?weeks=4")):
        body = browser.get(f"/reports/{name}{query}").get_data(as_text=True)
        found = re.findall(r'<tr data-now="1" data-before="[01]"><th scope="row"><a href="([^"]+)"', body)
        assert found, name
        listed = browser.get(found[-1].replace("&amp;", "&")).get_data(as_text=True)
        assert "Counted Client" in listed, name
        assert "Older Client" not in listed, name


def test_nothing_in_a_period_is_said_in_words(
    sign_in: Callable[[str], FlaskClient], session: Session
) -> None:
    assert session.query(Review).count() == 0

    assert "Nothing in this period." in sign_in("Moderator").get("/reports/ratings").get_data(as_text=True)
