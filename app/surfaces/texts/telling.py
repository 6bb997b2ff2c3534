"""Tells who wrote a text, or suggested one, that somebody judged it otherwise, and why."""

from __future__ import annotations

from flask_appbuilder.security.sqla.models import User
from sqlalchemy.orm import Session

from app.kernel.actor import current_actor
from app.surfaces.desk.notices import tell_user
from app.surfaces.texts.places import Held
from app.translation.models import TranslationSuggestion
from app.translation.reach import may_translate

REJECTED, DECLINED = "text_rejected", "text_declined"
_TEXT = "text"
_LONGEST_TITLE = 80


def tell_of_rejected(session: Session, held: Held) -> None:
    """Tell the author of a text that it was sent back; the notice leads to it."""
    row = held.row
    if row is not None:
        _tell(session, held, REJECTED, row.author_id, row.id, row.reason, "rejected")


def tell_of_declined(session: Session, held: Held, suggestion: TranslationSuggestion) -> None:
    """Tell the author of a suggestion that the text stays as it was."""
    _tell(session, held, DECLINED, suggestion.author_id, suggestion.id, suggestion.reason, "all")


def _tell(
    session: Session, held: Held, kind: str, author_id: int | None, key: object, reason: str, state: str
) -> None:
    """Leave out whoever did it themselves, and who may not translate the text any more."""
    if author_id is None or author_id == held.hand.user_id:
        return
    place, author = held.place, session.get(User, author_id)
    if author is None or not may_translate(session, author, place.content_type, place.key):
        return
    title = held.unit.title or held.source
    short = title if len(title) <= _LONGEST_TITLE else title[: _LONGEST_TITLE - 1].rstrip() + "…"
    tell_user(
        session,
        author_id,
        kind,
        resource=_TEXT,
        record_id=key,
        title=" · ".join(part for part in (short, reason) if part),
        actor=current_actor().label,
        url=f"/translate/{place.locale}?state={state}&at={place}",
    )
