"""The panel of a booking's money: its price line by line, what was promised, what came and what goes back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from babel.numbers import format_percent
from flask_babel import gettext as _

from app.access.rights import may
from app.domains.bookings import queries as bookings
from app.domains.bookings import service
from app.domains.bookings.api.room_wording import paid_note
from app.domains.payments import queries
from app.domains.payments import service as payments
from app.domains.payments.resources import METHODS, REFUND_STATUSES
from app.domains.venues.queries import Refund
from app.kernel import durations
from app.kernel.db import db
from app.kernel.values import Money, Period
from app.surfaces.records import wording
from app.surfaces.screens.record_panels import RecordPanel
from app.web.bookings import faults
from app.web.bookings.seen import moment

OVER = ("cancelled", "rejected", "moved")
_TIMES = "\u00d7"


@dataclass(frozen=True, slots=True)
class PriceLine:
    """One line of what the price is made of."""

    words: str
    total: str


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """Money that came, or what staff said of it."""

    when: str
    exact: str
    method: str
    tone: str
    reference: str
    note: str
    actor: str
    amount: str
    returned: str
    url: str


@dataclass(frozen=True, slots=True)
class RefundLine:
    """Money that goes back; `settle_url` is empty where the reader may do nothing with it."""

    reason: str
    status: str
    tone: str
    when: str
    amount: str
    key: str
    settle_url: str


@dataclass(frozen=True, slots=True)
class MoneyFacts:
    """bookings/_money.html; `previews` say what would go back if the booking were called off now.

    `faults` are what is wrong with the form that was sent, by the id of its input.
    """

    lines: tuple[PriceLine, ...]
    total: str
    sums: tuple[tuple[str, str, str], ...]  # label, amount, tone
    policy: tuple[str, ...]
    previews: tuple[str, ...]
    payments: tuple[PaymentLine, ...]
    refunds: tuple[RefundLine, ...]
    receive_url: str
    waive_url: str
    grant_url: str
    captured: str
    returned_minor: int
    owed_typed: str
    owed: str
    currency: str
    is_over: bool
    may_mark: bool
    may_withdraw: bool
    faults: Mapping[str, str]


def money_panel(booking: Any) -> RecordPanel | None:
    """Show what was promised to who sees the booking, and what came to who sees payments."""
    session, locale = db.session(), wording.reader()
    account = queries.account_of(session, booking)
    is_over = booking.status in OVER
    sees = may("list", "payment")
    facts = MoneyFacts(
        lines=tuple(_price_lines(booking, locale)),
        total=_worded(account.price, locale) if account.price else "",
        sums=tuple(_sums(account, locale, is_over=is_over)) if sees else (),
        policy=tuple(policy_words(booking)),
        previews=tuple(previews(booking)) if sees and booking.status in ("pending", "confirmed") else (),
        payments=tuple(_payments(booking, account.later, locale)) if sees else (),
        refunds=tuple(_refunds(booking, locale)) if may("list", "refund") else (),
        receive_url=f"/bookings/{booking.id}/receive"
        if may("receive", "payment") and account.price and (is_over or account.unpaid.minor)
        and booking.status != "moved"
        else "",
        waive_url=f"/bookings/{booking.id}/waive"
        if may("waive", "payment") and account.owed.minor and booking.status in ("pending", "confirmed")
        else "",
        grant_url=f"/bookings/{booking.id}/grant"
        if may("grant", "refund") and payments.may_grant(booking, account)
        else "",
        captured=_worded(account.captured, locale),
        returned_minor=account.returned.minor,
        owed_typed=wording.amount(account.owed.minor, booking.currency, locale) if account.owed.minor else "",
        owed=_worded(account.owed, locale),
        currency=booking.currency,
        is_over=is_over,
        may_mark=may("mark_paid", "refund"),
        may_withdraw=may("withdraw", "refund"),
        faults=faults.kept(),
    )  # fmt: skip
    return RecordPanel("money", _("Money"), "bookings/_money.html", facts)


def previews(booking: Any) -> Iterator[str]:
    """Say what goes back if the client calls off now, and what if the house does; nothing while nothing came."""
    session, locale = db.session(), wording.reader()
    theirs = service.refund_for(session, booking)
    ours = service.refund_for(session, booking, is_by_house=True)
    if not ours.amount.minor:
        return
    yield _client_preview(booking, theirs, locale)
    yield _("Called off by the house: %(amount)s back.", amount=_worded(ours.amount, locale))


def _client_preview(booking: Any, told: Refund, locale: str) -> str:
    facts = {
        "amount": _worded(told.amount, locale),
        "percent": format_percent(told.percent / 100, locale=locale),
    }
    if told.until is None:
        return _("If cancelled now: %(amount)s back (%(percent)s).", **facts)
    until = moment(told.until, _zone(booking))
    return _("If cancelled now: %(amount)s back (%(percent)s), until %(until)s.", **facts, until=until)


def policy_words(booking: Any) -> Iterator[str]:
    """Word the policy that was promised, with its instants on the venue's clocks (rule 18)."""
    claim = bookings.claim_of(db.session(), booking.id)
    if claim is None:
        return
    steps = sorted(claim.promise["policy"], key=lambda step: -step["hours_before"])
    for step in steps:
        until = moment(claim.starts_at - timedelta(hours=step["hours_before"]), claim.promise["zone"])
        percent = format_percent(step["percent"] / 100, locale=wording.reader())
        yield _("Until %(until)s: %(percent)s back", until=until, percent=percent)
    yield _("After that nothing") if steps else _("Nothing is paid back")


