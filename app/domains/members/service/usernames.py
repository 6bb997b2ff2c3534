"""User names: which ones members may have, and one made up for who names none."""

from __future__ import annotations

import re
import secrets

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.domains.members.models import Member
from app.kernel.db import db
from app.kernel.errors import Invalid

RESERVED = frozenset((
    "abuse", "accounts", "admin", "administration", "administrator", "admins", "anonymous", "api", "billing",
    "bookings", "bot", "contact", "festoon", "festoonsupport", "festoonteam", "finance", "help", "helpdesk",
    "hostmaster", "info", "legal", "mail", "mailer", "moderation", "moderator", "moderators", "nobody",
    "noreply", "notifications", "official", "operator", "operators", "owner", "payment", "payments",
    "postmaster", "press", "privacy", "root", "sales", "security", "service", "staff", "superuser", "support",
    "sysadmin", "system", "team", "webmaster",
))  # fmt: skip
"""Names that speak for the house, in small letters and without what stands between letters."""
_FAULTY = re.compile(r"[^a-z0-9._-]+")
_BESIDE = re.compile(r"[0-9._-]+")
_LONGEST_BEGINNING = 30


def is_reserved(username: str) -> bool:
    """Tell whether a name speaks for the house; digits, dots and hyphens hide none: `admin-1` is one too."""
    return _BESIDE.sub("", username.lower()) in RESERVED


def require_free_of_house(username: str) -> None:
    """Refuse a name that speaks for the house; the same for all, so it tells nothing. Raises Invalid."""
    if is_reserved(username):
        raise Invalid({"username": [_l("This user name is taken.")]})


def owner_of_username(username: str) -> Member | None:
    """Find whose user name it is."""
    return db.session.scalar(select(Member).where(Member.username == username))


def with_ending(beginning: str) -> str:
    """Make a name of this beginning and six letters of chance, which tells nothing of who else is there."""
    plain = _FAULTY.sub("", beginning.lower()).strip("._-")[:_LONGEST_BEGINNING].rstrip("._-")
    if not plain or is_reserved(plain):
        plain = "member"
    return f"{plain}-{secrets.token_hex(3)}"


def new_username(wanted: str, email: str) -> str:
    """Give who registers their user name: the wanted one if it is free, or one with an ending."""
    plain = wanted.lower()
    is_taken = owner_of_username(plain) is not None
    return plain if plain and not is_taken else with_ending(plain or email.partition("@")[0])
