"""What goes back to a client: the preview and the deed ask the same function (rule 18)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domains.bookings.models import Booking, Claim
from app.domains.bookings.service.money import till
from app.domains.venues.queries import PolicyStep, Refund, refund
from app.kernel import clock
from app.kernel.configured import configured
from app.kernel.values import Money


@dataclass(frozen=True, slots=True)
class Back:
    """What is paid back when a booking is called off now: by its client, and by the house."""

    by_client: Refund
    by_house: Refund


def refund_for(session: Session, booking: Booking, *, is_by_house: bool = False) -> Refund:
    """Tell what is paid back of what was captured when a booking is called off now.

    By the house, all of it. Else by the policy that was promised with the time in the room; of a day without a room
    all until its last day for calling off, then nothing.
    """
    paid = till().captured(session, booking.id) or Money(0, booking.currency)
    if is_by_house:
        return Refund(paid, 100, None, None)
    return _promised(booking, session.scalar(select(Claim).where(Claim.booking_id == booking.id)), paid)


def refunds_for(session: Session, bookings: Sequence[UUID]) -> dict[UUID, Back]:
    """Tell the same of many bookings, in two statements however many they are."""
    paid = till().captured_of_many(session, bookings)
    asked = select(Booking, Claim).outerjoin(Claim, Claim.booking_id == Booking.id)
    found = {}
    for booking, claim in session.execute(asked.where(Booking.id.in_(bookings))):
        mine = paid.get(booking.id) or Money(0, booking.currency)
        found[booking.id] = Back(_promised(booking, claim, mine), Refund(mine, 100, None, None))
    return found


def shares_back(claim: Claim, starts_at: datetime) -> tuple[int, int]:
    """Give the percent that its client is paid back when it is called off now: as it stands, and moved to a start.

    The policy that was promised is kept by who moves; its instants follow the start.
    """
    whole = Money(0, str(claim.promise["currency"]))
    now, steps = clock.now(), _policy(claim)
    before, after = (refund(steps, at, now, whole).percent for at in (claim.starts_at, starts_at))
    return before, after


def _promised(booking: Booking, claim: Claim | None, paid: Money) -> Refund:
    if claim is not None:
        return refund(_policy(claim), claim.starts_at, clock.now(), paid)
    days = int(configured("CANCEL_DAYS")) if booking.cancel_days is None else booking.cancel_days
    is_in_time = clock.today() <= booking.event_on - timedelta(
        days=min(days, booking.event_on.toordinal() - 1)
    )
    return Refund(paid if is_in_time else Money(0, paid.currency), 100 if is_in_time else 0, None, None)


def _policy(claim: Claim) -> list[PolicyStep]:
    return [PolicyStep(step["hours_before"], step["percent"]) for step in claim.promise["policy"]]
