"""A fingerprint of how a picture looks: it changes little when the picture is made smaller or saved anew."""

from __future__ import annotations

from itertools import pairwise

from PIL import Image

SIDE = 8
MOST_APART = 6
"""Fingerprints of the same picture differ in so many of their 64 bits at most."""

LEAST_SHOWN = 6
"""With fewer bits of either kind a picture shows too little: all skies would be one picture."""

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~"


def likeness_of(image: Image.Image) -> int | None:
    """Tell of 8 x 8 places whether it gets brighter to the right (dHash, N. Krawetz 2013), as a signed 64-bit number.

    None where the picture shows too little to be told from others.
    """
    small = image.resize((SIDE + 1, SIDE), Image.Resampling.BOX).convert("RGB").convert("L")
    grey = small.tobytes()
    bits = 0
    for row in range(SIDE):
        line = grey[row * (SIDE + 1) : (row + 1) * (SIDE + 1)]
        for left, right in pairwise(line):
            bits = bits << 1 | (right > left)
    if not LEAST_SHOWN <= bits.bit_count() <= SIDE * SIDE - LEAST_SHOWN:
        return None
    return bits - 2**64 if bits >= 2**63 else bits


def mean_colour(blurhash: str) -> tuple[int, int, int]:
    """Read a picture's mean colour from its blurhash (its third to sixth sign); black where there is none."""
    value = 0
    for sign in blurhash[2:6]:
        value = value * 83 + max(0, _DIGITS.find(sign))
    return value >> 16 & 255, value >> 8 & 255, value & 255
