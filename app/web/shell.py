"""What the frame around every staff page needs: the menu, the reader, the languages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from app.access.babel import density_of_request, has_shortcuts, locale_of_request, theme_of_request
from app.access.messages import tongue
from app.access.rights import Rights, current_rights
from app.kernel import languages
from app.kernel.locales import direction, own_name
from app.resources import Catalogue, Resource

PRODUCT = "Festoon"


@dataclass(frozen=True, slots=True)
class Screen:
    """A screen written by hand, in the menu of whoever has one of its permissions.

    One that is `anywhere` is for whoever may do one of its verbs with any content type; one whose permission is
    called otherwise than the screen names it as `right`.
    """

    name: str
    label: Any
    url: str
    icon: str
    menu: Any
    verbs: tuple[str, ...] = ("list",)
    anywhere: bool = False
    right: str = ""


SCREENS: tuple[Screen, ...] = (
    Screen("report", _l("Reports"), "/reports/", "chart-bar", _l("Business")),
    Screen("simulation", _l("Simulator"), "/simulator/", "wand", _l("Venues")),
    Screen("text", _l("Translate"), "/translate/", "checklist", _l("Catalog"), ("translate",), anywhere=True),
    Screen("mail", _l("Mails"), "/mails/", "mail", _l("System"), ("list", "preview")),
    Screen("job", _l("Jobs"), "/jobs/", "bolt", _l("System")),
    Screen("timeline", _l("Calendar"), "/calendar/", "calendar-check", _l("Bookings"), right="booking"),
    Screen("free_times", _l("Free times"), "/free-times/", "clock", _l("Bookings"), right="booking"),
    Screen("day_sheet", _l("Day sheet"), "/day-sheet/", "printer", _l("Bookings"), right="booking"),
)


NEWS = {"conversation": "/inbox/waiting"}
"""Where a script of the page asks how much waits for the reader, by content type: no page waits for it."""


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One content type in the menu."""

    name: str
    label: str
    url: str
    icon: str
    active: bool
    news_url: str = ""
    key: str = ""  # the two keys that go there


@dataclass(frozen=True, slots=True)
class MenuGroup:
    """Content types that stand together."""

    label: str
    items: tuple[MenuItem, ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """Who is signed in, as the frame shows them."""

    id: int
    name: str
    email: str
    initials: str


@dataclass(frozen=True, slots=True)
class Shell:
    """The frame; `languages` are (code, own name, is it this one)."""

    menu: tuple[MenuGroup, ...]
    user: Reader | None
    locale: str
    direction: str
    languages: tuple[tuple[str, str, bool], ...]
    theme: str
    density: str = "cosy"
    has_shortcuts: bool = True
    product: str = PRODUCT
    profile_url: str = "/profile"
    logout_url: str = "/logout/"
    language_url: str = "/language"

    @property
    def has_news(self) -> bool:
        """Tell whether something in the menu counts what waits."""
        return any(item.news_url for group in self.menu for item in group.items)


def shell_context(catalogue: Catalogue) -> Callable[[], dict[str, Any]]:
    """Make the context processor that gives every template its `shell`."""

    def give() -> dict[str, Any]:
        locale = locale_of_request()
        return {
            "shell": Shell(
                menu=menu(catalogue) if current_user.is_authenticated else (),
                user=_reader(current_user) if current_user.is_authenticated else None,
                locale=locale,
                direction=direction(locale),
                languages=tuple(
                    (code, own_name(code), code == locale) for code in languages.interface_locales()
                ),
                theme=theme_of_request(),
                density=density_of_request(),
                has_shortcuts=has_shortcuts(),
            )
        }

    return give


def noun(word: Any) -> str:
    """Write a thing's name as it stands inside a sentence: German keeps its capital, others lose it."""
    text = str(word)
    return text if tongue().startswith("de") or text.isupper() else text.lower()


def menu(catalogue: Catalogue) -> tuple[MenuGroup, ...]:
    """List the content types that the reader may list, in declared order, grouped by their declared word.

    The screens written by hand stand behind them in their groups.
    """
    rights, path = current_rights(), request.path
    offered = tuple(
        any(_allows(rights, verb, entry) for verb in entry.verbs) for entry in _entries(catalogue)
    )
    active = next((entry.url for entry in _entries(catalogue) if path.startswith(entry.url)), "")
    return _menu(catalogue, tongue(), offered, active)


def _allows(rights: Rights, verb: str, entry: Screen) -> bool:
    permission = f"can_{verb}"
    return (
        rights.allow_anywhere(permission)
        if entry.anywhere
        else rights.allow(permission, entry.right or entry.name)
    )


@lru_cache(maxsize=512)
def _menu(
    catalogue: Catalogue, _tongue: str, offered: tuple[bool, ...], active: str
) -> tuple[MenuGroup, ...]:
    """Word the menu; few readers of a language have another one than those before."""
    keys = _keys(catalogue)
    groups: dict[str, list[MenuItem]] = {}
    for entry in compress(_entries(catalogue), offered):
        news_url, key = NEWS.get(entry.name, ""), keys.get(entry.url, "")
        item = MenuItem(
            entry.name, str(entry.label), entry.url, entry.icon, entry.url == active, news_url, key
        )
        groups.setdefault(str(entry.menu), []).append(item)
    return tuple(MenuGroup(label, tuple(items)) for label, items in groups.items())


@lru_cache(maxsize=8)
def _entries(catalogue: Catalogue) -> tuple[Screen, ...]:
    """List every screen that a menu can have."""
    return tuple(entry for entry in (*map(_screen_of, catalogue), *SCREENS) if entry.menu)


@lru_cache(maxsize=8)
def _keys(catalogue: Catalogue) -> dict[str, str]:
    """Give every screen its two keys: g and the first letter of its address that is free, in every language the same."""
    taken = set("hsn")  # home, search, notices
    keys = {}
    for url in (
        *(f"/{resource.path}/" for resource in catalogue if resource.menu),
        *(s.url for s in SCREENS),
    ):
        letter = next((sign for sign in url if sign.isalpha() and sign not in taken), "")
        if letter:
            taken.add(letter)
            keys[url] = f"g {letter}"
    return keys


def _screen_of(resource: Resource) -> Screen:
    return Screen(resource.name, resource.label, f"/{resource.path}/", resource.icon, resource.menu)


def _reader(user: Any) -> Reader:
    name = user.get_full_name().strip() or user.username
    initials = "".join(word[0] for word in name.split()[:2]).upper()
    return Reader(int(user.id), name, user.email, initials)
