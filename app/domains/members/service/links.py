"""Tokens that are mailed and work once: to confirm an address, to set a forgotten password anew."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update

from app.domains.members.errors import LinkSpent
from app.domains.members.models import Member, MemberToken
from app.kernel import clock
from app.kernel.actor import Actor, act_as, current_actor
from app.kernel.db import db

VERIFY, RESET = "verify", "reset"
LIFETIMES = {VERIFY: timedelta(hours=24), RESET: timedelta(minutes=30)}


def issue_token(member_id: UUID, purpose: str) -> str:
    """Make a token for a link in a mail; the member's older ones of that purpose work no more.

    It is bound to the address it is mailed to: for "verify" to the one that is to be confirmed. Only its
    hash is kept. Call it where the mail is composed, and keep the token nowhere else.
    """
    member = lock_member(member_id)
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


def open_token(raw: str, purpose: str) -> tuple[MemberToken, Member]:
    """Find what a token is for and lock its member, who acts from here on; nothing is spent yet. Raises LinkSpent."""
    token = db.session.scalar(
        select(MemberToken).where(MemberToken.token_hash == digest(raw), MemberToken.purpose == purpose)
    )
    if token is None:
        raise LinkSpent(SPENT)
    member = lock_member(token.member_id)  # of two who come at once, the second sees what the first did
    db.session.refresh(token)
    if token.used_at is not None or token.expires_at <= clock.now() or not member.is_active:
        raise LinkSpent(SPENT)
    act_as(Actor("member", str(member.id), member.name, current_actor().correlation_id))
    return token, member


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


def lock_member(member_id: UUID) -> Member:
    """Read a member anew and hold the row until the end of the transaction."""
    return db.session.get_one(Member, member_id, with_for_update=True, populate_existing=True)


def digest(token: str) -> str:
    """Give the hash under which a token is kept."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


SPENT = _l("This link was used already, or it is too old. Ask for a new one.")
