"""Mails to members, of whom the suspended get none, and the forgetting of what is over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.domains.members import events, queries
from app.domains.members.queries import Contact
from app.domains.members.service import forget_ended, issue_token
from app.domains.members.service.links import LIFETIMES, RESET, VERIFY
from app.kernel import clock
from app.kernel.db import db, unit_of_work
from app.kernel.jobs import job
from app.kernel.outbox import Delivery, DeliveryRow, OutboxRow, subscriber
from app.mail import send


@subscriber("mail.member_registered", events.MemberRegistered, queue="mail")
def confirm_new_address(event: events.MemberRegistered, delivery: Delivery) -> None:
    """Ask a new member to confirm the address."""
    _send_verification(_member(event.member_id), delivery)


@subscriber("mail.member_verification_asked", events.VerificationAsked, queue="mail")
def confirm_again(event: events.VerificationAsked, delivery: Delivery) -> None:
    """Ask once more; nothing goes to an address that is nobody's or confirmed already."""
    _send_verification(_holder(event.address), delivery)


@subscriber("mail.member_address_change_asked", events.AddressChangeAsked, queue="mail")
def confirm_other_address(event: events.AddressChangeAsked, delivery: Delivery) -> None:
    """Ask a member to confirm another address, at that address."""
    _send_verification(_member(event.member_id), delivery)


@subscriber("mail.member_registration_repeated", events.RegistrationRepeated, queue="mail")
def tell_of_account(event: events.RegistrationRepeated, delivery: Delivery) -> None:
    """Tell a member that there is an account already; who never confirmed it is asked to."""
    contact = _member(event.member_id)
    if contact and not contact.is_verified:
        _send_verification(contact, delivery)
    elif contact:
        _send("address_taken", contact, delivery, {"name": contact.name})


@subscriber("mail.member_verified", events.MemberVerified, queue="mail")
def welcome(event: events.MemberVerified, delivery: Delivery) -> None:
    """Welcome a member whose address is confirmed."""
    if contact := _member(event.member_id):
        _send("welcome", contact, delivery, {"name": contact.name})


@subscriber("mail.member_reset_asked", events.ResetAsked, queue="mail")
def offer_new_password(event: events.ResetAsked, delivery: Delivery) -> None:
    """Let a member choose a new password; nothing goes to an address that is nobody's."""
    if contact := _holder(event.address):
        _send("password_reset", contact, delivery, _with_token(contact, RESET))


@subscriber("mail.member_password_changed", events.PasswordChanged, queue="mail")
def tell_of_new_password(event: events.PasswordChanged, delivery: Delivery) -> None:
    """Tell a member that the password is another."""
    if contact := _member(event.member_id):
        facts = {"name": contact.name, "time_zone": contact.time_zone, "changed_at": _happened_at(delivery)}
        _send("password_changed", contact, delivery, facts)


@job("members.forget", at="11 4 * * *", seconds=900)
def forget_ended_devices() -> None:
    """Delete devices that were signed out long ago, and tokens that are over."""
    with unit_of_work():
        forget_ended()


def _member(member_id: UUID) -> Contact | None:
    with unit_of_work():
        return _active(queries.contact_of(member_id))


def _holder(address: str) -> Contact | None:
    with unit_of_work():
        return _active(queries.member_by_address(address))


def _active(contact: Contact | None) -> Contact | None:
    return contact if contact and contact.is_active else None


def _send_verification(contact: Contact | None, delivery: Delivery) -> None:
    if contact and contact.to_verify and not contact.has_password:
        _send("registered_again", contact, delivery, _with_token(contact, RESET))
    elif contact and contact.to_verify:
        facts = _with_token(contact, VERIFY)
        _send("verification", contact, delivery, facts, to=contact.to_verify)


def _with_token(contact: Contact, purpose: str) -> Callable[[], dict[str, Any]]:
    """Make the token when the mail is composed; it lies nowhere else."""

    def make() -> dict[str, Any]:
        with unit_of_work():
            token = issue_token(contact.id, purpose)
        return {"name": contact.name, "token": token, "valid_for": LIFETIMES[purpose]}

    return make


def _send(kind: str, contact: Contact, delivery: Delivery, facts: Any, *, to: str = "") -> None:
    send(kind, to=to or contact.email, locale=contact.locale, facts=facts, number=delivery.id)


def _happened_at(delivery: Delivery) -> datetime:
    """Tell when the event was written, which a mail may be much later than."""
    found = (
        select(OutboxRow.created_at)
        .join(DeliveryRow, DeliveryRow.outbox_id == OutboxRow.id)
        .where(DeliveryRow.id == delivery.id)
    )
    with unit_of_work():
        return db.session.scalar(found) or clock.now()
