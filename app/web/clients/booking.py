"""The page on which a client sees their booking and calls it off, behind the unguessable link of a mail."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, request

from app.access.limits import spend
from app.domains.bookings.api.operations import LOOKS, cancel_booking, refund_preview
from app.domains.bookings.api.wording import told
from app.domains.bookings.errors import NoSuchBooking
from app.domains.bookings.queries import Facts, booking_by_token
from app.domains.bookings.resources import STATUSES
from app.kernel.errors import DomainError
from app.surfaces.public.language import default_locale
from app.translation.chain import translated_locales
from app.web.clients.page import address, locale_of, marked, page, reason

blueprint = Blueprint("client", __name__, url_prefix="/public/booking")
_TONES = {option.value: option.tone for option in STATUSES}


@blueprint.get("/<token>")
def booking(token: str) -> Response:
    """Show the booking, in the language it was made in unless another is asked for."""
    spend("booking-link", LOOKS)
    return _page(token, _find(token))


@blueprint.post("/<token>/cancel")
def cancel(token: str) -> Any:
    """Call the booking off, and show it again; a refusal is shown beside it."""
    spend("booking-link", LOOKS)
    facts = _find(token)
    here = address("client.booking", token)
    if (seen := request.form.get("booking")) and seen != str(facts["id"]):
        return marked(redirect(here, 303))  # it was moved while the page was open
    try:
        cancel_booking(facts["id"], reason())
    except DomainError as error:
        return _page(token, _find(token), error)
    return marked(redirect(here, 303))


def _find(token: str) -> Facts:
    found = booking_by_token(token)
    if found is None:
        raise NoSuchBooking
    return booking_by_token(token, translated_locales(locale_of(found), default_locale())) or found


def _page(token: str, facts: Facts, refusal: DomainError | None = None) -> Response:
    def told_here() -> dict[str, Any]:
        return {
            "booking": told(facts, refund_preview(facts)),
            "tone": _TONES.get(facts["status"], "secondary"),
            "refusal": str(refusal.message) if refusal else "",
            "cancel_url": address("client.cancel", token),
        }

    return page("client/booking.html", locale_of(facts), told_here, refusal.status if refusal else 200)
