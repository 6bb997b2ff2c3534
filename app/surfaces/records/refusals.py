"""What a constraint of the database refused, in a sentence at the field that it guards."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from app.kernel.errors import Conflict, Invalid
from app.resources import Resource
from app.translation import addresses

_NOT_NULL = "23502"  # the state by which PostgreSQL tells that a column has no value


def explain(error: IntegrityError, resource: Resource) -> Invalid | Conflict:
    """Word what a constraint refused, at the field that it guards."""
    facts = getattr(error.orig, "diag", None)
    name = getattr(facts, "constraint_name", None) or ""
    table = getattr(facts, "table_name", None) or resource.name
    if facts is not None and facts.sqlstate == _NOT_NULL and facts.column_name:
        return Invalid({facts.column_name: [_l("This field is needed.")]})
    if name == "uq_translation_slug" and facts is not None:  # told by the trigger that keeps addresses
        field = "text" if resource.name == table else f"t-{facts.column_name}-slug"
        return Invalid({field: [addresses.TAKEN]})
    if name.startswith("uq_"):
        field = name.removeprefix(f"uq_{table}_").split("_id_")[0]
        return Invalid({field: [addresses.TAKEN]})
    for constraint in resource.model.__table__.constraints:
        if constraint.name == name and "sentence" in constraint.info:
            return Invalid({constraint.info["field"]: [constraint.info["sentence"]]})
    if name.startswith("ck_"):
        return Invalid({"": [_l("The values contradict each other (%(rule)s).", rule=name)]})
    return still_used(error)


def still_used(error: IntegrityError) -> Conflict:
    """Say that others refer to what should go."""
    table = getattr(getattr(error.orig, "diag", None), "table_name", None) or ""
    return Conflict(
        _l("Other records (%(table)s) still use this one; change or remove them first.", table=table)
    )
