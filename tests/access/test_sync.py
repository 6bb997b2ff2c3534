"""`flask sync` writes what is declared, exactly, and nothing when nothing changed."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask_appbuilder.security.sqla.models import Group, Permission, PermissionView, Role, ViewMenu
from sqlalchemy import func, select, text

from app.access import rights, roles
from app.access.sync import sync_permissions
from app.kernel.db import db
from tests.access.steps import make_user

Pair = tuple[str, str]
ITS_PAIR = (
    "IN (SELECT pv.id FROM ab_permission_view pv JOIN ab_permission p ON p.id = pv.permission_id"
    " JOIN ab_view_menu m ON m.id = pv.view_menu_id WHERE p.name = 'can_list' AND m.name = 'package')"
)
TAKE_AWAY = (
    "DELETE FROM ab_permission_view_role USING ab_role r"
    f" WHERE r.id = role_id AND r.name = 'Viewer' AND permission_view_id {ITS_PAIR}"
)
GIVE_BACK = (
    "INSERT INTO ab_permission_view_role (permission_view_id, role_id)"
    f" SELECT v.id, r.id FROM ab_permission_view v, ab_role r WHERE v.id {ITS_PAIR} AND r.name = 'Viewer'"
)


@pytest.fixture
def sync(app: Flask, session: Any) -> Any:
    catalogue = app.extensions["catalogue"]

    def run(**more: Any) -> bool:
        changed = sync_permissions(app.extensions["appbuilder"], catalogue, **more)
        db.session.commit()
        return changed

    return run


def granted(role: str) -> set[Pair]:
    rows = db.session.execute(
        select(Permission.name, ViewMenu.name)
        .select_from(Role)
        .join(Role.permissions)
        .join(PermissionView.permission)
        .join(PermissionView.view_menu)
        .where(Role.name == role)
    )
    return {(permission, view) for permission, view in rows}


def everything() -> list[Any]:
    tables = (
        "ab_permission",
        "ab_view_menu",
        "ab_permission_view",
        "ab_role",
        "ab_permission_view_role",
        "sync_state",
    )
    return [db.session.scalars(text(f"SELECT t::text FROM {table} t ORDER BY 1")).all() for table in tables]


def test_every_role_has_exactly_what_the_table_says(app: Flask, sync: Any) -> None:
    sync(force=True)
    for role, pairs in roles.grants(list(app.extensions["catalogue"])).items():
        if role != roles.ADMIN:
            assert granted(role) == pairs
        else:
            assert granted(role) >= pairs
    assert set(db.session.scalars(select(Role.name))) == set(roles.ROLES)


def test_a_second_sync_writes_nothing_and_is_cheap(sync: Any, count_statements: Any) -> None:
    sync(force=True)
    before = everything()
    with count_statements() as statements:
        assert not sync()
    assert len(statements) == 2
    assert everything() == before


def test_a_forced_sync_changes_nothing_that_is_right(sync: Any) -> None:
    sync(force=True)
    before = everything()[:-1]
    assert sync(force=True)
    assert everything()[:-1] == before


def test_what_is_missing_or_too_much_is_set_right(sync: Any) -> None:
    sync(force=True)
    right = everything()[:-1]
    db.session.execute(text("DELETE FROM ab_permission_view_role"))
    db.session.execute(text("INSERT INTO ab_permission (id, name) VALUES (999001, 'can_fly')"))
    db.session.execute(text("INSERT INTO ab_view_menu (id, name) VALUES (999001, 'sky')"))
    db.session.execute(text("INSERT INTO ab_permission_view VALUES (999001, 999001, 999001)"))
    viewer = db.session.scalar(select(Role.id).where(Role.name == "Viewer"))
    pair = db.session.scalar(text("SELECT id FROM ab_permission_view WHERE id < 999001 ORDER BY id LIMIT 1"))
    for number, key in enumerate((999001, pair)):
        db.session.execute(
            text("INSERT INTO ab_permission_view_role VALUES (:id, :pair, :role)"),
            {"id": 999001 + number, "pair": key, "role": viewer},
        )
    sync(force=True)
    assert [len(rows) for rows in everything()[:-1]] == [len(rows) for rows in right]
    assert everything()[:4] == right[:4]
    assert granted("Viewer") == roles.grants([*sync_resources()])["Viewer"]


def sync_resources() -> Any:
    from flask import current_app

    return current_app.extensions["catalogue"]


def test_a_customers_role_keeps_what_still_exists(sync: Any) -> None:
    own = Role(name="Florist")
    db.session.add(own)
    kept = db.session.scalars(
        select(PermissionView).join(PermissionView.permission).join(PermissionView.view_menu)
        .where(Permission.name == "can_edit", ViewMenu.name == "theme")
    ).one()  # fmt: skip
    own.permissions = [
        kept,
        PermissionView(permission=Permission(name="can_fly"), view_menu=ViewMenu(name="sky")),
    ]
    db.session.commit()
    sync(force=True)
    assert granted("Florist") == {("can_edit", "theme")}
    assert db.session.scalar(select(func.count()).select_from(ViewMenu).where(ViewMenu.name == "sky")) == 0


def test_what_else_is_made_from_the_catalogue_runs_after_a_change_only(sync: Any) -> None:
    ran: list[str] = []
    sync(force=True, then=[lambda: ran.append("triggers")])
    assert ran == ["triggers"]
    sync(then=[lambda: ran.append("again")])
    assert ran == ["triggers"]


def test_a_failure_leaves_everything_as_it_was(app: Flask, sync: Any) -> None:
    sync(force=True)
    before = everything()

    def fail() -> None:
        raise RuntimeError("triggers")

    db.session.execute(text("DELETE FROM sync_state"))
    db.session.commit()
    with pytest.raises(RuntimeError), db.session.begin_nested():
        sync_permissions(app.extensions["appbuilder"], app.extensions["catalogue"], [fail])
    assert everything()[:-1] == before[:-1]
    assert everything()[-1] == []


def test_rights_through_a_group_count(sync: Any) -> None:
    user = make_user()
    assert rights.rights_of(user).roles == frozenset()
    editor = db.session.scalars(select(Role).where(Role.name == "Editor")).one()
    db.session.add(Group(name="team", label="", description="", roles=[editor], users=[user]))
    db.session.commit()
    assert rights.rights_of(user).roles == {"Editor"}
    assert rights.rights_of(user).allow("can_edit", "package")
    assert not rights.rights_of(user).allow("can_edit", "booking")


def test_rights_are_those_of_now_whoever_changed_them(sync: Any) -> None:
    viewer, other = make_user("Viewer"), make_user("Viewer")
    assert rights.read_rights(viewer.id) is rights.read_rights(other.id)
    for statement, allowed in ((TAKE_AWAY, False), (GIVE_BACK, True)):
        db.session.execute(text(statement))
        found = rights.read_rights(viewer.id)
        assert found.allow("can_list", "package") is allowed
        assert ("can_list" in found.verbs_on("package")) is allowed
        assert found.allow("can_list", "theme")
