"""What a kept form would change of its record: asked by the form that offers it, and by the lists that count it."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.kernel import languages
from app.resources import Resource
from app.surfaces.desk.kept_forms import KeptForm
from app.surfaces.records.changes import read_form
from app.surfaces.records.merging import differences
from app.surfaces.records.states import present, typed
from app.surfaces.screens.settling import began_from
from app.surfaces.screens.slots import row_keys, slot_labels


def unsaved(session: Session, resource: Resource, record: Any, kept: KeptForm, writes: bool) -> list[str]:
    """Name what a kept form holds and its record does not; nothing when all of it is saved.

    `writes` tells whether the reader may write more than translations. What others saved since is not the
    reader's.
    """
    sent = read_form(resource, kept.typed, languages.content_locales(), writes)
    yours, now = typed(session, resource, sent, record), present(session, resource, record)
    began = began_from(session, resource, record, now, kept.typed.get("base", ""))
    own = set(differences(began, yours)) if began else None
    slots = [slot for slot in differences(now, yours) if own is None or slot in own]
    return slot_labels(resource, slots, row_keys(now, yours))
