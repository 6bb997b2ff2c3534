"""The days of a series: found as by counting on the fingers, and at the same time on the wall whatever the clocks do."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domains.bookings.models import Rhythm
from app.domains.bookings.queries import Day, Lack, Monthly, Repetition, days
from app.domains.bookings.queries.repeating import MOST_TIMES, latest
from app.kernel.errors import Invalid

ZONES = (
    "Europe/Lisbon",
    "America/New_York",
    "America/Santiago",
    "Australia/Lord_Howe",
    "Asia/Tehran",
    "Africa/Cairo",
    "Asia/Kolkata",
)
ONE_DAY = timedelta(days=1)
FIRST = date(2027, 1, 1)


def rule(rhythm: Rhythm, first_on: date, **facts: object) -> Repetition:
    standing: dict[str, object] = {"every": 1, "starts": time(9), "minutes": 120}
    return Repetition(rhythm, first_on=first_on, **standing | facts)  # type: ignore[arg-type]


def dates(found: list[Day]) -> list[date]:
    return [day.falls_on for day in found if day.lack is not Lack.NO_SUCH_DAY]


def by_counting(repetition: Repetition, end: date) -> list[date]:
    """Ask of each day between the first and the end whether it is one, without knowing the next."""
    first, found = repetition.first_on, []
    monday = first - first.weekday() * ONE_DAY
    for number in range((end - first).days + 1):
        day = first + number * ONE_DAY
        months = (day.year - first.year) * 12 + day.month - first.month
        weeks = (day - monday).days // 7
        if repetition.rhythm is Rhythm.DAILY:
            is_one = number % repetition.every == 0
        elif repetition.rhythm is Rhythm.WEEKLY:
            wanted = repetition.weekdays or (first.weekday(),)
            is_one = weeks % repetition.every == 0 and day.weekday() in wanted
        else:
            is_one = months % repetition.every == 0 and is_of_month(repetition, day)
        found += [day] if is_one else []
    return found


def is_of_month(repetition: Repetition, day: date) -> bool:
    first = repetition.first_on
    if repetition.monthly is Monthly.DAY:
        return day.day == first.day
    if day.weekday() != first.weekday():
        return False
    if repetition.monthly is Monthly.LAST:
        return day.day + 7 > monthrange(day.year, day.month)[1]
    return (day.day - 1) // 7 == (first.day - 1) // 7


rules = st.builds(
    rule,
    st.sampled_from(Rhythm),
    st.dates(date(2026, 1, 1), date(2030, 12, 31)),
    every=st.integers(1, 6),
    weekdays=st.lists(st.integers(0, 6), unique=True, max_size=4).map(tuple),
    monthly=st.sampled_from(Monthly),
)


# Rule 22
@given(rules, st.integers(0, 360))
def test_the_days_until_a_day_are_those_that_counting_finds(repetition: Repetition, length: int) -> None:
    end = repetition.first_on + length * ONE_DAY
    wanted = by_counting(repetition, end)
    whole = Repetition(
        **{name: getattr(repetition, name) for name in repetition.__slots__} | {"until_on": end}
    )
    if not wanted:
        with pytest.raises(Invalid):
            days(whole, "UTC")
        return
    assert dates(days(whole, "UTC")) == wanted


@given(rules, st.integers(1, 24))
def test_so_many_times_are_the_first_of_those_days(repetition: Repetition, times: int) -> None:
    facts = {name: getattr(repetition, name) for name in repetition.__slots__}
    wanted = by_counting(repetition, latest(repetition.first_on))[:times]
    whole = Repetition(**facts | {"times": times})
    if len(wanted) < times:  # a fifth Thursday in every sixth month comes seldom
        with pytest.raises(Invalid):
            days(whole, "UTC")
        return
    assert dates(days(whole, "UTC")) == wanted


# Rule 10: what is on the wall stays, and time passes as it does
@given(rules, st.sampled_from(ZONES), st.times().map(lambda at: at.replace(second=0, microsecond=0)))
def test_the_time_on_the_wall_stays_the_same_in_every_zone(
    repetition: Repetition, zone: str, starts: time
) -> None:
    facts = {name: getattr(repetition, name) for name in repetition.__slots__}
    end = repetition.first_on + 360 * ONE_DAY
    for day in days(Repetition(**facts | {"until_on": end, "starts": starts}), zone):
        if day.wish is None:
            continue
        shown = day.wish.starts_at.astimezone(ZoneInfo(zone))
        assert (shown.date(), shown.time()) == (day.falls_on, starts)
        assert day.wish.ends_at - day.wish.starts_at == timedelta(minutes=120)
        earlier = day.wish.starts_at - timedelta(hours=1)
        assert earlier.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != shown.replace(tzinfo=None)


# Rule 10; cal.diy#30021 was seen with starts from 13:00 on
@pytest.mark.parametrize("starts", [time(9), time(13), time(18, 30)])
@pytest.mark.parametrize(
    ("zone", "before", "offsets"),
    [
        ("Europe/Lisbon", date(2027, 3, 24), (0, 60)),
        ("Europe/Lisbon", date(2027, 10, 27), (60, 0)),
        ("America/New_York", date(2027, 3, 10), (-300, -240)),
        ("America/Santiago", date(2027, 4, 1), (-180, -240)),
        ("America/Santiago", date(2027, 9, 2), (-240, -180)),
        ("Australia/Lord_Howe", date(2027, 4, 1), (660, 630)),
        ("Australia/Lord_Howe", date(2027, 9, 30), (630, 660)),
        ("Asia/Tehran", date(2022, 3, 20), (210, 270)),
        ("Africa/Cairo", date(2027, 4, 28), (120, 180)),
    ],
)
def test_nine_stays_nine_over_a_change_of_clocks(
    zone: str, before: date, offsets: tuple[int, int], starts: time
) -> None:
    found = days(rule(Rhythm.WEEKLY, before, times=2, starts=starts), zone)
    there = ZoneInfo(zone)
    wishes = [day.wish for day in found if day.wish]
    assert [wish.starts_at.astimezone(there).time() for wish in wishes] == [starts, starts]
    assert [wish.starts_at.astimezone(there).utcoffset() for wish in wishes] == [
        timedelta(minutes=offset) for offset in offsets
    ]
    assert wishes[1].starts_at - wishes[0].starts_at == 7 * ONE_DAY - timedelta(
        minutes=offsets[1] - offsets[0]
    )


@pytest.mark.parametrize(
    ("zone", "on", "starts"),
    [
        ("Europe/Lisbon", date(2027, 3, 28), time(1, 30)),
        ("America/New_York", date(2027, 3, 14), time(2)),
        ("America/Santiago", date(2027, 9, 5), time(0)),
        ("Australia/Lord_Howe", date(2027, 10, 3), time(2, 15)),
        ("Asia/Tehran", date(2022, 3, 22), time(0, 30)),
        ("Africa/Cairo", date(2027, 4, 30), time(0, 30)),
    ],
)
def test_a_time_that_the_clocks_jump_over_is_told_and_the_others_stand(
    zone: str, on: date, starts: time
) -> None:
    found = days(rule(Rhythm.DAILY, on - ONE_DAY, times=3, starts=starts), zone)
    assert [day.lack for day in found] == [None, Lack.NO_SUCH_TIME, None]
    assert [day.falls_on for day in found] == [on - ONE_DAY, on, on + ONE_DAY]


@pytest.mark.parametrize(
    ("zone", "on", "starts", "first"),
    [
        ("Europe/Lisbon", date(2027, 10, 31), time(1, 30), "00:30"),
        ("America/New_York", date(2027, 11, 7), time(1, 30), "05:30"),
        ("Australia/Lord_Howe", date(2027, 4, 4), time(1, 45), "14:45"),
        ("America/Santiago", date(2027, 4, 3), time(23, 30), "02:30"),
    ],
)
def test_of_a_time_that_comes_twice_the_first_is_meant(zone: str, on: date, starts: time, first: str) -> None:
    (found,) = days(rule(Rhythm.DAILY, on, times=1, starts=starts), zone)
    assert found.wish is not None
    assert found.wish.starts_at.astimezone(UTC).strftime("%H:%M") == first


def test_how_long_it_lasts_is_no_matter_of_the_clocks() -> None:
    (found,) = days(
        rule(Rhythm.DAILY, date(2027, 10, 30), times=1, starts=time(23), minutes=300), "Europe/Lisbon"
    )
    assert found.wish is not None
    assert found.wish.ends_at.astimezone(ZoneInfo("Europe/Lisbon")).time() == time(3)


def test_a_day_that_a_month_lacks_is_told_and_does_not_count() -> None:
    found = days(rule(Rhythm.MONTHLY, date(2027, 1, 31), times=3), "UTC")
    assert [(day.falls_on, day.lack) for day in found] == [
        (date(2027, 1, 31), None),
        (date(2027, 2, 28), Lack.NO_SUCH_DAY),
        (date(2027, 3, 31), None),
        (date(2027, 4, 30), Lack.NO_SUCH_DAY),
        (date(2027, 5, 31), None),
    ]


def test_the_third_thursday_and_the_last_friday() -> None:
    third = days(rule(Rhythm.MONTHLY, date(2027, 1, 21), times=4, monthly=Monthly.WEEKDAY), "UTC")
    assert [f"{day.falls_on:%d.%m.}" for day in third] == ["21.01.", "18.02.", "18.03.", "15.04."]
    last = days(rule(Rhythm.MONTHLY, date(2027, 1, 29), times=4, monthly=Monthly.LAST), "UTC")
    assert [f"{day.falls_on:%d.%m.}" for day in last] == ["29.01.", "26.02.", "26.03.", "30.04."]


@pytest.mark.parametrize(
    ("facts", "named"),
    [
        ({}, "until_on"),
        ({"until_on": FIRST - ONE_DAY}, "until_on"),
        ({"until_on": date(2030, 1, 2)}, "until_on"),
        ({"until_on": date(2028, 6, 1)}, "until_on"),
        ({"times": 0}, "times"),
        ({"times": MOST_TIMES + 1}, "times"),
        ({"times": 200, "every": 6}, "times"),
        ({"times": 2, "every": 0}, "every"),
        ({"times": 2, "every": 53}, "every"),
        ({"times": 2, "minutes": 0}, "minutes"),
    ],
)
def test_a_rule_that_cannot_be_kept_is_refused_by_name(facts: dict[str, object], named: str) -> None:
    with pytest.raises(Invalid) as refused:
        days(rule(Rhythm.DAILY, FIRST, **facts), "UTC")
    assert list(refused.value.errors) == [named]


def test_a_year_of_days_and_three_years_of_weeks_are_allowed() -> None:
    assert len(days(rule(Rhythm.DAILY, FIRST, times=MOST_TIMES), "UTC")) == MOST_TIMES
    assert len(days(rule(Rhythm.WEEKLY, FIRST, until_on=latest(FIRST)), "UTC")) == 157
    assert latest(date(2028, 2, 29)) == date(2031, 2, 28)


def test_a_year_at_the_end_of_time_is_no_fault() -> None:
    assert datetime(9990, 1, 1, tzinfo=UTC).year + 3 == latest(date(9990, 1, 1)).year
