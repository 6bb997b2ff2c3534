"""The page on which a client sees their place in line, answers an offer and leaves, behind the link of a mail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, redirect, request

from app.access.limits import spend
from app.domains.bookings import service
from app.domains.bookings.api import waiting_wording as wording
from app.domains.bookings.api.waiting import LOOKS, change_by_token, take_offer
from app.domains.bookings.api.waiting_schemas import OfferTaking
from app.domains.bookings.errors import NoSuchWaiting
from app.domains.bookings.queries import Facts, waiting_by_token
from app.domains.bookings.resources import EVENT_TYPES, WAITING_STATUSES
from app.kernel.errors import DomainError, Invalid
from app.surfaces.contract.schemas import load
from app.surfaces.public.language import default_locale
from app.translation.chain import translated_locales
from app.web.clients.page import address, locale_of, marked, page, reason

ANSWERS = ("accept", "decline")
ASKED = ("event_type", "guests", "client_phone", "message")
blueprint = Blueprint("waiting_client", __name__, url_prefix="/public/waiting")
_TAKING = OfferTaking()
_TONES = {option.value: option.tone for option in WAITING_STATUSES}


@blueprint.get("/<token>")
def place(token: str) -> Response:
    """Show the place in line, in the language it was taken in unless another is asked for."""
    spend("waiting-link", LOOKS)
    return _page(token, _find(token))


@blueprint.post("/<token>/accept")
def accept(token: str) -> Any:
    """Book what is offered, and show it; a refusal is shown beside it."""
    return _done(token, lambda: take_offer(token, _said()))


@blueprint.post("/<token>/decline")
def decline(token: str) -> Any:
    """Let the next have what is offered."""
    return _done(token, lambda: change_by_token(token, service.decline, reason()))


@blueprint.post("/<token>/leave")
def leave(token: str) -> Any:
    """Leave the list."""
    return _done(token, lambda: change_by_token(token, service.leave, reason()))


def _done(token: str, do: Callable[[], None]) -> Any:
    spend("waiting-link", LOOKS)
    _find(token)
    try:
        do()
    except DomainError as error:
        return _page(token, _find(token), error)
    return marked(redirect(address("waiting_client.place", token), 303))


def _said() -> dict[str, Any]:
    """Read what the client adds to what they said when they joined, as the API does. Raises Invalid."""
    said: dict[str, Any] = {
        name: text for name in ASKED if (text := request.form.get(name, "").strip().replace("\r\n", "\n"))
    }
    if (guests := said.get("guests", "")).isascii() and guests.isdecimal() and len(guests) < 10:
        said["guests"] = int(guests)
    return {name: value for name, value in load(_TAKING, said).items() if value is not None}


def _find(token: str) -> Facts:
    found = waiting_by_token(token)
    if found is None:
        raise NoSuchWaiting
    return waiting_by_token(token, translated_locales(locale_of(found), default_locale())) or found


def _page(token: str, facts: Facts, refusal: DomainError | None = None) -> Response:
    answer = request.args.get("answer", "")

    def told() -> dict[str, Any]:
        return {
            "waiting": wording.whole(facts),
            "tone": _TONES.get(facts["status"], "secondary"),
            "refusal": _sentences(refusal) if refusal else "",
            "answer": answer if answer in ANSWERS else "",
            "occasions": EVENT_TYPES,
            "urls": {name: address(f"waiting_client.{name}", token) for name in (*ANSWERS, "leave")},
        }

    return page("client/waiting.html", locale_of(facts), told, refusal.status if refusal else 200)


def _sentences(refusal: DomainError) -> str:
    """Say why it is refused; the fields stand beside the sentences anyway."""
    if isinstance(refusal, Invalid):
        return " ".join(str(text) for texts in refusal.errors.values() for text in texts)
    return str(refusal.message)
