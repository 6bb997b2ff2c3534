"""A text that was changed in its row, as on the translations' own screen: it obeys what all writers obey."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Connection, event, inspect, select
from sqlalchemy.orm import object_session

from app.kernel.db import metadata
from app.kernel.errors import Forbidden, Invalid
from app.resources.kinds import Unreadable
from app.translation.checked import check_text
from app.translation.models import Translation
from app.translation.sources import read_text, source_hash
from app.translation.states import hand_of, state_of_written
from app.translation.units import find_unit


def judge_direct_writes() -> None:
    """Have every text judged that is saved past whoever writes texts."""
    for moment in ("before_insert", "before_update"):
        event.listen(Translation, moment, _keep_readable)


def _keep_readable(_mapper: Any, connection: Connection, row: Translation) -> None:
    """Judge one that was written on the translations' own screen, too; one that stays as it is may be older."""
    if not inspect(row).attrs.text.history.has_changes():
        return
    try:
        row.text = read_text(row.content_type, row.field, row.text, row.locale)
    except Unreadable as error:
        raise Invalid({"text": [error.sentence]}) from error
    if row.is_decided:
        row.is_decided = False
    elif inspect(row).persistent:
        _must_pass(row)
        _written_directly(connection, row)


def _must_pass(row: Translation) -> None:
    """Refuse what the checks call wrong, as the queue does."""
    session: Any = object_session(row)
    unit = find_unit(session, None, row.content_type, row.object_id, row.field, row.locale)
    if unit is None:
        return
    found = check_text(row.content_type, row.field, row.locale, unit.source, row.text)
    errors = [finding.sentence for finding in found if finding.is_error]
    if errors:
        raise Invalid({"text": errors})


def _written_directly(connection: Connection, row: Translation) -> None:
    """Let a text that was changed in its row obey what its record's form would have said."""
    hand = hand_of(row.content_type, row.locale)
    was: Any = inspect(row).attrs.state.history
    before = was.deleted[0] if was.deleted else row.state
    state = state_of_written(before, hand)
    if state is None:
        raise Forbidden(
            _l("This text is approved. Suggest another one, or ask who may approve to change it.")
        )
    if not was.has_changes():
        row.state = state
    row.author_id = hand.user_id if hand.user_id is not None else row.author_id
    if not inspect(row).attrs.source_hash.history.has_changes():
        _made_anew(connection, row)


def _made_anew(connection: Connection, row: Translation) -> None:
    """Whoever writes a text anew that was out of date makes it from the source as it is."""
    table = metadata.tables.get(row.content_type)
    if table is None or row.field not in table.c:
        return
    source = connection.scalar(select(table.c[row.field]).where(table.c.id == row.object_id))
    row.source_hash, row.source_text = source_hash(source), None
