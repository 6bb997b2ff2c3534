"""The words that the demo's translators agree on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.demo.content import content
from app.demo.keys import stable_key
from app.translation.glossary.models import GlossaryTerm

Translate = Callable[[Any, str, dict[str, dict[str, Any]]], None]


def add_terms(session: Session, translate: Translate) -> int:
    """Put in the terms that are missing; give how many."""
    wanted = {
        stable_key("glossary_term", told["term"], n): told for n, told in enumerate(content("glossary"))
    }
    stored = set(session.scalars(select(GlossaryTerm.id).where(GlossaryTerm.id.in_(wanted))))
    words = set(session.scalars(select(GlossaryTerm.term)))  # somebody may have added one of them
    missing = {k: told for k, told in wanted.items() if k not in stored and told["term"] not in words}
    for key, told in missing.items():
        term = GlossaryTerm(id=key, **{name: value for name, value in told.items() if name != "text"})
        session.add(term)
        session.flush()
        texts = told.get("text", {})
        translate(term, "glossary_term", {locale: {"term": text} for locale, text in texts.items()})
    return len(missing)
