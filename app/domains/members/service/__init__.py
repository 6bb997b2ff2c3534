"""Verbs on members; they never commit."""

from app.domains.members.service.accounts import (
    ask_reset,
    ask_verification,
    change_password,
    change_profile,
    reset_password,
    sign_in,
    sign_out_everywhere,
    verify_email,
)
from app.domains.members.service.devices import (
    GRACE,
    Surroundings,
    Tokens,
    end_device_of_token,
    end_devices,
    forget_ended,
    permissions_of,
    refresh,
)
from app.domains.members.service.links import issue_token
from app.domains.members.service.photos import remove_photo, set_photo
from app.domains.members.service.registering import register
from app.domains.members.service.staffing import activate, resend_verification, sign_out, suspend

__all__ = [
    "GRACE",
    "Surroundings",
    "Tokens",
    "activate",
    "ask_reset",
    "ask_verification",
    "change_password",
    "change_profile",
    "end_device_of_token",
    "end_devices",
    "forget_ended",
    "issue_token",
    "permissions_of",
    "refresh",
    "register",
    "remove_photo",
    "resend_verification",
    "reset_password",
    "set_photo",
    "sign_in",
    "sign_out",
    "sign_out_everywhere",
    "suspend",
    "verify_email",
]
