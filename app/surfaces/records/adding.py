"""Whether a record can be begun by typing it, and whether the reader may: the one answer for every surface."""

from __future__ import annotations

from typing import Any

from app.access.rights import may
from app.resources import On, Resource


def is_typed(resource: Resource) -> bool:
    """Tell whether records begin as a form: it asks for all that they cannot be without.

    So does none for what happens, as a conversation does, for what comes as a file, or for the text of a record.
    """
    asked = {field.name for field in resource.fields_on(On.FORM)}
    return bool(asked) and all(
        column.name in asked or _comes_by_itself(column) for column in resource.model.__table__.c
    )


def _comes_by_itself(column: Any) -> bool:
    has_default = column.default is not None or column.server_default is not None
    return bool(column.primary_key or column.nullable or has_default)


def may_add(resource: Resource) -> bool:
    """Tell whether whoever is signed in may add such a record by a form, a grid, an import or the staff API."""
    return is_typed(resource) and may("add", resource.name)


def add_url(resource: Resource) -> str:
    """Give the address where whoever is signed in begins such a record; empty where they may not, or nobody does."""
    if may_add(resource):
        return f"/{resource.path}/add"
    return resource.begun_at if may("add", resource.name) else ""
