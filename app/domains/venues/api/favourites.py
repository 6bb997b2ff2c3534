"""The venues that a member marks, to find them again."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from marshmallow import Schema, fields

from app.access.limits import spend
from app.access.realms import Holder
from app.domains.venues import queries, service
from app.kernel.db import reading, unit_of_work
from app.kernel.errors import NotFound
from app.surfaces.contract import Answer, Auth, PublicApi, Strict
from app.surfaces.public.language import default_locale, wanted_locale
from app.translation.chain import translated_locales

MARKS = "60 per minute"
"""Marks that one member sets and takes away."""

api = PublicApi("favourites", tag="Member")


class InLanguage(Strict):
    """In which language the names are."""

    lang = fields.String(metadata={"description": "A language tag such as de; else Accept-Language counts."})


class FavouriteVenue(Schema):
    """A venue that the member marked, named in the reader's language."""

    id = fields.UUID(required=True)
    slug = fields.String(required=True)
    name = fields.String(required=True)
    marked_at = fields.DateTime(required=True)


class FavouritesAnswer(Schema):
    """All marked venues, the last marked first."""

    data = fields.List(fields.Nested(FavouriteVenue), required=True)


_EXAMPLE = {
    "data": [
        {
            "id": "01a1fcbc-ec04-77e8-aa43-d3c0b2e06cd4",
            "slug": "old-mill",
            "name": "The old mill",
            "marked_at": "2026-11-21T09:30:00Z",
        }
    ]
}


@api.operation(
    "GET",
    "/favourites",
    "List the venues that the member marked",
    query=InLanguage,
    gives={200: FavouritesAnswer},
    example_answer=_EXAMPLE,
    auth=Auth.MEMBER,
    endpoint="favourites",
)
def favourites(query: dict[str, Any], member: Holder) -> Answer:
    """List what is marked."""
    locale = wanted_locale(query.get("lang", ""))
    with reading() as connection:
        found = queries.favourites_of(connection, member.id, translated_locales(locale, default_locale()))
    told = [{"id": one.id, "slug": one.slug, "name": one.name, "marked_at": one.marked_at} for one in found]
    return Answer({"data": told}, headers={"Content-Language": locale})


@api.operation(
    "PUT",
    "/favourites/<venue>",
    "Mark a venue",
    gives={204: None},
    refuses=("too_many_requests",),
    auth=Auth.MEMBER,
    description="By its key, or its slug in any language. To mark it again changes nothing.",
)
def mark_favourite(venue: str, member: Holder) -> Answer:
    """Mark a venue."""
    spend("favourite", MARKS, key=str(member.id))
    with unit_of_work() as session:
        found = queries.offered_venue(session.connection(), venue, ())
        if found is None:
            raise NotFound(_("There is no such venue."))
        service.mark_venue(session, member.id, found.venue.id)
    return Answer(status=204)


@api.operation(
    "DELETE",
    "/favourites/<venue>",
    "Take the mark of a venue away",
    gives={204: None},
    refuses=("too_many_requests",),
    auth=Auth.MEMBER,
    description="What is not marked stays so.",
)
def unmark_favourite(venue: str, member: Holder) -> Answer:
    """Take a mark away."""
    spend("favourite", MARKS, key=str(member.id))
    with unit_of_work() as session:
        found = queries.offered_venue(session.connection(), venue, ())
        if found is None:
            raise NotFound(_("There is no such venue."))
        service.unmark_venue(session, member.id, found.venue.id)
    return Answer(status=204)
