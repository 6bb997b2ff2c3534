"""Which rule greys a field or a whole form, and who may change what it guards."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from app.access.rights import may, roles_with
from app.access.rows import is_limited
from app.resources import Catalogue, Field, Kind, On, Resource
from app.surfaces.screens.cells import record_cell
from app.surfaces.screens.form_pages import KeptValue

_UNTOLD = frozenset({"id", "created_at", "updated_at", "revision"})


def rule_of_form(resource: Resource, user: Any) -> str:
    """Say why somebody who sees the form may not change the record, and who may."""
    who = ", ".join(roles_with("edit", resource.name))
    if may("edit", resource.name) and is_limited(resource.name, user, "edit"):
        return _(
            "Your role may change some of these records only, and this is none of them. Others: %(roles)s.",
            roles=who,
        )
    if may("translate", resource.name):
        return _("Your role may translate this record, not change it. Who may: %(roles)s.", roles=who)
    return _("Your role may see this record, not change it. Who may: %(roles)s.", roles=who)


def rule_of_field(field: Field, record: Any) -> str:
    """Say why this record keeps a field as it is; nothing where it may be changed."""
    if record is None or field.locked is None:
        return ""
    return str(field.locked(record) or "")


def kept_values(catalogue: Catalogue, resource: Resource, record: Any) -> tuple[KeptValue, ...]:
    """List what no form writes, each with what does: an action, the program, or a sum over other records."""
    return tuple(
        KeptValue(str(field.label), record_cell(catalogue, field, record), rule_of_kept(resource, field))
        for field in resource.fields
        if field.on & (On.LIST | On.API)
        and not field.on & On.FORM
        and field.name not in _UNTOLD
        and field.kind is not Kind.JSON
    )


def rule_of_kept(resource: Resource, field: Field) -> str:
    """Say what writes a field that no form does."""
    if field.name == "status" and resource.actions:
        labels = [str(action.label) for action in resource.actions if not action.is_aside]
        return _("Changed by actions alone: %(actions)s.", actions=", ".join(labels))
    if not field.is_stored:
        return _("Worked out from other records.")
    return _("Written by the program, by no form.")
