"""Values that are no bare numbers."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from babel.numbers import get_currency_precision


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in the smallest unit of its currency (ISO 4217): 1250 EUR is 12.50 euros."""

    minor: int
    currency: str

    @property
    def amount(self) -> Decimal:
        """Give the amount in whole units, exact."""
        return Decimal(self.minor).scaleb(-get_currency_precision(self.currency))

    @classmethod
    def of(cls, amount: Decimal, currency: str) -> Money:
        """Make money from whole units; raises ValueError when the amount is finer than the currency."""
        try:
            minor = amount.scaleb(get_currency_precision(currency))
        except InvalidOperation as error:
            raise ValueError("not an amount") from error
        if minor != minor.to_integral_value():
            raise ValueError("finer than the currency's smallest unit")
        return cls(int(minor), currency)
