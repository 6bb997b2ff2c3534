"""The messages in the database, read and written many at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.actor import current_actor
from app.kernel.ids import new_id
from app.translation import suggesting
from app.translation.interface.catalogues import Sentence
from app.translation.interface.merging import Merge, Message, Stored, Written
from app.translation.interface.models import CONTENT_TYPE, InterfaceMessage, InterfaceRun
from app.translation.models import Translation
from app.translation.sources import source_hash
from app.translation.states import Hand

_message: Any = InterfaceMessage.__table__
_translation: Any = Translation.__table__
_LOCK = 5_110_218_707  # any number of ours: one at a time reads, writes or gathers
FACTS = ("domain", "context", "msgid", "msgid_plural", "comment", "flags", "where_used", "is_obsolete")


def lock(session: Session) -> None:
    """Wait until nobody else reads or writes the files."""
    session.execute(select(func.pg_advisory_xact_lock(_LOCK)))


def load_messages(session: Session, *, locked: bool = True) -> dict[str, Message]:
    """Read every message with its texts, by mark; locked as whoever saves a text does, the messages first."""
    columns = [_message.c[name] for name in ("id", "mark", "in_files", "is_in_files", *FACTS)]
    found = {}
    all_messages = select(*columns).order_by(_message.c.id)
    for row in session.execute(all_messages.with_for_update() if locked else all_messages):
        facts = {name: getattr(row, name) for name in FACTS}
        found[row.id] = Message(row.id, row.mark, facts, row.in_files, row.is_in_files)
    t = _translation.c
    texts = select(t.id, t.object_id, t.locale, t.field, t.text, t.state, t.author_id)
    texts = texts.where(t.content_type == CONTENT_TYPE).order_by(t.id)
    for row in session.execute(texts.with_for_update() if locked else texts):
        if row.object_id in found:
            stored = Stored(row.id, row.text, row.state, row.author_id)
            found[row.object_id].texts[row.locale, row.field] = stored
    return {message.mark: message for message in found.values()}


def know(messages: dict[str, Message], sentence: Sentence) -> Message:
    """Find the message of a sentence, or make it; one that has a plural now, or other flags, is followed."""
    message = messages.get(sentence.mark)
    if message is None:
        facts = {name: getattr(sentence, name) for name in FACTS}
        message = Message(new_id(), sentence.mark, facts, {}, None, is_new=True)
        messages[message.mark] = message
    return message


def follow(message: Message, facts: Mapping[str, Any]) -> None:
    """Note what is known anew of a message."""
    if any(message.facts[name] != value for name, value in facts.items()):
        message.facts.update(facts)
        message.is_changed = True


def save_messages(session: Session, messages: Iterable[Message]) -> tuple[int, int]:
    """Write the messages that are new or changed; gives how many of each."""
    touched = [message for message in messages if message.is_new or message.is_changed]
    new = [_row(message) for message in touched if message.is_new]
    changed = [_row(message, key="of") for message in touched if not message.is_new]
    if new:
        session.execute(insert(_message), new)
    if changed:
        names = [name for name in changed[0] if name != "of"]
        session.execute(
            update(_message)
            .where(_message.c.id == bindparam("of"))
            .values(
                {name: bindparam(name) for name in names}
                | {"revision": _message.c.revision + 1, "updated_at": clock.now()}
            ),
            changed,
        )
    for message in touched:
        message.is_new = message.is_changed = False
    return len(new), len(changed)


def _row(message: Message, key: str = "id") -> dict[str, Any]:
    return {
        key: message.id,
        "mark": message.mark,
        "in_files": message.in_files,
        "is_in_files": message.is_in_files,
        **message.facts,
    }


def save_texts(session: Session, merge: Merge) -> None:
    """Write what a merge came to: those that are new in one statement, the few that changed in another."""
    new = [_text(written) for written in merge.written if written.row is None]
    if new:
        session.execute(insert(_translation), new)
    changed = [
        {"of": written.row.id, **_said(written)} for written in merge.written if written.row is not None
    ]
    if changed:
        _change(session, changed)
    for rows, state in ((merge.approved, "approved"), (merge.doubted, "needs_review")):
        if rows:
            _change(session, [{"of": row.id, "state": state} for row in rows])
    if merge.removed:
        gone = [row.id for row in merge.removed]
        session.execute(delete(_translation).where(_translation.c.id.in_(gone)))
    _suggest(session, merge)


def _change(session: Session, rows: list[dict[str, Any]]) -> None:
    values: dict[str, Any] = {name: bindparam(name) for name in rows[0] if name != "of"}
    values |= {"revision": _translation.c.revision + 1, "updated_at": clock.now()}
    session.execute(update(_translation).where(_translation.c.id == bindparam("of")).values(values), rows)


def _text(written: Written) -> dict[str, Any]:
    said = {"id": new_id(), "content_type": CONTENT_TYPE, "object_id": written.message.id}
    return {**said, "locale": written.locale, "field": written.field, **_said(written)}


def _said(written: Written) -> dict[str, Any]:
    return {
        "text": written.text,
        "state": written.state,
        "source_hash": source_hash(source_of(written.message, written.field)),
        "source_revision": 1,
        "source_text": None,
        "author_id": None,
        "approved_by_id": None,
        "tool": written.tool,
        "reason": "",
    }


def _suggest(session: Session, merge: Merge) -> None:
    """Keep what gave way beside what stays."""
    for written, author_id in merge.suggested:
        row = session.get(Translation, written.row.id, populate_existing=True) if written.row else None
        if row is not None:
            made_from = source_hash(source_of(written.message, written.field))
            origin = "" if author_id is not None else f"{written.locale}.po"
            suggesting.suggest(session, row, written.text, Hand(author_id), made_from, origin=origin)
    session.flush()


def source_of(message: Message, name: str) -> str:
    """Give the source of one of a message's texts."""
    is_first = name in ("text", "one") or not message.facts["msgid_plural"]
    return str(message.facts["msgid" if is_first else "msgid_plural"])


def last_runs(session: Session) -> dict[str, InterfaceRun]:
    """Find when each deed was last done, and what it came to."""
    return {row.kind: row for row in session.scalars(select(InterfaceRun))}


def note_run(session: Session, kind: str, facts: Mapping[str, Any], fingerprint: str = "") -> None:
    """Note what was done, for the screen and for the next start."""
    values = {
        "at": clock.now(),
        "actor": current_actor().label,
        "facts": dict(facts),
        "fingerprint": fingerprint,
    }
    statement = upsert(InterfaceRun).values(id=new_id(), kind=kind, **values)
    session.execute(statement.on_conflict_do_update(index_elements=[InterfaceRun.kind], set_=values))
