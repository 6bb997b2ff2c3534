"""The simulator: requests judged anew under other rules, by the rules that every booking keeps to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.domains.bookings.models import BookingStatus
from app.domains.bookings.queries import Rule
from app.domains.bookings.queries.simulation.projecting import project
from app.domains.bookings.queries.simulation.scenarios import Scenario
from app.domains.bookings.queries.simulation.simulating import Judged, Past, Request, Verdict, replay
from app.domains.venues.models import HoursMode, Weekday
from app.domains.venues.queries import Line, PolicyStep, Tier
from app.kernel.values import Money, Period
from tests.domains.rooms import NOW, ROOM, at, period, rules

EARLY = at("08:00") - timedelta(days=14)
WINDOW = Period(at("00:00"), at("00:00") + timedelta(days=7))
STATUSES = (
    *(BookingStatus.CONFIRMED, BookingStatus.COMPLETED, BookingStatus.NO_SHOW),
    *(BookingStatus.CANCELLED, BookingStatus.REJECTED, BookingStatus.MOVED),
)


def request(shown: Period, number: int = 1, **facts: Any) -> Request:
    """Give a request that was confirmed at once, an hour after the one of the number before."""
    asked_at = EARLY + timedelta(hours=number)
    standing: dict[str, Any] = {
        "id": UUID(int=number),
        "reference": f"R-{number}",
        "client_name": "Amal Haddad",
        "room_id": ROOM,
        "period": shown,
        "blocked": shown,
        "asked_at": asked_at,
        "status": BookingStatus.COMPLETED,
        "confirmed_at": asked_at,
        "total": Money(8000, "EUR"),
        "time_minor": 8000,
    }
    return Request(**standing | facts)


def over(requests: Sequence[Request], scenario: Scenario, **facts: Any) -> Past:
    room = rules(**facts)
    return replay(room, scenario.on(room), requests, WINDOW)


def verdicts(past: Past) -> list[Verdict]:
    return [one.verdict for one in past.judged]


def refused_by(judged: Judged) -> list[Rule]:
    return [finding.rule for finding in judged.against]


NOON = period("12:00", "14:00")
shut_at_one = tuple(Line(day, HoursMode.OPEN, time(9), time(13)) for day in Weekday)


def test_each_tried_rule_refuses_what_it_forbids_and_says_so() -> None:
    for scenario, rule in (
        (Scenario(hours=shut_at_one), Rule.HOURS),
        (Scenario(shortest=180), Rule.LENGTH),
        (Scenario(longest=60), Rule.LENGTH),
        (Scenario(notice=60 * 24 * 20), Rule.NOTICE),
        (Scenario(advance_days=3), Rule.ADVANCE),
        (Scenario(step=120, shortest=120), Rule.START),
    ):
        past = over([request(NOON)], scenario)
        assert verdicts(past) == [Verdict.REFUSED], scenario
        assert rule in refused_by(past.judged[0])
        assert (past.before.bookings, past.after.bookings) == (1, 0)
        assert (past.before.revenue["EUR"], past.after.revenue["EUR"]) == (8000, 0)


def test_larger_buffers_refuse_the_later_of_two_that_stood_side_by_side() -> None:
    two = [request(NOON, 1), request(period("14:00", "16:00"), 2)]
    past = over(two, Scenario(buffer_after=30))
    assert verdicts(past) == [Verdict.KEPT, Verdict.REFUSED]
    assert refused_by(past.judged[1]) == [Rule.FREE]


def test_what_was_called_off_before_stands_against_nobody() -> None:
    first = request(NOON, 1, status=BookingStatus.CANCELLED, ended_at=EARLY + timedelta(hours=2))
    past = over([first, request(period("13:00", "15:00"), 3)], Scenario(buffer_after=30))
    assert verdicts(past) == [Verdict.KEPT, Verdict.KEPT]
    still_there = request(NOON, 1, status=BookingStatus.CANCELLED, ended_at=EARLY + timedelta(hours=9))
    past = over([still_there, request(period("14:00", "15:00"), 3)], Scenario(buffer_after=30))
    assert verdicts(past) == [Verdict.KEPT, Verdict.REFUSED]


def test_a_booking_that_was_moved_does_not_stand_against_its_successor() -> None:
    first = request(NOON, 1, status=BookingStatus.MOVED, ended_at=EARLY + timedelta(hours=2, seconds=1))
    after = request(period("13:00", "15:00"), 2, follows_id=first.id)
    assert verdicts(over([first, after], Scenario(buffer_after=30))) == [Verdict.KEPT, Verdict.KEPT]


# Rule 4
def test_one_that_was_rejected_for_another_is_newly_possible_where_the_other_is_refused() -> None:
    long = request(period("09:00", "15:00"), 1, confirmed_at=EARLY + timedelta(hours=5))
    short = request(
        period("10:00", "11:00"),
        2,
        status=BookingStatus.REJECTED,
        confirmed_at=None,
        ended_at=EARLY + timedelta(hours=5, seconds=1),
    )
    assert verdicts(over([long, short], Scenario(), competes=True)) == [Verdict.KEPT, Verdict.APART]
    past = over([long, short], Scenario(longest=120), competes=True)
    assert verdicts(past) == [Verdict.REFUSED, Verdict.POSSIBLE]
    assert past.after.bookings == 0, "nobody knows whether it would have been confirmed"


def test_where_requests_would_keep_the_time_the_second_would_have_been_refused() -> None:
    first = request(NOON, 1, confirmed_at=EARLY + timedelta(hours=9))
    second = request(NOON, 2, status=BookingStatus.CANCELLED, ended_at=EARLY + timedelta(hours=3))
    past = over([first, second], Scenario(competes=False), competes=True)
    assert verdicts(past) == [Verdict.KEPT, Verdict.REFUSED]


def test_what_today_s_rules_refuse_already_stands_and_counts_as_it_did() -> None:
    past = over([request(period("06:00", "08:00"))], Scenario(shortest=90))
    assert verdicts(past) == [Verdict.ALREADY]
    assert past.before.bookings == past.after.bookings == 1


# Rule 17
def test_a_price_stays_as_promised_unless_other_prices_are_tried() -> None:
    asked = request(NOON, total=Money(9_500, "EUR"), time_minor=8_000)
    assert over([asked], Scenario(buffer_after=15)).after.revenue["EUR"] == 9_500
    dearer = over([asked], Scenario(tiers=(Tier(60, 5_000),)))
    assert dearer.judged[0].price_after == Money(11_500, "EUR"), "what was sold beside the time stays"
    assert over([asked], Scenario(percent=150)).after.revenue["EUR"] == 1_500 + 12_000


# Rule 18
def test_what_goes_back_follows_the_promise_and_the_tried_policy() -> None:
    asked = request(
        NOON,
        status=BookingStatus.CANCELLED,
        ended_at=NOON.starts_at - timedelta(hours=30),
        policy=(PolicyStep(24, 100),),
    )
    facts = {"policy": (PolicyStep(24, 100),)}
    assert over([asked], Scenario(), **facts).after.paid_back["EUR"] == 8_000
    strict = over([asked], Scenario(policy=(PolicyStep(48, 100), PolicyStep(24, 25))), **facts)
    assert (strict.before.paid_back["EUR"], strict.after.paid_back["EUR"]) == (8_000, 2_000)


def test_occupancy_is_of_the_time_in_which_the_room_is_open() -> None:
    past = over([request(NOON)], Scenario(hours=shut_at_one))
    assert (past.before.open_minutes, past.after.open_minutes) == (7 * 720, 7 * 240)
    assert past.before.occupancy == 120 / (7 * 720)


def test_a_booking_that_stands_and_would_not_be_possible_today_is_named() -> None:
    room = rules(buffer_after=0)
    two = [request(NOON, 1, status=BookingStatus.CONFIRMED), request(period("14:00", "16:00"), 2)]
    ahead = project(room, Scenario(buffer_after=30).on(room), two, WINDOW, NOW)
    assert [one.request.reference for one in ahead.breaking] == ["R-1", "R-2"], "each is too near the other"
    assert ahead.before.minutes > ahead.after.minutes
    assert ahead.before.starts > ahead.after.starts
    same = project(room, room, two, WINDOW, NOW)
    assert same.breaking == () and same.before == same.after


def test_what_is_left_is_counted_as_search_offers_it() -> None:
    room = rules(notice=0, shortest=60, longest=240, tiers=(Tier(60, 4_000), Tier(240, 14_000)))
    found = project(room, room, [], Period(at("00:00"), at("00:00") + timedelta(days=1)), NOW).before
    assert found.minutes == 720
    assert found.starts == 23
    assert found.worth == Money(3 * 14_000, "EUR")


quarters = st.integers(0, 7 * 96)
spans = st.tuples(quarters, st.sampled_from([60, 90, 120, 180])).map(
    lambda pair: Period(
        at("00:00") + timedelta(minutes=15 * pair[0]), at("00:00") + timedelta(minutes=15 * pair[0] + pair[1])
    )
)
some_requests = st.lists(st.tuples(spans, st.sampled_from(STATUSES), st.integers(1, 40)), max_size=12).map(
    lambda found: [_asked(number, *facts) for number, facts in enumerate(found, 1)]
)
scenarios = st.fixed_dictionaries(
    {},
    optional={
        "hours": st.sampled_from([shut_at_one, ()]),
        "step": st.sampled_from([15, 30, 60]),
        "shortest": st.sampled_from([30, 60, 120]),
        "longest": st.sampled_from([120, 600]),
        "buffer_before": st.sampled_from([0, 30]),
        "buffer_after": st.sampled_from([0, 45]),
        "notice": st.sampled_from([0, 60 * 24 * 15]),
        "advance_days": st.sampled_from([5, 365]),
        "competes": st.booleans(),
        "percent": st.sampled_from([80, 120]),
    },
).map(lambda facts: Scenario(**facts))


def _asked(number: int, shown: Period, status: BookingStatus, later: int) -> Request:
    asked_at = EARLY + timedelta(hours=number)
    over_at: datetime | None = asked_at + timedelta(hours=later)
    stands = status not in (BookingStatus.CANCELLED, BookingStatus.REJECTED, BookingStatus.MOVED)
    confirmed_at = None if status is BookingStatus.REJECTED else asked_at + timedelta(minutes=later)
    return request(
        shown, number, status=status, confirmed_at=confirmed_at, ended_at=None if stands else over_at
    )


@given(some_requests, st.booleans())
def test_an_unchanged_scenario_refuses_nothing_and_earns_the_same(
    requests: list[Request], competes: bool
) -> None:
    past = over(requests, Scenario(), competes=competes)
    assert {Verdict.REFUSED, Verdict.POSSIBLE}.isdisjoint(verdicts(past))
    assert past.before == past.after


@given(some_requests, scenarios, st.booleans())
def test_no_scenario_adds_to_what_stood(requests: list[Request], scenario: Scenario, competes: bool) -> None:
    past = over(requests, scenario, competes=competes)
    assert past.after.bookings <= past.before.bookings
    stood = {one.request.id for one in past.judged if one.verdict is Verdict.REFUSED}
    assert all(one.against for one in past.judged if one.request.id in stood), "each refusal names its rules"


def _apart(requests: Sequence[Request]) -> list[Request]:
    """Leave out those that are within an hour of another: those left do not compete."""
    found: list[Request] = []
    for one in sorted(requests, key=lambda request: request.period):
        if not found or one.period.starts_at - found[-1].period.ends_at >= timedelta(hours=1):
            found.append(one)
    assert all(a.period.ends_at < b.period.starts_at for a, b in pairwise(found))
    return found


clocks = st.tuples(st.integers(9, 15), st.integers(15, 21)).filter(lambda pair: pair[0] < pair[1])


@given(some_requests.map(_apart), clocks, st.integers(0, 3))
def test_where_none_competes_shorter_hours_never_accept_more(
    requests: list[Request], clock: tuple[int, int], less: int
) -> None:
    """On starts that both hours offer: the step is counted from the opening."""

    def hours(opens: int, closes: int) -> Scenario:
        return Scenario(
            hours=tuple(Line(day, HoursMode.OPEN, time(opens), time(closes)) for day in Weekday), step=15
        )

    opens, closes = clock
    wide = over(requests, hours(opens, closes), step=15)
    narrow = over(requests, hours(opens, max(opens + 1, closes - less)), step=15)
    assert _kept(narrow) <= _kept(wide)


@given(some_requests.map(lambda found: found[:2]), st.sampled_from([0, 15, 30, 60]), st.integers(0, 60))
def test_of_two_requests_larger_buffers_never_accept_more(
    requests: list[Request], buffer: int, more: int
) -> None:
    small = over(requests, Scenario(buffer_after=buffer), buffer_after=0)
    large = over(requests, Scenario(buffer_after=buffer + more), buffer_after=0)
    assert _kept(large) <= _kept(small)


def _kept(past: Past) -> set[UUID]:
    return {one.request.id for one in past.judged if one.verdict in (Verdict.KEPT, Verdict.ALREADY)}
