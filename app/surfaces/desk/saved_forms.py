"""Which form of a person made which record: one that is sent twice makes it once."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_appbuilder import Model
from sqlalchemy import ForeignKey, Index, String, delete, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column
from werkzeug.datastructures import MultiDict

from app.kernel import clock
from app.kernel.db import Instant
from app.surfaces.desk.kept_forms import KEPT, typed_pairs


class SavedForm(Model):
    """The use of a form's key for a new record; `digest` is of what was typed."""

    __tablename__ = "saved_form"
    __table_args__ = (Index("ix_saved_form_at", "at"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[UUID] = mapped_column(primary_key=True)
    object_id: Mapped[str] = mapped_column(String(36), default="", server_default="")
    digest: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Instant(), default=clock.now, server_default=text("now()"))


@dataclass(frozen=True, slots=True)
class FirstUse:
    """The record that a key made before, and whether the same was typed then."""

    object_id: str
    is_same: bool


def digest_of(form: MultiDict[str, str]) -> str:
    """Fingerprint what was typed."""
    return hashlib.sha256(json.dumps(sorted(typed_pairs(form))).encode()).hexdigest()


def claim(session: Session, user_id: int, key: UUID, form: MultiDict[str, str]) -> FirstUse | None:
    """Take a key for a new record; gives its first use when it was taken before.

    Whoever sends the same at the same moment waits here until the first is committed or rolled back.
    """
    digest = digest_of(form)
    taking = insert(SavedForm).values(user_id=user_id, key=key, digest=digest, at=clock.now())
    taking = taking.on_conflict_do_nothing()
    if session.execute(taking.returning(SavedForm.key)).first() is not None:
        return None
    found = select(SavedForm.object_id, SavedForm.digest).where(*_at(user_id, key)).with_for_update()
    first = session.execute(found).one()
    return FirstUse(first.object_id, first.digest == digest)


def note(session: Session, user_id: int, key: UUID, record: Any, form: MultiDict[str, str]) -> None:
    """Write down which record the key made."""
    facts = {"object_id": str(record.id), "digest": digest_of(form), "at": clock.now()}
    session.execute(update(SavedForm).where(*_at(user_id, key)).values(**facts))


def made_by(session: Session, user_id: int, key: UUID, form: MultiDict[str, str]) -> str:
    """Give the key of the record that a form made of just this; "" where it made none, or another was typed then."""
    made = select(SavedForm.object_id).where(*_at(user_id, key), SavedForm.digest == digest_of(form))
    return session.scalar(made) or ""


def sweep(session: Session) -> int:
    """Forget uses as old as kept forms that are forgotten; gives how many."""
    old = delete(SavedForm).where(SavedForm.at < clock.now() - KEPT)
    return int(getattr(session.execute(old), "rowcount", 0))


def _at(user_id: int, key: UUID) -> tuple[Any, Any]:
    return SavedForm.user_id == user_id, SavedForm.key == key
