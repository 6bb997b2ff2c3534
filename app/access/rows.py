"""Row rules: which rows of a resource a role may see and touch.

One condition, asked for here, is put on every list, detail, edit, delete, bulk action, export and search.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import ColumnElement, false, or_, true

from app.access.rights import rights_of
from app.access.roles import ADMIN

Rule = Callable[[Any, Any], ColumnElement[bool]]
"""`rule(model, user)` gives the SQL condition on the rows of the model that the user may touch."""

EVERY_ROLE = "*"
"""Stands for every role but the Admin's: those of a customer's own making, too, as far as none is limited itself."""

_rules: dict[tuple[str, str, str], Rule] = {}


def limit(resource: str, role: str, rule: Rule, *verbs: str) -> None:
    """Limit a role to some rows of a resource; another rule for the same is refused.

    With verbs named it is the rule for these; without, for all that have none of their own.
    """
    keys = [(resource, role, verb) for verb in verbs or ("",)]
    if any(_rules.get(key, rule) is not rule for key in keys):
        raise ValueError(f"{role} is limited on {resource} already")
    _rules.update(dict.fromkeys(keys, rule))


def lift(resource: str, role: str) -> None:
    """Take the limits of a role away."""
    for key in [key for key in _rules if key[:2] == (resource, role)]:
        del _rules[key]


def _rule(resource: str, role: str, verb: str) -> Rule | None:
    names = (role,) if role == ADMIN else (role, EVERY_ROLE)
    keys = ((resource, name, of) for name in names for of in (verb, ""))
    return next((_rules[key] for key in keys if key in _rules), None)


def condition(resource: str, user: Any, model: Any, verb: str = "list") -> ColumnElement[bool]:
    """Give the condition on the rows with which a user may do a verb.

    The rules of the roles that allow the verb are joined by OR; a role without a rule sees all rows; where
    no role allows the verb there is no row.
    """
    roles = rights_of(user).roles_allowing(f"can_{verb}", resource)
    if not roles:
        return false()
    rules = [_rule(resource, role, verb) for role in roles]
    if any(rule is None for rule in rules):
        return true()
    return or_(*(rule(model, user) for rule in dict.fromkeys(rules) if rule is not None))


def is_limited(resource: str, user: Any, verb: str = "list") -> bool:
    """Tell whether the user sees some rows only, so that a remembered total must not be shown."""
    roles = rights_of(user).roles_allowing(f"can_{verb}", resource)
    return not roles or all(_rule(resource, role, verb) is not None for role in roles)


def are_kept_apart(resource: str, roles: Iterable[str]) -> bool:
    """Tell whether each of these roles, which allow the list of a resource, parts its holders from their colleagues.

    It does by a rule of its own. A rule for every role hides the same from all colleagues, unless it asks for the
    rows of other resources: so it counts for a role that has any rule of its own. Without a role nothing is seen.
    """
    own = {role for _resource, role, _verb in _rules}
    return all(role in own and _rule(resource, role, "list") is not None for role in roles)


def has_limits(resource: str) -> bool:
    """Tell whether any role sees some rows of a resource only."""
    return any(name == resource for name, *_rest in _rules)
