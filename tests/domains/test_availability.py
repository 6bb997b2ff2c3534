"""What is free in a room and why, by one list of rules."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domains.bookings.queries import Calendar, Rule, Taken, broken, facts
from app.domains.venues.models import HoursMode, Weekday
from app.domains.venues.queries import Closed, Line
from app.kernel.values import Period
from tests.domains.rooms import MONDAY, NOW, at, calendar, period, rules, taken

NOON = period("12:00", "14:00")


def breaks(found: Calendar, wish: Period = NOON) -> list[Rule]:
    return [finding.rule for finding in broken(found.judge(wish, NOW))]


def starts(found: Calendar, minutes: int = 60) -> list[str]:
    return [slot.period.starts_at.strftime("%H:%M") for slot in found.slots(minutes, NOW)]


def test_a_wish_that_keeps_every_rule_can_be_booked() -> None:
    assert breaks(calendar()) == []
    assert calendar().is_free(NOON, NOW)
    assert [finding.rule for finding in calendar().judge(NOON, NOW)] == list(Rule), "all rules are told"


# Rule 11
@pytest.mark.parametrize(
    ("room", "wish", "broken_rule"),
    [
        ({"is_active": False}, NOON, Rule.OFFERED),
        ({"notice": 60 * 24 * 3}, NOON, Rule.NOTICE),
        ({"advance_days": 1}, NOON, Rule.ADVANCE),
        ({"shortest": 180}, NOON, Rule.LENGTH),
        ({"longest": 60}, NOON, Rule.LENGTH),
        ({}, period("12:00", "13:15"), Rule.LENGTH),
        ({}, period("20:00", "22:00"), Rule.HOURS),
        ({}, period("08:00", "10:00"), Rule.HOURS),
        ({}, period("12:10", "14:10"), Rule.START),
        ({"step": 60}, period("12:30", "14:30"), Rule.START),
        ({"closures": (Closed(period("13:00", "15:00"), "Painting", True),)}, NOON, Rule.CLOSURE),
    ],
)
def test_each_rule_is_told_where_it_is_broken(room: dict[str, Any], wish: Period, broken_rule: Rule) -> None:
    assert broken_rule in breaks(calendar(**room), wish)
    assert not calendar(**room).is_free(wish, NOW)


# Rule 11
@pytest.mark.parametrize(("shortest", "longest"), [(60, 120), (120, 600), (120, 120)])
def test_the_shortest_and_the_longest_length_are_offered_themselves(shortest: int, longest: int) -> None:
    assert Rule.LENGTH not in breaks(calendar(shortest=shortest, longest=longest))


def test_notice_is_kept_to_the_minute_and_the_last_day_ahead_is_a_day_there() -> None:
    assert Rule.NOTICE not in breaks(calendar(notice=2 * 24 * 60))
    assert Rule.NOTICE in breaks(calendar(notice=2 * 24 * 60 + 1))
    far = rules(zone="Pacific/Auckland", advance_days=2)  # it is the second of May there already
    early, late = (Calendar(far, (), MONDAY, MONDAY) for _ in range(2))
    assert Rule.ADVANCE not in breaks(early, period("10:00", "11:00", date(2027, 5, 4)))
    assert Rule.ADVANCE in breaks(late, period("13:00", "14:00", date(2027, 5, 4)))


# Rule 1
def test_what_ends_when_another_begins_is_no_conflict() -> None:
    found = calendar(taken(period("10:00", "12:00")), taken(period("14:00", "15:00")))
    assert breaks(found) == []
    assert breaks(found, period("11:30", "12:30")) == [Rule.FREE]
    assert breaks(found, period("13:30", "14:30")) == [Rule.FREE]


# Rule 5
def test_a_hold_counts_until_its_time_and_not_a_second_longer() -> None:
    held = taken(NOON, until=NOW + timedelta(minutes=1))
    assert breaks(calendar(held)) == [Rule.FREE]
    assert calendar(held).is_free(NOON, NOW + timedelta(minutes=1))
    assert not calendar(held).is_free(NOON, NOW + timedelta(seconds=59))


# Rule 8
def test_buffers_are_kept_free_around_a_booking_and_not_offered() -> None:
    found = calendar(taken(NOON, before=30, after=30), buffer_before=30, buffer_after=30)
    halves = [f"{hour:02}:{half}" for hour in range(9, 21) for half in ("00", "30")][:-1]
    assert starts(found) == [clock for clock in halves if clock <= "10:00" or clock >= "15:00"]
    alone = calendar(buffer_before=600, buffer_after=600)
    assert starts(alone)[0] == "09:00", "buffers may lie where the house is closed"


def test_what_stands_against_a_wish_is_named() -> None:
    booked = taken(period("13:00", "15:00"))
    closure = Closed(period("11:00", "12:30"), "Painting", False)
    found = calendar(booked, closures=(closure,))
    against = {finding.rule: finding.against for finding in broken(found.judge(NOON, NOW))}
    assert against == {Rule.CLOSURE: (closure,), Rule.FREE: (booked,)}
    told = [facts(finding) for finding in broken(found.judge(NOON, NOW))]
    assert told[0]["against"][0]["reason"] == "Painting"
    assert told[1] == {
        "rule": "free",
        "is_kept": False,
        "against": [{"starts_at": "2027-05-03T13:00:00+00:00", "ends_at": "2027-05-03T15:00:00+00:00"}],
    }


def test_a_house_open_by_request_is_offered_as_such() -> None:
    lines = (Line(Weekday.MONDAY, HoursMode.BY_REQUEST, time(9), time(12)),)
    slots = calendar(hours=lines).slots(120, NOW)
    assert [slot.by_request for slot in slots] == [True, True, True]
    assert not calendar().needs_request(NOON)


# Rule 9
def test_what_is_offered_over_midnight_begins_on_the_day_it_is_asked_for() -> None:
    night = (Line(Weekday.MONDAY, HoursMode.OPEN, time(22), time(2)),)
    assert starts(calendar(hours=night)) == ["22:00", "22:30", "23:00", "23:30"]
    tuesday = calendar(hours=night, first=date(2027, 5, 4), last=date(2027, 5, 4))
    assert starts(tuesday) == ["00:00", "00:30", "01:00"]


# Rule 10: half hours pass by no clock on a wall
def test_slots_on_the_night_of_a_change_are_as_many_as_there_are_half_hours() -> None:
    whole = tuple(Line(day, HoursMode.ALL_DAY) for day in Weekday)
    for day, hours in ((date(2027, 3, 28), 23), (date(2027, 10, 31), 25), (date(2027, 6, 6), 24)):
        found = calendar(hours=whole, zone="Europe/Berlin", notice=0, first=day, last=day)
        slots = found.slots(60, at("00:00", date(2027, 3, 1)))
        assert len(slots) == hours * 2
        assert {slot.period.starts_at.astimezone(ZoneInfo("Europe/Berlin")).date() for slot in slots} == {day}


clocks = st.integers(0, 95).map(lambda number: time(number // 4, number % 4 * 15))
spans = st.tuples(st.integers(0, 3000), st.integers(15, 400)).map(
    lambda pair: Period(at("00:00") + timedelta(minutes=pair[0]), at("00:00") + timedelta(minutes=sum(pair)))
)
some_rooms = st.fixed_dictionaries(
    {
        "hours": st.lists(
            st.builds(Line, st.sampled_from(tuple(Weekday)), st.just(HoursMode.OPEN), clocks, clocks),
            max_size=9,
        ).map(tuple),
        "zone": st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]),
        "step": st.sampled_from([15, 30, 60, 90]),
        "buffer_before": st.sampled_from([0, 15, 60]),
        "buffer_after": st.sampled_from([0, 30]),
        "closures": st.lists(st.builds(Closed, spans, st.just("Closed"), st.booleans()), max_size=2).map(
            tuple
        ),
    }
)


# Rule 23
@given(some_rooms, st.lists(spans.map(taken), max_size=4), st.sampled_from([60, 90, 120]))
def test_what_search_offers_keeps_every_rule_and_what_it_leaves_out_breaks_one(
    room: dict[str, Any], others: list[Taken], minutes: int
) -> None:
    found = Calendar(rules(notice=0, **room), others, MONDAY, MONDAY + timedelta(days=1))
    offered = {slot.period for slot in found.slots(minutes, NOW)}
    there = ZoneInfo(found.rules.zone)
    for quarter in range(4 * 24 * 4):
        wish = Period(*(at("00:00") + timedelta(minutes=15 * quarter - 1440 + more) for more in (0, minutes)))
        is_asked_for = MONDAY <= wish.starts_at.astimezone(there).date() <= MONDAY + timedelta(days=1)
        assert (wish in offered) is (is_asked_for and not broken(found.judge(wish, NOW)))
