"""What a responder is given and gives; there are two: by rules, and by a model elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Offer:
    """A package that the public sees: its name in the visitor's language, its price as text."""

    name: str
    price: str


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation as a responder sees it: (sender, text) in order, the client's last; what is published."""

    locale: str
    said: Sequence[tuple[str, str]]
    offers: Sequence[Offer]


class Responder(Protocol):
    """Makes a reply to a client's last message."""

    def reply(self, talk: Talk) -> str | None:
        """Give the reply as plain text, or None to leave it to staff."""
