"""What the command palette offers: screens, new records, switches, and what may be done with a record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import rows as row_rules
from app.access.models import THEMES
from app.access.rights import current_rights, may
from app.kernel import languages
from app.kernel.locales import own_name
from app.media.models import Asset
from app.resources import Catalogue, On, Resource
from app.surfaces.desk import pins, recent
from app.surfaces.desk.known import Key, known
from app.surfaces.records import wording
from app.surfaces.records.adding import add_url
from app.surfaces.screens.pages import Button
from app.web.finding.pages import Command, Commands, Palette, RecordMenu
from app.web.finding.records import line_of, lines_of
from app.web.shell import MenuGroup

MOST_RECENT = 8


def palette(session: Session, catalogue: Catalogue, menu: Iterable[MenuGroup]) -> Palette:
    """Word what is there before anything is typed: three statements."""
    user_id = int(current_user.id)
    kept = [(row.resource, row.record_id) for row in pins.pinned(session, user_id)]
    seen = [(row.resource, row.record_id) for row in recent.recent(session, user_id, 3 * MOST_RECENT)]
    lines = {line.of: line for line in lines_of(session, catalogue, [*kept, *seen])}
    pinned = tuple(lines[of] for of in map("/".join, kept) if of in lines)
    latest = [lines[of] for of in map("/".join, seen) if of in lines and lines[of] not in pinned]
    return Palette(pinned, tuple(latest[:MOST_RECENT]), _groups(catalogue, list(menu)))


def record_menu(session: Session, catalogue: Catalogue, resource: Resource, key: Any) -> RecordMenu | None:
    """Word what the reader may do with a record; None where there is none for them."""
    model = resource.model
    visible = row_rules.condition(resource.name, current_user, model, "show")
    record = session.scalar(select(model).where(model.id == key, visible))
    of: Key = (resource.name, str(key))
    found = known(session, catalogue, [of]).get(of) if record is not None else None
    if record is None or found is None:
        return None
    is_pinned = pins.is_pinned(session, int(current_user.id), *of)
    return RecordMenu(
        line_of(found, ((found.title, False),)), tuple(_buttons(resource, record, found.url)), is_pinned
    )


def _buttons(resource: Resource, record: Any, url: str) -> Iterator[Button]:
    """List the doors and the verbs of a record; one that asks a reason or deletes opens the record's own dialog."""
    yield Button("open", _("Open"), url, "arrow-right")
    if resource.fields_on(On.FORM) and (may("edit", resource.name) or may("translate", resource.name)):
        yield Button("edit", _("Edit"), f"{url}/edit", "pencil")
    for action in resource.actions:
        if action.is_aside or not may(action.name, resource.name) or not action.offered(record):
            continue
        asks = action.asks_reason or action.tone == "danger"
        target, method = (f"{url}#do-{action.name}", "get") if asks else (f"{url}/do/{action.name}", "post")
        yield Button(action.name, str(action.label), target, action.icon, action.tone, method, asks)
    if may("history", resource.name):
        yield Button("history", _("History"), f"{url}/history", "history")
    if may("delete", resource.name):
        yield Button("delete", _("Delete"), f"{url}#delete", "trash", "danger", "get", True)


def _groups(catalogue: Catalogue, menu: list[MenuGroup]) -> tuple[Commands, ...]:
    return (
        Commands("screens", _("Go to"), tuple(_screens(catalogue, menu))),
        Commands("new", _("New"), tuple(_new(catalogue)), _words_of_adding()),
        Commands("settings", _("Settings"), tuple(_settings())),
    )


def _screens(catalogue: Catalogue, menu: list[MenuGroup]) -> Iterator[Command]:
    yield Command(_("Home"), "home", "/", words=_("start, overview, dashboard, to do"), key="g h")
    for group in menu:
        for item in group.items:
            resource = catalogue.get(item.name)
            words = _names(resource) if resource else ""
            yield Command(item.label, item.icon, item.url, words=f"{group.label}, {words}", key=item.key)
    if current_rights().allow_anywhere("can_translate"):
        for tag in languages.content_locales():
            label = _("Translate into %(language)s", language=wording.language(tag, wording.reader()))
            yield Command(label, "checklist", f"/translate/{tag}", words=own_name(tag))
    yield Command(_("Search everything"), "search", "/search", words=_("find, seek"), key="g s")
    yield Command(_("Notices"), "bell", "/notices/", words=_("notifications, news, bell"), key="g n")
    yield Command(
        _("Your account"), "settings", "/profile", words=_("profile, password, sessions, time zone")
    )


def _words_of_adding() -> str:
    """Give the words for beginning a record: those on the buttons, and whatever else one calls it."""
    buttons = (_("Add %(thing)s", thing=""), _("New %(thing)s", thing=""), _("Create"))
    return ", ".join((*buttons, _("new, add, create")))


def _new(catalogue: Catalogue) -> Iterator[Command]:
    for resource in catalogue:
        is_file = resource.model is Asset and may("add", resource.name)
        url = f"/{resource.path}/" if is_file else add_url(resource)
        if not url:
            continue
        label = _("New %(thing)s", thing=str(resource.singular))
        yield Command(label, "plus", url, words=_names(resource))


def _names(resource: Resource) -> str:
    """Give every word for a thing: one of it, many, and what else it is called."""
    return f"{resource.singular}, {resource.label}, {resource.words}"


def _settings() -> Iterator[Command]:
    """List the switches that stand on every page; a command clicks them there."""
    icons = {"auto": "device-desktop", "light": "sun", "dark": "moon"}
    words = {"auto": _("As the system"), "light": _("Light"), "dark": _("Dark")}
    for theme in THEMES:
        label = _("Appearance: %(name)s", name=words[theme])
        yield Command(
            label, icons[theme], clicks=f"[data-theme-set={theme}]", words=_("theme, mode, colours, screen")
        )
    for tag in languages.interface_locales():
        label = _("Language: %(name)s", name=own_name(tag))
        clicks = f"button[name=locale][value={tag}]"
        yield Command(
            label, "language", clicks=clicks, words=wording.language(tag, wording.reader()), lang=tag
        )
    yield Command(
        _("Toggle the sidebar"),
        "layout-sidebar",
        clicks="[data-side-toggle]",
        words=_("menu, hide, show"),
        key="[",
    )
    yield Command(
        _("Keyboard shortcuts"), "key", clicks="[data-opens=keys]", words=_("help, hotkeys"), key="?"
    )
    yield Command(_("Sign out"), "logout", clicks="[data-signs-out]", words=_("log out, logout, leave, exit"))
