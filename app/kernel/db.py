"""The database: one metadata for FAB's tables and ours, the record every table is, the unit of work."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

import psycopg
from flask import current_app
from flask_appbuilder import Model
from flask_sqlalchemy import SQLAlchemy
from psycopg.rows import namedtuple_row
from sqlalchemy import BindParameter, Connection, DateTime, Engine, MetaData, bindparam, event, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapped, Session, declared_attr, make_transient_to_detached, mapped_column

from app.kernel import clock
from app.kernel.actor import current_actor
from app.kernel.ids import new_id

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
metadata: MetaData = Model.metadata
metadata.naming_convention = NAMING

db = SQLAlchemy(model_class=Model, session_options={"expire_on_commit": False})


M = TypeVar("M")


class Instant(DateTime):
    """A UTC instant column: `timestamptz`, always aware."""

    def __init__(self) -> None:
        super().__init__(timezone=True)


class Record(Model):  # type: ignore[misc]  # FAB's Model is an untyped declarative base
    """What every table of ours has: a UUIDv7 key, when it was made and changed, and a revision.

    The revision is counted up by each ORM save; a save of an older revision fails (StaleDataError).
    """

    __abstract__ = True

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id, sort_order=-10)
    created_at: Mapped[datetime] = mapped_column(
        Instant(), default=clock.now, server_default=text("now()"), sort_order=90
    )
    updated_at: Mapped[datetime] = mapped_column(
        Instant(), default=clock.now, onupdate=clock.now, server_default=text("now()"), sort_order=91
    )
    revision: Mapped[int] = mapped_column(default=1, server_default="1", sort_order=92)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805  # SQLAlchemy hands the class
        return {"version_id_col": cls.revision}


_UNIT = "festoon.unit_of_work"


@contextmanager
def unit_of_work() -> Iterator[Session]:
    """Commit what the block wrote, or roll all of it back; edges use it, services never do.

    A unit inside of another is a part of it: the outer one alone commits.
    """
    session: Session = db.session()
    if session.info.get(_UNIT):
        yield session
        return
    session.info[_UNIT] = True
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop(_UNIT, None)


def in_unit_of_work() -> bool:
    """Tell whether somebody further out will commit."""
    return db.session.registry.has() and bool(db.session.info.get(_UNIT))


class Driver:
    """The driver's own connection, for statements whose text is ready: an engine's costs as much again as it."""

    def __init__(self, raw: psycopg.Connection[Any]) -> None:
        self.raw = raw

    def fetch(self, statement: str, parameters: Mapping[str, Any]) -> list[Any]:
        """Execute it and give its rows, named tuples; raises what an engine's connection raises."""
        try:
            with self.raw.cursor(row_factory=namedtuple_row) as cursor:
                return cursor.execute(statement, parameters).fetchall()
        except psycopg.Error as error:
            lost = self.raw.broken
            if lost:
                db.engine.dispose()  # the others of the pool were lost with it
            raise DBAPIError.instance(
                statement, None, error, psycopg.Error, connection_invalidated=lost, dialect=db.engine.dialect
            ) from error


