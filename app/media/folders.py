"""Folders of the picture library: a tree without loops, whose contents move up when a folder goes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, func, inspect, select, text, update
from sqlalchemy import event as happening
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.kernel.db import Record
from app.kernel.errors import Invalid
from app.media.models import Asset

DEEPEST = 8
_LOCK = 0x0FE57015  # moves wait for each other: two at once could make a loop that neither sees


class PictureFolder(Record):
    """A folder of the library; pictures without one lie at the top."""

    __tablename__ = "picture_folder"
    __table_args__ = (
        Index(  # of two that differ in their case alone nobody would know which is meant
            "uq_picture_folder_name",
            "parent_id",
            text("lower(name)"),
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint("parent_id <> id", name="not_in_itself"),
    )

    name: Mapped[str] = mapped_column(String(80))
    parent_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("picture_folder.id", ondelete="RESTRICT"), index=True
    )

    def __str__(self) -> str:
        return self.name


def tree_of(session: Session) -> list[PictureFolder]:
    """Read all folders by their names, in whatever case; whoever draws them puts each below its parent."""
    order = (func.lower(PictureFolder.name), PictureFolder.name, PictureFolder.id)
    return list(session.scalars(select(PictureFolder).order_by(*order)))


@happening.listens_for(Session, "before_flush")
def _keep_the_tree(session: Session, *_unused: Any) -> None:
    """Refuse what would make a loop, and empty a folder that goes, whichever way it is written."""
    moved = [
        row
        for row in (*session.new, *session.dirty)
        if isinstance(row, PictureFolder) and row.parent_id is not None and _is_moved(row)
    ]
    gone = [row for row in session.deleted if isinstance(row, PictureFolder)]
    if moved or gone:
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    for folder in moved:
        _require_place(session, folder)
    for folder in gone:
        _move_up(session, folder)


def _is_moved(folder: PictureFolder) -> bool:
    history: Any = inspect(folder).attrs.parent_id.history
    return bool(history.has_changes())


_ABOVE = text("""
    WITH RECURSIVE above AS (
        SELECT id, parent_id, 1 AS depth FROM picture_folder WHERE id = :start
        UNION ALL
        SELECT f.id, f.parent_id, a.depth + 1 FROM picture_folder AS f JOIN above AS a ON f.id = a.parent_id
        WHERE a.depth < 50
    ) SELECT id FROM above
""")
_BELOW = text("""
    WITH RECURSIVE below AS (
        SELECT id, 1 AS depth FROM picture_folder WHERE id = :start
        UNION ALL
        SELECT f.id, b.depth + 1 FROM picture_folder AS f JOIN below AS b ON f.parent_id = b.id WHERE b.depth < 50
    ) SELECT max(depth) FROM below
""")


def _require_place(session: Session, folder: PictureFolder) -> None:
    with session.no_autoflush:
        above = set(session.execute(_ABOVE, {"start": folder.parent_id}).scalars())
        height = session.execute(_BELOW, {"start": folder.id}).scalar() or 1
    if folder.id in above or folder.id == folder.parent_id:
        raise Invalid({"parent_id": [_l("A folder cannot lie within itself. Choose another one.")]})
    if len(above) + height > DEEPEST:
        raise Invalid({"parent_id": [_l("Folders can lie %(limit)s deep at most.", limit=DEEPEST)]})


def _move_up(session: Session, folder: PictureFolder) -> None:
    """Put what lies in a folder into the one above it; a name that is taken there gets a number."""
    with session.no_autoflush:
        parent: UUID | None = inspect(folder).committed_state.get("parent_id", folder.parent_id)
        taken = set(
            session.scalars(
                select(func.lower(PictureFolder.name)).where(
                    _is_in(PictureFolder.parent_id, parent), PictureFolder.id != folder.id
                )
            )
        )
        inside = session.scalars(select(PictureFolder).where(PictureFolder.parent_id == folder.id)).all()
        table: Any = PictureFolder.__table__
        gone = {row.id for row in session.deleted}
        for child in inside:
            if child.id in gone:
                continue
            name = _free(child.name, taken)
            taken.add(name.lower())
            # By statements: the flush that is under way would delete the folder before it moves the rows.
            session.execute(
                update(table)
                .where(table.c.id == child.id)
                .values(parent_id=None if parent in gone else parent, name=name)
            )
            session.expire(child)
        assets: Any = Asset.__table__
        session.execute(
            update(assets)
            .where(assets.c.folder_id == folder.id)
            .values(folder_id=None if parent in gone else parent, updated_at=assets.c.updated_at)
        )


def _is_in(column: Any, parent: UUID | None) -> Any:
    return column.is_(None) if parent is None else column == parent


def _free(name: str, taken: set[str]) -> str:
    number, free = 2, name
    while free.lower() in taken:
        free = f"{name[:70]} {number}"
        number += 1
    return free
