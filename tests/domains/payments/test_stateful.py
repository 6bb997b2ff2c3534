"""Whatever is done with bookings and their money, in whatever order: the invariants hold, and the sums are the model's.

Invariants 1, 2, 3, 4, 7, 8, 9 and 12 of the booking rules are asked of the database after each step; a plain model
in Python tells what each verb should come to.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domains.bookings import service as bookings
from app.domains.bookings.models import Booking
from app.domains.payments import service as payments
from app.domains.payments.models import Refund
from app.domains.payments.queries import account_of
from app.domains.venues.models import CancellationPolicy
from app.domains.venues.models.policies import CancellationStep
from app.kernel import clock
from app.kernel.errors import DomainError
from app.kernel.values import Money, Period
from tests.domains.payments.bookkeeping import LIVE, Books, Kept, broken, stored
from tests.domains.payments.steps import book
from tests.domains.rooms import stored_room

BEGINNING = datetime(2027, 4, 26, 12, tzinfo=UTC)
FIRST_DAY = datetime(2027, 4, 29, 9, tzinfo=UTC)
HOUR_PRICE = 4000
POLICY = ((48, 100), (12, 50))
COMPETES = (False, True, False)
"""The second room lets requests compete; the third promises a policy."""

WHICH = st.integers(0, 99)
WHERE = st.fixed_dictionaries(
    {"room": st.integers(0, 2), "begins": st.integers(0, 14), "hours": st.integers(1, 3)}
)
REASON = st.sampled_from(["", "Rain"])


class Story(RuleBasedStateMachine):
    """Verbs in any order, each as the service and as the model."""

    session: Session
    rooms: list[Any]
    move_clock: Callable[[datetime], None]

    def __init__(self) -> None:
        super().__init__()
        self.books = Books()
        self.now = BEGINNING
        self.move_clock(self.now)
        self.outer = self.session.begin_nested()

    def teardown(self) -> None:
        self.outer.rollback()
        self.session.expire_all()

    # What the verbs share

    def one_of(self, which: int, *statuses: str) -> UUID | None:
        found = self.books.of(*statuses)
        return found[which % len(found)] if found else None

    def booking(self, key: UUID) -> Booking:
        return self.session.get_one(Booking, key)

    def tried(self, verb: Callable[[], Any]) -> Any:
        """Do a verb as an edge does, all or nothing; None where it is refused."""
        try:
            with self.session.begin_nested():
                made = verb()
                self.session.flush()
        except DomainError:
            self.session.expire_all()
            return None
        return made if made is not None else True

    def is_free(self, wanted: Kept, but: UUID | None = None) -> bool:
        return not any(
            one.meets(wanted, COMPETES[one.room]) for key, one in self.books.kept.items() if key != but
        )

    def confirmed(self, key: UUID) -> bool:
        """Let the model confirm a booking, and reject who competes; tells whether it could."""
        mine = self.books.kept[key]
        if not self.is_free(mine, key):
            return False
        mine.status = "confirmed"
        for other, one in self.books.kept.items():
            if other != key and one.status == "pending" and mine.meets(one, False):
                one.end("rejected", one.paid)
        return True

    # The verbs

    @initialize(parts=st.lists(st.sampled_from([0, 2, 4]), min_size=3, max_size=3))
    def begin(self, parts: list[int]) -> None:
        """Have a booking in each room, some of them paid, so that few steps are spent on getting there."""
        for room, part in enumerate(parts):
            self.book({"room": room, "begins": 6, "hours": 2})
            if part and room != 1:
                self.receive(-1, part)
        self.book({"room": 1, "begins": 6, "hours": 1})  # competes with the one before

    @rule(hours=st.integers(1, 12))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        self.move_clock(self.now)

    @rule(where=WHERE)
    def book(self, where: dict[str, int]) -> None:
        wanted = placed(where)
        wanted.percents = POLICY if wanted.room == 2 else ()
        room = self.rooms[wanted.room]
        made = self.tried(lambda: book(self.session, room, Period(wanted.starts_at, wanted.ends_at)))
        assert (made is not None) == (wanted.starts_at >= self.now and self.is_free(wanted))
        if made is not None:
            self.books.kept[made.id] = wanted

    @precondition(lambda self: self.books.of("pending"))
    @rule(which=WHICH)
    def confirm(self, which: int) -> None:
        key = self.one_of(which, "pending")
        assert key is not None
        done = self.tried(lambda: bookings.confirm(self.booking(key)))
        assert (done is not None) == self.confirmed(key)

    @precondition(lambda self: self.books.of(*LIVE))
    @rule(which=WHICH, by_house=st.booleans(), reason=REASON)
    def call_off(self, which: int, by_house: bool, reason: str) -> None:
        key = self.one_of(which, *LIVE)
        assert key is not None
        mine, booking = self.books.kept[key], self.booking(key)
        told = bookings.refund_for(self.session, booking, is_by_house=by_house)
        back = mine.paid if by_house else mine.back(self.now)
        assert told.amount.minor == back, "rule 18: what is told is what the policy says"
        (bookings.call_off if by_house else bookings.cancel)(booking, reason)
        mine.end("cancelled", back)

    @precondition(lambda self: self.books.of("pending"))
    @rule(which=WHICH)
    def reject(self, which: int) -> None:
        key = self.one_of(which, "pending")
        assert key is not None
        bookings.reject(self.booking(key))
        self.books.kept[key].end("rejected", self.books.kept[key].paid)

    @precondition(lambda self: self.books.of(*LIVE))
    @rule(which=WHICH, where=WHERE)
    def move(self, which: int, where: dict[str, int]) -> None:
        key = self.one_of(which, *LIVE)
        assert key is not None
        mine, wanted = self.books.kept[key], placed(where)
        room, period = self.rooms[wanted.room].id, Period(wanted.starts_at, wanted.ends_at)
        after = self.tried(lambda: bookings.move(self.booking(key), room, period))
        assert (after is not None) == (wanted.starts_at >= self.now and self.is_free(wanted, key))
        if after is not None:
            self.follow(key, after, mine, wanted)

    @precondition(lambda self: self.books.of(*LIVE))
    @rule(which=WHICH, hours=st.integers(1, 3))
    def extend(self, which: int, hours: int) -> None:
        key = self.one_of(which, *LIVE)
        assert key is not None
        mine = self.books.kept[key]
        wanted = Kept(mine.room, mine.starts_at, mine.starts_at + timedelta(hours=hours), hours * HOUR_PRICE)
        after = self.tried(lambda: bookings.extend(self.booking(key), wanted.ends_at))
        is_open = wanted.ends_at.hour <= 21
        assert (after is not None) == (is_open and self.is_free(wanted, key))
        if after is not None:
            self.follow(key, after, mine, wanted)

    def follow(self, key: UUID, after: Booking, mine: Kept, wanted: Kept) -> None:
        place = {"room": wanted.room, "starts_at": wanted.starts_at, "ends_at": wanted.ends_at}
        self.books.kept[after.id] = mine.successor(**place, price=wanted.price)
        self.books.kept[key].status = "moved"

    @precondition(lambda self: self.books.of("cancelled"))
    @rule(which=WHICH)
    def revive(self, which: int) -> None:
        key = self.one_of(which, "cancelled")
        assert key is not None
        mine = self.books.kept[key]
        after = self.tried(lambda: bookings.revive(self.booking(key)))
        assert (after is not None) == (mine.starts_at >= self.now and self.is_free(mine))
        if after is not None:
            self.books.kept[after.id] = mine.successor(status=mine.before_end)

    @precondition(lambda self: self.books.of(*LIVE))
    @rule(which=WHICH, part=st.sampled_from([1, 2, 3, 4, 5]))
    def receive(self, which: int, part: int) -> None:
        key = self.one_of(which, *LIVE)
        assert key is not None
        mine = self.books.kept[key]
        minor = mine.price * part // 4
        receipt = self.tried(lambda: pay(self.booking(key), minor))
        assert (receipt is not None) == (minor <= mine.price - mine.paid)
        if receipt is None:
            return
        mine.paid += minor
        if mine.status == "pending" and mine.paid == mine.price:
            assert (receipt.refusal == "") == self.confirmed(key)

    @precondition(lambda self: self.books.of("cancelled", "rejected"))
    @rule(which=WHICH, is_whole=st.booleans())
    def receive_late(self, which: int, is_whole: bool) -> None:
        """Rule 12."""
        key = self.one_of(which, "cancelled", "rejected")
        assert key is not None
        mine = self.books.kept[key]
        minor = mine.price if is_whole else mine.price // 2
        receipt = pay(self.booking(key), minor)
        again = min(mine.paid + mine.taken_back, mine.price)
        is_taken_up = mine.status == "cancelled" and mine.starts_at > self.now and self.is_free(mine)
        is_taken_up &= again + minor == mine.price
        assert (receipt.was_taken_up, receipt.is_returned) == (is_taken_up, not is_taken_up)
        if not is_taken_up:
            mine.wanted += minor
            return
        after = mine.successor(status=mine.before_end)
        after.paid += minor
        self.books.kept[receipt.booking.id] = after
        if after.status == "pending":
            assert self.confirmed(receipt.booking.id)

    @rule(which=WHICH)
    def pay_back(self, which: int) -> None:
        owed = [key for key, one in self.books.kept.items() if one.wanted]
        if owed:
            key = owed[which % len(owed)]
            for refund in self.session.scalars(select(Refund).where(Refund.booking_id == key)).all():
                if refund.status == "wanted":
                    payments.mark_refund_paid(refund)
            self.books.kept[key].wanted = self.books.kept[key].granted = 0

    @rule(which=WHICH)
    def withdraw(self, which: int) -> None:
        """Keep what was to be paid back, where it may be kept."""
        owed = [key for key, one in self.books.kept.items() if one.wanted]
        if not owed:
            return
        key = owed[which % len(owed)]
        mine = self.books.kept[key]
        wanted = select(Refund).where(Refund.booking_id == key, Refund.status == "wanted")
        refund = self.session.scalars(wanted.order_by(Refund.id)).first()
        assert refund is not None
        amount, is_granted = refund.amount_minor, refund.reason.startswith(payments.GOODWILL)
        if self.tried(lambda: payments.withdraw_refund(refund, "Kept")) is not None:
            assert mine.status in LIVE or (mine.status == "cancelled" and mine.paid)
            mine.paid += amount
            mine.wanted -= amount
            mine.granted -= amount if is_granted else 0

    @precondition(lambda self: self.books.of("pending", "confirmed"))
    @rule(which=WHICH, part=st.sampled_from([0, 1, 2, 4]), is_sent_twice=st.booleans())
    def grant(self, which: int, part: int, is_sent_twice: bool) -> None:
        """Give a part back of a booking that stays."""
        key = self.one_of(which, "confirmed", "pending")
        assert key is not None
        mine, booking = self.books.kept[key], self.booking(key)
        minor, seen = mine.price * part // 4, account_of(self.session, booking).returned
        for is_second in (False, True)[: 1 + is_sent_twice]:
            done = self.tried(lambda: grant(self.booking(key), minor, seen))
            assert (done is not None) == (
                mine.status == "confirmed" and 0 < minor <= mine.paid + is_second * minor
            )
            if done is None:
                return
            assert done is not is_second, "what is sent twice is granted once"
            if not is_second:
                mine.paid -= minor
                mine.wanted += minor
                mine.granted += minor

    # What holds after each of them

    @invariant()
    def the_database_breaks_no_invariant(self) -> None:
        assert broken(self.session) == []

    @invariant()
    def the_sums_are_the_models(self) -> None:
        told = {key: (one.status, one.price, one.paid, one.wanted) for key, one in self.books.kept.items()}
        assert stored(self.session) == told


def placed(where: dict[str, int]) -> Kept:
    """Give a time in a room: within two days, from nine to six, so that it ends by nine in the evening."""
    day, hour = divmod(where["begins"], 5)
    starts_at = FIRST_DAY + timedelta(days=day, hours=2 * hour)
    hours = where["hours"]
    return Kept(where["room"], starts_at, starts_at + timedelta(hours=hours), hours * HOUR_PRICE)


def pay(booking: Booking, minor: int) -> payments.Receipt:
    return payments.receive_payment(booking, "cash", Money(minor, "EUR"))


def grant(booking: Booking, minor: int, seen: Money) -> bool:
    return payments.grant_refund(booking, Money(minor, "EUR"), "Cold food", returned_before=seen)


@pytest.fixture
def story(session: Session, monkeypatch: pytest.MonkeyPatch) -> type[Story]:
    monkeypatch.setattr(clock, "now", lambda: BEGINNING)
    policy = CancellationPolicy(name="Steps")
    policy.steps = [
        CancellationStep(hours_before=hours, refund_percent=percent, position=place)
        for place, (hours, percent) in enumerate(POLICY)
    ]
    session.add(policy)
    session.flush()
    kinds: list[dict[str, Any]] = [{}, {"pending_policy": "compete"}, {"policy_id": policy.id}]
    rooms = [stored_room(session, notice_minutes=0, **kind) for kind in kinds]
    move = staticmethod(lambda now: monkeypatch.setattr(clock, "now", lambda: now))
    return type("ThisStory", (Story,), {"session": session, "rooms": rooms, "move_clock": move})


def run(story: type[Story], examples: int, steps: int) -> None:
    """Run so many stories of so many steps; none is kept for the next run, for the clock of the machine is none of it."""
    run_state_machine_as_test(
        story,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.proves("S1.23")
@pytest.mark.timeout(600)  # on a busy machine
@pytest.mark.parametrize("_share", range(4))  # so that workers share two hundred stories
def test_no_order_of_verbs_breaks_an_invariant(story: type[Story], _share: int) -> None:
    run(story, 50, 40)


@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.parametrize(
    "_share", range(40)
)  # a transaction each: what is rolled back stays in the way until its end
def test_no_order_of_verbs_breaks_an_invariant_in_two_thousand_stories(
    story: type[Story], _share: int
) -> None:
    run(story, 50, 40)
