"""What staff see of the money of bookings; none of it is changed after the fact, a correction is another row."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.domains.payments import service
from app.domains.payments.models import Payment, PaymentMethod, PaymentStatus, Refund, RefundStatus
from app.kernel.ids import spelt_reference
from app.resources import Action, Field, Kind, On, Option, Resource

_SHOWN = On.LIST | On.API | On.TRANSFER
_TOLD = On.API | On.TRANSFER

METHODS = (
    Option(PaymentMethod.CASH.value, PaymentMethod.CASH.label, "success"),
    Option(PaymentMethod.BANK_TRANSFER.value, PaymentMethod.BANK_TRANSFER.label, "info"),
    Option(PaymentMethod.WAIVER.value, PaymentMethod.WAIVER.label, "secondary"),
    Option(PaymentMethod.LATER.value, PaymentMethod.LATER.label, "warning"),
)

_STANDINGS = (
    Option(PaymentStatus.CAPTURED.value, _l("Stands"), "success"),
    Option(PaymentStatus.PARTLY_REFUNDED.value, PaymentStatus.PARTLY_REFUNDED.label, "warning"),
    Option(PaymentStatus.REFUNDED.value, PaymentStatus.REFUNDED.label, "secondary"),
)

REFUND_STATUSES = (
    Option(RefundStatus.WANTED.value, RefundStatus.WANTED.label, "warning"),
    Option(RefundStatus.PAID.value, RefundStatus.PAID.label, "success"),
)

payments = Resource(
    Payment,
    _l("Payments"),
    _l("payment"),
    menu=_l("Bookings"),
    icon="cash",
    order="-created_at",
    title="reference",
    fields=(
        Field("reference", _SHOWN | On.SEARCH, _l("Reference"), spelt=spelt_reference),
        Field("booking_id", _SHOWN | On.FILTER, _l("Booking")),
        Field("method", _SHOWN | On.FILTER, _l("Method"), options=METHODS),
        Field("amount_minor", _SHOWN, _l("Amount"), kind=Kind.MONEY),
        Field("refunded_minor", _SHOWN, _l("Paid back"), kind=Kind.MONEY),
        Field("received_at", _SHOWN | On.FILTER, _l("Received on")),
        Field("status", _TOLD | On.FILTER, _l("Status"), options=_STANDINGS),
        Field("note", _TOLD | On.SEARCH, _l("Note")),
        Field("actor_label", _TOLD, _l("Noted by")),
        Field("created_at", On.FILTER | On.API, _l("Noted")),
    ),
)

refunds = Resource(
    Refund,
    _l("Refunds"),
    _l("refund"),
    menu=_l("Bookings"),
    icon="receipt-refund",
    order="-created_at",
    title="reason",
    fields=(
        Field("reason", _SHOWN | On.SEARCH, _l("Reason")),
        Field("booking_id", _SHOWN | On.FILTER, _l("Booking")),
        Field("payment_id", _TOLD | On.FILTER, _l("Payment")),
        Field("amount_minor", _SHOWN, _l("Amount"), kind=Kind.MONEY),
        Field("status", _SHOWN | On.FILTER, _l("Status"), options=REFUND_STATUSES),
        Field("paid_at", _SHOWN | On.FILTER, _l("Paid back on")),
        Field("actor_label", _TOLD, _l("Noted by")),
        Field("created_at", On.LIST | On.FILTER | On.API, _l("Wanted since")),
    ),
    actions=(
        Action(
            "mark_paid",
            _l("Mark as paid back"),
            service.mark_refund_paid,
            lambda refund: refund.status == RefundStatus.WANTED,
            icon="check",
            tone="primary",
            leads_to=RefundStatus.PAID,
        ),
    ),
)

RESOURCES = (payments, refunds)
