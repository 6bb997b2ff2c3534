"""How each person arranges the home page: which widgets, in which order, half or full in width."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ForeignKey, delete, select
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.kernel import clock
from app.kernel.db import Record
from app.kernel.ids import new_id

HALF, FULL = "half", "full"
WIDTHS = (HALF, FULL)
MOST = 40
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Placed:
    """A widget in its place."""

    name: str
    width: str = HALF


class HomeLayout(Record):
    """One person's arrangement: `widgets` holds [name, width] in order. Who has none sees the role's standard."""

    __tablename__ = "home_layout"

    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), unique=True)
    widgets: Mapped[list[Any]] = mapped_column(JSONB, default=list, server_default="[]")


def arranged(session: Session, user_id: int) -> tuple[Placed, ...] | None:
    """Read a person's arrangement; None where the role's standard stands."""
    found = session.scalar(select(HomeLayout.widgets).where(HomeLayout.user_id == user_id))
    return None if found is None else tuple(Placed(name, width) for name, width in found)


def arrange(session: Session, user_id: int, placed: Sequence[Placed]) -> None:
    """Keep an arrangement; what is named twice stands once, where it came first."""
    once = {item.name: item for item in reversed(placed) if item.width in WIDTHS}
    named = [item for item in placed if once.get(item.name) is item and len(item.name) <= _LONGEST_NAME]
    widgets = [[item.name, item.width] for item in named[:MOST]]
    statement = insert(HomeLayout).values(id=new_id(), user_id=user_id, widgets=widgets)
    kept = {"widgets": widgets, "updated_at": clock.now()}
    session.execute(statement.on_conflict_do_update(index_elements=[HomeLayout.user_id], set_=kept))


def reset(session: Session, user_id: int) -> None:
    """Go back to the role's standard."""
    session.execute(delete(HomeLayout).where(HomeLayout.user_id == user_id))
