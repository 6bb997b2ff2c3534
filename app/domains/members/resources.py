"""What staff see of members; the public sees none, and a member sees themselves by `api` alone."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.domains.members.models import Member, MemberStatus
from app.resources import Field, Kind, On, Option, Resource

STATUSES = (
    Option(MemberStatus.ACTIVE.value, MemberStatus.ACTIVE.label, "success"),
    Option(MemberStatus.SUSPENDED.value, MemberStatus.SUSPENDED.label, "danger"),
)

members = Resource(
    Member,
    _l("Members"),
    _l("member"),
    menu=_l("Business"),
    icon="users",
    order="-created_at",
    title="name",
    fields=(
        Field("name", On.LIST | On.SEARCH | On.FORM | On.API, _l("Name")),
        Field("email", On.LIST | On.SEARCH | On.API, _l("E-mail"), kind=Kind.EMAIL),
        Field("username", On.SEARCH | On.API, _l("User name")),
        Field("phone", On.FORM | On.API, _l("Phone"), kind=Kind.PHONE),
        Field("asset_id", On.FORM | On.API, _l("Picture")),
        Field("locale", On.LIST | On.FILTER | On.FORM | On.API, _l("Language"), kind=Kind.LOCALE),
        Field("time_zone", On.API, _l("Time zone")),
        Field("is_verified", On.LIST | On.FILTER | On.API, _l("Verified")),
        Field("status", On.LIST | On.FILTER | On.API, _l("Status"), options=STATUSES),
        Field("seen_at", On.LIST | On.API, _l("Last seen")),
        Field("created_at", On.LIST | On.FILTER | On.API, _l("Registered")),
    ),
)

RESOURCES = (members,)
