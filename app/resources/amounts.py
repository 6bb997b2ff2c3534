"""Reads amounts as people write them: in their digits, grouped as they group, with their marks."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

_LONGEST_AMOUNT = 40
_GROUPED = re.compile(
    r"(?P<whole>-?[1-9][0-9]{0,2}(?P<mark>[.,])(?:[0-9]{2,3}(?P=mark))*[0-9]{3})(?:(?!(?P=mark))[.,](?P<decimals>[0-9]+))?"
)
_ARABIC_MARKS = str.maketrans("\u066b\u066c", ".,")
_UNGROUPED = re.compile(r"(?P<whole>-?[0-9]+)(?:[.,](?P<decimals>[0-9]*))?")


def read_amount(text: str, digits: int) -> Decimal:
    """Read 1250, 1250.5, 1,250.50 or 1.250,50; raises ValueError.

    A lone mark before three digits groups thousands, unless the currency has three decimals.
    """
    text = re.sub(r"[\s\u00a0\u202f'\u2019\u200e\u200f\u061c]", "", text)
    text = "".join(str(unicodedata.decimal(sign, sign)) for sign in text).translate(_ARABIC_MARKS)
    if len(text) > _LONGEST_AMOUNT:  # a number of a million digits takes minutes to read
        raise ValueError(text[:_LONGEST_AMOUNT])
    if not re.fullmatch(r"-?[0-9][0-9.,]*", text):
        raise ValueError(text)
    if re.fullmatch(r"-?[1-9][0-9]{0,2}[.,][0-9]{3}", text) and digits != 3:
        return Decimal(re.sub(r"[.,]", "", text))
    found = _UNGROUPED.fullmatch(text) or _GROUPED.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return Decimal(re.sub(r"[.,]", "", found["whole"]) + "." + (found["decimals"] or "0"))
