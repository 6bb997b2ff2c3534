"""A change of days of a series: what its form asks for, which days are meant, and what it would do to each."""

from __future__ import annotations

from datetime import time
from typing import Any

from flask import abort
from flask_babel import gettext as _

from app.domains.bookings import service
from app.domains.bookings.queries import read_rooms
from app.domains.bookings.service import Reach
from app.kernel import clock
from app.kernel.db import db
from app.kernel.ids import parse_id
from app.web.bookings.seen import others
from app.web.series import pages
from app.web.series.asked import Asked, read_change
from app.web.series.words import DayLine
from app.web.timeline.places import seen_rooms


def reach_of(sent: Any) -> Reach:
    """Read how much of a series is meant; all of it where that is not told."""
    told = sent.get("reach", "")
    return Reach(told) if told in set(Reach) else Reach.ALL


def meant_days(session: Any, series: Any, sent: Any, verb: str) -> Any:
    """List the days that are meant, as far as the reader may do the verb with the booking of each."""
    day = parse_id(sent.get("day", ""))
    occurrence = next((one for one in series.occurrences if one.id == day), None)
    if reach_of(sent) is not Reach.ALL and occurrence is None:
        abort(404)
    return service.within(session, series, reach_of(sent), occurrence, pages.seen(verb))


def _rooms_beside(series: Any) -> list[Any]:
    """List the rooms to which a whole series may move: of its own venue, so that it stays the same company's."""
    rooms = seen_rooms()
    venue = next((one.venue_id for one in rooms if one.id == series.room_id), None)
    return [one for one in rooms if one.venue_id == venue]


def asked_change(series: Any, sent: Any) -> tuple[dict[str, str], Asked]:
    """Read what is to be different, with what is wrong of it."""
    texts, asked = read_change(sent)
    wanted = texts.get("room_id")
    if wanted and parse_id(wanted) not in {one.id for one in _rooms_beside(series)}:
        asked.faults["room_id"] = _("Choose one from the list.")
    return texts, asked


def change_of(series: Any, texts: dict[str, str]) -> Any:
    """Make the change that a form without faults asks for."""
    starts = time.fromisoformat(texts["starts"]).replace(tzinfo=None) if texts.get("starts") else None
    key = parse_id(texts.get("room_id", ""))
    return pages.read_change_of(texts, key if key != series.room_id else None, starts)


def change_page(series: Any, sent: Any) -> pages.ChangePage:
    """Word a change before it is done."""
    texts, asked = asked_change(series, sent)
    session, rooms = db.session(), _rooms_beside(series)
    what = texts["what"] if texts.get("what") in ("cancel", "confirm") else "move"
    meant = meant_days(session, series, sent, what)
    zone = next((one.zone for one in rooms), "UTC")
    lines: tuple[DayLine, ...] = ()
    free = blocked = 0
    rivals: list[Any] = []
    if what == "confirm":
        meant = service.waiting_days(session, series, pages.seen(what))
        rivals = service.rivals_of(session, meant)
    if what != "move":
        lines = pages.standing_lines(meant, zone)
        free = len(lines)
    elif not asked.faults:
        change = change_of(series, texts)
        changed = service.foresee_change(session, series, meant, change)
        target = change.room_id or series.room_id
        if changed:
            known = read_rooms(session.connection(), [target], [changed[0].foreseen.day], clock.now())
            lines = pages.change_lines(changed, known[target])
        free = sum(one.foreseen.is_free for one in changed)
        blocked = len(changed) - free
    return pages.ChangePage(
        pages.series_page(series),
        lines,
        free,
        blocked,
        next(iter(asked.faults.values()), ""),
        what,
        reach_of(sent).value,
        texts.get("day", ""),
        texts,
        tuple(rooms),
        others(rivals, zone),
        tuple(str(one.id) for one in rivals),
    )
