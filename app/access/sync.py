"""`flask sync`: writes what the declarations say into the database, and nothing when nothing changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from typing import Any

from flask_appbuilder.security.sqla.models import (
    Permission,
    PermissionView,
    Role,
    ViewMenu,
    assoc_permissionview_role,
)
from sqlalchemy import Connection, Table, delete, insert, select, text
from sqlalchemy.dialects.postgresql import insert as upsert

from app.access import roles
from app.access.models import SyncState
from app.access.rights import Pair
from app.kernel import clock
from app.kernel.db import db
from app.resources import Catalogue

_STEP = "permissions"
_LOCK = 5_110_218_706  # any number of ours: one sync at a time
_LINK = assoc_permissionview_role


def sync_permissions(
    appbuilder: Any, catalogue: Catalogue, then: Iterable[Callable[[], None]] = (), *, force: bool = False
) -> bool:
    """Write exactly the permissions that are declared and the table of roles; tell whether that was needed.

    `then` runs after a change, in the same transaction: what else is made from the catalogue, the triggers.
    A permission that is declared no more is taken from every role; a role that is not in the table keeps
    what it has of the rest. Belongs into a unit of work. Raises UnknownGrant.
    """
    grants = roles.grants(list(catalogue))
    grants[roles.ADMIN] |= _pairs_of_views(appbuilder)
    fingerprint = _fingerprint(grants, catalogue)
    db.session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    known = db.session.scalar(select(SyncState.fingerprint).where(SyncState.name == _STEP))
    if known == fingerprint and not force:
        return False
    _write(db.session.connection(), grants)
    for step in then:
        step()
    values = {"fingerprint": fingerprint, "at": clock.now()}
    note = upsert(SyncState).values(name=_STEP, **values)
    db.session.execute(note.on_conflict_do_update(index_elements=[SyncState.name], set_=values))
    db.session.expire_all()
    return True


def _fingerprint(grants: dict[str, set[Pair]], catalogue: Catalogue) -> str:
    plain = [catalogue.fingerprint(), {role: sorted(pairs) for role, pairs in sorted(grants.items())}]
    return hashlib.sha256(json.dumps(plain).encode()).hexdigest()


def _pairs_of_views(appbuilder: Any) -> set[Pair]:
    """List the permissions of hand-written screens; they are the Admin's until the table names them."""
    return {
        (permission, view.class_permission_name)
        for view in appbuilder.baseviews
        for permission in view.base_permissions or ()
    }


def _write(connection: Connection, grants: dict[str, set[Pair]]) -> None:
    wanted: set[Pair] = set().union(*grants.values())
    permissions = _names(connection, Permission.__table__, {permission for permission, _ in wanted})
    views = _names(connection, ViewMenu.__table__, {view for _, view in wanted})
    role_ids = _names(connection, Role.__table__, set(grants))
    pair_ids = _write_pairs(connection, {(permissions[p], views[v]): (p, v) for p, v in wanted})
    _write_grants(
        connection, {role_ids[role]: {pair_ids[pair] for pair in pairs} for role, pairs in grants.items()}
    )
    _drop_unused(connection)


def _names(connection: Connection, table: Table, wanted: set[str]) -> dict[str, int]:
    """Add the names that are missing; give the key of each."""
    known = {name: key for key, name in connection.execute(select(table.c.id, table.c.name))}
    if missing := [{"name": name} for name in sorted(wanted - known.keys())]:
        added = connection.execute(insert(table).returning(table.c.id, table.c.name), missing)
        known |= {name: key for key, name in added}
    return known


def _write_pairs(connection: Connection, wanted: dict[tuple[int, int], Pair]) -> dict[Pair, int]:
    """Make exactly the wanted pairs; give the key of each. A pair that goes leaves every role."""
    table = PermissionView.__table__
    rows = connection.execute(select(table.c.id, table.c.permission_id, table.c.view_menu_id))
    known = {(permission, view): key for key, permission, view in rows}
    if gone := [key for keys, key in known.items() if keys not in wanted]:
        connection.execute(delete(_LINK).where(_LINK.c.permission_view_id.in_(gone)))
        connection.execute(delete(table).where(table.c.id.in_(gone)))
    if missing := [{"permission_id": p, "view_menu_id": v} for p, v in sorted(wanted.keys() - known.keys())]:
        added = connection.execute(
            insert(table).returning(table.c.id, table.c.permission_id, table.c.view_menu_id), missing
        )
        known |= {(permission, view): key for key, permission, view in added}
    return {pair: known[keys] for keys, pair in wanted.items()}


def _write_grants(connection: Connection, wanted: dict[int, set[int]]) -> None:
    """Give each role of the table exactly its pairs."""
    rows = connection.execute(
        select(_LINK.c.role_id, _LINK.c.permission_view_id).where(_LINK.c.role_id.in_(wanted))
    )
    known = {(role, pair) for role, pair in rows}
    all_wanted = {(role, pair) for role, pairs in wanted.items() for pair in pairs}
    for role in wanted:
        if gone := [pair for owner, pair in known - all_wanted if owner == role]:
            connection.execute(
                delete(_LINK).where(_LINK.c.role_id == role, _LINK.c.permission_view_id.in_(gone))
            )
    if missing := [{"role_id": r, "permission_view_id": p} for r, p in sorted(all_wanted - known)]:
        connection.execute(insert(_LINK), missing)


def _drop_unused(connection: Connection) -> None:
    """Delete names that stand in no pair any more."""
    pair = PermissionView.__table__
    for model, column in ((Permission, pair.c.permission_id), (ViewMenu, pair.c.view_menu_id)):
        table, used = model.__table__, select(column).where(column.is_not(None))
        connection.execute(delete(table).where(table.c.id.not_in(used)))
