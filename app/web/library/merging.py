"""One picture in place of another, everywhere it is shown: each record is written the one way records are."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.access import rows as row_rules
from app.kernel.errors import Conflict, NotFound
from app.media.models import Asset
from app.resources import Catalogue, On
from app.surfaces.records import writing
from app.surfaces.records.changes import Changes, ChildChanges
from app.web.library.uses import MOST, Use, uses_of

_LOCK = 0x0FE57017  # merges wait for each other: of two at once each could delete what the other keeps


class StillShown(Conflict):
    """The picture is shown where whoever asks may change nothing."""

    code: ClassVar[str] = "still_shown"


def hold_both(session: Session, kept: Asset, other: Asset) -> None:
    """Let nobody delete or merge two pictures meanwhile; raises NotFound where somebody deleted one of them.

    The rows themselves are held only against deletion: records that begin to show one of them count its uses
    there, and whoever saves such a record holds the record that a merge will wait for.
    """
    session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    both = select(Asset.id).where(Asset.id.in_([kept.id, other.id])).order_by(Asset.id)
    if len(session.scalars(both.with_for_update(read=True, key_share=True)).all()) < 2:
        raise NotFound(writing.GONE)


def use_everywhere(session: Session, catalogue: Catalogue, kept: Asset, other: Asset) -> int:
    """Show a picture wherever another one is shown; gives how many records were written.

    Every one of them, or none: raises StillShown where the reader may not change a record that shows it. Each
    record gets its next revision and its entry in the history.
    """
    written = 0
    while uses := uses_of(catalogue, other.id):
        for owner, theirs in _by_owner(uses).items():
            _exchange(session, catalogue, owner, theirs, kept)
            written += 1
        if len(uses) < MOST:
            break
    return written


def _by_owner(uses: list[Use]) -> dict[tuple[str, Any], list[Use]]:
    found: dict[tuple[str, Any], list[Use]] = {}
    for use in sorted(uses, key=lambda use: (use.place.resource.name, use.owner)):
        found.setdefault((use.place.resource.name, use.owner), []).append(use)
    return found


def _exchange(
    session: Session, catalogue: Catalogue, owner: tuple[str, Any], uses: list[Use], kept: Asset
) -> None:
    resource = catalogue[owner[0]]
    model = resource.model
    rule = row_rules.condition(resource.name, current_user, model, "edit")
    record = session.scalar(select(model).where(model.id == owner[1], rule))
    if record is None or not all(use.place.field.on & On.FORM for use in uses):
        raise StillShown(
            _l("The picture is also shown where you may change nothing (%(where)s).", where=resource.label)
        )
    changes = Changes()
    for use in uses:
        if use.place.child is None:
            changes.values[use.place.field.name] = str(kept.id)
    for name in {use.place.child.name for use in uses if use.place.child is not None}:
        changed = {
            use.row: use.place.field.name for use in uses if use.place.child and use.place.child.name == name
        }
        changes.children[name] = [
            ChildChanges(
                str(index),
                str(row.id),
                {changed[row.id]: str(kept.id)} if row.id in changed else {},
            )
            for index, row in enumerate(getattr(record, name))
        ]
    writing.write(session, catalogue, resource, record, changes)
