"""Registering, and what becomes of an address that nobody confirmed when somebody registers it again."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app.access import passwords
from app.domains.members.events import MemberRegistered, RegistrationRepeated
from app.domains.members.models import Member, MemberDevice
from app.domains.members.service.devices import end_devices
from app.domains.members.service.links import VERIFY, retire_tokens
from app.domains.members.service.rules import check_password
from app.domains.members.service.usernames import new_username, require_free_of_house, with_ending
from app.kernel.db import db
from app.kernel.outbox import record

NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class _Owner:
    """Who has an address. `is_rival`: nobody confirmed it, and another password was chosen."""

    id: UUID
    is_rival: bool


def register(
    email: str, password: str, name: str, username: str = "", is_mailed: bool = True, **facts: Any
) -> None:
    """Add a member, who is sent a mail to confirm the address, unless not `is_mailed`. Raises Invalid.

    An address that is taken costs the same work and gives the same answer; its owner gets a mail instead. A
    user name that is taken is given an ending: neither tells a stranger who is a member.
    """
    check_password(password, username, email)
    require_free_of_house(username)
    facts |= {"name": name, "password_hash": passwords.hash_password(password)}
    owner = _owner(email, password)
    member = Member(
        email=email if owner is None else f"{secrets.token_hex(16)}@nobody.invalid",
        username=new_username(username, email),
        **facts,
    )
    attempt = db.session.begin_nested()
    try:
        db.session.add(member)
        db.session.flush()
    except IntegrityError:  # somebody registered the same in this moment
        attempt.rollback()
        if (owner := _owner(email, password)) is None:
            raise
    else:
        (attempt.commit if owner is None else attempt.rollback)()
    contest(
        owner.id if owner is not None and owner.is_rival else NOBODY,
        **_profile(facts),
        username=with_ending(username or email.partition("@")[0]),
    )
    if is_mailed:
        record(MemberRegistered(member.id) if owner is None else RegistrationRepeated(owner.id))


def contest(member_id: UUID, **facts: Any) -> None:
    """Let nobody in by what was chosen for an address before it is confirmed: password, devices, mailed links.

    Two wanted the address, and which of them it belongs to shows when one follows the link of the mail, which
    sets the password. The profile is that of who came last. Nothing happens to a member who is confirmed, nor
    to NOBODY, for whom it costs the same statements.
    """
    contested = db.session.scalar(
        update(Member)
        .where(Member.id == member_id, Member.is_verified.is_(False))
        .values(
            password_hash="",
            pending_email=None,
            epoch=Member.epoch + 1,
            revision=Member.revision + 1,
            **facts,
        )
        .returning(Member.id)
        .execution_options(synchronize_session=False)
    )
    end_devices(MemberDevice.member_id == (contested or NOBODY), because="contested")
    retire_tokens(contested or NOBODY, VERIFY)


def owner_of(email: str) -> UUID | None:
    """Find whose address it is."""
    return db.session.scalar(select(Member.id).where(Member.email == email))


def _owner(email: str, password: str) -> _Owner | None:
    """Find whose address it is, at the cost of one hash computation also when it is nobody's.

    The same password again is the same person, who clicked twice or whose mail did not come.
    """
    row = db.session.execute(
        select(Member.id, Member.is_verified, Member.password_hash).where(Member.email == email)
    ).first()
    is_same = passwords.verify(row.password_hash if row else None, password)
    return _Owner(row.id, not row.is_verified and not is_same) if row else None


def _profile(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {"phone": None} | {name: said for name, said in facts.items() if name != "password_hash"}
