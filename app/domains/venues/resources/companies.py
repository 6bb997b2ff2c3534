"""Who owns venues."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.access.rights import is_kept_from
from app.domains.venues.models import Company
from app.domains.venues.resources.words import (
    KEPT,
    SHOWING,
    SHOWN,
    SLUG_HELP,
    TEXTS,
    TOLD,
    TRANSLATED,
    VENUES,
    active,
)
from app.resources import Field, Kind, On, Resource
from app.resources.declaration import Label

_CONTACT = _l("Who is asked")


def _given_by_admins(_company: Company) -> Label:
    """Say why a partner cannot let others in, or shut a colleague out."""
    if is_kept_from("edit", "ab_user"):
        return _l("Only who looks after users may change who looks after a company.")
    return ""


companies = Resource(
    Company,
    _l("Companies"),
    _l("company"),
    menu=VENUES,
    icon="briefcase",
    path="companies",
    order="name",
    public="companies",
    public_when=lambda model: model.is_active,
    fields=(
        Field("name", SHOWN | On.SEARCH, _l("Name"), section=TEXTS),
        Field("slug", TOLD, _l("Slug"), kind=Kind.SLUG, help=SLUG_HELP, section=SHOWING),
        Field("description", TOLD | TRANSLATED, _l("Description"), section=TEXTS),
        Field("logo_asset_id", On.FORM | On.API | On.PUBLIC, _l("Logo"), section=SHOWING),
        Field("email", On.LIST | On.SEARCH | KEPT, _l("E-mail"), kind=Kind.EMAIL, section=_CONTACT),
        Field("phone", KEPT, _l("Phone"), kind=Kind.PHONE, section=_CONTACT),
        Field(
            "users",
            On.FORM | On.API,
            _l("Its users"),
            help=_l("They see and change what is the company's, and nothing of others."),
            section=_CONTACT,
            locked=_given_by_admins,
        ),
        active(),
    ),
)
