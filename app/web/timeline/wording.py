"""What the script of the calendar needs to know and to say."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from flask_babel import gettext as _

from app.access.rights import may
from app.kernel import clock
from app.surfaces.records import wording
from app.web.timeline.judging import wall
from app.web.timeline.places import PATH, TimelinePage


def settings(page: TimelinePage) -> dict[str, Any]:
    """Give the state of the page, its rooms, what the reader may do, and the script's sentences."""
    rooms = [
        {"id": str(room.id), "name": room.name, "venue": room.venue_slug, "shortest": room.shortest}
        for room in page.rooms
    ]
    venues = [{"slug": one.slug, "name": one.name} for one in page.venues if one.is_shown]
    return {
        "url": PATH,
        "view": page.asked.view,
        "date": page.asked.day.isoformat(),
        "venues": ",".join(page.asked.venues),
        "asked_zone": page.asked.zone,
        "zone": page.zone,
        "now": wall(clock.now(), page.zone),
        "offset": _offset(page.zone),
        "rooms": rooms,
        "shown_venues": venues,
        "first_day": (Locale.parse(wording.reader()).first_week_day + 1) % 7,
        "may": {verb: may(verb, "booking") for verb in ("move", "add", "show")},
        "words": words(),
    }


def _offset(zone: str) -> str:
    """Write how far a zone is from UTC now, such as +05:30: by it the calendar marks the present."""
    return clock.now().astimezone(ZoneInfo(zone)).isoformat()[-6:]


def words() -> dict[str, str]:
    """Give the sentences that the script says."""
    return {
        "failed": _("The calendar cannot be read at present. It is tried again in some seconds."),
        "offline": _("There is no connection. Nothing was changed; try again."),
        "asking": _("Asking whether this time is free…"),
        "all_kept": _("Every rule is kept"),
        "others_kept": _("Every other rule is kept"),
        "set_aside": _("These rules are set aside, for the reason that you give."),
        "moved_back": _("It is back where it was."),
        "collapse": _("Fold the rooms"),
        "expand": _("Show the rooms"),
        "more": _("+{n} more"),
        "close": _("Close"),
        "total": _("Total"),
        "nothing": _("Nothing is booked on these days."),
    }
