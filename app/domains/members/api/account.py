"""What a signed-in member sees and changes of themselves: profile, photo, password, devices."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request
from flask_babel import gettext as _

from app.access import limits
from app.access.realms import Holder
from app.domains.members import queries, service
from app.domains.members.api import schemas, wording
from app.domains.members.api.entry import may_mail
from app.domains.members.models import Member, MemberDevice
from app.kernel.db import db, unit_of_work
from app.kernel.errors import Invalid, NotFound
from app.media.storage.paths import avatars_of
from app.surfaces.contract import Answer, Auth, PublicApi

PHOTOS, PHOTOS_FROM_ONE = "10 per hour", "30 per hour"
"""Photos of one member, and from one address by whatever members."""
NAMES, NAMES_FROM_ONE = "5 per hour", "20 per hour"
"""Changes of the user name, each of which tells whether a name is taken."""
PASSWORD_TRIES = "5 per minute"  # noqa: S105  # a limit

api = PublicApi("member_account", tag="Member")

_MANY = "too_many_requests"
_PROFILE = {"name": "Amal Haddad", "phone": "+49 30 901820", "locale": "ar", "time_zone": "Europe/Berlin"}


def _tell(member: Holder) -> dict[str, Any]:
    return {"data": wording.member_facts(db.session.get_one(Member, member.id))}


def _change(body: dict[str, Any], member: Holder) -> dict[str, Any]:
    is_mailed = False
    if "email" in body and body["email"] not in (None, member.email):
        _spend_password_try(member)
        is_mailed = may_mail("address", body["email"])
    changes = {name: given for name, given in body.items() if given is not None or name == "phone"}
    if "username" in changes:
        changes["username"] = changes["username"].lower()
        if changes["username"] != member.username:
            limits.spend("username-from", NAMES_FROM_ONE)
            limits.spend("username", NAMES, key=str(member.id))
    with unit_of_work():
        found = service.change_profile(member.id, changes, is_mailed)
    return {"data": wording.member_facts(found)}


def _declare_profile(path: str, endpoint: str, hint: str) -> None:
    """Offer the profile under an address: it is one thing under two names."""

    @api.operation(
        "GET",
        path,
        "Show the member who asks",
        gives={200: schemas.MemberAnswer},
        auth=Auth.MEMBER,
        endpoint=endpoint,
        description=hint,
    )
    def show(member: Holder) -> dict[str, Any]:
        return _tell(member)

    @api.operation(
        "PUT",
        path,
        "Change the member who asks",
        takes=schemas.ProfileSchema,
        gives={200: schemas.MemberAnswer},
        auth=Auth.MEMBER,
        refuses=(_MANY,),
        endpoint=f"change_{endpoint}",
        example=_PROFILE,
        description=f"What is left out stays. Another `email` counts once it is confirmed. {hint}".strip(),
    )
    def change(body: dict[str, Any], member: Holder) -> dict[str, Any]:
        return _change(body, member)


_declare_profile("/auth/me", "me", "")
_declare_profile("/users/profile", "profile", "Another name of `/auth/me`.")


@api.operation(
    "PUT",
    "/auth/me/photo",
    "Upload a photo of oneself",
    takes=schemas.NothingSchema,
    files={"photo": "A picture: JPEG, PNG, WebP, AVIF or GIF."},
    gives={200: schemas.MemberAnswer},
    auth=Auth.MEMBER,
    refuses=(_MANY,),
)
def put_photo(body: dict[str, Any], member: Holder) -> dict[str, Any]:
    """Take a photo in, in place of the one before."""
    limits.spend("photo-from", PHOTOS_FROM_ONE)
    limits.spend("photo", PHOTOS, key=str(member.id))
    photo = request.files.get("photo")
    if photo is None:
        raise Invalid({"photo": [_("Choose a file.")]})
    try:
        with unit_of_work():
            found = service.set_photo(member.id, photo.read(), member.name, avatars_of(member.id))
    except Invalid as error:
        raise Invalid(
            {"photo" if name == "file" else name: texts for name, texts in error.errors.items()}
        ) from error
    return {"data": wording.member_facts(found)}


@api.operation("DELETE", "/auth/me/photo", "Remove the photo of oneself", gives={204: None}, auth=Auth.MEMBER)
def delete_photo(member: Holder) -> Answer:
    """Remove the photo and its files."""
    with unit_of_work():
        service.remove_photo(member.id)
    return Answer(status=204)


@api.operation(
    "POST",
    "/auth/change-password",
    "Change the password",
    takes=schemas.PasswordChangeSchema,
    gives={200: schemas.TokensAnswer},
    auth=Auth.MEMBER,
    refuses=(_MANY,),
    example={"current_password": "eleven green lanterns", "new_password": "twelve grey pebbles"},
    description="Every device is signed out; the one that asks goes on with the tokens of the answer.",
)
def change_password(body: dict[str, Any], member: Holder) -> dict[str, Any]:
    """Change the password."""
    _spend_password_try(member)
    with unit_of_work():
        tokens = service.change_password(
            member.id, body["current_password"], body["new_password"], wording.surroundings()
        )
    return wording.token_facts(tokens)


@api.operation(
    "GET",
    "/auth/devices",
    "List the devices that are signed in",
    gives={200: schemas.DevicesAnswer},
    auth=Auth.MEMBER,
)
def devices(member: Holder) -> dict[str, Any]:
    """List the member's devices."""
    found = queries.devices_of(member.id, wording.oldest_seen())
    return {"data": [wording.device_facts(device, member.device_id) for device in found]}


@api.operation(
    "DELETE",
    "/auth/devices/<uuid:key>",
    "Sign one device out",
    gives={204: None},
    auth=Auth.MEMBER,
)
def revoke_device(key: UUID, member: Holder) -> Answer:
    """Sign one of the member's devices out; another's looks as if there were none."""
    with unit_of_work():
        own = (MemberDevice.id == key, MemberDevice.member_id == member.id)
        ended = service.end_devices(*own, because="revoked")
    if not ended:
        raise NotFound
    return Answer(status=204)


@api.operation(
    "POST",
    "/auth/sign-out-everywhere",
    "Sign every device out",
    gives={204: None},
    auth=Auth.MEMBER,
    description="Also the one that asks.",
)
def sign_out_everywhere(member: Holder) -> Answer:
    """End every credential of the member."""
    with unit_of_work():
        service.sign_out_everywhere(member.id)
    return Answer(status=204)


def _spend_password_try(member: Holder) -> None:
    limits.spend("password", PASSWORD_TRIES, key=str(member.id))
