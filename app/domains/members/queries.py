"""Questions about members that other parts ask too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid as UuidType
from sqlalchemy import func, select
from sqlalchemy.types import Integer

from app.access.realms import Holder
from app.domains.members.models import Member, MemberDevice, MemberStatus
from app.kernel.db import db, named, reading
from app.kernel.ids import parse_id

REALM = "member"


@dataclass(frozen=True, slots=True)
class Contact:
    """What is needed to write to a member. `to_verify` is the address that is still to be confirmed, or "".

    Who `has_password` not confirms the address by choosing one: two had registered it.
    """

    id: UUID
    email: str
    name: str
    locale: str
    time_zone: str
    is_active: bool
    is_verified: bool
    to_verify: str
    has_password: bool


def contact_of(member_id: UUID) -> Contact | None:
    """Find how to write to a member."""
    return _contact(db.session.get(Member, member_id))


def member_by_address(address: str) -> Contact | None:
    """Find whose address it is, whatever the case; an address that is only asked for is nobody's."""
    return _contact(db.session.scalar(select(Member).where(Member.email == address.strip().lower())))


def devices_of(member_id: UUID, seen_after: datetime) -> list[MemberDevice]:
    """List the devices on which a member is signed in and was seen since, the one seen last first."""
    return list(
        db.session.scalars(
            select(MemberDevice)
            .join(Member, Member.id == MemberDevice.member_id)
            .where(
                MemberDevice.member_id == member_id,
                MemberDevice.ended_at.is_(None),
                MemberDevice.epoch == Member.epoch,
                MemberDevice.seen_at > seen_after,
            )
            .order_by(MemberDevice.seen_at.desc(), MemberDevice.id.desc())
        )
    )


@dataclass(frozen=True, slots=True)
class Statistics:
    """How many members there are; `new` and `seen` since the instants that were asked for."""

    all: int
    new: int
    seen: int
    verified: int
    suspended: int


def statistics(new_since: datetime, seen_since: datetime) -> Statistics:
    """Count the members, in one statement."""

    def counted(*which: Any) -> Any:
        return func.count().filter(*which)

    row = db.session.execute(
        select(
            func.count(),
            counted(Member.created_at >= new_since),
            counted(Member.seen_at >= seen_since),
            counted(Member.is_verified),
            counted(Member.status == MemberStatus.SUSPENDED.value),
        ).select_from(Member)
    ).one()
    return Statistics(*row)


def is_live(member_id: UUID, device_id: UUID, epoch: int) -> bool:
    """Tell whether what was signed in on that device in that epoch still is; one statement.

    Who holds a connection open asks this from time to time.
    """
    with reading() as connection:
        return connection.execute(_LIVE, _keys(member_id, device_id, epoch)).first() is not None


def holder_of(key: str, claims: Mapping[str, Any]) -> Holder | None:
    """Find the member that an access token speaks for: active, on a device that is signed in, in this epoch."""
    member_id, device_id, epoch = parse_id(key), parse_id(claims.get("device")), claims.get("epoch")
    if member_id is None or device_id is None or type(epoch) is not int:
        return None
    with reading() as connection:
        row = connection.execute(_LIVE, _keys(member_id, device_id, epoch)).mappings().first()
    return Holder(device_id=device_id, **row) if row is not None else None


def _keys(member_id: UUID, device_id: UUID, epoch: int) -> dict[str, Any]:
    return {"member": member_id, "device": device_id, "epoch": epoch}


def _contact(member: Member | None) -> Contact | None:
    if member is None:
        return None
    to_verify = member.pending_email or ("" if member.is_verified else member.email)
    return Contact(
        member.id,
        member.email,
        member.name,
        member.locale,
        member.time_zone,
        member.is_active,
        member.is_verified,
        to_verify,
        bool(member.password_hash),
    )


def _live() -> Any:
    return select(
        Member.id,
        Member.epoch,
        Member.email,
        Member.username,
        Member.name,
        Member.locale,
        Member.time_zone,
        Member.is_verified,
        Member.is_premium,
    ).where(
        Member.id == named("member", UuidType()),
        Member.status == MemberStatus.ACTIVE.value,
        Member.epoch == named("epoch", Integer()),
        MemberDevice.id == named("device", UuidType()),
        MemberDevice.member_id == Member.id,
        MemberDevice.epoch == Member.epoch,
        MemberDevice.ended_at.is_(None),
    )


_LIVE = _live()
