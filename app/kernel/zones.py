"""The time zones there are: those of the IANA database that is shipped, whatever the machine's folder holds."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

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
