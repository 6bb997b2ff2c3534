"""News of the mails themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.kernel.outbox import DomainEvent


@dataclass(frozen=True, slots=True)
class SampleAsked(DomainEvent):
    """A user wants to see a mail in their own mail program, with example facts."""

    topic: ClassVar[str] = "mail.sample_asked"
    kind: str
    locale: str
    user_id: int
