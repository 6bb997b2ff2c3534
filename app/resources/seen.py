"""What of a text can be seen: the signs that only hide or turn what is around them."""

from __future__ import annotations

import re
import unicodedata

# What turns the direction of the text around it, or is not seen at all. Joiners stay, Hindi and Persian are
# written with them, and so do the marks that right-to-left lines need, soft hyphens, and the tags of flags.
_UNSEEN = re.compile(
    "[\u180e\u200b\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0001]"
    "|(?<![\U0001f3f4\U000e0020-\U000e007f])[\U000e0020-\U000e007f]+"
)
# Letters and marks by their category, of which nothing is drawn.
_BLANK = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
_DRAWN_AS_NOTHING = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})


def without_unseen(text: str) -> str:
    """Leave out what hides in a text or turns it around."""
    return _UNSEEN.sub("", text)


def is_seen(text: str) -> bool:
    """Tell whether anything of a text can be seen."""
    return any(unicodedata.category(sign) not in _DRAWN_AS_NOTHING for sign in _BLANK.sub("", text))
