"""Registering, signing in, and what a member changes about themselves."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import exists, select, update
from sqlalchemy.exc import IntegrityError

from app.access import passwords
from app.domains.members.errors import Suspended, WrongCredentials
from app.domains.members.events import (
    AddressChangeAsked,
    MemberRegistered,
    MemberVerified,
    PasswordChanged,
    RegistrationRepeated,
    ResetAsked,
    VerificationAsked,
)
from app.domains.members.models import Member
from app.domains.members.service.devices import Surroundings, Tokens, end_everything, open_device
from app.domains.members.service.links import RESET, VERIFY, lock_member, open_token, retire_tokens
from app.kernel.db import db
from app.kernel.errors import Invalid
from app.kernel.outbox import record

_FAULTY = re.compile(r"[^a-z0-9._-]+")
_OWN = ("name", "phone", "locale", "time_zone")
_WRONG = _l("The e-mail address or the password is wrong, or the address is not confirmed yet.")


def register(email: str, password: str, name: str, username: str = "", **facts: Any) -> None:
    """Add a member, who is sent a mail to confirm the address. Raises Invalid.

    An address that is taken costs the same work and gives the same answer; its owner gets a mail instead. A
    user name that is taken is given an ending: neither tells a stranger who is a member.
    """
    check_password(password, username, email)
    stored = passwords.hash_password(password)
    owner = owner_of(email)
    member = Member(
        email=email if owner is None else f"{secrets.token_hex(16)}@nobody.invalid",
        username=_free_username(username or email.partition("@")[0]),
        name=name,
        password_hash=stored,
        **facts,
    )
    attempt = db.session.begin_nested()
    try:
        db.session.add(member)
        db.session.flush()
    except IntegrityError:  # somebody registered the same in this moment
        attempt.rollback()
        if (owner := owner_of(email)) is None:
            raise
        record(RegistrationRepeated(owner))
        return
    if owner is None:
        attempt.commit()
        record(MemberRegistered(member.id))
    else:
        attempt.rollback()
        record(RegistrationRepeated(owner))


def sign_in(email: str, password: str, surroundings: Surroundings, confirm_first: bool) -> Tokens:
    """Check address and password and sign the device in. Raises WrongCredentials and Suspended.

    One hash computation whatever the outcome.
    """
    member = db.session.scalar(select(Member).where(Member.email == email))
    is_right = passwords.verify(member.password_hash if member else None, password)
    if member is None or not is_right or (confirm_first and not member.is_verified):
        raise WrongCredentials(_WRONG)
    if not member.is_active:
        raise Suspended(_l("This account is suspended. Write to us if you think that is wrong."))
    if passwords.needs_upgrade(member.password_hash):
        old = member.password_hash
        db.session.execute(
            update(Member)
            .where(Member.id == member.id, Member.password_hash == old)
            .values(password_hash=passwords.hash_password(password), updated_at=Member.updated_at)
            .execution_options(synchronize_session=False)
        )
    return open_device(member, surroundings)


def ask_verification(email: str, locale: str) -> None:
    """Let the address be sent another mail to confirm it, if it waits for one."""
    record(VerificationAsked(email, locale))


def verify_email(token: str) -> None:
    """Confirm the address that a token was mailed to. Raises LinkSpent, and Invalid when it became another's."""
    found, member = open_token(token, VERIFY)
    retire_tokens(member.id, VERIFY)
    if found.address == member.pending_email:
        if owner_of(member.pending_email) is not None:
            raise Invalid({"token": [_l("This e-mail address is taken.")]})
        member.email, member.pending_email = member.pending_email, None
        retire_tokens(member.id, RESET)  # they were mailed to the old address
    elif not member.is_verified:
        record(MemberVerified(member.id))
    member.is_verified = True
    db.session.flush()


def ask_reset(email: str, locale: str) -> None:
    """Let the address be sent a mail to set the password anew, if it is a member's."""
    record(ResetAsked(email, locale))


def reset_password(token: str, password: str) -> None:
    """Give the member whom a token was mailed to another password. Raises LinkSpent and Invalid.

    A password that is refused does not spend the token. Whoever has the mail has the address: it counts as
    confirmed.
    """
    _token, member = open_token(token, RESET)
    check_password(password, member.username, member.email)
    _set_password(member, password)
    member.is_verified = True
    db.session.flush()


def change_password(member_id: UUID, current: str, new: str, surroundings: Surroundings) -> Tokens:
    """Give a member another password; every device is signed out but the asking one, which gets new tokens.

    Raises Invalid.
    """
    member = lock_member(member_id)
    require_password(member, current, "current_password")
    check_password(new, member.username, member.email, field="new_password")
    _set_password(member, new)
    return open_device(member, surroundings)


def sign_out_everywhere(member_id: UUID) -> None:
    """End every credential of a member."""
    end_everything(lock_member(member_id), "everywhere")


def change_profile(member_id: UUID, changes: Mapping[str, Any]) -> Member:
    """Change what a member says of themselves; what is not named stays. Raises Invalid.

    Another `email` needs `current_password`, and counts once it is confirmed.
    """
    member = lock_member(member_id)
    for name in _OWN:
        if name in changes:
            setattr(member, name, changes[name])
    if changes.get("username", member.username) != member.username:
        _change_username(member, changes["username"])
    if "email" in changes:
        _ask_for_address(member, changes["email"], changes.get("current_password") or "")
    db.session.flush()
    return member


def owner_of(email: str) -> UUID | None:
    """Find whose address it is."""
    return db.session.scalar(select(Member.id).where(Member.email == email))


def owner_of_username(username: str) -> UUID | None:
    """Find whose user name it is."""
    return db.session.scalar(select(Member.id).where(Member.username == username))


def check_password(password: str, *names: str, field: str = "password") -> None:
    """Hold a new password to the rules; `names` are an address and a user name. Raises Invalid."""
    if found := passwords.faults(password, *(name.partition("@")[0] for name in names)):
        raise Invalid({field: found})


def require_password(member: Member, password: str, field: str) -> None:
    """Refuse who does not know the member's password. Raises Invalid."""
    if not passwords.verify(member.password_hash, password):
        raise Invalid({field: [_l("The password is wrong.")]})


def _set_password(member: Member, password: str) -> None:
    member.password_hash = passwords.hash_password(password)
    retire_tokens(member.id, RESET)
    end_everything(member, "password")
    record(PasswordChanged(member.id))


def _change_username(member: Member, username: str) -> None:
    if owner_of_username(username) is not None:
        raise Invalid({"username": [_l("This user name is taken.")]})
    member.username = username


def _ask_for_address(member: Member, email: str, password: str) -> None:
    """Note the wish; whether the address is another's is told to that one alone."""
    if email == member.email:
        member.pending_email = None
        return
    require_password(member, password, "current_password")
    member.pending_email = email
    retire_tokens(member.id, VERIFY)
    owner = owner_of(email)
    record(AddressChangeAsked(member.id) if owner is None else RegistrationRepeated(owner))


def _free_username(wanted: str) -> str:
    """Give the user name, with an ending of four letters when it is taken or too short."""
    plain = _FAULTY.sub("", wanted.lower()).strip("._-")[:30]
    is_taken = db.session.scalar(select(exists().where(Member.username == plain)))
    return plain if len(plain) >= 3 and not is_taken else f"{plain or 'member'}-{secrets.token_hex(2)}"
