"""What a tool is given and gives; there are two: the memory, and a service elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

TOO_MUCH_FOR_ONE = 4
"""Characters of a token, about, in a text of the source language."""


@dataclass(frozen=True, slots=True)
class Request:
    """A text to translate. `text` is the source with everything that must stay behind marks (see `guarding`).

    `about` tells where it stands, `terms` are (term, how it is said) of the glossary.
    """

    source: str
    text: str
    locale: str
    content_type: str
    field: str
    about: str = ""
    longest: int = 0
    terms: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Usage:
    """What a service was asked, in questions and in tokens."""

    questions: int = 0
    tokens: int = 0


@dataclass(frozen=True, slots=True)
class Cost:
    """About how many tokens something takes, and what these cost: None where nobody has said what one costs."""

    tokens: int = 0
    price: Decimal | None = None
    currency: str = ""


class OutOfReach(Exception):
    """The tool refuses; the run stops, and may go on later. Its words are for who runs the program."""


class NotYet(OutOfReach):
    """The tool wants to be asked again after some seconds, for which no worker is to wait."""

    def __init__(self, reason: str, seconds: float) -> None:
        super().__init__(reason)
        self.seconds = seconds


class Suggester(Protocol):
    """Makes texts in another language."""

    name: str
    label: str
    """What is written beside each text that it made."""
    at_once: int
    """So many texts are proposed, and then written, together."""
    keeps_marks: bool
    """Whether it is given `text`, and its answer has the marks of that; else it answers to `source`."""

    def propose(self, requests: Sequence[Request], usage: Usage, /) -> Sequence[str | None]:
        """Give a text for each request, None where it has none. Raises OutOfReach."""

    def cost(self, texts: int, characters: int, /) -> Cost:
        """Estimate what so many texts take."""
