"""Verbs of places and of marks: the countries and cities that come with the product, the venues that members mark."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files
from typing import Any
from uuid import UUID

from sqlalchemy import column, delete, func, literal, select
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Session

from app.domains.venues.models import City, Country, FavouriteVenue
from app.kernel import languages
from app.kernel.ids import new_id
from app.kernel.locales import parse_locale
from app.translation.writing import save_texts


@dataclass(frozen=True, slots=True)
class PlaceCounts:
    """How many countries, cities and names in other languages were put in."""

    countries: int
    cities: int
    translations: int


def load_places(session: Session) -> PlaceCounts:
    """Put in the countries and cities that are missing; those that are there, by code or number, stay as they are."""
    places = json.loads((files("app.domains.venues") / "places" / "places.json").read_text("utf-8"))
    countries = _add(session, Country, [{"code": code, "name": name} for code, name in places["countries"]])
    keys: dict[str, Any] = dict(session.execute(select(Country.code, Country.id)).all())
    known = set(session.scalars(select(City.geonames_id)))
    cities = _add(
        session,
        City,
        [
            {
                "country_id": str(keys[code]),
                "slug": slug,
                "name": name,
                "zone": zone,
                "latitude": latitude,
                "longitude": longitude,
                "geonames_id": number,
            }
            for code, slug, name, zone, latitude, longitude, number in places["cities"]
            if number not in known
        ],
    )
    return PlaceCounts(len(countries), len(cities), _name_countries(session, countries))


def _add(session: Session, model: Any, rows: list[dict[str, Any]]) -> list[UUID]:
    """Insert what is not there; gives the keys of the new records.

    All rows are one parameter: twenty thousand parameters would take three times as long.
    """
    if not rows:
        return []
    table = model.__table__
    names = ["id", *rows[0]]
    told = literal([{"id": str(new_id()), **row} for row in rows], JSONB)
    columns = [column(name, table.c[name].type) for name in names]
    new = func.jsonb_to_recordset(told).table_valued(*columns).render_derived(with_types=True)
    adding = insert(model).from_select(names, select(*(new.c[name] for name in names)))
    return list(session.scalars(adding.on_conflict_do_nothing().returning(model.id)))


def _name_countries(session: Session, keys: list[UUID]) -> int:
    """Save the names of new countries in each language of the content whose words are known; gives how many."""
    countries = session.scalars(select(Country).where(Country.id.in_(keys))).all()
    with session.no_autoflush:  # else each country's names would be a statement of their own
        written = sum(
            save_texts(session, Country.__tablename__, country, _names(country)) for country in countries
        )
    session.flush()
    return written


def _names(country: Country) -> dict[tuple[str, str], str]:
    names = {}
    for tag in languages.content_locales():
        locale = parse_locale(tag)
        if locale is not None and country.code in locale.territories:
            names[tag, "name"] = locale.territories[country.code]
    return names


def mark_venue(session: Session, member_id: UUID, venue_id: UUID) -> None:
    """Mark a venue for a member; to mark it twice is to mark it once."""
    marking = insert(FavouriteVenue).values(id=new_id(), member_id=member_id, venue_id=venue_id)
    session.execute(marking.on_conflict_do_nothing())


def unmark_venue(session: Session, member_id: UUID, venue_id: UUID) -> None:
    """Take a member's mark of a venue away, if there is one."""
    mine = FavouriteVenue.member_id == member_id, FavouriteVenue.venue_id == venue_id
    session.execute(delete(FavouriteVenue).where(*mine))
