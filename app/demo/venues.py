"""Companies with their venues and rooms, what is there, when they are open, what they cost and when they are closed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.demo.content import content
from app.demo.keys import stable_key
from app.domains.venues.models import (
    Badge,
    CancellationPolicy,
    CancellationStep,
    City,
    Closure,
    Company,
    Equipment,
    EquipmentType,
    OpeningHours,
    Room,
    RoomPicture,
    RoomPrice,
    Venue,
    VenuePicture,
)

Told = Mapping[str, Any]
TIERS = (60, 240, 600)
"""The minutes that every room of the demo has a price for."""


@dataclass(slots=True)
class Estate:
    """One run: what it has put in, and the keys that later parts refer to by (table, slug)."""

    session: Session
    today: date
    translate: Callable[[Any, str, dict[str, dict[str, Any]]], None]
    gallery: Callable[[list[str]], list[dict[str, Any]]]
    translate_gallery: Callable[[list[Any], str, list[str]], None]
    keys: dict[tuple[str, str], UUID] = field(default_factory=dict)

    def add_all(self) -> dict[str, int]:
        """Put in what is missing; give how many of each content type."""
        parts = {
            "companies": self.companies,
            "badges": self.badges,
            "equipment_types": self.equipment_types,
            "equipment": self.equipment,
            "policies": self.policies,
            "venues": self.venues,
            "rooms": self.rooms,
            "closures": self.closures,
        }
        return {name: add() for name, add in parts.items()}

    def companies(self) -> int:
        """Put in who owns the venues."""
        missing = self._missing(Company, content("venues")["companies"])
        for key, _number, told in missing:
            facts = {name: told[name] for name in ("slug", "name", "email", "phone")}
            self._add(Company(id=key, **facts, **told["text"]["en"]), told)
        return len(missing)

    def badges(self) -> int:
        """Put in what is good about venues."""
        missing = self._missing(Badge, content("venues")["badges"])
        for key, number, told in missing:
            self._add(Badge(id=key, slug=told["slug"], position=number, **told["text"]["en"]), told)
        return len(missing)

    def equipment_types(self) -> int:
        """Put in the kinds of equipment."""
        missing = self._missing(EquipmentType, content("venues")["equipment_types"])
        for key, number, told in missing:
            self._add(EquipmentType(id=key, position=number, **told["text"]["en"]), told)
        return len(missing)

    def equipment(self) -> int:
        """Put in the things that venues have."""
        missing = self._missing(Equipment, content("venues")["equipment"])
        for key, _number, told in missing:
            kind = self.keys["equipment_type", told["type"]]
            self._add(Equipment(id=key, slug=told["slug"], type_id=kind, **told["text"]["en"]), told)
        return len(missing)

    def policies(self) -> int:
        """Put in what is promised to who cancels."""
        missing = self._missing(CancellationPolicy, content("venues")["policies"])
        for key, _number, told in missing:
            steps = [
                CancellationStep(hours_before=hours, refund_percent=percent, position=n)
                for n, (hours, percent) in enumerate(told["steps"])
            ]
            self._add(CancellationPolicy(id=key, steps=steps, **told["text"]["en"]), told)
        return len(missing)

    def venues(self) -> int:
        """Put in the venues with their hours, and what they have."""
        missing = self._missing(Venue, content("venues")["venues"])
        for key, number, told in missing:
            latitude, longitude = told["at"]
            venue = Venue(
                id=key,
                company_id=self.keys["company", told["company"]],
                city_id=self._city(*told["city"]),
                position=number,
                latitude=Decimal(latitude),
                longitude=Decimal(longitude),
                badges=self._named(Badge, told["badges"]),
                equipment=self._named(Equipment, told["equipment"]),
                hours=[OpeningHours(**line, position=n) for n, line in enumerate(hours_of(told["hours"]))],
                pictures=[VenuePicture(**facts) for facts in self.gallery(told["pictures"])],
                **{name: told[name] for name in ("slug", "street", "postcode", "zone")},
                **told["text"]["en"],
            )
            self._add(venue, told)
            self.translate(venue, "venue", {locale: {"slug": slug} for locale, slug in told["slugs"].items()})
            self.translate_gallery(venue.pictures, "venue_picture", told["pictures"])
        return len(missing)

    def rooms(self) -> int:
        """Put in the rooms with their prices."""
        venues = {room["slug"]: venue for venue in content("venues")["venues"] for room in venue["rooms"]}
        every = [room for venue in content("venues")["venues"] for room in venue["rooms"]]
        missing = self._missing(Room, every)
        for key, number, told in missing:
            venue = venues[told["slug"]]
            before, after = told["buffers"]
            room = Room(
                id=key,
                slug=told["slug"],
                venue_id=self.keys["venue", venue["slug"]],
                policy_id=self.keys["cancellation_policy", told["policy"]],
                capacity=told["capacity"],
                currency=venue["currency"],
                buffer_before_minutes=before,
                buffer_after_minutes=after,
                position=number,
                prices=[
                    RoomPrice(minutes=minutes, price_minor=price, position=n)
                    for n, (minutes, price) in enumerate(zip(TIERS, told["prices"], strict=True))
                ],
                pictures=[RoomPicture(**facts) for facts in self.gallery(told["pictures"])],
                **told["facts"],
                **told["text"]["en"],
            )
            self._add(room, told)
            self.translate_gallery(room.pictures, "room_picture", told["pictures"])
        return len(missing)

    def closures(self) -> int:
        """Put in when somewhere is closed in the coming weeks, by the clocks there."""
        zones = {venue["slug"]: ZoneInfo(venue["zone"]) for venue in content("venues")["venues"]}
        missing = self._missing(Closure, content("venues")["closures"])
        for key, _number, told in missing:
            day = self.today + timedelta(days=told["days_ahead"])
            starts_at = datetime.combine(
                day, time.fromisoformat(told["from"]), zones[told["venue"]]
            ).astimezone(UTC)
            closure = Closure(
                id=key,
                venue_id=self.keys["venue", told["venue"]],
                room_id=self.keys["room", told["room"]] if "room" in told else None,
                starts_at=starts_at,
                ends_at=starts_at + timedelta(hours=told["hours"]),
                **told["text"]["en"],
            )
            self._add(closure, told)
        return len(missing)

    def _missing(self, model: Any, every: Collection[Told]) -> list[tuple[UUID, int, Told]]:
        """List what is not stored, with its key and number; what somebody else made under that name is taken for it."""
        table, missing = model.__tablename__, []
        for number, told in enumerate(every):
            key = stable_key(table, told["slug"], number)
            found = self.session.scalar(select(model.id).where(_is_it(model, key, told)).limit(1))
            self.keys[table, told["slug"]] = found or key
            if found is None:
                missing.append((key, number, told))
        return missing

    def _add(self, record: Any, told: Told) -> None:
        self.session.add(record)
        self.session.flush()
        self.translate(record, record.__tablename__, told["text"])

    def _named(self, model: Any, slugs: list[str]) -> list[Any]:
        return [self.session.get_one(model, self.keys[model.__tablename__, slug]) for slug in slugs]

    def _city(self, slug: str, number: int) -> UUID:
        """Find a city by its number at GeoNames, or one that somebody typed under its slug."""
        is_it = or_(City.geonames_id == number, City.slug == slug)
        cities = self.session.scalars(select(City).where(is_it).order_by(City.geonames_id.nulls_last()))
        return cities.all()[0].id


def _is_it(model: Any, key: UUID, told: Told) -> Any:
    if hasattr(model, "slug"):
        return or_(model.id == key, model.slug == told["slug"])
    if model.__table__.c.get("name") is not None:
        return or_(model.id == key, model.name == told["text"]["en"]["name"])
    return model.id == key


def hours_of(told: list[list[str]]) -> Iterator[dict[str, Any]]:
    """Spell out lines such as ["fri sat", "open", "18:00", "02:00"], one for each day, in the order of the week."""
    days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    lines = [(day, *rest) for names, *rest in told for day in names.split()]
    for day, mode, *times in sorted(lines, key=lambda line: days.index(line[0])):
        opens, closes = (time.fromisoformat(text) for text in times) if times else (None, None)
        yield {"weekday": day, "mode": mode, "opens_time": opens, "closes_time": closes}
