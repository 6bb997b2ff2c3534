"""What was changed lately, as far as the reader may read the history whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, String, case, cast, func, select

from app.access import rows
from app.access.rights import Rights
from app.kernel.audit import AuditEntry
from app.resources import Catalogue, Resource

MOST_CHANGES = 8
_NEWEST_ENTRIES = 2_000
"""Among how many entries the reader's changes are looked for, so that a huge import is no burden."""

_entry: Any = AuditEntry.__table__


def told(catalogue: Catalogue, rights: Rights, user: Any) -> list[Resource]:
    """List the content types whose history the user may read whole."""
    return [
        resource
        for resource in catalogue
        if rights.allow("can_history", resource.name)
        and not rows.is_limited(resource.name, user)
        and resource.name not in ("translation", "conversation")  # who writes to us is no change of ours
    ]


def changes(told: Sequence[Resource]) -> Select[Any]:
    """Select the newest saves: what one transaction did to one record and its parts counts once."""
    newest = select(_entry).order_by(_entry.c.id.desc()).limit(_NEWEST_ENTRIES).subquery()
    is_own = newest.c.content_type == newest.c.owner_type
    own_title = case(
        *(
            (newest.c.owner_type == r.name, func.coalesce(newest.c.new, newest.c.old).op("->>")(r.title))
            for r in told
        )
    )
    saves = (
        select(
            newest.c.owner_type,
            newest.c.owner_id,
            func.max(newest.c.id).label("id"),
            func.max(newest.c.at).label("at"),
            func.max(newest.c.actor_kind).label("actor_kind"),
            func.max(newest.c.actor_label).label("actor_label"),
            func.max(case((is_own, newest.c.action))).label("action"),
            func.max(case((is_own, own_title))).label("old_title"),
        )
        .where(newest.c.owner_type.in_([resource.name for resource in told]))
        .group_by(newest.c.transaction_id, newest.c.owner_type, newest.c.owner_id)
        .order_by(func.max(newest.c.id).desc())
        .limit(MOST_CHANGES)
        .subquery()
    )
    title = case(
        *((saves.c.owner_type == resource.name, _title(resource, saves.c.owner_id)) for resource in told)
    )
    columns = [column for column in saves.c if column.name != "old_title"]
    return (
        select(*columns, title.label("title"), saves.c.old_title)
        .select_from(saves)
        .order_by(saves.c.id.desc())
    )


def _title(resource: Resource, key: Any) -> Any:
    """Read a record's present title; null for one that is deleted."""
    table = resource.model.__table__.alias()
    return (
        select(cast(table.c[resource.title], String))
        .where(table.c.id == cast(func.nullif(key, ""), table.c.id.type))
        .correlate_except(table)
    ).scalar_subquery()
