"""The page of one record: its values with their languages, children and actions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from flask_babel import gettext as _

from app.access.rights import may
from app.kernel import languages
from app.kernel.db import db
from app.kernel.locales import direction, own_name
from app.resources import Catalogue, Child, Field, Kind, On, Resource
from app.resources.kinds import plain
from app.resources.rich_text import clean
from app.surfaces.previews.doors import preview_url
from app.surfaces.records import wording
from app.surfaces.screens.cells import record_cell
from app.surfaces.screens.pages import Button, Cell, ChildList, Detail, Share, ShowPage
from app.surfaces.screens.panel import panel_of
from app.surfaces.screens.record_panels import panels_of
from app.translation.writing import texts_of

_shares: dict[str, Callable[[Any], Share | None]] = {}


def share(name: str, offer: Callable[[Any], Share | None]) -> None:
    """Have a page of a record of the content type offer an address of it to be given away."""
    _shares[name] = offer


class Show:
    """Makes the ShowPage of one record, with the fields that appear at one of the `places`."""

    def __init__(
        self,
        catalogue: Catalogue,
        resource: Resource,
        record: Any,
        places: On = On.LIST | On.FORM | On.API,
    ) -> None:
        self.catalogue = catalogue
        self.resource = resource
        self.record = record
        self.places = places
        self.locale = wording.reader()
        children = [row for child in resource.children for row in getattr(record, child.name)]
        keys = [record.id, *(row.id for row in children)]
        self.texts = texts_of(db.session(), keys) if resource.translated else {}

    def page(self) -> ShowPage:
        """Word the whole page."""
        resource, record = self.resource, self.record
        base = f"/{resource.path}/"
        here = f"{base}{record.id}"
        may_edit = (may("edit", resource.name) or may("translate", resource.name)) and resource.fields_on(
            On.FORM
        )
        history = may("history", resource.name)
        return ShowPage(
            name=resource.name,
            id=str(record.id),
            title=str(getattr(record, resource.title)),
            singular=str(resource.singular),
            icon=resource.icon,
            list_url=base,
            list_title=str(resource.label),
            details=tuple(self._detail(item) for item in self._fields()),
            children=tuple(self._children(child) for child in resource.children),
            status=self._status(),
            actions=self._actions(here),
            edit_url=f"{here}/edit" if may_edit else "",
            delete_url=f"{here}/delete" if may("delete", resource.name) else "",
            history_url=f"{here}/history" if history else "",
            public_url=self._public_url(),
            preview_url=preview_url(resource, here),
            panel=panel_of(resource, record, "history" if history else "comments"),
            meta=self._meta(),
            share=_shares[resource.name](record) if resource.name in _shares else None,
            panels=panels_of(resource.name, record),
        )

    def _fields(self) -> list[Field]:
        status = _status_field(self.resource)
        shown = [f for f in self.resource.fields if f.on & self.places and f is not status]
        return [f for f in shown if f.name not in ("created_at", "updated_at", "currency")]

    def _status(self) -> Cell | None:
        item = _status_field(self.resource)
        return wording.cell(item, self.record.status, self.locale) if item is not None else None

    def _actions(self, here: str) -> tuple[Button, ...]:
        return tuple(
            Button(a.name, str(a.label), f"{here}/do/{a.name}", a.icon, a.tone, "post", a.asks_reason)
            for a in self.resource.actions
            if not a.is_aside and a.offered(self.record) and may(a.name, self.resource.name)
        )

    def _public_url(self) -> str:
        resource = self.resource
        if not resource.public:
            return ""
        slug = resource.slug_field
        return f"/public/v1/{resource.public}/{getattr(self.record, slug.name) if slug else self.record.id}"

    def _meta(self) -> tuple[tuple[str, Cell], ...]:
        found = []
        for name, label in (("created_at", _("Created")), ("updated_at", _("Changed"))):
            value = getattr(self.record, name, None)
            if value is not None:
                found.append((label, wording.cell(_INSTANT, value, self.locale)))
        return tuple(found)

    def _detail(self, item: Field) -> Detail:
        value = getattr(self.record, item.name)
        is_long = item.kind in (Kind.LONG_TEXT, Kind.JSON, Kind.RICH_TEXT)
        worded = (
            Cell(item.kind.value, _whole_text(item, value))
            if is_long and item.kind
            else self.cell(item, self.record)
        )
        is_open = self.resource.fields_on(On.TRANSLATE) == (item,)
        return Detail(str(item.label), worded, is_long, self._languages(item), is_open, self._tags(item))

    def _languages(self, item: Field) -> tuple[tuple[str, str, str], ...]:
        """Give a field's text in each language, empty where it is missing; nothing where there is none to be."""
        texts = self.texts.get(self.record.id, {})
        there = {locale: row.text for (locale, name), row in texts.items() if name == item.name}
        is_due = self.resource.translated_when is None and bool(getattr(self.record, item.name))
        if not item.on & On.TRANSLATE or not (there or is_due):
            return ()
        return tuple(
            (own_name(locale), direction(locale), _whole_text(item, there.get(locale)))
            for locale in languages.content_locales()
            if there.get(locale) or not item.is_address
        )

    def _tags(self, item: Field) -> tuple[tuple[str, str], ...]:
        if item.kind is not Kind.TAGS or not item.on & On.FILTER or not may("list", self.resource.name):
            return ()
        base = f"/{self.resource.path}/?"
        return tuple(
            (tag, base + urlencode({f"filter[{item.key}]": tag})) for tag in getattr(self.record, item.name)
        )

    def _children(self, child: Child) -> ChildList:
        fields = child.fields_on(On.FORM | On.API)
        rows = tuple(
            tuple(self.cell(item, row) for item in fields) for row in getattr(self.record, child.name)
        )
        is_gallery = any(item.kind is Kind.PICTURE for item in fields)
        return ChildList(str(child.label), tuple(str(item.label) for item in fields), rows, is_gallery)

    def cell(self, item: Field, record: Any) -> Cell:
        """Word one value of a record or of a child."""
        return record_cell(self.catalogue, item, record)


def _whole_text(item: Field, value: Any) -> str:
    """Give a long value whole: rich text as the HTML that may be shown, JSON as JSON."""
    if not value:
        return ""
    return clean(value) if item.kind is Kind.RICH_TEXT else plain(item, value)


_INSTANT = Field("created_at", On.LIST, "", kind=Kind.INSTANT)


def status_words(resource: Resource, record: Any) -> str:
    """Word a record's status for the reader; nothing where it has none."""
    item = _status_field(resource)
    return wording.cell(item, record.status, wording.reader()).text if item is not None else ""


def _status_field(resource: Resource) -> Field | None:
    return next((f for f in resource.fields if f.name == "status" and f.kind is Kind.CHOICE), None)
