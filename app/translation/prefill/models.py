"""A run of a tool over what is missing in a language, and which texts it wrote."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask_appbuilder import Model
from sqlalchemy import CheckConstraint, ForeignKey, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Instant, Record

WAITING, RUNNING, DONE, CANCELLED, FAILED = "waiting", "running", "done", "cancelled", "failed"
UNDER_WAY = (WAITING, RUNNING)


class PrefillRun(Record):
    """What was asked for, how far it came, and what became of it.

    `place` is the key of the last unit that was settled: whoever goes on begins after it. `types` and `records`
    say of which texts; empty ones are all. `texts`, `words`, `characters` and `known` were counted at its
    beginning; the others count what happened since: `passed` are texts that somebody wrote meanwhile or whose
    source changed, `asked` the questions to a service, `tokens` what it says it took for them.
    """

    __tablename__ = "prefill_run"
    __table_args__ = (
        CheckConstraint("status IN ('waiting','running','done','cancelled','failed')", name="status"),
    )

    locale: Mapped[str] = mapped_column(String(35))
    tool: Mapped[str] = mapped_column(String(20))
    label: Mapped[str] = mapped_column(String(80))
    """What stands beside each text as its tool."""
    types: Mapped[list[str]] = mapped_column(JSONB, default=list, server_default=text("'[]'::jsonb"))
    records: Mapped[list[str]] = mapped_column(JSONB, default=list, server_default=text("'[]'::jsonb"))
    status: Mapped[str] = mapped_column(String(10), default=WAITING, server_default=WAITING)
    place: Mapped[str] = mapped_column(String(200), default="", server_default="")
    texts: Mapped[int] = mapped_column(default=0, server_default="0")
    words: Mapped[int] = mapped_column(default=0, server_default="0")
    characters: Mapped[int] = mapped_column(default=0, server_default="0")
    known: Mapped[int] = mapped_column(default=0, server_default="0")
    seen: Mapped[int] = mapped_column(default=0, server_default="0")
    written: Mapped[int] = mapped_column(default=0, server_default="0")
    refused: Mapped[int] = mapped_column(default=0, server_default="0")
    unanswered: Mapped[int] = mapped_column(default=0, server_default="0")
    passed: Mapped[int] = mapped_column(default=0, server_default="0")
    asked: Mapped[int] = mapped_column(default=0, server_default="0")
    tokens: Mapped[int] = mapped_column(default=0, server_default="0")
    undone: Mapped[int] = mapped_column(default=0, server_default="0")
    trouble: Mapped[str] = mapped_column(String(500), default="", server_default="")
    """Why it stopped, in the code's words."""
    job_id: Mapped[str] = mapped_column(String(64), default="", server_default="")
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    """How often in a row the service asked to come back later."""
    next_at: Mapped[datetime | None] = mapped_column(Instant())
    """Before this nobody goes on with it."""
    by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"))
    began_at: Mapped[datetime | None] = mapped_column(Instant())
    ended_at: Mapped[datetime | None] = mapped_column(Instant())
    undone_at: Mapped[datetime | None] = mapped_column(Instant())

    @property
    def is_under_way(self) -> bool:
        """Tell whether it has not ended."""
        return self.status in UNDER_WAY


class PrefillText(Model):
    """A text that a run wrote; `mark` is the fingerprint of what it wrote, by which it is known to be untouched."""

    __tablename__ = "prefill_text"

    run_id: Mapped[UUID] = mapped_column(ForeignKey("prefill_run.id", ondelete="CASCADE"), primary_key=True)
    translation_id: Mapped[UUID] = mapped_column(primary_key=True)
    mark: Mapped[str] = mapped_column(String(64))
