"""What the page of one's own account is given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app
from flask_babel import gettext as _

from app.access.babel import density_of_request, has_shortcuts, locale_of_request, theme_of_request
from app.access.models import DENSITIES, THEMES, StaffSession
from app.access.sessions import current_session, open_sessions
from app.kernel import languages
from app.kernel.devices import device_name
from app.kernel.locales import own_name
from app.kernel.zones import is_zone
from app.surfaces.records import wording
from app.surfaces.screens.form_pages import FieldInput
from app.surfaces.screens.pages import Choice
from app.web.shell import menu

MOST_SHOWN = 10
SWITCHES = {"on": True, "off": False}
Errors = Mapping[str, Sequence[str]]


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
class SignedIn:
    """One place in which the reader is signed in."""

    id: str
    device: str
    address: str
    seen: str
    exact: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class ProfilePage:
    """users/profile.html."""

    name: str
    email: str
    roles: str
    sections: tuple[ProfileSection, ...]
    signed_in: tuple[SignedIn, ...]


def profile_page(user: Any, roles: Sequence[str], errors: Errors, typed: Mapping[str, str]) -> ProfilePage:
    """Word the account of the signed-in user; `errors` are those of the form that was sent, `typed` what it held."""
    name = user.get_full_name().strip() or user.username
    sections = (_language(), _theme(theme_of_request()), _screens(errors, typed), _password(errors))
    signed_in = tuple(_signed_in(session) for session in open_sessions(int(user.id))[:MOST_SHOWN])
    return ProfilePage(name, user.email, ", ".join(roles), sections, signed_in)


def start_pages() -> dict[str, str]:
    """List the screens that the reader may open, by their addresses."""
    groups = menu(current_app.extensions["catalogue"])
    return {"/": _("Home")} | {item.url: item.label for group in groups for item in group.items}


def read_screens(
    form: Mapping[str, str], pages: Mapping[str, str]
) -> tuple[dict[str, str | bool | None], dict[str, list[str]]]:
    """Read the choices of the form: (what to keep, what is wrong with which)."""
    density, start = form.get("density", ""), form.get("start_page", "")
    keys, zone = form.get("shortcuts", ""), form.get("time_zone", "").strip()
    offered = {"density": density in DENSITIES, "start_page": start in pages, "shortcuts": keys in SWITCHES}
    errors = {name: [_("Choose one of the list.")] for name, is_good in offered.items() if not is_good}
    if zone and not is_zone(zone):
        errors["time_zone"] = [_("Give a time zone such as Europe/Berlin.")]
    kept: dict[str, str | bool | None] = {
        "density": density,
        "start_page": start if start != "/" else None,
        "shortcuts": SWITCHES.get(keys),
        "time_zone": zone or None,
    }
    return kept, errors


def _signed_in(session: StaffSession) -> SignedIn:
    locale, current = wording.reader(), current_session()
    return SignedIn(
        id=str(session.id),
        device=device_name(session.user_agent) or _("Unknown device"),
        address=session.ip,
        seen=wording.ago(session.seen_at, locale),
        exact=wording.exact(session.seen_at, locale),
        is_here=current is not None and session.id == current.id,
    )


def _choice(name: str, label: str, options: Mapping[str, str], chosen: str, errors: Errors) -> FieldInput:
    choices = tuple(Choice(value, word, value == chosen) for value, word in options.items())
    found = tuple(errors.get(name, ()))
    return FieldInput(name, label, "choice", chosen, required=True, choices=choices, errors=found)


def _language() -> ProfileSection:
    names = {tag: own_name(tag) for tag in languages.interface_locales()}
    return ProfileSection(
        _("Language"),
        _("The language of these screens. What visitors read is translated with each record."),
        "/language",
        _("Use this language"),
        (_choice("locale", _("Language"), names, locale_of_request(), {}),),
    )


def _theme(chosen: str) -> ProfileSection:
    words = {"auto": _("As the system"), "light": _("Light"), "dark": _("Dark")}
    return ProfileSection(
        _("Appearance"),
        "",
        "/profile/theme",
        _("Use this appearance"),
        (_choice("theme", _("Appearance"), {theme: words[theme] for theme in THEMES}, chosen, {}),),
    )


def _screens(errors: Errors, typed: Mapping[str, str]) -> ProfileSection:
    kept = current_session()
    start, zone = (kept.start_page or "/", kept.time_zone or "") if kept else ("/", "")
    spacing = {"cosy": _("Cosy"), "compact": _("Compact")}
    switch = {"on": _("On"), "off": _("Off")}
    return ProfileSection(
        _("Screens"),
        _("How close the rows stand, what you see first, and whose clock the times follow."),
        "/profile/screens",
        _("Keep"),
        (
            _choice("density", _("Density"), spacing, typed.get("density") or density_of_request(), errors),
            _choice("start_page", _("Start page"), start_pages(), typed.get("start_page") or start, errors),
            _choice(
                "shortcuts",
                _("Shortcuts of one key"),
                switch,
                typed.get("shortcuts") or ("on" if has_shortcuts() else "off"),
                errors,
            ),
            FieldInput(
                "time_zone",
                _("Time zone"),
                "zone",
                typed.get("time_zone", zone),
                help=_("Left empty, exact times are told in UTC."),
                errors=tuple(errors.get("time_zone", ())),
            ),
        ),
    )


def _password(errors: Errors) -> ProfileSection:
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
