"""How many texts wait for somebody who may approve them, by language and content type."""

from __future__ import annotations

from typing import Any

from sqlalchemy import String, func, literal, select, union, union_all
from sqlalchemy.orm import Session

from app.access.rights import rights_of
from app.kernel import languages
from app.translation.models import SHOWN_STATES, Translation, TranslationSuggestion
from app.translation.reach import owner_name
from app.translation.unit import GROUPS, TO_REVIEW, Asked
from app.translation.units import joined_texts, says, types_of

VERB = "approve_texts"


def count_to_review(session: Session, user: Any) -> Any:
    """Count, as JSON by language and content type, the texts that a user may approve; None for who may approve none.

    What waits at all is read first: to count all texts of all languages takes far longer.
    """
    mine = {name for name in types_of() if rights_of(user).allow(f"can_{VERB}", name)}
    if not mine:
        return None
    parts: list[Any] = []
    for tag, waiting in _waiting(session).items():
        types = tuple(name for name in types_of() if name in waiting & mine)
        joined = joined_texts(Asked(tag, types=types, verb=VERB), user) if types else None
        if joined is None:
            continue
        counted = select(
            literal(tag, String).label("tag"), joined.c.owner_type.label("name"), func.count().label("many")
        )
        # There is a text: said so, the planner begins with the few that wait, not with all there are.
        waits = (joined.c.translation_id.is_not(None), says(joined, (TO_REVIEW,)))
        parts.append(counted.where(*waits).group_by(joined.c.owner_type))
    if not parts:
        return func.json_build_object()
    rows = union_all(*parts).subquery()
    of_tag = select(rows.c.tag, func.json_object_agg(rows.c.name, rows.c.many).label("counts"))
    found = of_tag.group_by(rows.c.tag).subquery()
    return select(func.json_object_agg(found.c.tag, found.c.counts)).scalar_subquery()


def _waiting(session: Session) -> dict[str, set[str]]:
    """Name the content types that anything may wait in, by language."""
    text, offered = Translation, TranslationSuggestion
    written = select(text.locale, text.content_type).where(text.state.in_(GROUPS[TO_REVIEW]))
    suggested = (
        select(text.locale, text.content_type)
        .join(offered, offered.translation_id == text.id)
        .where(offered.state == "open", text.state.in_(SHOWN_STATES))
    )
    found: dict[str, set[str]] = {}
    for tag, content_type in session.execute(union(written, suggested)):
        if tag in languages.content_locales():
            found.setdefault(tag, set()).add(owner_name(content_type))
    return found
