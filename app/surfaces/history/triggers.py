"""The triggers of every declared table: they capture changes, keep the search, forget what lost its owner.

They also call the translations of a changed text out of date, know which addresses are and were whose, and
which texts are live.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, Uuid, func, select, text
from sqlalchemy.dialects.postgresql.base import PGIdentifierPreparer
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from app.kernel.db import metadata
from app.media.uses import count_anew, showing
from app.resources import Catalogue, On, Resource
from app.translation.memory import remembered
from app.translation.releases import parts_of_released

LEFT_OUT = frozenset(
    {"updated_at", "revision", "changed_on", "changed_by_fk", "last_login", "login_count", "fail_login_count"}
    | {"last_used_on", "seen_at"}
    | {"last_position", "last_sequence", "last_message_at", "last_sender", "last_excerpt", "bot_replies"}
    | {"unread_by_staff", "unread_by_client", "read_by_staff", "read_by_client"}
    | {"is_live"}
    | {"in_files", "is_in_files", "where_used"}
    | {"renditions", "srcset", "thumb", "square", "blurhash", "likeness", "uses", "twins"}
)
"""Columns that change by themselves; a change of nothing else is no news."""

SECRET_WORDS = ("password", "secret", "token", "key_hash", "lookup_hash")
"""A column whose name holds one of these is told to have changed; its value is never written down."""

OWNERS = {
    "translation": ("*content_type", "object_id"),
    "record_language": ("*content_type", "object_id"),
    "ab_api_key": ("ab_user", "user_id"),
    "ab_user_role": ("ab_user", "user_id"),
    "ab_user_group": ("ab_user", "user_id"),
    "ab_group_role": ("ab_group", "group_id"),
    "ab_permission_view_role": ("ab_role", "role_id"),
}
"""Tables whose changes stand in the history of another row: its table ("*column" names it), its key."""

UNTOLD = frozenset(
    {
        "staff_session",
        "staff_preference",
        "home_layout",
        "member_device",
        "member_token",
        "message",
        "picture_twin",
        "read_mark",
    }
)
"""What belongs to a record and is no change of it: sessions, preferences, mailed tokens, what was said."""

TOLD = {
    "translation": ("content_type", "object_id", "locale", "field"),
    "record_language": ("content_type", "object_id", "locale"),
}
STAFF_TABLES = ("ab_user", "ab_role", "ab_group", *(name for name in OWNERS if name.startswith("ab_")))
PREFIXES = tuple(
    f"festoon_{part}_"
    for part in ("capture", "forget", "index", "count", "outdate", "address", "release", "remember")
)
_SEEN_BY = {
    "insert": "REFERENCING NEW TABLE AS new_rows",
    "update": "REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "delete": "REFERENCING OLD TABLE AS old_rows",
    "truncate": "",
}
COUNTER = "festoon_count_pictures"
_LOCK = 0x0FE57001  # one sync at a time
_preparer = PGIdentifierPreparer(PGDialect_psycopg())


@dataclass(frozen=True, slots=True)
class Trigger:
    """One trigger, after one kind of statement or at each of its rows; its name is its part and its event."""

    table: str
    part: str
    event: str
    function: str
    arguments: tuple[str, ...] = ()
    at_row: str = ""
    """BEFORE or AFTER: when it is called for each row."""

    @property
    def name(self) -> str:
        """Give the trigger's name in the database."""
        return f"festoon_{self.part}_{self.event}"

    def ddl(self) -> str:
        """Write the statement that creates or replaces it."""
        arguments = ", ".join("'" + argument.replace("'", "''") + "'" for argument in self.arguments)
        table = _preparer.quote(self.table)
        if self.at_row:
            return (
                f"CREATE OR REPLACE TRIGGER {self.name} {self.at_row} {self.event.upper()} ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION {self.function}({arguments})"
            )
        return (
            f"CREATE OR REPLACE TRIGGER {self.name} AFTER {self.event.upper()} ON {table} "
            f"{_SEEN_BY[self.event]} FOR EACH STATEMENT EXECUTE FUNCTION {self.function}({arguments})"
        )


