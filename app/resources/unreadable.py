"""What is no value of its kind."""

from __future__ import annotations

from typing import Any


class Unreadable(ValueError):
    """What was typed is no value of the kind; `sentence` says what to type."""

    def __init__(self, sentence: Any) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence
