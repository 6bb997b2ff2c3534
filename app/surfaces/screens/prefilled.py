"""Values that the address of a form puts into it: another screen proposes them, nothing is saved before Save."""

from __future__ import annotations

from collections.abc import Mapping

from werkzeug.datastructures import MultiDict

from app.resources import Kind, On, Resource
from app.surfaces.records.changes import Changes, read_form

PREFIX = "set."
"""Begins the name of each of them; the rest is what the form calls its input."""


def prefilled(resource: Resource, args: Mapping[str, str]) -> Changes | None:
    """Read the proposed values of an address; None where it proposes none. Texts in other languages are none of them."""
    typed = MultiDict(
        {name.removeprefix(PREFIX): text for name, text in args.items() if name.startswith(PREFIX)}
    )
    if not typed:
        return None
    changes = read_form(resource, typed, ())
    switches = [field.name for field in resource.fields_on(On.FORM) if field.kind is Kind.SWITCH]
    for name in switches:
        if name not in typed:  # a box that is not sent is not one that is empty
            changes.values.pop(name, None)
    return changes
