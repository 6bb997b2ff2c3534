"""The way in for a picture: strange bytes become a picture drawn anew, or a refusal that says what to do."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as _l

from app.kernel.errors import Invalid
from app.media.sandbox import Drawing, DrawingFailed, NotTaken, Order, draw
from app.media.studio.kinds import kind_of

MOST_BYTES = 10 * 2**20
AT_ONCE = Order(picture=True, forms=("webp", "jpeg"), crops=True)
"""What is drawn while somebody waits; AVIF takes longer than all of it and is drawn by a job."""


def check(content: bytes) -> None:
    """Refuse what needs no decoding to be refused; raises Invalid at the field `file`."""
    if not content:
        raise refused(_l("The file is empty. Choose a picture."))
    if len(content) > MOST_BYTES:
        raise refused(
            _l("The file is larger than %(limit)s MB. Save the picture smaller.", limit=MOST_BYTES // 2**20)
        )
    if kind_of(content) is None:
        raise _not_taken("unknown", {})


def take_in(content: bytes, focal: tuple[float, float] = (0.5, 0.5)) -> Drawing:
    """Check a file and let its picture be drawn anew; raises Invalid at the field `file`.

    The kind is read from the bytes, never from a name. Turning told by EXIF is carried out, then nothing of
    the file but its pixels is kept: a script hidden behind, before or inside the picture is gone. Raises
    DrawingUnavailable when nothing is wrong with the picture.
    """
    check(content)
    try:
        return draw(content, replace(AT_ONCE, focal=focal))
    except NotTaken as refusal:
        raise _not_taken(refusal.why, refusal.facts) from refusal
    except DrawingFailed as failure:
        raise _not_taken(failure.why, {}) from failure


def refused(sentence: Any) -> Invalid:
    """Make the refusal of a file."""
    return Invalid({"file": [sentence]})


def _not_taken(why: str, facts: dict[str, int]) -> Invalid:
    sentences = {
        "unknown": _l("This is no JPEG, PNG, WebP, AVIF or GIF picture. Save it as one of these."),
        "empty_picture": _l("The picture has no size. Open it in an image program and save it again."),
        "memory": _l("The picture takes too much memory to draw. Make it smaller."),
        "slow": _l("The picture takes too long to draw. Make it smaller."),
    }
    if why in sentences:
        return refused(sentences[why])
    if why == "side" and {"width", "height", "limit"} <= facts.keys():
        return refused(
            _l(
                "The picture is %(width)s by %(height)s pixels; a side may have %(limit)s. Make it smaller.",
                width=facts["width"],
                height=facts["height"],
                limit=facts["limit"],
            )
        )
    limit = facts.get("limit", 0)
    if why == "animation":
        return refused(_l("The animation has over %(limit)s million pixels. Send one picture.", limit=limit))
    if why == "pixels":
        return refused(
            _l("The picture has more than %(limit)s million pixels. Make it smaller.", limit=limit)
        )
    return refused(_l("The picture is damaged. Open it in an image program and save it again."))
