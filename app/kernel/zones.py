"""The time zones there are, by the IANA database that is shipped, and what their clocks show."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

_NO_PLACES = frozenset({"Factory", "localtime", "posixrules"})
"""Names that say nothing of where somebody is, or mean another zone on another machine."""


@cache
def zones() -> frozenset[str]:
    """List the names, such as Europe/Berlin; read once."""
    names = files("tzdata").joinpath("zones").read_text("ascii").split()
    return frozenset(
        name for name in names if name not in _NO_PLACES and not name.startswith(("posix/", "right/"))
    )


def is_zone(name: str) -> bool:
    """Tell whether there is a zone of that name."""
    return name in zones()


def instants(day: date, wall: time, zone: str) -> tuple[datetime, ...]:
    """List the instants that a wall time may mean: none where the clocks jump over it, two when it comes twice."""
    there = ZoneInfo(zone)
    meant = {datetime.combine(day, wall, there).replace(fold=fold).astimezone(UTC) for fold in (0, 1)}
    shown = {at: at.astimezone(there) for at in meant}
    return tuple(sorted(at for at, local in shown.items() if (local.date(), local.time()) == (day, wall)))


def shown(at: datetime, zone: str) -> str:
    """Write an instant as the clocks of a zone show it, to the minute: 2027-05-24T18:00."""
    return at.astimezone(ZoneInfo(zone)).isoformat(timespec="minutes")[:16]
