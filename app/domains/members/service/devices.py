"""Signing devices in and out: a device holds one refresh token at a time, and each works once."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, or_, select, update

from app.access.realms import access_lifetime, keyed_hash, make_token, refresh_lifetime
from app.domains.members.models import Member, MemberDevice, MemberRefresh, MemberStatus, MemberToken
from app.domains.members.queries import REALM
from app.domains.members.service.links import digest
from app.kernel import clock
from app.kernel.db import db
from app.kernel.ids import new_id

GRACE = timedelta(seconds=10)
"""For how long a token that was just used gives the same answer again: to a client that lost the first one."""

KEEP = timedelta(days=30)
"""For how long it is kept what device was signed in from where, after it was signed out."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a sign-in tells of the device."""

    name: str = ""
    user_agent: str = ""
    ip: str = ""


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a device is given: a token to ask with, and one to get the next pair with."""

    access_token: str
    refresh_token: str
    expires_in: int
    refresh_expires_in: int


def open_device(member: Member, surroundings: Surroundings) -> Tokens:
    """Sign a device in; the member was checked before."""
    now = clock.now()
    device = MemberDevice(
        id=new_id(),
        member_id=member.id,
        epoch=member.epoch,
        name=surroundings.name,
        user_agent=surroundings.user_agent,
        ip=surroundings.ip,
        seen_at=now,
    )
    db.session.add(device)
    db.session.flush()
    _see(member.id, now)
    raw = secrets.token_urlsafe(32)
    return _hand_out(member, device.id, MemberRefresh(device_id=device.id), raw, now)


def refresh(raw: str) -> Tokens | None:
    """Give the next pair for a refresh token; None when it is refused.

    One conditional UPDATE decides who of many wins. Who comes within some seconds after with the same token
    is given the same pair, as long as nobody used that. Later it is taken for stolen, and its device is
    signed out: commit also when None is returned.
    """
    now = clock.now()
    won = db.session.execute(
        update(MemberRefresh)
        .where(
            MemberRefresh.token_hash == digest(raw),
            MemberRefresh.used_at.is_(None),
            MemberRefresh.expires_at > now,
        )
        .values(used_at=now)
        .returning(MemberRefresh.id, MemberRefresh.device_id)
        .execution_options(synchronize_session=False)
    ).first()
    if won is None:
        return _answer_again(raw, now)
    member = _member_on(won.device_id)
    if member is None:
        return None
    row = MemberRefresh(device_id=won.device_id, parent_id=won.id, salt=secrets.token_hex(32))
    _see(member.id, now, won.device_id)
    return _hand_out(member, won.device_id, row, keyed_hash("refresh", raw, row.salt), now)


def _answer_again(raw: str, now: datetime) -> Tokens | None:
    used = db.session.scalar(select(MemberRefresh).where(MemberRefresh.token_hash == digest(raw)))
    if used is None or used.used_at is None:
        return None
    child = db.session.scalar(select(MemberRefresh).where(MemberRefresh.parent_id == used.id))
    if child is None or child.used_at is not None or used.used_at < now - GRACE:
        end_devices(MemberDevice.id == used.device_id, because="reused")
        return None
    member = _member_on(used.device_id)
    return _pair(member, child, keyed_hash("refresh", raw, child.salt)) if member is not None else None


def _member_on(device_id: UUID) -> Member | None:
    """Find the member who is signed in on a device, if both may still be here."""
    return db.session.scalar(
        select(Member)
        .join(MemberDevice, MemberDevice.member_id == Member.id)
        .where(
            MemberDevice.id == device_id,
            MemberDevice.ended_at.is_(None),
            MemberDevice.epoch == Member.epoch,
            Member.status == MemberStatus.ACTIVE.value,
        )
        .execution_options(populate_existing=True)
    )


def _hand_out(member: Member, device_id: UUID, row: MemberRefresh, raw: str, now: datetime) -> Tokens:
    row.id, row.created_at, row.token_hash = new_id(), now, digest(raw)
    row.expires_at = now + refresh_lifetime()
    db.session.add(row)
    db.session.flush()
    return _pair(member, row, raw)


def _pair(member: Member, row: MemberRefresh, raw: str) -> Tokens:
    """Write both tokens; from the same row they come out the same."""
    lifetime = access_lifetime()
    claims = claims_of(member) | {"jti": str(row.id), "device": str(row.device_id), "nbf": row.created_at}
    token = make_token(REALM, str(member.id), claims, row.created_at, lifetime)
    return Tokens(
        token, raw, int(lifetime.total_seconds()), int((row.expires_at - row.created_at).total_seconds())
    )


def claims_of(member: Member) -> dict[str, Any]:
    """Give what a token says of its member, beside who it is."""
    return {
        "email": member.email,
        "username": member.username,
        "is_premium": member.is_premium,
        "permissions": permissions_of(member),
        "epoch": member.epoch,
    }


def permissions_of(member: Member) -> list[str]:
    """Name what the member may do on the public side."""
    return ["member", "booking:create", "chat:write", *(["review:create"] if member.is_verified else [])]


def end_devices(*which: Any, because: str) -> int:
    """Sign devices out and tell how many were signed in."""
    ended = db.session.execute(
        update(MemberDevice)
        .where(*which, MemberDevice.ended_at.is_(None))
        .values(ended_at=clock.now(), ended_because=because)
        .returning(MemberDevice.id)
        .execution_options(synchronize_session=False)
    )
    return len(ended.all())


def end_device_of_token(raw: str) -> bool:
    """Sign the device of a refresh token out; False when there is no such token."""
    device_id = db.session.scalar(
        select(MemberRefresh.device_id).where(MemberRefresh.token_hash == digest(raw))
    )
    if device_id is None:
        return False
    end_devices(MemberDevice.id == device_id, because="left")
    return True


def end_everything(member: Member, because: str) -> None:
    """End every credential of a member at once; the row must be locked.

    Devices that sign in at this very moment are of the epoch that is over.
    """
    member.epoch += 1
    end_devices(MemberDevice.member_id == member.id, because=because)
    db.session.flush()


def forget_ended() -> int:
    """Delete devices that were signed out, or left, long ago, with their tokens, and links of mails that are over.

    Tells how many devices went. A used refresh token is kept as long as it would be good for, so that its
    reuse is noticed.
    """
    now = clock.now()
    long_ago, left = now - KEEP, now - refresh_lifetime() - KEEP
    db.session.execute(delete(MemberToken).where(MemberToken.expires_at < long_ago))
    db.session.execute(delete(MemberRefresh).where(MemberRefresh.expires_at < now))
    old = or_(MemberDevice.ended_at < long_ago, MemberDevice.seen_at < left)
    return len(db.session.execute(delete(MemberDevice).where(old).returning(MemberDevice.id)).all())


def _see(member_id: UUID, now: datetime, device_id: UUID | None = None) -> None:
    """Note that a member is here. It is no change of the member, so its revision and its time stay."""
    seen: Mapping[str, Any] = {"seen_at": now, "updated_at": Member.updated_at}
    options = {"synchronize_session": False}
    db.session.execute(
        update(Member).where(Member.id == member_id).values(**seen).execution_options(**options)
    )
    if device_id is not None:
        db.session.execute(
            update(MemberDevice)
            .where(MemberDevice.id == device_id)
            .values(seen_at=now)
            .execution_options(**options)
        )
