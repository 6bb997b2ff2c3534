"""What venues have, and what is good about them."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.domains.venues.models import Badge, Equipment, EquipmentType
from app.domains.venues.resources.words import SHOWN, SLUG_HELP, TOLD, TRANSLATED, VENUES, order
from app.resources import Field, Kind, On, Resource

badges = Resource(
    Badge,
    _l("Badges"),
    _l("badge"),
    menu=VENUES,
    icon="award",
    order="position",
    public="badges",
    fields=(
        Field("name", SHOWN | TRANSLATED, _l("Name")),
        Field("slug", On.LIST | TOLD, _l("Slug"), kind=Kind.SLUG, help=SLUG_HELP),
        order(),
    ),
)

equipment_types = Resource(
    EquipmentType,
    _l("Types of equipment"),
    _l("type of equipment"),
    menu=VENUES,
    icon="category",
    path="equipment-types",
    order="position",
    public="equipment-types",
    fields=(
        Field("name", SHOWN | TRANSLATED, _l("Name")),
        order(listed=True),
    ),
)

equipment = Resource(
    Equipment,
    _l("Equipment"),
    _l("piece of equipment"),
    menu=VENUES,
    icon="device-speaker",
    path="equipment",
    order="name",
    public="equipment",
    fields=(
        Field("name", SHOWN | TRANSLATED, _l("Name")),
        Field("slug", TOLD, _l("Slug"), kind=Kind.SLUG, help=SLUG_HELP),
        Field("type_id", SHOWN, _l("Type")),
    ),
)
