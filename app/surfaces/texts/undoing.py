"""What was just done to texts is taken back, from what the history wrote down of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import BigInteger, Text, cast, func, select
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.audit import AuditEntry
from app.kernel.db import metadata
from app.kernel.errors import Conflict, Gone
from app.kernel.ids import parse_id
from app.kernel.signing import is_signed, sign
from app.resources import Resource
from app.surfaces.history.restoring import put_back
from app.surfaces.records import writing as records
from app.surfaces.records.news import tell_changed
from app.translation import suggesting
from app.translation.models import Translation, TranslationSuggestion
from app.translation.reach import owner_of
from app.translation.sources import decided

WINDOW = timedelta(minutes=15)
_PURPOSE = "undo of a text"
_WRITTEN = frozenset(
    {"text", "state", "source_hash", "source_revision", "source_text", "author_id", "approved_by_id"}
    | {"tool", "reason"}
)
_entry: Any = AuditEntry.__table__
GONE_ON = _l("Somebody has gone on with this text: it stays as it is now.")


def mark(session: Session) -> int:
    """Give the end of the history before an act, for `undo_token`."""
    return int(session.scalar(select(func.max(_entry.c.id))) or 0)


def undo_token(session: Session, user_id: int, begun: int, what: str, suggestion: UUID | None) -> str:
    """Give what `take_back` takes for what this transaction did to texts since a mark."""
    session.flush()
    number = session.scalar(select(cast(cast(func.pg_current_xact_id(), Text), BigInteger)))
    former = _former_key(session, session.get(TranslationSuggestion, suggestion)) if suggestion else ""
    facts = f"{number}.{begun}.{mark(session)}.{what}.{suggestion or ''}.{former}"
    return f"{facts}.{sign(_PURPOSE, _message(facts, user_id))[:16].hex()}"


def take_back(session: Session, user_id: int, token: str) -> None:
    """Make texts again what they were. Raises Gone when it is too late, Conflict where somebody went on with them."""
    facts, _dot, signed = token.rpartition(".")
    late = Gone(_l("It is too late to undo this. The versions stand in the history of the text."))
    try:
        is_ours = is_signed(_PURPOSE, _message(facts, user_id), bytes.fromhex(signed))
    except ValueError:
        is_ours = False
    if not is_ours:
        raise late
    number, begun, ended, what, key, former = facts.split(".")
    written = (
        select(_entry)
        .where(_entry.c.at > clock.now() - WINDOW, _entry.c.transaction_id == int(number))
        .where(_entry.c.content_type == "translation", _entry.c.id.between(int(begun) + 1, int(ended)))
        .order_by(_entry.c.id.desc())
    )
    entries = session.execute(written).all()
    suggestion = session.get(TranslationSuggestion, parse_id(key)) if key else None
    if not entries and (suggestion is None or suggestion.updated_at < clock.now() - WINDOW):
        raise late
    owners = _locked_owners(session, entries)
    if suggestion is not None:
        session.refresh(suggestion, with_for_update=True)
    if _went_on(session, [entry.object_id for entry in entries], int(ended)):
        raise Conflict(GONE_ON)
    for entry in entries:
        _reverse(session, entry)
    if suggestion is not None and what == "suggested":
        if suggestion.state != "open" or _former_key(session, suggestion) != former:
            raise Conflict(GONE_ON)
        suggesting.take_back(session, suggestion, suggesting.former_of(session, suggestion))
    elif suggestion is not None:
        _open_again(suggestion, what, user_id)
    session.flush()
    for resource, record in owners:
        records.count_up(record)
        session.flush()
        tell_changed(session, resource, [record.id])


def _former_key(session: Session, suggestion: TranslationSuggestion | None) -> str:
    """Name what a suggestion said before this: it tells whether its author went on with it."""
    former = suggesting.former_of(session, suggestion) if suggestion is not None else None
    return str(former.id) if former is not None else ""


def _locked_owners(session: Session, entries: Any) -> list[tuple[Resource, Any]]:
    """Lock the records whose texts these are before their texts, as whoever saves them does."""
    rows = sorted({(entry.owner_type, entry.owner_id) for entry in entries})
    found = {owner_of(session, content_type, UUID(key)) for content_type, key in rows}
    locked = []
    for resource, key in sorted(filter(None, found), key=lambda owner: (owner[0].name, owner[1])):
        record = session.get(resource.model, key)
        if record is not None:
            records.lock(session, resource, record, None)
            locked.append((resource, record))
    return locked


def _went_on(session: Session, keys: list[str], ended: int) -> bool:
    """Tell whether anybody has judged or changed one of the texts since."""
    later = select(_entry.c.id).where(
        _entry.c.id > ended,
        _entry.c.content_type == "translation",
        _entry.c.object_id.in_(keys),
        _entry.c.new.has_any(array(sorted(_WRITTEN))),
    )
    return bool(keys) and session.scalar(later.limit(1)) is not None


def _reverse(session: Session, entry: Any) -> None:
    gone_on = Conflict(GONE_ON)
    key = parse_id(entry.object_id)
    row = session.get(Translation, key, with_for_update=True, populate_existing=True)
    if entry.action == "delete":
        if row is not None:
            raise gone_on
        put_back(session, metadata.tables["translation"], entry.old)
        return
    written = {name: value for name, value in entry.new.items() if name in _WRITTEN}
    if row is None or any(getattr(row, name) != value for name, value in written.items()):
        raise gone_on
    if entry.action == "insert":
        session.delete(row)
        return
    for name, value in entry.old.items():
        if name in _WRITTEN:
            setattr(row, name, value)
    decided(row)


def _open_again(suggestion: TranslationSuggestion, what: str, user_id: int) -> None:
    """Take the decision on a suggestion back."""
    decided_as = "declined" if what == "declined" else "accepted"
    if suggestion.state != decided_as or suggestion.decided_by_id != user_id:
        raise Conflict(GONE_ON)
    suggestion.state, suggestion.reason = "open", ""
    suggestion.decided_by_id = suggestion.decided_at = None


def _message(facts: str, user_id: int) -> bytes:
    return f"{facts}/{user_id}".encode()
