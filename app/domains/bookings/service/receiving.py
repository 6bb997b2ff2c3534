"""Taking a booking in from outside: one statement writes it with its first step and its news."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, Text, func, insert, literal, select
from sqlalchemy import cast as sql_cast
from sqlalchemy import types as sa
from sqlalchemy.dialects.postgresql import JSONB

from app.domains.bookings.events import BookingReceived
from app.domains.bookings.models import Booking, BookingStatus, BookingStep
from app.domains.bookings.service.steps import standing_cancel_days
from app.domains.catalog import queries as catalog
from app.kernel import clock
from app.kernel.actor import current_actor
from app.kernel.db import Driver, named
from app.kernel.ids import new_id, parse_id
from app.kernel.outbox import OutboxRow, row_of
from app.kernel.statements import statements
from app.translation.addresses import found_by
from app.translation.chain import bind_chain

WISHED = (
    *("client_name", "client_email", "client_phone", "event_type", "event_on", "place", "guests", "message"),
    *("locale", "time_zone", "member_id"),
)
"""What the client says; everything else is ours."""

_booking: Any = Booking.__table__
_step: Any = BookingStep.__table__
_outbox: Any = OutboxRow.__table__


def receive(
    connection: Connection | Driver, wish: Mapping[str, Any], package: str, locales: tuple[str, ...]
) -> dict[str, Any] | None:
    """Take in what a client wishes; gives the booking's facts, or None when no such package is offered.

    `wish` holds WISHED; `package` is a key or a slug in any language. The price is the package's. `locales` say in which
    languages its name is looked for. The caller calls `nudge` after the commit.
    """
    key, wanted = new_id(), parse_id(package)
    by = "slug" if wanted is None else "id"
    news = row_of(BookingReceived(key))
    ours = {
        "key": key,
        "step": new_id(),
        "now": clock.now(),
        "cancel_days": standing_cancel_days(),
        "wanted": wanted or package,
        "actor": json.dumps(current_actor().facts()),
        "actor_label": current_actor().label,
        "news": news["id"],
        "payload": json.dumps(news["payload"]),
        "correlation_id": news["correlation_id"],
    }
    statement = statements.get(("receive booking", by, len(locales)), lambda: _statement(by, len(locales)))
    wished = {name: wish.get(name) for name in WISHED}
    rows = statement.run(connection, wished | ours | bind_chain(locales))
    return _facts(wished, ours, rows[0]) if rows else None


def _facts(wished: Mapping[str, Any], ours: Mapping[str, Any], row: Any) -> dict[str, Any]:
    package_id, slug, name, price, currency, reference = row
    received = {"from_status": None, "to_status": BookingStatus.PENDING.value, "at": ours["now"]}
    return {
        **wished,
        "id": ours["key"],
        "reference": reference,
        "status": BookingStatus.PENDING.value,
        "package": {"id": _uuid(package_id), "slug": slug, "name": name},
        "total_minor": price,
        "currency": currency,
        "cancel_days": ours["cancel_days"],
        "created_at": ours["now"],
        "link_serial": 1,
        "steps": [received],
    }


def _uuid(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(str(value))


def _statement(by: str, depth: int) -> Select[Any]:
    """Make the statement. The history triggers learn who acts from `told`, in the same transaction."""
    offered = catalog.packages(depth).subquery("offered")
    wanted = named("wanted", offered.c[by].type)
    key = found_by("package", sql_cast(wanted, Text)) if by == "slug" else wanted
    chosen = select(offered).where(offered.c.is_active, offered.c.id == key).cte("chosen")
    actor = func.set_config(_text("festoon.actor"), sql_cast(named("actor", Text()), Text), literal(True))
    told = select(actor.label("actor")).cte("told")
    values = {
        **{name: _bound(name, _booking.c[name].type) for name in WISHED},
        "id": _bound("key", _booking.c.id.type),
        "package_id": chosen.c.id,
        "total_minor": chosen.c.price_minor,
        "currency": chosen.c.currency,
        "status": _text(BookingStatus.PENDING.value),
        "cancel_days": _bound("cancel_days", sa.Integer()),
        "created_at": _bound("now", _booking.c.created_at.type),
        "updated_at": _bound("now", _booking.c.created_at.type),
    }
    wish = select(*values.values()).select_from(chosen).join(told, told.c.actor.is_not(None))
    made = _insert(_booking, values, wish).returning(_booking.c.id, _booking.c.reference).cte("made")
    step = {
        "id": _bound("step", _step.c.id.type),
        "booking_id": made.c.id,
        "to_status": _text(BookingStatus.PENDING.value),
        "at": _bound("now", _step.c.at.type),
        "actor_label": _bound("actor_label", Text()),
        "created_at": _bound("now", _step.c.at.type),
        "updated_at": _bound("now", _step.c.at.type),
    }
    first = _insert(_step, step, select(*step.values()).select_from(made)).cte("first_step")
    news = {
        "id": _bound("news", _outbox.c.id.type),
        "topic": _text(BookingReceived.topic),
        "payload": _bound("payload", JSONB()),
        "correlation_id": _bound("correlation_id", Text()),
        "created_at": _bound("now", _outbox.c.created_at.type),
    }
    recorded = _insert(_outbox, news, select(*news.values()).select_from(made)).cte("recorded")
    package = (chosen.c[name] for name in ("id", "slug", "name", "price_minor", "currency"))
    result = select(*package, made.c.reference).select_from(chosen).join(made, literal(True))
    return result.add_cte(first, recorded)


def _insert(table: Any, values: Mapping[str, Any], source: Select[Any]) -> Any:
    return insert(table).from_select(list(values), source, include_defaults=False)


def _bound(name: str, kind: Any) -> Any:
    return sql_cast(named(name, kind), kind)


def _text(value: str) -> Any:
    return literal(value, sa.String, literal_execute=True)
