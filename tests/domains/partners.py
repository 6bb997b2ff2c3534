"""What tests of partners share: Vera, her company with all that it has, and another's of which she learns nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy.orm import Session

from app.access.accounts import find_user
from app.domains.bookings.models import Booking, BookingSeries, Waiting, WaitingStep
from app.domains.venues.models import Closure, Company, Room, RoomPicture, RoomPrice, Venue, VenuePicture
from app.media.models import Asset
from tests.factories import AssetFactory, BookingFactory
from tests.factories.rooms import SeriesFactory
from tests.factories.venues import ClosureFactory, CompanyFactory, RoomFactory, VenueFactory

FROM = datetime(2030, 5, 4, 10, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Estate:
    """A company and what hangs on it; `word` stands in every name of it."""

    word: str
    company: Company
    venue: Venue
    room: Room
    closure: Closure
    booking: Booking
    picture: Asset
    series: BookingSeries
    waiting: Waiting

    def of(self, name: str) -> Any:
        """Give the record of a content type."""
        return {
            "company": self.company,
            "venue": self.venue,
            "room": self.room,
            "closure": self.closure,
            "booking": self.booking,
            "asset": self.picture,
            "booking_series": self.series,
            "waiting": self.waiting,
        }[name]


def estate(session: Session, word: str) -> Estate:
    """Store a company with all that hangs on it, from its venue to who waits for its room, all named by a word."""
    slug = word.lower()
    picture = AssetFactory(title=f"{word} picture")
    company = CompanyFactory(name=f"{word} company", slug=f"{slug}-company", logo_asset_id=picture.id)
    venue = VenueFactory(
        company_id=company.id, name=f"{word} venue", slug=f"{slug}-venue", street=f"{word} street"
    )
    venue.pictures = [VenuePicture(asset_id=picture.id, alt=f"{word} front")]
    room = RoomFactory(venue_id=venue.id, name=f"{word} room", slug=f"{slug}-room")
    room.pictures = [RoomPicture(asset_id=picture.id, alt=f"{word} floor")]
    room.prices = [RoomPrice(minutes=60, price_minor=4000)]
    closure = ClosureFactory(venue_id=venue.id, room_id=room.id, reason=f"{word} closure")
    booking = BookingFactory(
        client_name=f"{word} client",
        client_email=f"{slug}@example.com",
        place=f"{word} place",
        package_id=None,
        room_id=room.id,
        starts_at=FROM,
        ends_at=FROM + timedelta(hours=2),
        event_on=FROM.date(),
    )
    facts = {"client_name": f"{word} choir", "client_email": f"choir@{slug}.example.com"}
    series = SeriesFactory(room_id=room.id, facts=facts)
    waiting = Waiting(
        room_id=room.id,
        client_name=f"{word} guest",
        client_email=f"guest@{slug}.example.com",
        starts_at=FROM,
        ends_at=FROM + timedelta(hours=2),
    )
    waiting.steps = [WaitingStep(to_status="waiting", reason=f"{word} step")]
    session.add(waiting)
    session.flush()
    return Estate(word, company, venue, room, closure, booking, picture, series, waiting)


def entrust(session: Session, username: str, *companies: Company) -> User:
    """Let a user look after companies."""
    user = find_user(username)
    assert user is not None
    for company in companies:
        company.users.append(user)
    session.commit()
    return user
