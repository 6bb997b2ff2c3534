"""Tokens that are mailed and work once: to confirm an address, to set a forgotten password anew."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from uuid import UUID

from sqlalchemy import update

from app.domains.members.models import Member, MemberToken
from app.kernel import clock
from app.kernel.db import db

VERIFY, RESET = "verify", "reset"
LIFETIMES = {VERIFY: timedelta(hours=24), RESET: timedelta(minutes=30)}


def issue_token(member_id: UUID, purpose: str) -> str:
    """Make a token for a link in a mail; the member's older ones of that purpose work no more.

    It is bound to the address it is mailed to: for "verify" to the one that is to be confirmed. Only its
    hash is kept. Call it where the mail is composed, and keep the token nowhere else.
    """
    member = db.session.get_one(Member, member_id, with_for_update=True)
    retire_tokens(member_id, purpose)
    raw = secrets.token_urlsafe(32)
    address = (member.pending_email or member.email) if purpose == VERIFY else member.email
    db.session.add(
        MemberToken(
            member_id=member_id,
            purpose=purpose,
            address=address,
            token_hash=digest(raw),
            expires_at=clock.now() + LIFETIMES[purpose],
        )
    )
    db.session.flush()
    return raw


def retire_tokens(member_id: UUID, *purposes: str) -> None:
    """Let a member's open tokens of these purposes work no more."""
    db.session.execute(
        update(MemberToken)
        .where(
            MemberToken.member_id == member_id,
            MemberToken.purpose.in_(purposes),
            MemberToken.used_at.is_(None),
        )
        .values(used_at=clock.now())
    )


def digest(token: str) -> str:
    """Give the hash under which a token is kept."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
