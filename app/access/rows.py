"""Row rules: which rows of a resource a role may see and touch.

One condition, asked for here, is put on every list, detail, edit, delete, bulk action, export and search.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, false, or_, true

from app.access.rights import rights_of

Rule = Callable[[Any, Any], ColumnElement[bool]]
"""`rule(model, user)` gives the SQL condition on the rows of the model that the user may touch."""

_rules: dict[tuple[str, str], Rule] = {}


def limit(resource: str, role: str, rule: Rule) -> None:
    """Limit a role to some rows of a resource; a second rule for the same pair is refused."""
    if (resource, role) in _rules:
        raise ValueError(f"{role} is limited on {resource} already")
    _rules[resource, role] = rule


def lift(resource: str, role: str) -> None:
    """Take a limit away."""
    _rules.pop((resource, role), None)


def condition(resource: str, user: Any, model: Any, verb: str = "list") -> ColumnElement[bool]:
    """Give the condition on the rows with which a user may do a verb.

    The rules of the roles that allow the verb are joined by OR; a role without a rule sees all rows; where
    no role allows the verb there is no row.
    """
    roles = rights_of(user).roles_allowing(f"can_{verb}", resource)
    if not roles:
        return false()
    rules = [_rules.get((resource, role)) for role in roles]
    if any(rule is None for rule in rules):
        return true()
    return or_(*(rule(model, user) for rule in rules if rule is not None))


def is_limited(resource: str, user: Any, verb: str = "list") -> bool:
    """Tell whether the user sees some rows only, so that a remembered total must not be shown."""
    roles = rights_of(user).roles_allowing(f"can_{verb}", resource)
    return not roles or all((resource, role) in _rules for role in roles)


def has_limits(resource: str) -> bool:
    """Tell whether any role sees some rows of a resource only."""
    return any(name == resource for name, *_rest in _rules)
