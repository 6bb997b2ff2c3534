"""The triggers see what the program did not write: plain SQL, COPY, bulk updates, cascades, truncation."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session

from app.catalogue import load_catalogue
from app.domains.catalog.models import IncludedItem, Package
from app.kernel.actor import Actor, acting_as
from app.kernel.audit import AuditEntry
from app.kernel.ids import new_id
from app.resources import Catalogue, On
from app.surfaces.history.triggers import install_triggers, wanted_triggers
from app.surfaces.search.models import SearchEntry
from app.translation.models import Translation
from tests.domains.rooms import stored_room
from tests.factories import IncludedItemFactory, PackageFactory, ThemeFactory, translate

ANNA = Actor("user", "7", "Anna Weber", "c-1")
INSERT = "INSERT INTO package (id, name, slug, price_minor) VALUES (%s, %s, %s, %s)"


def plain(session: Session) -> psycopg.Connection[Any]:
    """Give the driver's connection: whoever writes through it is unknown to the program."""
    session.flush()
    connection: psycopg.Connection[Any] = session.connection().connection.driver_connection  # type: ignore[assignment]
    return connection


def history(session: Session, content_type: str, **conditions: Any) -> list[AuditEntry]:
    found = select(AuditEntry).filter_by(content_type=content_type, **conditions).order_by(AuditEntry.id)
    return list(session.scalars(found))


def test_plain_sql_is_seen_with_old_and_new_values_and_the_database_user(session: Session) -> None:
    key = new_id()
    driver = plain(session)
    driver.execute("SELECT set_config('festoon.actor', '', true)")
    driver.execute(INSERT, (key, "Garden party", "garden-party", 1000))
    driver.execute("UPDATE package SET price_minor = 1200 WHERE id = %s", (key,))
    driver.execute("DELETE FROM package WHERE id = %s", (key,))
    added, changed, removed = history(session, "package", object_id=str(key))
    assert (added.action, added.old) == ("insert", None)
    assert added.new is not None and added.new["name"] == "Garden party"
    assert (changed.action, changed.old, changed.new) == (
        "update",
        {"price_minor": 1000},
        {"price_minor": 1200},
    )
    assert removed.action == "delete" and removed.new is None
    assert removed.old is not None and removed.old["price_minor"] == 1200
    assert {entry.actor_kind for entry in (added, changed, removed)} == {"database"}
    assert added.actor_label == driver.execute("SELECT session_user").fetchone()[0]  # type: ignore[index]


def test_copy_is_seen_row_by_row(session: Session) -> None:
    keys = [new_id() for _number in range(300)]
    driver = plain(session)
    with (
        driver.cursor() as cursor,
        cursor.copy("COPY package (id, name, slug, price_minor) FROM STDIN") as copy,
    ):
        for number, key in enumerate(keys):
            copy.write_row((key, f"Package {number}", f"copied-{number}", number))
    copied = {entry.object_id: entry.new for entry in history(session, "package") if entry.new}
    assert [copied[str(key)]["slug"] for key in keys] == [f"copied-{number}" for number in range(300)]
    found = session.scalars(select(SearchEntry.object_id).where(SearchEntry.object_id.in_(keys))).all()
    assert set(found) == set(keys)


def test_a_bulk_update_is_captured_with_the_acting_user_and_only_the_rows_that_changed(
    session: Session,
) -> None:
    one, two = PackageFactory(price_minor=100), PackageFactory(price_minor=200)
    with acting_as(ANNA):
        session.execute(update(Package).where(Package.id.in_([one.id, two.id])).values(price_minor=200))
    entries = [entry for entry in history(session, "package") if entry.action == "update"]
    assert [(entry.object_id, entry.old, entry.new) for entry in entries] == [
        (str(one.id), {"price_minor": 100}, {"price_minor": 200})
    ]
    assert (entries[0].actor_kind, entries[0].actor_id, entries[0].actor_label) == ("user", "7", "Anna Weber")
    assert entries[0].correlation_id == "c-1"


def test_a_bulk_delete_is_captured_with_the_acting_user(session: Session) -> None:
    package = PackageFactory()
    with acting_as(ANNA):
        session.execute(delete(Package).where(Package.id == package.id))
    assert [e.actor_label for e in history(session, "package", action="delete")] == ["Anna Weber"]


