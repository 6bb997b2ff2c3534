"""What staff see of members; the public sees none, and a member sees themselves by `api` alone."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, and_, true

from app.access import rows
from app.access.rights import rights_of
from app.domains.members import service
from app.domains.members.models import Member, MemberStatus
from app.resources import Action, Field, Kind, On, Option, Resource

STATUSES = (
    Option(MemberStatus.ACTIVE.value, MemberStatus.ACTIVE.label, "success"),
    Option(MemberStatus.SUSPENDED.value, MemberStatus.SUSPENDED.label, "danger"),
)

members = Resource(
    Member,
    _l("Members"),
    _l("member"),
    words=_l("customers, clients, guests"),
    menu=_l("Business"),
    icon="users",
    order="-created_at",
    title="name",
    calendar="created_at",
    fields=(
        Field("name", On.LIST | On.SEARCH | On.API, _l("Name")),
        Field("email", On.LIST | On.SEARCH | On.API, _l("E-mail"), kind=Kind.EMAIL),
        Field("pending_email", On.API, _l("E-mail to be confirmed"), kind=Kind.EMAIL),
        Field("username", On.SEARCH | On.API, _l("User name")),
        Field("phone", On.API, _l("Phone"), kind=Kind.PHONE),
        Field("asset_id", On.API, _l("Picture")),
        Field("locale", On.LIST | On.FILTER | On.API, _l("Language"), kind=Kind.LOCALE),
        Field("time_zone", On.API, _l("Time zone")),
        Field("is_verified", On.LIST | On.FILTER | On.API, _l("Verified")),
        Field("status", On.LIST | On.FILTER | On.API, _l("Status"), options=STATUSES),
        Field("suspended_because", On.API, _l("Reason of the suspension")),
        Field("seen_at", On.LIST | On.FILTER | On.API, _l("Last seen")),
        Field("created_at", On.LIST | On.FILTER | On.API, _l("Registered")),
    ),
    actions=(
        Action("activate", _l("Activate"), service.activate, lambda member: not member.is_active,
               icon="check", tone="primary", leads_to=MemberStatus.ACTIVE),
        Action("resend_verification", _l("Send verification again"), service.resend_verification,
               lambda member: member.is_active and bool(member.pending_email or not member.is_verified),
               icon="mail"),
        Action("sign_out", _l("Sign out everywhere"), service.sign_out, lambda member: member.is_active,
               icon="logout", tone="danger"),
        Action("suspend", _l("Suspend"), service.suspend, lambda member: member.is_active,
               icon="user-off", tone="danger", asks_reason=True, leads_to=MemberStatus.SUSPENDED),
    ),
)  # fmt: skip

RESOURCES = (members,)


def _of_the_library(model: Any, user: Any) -> ColumnElement[bool]:
    if rights_of(user).allow("can_show", members.name):
        return true()
    return and_(model.path.not_like("users/%"), model.path.not_like("waiting/users/%"))


# Who sees no members does not see their photos among the pictures either.
rows.limit("asset", rows.EVERY_ROLE, _of_the_library)
