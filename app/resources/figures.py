"""How numbers are read from what was typed: whole ones, ratings, decimals, amounts of money."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import lazy_gettext as _l

from app.kernel import durations
from app.kernel.values import Money
from app.resources.amounts import Figure, read_amount, read_decimal
from app.resources.declaration import Field
from app.resources.unreadable import Unreadable

_INT4 = 2**31 - 1


def whole(_field: Field, raw: Any) -> int:
    """Read a whole number; raises Unreadable, as all of these do."""
    if isinstance(raw, bool | float):
        raise Unreadable(_l("Give a whole number."))
    try:
        value = int(str(raw).strip())
    except ValueError as error:
        raise Unreadable(_l("Give a whole number.")) from error
    if abs(value) > _INT4:
        raise Unreadable(_l("The number is too large."))
    return value


def minutes(field: Field, raw: Any) -> int:
    """Read a length in whole minutes, typed as 90, 1:30 or 1h30."""
    if not isinstance(raw, str):
        return whole(field, raw)
    try:
        return whole(field, durations.read(raw))
    except ValueError as error:
        raise Unreadable(_l("Give a length such as 90, 1:30 or 2h.")) from error


def rating(field: Field, raw: Any) -> int:
    """Read a number of stars."""
    value = whole(field, raw)
    if not 1 <= value <= 5:
        raise Unreadable(_l("Give a rating from 1 to 5."))
    return value


def money(raw: Any, currency: str) -> int:
    """Read an amount as minor units of its currency."""
    if isinstance(raw, dict):
        if (
            set(raw) - {"minor", "currency"}
            or not isinstance(raw.get("minor"), int)
            or isinstance(raw["minor"], bool)
        ):
            raise Unreadable(_l('Give money as {"minor": 125000, "currency": "EUR"}.'))
        minor = int(raw["minor"])
    else:
        try:
            written = raw if isinstance(raw, str) else Figure(raw)
            minor = Money.of(read_amount(written, currency), currency).minor
        except (ValueError, InvalidOperation) as error:
            raise Unreadable(_l("Give an amount such as 1250.00.")) from error
    if not 0 <= minor < 10**14:
        raise Unreadable(_l("The amount must not be negative or that large."))
    return minor


def decimal(field: Field, raw: Any) -> Decimal:
    """Read an exact number, as fine and as large as its column holds it."""
    try:
        value = read_decimal(raw if isinstance(raw, str) else Figure(raw), field.scale)
    except (ValueError, InvalidOperation) as error:
        raise Unreadable(_l("Give a number such as 12.5.")) from error
    if not field.precision:
        return value
    before = field.precision - field.scale
    if abs(value) >= 10**before:
        raise Unreadable(_l("Use at most %(count)s digits before the decimal sign.", count=before))
    if value != round(value, field.scale):
        raise Unreadable(_l("Use at most %(count)s digits after the decimal sign.", count=field.scale))
    return value
