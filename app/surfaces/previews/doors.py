"""Which records have a preview, and where it is."""

from __future__ import annotations

from app.access.rights import may
from app.resources import On, Resource


def has_preview(resource: Resource) -> bool:
    """Tell whether readers see such records: some field is declared for the public."""
    return bool(resource.public and resource.fields_on(On.PUBLIC))


def preview_url(resource: Resource, here: str) -> str:
    """Give the address of a record's preview; empty where there is none, or not for this reader."""
    return f"{here}/preview" if here and has_preview(resource) and may("show", resource.name) else ""
