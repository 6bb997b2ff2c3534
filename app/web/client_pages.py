"""The page on which a client sees their booking and calls it off, behind the unguessable link of a mail."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask_babel import force_locale

from app.access.babel import theme_of_request
from app.access.limits import spend
from app.domains.bookings.api.asking import SECRET
from app.domains.bookings.api.operations import LOOKS, cancel_booking, refund_preview
from app.domains.bookings.api.wording import told
from app.domains.bookings.errors import NoSuchBooking
from app.domains.bookings.queries import Facts, booking_by_token
from app.domains.bookings.resources import STATUSES
from app.kernel import languages
from app.kernel.errors import DomainError
from app.kernel.locales import direction, parse_locale
from app.surfaces.public.language import default_locale
from app.translation.chain import translated_locales

LONGEST_REASON = 500
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
    if (seen := request.form.get("booking")) and seen != str(facts["id"]):
        return _marked(
            redirect(_address("client.booking", token), 303)
        )  # it was moved while the page was open
    try:
        cancel_booking(facts["id"], request.form.get("reason", "").strip()[:LONGEST_REASON])
    except DomainError as error:
        return _page(token, _find(token), error)
    return _marked(redirect(_address("client.booking", token), 303))


def _find(token: str) -> Facts:
    found = booking_by_token(token)
    if found is None:
        raise NoSuchBooking
    return booking_by_token(token, translated_locales(_locale(found), default_locale())) or found


def _locale(facts: Facts) -> str:
    asked = languages.best_words(request.args.get("lang", "")[:35])
    return asked or languages.best_words(facts["locale"]) or default_locale()


def _page(token: str, facts: Facts, refusal: DomainError | None = None) -> Response:
    locale = _locale(facts)
    with force_locale(parse_locale(locale)):
        page = render_template(
            "client/booking.html",
            booking=told(facts, refund_preview(facts)),
            tone=_TONES.get(facts["status"], "secondary"),
            refusal=str(refusal.message) if refusal else "",
            cancel_url=_address("client.cancel", token),
            shell=SimpleNamespace(
                locale=locale,
                direction=direction(locale),
                theme=theme_of_request(),
                user=None,
                languages=languages.interface_locales(),
            ),
        )
    return _marked(make_response(page, refusal.status if refusal else 200))


def _address(endpoint: str, token: str) -> str:
    """Give an address of the booking that keeps the language."""
    asked = languages.best_words(request.args.get("lang", "")[:35])
    return url_for(endpoint, token=token, lang=asked) if asked else url_for(endpoint, token=token)


def _marked(answer: Any) -> Response:
    """Have nobody keep the page, index it, or learn its address from a link on it."""
    answer.headers.update(SECRET)
    made: Response = answer
    return made
