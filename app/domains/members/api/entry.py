"""Registering, signing in and out, and the links of mails."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from werkzeug.exceptions import Unauthorized

from app.access import limits
from app.domains.members import service
from app.domains.members.api import schemas, wording
from app.domains.members.errors import LinkSpent, RefreshRefused, Suspended, WrongCredentials
from app.domains.members.models import MemberDevice
from app.kernel.configured import configured
from app.kernel.db import unit_of_work
from app.surfaces.contract import Answer, Auth, PublicApi

REGISTRATIONS = "3 per minute"
MAILS, MAILS_TO_ONE = "10 per minute", "5 per hour"
"""Mails that one visitor asks for, and that one address is sent of each kind, whoever asks."""
LINKS = "20 per minute"
REFRESHES = "60 per minute"

api = PublicApi("member_entry", tag="Sign-in")

_MANY = "too_many_requests"
_TOKEN = "c2VjcmV0LXRva2VuLWZyb20tdGhlLW1haWw"  # noqa: S105  # an example


@api.operation(
    "POST",
    "/auth/register",
    "Register",
    takes=schemas.RegisterSchema,
    gives={202: schemas.AcceptedAnswer},
    refuses=(_MANY,),
    example={
        "email": "amal@example.com",
        "password": "eleven green lanterns",
        "name": "Amal Haddad",
        "locale": "ar",
        "time_zone": "Europe/Berlin",
    },
    description=(
        "Makes an account and sends a mail to confirm the address. The answer is the same for an address that "
        "has an account already: its owner is told by mail. A user name that is taken gets an ending."
    ),
)
def register(body: dict[str, Any]) -> Answer:
    """Take a registration in."""
    limits.spend("register", REGISTRATIONS)
    is_mailed = may_mail("registration", body["email"])
    facts = {name: given for name, given in body.items() if given is not None}
    facts.setdefault("locale", wording.reader_locale())
    with unit_of_work():
        service.register(**facts, is_mailed=is_mailed)
    return _accepted()


@api.operation(
    "POST",
    "/auth/login",
    "Sign in",
    takes=schemas.LoginSchema,
    gives={200: schemas.TokensAnswer},
    refuses=(WrongCredentials, Suspended, _MANY),
    example={"email": "amal@example.com", "password": "eleven green lanterns", "device": "Amal's phone"},
    description=(
        "Five tries a minute from one address. The refusal does not tell whether the address has an account."
    ),
)
def login(body: dict[str, Any]) -> dict[str, Any]:
    """Sign a device in."""
    note_failure = limits.begin_sign_in("member", body["email"])
    here = wording.surroundings(body.get("device") or "")
    try:
        with unit_of_work():
            tokens = service.sign_in(body["email"], body["password"], here, configured("CONFIRM_FIRST"))
    except WrongCredentials:
        note_failure()
        raise
    return wording.token_facts(tokens)


@api.operation(
    "POST",
    "/auth/refresh",
    "Get the next pair of tokens",
    takes=schemas.RefreshSchema,
    gives={200: schemas.TokensAnswer},
    refuses=(RefreshRefused, _MANY),
    example={"refresh_token": _TOKEN},
    description=(
        "A refresh token works once. The same answer is given again for ten seconds, to a client that lost the "
        "first; after that a used token is taken for stolen and its device is signed out."
    ),
)
def refresh(body: dict[str, Any]) -> dict[str, Any]:
    """Renew a device's tokens."""
    limits.spend("refresh", REFRESHES)
    with unit_of_work():
        tokens = service.refresh(body["refresh_token"])
    if tokens is None:
        raise RefreshRefused(_("Please sign in again."))
    return wording.token_facts(tokens)


@api.operation(
    "POST",
    "/auth/logout",
    "Sign this device out",
    takes=schemas.LogoutSchema,
    gives={204: None},
    auth=Auth.OPTIONAL,
    refuses=("unauthorized",),
    example={"refresh_token": _TOKEN},
    description="By its access token, or by its refresh token when that one is over. Both end at once.",
)
def logout(body: dict[str, Any], member: Any) -> Answer:
    """Sign a device out."""
    raw = body.get("refresh_token") or ""
    if member is None and not raw:
        raise Unauthorized(_("A token is needed here."))
    with unit_of_work():
        if member is not None:
            service.end_devices(MemberDevice.id == member.device_id, because="left")
        else:
            service.end_device_of_token(raw)
    return Answer(status=204)


@api.operation(
    "POST",
    "/auth/verify-email",
    "Confirm an address",
    takes=schemas.TokenSchema,
    gives={204: None},
    refuses=(LinkSpent, _MANY),
    example={"token": _TOKEN},
    description="By the token of the link that was mailed to it. It works once, within 24 hours.",
)
def verify_email(body: dict[str, Any]) -> Answer:
    """Confirm an address."""
    limits.spend("link", LINKS)
    with unit_of_work():
        service.verify_email(body["token"])
    return Answer(status=204)


@api.operation(
    "POST",
    "/auth/resend-verification",
    "Ask for another mail to confirm an address",
    takes=schemas.AddressSchema,
    gives={202: schemas.AcceptedAnswer},
    refuses=(_MANY,),
    example={"email": "amal@example.com"},
)
def resend_verification(body: dict[str, Any]) -> Answer:
    """Have the mail sent once more, should the address wait for it."""
    limits.spend("mail", MAILS)
    if may_mail("verification", body["email"]):
        with unit_of_work():
            service.ask_verification(body["email"], wording.reader_locale())
    return _accepted()


@api.operation(
    "POST",
    "/auth/forgot-password",
    "Ask for a mail to set the password anew",
    takes=schemas.AddressSchema,
    gives={202: schemas.AcceptedAnswer},
    refuses=(_MANY,),
    example={"email": "amal@example.com"},
)
def forgot_password(body: dict[str, Any]) -> Answer:
    """Have the mail sent, should the address be a member's."""
    limits.spend("mail", MAILS)
    if may_mail("reset", body["email"]):
        with unit_of_work():
            service.ask_reset(body["email"], wording.reader_locale())
    return _accepted()


@api.operation(
    "POST",
    "/auth/reset-password",
    "Set the password anew",
    takes=schemas.NewPasswordSchema,
    gives={204: None},
    refuses=(LinkSpent, _MANY),
    example={"token": _TOKEN, "password": "eleven green lanterns"},
    description=(
        "By the token of the link that was mailed. It works once, within 30 minutes; every device is signed out."
    ),
)
def reset_password(body: dict[str, Any]) -> Answer:
    """Set a forgotten password anew."""
    limits.spend("link", LINKS)
    with unit_of_work():
        service.reset_password(body["token"], body["password"])
    return Answer(status=204)


def may_mail(kind: str, address: str) -> bool:
    """Count a mail to an address. Past the limit nothing is sent and the answer is the same.

    A refusal would tell what others asked for, and let a stranger shut the owner out.
    """
    return limits.take(f"mail-{kind}", MAILS_TO_ONE, key=limits.digest(address))


def _accepted() -> Answer:
    return Answer({"message": _("Thank you. If there is something to do, we have sent you a mail.")}, 202)
