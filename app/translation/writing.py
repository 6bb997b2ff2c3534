"""The one place where translations are written: by their source, by who writes, and never over a shown text unasked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import case, select, update
from sqlalchemy.orm import Session

from app.kernel import languages
from app.kernel.errors import Conflict, Forbidden, Invalid
from app.kernel.locales import SOURCE
from app.resources.kinds import Unreadable
from app.translation import suggesting
from app.translation.addresses import must_be_free
from app.translation.models import SHOWN_STATES, Translation
from app.translation.sources import decided, is_address, read_text, source_hash
from app.translation.states import Hand, hand_of, state_of_written

ADDRESS_IN_USE = _l("This address is in use. Who may approve texts may change it.")


def save_texts(session: Session, content_type: str, record: Any, texts: dict[tuple[str, str], str]) -> int:
    """Save translations by (locale, field) of a flushed record; empty text removes one. Returns how many changed.

    Over a text that is shown, who may not approve writes a suggestion; that changes nothing yet. Raises
    Invalid for a locale that is none, for a text that its source field would not take, and where such a one
    would be removed.
    """
    if not texts:
        return 0
    if faults := faults_of(content_type, texts):
        raise Invalid(faults)
    known = _lock(session, content_type, record.id, {locale for locale, _field in texts})
    changed = 0
    for (locale, field), raw in texts.items():
        text = _read(content_type, locale, field, raw)
        if (held := known.get((locale, field))) is not None and held.text == text:
            continue  # a form sends every text that it has: what nobody wrote anew is nobody's word
        hand = hand_of(content_type, locale)
        try:
            row = put(session, content_type, record, locale, field, text, hand, known=known)
        except Forbidden as refusal:
            raise Invalid({f"t-{locale}-{field}": [refusal.message]}) from refusal
        changed += row is not None
    return changed


def faults_of(content_type: str, texts: dict[tuple[str, str], str]) -> dict[str, list[Any]]:
    """Say, by input, what is wrong with translations by (locale, field)."""
    faults: dict[str, list[Any]] = {}
    for (locale, field), raw in texts.items():
        try:
            _read(content_type, locale, field, raw)
        except Unreadable as error:
            faults[f"t-{locale}-{field}"] = [error.sentence]
    return faults


def _read(content_type: str, locale: str, field: str, raw: str) -> str:
    language = languages.find(locale)
    if language is None or language.tag != locale or locale == SOURCE:
        raise Unreadable(_l("There is no language %(tag)s to translate into.", tag=locale))
    return read_text(content_type, field, raw, locale)


Known = Mapping[tuple[str, str], Translation]


def _lock(session: Session, content_type: str, key: UUID, locales: Iterable[str]) -> Known:
    """Read and lock the stored texts of a row, by (locale, field)."""
    found = session.scalars(
        select(Translation)
        .where(
            Translation.content_type == content_type,
            Translation.object_id == key,
            Translation.locale.in_(set(locales)),
        )
        .with_for_update(),
        execution_options={"populate_existing": True},  # a trigger may just have called them out of date
    )
    return {(row.locale, row.field): row for row in found}


def put(
    session: Session,
    content_type: str,
    record: Any,
    locale: str,
    field: str,
    text: str,
    hand: Hand,
    *,
    is_draft: bool = False,
    tool: str = "",
    known: Known | None = None,
    made_from: str | None = None,
) -> Translation | None:
    """Write a text, read by its field's rules; gives its row where it changed, None where it was suggested or is so.

    The same text written again is a word, too: it is sent for review, or approved, and keeps its author.
    `made_from` is the source that it was made from, where that may be an older one: the text then arrives out
    of date, as if it had been written in time. Raises Forbidden where who may not approve would remove a text
    that is shown, or change an address in use, and where another record has the address.
    """
    row = (known if known is not None else _lock(session, content_type, record.id, [locale])).get(
        (locale, field)
    )
    if not text:
        return _remove(session, row, hand)
    state = state_of_written(row.state if row is not None else None, hand, is_draft)
    is_same = row is not None and row.text == text
    if is_same and row is not None and (state is None or (row.state == state and row.source_text is None)):
        return None
    if is_address(content_type, field):
        _take_address(session, content_type, record, text, state)
    if state is None and row is not None:
        suggesting.suggest(session, row, text, hand, source_hash(getattr(record, field)))
        return None
    if row is None:
        row = Translation(content_type=content_type, object_id=record.id, locale=locale, field=field)
        session.add(row)
    row.text, row.state, row.tool, row.reason = text, "machine" if tool else str(state), tool, ""
    _made_from(row, record)
    if not is_same or row.author_id is None:
        row.author_id = hand.user_id
    row.approved_by_id = hand.user_id if row.state == "approved" else None
    if made_from is not None and source_hash(made_from) != row.source_hash:
        row.source_hash, row.source_text = source_hash(made_from), made_from
        row.state = "stale" if row.state == "approved" else row.state
    decided(row)
    return row


def _take_address(session: Session, content_type: str, record: Any, address: str, state: str | None) -> None:
    """Refuse an address that another record has, and to suggest one in the place of one in use."""
    _address_must_be_free(session, content_type, record, "slug", address)
    if state is None:
        raise Forbidden(ADDRESS_IN_USE)


def _address_must_be_free(session: Session, content_type: str, record: Any, field: str, text: str) -> None:
    if is_address(content_type, field):
        must_be_free(session, content_type, record.id, text)


def _remove(session: Session, row: Translation | None, hand: Hand) -> Translation | None:
    if row is None:
        return None
    if row.state in SHOWN_STATES and not hand.decides:
        raise Forbidden(
            _l("This text is approved. Suggest another one, or ask who may approve to remove it.")
        )
    session.delete(row)
    return row


def _made_from(row: Translation, record: Any) -> None:
    """Call a translation one of the source as it is now."""
    row.source_hash = source_hash(getattr(record, row.field))
    row.source_revision = record.revision
    row.source_text = None


def find_text(session: Session, content_type: str, key: UUID, locale: str, field: str) -> Translation | None:
    """Read and lock one text."""
    return _lock(session, content_type, key, [locale]).get((locale, field))


def approve(session: Session, row: Translation, record: Any, hand: Hand) -> None:
    """Call a text right for the source as it is. Raises Forbidden for who may not."""
    hand.must_judge(row.author_id)
    _address_must_be_free(session, row.content_type, record, row.field, row.text)
    _made_from(row, record)
    row.state, row.reason = "approved", ""
    row.approved_by_id = hand.user_id


def reject(session: Session, row: Translation, hand: Hand, reason: str) -> None:
    """Send a text back to its translator; one that was shown is shown no longer. Raises Forbidden."""
    if not hand.approves:
        raise Forbidden(_l("Your roles let you translate, not approve."))
    if row.state == "rejected":
        raise Conflict(_l("Somebody rejected this text already."))
    row.state, row.reason, row.approved_by_id = "rejected", reason.strip()[:500], None


def call_right(session: Session, content_type: str, record: Any, locale: str, field: str) -> str:
    """Say that a translation which is out of date is right for the new source, too; gives its state then.

    Who may not approve suggests the same text for the new source. Nothing is done to one that is not out of date.
    """
    row = find_text(session, content_type, record.id, locale, field)
    if row is None:
        return "missing"
    hand = hand_of(content_type, locale)
    if row.source_text is None:
        return row.state
    if row.state not in SHOWN_STATES:
        _made_from(row, record)
    elif hand.judges(row.author_id):
        approve(session, row, record, hand)
    else:
        suggesting.suggest(session, row, row.text, hand, source_hash(getattr(record, field)))
    return row.state


def accept(session: Session, suggestion: Any, row: Translation, record: Any, hand: Hand) -> None:
    """Let a suggestion be the text. Raises Forbidden for who may not, Conflict where it was decided already."""
    hand.must_judge(suggestion.author_id)
    _address_must_be_free(session, row.content_type, record, row.field, suggestion.text)
    suggesting.decide(suggestion, "accepted", hand)
    now = source_hash(getattr(record, row.field))
    row.text, row.author_id, row.approved_by_id = suggestion.text, suggestion.author_id, hand.user_id
    row.tool, row.reason = suggestion.origin, ""
    if suggestion.source_hash == now:
        _made_from(row, record)
        row.state = "approved"
    else:  # it was made for what the source said before
        row.state, row.source_text = "stale", row.source_text or ""
        row.source_hash = suggestion.source_hash
    decided(row)


def keep_right(session: Session, content_type: str, record: Any, before: Mapping[str, str]) -> int:
    """Keep the translations right of fields whose meaning an edit left alone; gives how many.

    `before` holds the fields' source hashes before the edit: what was out of date then stays so.
    """
    kept = 0
    for field, known in before.items():
        statement = (
            update(Translation)
            .where(
                Translation.content_type == content_type,
                Translation.object_id == record.id,
                Translation.field == field,
                Translation.source_hash == known,
            )
            .values(
                source_hash=source_hash(getattr(record, field)),
                source_revision=record.revision,
                source_text=None,
                state=case((Translation.state == "stale", "approved"), else_=Translation.state),
            )
            .returning(Translation.id)
            .execution_options(synchronize_session=False)
        )
        kept += len(session.scalars(statement).all())
    return kept


def texts_of(session: Session, keys: list[UUID]) -> dict[UUID, dict[tuple[str, str], Translation]]:
    """Read all translations of some records: by key, then by (locale, field)."""
    found: dict[UUID, dict[tuple[str, str], Translation]] = {}
    for row in session.scalars(select(Translation).where(Translation.object_id.in_(keys))):
        found.setdefault(row.object_id, {})[row.locale, row.field] = row
    return found
