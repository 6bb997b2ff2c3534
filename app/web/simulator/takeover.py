"""Where tried values are taken over: the forms of the room, the venue and the policy, with the values put in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select

from app.access.rights import may
from app.domains.bookings.queries.simulation.scenarios import Scenario
from app.domains.venues.queries import RoomRules
from app.kernel.db import db
from app.surfaces.records import wording
from app.surfaces.screens.prefilled import PREFIX

_FIELDS = {
    "buffer_before": "buffer_before_minutes",
    "buffer_after": "buffer_after_minutes",
    "notice": "notice_minutes",
    "advance_days": "advance_days",
    "step": "step_minutes",
    "shortest": "minimum_minutes",
    "longest": "maximum_minutes",
}


@dataclass(frozen=True, slots=True)
class Form:
    """A form that takes tried values over: whose it is, and where it is."""

    label: str
    url: str


def forms_for(scenario: Scenario, rules: Sequence[RoomRules]) -> list[Form]:
    """List the forms that the reader may save the scenario in; nothing is saved before they do."""
    found: list[Form] = []
    if scenario.hours is not None and rules and may("edit", "venue"):
        label = _("Opening hours of %(name)s", name=rules[0].venue_name)
        found.append(Form(label, _url("venues", rules[0].venue_id, _hours(scenario))))
    if may("edit", "room"):
        changed = ((room, _of_room(scenario, room)) for room in rules)
        found += [Form(room.name, _url("rooms", room.id, values)) for room, values in changed if values]
    if scenario.policy is not None and may("edit", "cancellation_policy"):
        for policy in _policies(rules):
            label = _("Cancellation policy “%(name)s”", name=str(policy))
            found.append(Form(label, _url("cancellation-policies", policy.id, _steps(scenario))))
    return found


def _url(path: str, key: Any, values: dict[str, str]) -> str:
    return f"/{path}/{key}/edit?{urlencode({f'{PREFIX}{name}': text for name, text in values.items()})}"


def _hours(scenario: Scenario) -> dict[str, str]:
    rows = [
        {
            "weekday": line.weekday.value,
            "mode": line.mode.value,
            "opens_time": line.opens.isoformat("minutes") if line.opens else "",
            "closes_time": line.closes.isoformat("minutes") if line.closes else "",
        }
        for line in scenario.hours or ()
    ]
    return _child("hours", rows)


def _of_room(scenario: Scenario, room: RoomRules) -> dict[str, str]:
    values = {
        field: str(value)
        for name, field in _FIELDS.items()
        if (value := getattr(scenario, name)) is not None and value != getattr(room, name)
    }
    if scenario.competes is not None and scenario.competes != room.competes:
        values["pending_policy"] = "compete" if scenario.competes else "block"
    tiers = scenario.on(room).tiers
    if tiers != room.tiers:
        locale = wording.reader()
        rows = [
            {
                "minutes": str(tier.minutes),
                "price_minor": wording.amount(tier.price_minor, room.currency, locale),
            }
            for tier in tiers
        ]
        values |= _child("prices", rows)
    return values


def _steps(scenario: Scenario) -> dict[str, str]:
    steps = sorted(scenario.policy or (), reverse=True)
    return _child(
        "steps",
        [{"hours_before": str(one.hours_before), "refund_percent": str(one.percent)} for one in steps],
    )


def _child(name: str, rows: Sequence[dict[str, str]]) -> dict[str, str]:
    values = {f"{name}-present": "1"}
    for number, row in enumerate(rows):
        values |= {f"{name}-{number}-{field}": text for field, text in row.items()}
        values[f"{name}-{number}-position"] = str(number)
    return values


def _policies(rules: Sequence[RoomRules]) -> list[Any]:
    """Read the policies of the rooms; more than these may have one of them."""
    catalogue = current_app.extensions["catalogue"]
    room, policy = catalogue["room"].model, catalogue["cancellation_policy"].model
    kept = select(room.policy_id).where(room.id.in_([one.id for one in rules]))
    return list(db.session.scalars(select(policy).where(policy.id.in_(kept)).order_by(policy.name)))
