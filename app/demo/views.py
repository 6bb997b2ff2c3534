"""The saved views of the demo: what a small team would keep, for everybody or for a role."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from flask_appbuilder.security.sqla.models import Role
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.roles import BOOKING_OPERATOR, MODERATOR, TRANSLATOR
from app.demo.keys import stable_key
from app.surfaces.desk.saved_views import SavedView, share

VIEWS: tuple[tuple[str, str, str, dict[str, str]], ...] = (
    ("booking", "To confirm", "all", {"sort": "created_at", "filter[status]": "pending"}),
    (
        "booking",
        "Next month",
        "all",
        {
            "sort": "event_on",
            "filter[status]": "confirmed",
            "filter[event_on][gte]": "month+1",
            "filter[event_on][lte]": "month+1",
        },
    ),
    ("booking", "Cancelled", BOOKING_OPERATOR, {"sort": "-created_at", "filter[status]": "cancelled"}),
    ("review", "To moderate", "all", {"sort": "submitted_at", "filter[status]": "pending"}),
    ("review", "One and two stars", MODERATOR, {"sort": "-submitted_at", "filter[rating][in]": "1,2"}),
    (
        "festival",
        "Coming up",
        "all",
        {"sort": "starts_on", "filter[starts_on][gte]": "today", "filter[starts_on][lte]": "today+60"},
    ),
    ("festival", "Hindi missing", TRANSLATOR, {"sort": "starts_on", "missing": "hi"}),
    ("package", "Not shown", "all", {"sort": "position", "filter[is_active]": "false"}),
)
"""Content type, name, who sees it, and the list's address."""


def add_views(session: Session) -> None:
    """Add the views that are missing."""
    keys: dict[UUID, tuple[str, str, str, dict[str, str]]] = {
        stable_key("saved_view", f"{view[0]} {view[1]}", number): view for number, view in enumerate(VIEWS)
    }
    there = set(session.scalars(select(SavedView.id).where(SavedView.id.in_(keys))))
    roles = {"all", *session.scalars(select(Role.name))}  # a customer may have given some of them up
    for key, (resource, name, shared, address) in keys.items():
        if key not in there and shared in roles:
            view = SavedView(id=key, resource=resource, name=name, query=urlencode(address))
            share(session, view, shared)
            session.add(view)
    session.flush()
