"""What the public side of members takes and gives."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import Schema, ValidationError, fields, validates

from app.access.passwords import LONGEST, SHORTEST
from app.domains.members.models import MemberStatus
from app.kernel.zones import is_zone
from app.resources import Kind
from app.surfaces.contract import Strict
from app.surfaces.contract.schemas import Password, password, text, value

STATUSES = [status.value for status in MemberStatus]
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,38}[a-z0-9]\Z")
_MOST_TOKEN = 200


def _email(**more: Any) -> Any:
    return value(Kind.EMAIL, most=254, **more)


def _new_password() -> Any:
    written = {"type": "string", "format": "password", "minLength": SHORTEST, "maxLength": LONGEST}
    return Password(load_only=True, required=True, metadata=written)


class Zoned(Strict):
    """What names a time zone and a user name."""

    username = text(
        40, metadata={"description": "3 to 40 of: small letters, digits, and . _ - between them."}
    )
    phone = value(Kind.PHONE, most=40, allow_none=True)
    locale = value(Kind.LOCALE, most=35, metadata={"description": "A language tag such as de or de-AT."})
    time_zone = text(64, metadata={"description": "Such as Europe/Berlin."})

    @validates("time_zone")
    def check_time_zone(self, given: Any, **_more: Any) -> None:
        """Refuse a zone that nobody knows."""
        if given and not is_zone(given):
            raise ValidationError(_l("Give a time zone such as Europe/Berlin."))

    @validates("username")
    def check_username(self, given: Any, **_more: Any) -> None:
        """Refuse what could be mistaken for another name."""
        if given and not _USERNAME.match(given.lower()):
            raise ValidationError(_l("Use 3 to 40 small letters, digits, dots, hyphens and underscores."))


class RegisterSchema(Zoned):
    """Who registers."""

    email = _email(required=True)
    password = _new_password()
    name = text(200, required=True)


class LoginSchema(Strict):
    """An address and its password; `device` names the device in the member's list."""

    email = _email(required=True)
    password = password(required=True)
    device = text(120)


class RefreshSchema(Strict):
    """The refresh token that was given last."""

    refresh_token = text(_MOST_TOKEN, required=True)


class LogoutSchema(Strict):
    """The refresh token of the device, where its access token is over."""

    refresh_token = text(_MOST_TOKEN)


class TokenSchema(Strict):
    """The token of a mail's link."""

    token = text(_MOST_TOKEN, required=True)


class AddressSchema(Strict):
    """An address."""

    email = _email(required=True)


class NewPasswordSchema(Strict):
    """The token of a mail's link, and the password from now on."""

    token = text(_MOST_TOKEN, required=True)
    password = _new_password()


class PasswordChangeSchema(Strict):
    """The password until now, and from now on."""

    current_password = password(required=True)
    new_password = _new_password()


class ProfileSchema(Zoned):
    """What a member changes; what is left out stays. Another `email` needs `current_password`."""

    name = text(200)
    email = _email()
    current_password = password()

    @validates("name")
    def check_name(self, given: Any, **_more: Any) -> None:
        """Refuse to be called nothing."""
        if given is None:
            raise ValidationError(_l("Fill this in."))


class NothingSchema(Strict):
    """Nothing but files."""


class MemberPhoto(Schema):
    """A picture in all its widths."""

    id = fields.UUID(required=True)
    url = fields.String(required=True)
    alt = fields.String(required=True)
    width = fields.Integer(required=True)
    height = fields.Integer(required=True)
    blurhash = fields.String(required=True, allow_none=True)
    focal = fields.Dict(required=True)
    srcset = fields.Dict(required=True)
    thumb = fields.String(required=True, allow_none=True)


class OwnMember(Schema):
    """A member as they see themselves; `pending_email` counts once it is confirmed."""

    id = fields.UUID(required=True)
    email = fields.String(required=True)
    pending_email = fields.String(required=True, allow_none=True)
    username = fields.String(required=True)
    name = fields.String(required=True)
    phone = fields.String(required=True, allow_none=True)
    photo = fields.Nested(MemberPhoto, required=True, allow_none=True)
    locale = fields.String(required=True)
    time_zone = fields.String(required=True)
    status = fields.String(required=True, metadata={"enum": STATUSES})
    is_verified = fields.Boolean(required=True)
    is_premium = fields.Boolean(required=True)
    permissions = fields.List(fields.String(), required=True)
    created_at = fields.DateTime(required=True)
    seen_at = fields.DateTime(required=True, allow_none=True)


class MemberAnswer(Schema):
    """The member who asks."""

    data = fields.Nested(OwnMember, required=True)


class TokensAnswer(Schema):
    """Two tokens: one to ask with, one to get the next two with. Lifetimes are in seconds."""

    access_token = fields.String(required=True)
    refresh_token = fields.String(required=True)
    token_type = fields.String(required=True, metadata={"enum": ["Bearer"]})
    expires_in = fields.Integer(required=True)
    refresh_expires_in = fields.Integer(required=True)


class AcceptedAnswer(Schema):
    """A sentence for the reader; it is the same whether the address is a member's or nobody's."""

    message = fields.String(required=True)


class SignedInDevice(Schema):
    """A device that is signed in."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    ip = fields.String(required=True)
    is_current = fields.Boolean(required=True)
    created_at = fields.DateTime(required=True)
    seen_at = fields.DateTime(required=True)


class DevicesAnswer(Schema):
    """The devices that are signed in, the one seen last first."""

    data = fields.List(fields.Nested(SignedInDevice), required=True)
