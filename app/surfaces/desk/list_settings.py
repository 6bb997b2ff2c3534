"""How a person keeps a list: its columns, their widths and the view it opens with; read with the saved views."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_appbuilder import Model
from flask_appbuilder.security.sqla.models import Role
from sqlalchemy import (
    ForeignKey,
    Integer,
    Select,
    String,
    Text,
    and_,
    any_,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.access.rights import Rights
from app.kernel.db import named
from app.kernel.statements import compile_once
from app.surfaces.desk.saved_views import SavedView
from app.surfaces.desk.seen_views import is_for, roles_of_owner

NARROWEST, WIDEST = 60, 800
"""A column's width in pixels."""


class ListSetting(Model):
    """`columns` are keys in their order, empty for the declared ones; `widths` are pixels by key."""

    __tablename__ = "list_setting"

    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), primary_key=True)
    resource: Mapped[str] = mapped_column(String(64), primary_key=True)
    columns: Mapped[list[str]] = mapped_column(JSONB, default=list, server_default="[]")
    widths: Mapped[dict[str, int]] = mapped_column(JSONB, default=dict, server_default="{}")
    view_id: Mapped[UUID | None] = mapped_column(ForeignKey("saved_view.id", ondelete="SET NULL"), index=True)


@dataclass(frozen=True, slots=True)
class KeptView:
    """A view as a list's tabs need it; `shared` is "me", "all" or the name of a role."""

    id: UUID
    name: str
    query: str
    shared: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class ListDesk:
    """What a person keeps of one list; `widths` are (column, pixels)."""

    columns: tuple[str, ...] = ()
    widths: tuple[tuple[str, int], ...] = ()
    default_view: UUID | None = None
    views: tuple[KeptView, ...] = ()

    def view(self, key: str) -> KeptView | None:
        """Find a view by its key."""
        return next((view for view in self.views if str(view.id) == key), None)


def read_desk(session: Session, resource: str, user_id: int, rights: Rights) -> ListDesk:
    """Read in one statement what a person keeps of a list, with the views that are shared with them."""
    params = {"resource": resource, "user_id": user_id, "roles": sorted(rights.roles)}
    rows = _DESK.run(session.connection(), params)
    first = rows[0]  # there is always one, see _desk_statement
    views = tuple(
        KeptView(row.id, row.name, row.query, _shared(row), row.owner == user_id)
        for row in rows
        if row.id is not None
        and (row.owner == user_id or is_for(rights, resource, row.role, row.owner, row.owner_roles))
    )
    known = {view.id for view in views}
    return ListDesk(
        tuple(first.columns or ()),
        tuple((first.widths or {}).items()),
        first.view_id if first.view_id in known else None,
        views,
    )


def _shared(row: Any) -> str:
    return str(row.role) if row.audience == "role" else str(row.audience)


def _desk_statement() -> Select[Any]:
    user, resource = named("user_id", Integer()), named("resource", String())
    mine = and_(ListSetting.user_id == user, ListSetting.resource == resource)
    seen = or_(
        SavedView.user_id == user,
        SavedView.audience == "all",
        Role.name == any_(named("roles", ARRAY(Text))),
    )
    views = (
        select(
            SavedView.id,
            SavedView.name,
            SavedView.query,
            SavedView.audience,
            SavedView.user_id.label("owner"),
            SavedView.created_at,
            Role.name.label("role"),
            roles_of_owner(user).label("owner_roles"),
        )
        .outerjoin(Role, Role.id == SavedView.role_id)
        .where(SavedView.resource == resource, SavedView.deleted_at.is_(None), seen)
        .subquery("views")
    )
    one = select(literal(1).label("one")).subquery("one")
    joined = one.outerjoin(ListSetting, mine).outerjoin(views, true())
    return (
        select(ListSetting.columns, ListSetting.widths, ListSetting.view_id, views)
        .select_from(joined)
        .order_by(views.c.created_at, views.c.id)
    )


_DESK = compile_once(_desk_statement())


def keep_setting(session: Session, resource: str, user_id: int, **changed: Any) -> None:
    """Keep columns, widths or the default view of a list for a person."""
    made = insert(ListSetting).values(user_id=user_id, resource=resource, **changed)
    session.execute(made.on_conflict_do_update(index_elements=["user_id", "resource"], set_=changed))


def fitting(widths: Mapping[str, Any], names: Sequence[str]) -> dict[str, int]:
    """Keep the widths that are whole pixels of columns there are, none too narrow or too wide."""
    return {
        name: min(max(width, NARROWEST), WIDEST)
        for name, width in widths.items()
        if name in names and isinstance(width, int) and not isinstance(width, bool)
    }
