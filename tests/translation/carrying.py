"""Files of texts in tests: written from the database, changed as translators do, and read back."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.access.accounts import create_user
from app.kernel.actor import Actor, acting_as
from app.translation.files.exporting import FORMATS, write_file
from app.translation.files.importing import Outcome, run_import
from app.translation.files.opening import open_file
from app.translation.models import Translation
from app.translation.units import Asked, Unit

AT = datetime(2027, 3, 4, 5, 6, tzinfo=UTC)
KINDS = tuple(FORMATS)


def told(unit: Unit) -> tuple[str, ...]:
    return (f"{unit.owner_type} · {unit.field}", f"https://example.com/{unit.owner_type}/{unit.owner_id}")


def exported(session: Session, kind: str = "po", locale: str = "de", user: Any = None, **asked: Any) -> str:
    """Write a file of a selection."""
    file = io.BytesIO()
    write_file(session, user, Asked(locale, **asked), FORMATS[kind], told, AT, file)
    return file.getvalue().decode()


def imported(
    session: Session, content: str | bytes, user: Any = None, *, dry: bool = False, wanted: str = ""
) -> Outcome:
    """Read a file, as somebody of the staff or as a command."""
    data = content.encode() if isinstance(content, str) else content
    if user is None:
        outcome = run_import(open_file("a file", data, wanted), None, dry=dry)
    else:
        with acting_as(Actor("user", str(user.id), user.username)):
            outcome = run_import(open_file("a file", data, wanted), user, dry=dry)
    session.expire_all()
    return outcome


def counted(outcome: Outcome) -> dict[str, int]:
    """Give the kinds of entries that there were."""
    return {kind: count for kind, count in outcome.counts.items() if count}


def state_of(session: Session) -> list[str]:
    """Give all texts and suggestions as they stand, for comparing."""
    found: list[str] = []
    for table in ("translation", "translation_suggestion"):
        found += session.scalars(text(f"SELECT t::text FROM {table} t ORDER BY id"))
    return found


def staff(role: str, name: str = "") -> Any:
    """Make somebody of the staff."""
    name = name or role.lower().replace(" ", "-")
    return create_user(name, f"{name}@example.com", "a long enough password", [role], first_name=name)


def rows(session: Session) -> dict[tuple[str, str], Translation]:
    """Give the stored texts by (locale, field)."""
    session.expire_all()
    found = session.scalars(select(Translation).order_by(Translation.field.desc()))
    return {(row.locale, row.field): row for row in found}
