"""A deletion is taken back, from what the history wrote down of it."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Any

from flask_babel import lazy_gettext as _l
from psycopg.types.json import Jsonb
from sqlalchemy import BigInteger, Table, Text, cast, func, literal, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.audit import AuditEntry
from app.kernel.db import metadata
from app.kernel.errors import Conflict, Gone
from app.kernel.signing import is_signed, sign
from app.resources import Catalogue, Resource
from app.surfaces.history.triggers import LEFT_OUT, SECRET_WORDS, wanted_triggers
from app.surfaces.records.guards import ask_guards
from app.surfaces.records.news import tell_changed
from app.translation.releases import judge_again

WINDOW = timedelta(minutes=15)
_PURPOSE = "undo of a deletion"
_entry: Any = AuditEntry.__table__
_MADE_ANEW = frozenset({"updated_at", "revision", "is_live"})
"""Left out of the history, and rightly another after a restoration."""


def is_restorable(catalogue: Catalogue, resource: Resource) -> bool:
    """Tell whether the history holds all that a deletion of such a record takes away."""
    captured = _captured(catalogue)
    waiting, seen = [resource.name], set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        if name not in captured or _hidden(metadata.tables[name]):
            return False
        for table in metadata.sorted_tables:
            for key in table.foreign_keys:
                if key.column.table.name != name:
                    continue
                if key.ondelete == "CASCADE":
                    waiting.append(table.name)
                elif key.ondelete == "SET NULL" and table.name not in captured:
                    return False
    return True


def undo_token(session: Session, resource: Resource, key: Any, user_id: int) -> str:
    """Give what `restore` takes for the deletion that this transaction just made; "" when there is none.

    Without a key it is of any record of the content type: all that one transaction deleted come back together.
    """
    session.flush()
    wanted = [_entry.c.content_type == resource.name, _entry.c.action == "delete", _entry.c.at == func.now()]
    if key is not None:
        wanted += [_entry.c.owner_type == resource.name, _entry.c.owner_id == str(key)]
    newest = session.scalar(
        select(func.max(_entry.c.id)).where(*wanted, _entry.c.transaction_id == _transaction())
    )
    return f"{newest}.{sign(_PURPOSE, _message(resource, newest, user_id))[:16].hex()}" if newest else ""


def restore(
    session: Session, catalogue: Catalogue, resource: Resource, token: str, user_id: int
) -> list[Any]:
    """Put back everything that a deletion took away; gives the keys of the records that are back.

    Raises Gone when it is too late or the token is none, Conflict when something took their place, and what the
    guards of the content type raise: meanwhile the world went on.
    """
    deletion = _deletion(session, resource, token, user_id)
    entries = session.execute(
        select(_entry)
        .where(_entry.c.at == deletion.at, _entry.c.transaction_id == deletion.transaction_id)
        .order_by(_entry.c.id)
    ).all()
    deleted = [entry for entry in entries if entry.action == "delete"]
    order = {table.name: place for place, table in enumerate(metadata.sorted_tables)}
    deleted.sort(key=lambda entry: order.get(entry.content_type, len(order)))
    try:
        with session.begin_nested():
            for entry in deleted:
                put_back(session, metadata.tables[entry.content_type], entry.old)
            for entry in entries:
                if entry.action == "update":
                    _point_again(session, metadata.tables[entry.content_type], entry, deleted)
            judge_again(session, [e.object_id for e in deleted if e.content_type == "translation"])
            for entry in deleted:
                if entry.content_type == resource.name:
                    ask_guards(session, resource, _record(session, resource, entry.object_id))
    except IntegrityError as error:
        raise Conflict(_l("It cannot come back: something else has taken its place meanwhile.")) from error
    back = [entry.object_id for entry in deleted if entry.content_type == resource.name]
    for name in dict.fromkeys(entry.content_type for entry in deleted):
        if (declared := catalogue.get(name)) is not None:
            tell_changed(session, declared, [e.object_id for e in deleted if e.content_type == name])
    return back


def _record(session: Session, resource: Resource, key: str) -> Any:
    return session.get(resource.model, _key(metadata.tables[resource.name], key), populate_existing=True)


def _deletion(session: Session, resource: Resource, token: str, user_id: int) -> Any:
    number, _dot, signature = token.partition(".")
    late = Gone(_l("It is too late to undo this. What was deleted stands in the history."))
    if not (number.isascii() and number.isdecimal() and len(number) < 19):
        raise late
    try:
        is_ours = is_signed(_PURPOSE, _message(resource, int(number), user_id), bytes.fromhex(signature))
    except ValueError:
        is_ours = False
    found = (
        session.execute(select(_entry).where(_entry.c.id == int(number))).one_or_none() if is_ours else None
    )
    if found is None or found.at < clock.now() - WINDOW:
        raise late
    table = metadata.tables[resource.name]
    if session.execute(select(literal(1)).where(table.c.id == _key(table, found.object_id))).first():
        raise Conflict(_l("It is back already."))
    return found


def put_back(session: Session, table: Table, old: dict[str, Any]) -> None:
    """Insert a row as it was; its revision is higher than any it had, so that no old form matches it."""
    held = [column for column in table.columns if column.name in old and column.computed is None]
    names = ", ".join(f'"{column.name}"' for column in held)
    values = dict(old)
    if "revision" in table.c:
        held.append(table.c.revision)
        names += ', "revision"'
        values["revision"] = int(clock.now().timestamp() // 60)
    session.connection().exec_driver_sql(
        f'INSERT INTO "{table.name}" ({names}) '  # noqa: S608  # names of our own tables and columns
        f'SELECT {names} FROM jsonb_populate_record(NULL::"{table.name}", %(row)s)',
        {"row": Jsonb(values)},
    )


def _point_again(session: Session, table: Table, entry: Any, deleted: list[Any]) -> None:
    """Let a row point again at what it pointed at before the deletion had it point elsewhere, or nowhere.

    One that was made to point at something else since then keeps to it.
    """
    gone = {(item.content_type, item.object_id) for item in deleted}
    for key in table.foreign_keys:
        name = key.parent.name
        held, now = ((side or {}).get(name) for side in (entry.old, entry.new))
        if held is None or held == now:
            continue
        if (key.column.table.name, str(held)) in gone:
            session.execute(
                update(table)
                .where(table.c.id == _key(table, entry.object_id))
                .where(key.parent == _key(key.column.table, str(now)) if now else key.parent.is_(None))
                .values({name: _key(key.column.table, str(held))})
            )


def _transaction() -> Any:
    return cast(cast(func.pg_current_xact_id(), Text), BigInteger)


def _key(table: Table, text: str) -> Any:
    return table.c.id.type.python_type(text)


def _message(resource: Resource, number: int, user_id: int) -> bytes:
    return f"{resource.name}/{number}/{user_id}".encode()


def _hidden(table: Table) -> bool:
    return any(
        (column.name in LEFT_OUT - _MADE_ANEW or any(word in column.name for word in SECRET_WORDS))
        for column in table.columns
    )


@cache
def _captured(catalogue: Catalogue) -> frozenset[str]:
    return frozenset(trigger.table for trigger in wanted_triggers(catalogue) if trigger.part == "capture")
