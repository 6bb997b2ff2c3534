"""Refusals of this domain."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.kernel.errors import Conflict


class Overpaid(Conflict):
    """More came than is still to be paid."""

    code = "overpaid"


class NothingToPay(Conflict):
    """The booking has no price, or nothing of it is open."""

    code = "nothing_to_pay"


class OtherCurrency(Conflict):
    """The money is in another currency than the booking: a sum never mixes two (rule 16)."""

    code = "other_currency"


class RefundTooLarge(Conflict):
    """More is to be paid back than is left of what was received."""

    code = "refund_too_large"

    def __init__(self, most: str = "") -> None:
        super().__init__(
            _l("More cannot be paid back than is left of what was received: %(most)s.", most=most)
            if most
            else _l("More cannot be paid back than is left of what was received.")
        )


class NotStanding(Conflict):
    """The booking was not promised yet, or is called off: the rules say what goes back of it."""

    code = "not_standing"


class PaidBackMeanwhile(Conflict):
    """Something else of the booking was or is to be paid back since the asker looked."""

    code = "paid_back_meanwhile"

    def __init__(self) -> None:
        super().__init__(
            _l("Something of this booking was paid back meanwhile. Look at its refunds, then send it again.")
        )


class RefundNeeded(Conflict):
    """The money cannot stay with the booking: it is over, or would be overpaid."""

    code = "refund_needed"


class RefundSettled(Conflict):
    """The refund was paid or withdrawn already."""

    code = "refund_settled"

    def __init__(self) -> None:
        super().__init__(_l("This refund was paid or withdrawn already."))
