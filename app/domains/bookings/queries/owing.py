"""What clients still owe for bookings: asked of whoever keeps the money, where somebody does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from app.kernel.values import Money

Lookup = Callable[[Session, Sequence[UUID]], Mapping[UUID, Money]]
"""`lookup(session, bookings)` gives what is still to be paid by booking, in one statement; what is paid is left out."""

_lookups: list[Lookup] = []


def tell_owed(lookup: Lookup | None) -> None:
    """Have bookings know from now on what is owed for them; None: nobody keeps their money."""
    _lookups[:] = [lookup] if lookup else []


def owed(session: Session, bookings: Sequence[UUID]) -> Mapping[UUID, Money] | None:
    """Give what is still to be paid by booking; None where nobody keeps the money of bookings."""
    return _lookups[0](session, bookings) if _lookups else None
