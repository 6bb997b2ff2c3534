"""A booking beside its event in the calendar, in the reader's words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_login import current_user
from sqlalchemy import select

from app.access import rows
from app.access.rights import may
from app.domains.bookings.queries import competing
from app.domains.bookings.resources import EVENT_TYPES
from app.domains.bookings.resources import bookings as resource
from app.kernel.db import db
from app.kernel.values import Period
from app.surfaces.records import wording
from app.surfaces.screens.pages import Button, Cell
from app.web.timeline.judging import between, wall


@dataclass(frozen=True, slots=True)
class BookingCard:
    """timeline/_booking.html. `room`, `starts` and `ends` are what the dialog that moves it begins with."""

    id: str
    title: str
    reference: str
    status: Cell
    when: str
    place: str
    occasion: str
    guests: str
    total: str
    email: str
    phone: str
    message: str
    url: str
    room: str
    starts: str
    ends: str
    is_movable: bool
    actions: tuple[Button, ...]


def booking_card(booking: Any, zone: str) -> BookingCard:
    """Word a booking; times in a zone."""
    locale = wording.reader()
    status = next(field for field in resource.fields if field.name == "status")
    occasion = next((option.label for option in EVENT_TYPES if option.value == booking.event_type), "")
    total = booking.total_minor
    period = Period(booking.starts_at, booking.ends_at) if booking.starts_at else None
    return BookingCard(
        id=str(booking.id),
        title=booking.client_name,
        reference=booking.reference,
        status=wording.cell(status, booking.status, locale),
        when=between(period, zone, locale) if period else wording.day(booking.event_on, locale),
        place=booking.place,
        occasion=str(occasion),
        guests="" if booking.guests is None else wording.number(booking.guests, locale),
        total="" if total is None else wording.money(total, booking.currency, locale),
        email=booking.client_email,
        phone=booking.client_phone or "",
        message=booking.message,
        url=f"/bookings/{booking.id}",
        room=str(booking.room_id or ""),
        starts=wall(period.starts_at, zone) if period else "",
        ends=wall(period.ends_at, zone) if period else "",
        is_movable=booking.status in ("pending", "confirmed") and _may(booking, "move"),
        actions=_buttons(booking, zone),
    )


def _buttons(booking: Any, zone: str) -> tuple[Button, ...]:
    """Offer the actions; beside the one that confirms stand those who are rejected by it (rule 4)."""
    offered = (a for a in resource.actions if not a.is_aside and a.offered(booking) and _may(booking, a.name))
    return tuple(
        Button(
            a.name,
            str(a.label),
            f"/bookings/{booking.id}/do/{a.name}",
            a.icon,
            a.tone,
            "post",
            a.asks_reason,
            names=_rivals(booking, zone) if a.name == "confirm" else (),
        )
        for a in offered
    )


def _rivals(booking: Any, zone: str) -> tuple[str, ...]:
    if booking.status != "pending" or booking.room_id is None:
        return ()
    locale = wording.reader()
    return tuple(
        f"{one.client_name}, {between(Period(one.starts_at, one.ends_at), zone, locale)}"
        for one in competing(db.session(), booking)
        if one.starts_at and one.ends_at
    )


def _may(booking: Any, verb: str) -> bool:
    """Tell whether the reader's rights and row rules allow a verb on a booking; a rule costs a statement."""
    if not may(verb, resource.name):
        return False
    if not rows.is_limited(resource.name, current_user, verb):
        return True
    model = resource.model
    allowed = rows.condition(resource.name, current_user, model, verb)
    return db.session.scalar(select(model.id).where(model.id == booking.id, allowed)) is not None