def install_triggers(connection: Connection, catalogue: Catalogue) -> int:
    """Create or replace the triggers that differ from the declarations, drop those no longer declared.

    Returns how many were touched: 0 the second time. Locks a table only to change its triggers. Rows whose
    SEARCH fields changed with the declaration are indexed anew.
    """
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    wanted = {(trigger.table, trigger.name): trigger for trigger in wanted_triggers(catalogue)}
    installed = _installed(connection)
    changed = [
        trigger
        for key, trigger in wanted.items()
        if installed.get(key) != (trigger.function, trigger.arguments)
    ]
    dropped = sorted(installed.keys() - wanted.keys())
    for trigger in changed:
        connection.exec_driver_sql(trigger.ddl().replace("%", "%%"))
    for table, name in dropped:
        connection.exec_driver_sql(f"DROP TRIGGER {name} ON {_preparer.quote(table)}")
    _follow_search(connection, changed, dropped)
    for trigger in changed:
        if trigger.function == "festoon_address" and trigger.event == "insert":
            connection.execute(select(func.festoon_readdress(trigger.table)))
    if any(trigger.function == COUNTER for trigger in changed):
        connection.execute(count_anew())
    return len(changed) + len(dropped)


def _follow_search(connection: Connection, changed: list[Trigger], dropped: list[tuple[str, str]]) -> None:
    """Index the rows of a content type anew whose SEARCH fields are others now; forget what is not searched."""
    for trigger in changed:
        if trigger.function == "festoon_index" and trigger.event == "insert":
            fields, translated = (_array(argument) for argument in trigger.arguments)
            connection.execute(select(func.festoon_reindex(trigger.table, fields, translated)))
    for table, name in dropped:
        if name == "festoon_index_insert":
            connection.execute(text("DELETE FROM search_entry WHERE content_type = :name"), {"name": table})


def _array(argument: str) -> Any:
    return func.string_to_array(argument, ",")


def wanted_triggers(catalogue: Catalogue) -> Iterator[Trigger]:
    """List the triggers that the declarations ask for."""
    owned = dict(_owned_tables(catalogue))
    captured = (
        {resource.name for resource in catalogue}
        | owned.keys()
        | {"asset", "translation", "record_language", *STAFF_TABLES}
    )
    for name in sorted(captured):
        owner = OWNERS.get(name) or owned.get(name)
        yield from _capture(metadata.tables[name], owner)
        if name not in ("translation", "record_language", *STAFF_TABLES):
            yield Trigger(name, "forget", "delete", "festoon_forget")
            yield Trigger(name, "forget", "truncate", "festoon_forget")
    yield from _counters()
    yield from _addresses(catalogue)
    yield from _releases(catalogue)
    for resource in catalogue:
        for table, sources in resource.translated:
            names = ",".join(field.name for field in sources)
            yield Trigger(table, "outdate", "update", "festoon_outdate", (names,))
    searched: dict[str, list[list[str]]] = {}
    for resource in catalogue:
        if fields := search_fields(resource):
            translated = [field for field in fields if _is_translated(resource, field)]
            searched[resource.name] = [fields, translated]
            for event in ("insert", "update"):
                arguments = (",".join(fields), ",".join(translated))
                yield Trigger(resource.name, "index", event, "festoon_index", arguments)
    for event in ("insert", "update", "delete"):
        yield Trigger("translation", "index", event, "festoon_index_translation", (json.dumps(searched),))
        yield Trigger(
            "translation", "remember", event, "festoon_remember", (",".join(remembered(catalogue)),)
        )


def _addresses(catalogue: Catalogue) -> Iterator[Trigger]:
    """Keep what each record with an address in every language is called there, and was."""
    names = sorted(resource.name for resource in catalogue if resource.address is not None)
    for name in names:
        for event in _SEEN_BY:
            yield Trigger(name, "address", event, "festoon_address")
    if names:
        for event in ("insert", "update", "delete"):
            yield Trigger("translation", "address", event, "festoon_address_text", (",".join(names),))


