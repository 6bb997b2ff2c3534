"""A place on a waiting list in its client's words: how far in line, what is offered until when, what follows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from app.domains.bookings.api.room_wording import amount, moment, time_text
from app.domains.bookings.api.wording import links as booking_links
from app.domains.bookings.models import WaitingStatus
from app.domains.bookings.queries import waiting_page_of, waiting_token
from app.domains.bookings.service import Reason, reason_in_words
from app.domains.venues.queries import Offer
from app.kernel import clock
from app.kernel.configured import outside_url
from app.kernel.values import Money, Period
from app.kernel.zones import is_zone
from app.surfaces.contract.operations import PREFIX
from app.surfaces.records import wording

_PLAIN = (
    *("id", "status", "created_at", "starts_at", "ends_at", "guests", "client_name", "client_email"),
    *("client_phone", "event_type", "place"),
)


def told(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Tell a place on the list to its client, without the links, which are never stored."""
    locale = wording.reader()
    status = WaitingStatus(facts["status"])
    period = Period(facts["starts_at"], facts["ends_at"])
    return {
        **{name: facts[name] for name in _PLAIN},
        "status_label": str(status.label),
        "room": {
            "id": facts["room_id"],
            "name": facts["room"],
            "venue": facts["venue"],
            "zone": facts["zone"],
        },
        "time_text": time_text(period, facts["zone"], locale),
        "offer": _offer(facts, locale),
        "next": _following(facts, status, locale),
        "booking": None,
    }


def heard(facts: Mapping[str, Any], offer: Offer, period: Period) -> dict[str, Any]:
    """Tell a wish to wait as it was understood, and nothing of what became of it: the mail says that (rule 21)."""
    room, venue = offer.rooms[0], offer.venue
    return {
        "room": {"id": room.id, "name": room.name, "venue": venue.name, "zone": venue.zone},
        "starts_at": period.starts_at,
        "ends_at": period.ends_at,
        "time_text": time_text(period, venue.zone, wording.reader()),
        "guests": facts.get("guests"),
        **{name: facts.get(name) for name in ("client_name", "client_email", "client_phone", "event_type")},
        "next": [
            _("We write to %(email)s where you stand in line.", email=facts["client_email"]),
            _("By the link in that mail you answer an offer, or leave the list."),
        ],
    }


def links(key: Any, serial: int = 1) -> dict[str, str]:
    """Give the addresses under which the client finds their place again."""
    token = waiting_token(key, serial)
    return {"status": outside_url(f"{PREFIX}/waiting/{token}"), "page": waiting_page_of(token)}


def whole(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Tell a place on the list with its links, and those of the booking that came of it."""
    booked = facts["booking_id"]
    booking = booking_links(booked, facts["booking_serial"]) if isinstance(booked, UUID) else None
    return told(facts) | {"booking": booking, "links": links(facts["id"], facts["link_serial"])}


def _offer(facts: Mapping[str, Any], locale: str) -> dict[str, Any] | None:
    deadline, promise = facts["deadline"], facts["promise"]
    if deadline is None:
        return None
    quote = promise["quote"]
    total = Money(quote["total_minor"], promise["currency"]) if quote else None
    return {
        "expires_at": deadline,
        "expires_text": moment(deadline, _zone(facts), locale),
        "seconds_left": max(0, int((deadline - clock.now()).total_seconds())),
        "total": amount(total, locale),
    }


def _zone(facts: Mapping[str, Any]) -> str:
    """Give the client's zone, by whose clocks a deadline is told; the venue's where they gave none."""
    return str(facts["time_zone"] if is_zone(facts["time_zone"]) else facts["zone"])


def _following(facts: Mapping[str, Any], status: WaitingStatus, locale: str) -> list[str]:
    """Say what happens next."""
    if status is WaitingStatus.WAITING:
        place = wording.number(facts["place"], locale)
        return [
            _("You are number %(place)s in line.", place=place),
            _(
                "As soon as it is your turn we hold the time for you and write to %(email)s.",
                email=facts["client_email"],
            ),
        ]
    if status is WaitingStatus.OFFERED:
        time = moment(facts["deadline"], _zone(facts), locale)
        return [
            _("We hold the time for you until %(time)s.", time=time),
            _("Without an answer by then it goes to the next in line."),
        ]
    if status is WaitingStatus.ACCEPTED:
        return [_("You took the time. We look forward to it.")]
    if status is WaitingStatus.DECLINED:
        return [_("You declined, so the time goes to the next in line.")]
    if status is WaitingStatus.LAPSED:
        return [_("We had no answer in time, so the time goes to the next in line.")]
    if status is WaitingStatus.LEFT:
        return [_("You left the list.")]
    return [_("We cannot offer you this time any more, so we took you off the list."), *_why(facts["reason"])]


def _why(reason: str) -> list[str]:
    """Say why the list was closed; staff's own words stay in the house."""
    return [reason_in_words(reason)] if reason in set(Reason) else []
