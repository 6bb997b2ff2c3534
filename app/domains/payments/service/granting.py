"""Paying back by goodwill: a part of what came for a booking that stays as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session, object_session

from app.domains.bookings import service as bookings
from app.domains.payments.errors import NotStanding, PaidBackMeanwhile, RefundTooLarge
from app.domains.payments.queries import Account, account_of, refunds_of
from app.domains.payments.service.receiving import worded
from app.domains.payments.service.refunds import GOODWILL
from app.kernel.errors import Invalid
from app.kernel.values import Money, is_blank

if TYPE_CHECKING:
    from app.domains.bookings.models import Booking

STANDING = ("confirmed", "completed", "no_show")
"""What a promise was made for, and was not called off: what others give back is the rules' to say."""
MOST_WORDS = 500


def may_grant(booking: Booking, account: Account) -> bool:
    """Tell whether something of a booking may be paid back by goodwill."""
    return booking.status in STANDING and account.captured.minor > 0


def grant_refund(
    booking: Booking, amount: Money, reason: str, *, returned_before: Money | None = None
) -> bool:
    """Want a part of what was received back, with a reason; what it leaves open need not be paid.

    `returned_before` is what the asker saw as paid back or to be: the same wish sent twice is granted once, and gives
    False. Raises Invalid, NotStanding, RefundTooLarge, PaidBackMeanwhile.
    """
    session, why = _session(booking), reason.strip()
    _check(amount, why)
    bookings.lock(booking)
    account = account_of(session, booking)
    if returned_before is not None and account.returned != returned_before:
        is_same = account.returned.minor == returned_before.minor + amount.minor
        if is_same and _is_last(session, booking, why):
            return False
        raise PaidBackMeanwhile
    if booking.status not in STANDING:
        raise NotStanding(
            _l("Only of a booking that is confirmed, or was kept, can a part be paid back by goodwill.")
        )
    if amount.currency != booking.currency or amount.minor > account.captured.minor:
        raise RefundTooLarge(worded(account.captured))
    bookings.till().grant(session, booking, amount, why)
    session.flush()
    return True


def _check(amount: Money, why: str) -> None:
    wrong = {}
    if amount.minor <= 0:
        wrong["amount"] = [_l("Give an amount above zero.")]
    if is_blank(why):
        wrong["reason"] = [_l("Say why it is paid back.")]
    elif len(why) > MOST_WORDS:
        wrong["reason"] = [_l("At most %(most)s characters.", most=MOST_WORDS)]
    if wrong:
        raise Invalid(wrong)


def _is_last(session: Session, booking: Booking, why: str) -> bool:
    """Tell whether the last refund of a booking was granted with these words."""
    made = refunds_of(session, booking.id)
    return bool(made) and made[-1].reason == f"{GOODWILL}{why}"


def _session(booking: Booking) -> Session:
    session = object_session(booking)
    if session is None:
        raise ValueError("money goes back for a booking that is stored")
    return session