def _releases(catalogue: Catalogue) -> Iterator[Trigger]:
    """Keep which texts are live: by their record's release in their language, and by the language's gate."""
    owners, children = parts_of_released(catalogue)
    told = json.dumps(owners)
    for event in ("insert", "update"):
        yield Trigger("translation", "release", event, "festoon_release_text", (told,), "BEFORE")
        yield Trigger("language", "release_lock", event, "festoon_release_language", (told,), "BEFORE")
        yield Trigger("language", "release", event, "festoon_release_language", (told,), "AFTER")
    for event in ("insert", "update", "delete"):
        for part, moment in (("release_lock", "BEFORE"), ("release", "AFTER")):
            arguments = (json.dumps(children),)
            yield Trigger("record_language", part, event, "festoon_release_record", arguments, moment)


def _counters() -> Iterator[Trigger]:
    """Count on each picture the rows that show it, and the pictures that look like it."""
    counted: list[tuple[str, str, str, tuple[str, ...]]]
    counted = [(table, column, column, ("uses",)) for table, column in showing()]
    counted.append(("picture_twin", "twins", "asset_id", ("twins", "NOT is_apart")))
    for table, name, column, more in counted:
        for event in ("insert", "update", "delete"):
            yield Trigger(table, f"count_{name}", event, COUNTER, (column, *more))


def search_fields(resource: Resource) -> list[str]:
    """Name the columns that are searched through the index, the title first: it weighs more.

    The few rows of FAB's own tables, whose keys are numbers, are searched as they are.
    """
    if not isinstance(resource.model.__table__.c.id.type, Uuid):
        return []
    names = [field.name for field in resource.fields_on(On.SEARCH)]
    return sorted(names, key=lambda name: name != resource.title)


def _is_translated(resource: Resource, name: str) -> bool:
    field = resource.field(name)
    return field is not None and bool(field.on & On.TRANSLATE)


def _owned_tables(catalogue: Catalogue) -> Iterator[tuple[str, tuple[str, str]]]:
    """Find the tables whose rows vanish with a declared record: (table, (owner's table, key column))."""
    declared = {resource.name for resource in catalogue}
    joins = {
        str(field.join.table.name): (resource.name, field.join.ours)
        for resource in catalogue
        for field in resource.fields
        if field.join is not None and field.join.table.name not in OWNERS
    }
    yield from joins.items()
    for table in metadata.sorted_tables:
        if table.name in declared or table.name in joins or table.name in OWNERS or table.name in UNTOLD:
            continue
        for key in sorted(table.foreign_keys, key=lambda key: str(key.parent.name)):
            owner = key.column.table.name
            if owner in ("ab_user", "ab_role"):
                continue  # what staff keep for themselves or share with a role is no change of the person or role
            if not key.column.primary_key:
                continue  # of a key of two columns, such as a room with its currency, one names the owner
            if owner in declared and key.ondelete == "CASCADE":
                yield table.name, (key.column.table.name, key.parent.name)
                break


def _capture(table: Table, owner: tuple[str, str] | None) -> Iterator[Trigger]:
    names = [column.name for column in table.columns]
    told = TOLD.get(table.name) or ((owner[1],) if owner else ())
    arguments = (
        ",".join(name for name in names if name in LEFT_OUT),
        ",".join(name for name in names if _is_secret(name)),
        ",".join(told),
        *(owner or ("", "")),
    )
    for event in _SEEN_BY:
        yield Trigger(table.name, "capture", event, "festoon_capture", arguments)


def _is_secret(name: str) -> bool:
    return any(word in name for word in SECRET_WORDS)


_INSTALLED = text("""
    SELECT c.relname, t.tgname, p.proname, t.tgargs
    FROM pg_trigger t
    JOIN pg_class c ON c.oid = t.tgrelid AND c.relnamespace = current_schema()::regnamespace
    JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE NOT t.tgisinternal AND t.tgname LIKE 'festoon\\_%'
""")


def _installed(connection: Connection) -> dict[tuple[str, str], tuple[str, tuple[str, ...]]]:
    return {
        (table, name): (function, _arguments(bytes(raw)))
        for table, name, function, raw in connection.execute(_INSTALLED)
        if name.startswith(PREFIXES)
    }


def _arguments(raw: bytes) -> tuple[str, ...]:
    """Read `tgargs`: each argument ends in a zero byte."""
    return tuple(part.decode() for part in raw.split(b"\0")[:-1])
