"""What somebody writes stays among the rows that they may touch."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import rows as row_rules
from app.access.rights import rights_of
from app.kernel.errors import Invalid
from app.resources import Resource

Written = tuple[Resource, str, Any]
"""A content type, the verb ("add" or "edit") and the key of a record that was written."""

_OUTSIDE = _l(
    "Your role may change some of these records only, and saved like this it would be none of them."
)


def writer() -> Any | None:
    """Give the signed-in user who writes; a command or a job writes for nobody."""
    user = current_user._get_current_object()  # noqa: SLF001  # outside of a request the proxy stands for nobody
    return user if user is not None and user.is_authenticated else None


def keep_within(session: Session, written: Iterable[Written]) -> None:
    """Refuse what the writer could not touch any more: no row is made for others, none is handed over to them.

    The records are flushed already; whoever calls undoes them. Whether the verb is allowed at all was asked before.
    """
    user = writer()
    if user is None:
        return
    keys: dict[tuple[str, str], set[Any]] = {}
    models: dict[str, Any] = {}
    for resource, verb, key in written:
        keys.setdefault((resource.name, verb), set()).add(key)
        models[resource.name] = resource.model
    for (name, verb), wanted in keys.items():
        allowing = rights_of(user).roles_allowing(f"can_{verb}", name)
        if not allowing or not row_rules.is_limited(name, user, verb):
            continue
        model = models[name]
        mine = select(model.id).where(model.id.in_(wanted), row_rules.condition(name, user, model, verb))
        if wanted - set(session.scalars(mine)):
            raise Invalid({"": [_OUTSIDE]})
