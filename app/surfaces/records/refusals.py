"""What a constraint of the database refused, in a sentence at the field that it guards."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

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
    if (row := _of_row(resource, table, name)) is not None:
        return row
    if name.startswith("uq_"):
        field = name.removeprefix(f"uq_{table}_").split("_id_")[0]
        return Invalid({field: [addresses.TAKEN]})
    for constraint in resource.model.__table__.constraints:
        if constraint.name == name and "sentence" in constraint.info:
            return Invalid({constraint.info["field"]: [constraint.info["sentence"]]})
    if name.startswith("ck_"):
        return Invalid({"": [_l("The values contradict each other (%(rule)s).", rule=name)]})
    return still_used(error)


def _of_row(resource: Resource, table: str, name: str) -> Invalid | None:
    """Word what a row of the record broke, above its rows: which of them it was the database does not say."""
    child = next((child for child in resource.children if child.table == table), None)
    if child is None:
        return None
    rules = {rule.name: rule.info for rule in child.model.__table__.constraints}
    told = rules.get(name, {}).get("sentence") or _l(
        "The values contradict each other (%(rule)s).", rule=name
    )
    return Invalid({child.name: [told]})


def check_late_rules(session: Session, resources: Iterable[Resource]) -> None:
    """Have the database check now what it would check at the commit, where nobody words a refusal."""
    tables = [table for resource in resources for table in _tables(resource)]
    if any(rule.deferrable for table in tables for rule in table.constraints):
        session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        session.execute(text("SET CONSTRAINTS ALL DEFERRED"))


def _tables(resource: Resource) -> list[Any]:
    return [resource.model.__table__, *(child.model.__table__ for child in resource.children)]


def still_used(error: IntegrityError) -> Conflict:
    """Say that others refer to what should go."""
    table = getattr(getattr(error.orig, "diag", None), "table_name", None) or ""
    return Conflict(
        _l("Other records (%(table)s) still use this one; change or remove them first.", table=table)
    )
