"""Addresses and the words of a header, from strangers: nothing in them can begin a header of its own."""

from __future__ import annotations

import re
from email.headerregistry import Address

from email_validator import EmailNotValidError, validate_email

from app.kernel.outbox import Undeliverable

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
_NO_NAME = re.compile(r"://|www\.|@|/|\w\.\w{2,}", re.IGNORECASE)
_LONGEST = 200
_LONGEST_NAME = 60


def one_line(text: str, longest: int = _LONGEST) -> str:
    """Write a text as the inside of one header: line breaks and what turns the direction become a space."""
    line = " ".join(_CONTROL.sub(" ", text).split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def shown_name(name: str) -> str:
    """Write a name for a mail; what looks like an address is none: a stranger may have typed it for somebody."""
    name = one_line(name, _LONGEST_NAME)
    return "" if _NO_NAME.search(name) else name


def recipient(address: str, name: str = "") -> Address:
    """Read an address that a mail goes to; raises Undeliverable when it is none.

    The domain of another script is written as the mail system wants it (IDNA); the part before the @ may be
    UTF-8, which not every mail server takes.
    """
    try:
        checked = validate_email(address, check_deliverability=False, test_environment=True)
    except (EmailNotValidError, ValueError) as error:
        raise Undeliverable(f"This is no address that mail can be sent to: {error}") from error
    domain = checked.ascii_domain
    return Address(shown_name(name), checked.local_part, domain)
