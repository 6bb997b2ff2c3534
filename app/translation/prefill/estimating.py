"""How much there is to fill in, before anything is asked: counted in one statement, and what it would cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.translation.prefill.from_memory import NAME as MEMORY
from app.translation.prefill.from_memory import Memory, is_known
from app.translation.prefill.from_service import NAME as SERVICE
from app.translation.prefill.from_service import Service
from app.translation.prefill.suggester import Cost, Suggester
from app.translation.units import Asked, joined_texts, says, words_of

MISSING = ("missing",)


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a tool would be given, how much of it the memory knows, and the cost."""

    texts: int
    words: int
    characters: int
    known: int
    cost: Cost


def tools(config: Mapping[str, Any]) -> dict[str, Suggester]:
    """Make the tools that there are: the memory, and the service where one is configured."""
    found: dict[str, Suggester] = {MEMORY: Memory()}
    if config["TRANSLATION_URL"]:
        amount, _space, currency = config["TRANSLATION_PRICE"].partition(" ")
        found[SERVICE] = Service(
            config["TRANSLATION_URL"],
            config["TRANSLATION_KEY"],
            config["TRANSLATION_MODEL"],
            price=Decimal(amount) if amount else None,
            currency=currency,
        )
    return found


def asked_for(locale: str, types: list[str], records: list[str]) -> Asked:
    """Say it to the units: what is missing of these content types, or of these records of one."""
    return Asked(
        locale, types=tuple(types), states=MISSING, owner_ids=tuple(UUID(record) for record in records)
    )


def estimate(session: Session, user: Any, asked: Asked, tool: Suggester) -> Estimate:
    """Count what is missing."""
    texts = joined_texts(asked, user)
    if texts is None:
        return Estimate(0, 0, 0, 0, tool.cost(0, 0))
    counted = select(
        func.count(),
        func.coalesce(func.sum(words_of(texts.c.source)), 0),
        func.coalesce(func.sum(func.length(texts.c.source)), 0),
        func.count().filter(is_known(texts, asked.locale)),
    ).where(says(texts, MISSING))
    number, words, characters, known = session.execute(counted).one()
    return Estimate(number, int(words), int(characters), known, tool.cost(number, int(characters)))