def test_a_save_that_changes_only_the_time_and_the_revision_is_no_news(session: Session) -> None:
    package = PackageFactory()
    session.execute(text("UPDATE package SET updated_at = now(), revision = revision + 1"))
    assert history(session, "package", object_id=str(package.id), action="update") == []


def test_a_key_that_changes_is_told_as_a_deletion_and_an_addition(session: Session) -> None:
    package = PackageFactory()
    other = new_id()
    session.execute(text("UPDATE package SET id = :other WHERE id = :id"), {"other": other, "id": package.id})
    assert [e.action for e in history(session, "package", object_id=str(package.id))] == ["insert", "delete"]
    assert [e.action for e in history(session, "package", object_id=str(other))] == ["insert"]


def test_children_and_translations_go_with_their_owner_and_stay_in_its_history(session: Session) -> None:
    item = IncludedItemFactory(package_id=PackageFactory().id)
    package = session.get_one(Package, item.package_id)
    translate(package, "de", name="Gartenfest")
    translate(item, "de", text="Ballons")
    package_id, item_id = package.id, item.id
    plain(session).execute("DELETE FROM package WHERE id = %s", (package_id,))
    session.expire_all()
    assert session.scalars(select(Translation.id)).all() == []
    assert session.scalars(select(IncludedItem.id)).all() == []
    assert session.scalars(select(SearchEntry.object_id)).all() == []
    mine = AuditEntry.owner_id.in_([str(package_id), str(item_id)])
    gone = session.scalars(select(AuditEntry).where(mine, AuditEntry.action == "delete")).all()
    assert {(entry.content_type, entry.owner_type, entry.owner_id) for entry in gone} == {
        ("package", "package", str(package_id)),
        ("included_item", "package", str(package_id)),
        ("translation", "package", str(package_id)),
        ("translation", "included_item", str(item_id)),
    }


def test_a_changed_child_tells_its_parent(session: Session) -> None:
    item = IncludedItemFactory(package_id=PackageFactory().id, text="Balloons")
    session.execute(text("UPDATE included_item SET text = 'Many balloons'"))
    entry = history(session, "included_item", action="update")[0]
    assert entry.old == {"text": "Balloons", "package_id": str(item.package_id)}
    assert entry.new == {"text": "Many balloons", "package_id": str(item.package_id)}
    assert (entry.owner_type, entry.owner_id) == ("package", str(item.package_id))


def test_truncating_a_table_is_captured_and_forgets_translations(session: Session) -> None:
    translate(ThemeFactory(), "de", name="Wald")
    plain(session).execute("TRUNCATE theme CASCADE")
    assert [entry.object_id for entry in history(session, "theme", action="truncate")] == [""]
    assert session.scalars(select(Translation.id)).all() == []
    assert session.scalars(select(SearchEntry).filter_by(content_type="theme")).all() == []


def test_a_password_is_told_to_have_changed_but_never_written_down(session: Session) -> None:
    driver = plain(session)
    driver.execute(
        "INSERT INTO ab_user (id, first_name, last_name, username, password, email, active) "
        "VALUES (9001, 'A', 'B', 'ab', 'scrypt:secret-one', 'ab@example.com', true)"
    )
    driver.execute("UPDATE ab_user SET password = 'scrypt:secret-two' WHERE id = 9001")
    driver.execute("UPDATE ab_user SET login_count = 3, last_login = now() WHERE id = 9001")
    added, changed = history(session, "ab_user", object_id="9001")
    assert added.new is not None and added.new["password"] == "***"
    assert (changed.old, changed.new) == ({"password": "***"}, {"password": "***"})
    leaked = session.scalar(text("SELECT count(*) FROM audit_entry WHERE audit_entry::text LIKE '%secret-%'"))
    assert leaked == 0


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_entry SET actor_label = 'nobody'", "DELETE FROM audit_entry", "TRUNCATE audit_entry"],
)
def test_history_cannot_be_altered(session: Session, statement: str) -> None:
    PackageFactory()
    with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
        session.execute(text(statement))
    session.execute(text("SET LOCAL session_replication_role = replica"))
    with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
        session.execute(text(statement))


