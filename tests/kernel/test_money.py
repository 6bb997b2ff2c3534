"""Amounts as their readers write them."""

from __future__ import annotations

import pytest

from app.kernel.values import Money


@pytest.mark.parametrize(
    ("currency", "locale", "written"),
    [
        ("EUR", "en", "€1,950.00"),
        ("AED", "en", "AED\N{NO-BREAK SPACE}1,950.00"),
        ("CHF", "de", "1.950,00\N{NO-BREAK SPACE}CHF"),
        ("MXN", "en", "MX$1,950.00"),
    ],
)
def test_letters_of_a_currency_do_not_touch_its_figures(currency: str, locale: str, written: str) -> None:
    assert Money(195_000, currency).written(locale) == written


def test_a_dollar_stays_with_its_letters_among_words_from_right_to_left() -> None:
    assert Money(195_000, "MXN").written("ar").endswith("MX$\N{LEFT-TO-RIGHT MARK}")
