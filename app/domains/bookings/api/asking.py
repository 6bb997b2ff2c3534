"""What every public operation of bookings asks of who asks: the language, the member, the room."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Response, request
from flask_babel import gettext as _
from sqlalchemy import Connection

from app.domains.bookings.errors import NoSuchRoom
from app.domains.venues import queries as venues
from app.kernel.errors import NotFound
from app.surfaces.contract.operations import dump
from app.surfaces.public.language import default_locale, wanted_locale
from app.translation.chain import translated_locales

SECRET = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow", "Cache-Control": "no-store"}


def locale_of(query: dict[str, Any], member: Any) -> str:
    """Choose the language: the one asked for, the browser's, the member's, the site's."""
    asked = query.get("lang", "")
    if not asked and member is not None and "Accept-Language" not in request.headers:
        asked = member.locale
    return wanted_locale(asked)


def chain_of(locale: str) -> tuple[str, ...]:
    """List the locales along which texts are looked for."""
    return translated_locales(locale, default_locale())


def of_member(member: Any) -> dict[str, Any]:
    """Give what a member need not type."""
    if member is None:
        return {}
    return {
        "member_id": member.id,
        "client_name": member.name,
        "client_email": member.email,
        "time_zone": member.time_zone,
    }


def offered_room(connection: Connection, wanted: str, locale: str) -> tuple[venues.Offer, venues.OfferedRoom]:
    """Find a room by its key, or its slug in any language. Raises NoSuchRoom."""
    offer = venues.offered_room(connection, wanted, chain_of(locale))
    if offer is None or not offer.rooms:
        raise NoSuchRoom
    return offer, offer.rooms[0]


def offered_venue(connection: Connection, wanted: str, locale: str) -> venues.Offer:
    """Find a venue with its rooms by its key, or its slug in any language. Raises NotFound."""
    offer = venues.offered_venue(connection, wanted, chain_of(locale))
    if offer is None:
        raise NotFound(_("There is no such venue."))
    return offer


def kept_for(seconds: int, payload: Any, query: dict[str, Any], locale: str) -> Response:
    """Answer with what the reader's own browser may keep for some seconds, and has marked."""
    body = dump(payload)
    response = Response(body, mimetype="application/json")
    response.set_etag(hashlib.sha256(body).hexdigest()[:32])
    response.headers["Cache-Control"] = f"private, max-age={seconds}"
    response.headers["Content-Language"] = locale
    if not query.get("lang"):
        response.vary.add("Accept-Language")
    response.make_conditional(request)
    return response