def test_an_actor_that_is_no_json_stops_the_write(session: Session) -> None:
    session.execute(text("SELECT set_config('festoon.actor', 'mallory', true)"))
    with pytest.raises(SQLAlchemyError, match="invalid input syntax for type json"), session.begin_nested():
        session.execute(text("INSERT INTO theme (id, name, slug) VALUES (gen_random_uuid(), 'a', 'a')"))


def test_the_writers_search_path_cannot_lead_the_triggers_astray(session: Session) -> None:
    session.execute(text("CREATE TEMP TABLE audit_entry (id int)"))
    session.execute(text("SET LOCAL search_path = pg_temp, public"))
    ThemeFactory()
    assert session.scalar(text("SELECT count(*) FROM pg_temp.audit_entry")) == 0
    assert session.scalar(text("SELECT count(*) FROM public.audit_entry WHERE content_type = 'theme'")) == 1


def test_installing_twice_touches_nothing_and_a_stray_trigger_goes(session: Session) -> None:
    connection, catalogue = session.connection(), load_catalogue()
    assert install_triggers(connection, catalogue) == 0
    stray = (
        "CREATE TRIGGER festoon_capture_insert AFTER INSERT ON sync_state EXECUTE FUNCTION festoon_capture()"
    )
    session.execute(text(stray))
    session.execute(text("DROP TRIGGER festoon_index_update ON package"))
    assert install_triggers(connection, catalogue) == 2
    assert install_triggers(connection, catalogue) == 0


def test_rows_are_indexed_anew_when_the_declaration_changes_what_is_searched(session: Session) -> None:
    package = PackageFactory(name="Garden party", description="Lanterns")
    connection, kept = session.connection(), load_catalogue()
    told = text("SELECT text FROM search_entry WHERE object_id = :id")
    assert session.scalar(told, {"id": package.id}) == "garden party lanterns"
    changed, gone = Catalogue(), Catalogue()
    for resource in kept:
        if resource.name != "package":
            gone.add(resource)
            changed.add(resource)
            continue
        fields = tuple(
            replace(field, on=field.on & ~On.SEARCH) if field.name == "description" else field
            for field in resource.fields
        )
        changed.add(replace(resource, fields=fields))
    install_triggers(connection, changed)
    assert session.scalar(told, {"id": package.id}) == "garden party"
    install_triggers(connection, gone)
    assert session.scalar(told, {"id": package.id}) is None


def test_sync_mends_the_triggers_though_no_permission_changed(app: Flask, session: Session) -> None:
    for name in ("festoon_capture_insert", "festoon_index_insert"):
        session.execute(text(f"DROP TRIGGER {name} ON package"))
    session.commit()
    says = [app.test_cli_runner().invoke(args=["sync"]).output for _time in range(2)]
    assert says == ["Permissions, roles and triggers are in line.\n", "Nothing has changed.\n"]
    assert install_triggers(session.connection(), load_catalogue()) == 0


def test_every_declared_table_is_captured_in_every_way(session: Session) -> None:
    wanted = {(trigger.table, trigger.name) for trigger in wanted_triggers(load_catalogue())}
    tables = {
        "package",
        "included_item",
        "booking",
        "booking_step",
        "review",
        "asset",
        "translation",
        "ab_user",
    }
    for table in tables | {"ab_role", "ab_user_role", "ab_permission_view_role"}:
        assert {n for t, n in wanted if t == table} >= {
            f"festoon_capture_{event}" for event in ("insert", "update", "delete", "truncate")
        }


def test_every_function_of_ours_says_where_it_looks_for_names(session: Session) -> None:
    loose = text(
        "SELECT proname FROM pg_proc WHERE proname LIKE 'festoon%' "
        "AND NOT coalesce(array_to_string(proconfig, ' '), '') LIKE '%search_path=pg_catalog%'"
    )
    assert session.scalars(loose).all() == []


def test_a_part_that_points_by_two_columns_is_told_under_its_owners_key(session: Session) -> None:
    room = stored_room(session)
    price = room.prices[0]
    price.price_minor += 100
    session.flush()
    told = history(session, "room_price", object_id=str(price.id))
    assert [(entry.action, entry.owner_type, entry.owner_id) for entry in told] == [
        ("insert", "room", str(room.id)),
        ("update", "room", str(room.id)),
    ]
