"""Questions about the library: what lacks an alternative text, which tags there are, how full the folders are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, func, or_, select, true
from sqlalchemy.orm import Session

from app.kernel import languages
from app.kernel.db import db, metadata
from app.kernel.locales import SOURCE
from app.media.models import Asset, AssetState

MOST_TAGS = 60


@dataclass(frozen=True, slots=True)
class MissingAlt:
    """How many pictures in use have no alternative text: in each language, and in any of them at all."""

    by_language: dict[str, int]
    pictures: int


def count_missing_alt(condition: Any = None, locales: Sequence[str] = ()) -> MissingAlt:
    """Count the pictures in use that have no alternative text in these languages, or in all; one statement.

    `condition` is the row rule of whoever asks: `rows.condition("asset", user, Asset)`.
    """
    asked = locales or languages.locales()
    lacking = [_lacks_alt(locale) for locale in asked]
    counts = [func.count().filter(lacks) for lacks in (*lacking, or_(*lacking))]
    *found, pictures = db.session.execute(select(*counts).where(_in_use(condition))).one()
    return MissingAlt(dict(zip(asked, found, strict=True)), pictures)


def next_missing_alt(
    session: Session, locale: str, condition: Any, after: UUID | None = None
) -> Asset | None:
    """Give the next picture in use without an alternative text in a language: newest first, behind `after`."""
    lacking = select(Asset).where(_in_use(condition), _lacks_alt(locale)).order_by(Asset.id.desc()).limit(1)
    return session.scalar(lacking if after is None else lacking.where(Asset.id < after))


def tags_in_use(session: Session, condition: Any = None) -> list[tuple[str, int]]:
    """List the tags with how many pictures bear them, the most used first."""
    tag = func.unnest(Asset.tags).label("tag")
    borne = select(tag).where(_seen(condition)).subquery()
    count = func.count()
    found = select(borne.c.tag, count).group_by(borne.c.tag).order_by(count.desc(), borne.c.tag)
    return [(name, number) for name, number in session.execute(found.limit(MOST_TAGS))]


def pictures_by_folder(session: Session, condition: Any = None) -> dict[UUID | None, int]:
    """Count the pictures that lie in each folder itself; those in none stand under None."""
    counted = (
        select(Asset.folder_id, func.count().label("number"))
        .where(_seen(condition))
        .group_by(Asset.folder_id)
    )
    return {row.folder_id: row.number for row in session.execute(counted)}


def _seen(condition: Any) -> Any:
    return true() if condition is None else condition


def _in_use(condition: Any) -> Any:
    """Say that a picture is shown somewhere; members' photos are no matter of the library."""
    return and_(
        Asset.uses > 0,
        Asset.state == AssetState.READY,
        Asset.path.not_like("users/%"),
        _seen(condition),
    )


def _lacks_alt(locale: str) -> Any:
    if locale == SOURCE:
        return func.btrim(Asset.alt) == ""
    told = metadata.tables["translation"]
    return ~exists().where(
        told.c.content_type == "asset",
        told.c.object_id == Asset.id,
        told.c.locale == locale,
        told.c.field == "alt",
        told.c.state != "rejected",
        told.c.text != "",
    )
