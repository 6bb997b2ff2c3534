"""Suggestions for texts that are shown: made by who may not change those, decided by who may."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.errors import Forbidden
from app.translation.models import Translation, TranslationSuggestion
from app.translation.states import AlreadyDecided, Hand


def suggest(
    session: Session,
    row: Translation,
    text: str,
    hand: Hand,
    hash_of_source: str,
    origin: str = "",
    known: Mapping[UUID, TranslationSuggestion] | None = None,
) -> TranslationSuggestion:
    """Offer another text for one that is shown; an open one of the same author says this then.

    `known` holds the author's open ones by text, where whoever writes many has read them all.
    """
    open_one = known.get(row.id) if known is not None else _own(session, row, hand, origin)
    if open_one is None:
        open_one = TranslationSuggestion(translation_id=row.id, author_id=hand.user_id, origin=origin)
        session.add(open_one)
    elif open_one.text != text:
        session.add(_former(open_one))
    open_one.text, open_one.source_hash = text, hash_of_source
    return open_one


def _former(open_one: TranslationSuggestion) -> TranslationSuggestion:
    """Make what keeps the words of one that says something else from now on."""
    kept = {name: getattr(open_one, name) for name in ("translation_id", "text", "source_hash", "author_id")}
    return TranslationSuggestion(**kept, origin=open_one.origin, state="replaced")


def former_of(session: Session, suggestion: TranslationSuggestion) -> TranslationSuggestion | None:
    """Find what an open one said before."""
    table = TranslationSuggestion
    is_same_author = table.author_id.is_not_distinct_from(suggestion.author_id)
    statement = select(table).where(
        table.translation_id == suggestion.translation_id,
        table.state == "replaced",
        table.id > suggestion.id,
        is_same_author,
        table.origin == suggestion.origin,
    )
    return session.scalar(statement.order_by(table.id.desc()).limit(1))


def take_back(
    session: Session, suggestion: TranslationSuggestion, former: TranslationSuggestion | None
) -> None:
    """Let an open one say what it said before, or end it where it was new."""
    if former is None:
        suggestion.state, suggestion.decided_at = "declined", clock.now()
        suggestion.decided_by_id = suggestion.author_id
        return
    suggestion.text, suggestion.source_hash = former.text, former.source_hash
    session.delete(former)


def _own(session: Session, row: Translation, hand: Hand, origin: str) -> TranslationSuggestion | None:
    return session.scalar(
        select(TranslationSuggestion).where(
            TranslationSuggestion.translation_id == row.id,
            TranslationSuggestion.state == "open",
            TranslationSuggestion.author_id == hand.user_id
            if hand.user_id is not None
            else TranslationSuggestion.origin == origin,
        )
    )


def decide(suggestion: TranslationSuggestion, state: str, hand: Hand, reason: str = "") -> None:
    """Close a suggestion. Raises AlreadyDecided where somebody did."""
    if suggestion.state != "open":
        raise AlreadyDecided(_l("Somebody decided on this suggestion already."))
    suggestion.state, suggestion.reason = state, reason.strip()[:500]
    suggestion.decided_by_id, suggestion.decided_at = hand.user_id, clock.now()


def decline(suggestion: TranslationSuggestion, hand: Hand, reason: str) -> None:
    """Leave the text as it is; an author may take their own back. Raises Forbidden for anybody else."""
    is_own = hand.user_id is not None and suggestion.author_id == hand.user_id
    if not (hand.approves or is_own):
        raise Forbidden(_l("Your roles let you translate, not approve."))
    decide(suggestion, "declined", hand, reason)


def find_suggestion(session: Session, key: UUID) -> TranslationSuggestion | None:
    """Read and lock one."""
    found = select(TranslationSuggestion).where(TranslationSuggestion.id == key).with_for_update()
    return session.scalar(found, execution_options={"populate_existing": True})


def open_suggestions(session: Session, keys: Iterable[UUID]) -> dict[UUID, list[TranslationSuggestion]]:
    """Read the open suggestions of some texts, by the text's key, the newest first."""
    found: dict[UUID, list[TranslationSuggestion]] = {}
    statement = (
        select(TranslationSuggestion)
        .where(TranslationSuggestion.translation_id.in_(list(keys)), TranslationSuggestion.state == "open")
        .order_by(TranslationSuggestion.updated_at.desc())
    )
    for row in session.scalars(statement):
        found.setdefault(row.translation_id, []).append(row)
    return found
