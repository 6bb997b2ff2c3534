"""How long a text may be, and how long it is likely to be."""

from __future__ import annotations

from collections.abc import Iterator

from app.translation.checks import sentences
from app.translation.checks.bare import COVER
from app.translation.checks.finding import ERROR, WARNING, Finding, Look

_LONGER = {
    **dict.fromkeys("zh ja".split(), 0.6),
    **dict.fromkeys("ko he ar fa ur".split(), 0.95),
    **dict.fromkeys("de fr es pt it nl pl ru uk bg el hu fi ro sr hr cs sk tr hi id vi".split(), 1.25),
    **dict.fromkeys("ta ml te kn ka".split(), 1.4),
}
_USUAL = 1.15
_SHORTEST = 24
"""What is no longer than that fits about everywhere."""
_LEEWAY = ((10, 2.4), (20, 2.0), (30, 1.8), (50, 1.6), (70, 1.5))
"""Short texts grow more: up to so many characters, so many times."""


def check(look: Look) -> Iterator[Finding]:
    """Find a text that does not fit, or is far longer than its language needs."""
    if look.max_length and len(look.text) > look.max_length:
        sentence = sentences.TOO_LONG.with_(limit=look.max_length)
        yield Finding("too_long", ERROR, sentence, (look.max_length, len(look.text)))
        return
    there, here = (_prose(side) for side in (look.bare_source, look.bare_text))
    usual = there * _LONGER.get(look.language, _USUAL)
    leeway = next((times for length, times in _LEEWAY if there <= length), 1.4)
    if there and here > max(_SHORTEST, usual * leeway):
        yield Finding("far_longer", WARNING, sentences.FAR_LONGER.with_(usual=round(usual)))


def _prose(text: str) -> int:
    return len(" ".join(text.replace(COVER, "").split()))
