"""Whether a record can be begun by typing it, and whether the reader may: the one answer for every surface."""

from __future__ import annotations

from app.access.rights import may
from app.media.models import Asset
from app.resources import On, Resource


def is_typed(resource: Resource) -> bool:
    """Tell whether records begin as a form: not what happens, as a conversation does, nor what comes as a file."""
    return resource.model is not Asset and bool(resource.fields_on(On.FORM))


def may_add(resource: Resource) -> bool:
    """Tell whether whoever is signed in may add such a record by a form, a grid, an import or the staff API."""
    return is_typed(resource) and may("add", resource.name)


def add_url(resource: Resource) -> str:
    """Give the address where whoever is signed in begins such a record; empty where they may not, or nobody does."""
    if may_add(resource):
        return f"/{resource.path}/add"
    return resource.begun_at if may("add", resource.name) else ""
