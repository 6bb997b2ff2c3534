"""The text of a message: plain text, kept as it was written but for what only deceives."""

from __future__ import annotations

import re

from flask_babel import lazy_gettext as _l

from app.domains.messaging.models import EXCERPT, LONGEST_KEY, LONGEST_TEXT
from app.kernel.errors import Invalid

# Control characters but tab and line feed; marks that turn the order of all that follows around. The isolates
# and single direction marks stay: Arabic and Hebrew are written with them.
_DECEIVING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2028\u2029\ufff9-\ufffb\ufeff]")
_HALVES = re.compile("[\ud800-\udfff]")
_KEY = re.compile(rf"[\x21-\x7e]{{1,{LONGEST_KEY}}}")


def clean(text: object) -> str:
    """Give the text of a message as it is kept. Raises Invalid when there is none, or too much."""
    if not isinstance(text, str):
        raise Invalid({"text": [_l("Give a text.")]})
    if len(text) > 2 * LONGEST_TEXT:
        raise too_long()
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = _DECEIVING.sub("", _HALVES.sub("\ufffd", lines)).strip()
    if not kept:
        raise Invalid({"text": [_l("Fill this in.")]})
    if len(kept) > LONGEST_TEXT:
        raise too_long()
    return kept


def too_long() -> Invalid:
    """Make the refusal of a text that is too long."""
    return Invalid({"text": [_l("At most %(most)s characters.", most=LONGEST_TEXT)]})


def client_key(key: object) -> str | None:
    """Read the key by which a client marks a retry. Raises Invalid."""
    if key is None:
        return None
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        raise Invalid({"client_key": [_l("Give 1 to 64 visible ASCII characters.")]})
    return key


def line(text: str, most: int) -> str:
    """Make one short line of a name or a title from outside."""
    return " ".join(_DECEIVING.sub(" ", _HALVES.sub("", text)).split())[:most]


def excerpt(text: str) -> str:
    """Give the beginning of a message, in one line."""
    return line(text, EXCERPT)
