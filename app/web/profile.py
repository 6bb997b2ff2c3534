"""What the page of one's own account is given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from app.access.babel import locale_of_request
from app.access.models import THEMES
from app.kernel.locales import SHIPPED, own_name
from app.surfaces.screens.pages import Choice, FieldInput


@dataclass(frozen=True, slots=True)
class ProfileInput(FieldInput):
    """An input that tells the browser what to fill in."""

    autocomplete: str = "off"


@dataclass(frozen=True, slots=True)
class ProfileSection:
    """One form of the page."""

    title: str
    help: str
    url: str
    submit: str
    fields: tuple[FieldInput, ...]
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProfilePage:
    """users/profile.html."""

    name: str
    email: str
    roles: str
    sections: tuple[ProfileSection, ...]


def profile_page(
    user: Any, roles: Sequence[str], theme: str, errors: Mapping[str, Sequence[str]]
) -> ProfilePage:
    """Word the account of the signed-in user; `errors` are those of the password form."""
    name = user.get_full_name().strip() or user.username
    return ProfilePage(name, user.email, ", ".join(roles), (_language(), _theme(theme), _password(errors)))


def _language() -> ProfileSection:
    chosen = locale_of_request()
    choices = tuple(Choice(tag, own_name(tag), tag == chosen) for tag in SHIPPED)
    return ProfileSection(
        _("Language"),
        _("The language of these screens. What visitors read is translated with each record."),
        "/language",
        _("Use this language"),
        (FieldInput("locale", _("Language"), "choice", chosen, required=True, choices=choices),),
    )


def _theme(chosen: str) -> ProfileSection:
    words = {"auto": _("As the system"), "light": _("Light"), "dark": _("Dark")}
    choices = tuple(Choice(theme, words[theme], theme == chosen) for theme in THEMES)
    return ProfileSection(
        _("Appearance"),
        "",
        "/profile/theme",
        _("Use this appearance"),
        (FieldInput("theme", _("Appearance"), "choice", chosen, required=True, choices=choices),),
    )


def _password(errors: Mapping[str, Sequence[str]]) -> ProfileSection:
    rows = (
        ("current", _("Present password"), "current-password"),
        ("new", _("New password"), "new-password"),
        ("again", _("New password, once more"), "new-password"),
    )
    return ProfileSection(
        _("Password"),
        _("Changing it signs you out on every other device."),
        "/profile/password",
        _("Change the password"),
        tuple(
            ProfileInput(
                name, label, "password", required=True, errors=tuple(errors.get(name, ())), autocomplete=hint
            )
            for name, label, hint in rows
        ),
    )
