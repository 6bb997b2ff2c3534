"""While files are merged into the database, nobody saves what they are merged with."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import delete, text
from sqlalchemy.exc import OperationalError

from app.kernel.db import db, unit_of_work
from app.translation import writing
from app.translation.interface.models import InterfaceMessage
from app.translation.interface.storing import load_messages
from app.translation.models import Translation
from app.translation.states import Hand


def test_what_is_merged_is_locked_until_it_is_written(whole_app: Flask) -> None:
    with whole_app.app_context():
        made = InterfaceMessage(domain="festoon", msgid="Lock the door", msgid_plural="", mark="l" * 64)
        with unit_of_work() as session:
            session.add(made)
            session.flush()
            writing.put(session, "interface_message", made, "de", "text", "Absperren", Hand())
        key = made.id
        try:
            load_messages(db.session())
            with db.engine.connect() as other:
                other.execute(text("SET lock_timeout = '50ms'"))
                other.commit()
                for table, column in (("translation", "object_id"), ("interface_message", "id")):
                    statement = text(f"UPDATE {table} SET revision = revision WHERE {column} = :key")
                    with pytest.raises(OperationalError, match="lock timeout"):
                        other.execute(statement, {"key": key})
                    other.rollback()
        finally:
            db.session.rollback()
            with unit_of_work() as session:
                session.execute(delete(Translation).where(Translation.object_id == key))
                session.execute(delete(InterfaceMessage).where(InterfaceMessage.id == key))
            db.session.remove()