def _zone(booking: Any) -> str:
    claim = bookings.claim_of(db.session(), booking.id)
    return str(claim.promise["zone"]) if claim is not None else "UTC"


def _price_lines(booking: Any, locale: str) -> Iterator[PriceLine]:
    claim = bookings.claim_of(db.session(), booking.id)
    quote = claim.promise["quote"] if claim is not None else None
    if claim is None or not quote:
        return
    currency = claim.promise["currency"]
    for line in quote["lines"]:
        words = f"{wording.number(line['times'], locale)} {_TIMES} {durations.told(line['minutes'], locale)}"
        yield PriceLine(words, wording.money(line["times"] * line["price_minor"], currency, locale))
    if note := paid_note(quote, Period(claim.starts_at, claim.ends_at).minutes, locale):
        yield PriceLine(note, "")
    rest = (booking.total_minor or 0) - quote["total_minor"]
    if rest:
        words = _("Package") if booking.package_id else _("Agreed otherwise")
        yield PriceLine(words, wording.money(rest, booking.currency, locale))


def _sums(account: queries.Account, locale: str, *, is_over: bool) -> Iterator[tuple[str, str, str]]:
    """Tell what came and went; of what was called off nothing is open any more."""
    yield _("Received"), _worded(account.received, locale), ""
    if account.returned.minor:
        yield _("Paid back or to be"), _worded(account.returned, locale), ""
    if account.waived.minor and account.unpaid.minor:
        let_pass = Money(account.unpaid.minor - account.owed.minor, account.waived.currency)
        yield _("Waived"), _worded(let_pass, locale), ""
    if is_over:
        return
    tone = "danger" if account.open.minor else "warning" if account.later.minor else ""
    yield _("Still to be paid"), _worded(account.owed, locale), tone
    if account.open.minor and account.later.minor:
        yield _("of which may come later"), _worded(account.later, locale), "warning"


def _payments(booking: Any, later: Money, locale: str) -> Iterator[PaymentLine]:
    for row in queries.payments_of(db.session(), booking.id):
        option = next((one for one in METHODS if one.value == row.method), METHODS[0])
        yield PaymentLine(
            when=wording.day(row.received_at.date(), locale),
            exact=wording.exact(row.received_at, locale),
            method=str(option.label),
            tone="secondary" if row.method == "later" and not later.minor else option.tone,
            reference="" if row.reference == booking.reference else row.reference,
            note=_reason(row.note),
            actor=row.actor_label,
            amount=wording.money(row.amount_minor, row.currency, locale),
            returned=wording.money(-row.refunded_minor, row.currency, locale) if row.refunded_minor else "",
            url=f"/payments/{row.id}" if may("show", "payment") else "",
        )


def _refunds(booking: Any, locale: str) -> Iterator[RefundLine]:
    for row in queries.refunds_of(db.session(), booking.id):
        option = next((one for one in REFUND_STATUSES if one.value == row.status), REFUND_STATUSES[0])
        can = row.status == "wanted" and (may("mark_paid", "refund") or may("withdraw", "refund"))
        yield RefundLine(
            reason=_reason(row.reason),
            status=str(option.label),
            tone=option.tone,
            when=wording.ago(row.paid_at or row.created_at, locale),
            amount=wording.money(-row.amount_minor, row.currency, locale),
            key=str(row.id),
            settle_url=f"/bookings/{booking.id}/refunds/{row.id}" if can else "",
        )


def _reason(text: str) -> str:
    """Word a reason; one of goodwill says so in the reader's language."""
    if not text.startswith(payments.GOODWILL):
        return text
    return _("Goodwill: %(reason)s", reason=text.removeprefix(payments.GOODWILL))


def _worded(money: Money, locale: str) -> str:
    return wording.money(money.minor, money.currency, locale)
