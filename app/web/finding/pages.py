"""What the templates of the palette, of the search and of notices are given, worded already."""

from __future__ import annotations

from dataclasses import dataclass

from app.surfaces.screens.pages import Button, Cell
from app.surfaces.search.highlights import Piece


@dataclass(frozen=True, slots=True)
class Line:
    """A record in the palette or among the results; `aside` is its content type, `of` names it to the server.

    `about` tells it from others of its title where nothing else does.

    `foreign` is (language, tag, direction, the found text) where it was found in another language.
    """

    of: str
    url: str
    icon: str
    aside: str
    title: tuple[Piece, ...]
    picture: str = ""
    status: Cell | None = None
    excerpt: tuple[Piece, ...] = ()
    about: str = ""
    foreign: tuple[str, str, str, tuple[Piece, ...]] | None = None


@dataclass(frozen=True, slots=True)
class Command:
    """Something the palette does: opens `url`, or clicks what `clicks` finds on the page.

    `words` are further words by which it is found; nobody sees them.
    """

    label: str
    icon: str
    url: str = ""
    clicks: str = ""
    words: str = ""
    key: str = ""
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Commands:
    """A group of them; `words` are words by which each of them is found beside its own."""

    name: str
    label: str
    commands: tuple[Command, ...]
    words: str = ""


@dataclass(frozen=True, slots=True)
class Palette:
    """palette/_start.html: what is there before anything is typed."""

    pinned: tuple[Line, ...]
    recent: tuple[Line, ...]
    groups: tuple[Commands, ...]


@dataclass(frozen=True, slots=True)
class RecordMenu:
    """palette/_record.html: what may be done with a record; buttons that post are sent with the token."""

    line: Line
    buttons: tuple[Button, ...]
    is_pinned: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A content type among the results."""

    label: str
    icon: str
    number: str
    url: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class SearchPage:
    """search/page.html."""

    query: str
    only: str
    lines: tuple[Line, ...]
    facets: tuple[Facet, ...]
    total: str
    range: str = ""
    next_url: str = ""
    before_url: str = ""
    list_url: str = ""
    list_title: str = ""


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A notice: what happened, about what, when."""

    id: str
    kind: str
    icon: str
    sentence: str
    title: str
    url: str
    when: str
    exact: str
    is_read: bool


@dataclass(frozen=True, slots=True)
class KindLink:
    """A kind of notices that the list can be narrowed to."""

    label: str
    url: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class NoticesPage:
    """notices/page.html and notices/_panel.html."""

    lines: tuple[NoticeLine, ...]
    kinds: tuple[KindLink, ...]
    only_unread: bool
    unread_url: str
    all_url: str
    next_url: str = ""
    has_unread: bool = False
