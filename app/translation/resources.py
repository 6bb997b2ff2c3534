"""What translators see of the stored texts, beside the forms in which they are written."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.resources import Catalogue, Field, Kind, Names, On, Option, Resource
from app.translation.models import Translation

STATES = (
    Option("draft", _l("Draft"), "secondary"),
    Option("needs_review", _l("Needs review"), "warning"),
    Option("approved", _l("Approved"), "success"),
    Option("machine", _l("Machine"), "info"),
    Option("stale", _l("Out of date"), "warning"),
    Option("rejected", _l("Rejected"), "danger"),
)

TYPES = Names(door="record")
FIELDS = Names(beside="content_type")


def know_names(catalogue: Catalogue) -> None:
    """Learn how content types and their translated fields are called."""
    for resource in catalogue:
        labels = {resource.name: resource.label} | {child.table: child.label for child in resource.children}
        for name, fields in resource.translated:
            TYPES.know(name, labels[name])
            for field in fields:
                FIELDS.know(field.name, field.label, name)
        if resource.address is not None:
            FIELDS.know(resource.address.name, resource.address.label, resource.name)


translations = Resource(
    Translation,
    _l("Translations"),
    _l("translation"),
    menu=_l("Catalog"),
    icon="language",
    order="-updated_at",
    title="text",
    calendar="-",
    fields=(
        Field("text", On.LIST | On.FORM | On.API, _l("Text")),
        Field("object_id", On.LIST | On.API, _l("Record"), kind=Kind.TEXT),
        Field("content_type", On.LIST | On.FILTER | On.API, _l("Content type"), names=TYPES),
        Field("field", On.LIST | On.FILTER | On.API, _l("Field"), names=FIELDS),
        Field("locale", On.LIST | On.FILTER | On.API, _l("Language"), kind=Kind.LOCALE),
        Field("state", On.LIST | On.FILTER | On.API, _l("State"), options=STATES),
        Field("updated_at", On.LIST | On.FILTER | On.API, _l("Changed")),
    ),
)

RESOURCES = (translations,)


def state_text(state: str) -> str:
    """Word a translation's state."""
    return next((str(option.label) for option in STATES if option.value == state), state)
