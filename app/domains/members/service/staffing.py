"""What staff do with members: shut out, let in again, sign out, send the mail to confirm the address again."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import object_session

from app.domains.members.errors import NotNow
from app.domains.members.events import AddressChangeAsked, VerificationAsked
from app.domains.members.models import Member, MemberStatus
from app.domains.members.service.devices import end_everything
from app.domains.members.service.links import RESET, VERIFY, lock_member, retire_tokens
from app.kernel.db import db
from app.kernel.errors import Invalid
from app.kernel.outbox import record
from app.kernel.values import is_blank


def suspend(member: Member, reason: str = "") -> None:
    """Shut a member out: every credential ends, and none can be had. Raises NotNow, and Invalid without a reason."""
    _lock(member)
    if not member.is_active:
        raise NotNow(_l("This member is suspended already."))
    if is_blank(reason):
        raise Invalid({"reason": [_l("Say why.")]})
    member.status, member.suspended_because = MemberStatus.SUSPENDED.value, reason.strip()
    retire_tokens(member.id, VERIFY, RESET)
    end_everything(member, "suspended")


def activate(member: Member, reason: str = "") -> None:
    """Let a suspended member in again. Raises NotNow."""
    _lock(member)
    if member.is_active:
        raise NotNow(_l("This member is active already."))
    member.status, member.suspended_because = MemberStatus.ACTIVE.value, ""
    db.session.flush()


def sign_out(member: Member, reason: str = "") -> None:
    """End every credential of a member, who may sign in again."""
    _lock(member)
    end_everything(member, "staff")


def resend_verification(member: Member, reason: str = "") -> None:
    """Send the mail to confirm the address again. Raises NotNow when nothing is to be confirmed."""
    _lock(member)
    if not member.is_active or (member.is_verified and not member.pending_email):
        raise NotNow(_l("There is no address to confirm."))
    record(
        AddressChangeAsked(member.id)
        if member.pending_email
        else VerificationAsked(member.email, member.locale)
    )


def _lock(member: Member) -> None:
    session = object_session(member)
    if session is not None:
        session.flush()
    lock_member(member.id)
