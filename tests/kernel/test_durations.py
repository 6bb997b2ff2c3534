"""Lengths of time are read as people type them and told in their words."""

from __future__ import annotations

import pytest

from app.kernel.durations import read, told


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("90", 90),
        ("1:30", 90),
        ("1h30", 90),
        ("1 h 30 min", 90),
        ("2h", 120),
        ("2d 4h", 3120),
        ("0", 0),
        ("45m", 45),
    ],
)
def test_a_length_is_read_as_it_is_typed(typed: str, minutes: int) -> None:
    assert read(typed) == minutes


@pytest.mark.parametrize("typed", ["", "soon", "1:75", "h", "1.5", "2 hours"])
def test_what_is_no_length_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        read(typed)


@pytest.mark.parametrize(
    ("minutes", "locale", "words"),
    [
        (0, "en", "0 minutes"),
        (90, "en", "1 hr 30 min"),
        (120, "de", "2 Stunden"),
        (2880, "es", "2 días"),
        (1500, "en", "1 day 1 hr"),
        (60, "ar", "ساعة"),
    ],
)
def test_a_length_is_told_in_the_readers_words(minutes: int, locale: str, words: str) -> None:
    assert told(minutes, locale) == words
