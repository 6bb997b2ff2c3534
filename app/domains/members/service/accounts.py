"""Signing in, the links of mails, and what a member changes about themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update

from app.access import passwords
from app.domains.members.errors import LinkSpent, Suspended, WrongCredentials
from app.domains.members.events import (
    AddressChangeAsked,
    MemberVerified,
    PasswordChanged,
    RegistrationRepeated,
    ResetAsked,
    VerificationAsked,
)
from app.domains.members.models import Member
from app.domains.members.service.devices import Surroundings, Tokens, end_everything, open_device
from app.domains.members.service.links import RESET, SPENT, VERIFY, lock_member, open_token, retire_tokens
from app.domains.members.service.photos import remove_photo
from app.domains.members.service.registering import NOBODY, contest, owner_of
from app.domains.members.service.rules import check_password, require_password
from app.domains.members.service.usernames import owner_of_username, require_free_of_house
from app.kernel.db import db
from app.kernel.errors import Invalid
from app.kernel.outbox import record

_OWN = ("name", "phone", "locale", "time_zone")
_WRONG = _l("The e-mail address or the password is wrong, or the address is not confirmed yet.")


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
    """Confirm the address that a token was mailed to, and no other.

    Raises LinkSpent, and Invalid when the address became another's.
    """
    found, member = open_token(token, VERIFY)
    if found.address not in (member.pending_email, member.email):
        raise LinkSpent(SPENT)
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
    confirmed. Of an address that two had registered, the photo was perhaps the other one's, and goes.
    """
    found, member = open_token(token, RESET)
    if found.address != member.email:
        raise LinkSpent(SPENT)
    check_password(password, member.username, member.email)
    if not member.password_hash:
        remove_photo(member.id)
    _set_password(member, password)
    if not member.is_verified:
        record(MemberVerified(member.id))
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


def change_profile(member_id: UUID, changes: Mapping[str, Any], is_mailed: bool = True) -> Member:
    """Change what a member says of themselves; what is not named stays. Raises Invalid.

    Another `email` needs `current_password`, and counts once it is confirmed, by the mail that goes there if
    `is_mailed`.
    """
    member = lock_member(member_id)
    for name in _OWN:
        if name in changes:
            setattr(member, name, changes[name])
    if changes.get("username", member.username) != member.username:
        _change_username(member, changes["username"])
    if "email" in changes:
        _ask_for_address(member, changes["email"], changes.get("current_password") or "", is_mailed)
    db.session.flush()
    return member


def _set_password(member: Member, password: str) -> None:
    """Set it, and drop an address that was asked for: by whom, if the old password was in other hands?"""
    if member.password_hash:
        record(PasswordChanged(member.id))
    member.password_hash = passwords.hash_password(password)
    _drop_wish(member)
    retire_tokens(member.id, RESET)
    end_everything(member, "password")


def _change_username(member: Member, username: str) -> None:
    require_free_of_house(username)
    if owner_of_username(username) is not None:
        raise Invalid({"username": [_l("This user name is taken.")]})
    member.username = username


def _ask_for_address(member: Member, email: str, password: str, is_mailed: bool) -> None:
    """Note the wish; whether the address is another's is told to that one alone."""
    if email == member.email:
        _drop_wish(member)
        return
    require_password(member, password, "current_password")
    member.pending_email = email
    retire_tokens(member.id, VERIFY)
    owner = owner_of(email)
    contest(owner or NOBODY)
    if is_mailed:
        record(AddressChangeAsked(member.id) if owner is None else RegistrationRepeated(owner))


def _drop_wish(member: Member) -> None:
    """Forget an address that was asked for; what was mailed there confirms nothing."""
    if member.pending_email is not None:
        member.pending_email = None
        retire_tokens(member.id, VERIFY)
