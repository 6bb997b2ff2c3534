"""Verbs on the money of bookings."""

from app.domains.payments.service.receiving import Receipt, receive_payment, waive
from app.domains.payments.service.refunds import mark_refund_paid, withdraw_refund
from app.domains.payments.service.till import ManualTill, keep_paid

__all__ = [
    "ManualTill",
    "Receipt",
    "keep_paid",
    "mark_refund_paid",
    "receive_payment",
    "waive",
    "withdraw_refund",
]
