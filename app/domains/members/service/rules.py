"""What a new password has to be, and how the present one is asked for."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.access import passwords
from app.domains.members.models import Member
from app.kernel.errors import Invalid


def check_password(password: str, *names: str, field: str = "password") -> None:
    """Hold a new password to the rules; `names` are an address and a user name. Raises Invalid."""
    if found := passwords.faults(password, *(name.partition("@")[0] for name in names)):
        raise Invalid({field: found})


def require_password(member: Member, password: str, field: str) -> None:
    """Refuse who does not know the member's password. Raises Invalid."""
    if not passwords.verify(member.password_hash, password):
        raise Invalid({field: [_l("The password is wrong.")]})
