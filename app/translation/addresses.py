"""Under which names records are found in web addresses: those they have, in every language, and those they had."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_appbuilder import Model
from flask_babel import lazy_gettext as _l
from sqlalchemy import Index, String, Uuid, cast, func, literal, select
from sqlalchemy.dialects.postgresql import JSON, JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.kernel.db import named
from app.kernel.errors import Forbidden
from app.kernel.locales import SOURCE
from app.translation.models import Translation

TAKEN = _l("Another record has this already; choose another.")
_translation: Any = Translation.__table__


class Taken(Forbidden):
    """Another record is found under this name."""

    code = "taken"


class RecordAddress(Model):
    """A name and whose it is, or was; only triggers write here.

    A content type has each name once, in whatever language: it leads to one record however it is asked.
    """

    __tablename__ = "record_address"
    __table_args__ = (Index("ix_record_address_record", "object_id"),)

    content_type: Mapped[str] = mapped_column(String(63), primary_key=True)
    slug: Mapped[str] = mapped_column(String(200), primary_key=True)
    object_id: Mapped[UUID] = mapped_column(Uuid())
    is_present: Mapped[bool] = mapped_column(default=True, server_default="true")


_address: Any = RecordAddress.__table__


def found_by(content_type: str, wanted: Any, *, formerly: bool = False) -> Any:
    """Select the key of the record that has a name in some language; with `formerly` of the one that had it."""
    return (
        select(_address.c.object_id)
        .where(
            _address.c.content_type == literal(content_type, String, literal_execute=True),
            _address.c.slug == wanted,
            _address.c.is_present.is_not(formerly),
        )
        .scalar_subquery()
    )


def is_known(session: Session, content_type: str, slug: str) -> bool:
    """Tell whether a name leads, or led, to some record."""
    return session.get(RecordAddress, (content_type, slug)) is not None


def must_be_free(session: Session, content_type: str, key: UUID, slug: str) -> None:
    """Refuse a name that another record has. Raises Taken; who is faster past this, the database refuses."""
    holder = session.scalar(
        select(RecordAddress.object_id).where(
            RecordAddress.content_type == content_type,
            RecordAddress.slug == slug,
            RecordAddress.is_present,
            RecordAddress.object_id != key,
        )
    )
    if holder is not None:
        raise Taken(TAKEN)


def alternates(content_type: str, key: Any, source: Any) -> Any:
    """Give a record's names as JSON by language, those of the public ones; bound as `public_locales`."""
    t = _translation.alias()
    offered = func.string_to_array(
        cast(named("public_locales", String), String), literal(",", String, literal_execute=True)
    )
    own = (
        select(func.jsonb_object_agg(t.c.locale, t.c.text))
        .where(
            t.c.content_type == literal(content_type, String, literal_execute=True),
            t.c.object_id == key,
            t.c.field == literal("slug", String, literal_execute=True),
            t.c.is_live,
            t.c.locale == func.any(offered),
        )
        .correlate_except(t)
        .scalar_subquery()
    )
    first = func.jsonb_build_object(literal(SOURCE, String, literal_execute=True), source)
    nothing = cast(literal("{}", String, literal_execute=True), JSONB)
    return cast(first.op("||")(func.coalesce(own, nothing)), JSON)
