"""What was chosen in the form of a closure: whether its reader may do it, and whether they were told of all of it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy import select

from app.access import rows
from app.access.rights import may
from app.domains.bookings.service.closing import Choice, Decision
from app.domains.venues.queries import SeenRoom
from app.kernel.db import db
from app.kernel.errors import Invalid
from app.kernel.ids import parse_id
from app.web.timeline.asked import instant_of
from app.web.timeline.places import model_of, seen_rooms

MARK = "closing-"
SEEN = f"{MARK}seen"
"""The bookings that whoever sends the form was told of."""

MOST_NAMED = 500
"""So many are told of by their keys; those behind them by their number, and by what their keys come to."""

DEEDS = (Choice.MOVE, Choice.CALL_OFF, Choice.CANCEL)


def doable(choice: Choice, keys: Collection[UUID]) -> frozenset[UUID]:
    """Give the bookings with which the reader may do it: the right, and the rows for which they have it."""
    if not keys or not may(choice.value, "booking"):
        return frozenset()
    model = model_of("booking")
    mine = rows.condition("booking", current_user, model, choice.value)
    return frozenset(db.session.scalars(select(model.id).where(model.id.in_(keys), mine)))


def read_decisions(typed: Mapping[str, str], keys: Iterable[UUID], venue_id: UUID) -> list[Decision]:
    """Read what was chosen for the bookings under a closure. Raises Invalid where the reader may not do it."""
    names = {choice.value for choice in DEEDS}
    chosen = {key: Choice(name) for key in keys if (name := typed.get(f"{MARK}{key}", "")) in names}
    _check_rights(chosen)
    moved = Choice.MOVE in chosen.values()
    rooms = {room.id: room for room in seen_rooms() if room.venue_id == venue_id} if moved else {}
    return [
        _move(key, typed.get(f"{MARK}{key}-to", ""), rooms)
        if choice is Choice.MOVE
        else Decision(key, choice)
        for key, choice in chosen.items()
    ]


def _check_rights(chosen: Mapping[UUID, Choice]) -> None:
    refused = 0
    for choice in set(chosen.values()):
        wanted = [key for key, other in chosen.items() if other is choice]
        refused += len(wanted) - len(doable(choice, wanted))
    if refused:
        sentence = ngettext(
            "You may not do what was chosen for %(num)s booking. Leave it to those who look after it.",
            "You may not do what was chosen for %(num)s bookings. Leave them to those who look after them.",
            refused,
        )
        raise Invalid({"": [sentence]})


def _move(key: UUID, place: str, rooms: Mapping[UUID, SeenRoom]) -> Decision:
    """Read a room and an instant; the service says what is missing where nothing was chosen."""
    told, _bar, at = place.partition("|")
    room_id = parse_id(told)
    if room_id is None:
        return Decision(key, Choice.MOVE)
    if room_id not in rooms:
        raise Invalid(
            {"": [_("A booking can be moved to a room of this venue only. Choose one from the list.")]}
        )
    try:
        return Decision(key, Choice.MOVE, room_id, instant_of("", at, rooms[room_id].zone))
    except Invalid as error:
        raise Invalid({"": [sentence for texts in error.errors.values() for sentence in texts]}) from error


def seen_of(keys: Sequence[UUID]) -> str:
    """Write into a form of which bookings it tells."""
    rest = keys[MOST_NAMED:]
    return ",".join([*map(str, keys[:MOST_NAMED]), *([_sum_of(rest)] if rest else [])])


def untold(seen: str, keys: Sequence[UUID], stood: Collection[UUID]) -> list[UUID]:
    """Give the bookings under a closure that its form did not tell of, and that did not stand under it before.

    Those without a name are told of only where they are the same to the last one.
    """
    parts = seen.split(",")[: MOST_NAMED + 1]
    named = {parse_id(part) for part in parts}
    rest = [key for key in keys if key not in named]
    if rest and _sum_of(rest) in parts:
        return []
    return [key for key in rest if key not in stood]


def _sum_of(keys: Collection[UUID]) -> str:
    return hashlib.sha256(b"".join(key.bytes for key in sorted(keys))).hexdigest()
