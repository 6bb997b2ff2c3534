"""The interface's sentences as a content type: found, read and followed, never typed in."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.resources import Catalogue, Field, On, Option, Resource
from app.translation.interface.models import APPBUILDER, OURS, InterfaceMessage
from app.translation.interface.plurals import CATEGORIES, TEXT
from app.translation.interface.unit_source import offer_units
from app.translation.reach import know_owner
from app.translation.resources import FIELDS, TYPES

DOMAINS = (Option(OURS, "Festoon"), Option(APPBUILDER, "Flask-AppBuilder"))
_FORMS = {
    "zero": _l("Form for zero"),
    "one": _l("Form for one"),
    "two": _l("Form for two"),
    "few": _l("Form for few"),
    "many": _l("Form for many"),
    "other": _l("Form for all others"),
}
FORM_NAMES = {TEXT: _l("Text"), **{name: _FORMS[name] for name in CATEGORIES}}

messages = Resource(
    InterfaceMessage,
    _l("Interface"),
    _l("sentence"),
    menu=_l("Catalog"),
    icon="layout-dashboard",
    path="interface-messages",
    order="msgid",
    title="msgid",
    found_last=True,  # some thousands, with the very words that all screens are made of
    calendar="-",
    board="-",
    fields=(
        Field("msgid", On.LIST | On.SEARCH | On.API, _l("Sentence")),
        Field("msgid_plural", On.SEARCH | On.API, _l("Sentence for many")),
        Field("context", On.LIST | On.FILTER | On.API, _l("Context")),
        Field("comment", On.API, _l("Note")),
        Field("domain", On.LIST | On.FILTER | On.API, _l("Part of"), options=DOMAINS),
        Field("flags", On.API, _l("Marks")),
        Field("where_used", On.SEARCH | On.API, _l("Where it is used")),
        Field("is_obsolete", On.LIST | On.FILTER | On.API, _l("Used no more"), tone="secondary"),
        Field("created_at", On.LIST | On.FILTER | On.API, _l("First seen")),
    ),
)

RESOURCES = (messages,)


def know_interface(catalogue: Catalogue) -> None:
    """Let translations be of messages, too: who owns them, how they are called, and that they are to be done."""
    resource = catalogue[messages.name]
    know_owner(resource)
    TYPES.know(resource.name, resource.label)
    for name, label in FORM_NAMES.items():
        FIELDS.know(name, label, resource.name)
    offer_units()
