"""What the template of the jobs screen is given: sections of lines, each with facts, progress, cause and buttons."""

from __future__ import annotations

from dataclasses import dataclass

Alert = tuple[str, str, str]
"""(tone, title, sentence)."""


@dataclass(frozen=True, slots=True)
class When:
    """An instant: in words, exact in UTC, and for the script that says it in the reader's own time zone."""

    text: str
    exact: str
    iso: str
    is_local: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """A word about a line; `when` comes after the label, if there is one."""

    label: str
    when: When | None = None
    is_code: bool = False


@dataclass(frozen=True, slots=True)
class Deed:
    """A button of a line; what is posted goes to the section's address, or to `url`."""

    action: str
    label: str
    icon: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One job, worker, queue or delivery."""

    id: str
    title: str
    facts: tuple[Fact, ...] = ()
    state: str = ""
    tone: str = ""
    done: int = 0
    total: int = 0
    progress: str = ""
    cause: str = ""
    deeds: tuple[Deed, ...] = ()
    is_code: bool = True


@dataclass(frozen=True, slots=True)
class Section:
    """A titled list; `everything` are buttons for all of it at once."""

    name: str
    title: str
    lines: tuple[Line, ...]
    nothing: str
    url: str = ""
    everything: tuple[Deed, ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class Tab:
    """A view of the screen."""

    label: str
    url: str
    count: int
    tone: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Board:
    """jobs/index.html."""

    view: str
    url: str
    tabs: tuple[Tab, ...]
    alerts: tuple[Alert, ...]
    sections: tuple[Section, ...]
