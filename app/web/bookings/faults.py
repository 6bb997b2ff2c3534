"""What is wrong with the forms of a booking's money, told at the input that it is about."""

from __future__ import annotations

from collections.abc import Mapping

from flask import g

from app.domains.payments.errors import Overpaid, RefundTooLarge
from app.kernel.errors import DomainError, Invalid

PAY = {
    "amount": "pay-amount",
    "method": "pay-method",
    "received_on": "pay-on",
    "received_at": "pay-on",
    "reference": "pay-reference",
}
WAIVE = {"reason": "waive-reason"}
GRANT = {"amount": "grant-amount", "grant_amount": "grant-amount", "reason": "grant-reason"}
"""Which input shows what is wrong with a value, by its id."""


def keep(error: DomainError, inputs: Mapping[str, str]) -> None:
    """Keep a refusal for the page that this request answers with."""
    if isinstance(error, Invalid):
        told = {inputs[name]: str(texts[0]) for name, texts in error.errors.items() if name in inputs}
    elif isinstance(error, Overpaid | RefundTooLarge) and "amount" in inputs:
        told = {inputs["amount"]: str(error.message)}
    else:
        told = {}
    g.money_faults = told


def kept() -> Mapping[str, str]:
    """Give what is wrong with the form that was sent, by the id of its input."""
    faults: Mapping[str, str] = g.get("money_faults", {})
    return faults
