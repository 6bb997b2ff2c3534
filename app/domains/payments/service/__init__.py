"""Verbs on the money of bookings."""

from app.domains.payments.service.granting import grant_refund, may_grant
from app.domains.payments.service.receiving import Receipt, receive_payment, waive
from app.domains.payments.service.refunds import GOODWILL, mark_refund_paid, withdraw_refund
from app.domains.payments.service.till import ManualTill, keep_paid

__all__ = [
    "GOODWILL",
    "ManualTill",
    "Receipt",
    "grant_refund",
    "keep_paid",
    "mark_refund_paid",
    "may_grant",
    "receive_payment",
    "waive",
    "withdraw_refund",
]
