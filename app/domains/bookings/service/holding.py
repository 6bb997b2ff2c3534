"""Holds of visitors and members: a few at once for each, and the hold itself for whoever may have it (rule 6)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import BigInteger, bindparam, func, literal, select
from sqlalchemy.orm import Session

from app.domains.bookings.errors import TooManyHolds
from app.domains.bookings.models import Claim
from app.domains.bookings.service.claiming import hold
from app.kernel import clock
from app.kernel.values import Period

MOST_HELD = 3
"""So many times a member, or all visitors of one address together, may hold at once: nobody can block the house."""

_claim: Any = Claim.__table__
_ONE_BY_ONE = select(
    func.pg_advisory_xact_lock(func.hashtextextended(bindparam("name"), literal(0, BigInteger)))
)
_HELD = select(func.count()).where(
    _claim.c.ended_as.is_(None),
    _claim.c.blocks,
    _claim.c.expires_at > bindparam("now", type_=_claim.c.expires_at.type),
    _claim.c.promise["holder"].astext == bindparam("holder"),
)


def hold_for(
    session: Session, room_id: UUID, wish: Period, holder: str, member_id: UUID | None, guests: int | None
) -> Claim:
    """Keep a time for a visitor or a member, unless they keep too many already.

    `holder` is what they are counted by, and nothing that names anybody. Raises TooManyHolds and what `hold` raises.
    """
    connection = session.connection()
    connection.execute(_ONE_BY_ONE, {"name": f"festoon.hold.{holder}"})
    if (connection.scalar(_HELD, {"holder": holder, "now": clock.now()}) or 0) >= MOST_HELD:
        raise TooManyHolds(
            _l("You hold %(count)s times already. Book one of them, or let it go.", count=MOST_HELD)
        )
    return hold(session, room_id, wish, member_id, noted={"holder": holder, "guests": guests})


def held(session: Session, claim_id: UUID, member_id: UUID | None) -> Claim | None:
    """Find a hold, live or ended, for who knows its key; a member's is there for that member alone."""
    claim = session.get(Claim, claim_id)
    if claim is None or "holder" not in claim.promise:
        return None
    return claim if claim.member_id in (None, member_id) else None


def is_live(claim: Claim) -> bool:
    """Tell whether a hold keeps its time still: the clock says so (rule 5)."""
    return claim.ended_as is None and claim.expires_at is not None and claim.expires_at > clock.now()
