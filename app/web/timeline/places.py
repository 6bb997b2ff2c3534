"""The venues and rooms that the reader sees, as the calendar shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from flask import current_app
from flask_babel import gettext as _
from flask_login import current_user

from app.access import rows
from app.access.babel import zone_of_request
from app.domains.venues import queries as venues
from app.domains.venues.queries import SeenRoom
from app.kernel.db import db
from app.surfaces.records import wording
from app.web.timeline.asked import Asked

PATH = "/calendar/"


@dataclass(frozen=True, slots=True)
class VenueChoice:
    """A venue that can be shown or not, with its rooms."""

    slug: str
    name: str
    zone: str
    is_shown: bool
    rooms: tuple[SeenRoom, ...]


@dataclass(frozen=True, slots=True)
class ZoneChoice:
    """A zone in which times can be shown."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """timeline/index.html. `note` says in which zone times are shown where that is not every venue's own."""

    asked: Asked
    venues: tuple[VenueChoice, ...]
    rooms: tuple[SeenRoom, ...]
    zones: tuple[ZoneChoice, ...]
    zone: str
    zone_words: str
    note: str


def model_of(name: str) -> Any:
    """Give the model of a content type."""
    return current_app.extensions["catalogue"][name].model


def seen_rooms() -> list[SeenRoom]:
    """List the rooms that the reader may see, in venues that they may see: one statement."""
    conditions = (rows.condition(name, current_user, model_of(name)) for name in ("room", "venue"))
    return venues.seen_rooms(db.session.connection(), *conditions)


def page_of(asked: Asked, rooms: Sequence[SeenRoom]) -> TimelinePage:
    """Word the whole page around the calendar."""
    shown, locale = asked.chosen(rooms), wording.reader()
    zone = asked.shown_zone(shown)
    own = {room.zone for room in shown}
    note = (
        ""
        if own <= {zone}
        else _("All times are shown as the clocks in %(place)s.", place=_place(zone, locale))
    )
    return TimelinePage(
        asked=asked,
        venues=tuple(_venues(asked, rooms)),
        rooms=tuple(shown),
        zones=tuple(_zones(asked, own, zone, locale)),
        zone=zone,
        zone_words=_place(zone, locale),
        note=note,
    )


def address(asked: Asked, **changed: str) -> str:
    """Give the address of the screen with some of its state changed."""
    state = {"view": asked.view, "date": asked.day.isoformat(), "venues": ",".join(asked.venues)}
    pairs = {name: value for name, value in (state | {"zone": asked.zone} | changed).items() if value}
    return f"{PATH}?{urlencode(pairs, safe=',/')}"


def _venues(asked: Asked, rooms: Sequence[SeenRoom]) -> list[VenueChoice]:
    found = []
    for (slug, name, zone), many in groupby(
        rooms, lambda room: (room.venue_slug, room.venue_name, room.zone)
    ):
        is_shown = not asked.venues or slug in asked.venues
        found.append(VenueChoice(slug, name, zone, is_shown, tuple(many)))
    return found


def _zones(asked: Asked, own: set[str], zone: str, locale: str) -> list[ZoneChoice]:
    """Offer the venues' own zone where they share one, then each of theirs, the reader's, and UTC."""
    is_own = len(own) == 1 and not asked.zone
    choices = []
    if len(own) == 1:
        place = _place(next(iter(own)), locale)
        choices.append(ZoneChoice("", _("The venue's own: %(place)s", place=place), is_own))
    names = dict.fromkeys([*sorted(own), zone_of_request(), "UTC", zone])
    return choices + [ZoneChoice(name, _place(name, locale), name == zone and not is_own) for name in names]


def _place(zone: str, locale: str) -> str:
    return wording.zone(zone, locale)
