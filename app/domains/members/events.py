"""News of members; each holds keys alone, but for an address that may be nobody's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.kernel.outbox import DomainEvent


@dataclass(frozen=True, slots=True)
class MemberRegistered(DomainEvent):
    """Somebody registered, and is to confirm their address."""

    topic: ClassVar[str] = "member.registered"
    member_id: UUID


@dataclass(frozen=True, slots=True)
class RegistrationRepeated(DomainEvent):
    """Somebody registered with a member's address: the member is told, the asker is not."""

    topic: ClassVar[str] = "member.registration_repeated"
    member_id: UUID


@dataclass(frozen=True, slots=True)
class VerificationAsked(DomainEvent):
    """Somebody asked for another mail to confirm an address; whose it is, the subscriber looks up.

    So an address that nobody has costs the same.
    """

    topic: ClassVar[str] = "member.verification_asked"
    address: str
    locale: str


@dataclass(frozen=True, slots=True)
class AddressChangeAsked(DomainEvent):
    """A member gave another address, which counts once it is confirmed."""

    topic: ClassVar[str] = "member.address_change_asked"
    member_id: UUID


@dataclass(frozen=True, slots=True)
class MemberVerified(DomainEvent):
    """A new member's address is confirmed."""

    topic: ClassVar[str] = "member.verified"
    member_id: UUID


@dataclass(frozen=True, slots=True)
class ResetAsked(DomainEvent):
    """Somebody forgot the password of an address; whose it is, the subscriber looks up."""

    topic: ClassVar[str] = "member.reset_asked"
    address: str
    locale: str


@dataclass(frozen=True, slots=True)
class PasswordChanged(DomainEvent):
    """A member's password is another now, and all devices are signed out."""

    topic: ClassVar[str] = "member.password_changed"
    member_id: UUID
