"""What the frame around every staff page needs: the menu, the reader, the languages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import request
from flask_login import current_user

from app.access.babel import locale_of_request, theme_of_request
from app.access.rights import current_rights
from app.kernel.locales import SHIPPED, direction, own_name
from app.resources import Catalogue

PRODUCT = "Festoon"


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One content type in the menu."""

    name: str
    label: str
    url: str
    icon: str
    active: bool


@dataclass(frozen=True, slots=True)
class MenuGroup:
    """Content types that stand together."""

    label: str
    items: tuple[MenuItem, ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """Who is signed in, as the frame shows them."""

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
    product: str = PRODUCT
    profile_url: str = "/profile"
    logout_url: str = "/logout/"
    language_url: str = "/language"


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
                languages=tuple((code, own_name(code), code == locale) for code in SHIPPED),
                theme=theme_of_request(),
            )
        }

    return give


def menu(catalogue: Catalogue) -> tuple[MenuGroup, ...]:
    """List the content types that the reader may list, in declared order, grouped by their declared word."""
    rights = current_rights()
    groups: dict[str, list[MenuItem]] = {}
    for resource in catalogue:
        if rights.allow("can_list", resource.name):
            url = f"/{resource.path}/"
            is_active = request.path.startswith(url)
            item = MenuItem(resource.name, str(resource.label), url, resource.icon, is_active)
            groups.setdefault(str(resource.menu), []).append(item)
    return tuple(MenuGroup(label, tuple(items)) for label, items in groups.items())


def _reader(user: Any) -> Reader:
    name = user.get_full_name().strip() or user.username
    initials = "".join(word[0] for word in name.split()[:2]).upper()
    return Reader(name, user.email, initials)