class Lent(Driver):
    """The driver's connection below one of the engine's: in its transaction, and heard by its listeners."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection.connection.driver_connection)  # type: ignore[arg-type]  # SQLAlchemy leaves it open
        self.connection = connection

    def fetch(self, statement: str, parameters: Mapping[str, Any]) -> list[Any]:
        """Execute it and give its rows, named tuples; a connection that is lost is so for the engine, too."""
        for hear in self.connection.dispatch.before_cursor_execute:
            hear(self.connection, None, statement, parameters, None, False)
        try:
            return super().fetch(statement, parameters)
        except DBAPIError as error:
            if error.connection_invalidated:
                self.connection.invalidate(error)
            raise


@contextmanager
def one_statement() -> Iterator[Connection | Driver]:
    """Lend a connection for a write of one statement, which is a transaction of its own.

    Inside a unit of work it is the session's connection, and the statement a part of that; so it is under
    test, where the session's transaction is never really committed.
    """
    if in_unit_of_work() or current_app.config.get("READ_IN_SESSION"):
        with unit_of_work() as session:
            yield session.connection()
        return
    pooled = db.engine.raw_connection()
    raw: Any = pooled.driver_connection
    raw.autocommit = True
    try:
        yield Driver(raw)
    finally:
        if raw.broken:
            pooled.invalidate()
        else:
            raw.autocommit = False
            pooled.close()


@contextmanager
def reading() -> Iterator[Connection]:
    """Lend a connection for one-statement reads, outside any transaction.

    Under test the session's own connection is lent, so that what the test wrote is seen.
    """
    if current_app.config.get("READ_IN_SESSION"):
        yield db.session.connection()
        return
    with db.engine.connect() as connection:
        yield connection.execution_options(isolation_level="AUTOCOMMIT")


def read_alone() -> None:
    """Let the session of a request that only reads run each statement on its own, in no transaction.

    At the rollback that ends one, the driver forgets its prepared statements: PostgreSQL would plan every
    statement of every request anew.
    """
    is_shared = isinstance(db.engine, Connection)  # a test lends all its requests the connection of its own
    if not is_shared and not db.session().in_transaction():
        db.session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})


def as_loaded(session: Session, model: type[M], row: Any) -> M:
    """Give the record of a row that has all columns of its table, as if the session had loaded it itself.

    The record that the session has already stays as it is, as at any load.
    """
    mapper = inspect(model)
    key = mapper.identity_key_from_primary_key([getattr(row, column.name) for column in mapper.primary_key])
    known: M | None = session.identity_map.get(key)
    if known is not None:
        return known
    record: M = mapper.class_manager.new_instance()
    vars(record).update({name: getattr(row, column.name) for name, column in mapper.columns.items()})
    make_transient_to_detached(record)
    session.add(record)
    return record


def named(name: str, kind: Any) -> BindParameter[Any]:
    """Make a parameter whose value is given when the statement's text runs, not when it is made."""
    return bindparam(name, required=False, type_=kind)


def name_actor(connection: Connection) -> None:
    """Tell the history triggers who acts in this transaction."""
    connection.execute(
        text(f"SELECT set_config('{_ACTOR}', :actor, true)"), {"actor": json.dumps(current_actor().facts())}
    )


_ACTOR = "festoon.actor"
_NAMED = "festoon.actor_named"
_SESSION = "festoon_session"
_WRITE = re.compile(r"\b(?:INSERT\s+INTO|DELETE\s+FROM|MERGE\s+INTO|COPY|UPDATE)\s+[\"\w]", re.IGNORECASE)


@event.listens_for(Session, "do_orm_execute")
def _name_actor_before_text(state: Any) -> None:
    if not state.is_select:  # a function that written SQL calls may write
        _name_actor_once(state.session)


@event.listens_for(Session, "after_begin")
def _lend_connection(session: Session, _transaction: Any, connection: Connection) -> None:
    connection.execution_options(**{_SESSION: session})


@event.listens_for(Engine, "before_cursor_execute")
def _name_actor_before_write(connection: Connection, _cursor: Any, statement: str, *_unused: Any) -> None:
    """Look at the text that runs: so neither a flush nor what goes past the session writes in nobody's name."""
    session = connection.get_execution_options().get(_SESSION)
    if session is not None and _is_nameless_write(statement):
        _name_actor_once(session)


@lru_cache(maxsize=1024)
def _is_nameless_write(statement: str) -> bool:
    """Tell whether a statement writes rows and does not name who acts; the same few texts run again and again."""
    return _ACTOR not in statement and _WRITE.search(statement) is not None


@event.listens_for(Session, "after_transaction_end")
def _forget_actor(session: Session, transaction: Any) -> None:
    if transaction.parent is None or transaction.nested:
        session.info.pop(_NAMED, None)


def _name_actor_once(session: Session) -> None:
    actor = current_actor()
    if session.info.get(_NAMED) != actor:
        name_actor(session.connection())
        session.info[_NAMED] = actor
