"""Runs are asked for, cancelled, gone on with and taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.errors import Conflict, Invalid, NotFound
from app.kernel.languages import content_locales
from app.translation.prefill.estimating import asked_for, estimate, tools
from app.translation.prefill.models import CANCELLED, FAILED, WAITING, PrefillRun

# Nobody touched a text that is still the machine's and still says what it wrote. What was taken back once is gone.
_TAKE_BACK = text("""
DELETE FROM translation AS t USING prefill_text AS p
WHERE p.run_id = :run AND t.id = p.translation_id AND t.state = 'machine'
    AND encode(sha256(convert_to(t.text, 'UTF8')), 'hex') = p.mark
""")


def ask_for(
    session: Session,
    user: Any,
    config: Mapping[str, Any],
    locale: str,
    tool: str,
    types: Sequence[str],
    records: Sequence[str] = (),
) -> PrefillRun:
    """Write down a run that is to be made. Raises Invalid for what there is not, and where nothing is missing."""
    found = tools(config).get(tool)
    if found is None:
        raise Invalid({"tool": [_l("There is no such tool.")]})
    if locale not in content_locales():
        raise Invalid({"locale": [_l("There is no language %(tag)s to translate into.", tag=locale)]})
    told = estimate(session, user, asked_for(locale, list(types), list(records)), found)
    if not told.texts:
        raise Conflict(_l("Nothing is missing there."))
    run = PrefillRun(
        locale=locale,
        tool=found.name,
        label=found.label,
        types=list(types),
        records=list(records),
        texts=told.texts,
        words=told.words,
        characters=told.characters,
        known=told.known,
        by_id=int(user.id),
    )
    session.add(run)
    session.flush()
    return run


def cancel(session: Session, run_id: UUID) -> PrefillRun:
    """Stop a run after the batch that is in hand, which is not written any more."""
    run = _locked(session, run_id)
    if not run.is_under_way:
        raise Conflict(_l("It has ended already."))
    run.status, run.ended_at = CANCELLED, clock.now()
    return run


def go_on(session: Session, run_id: UUID) -> PrefillRun:
    """Let a run that stopped go on where it stopped."""
    run = _locked(session, run_id)
    if run.status not in (FAILED, CANCELLED) or run.undone_at is not None:
        raise Conflict(_l("It cannot go on."))
    run.status, run.trouble, run.ended_at = WAITING, "", None
    run.tries, run.next_at = 0, None
    return run


def take_back(session: Session, run_id: UUID) -> int:
    """Remove the texts of a run that nobody has touched since; gives how many."""
    run = _locked(session, run_id)
    if run.is_under_way:
        raise Conflict(_l("Stop it first."))
    removed: Any = session.execute(_TAKE_BACK, {"run": run_id})
    run.undone += removed.rowcount
    run.undone_at = clock.now()
    session.flush()
    session.expire_all()
    return int(removed.rowcount)


def _locked(session: Session, run_id: UUID) -> PrefillRun:
    found = session.get(PrefillRun, run_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound(_l("There is no such run."))
    return found
