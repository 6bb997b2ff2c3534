"""When a venue is open: wall time in its zone, over midnight, over every change of its clocks (rules 9, 10, 11)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domains.venues.models import HoursMode, Weekday
from app.domains.venues.queries import Line, covered, gaps, openings
from app.kernel.values import Period
from app.kernel.zones import instants

BERLIN = "Europe/Berlin"
# where clocks change: by an hour, by half an hour, at midnight, in the south, not at all, by 30 minutes only
ZONES = (
    BERLIN,
    "America/New_York",
    "Australia/Lord_Howe",
    "Africa/Cairo",
    "America/Santiago",
    "Asia/Kolkata",
)
EVERY_DAY = tuple(Weekday)


def at(text: str, zone: str = BERLIN, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


def lines(opens: str, closes: str, *days: Weekday, mode: HoursMode = HoursMode.OPEN) -> list[Line]:
    wall = time.fromisoformat(opens), time.fromisoformat(closes)
    return [Line(day, mode, *wall) for day in days or EVERY_DAY]


def whole(*days: Weekday, mode: HoursMode = HoursMode.ALL_DAY) -> list[Line]:
    return [Line(day, mode) for day in days or EVERY_DAY]


# Rule 9
def test_hours_are_wall_time_there_in_winter_and_in_summer() -> None:
    found = [
        openings(lines("09:00", "17:00"), BERLIN, day, day)[0].period.starts_at
        for day in (date(2027, 1, 4), date(2027, 7, 5))
    ]
    assert found == [datetime(2027, 1, 4, 8, tzinfo=UTC), datetime(2027, 7, 5, 7, tzinfo=UTC)]


# Rule 9
@pytest.mark.proves("S1.14")
def test_an_evening_over_midnight_belongs_to_the_day_on_which_it_opens() -> None:
    [friday] = openings(lines("22:00", "02:00", Weekday.FRIDAY), BERLIN, date(2027, 5, 3), date(2027, 5, 9))
    assert friday.day == date(2027, 5, 7)
    assert friday.period == Period(at("2027-05-07T22:00"), at("2027-05-08T02:00"))
    assert openings(lines("22:00", "02:00", Weekday.FRIDAY), BERLIN, date(2027, 5, 8), date(2027, 5, 8)) == []


@pytest.mark.proves("S1.14")
def test_a_day_is_open_closed_open_throughout_or_by_request() -> None:
    week = [
        *lines("10:00", "12:00", Weekday.MONDAY),
        *lines("13:00", "18:00", Weekday.MONDAY),
        *whole(Weekday.TUESDAY),
        *whole(Weekday.WEDNESDAY, mode=HoursMode.CLOSED),
        *whole(Weekday.THURSDAY, mode=HoursMode.BY_REQUEST),
        *lines("10:00", "14:00", Weekday.FRIDAY, mode=HoursMode.BY_REQUEST),
    ]
    found = openings(week, BERLIN, date(2027, 5, 3), date(2027, 5, 9))
    assert [(opening.day.day, opening.period.minutes // 60, opening.by_request) for opening in found] == [
        (3, 2, False),
        (3, 5, False),
        (4, 24, False),
        (6, 24, True),
        (7, 4, True),
    ]


# Rule 9
def test_a_wish_over_midnight_is_covered_when_both_sides_are_open() -> None:
    wish = Period(at("2027-05-03T23:00"), at("2027-05-04T01:00"))
    week = date(2027, 5, 3), date(2027, 5, 9)
    assert covered(wish, openings(whole(), BERLIN, *week))
    only_monday = openings(whole(Weekday.MONDAY), BERLIN, *week)
    assert gaps(wish, only_monday) == [Period(at("2027-05-04T00:00"), at("2027-05-04T01:00"))]


def test_a_break_at_noon_is_a_gap_and_its_ends_are_none() -> None:
    day = date(2027, 5, 3)
    found = openings([*lines("09:00", "12:00"), *lines("13:00", "18:00")], BERLIN, day, day)
    wish = Period(at("2027-05-03T11:00"), at("2027-05-03T14:00"))
    assert gaps(wish, found) == [Period(at("2027-05-03T12:00"), at("2027-05-03T13:00"))]
    assert covered(Period(at("2027-05-03T11:00"), at("2027-05-03T12:00")), found)
    assert covered(Period(at("2027-05-03T13:00"), at("2027-05-03T14:00")), found)


# Rule 10: the night of 28 March 2027 has no hour from two to three
def test_a_time_that_the_clocks_jump_over_is_the_moment_of_the_jump() -> None:
    sunday = date(2027, 3, 28)
    jump = datetime(2027, 3, 28, 1, tzinfo=UTC)
    [late] = openings(lines("02:30", "06:00", Weekday.SUNDAY), BERLIN, sunday, sunday)
    assert late.period.starts_at == jump
    [early] = openings(lines("22:00", "02:30", Weekday.SATURDAY), BERLIN, date(2027, 3, 27), sunday)
    assert early.period == Period(at("2027-03-27T22:00"), jump)
    assert openings(lines("02:00", "02:45", Weekday.SUNDAY), BERLIN, sunday, sunday) == []
    [whole_day] = openings(whole(Weekday.SUNDAY), BERLIN, sunday, sunday)
    assert whole_day.period.minutes == 23 * 60


# Rule 10: the night of 31 October 2027 has the hour from two to three twice
def test_an_hour_that_comes_twice_opens_at_the_first_and_closes_at_the_second() -> None:
    sunday = date(2027, 10, 31)
    [opens] = openings(lines("02:30", "06:00", Weekday.SUNDAY), BERLIN, sunday, sunday)
    assert opens.period.starts_at == at("2027-10-31T02:30", fold=0)
    [closes] = openings(lines("22:00", "02:30", Weekday.SATURDAY), BERLIN, date(2027, 10, 30), sunday)
    assert closes.period.ends_at == at("2027-10-31T02:30", fold=1)
    assert closes.period.minutes == 330
    [whole_day] = openings(whole(Weekday.SUNDAY), BERLIN, sunday, sunday)
    assert whole_day.period.minutes == 25 * 60


# Rule 10
def test_a_wall_time_means_no_instant_one_or_two() -> None:
    assert instants(date(2027, 3, 28), time(2, 30), BERLIN) == ()
    assert instants(date(2027, 3, 28), time(13), BERLIN) == (at("2027-03-28T13:00"),)
    first, second = instants(date(2027, 10, 31), time(2, 30), BERLIN)
    assert second - first == timedelta(hours=1)


# Rule 10: starts after 13:00 as well as before
@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("opens", ["06:00", "13:00", "17:30"])
def test_weekly_hours_stay_at_their_wall_time_all_year(zone: str, opens: str) -> None:
    wall = time.fromisoformat(opens)
    found = openings(lines(opens, "21:00"), zone, date(2027, 1, 1), date(2027, 12, 31))
    assert len(found) == 365
    for opening in found:
        shown = opening.period.starts_at.astimezone(ZoneInfo(zone))
        assert (shown.date(), shown.time()) == (opening.day, wall)
        assert opening.period.ends_at.astimezone(ZoneInfo(zone)).time() == time(21)


@pytest.mark.parametrize("zone", ZONES)
def test_a_house_that_never_closes_has_no_gap_all_year(zone: str) -> None:
    found = openings(whole(), zone, date(2027, 1, 1), date(2027, 12, 31))
    for before, after in pairwise(found):
        assert before.period.ends_at == after.period.starts_at
    year = Period(found[0].period.starts_at, found[-1].period.ends_at)
    assert covered(year, found)
    assert year.minutes == 365 * 24 * 60


minutes = st.integers(0, 24 * 4 - 1).map(lambda number: time(number // 4, number % 4 * 15))
week_lines = st.lists(
    st.builds(Line, st.sampled_from(EVERY_DAY), st.just(HoursMode.OPEN), minutes, minutes)
    | st.builds(Line, st.sampled_from(EVERY_DAY), st.sampled_from([HoursMode.ALL_DAY, HoursMode.CLOSED])),
    max_size=10,
)


@given(
    week_lines, st.sampled_from(ZONES), st.dates(date(2026, 1, 1), date(2029, 12, 1)), st.integers(0, 2000)
)
def test_what_is_covered_is_open_minute_by_minute(
    week: list[Line], zone: str, first: date, minute: int
) -> None:
    found = openings(week, zone, first - timedelta(days=1), first + timedelta(days=2))
    starts_at = datetime.combine(first, time(0), UTC) + timedelta(minutes=minute)
    wish = Period(starts_at, starts_at + timedelta(minutes=45))
    moments = [starts_at + timedelta(minutes=number) for number in range(45)]
    is_open = [any(o.period.starts_at <= moment < o.period.ends_at for o in found) for moment in moments]
    assert covered(wish, found) is all(is_open)
    closed = sum(gap.minutes for gap in gaps(wish, found))
    assert closed == is_open.count(False)


def test_a_period_is_half_open_and_of_instants() -> None:
    ten, eleven, noon = (at(f"2027-05-03T{hour}:00") for hour in ("10", "11", "12"))
    assert not Period(ten, eleven).meets(Period(eleven, noon))
    assert Period(ten, eleven + timedelta(minutes=1)).meets(Period(eleven, noon))
    assert Period(ten, eleven).widened(15, 30).minutes == 105
    with pytest.raises(ValueError, match="ends after"):
        Period(eleven, ten)
    with pytest.raises(ValueError, match="have a zone"):
        Period(datetime(2027, 5, 3, 10), datetime(2027, 5, 3, 11))  # noqa: DTZ001  # the very thing that is refused
