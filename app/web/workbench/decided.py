"""The suggestions for a text that somebody has decided on: what became of each, by whom, and why."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.surfaces.records import wording
from app.surfaces.texts.offers import names_of
from app.translation.models import TranslationSuggestion
from app.translation.units import Unit
from app.web.workbench.pages import Decided
from app.web.workbench.plain import shown

MOST = 12
DECIDED = ("accepted", "declined")


def decided(session: Session, here: Sequence[Unit]) -> tuple[Decided, ...]:
    """List those for all forms of a place, the latest decision first."""
    units = {unit.translation_id: unit for unit in here if unit.translation_id is not None}
    if not units:
        return ()
    one = TranslationSuggestion
    statement = select(one).where(one.translation_id.in_(units), one.state.in_(DECIDED))
    found = session.scalars(statement.order_by(one.decided_at.desc(), one.id.desc()).limit(MOST)).all()
    names = names_of(session, {key for row in found for key in (row.author_id, row.decided_by_id)})
    return tuple(_worded(row, units[row.translation_id], names) for row in found)


def _worded(row: TranslationSuggestion, unit: Unit, names: dict[int, str]) -> Decided:
    at, reader = row.decided_at or row.updated_at, wording.reader()
    return Decided(
        by=names.get(row.author_id or 0, "") or row.origin or _("Somebody"),
        when=wording.ago(at, reader),
        exact=wording.exact(at, reader),
        did=_did(row, names),
        text=shown(unit, row.text),
        reason=row.reason,
    )


def _did(row: TranslationSuggestion, names: dict[int, str]) -> str:
    judge = names.get(row.decided_by_id or 0, "") or _("Somebody")
    if row.state == "accepted":
        return _("Suggestion accepted by %(name)s", name=judge)
    if row.author_id is not None and row.author_id == row.decided_by_id:
        return _("Suggestion taken back")
    return _("Suggestion declined by %(name)s", name=judge)
