"""A factory for each table; flush, never commit."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import factory
from factory.alchemy import SQLAlchemyModelFactory

from app.domains.bookings.models import Booking
from app.domains.catalog.models import (
    Festival,
    FestivalPicture,
    IncludedItem,
    Package,
    Theme,
    ThemePicture,
)
from app.domains.members.models import Member
from app.domains.messaging.models import CannedAnswer, Conversation
from app.domains.reviews.models import Review
from app.kernel.db import db
from app.kernel.languages import Language
from app.media.models import Asset
from app.translation.glossary.models import GlossaryTerm
from app.translation.models import Translation
from app.translation.sources import source_hash


class Flushed(SQLAlchemyModelFactory):
    """Adds to the test's session and flushes."""

    class Meta:
        abstract = True
        sqlalchemy_session_factory = lambda: db.session  # noqa: E731
        sqlalchemy_session_persistence = "flush"


class AssetFactory(Flushed):
    class Meta:
        model = Asset

    title = factory.Sequence(lambda n: f"Picture {n}")
    alt = "Lanterns over a table"
    path = factory.Sequence(lambda n: f"pictures/00/{n}.webp")
    media_type = "image/webp"
    width, height, bytes = 1600, 1067, 80_000
    checksum = factory.Sequence(lambda n: f"{n:064x}")


class PackageFactory(Flushed):
    class Meta:
        model = Package

    name = factory.Sequence(lambda n: f"Package {n}")
    slug = factory.Sequence(lambda n: f"package-{n}")
    description = "Music, flowers and a long table."
    price_minor = 125_000
    position = factory.Sequence(lambda n: n)


class HiddenPackageFactory(PackageFactory):
    is_active = False


class IncludedItemFactory(Flushed):
    class Meta:
        model = IncludedItem

    text = factory.Sequence(lambda n: f"Item {n}")


class ThemeFactory(Flushed):
    class Meta:
        model = Theme

    name = factory.Sequence(lambda n: f"Theme {n}")
    slug = factory.Sequence(lambda n: f"theme-{n}")
    position = factory.Sequence(lambda n: n)


class ThemePictureFactory(Flushed):
    class Meta:
        model = ThemePicture

    position = factory.Sequence(lambda n: n)


class FestivalFactory(Flushed):
    class Meta:
        model = Festival

    name = factory.Sequence(lambda n: f"Festival {n}")
    slug = factory.Sequence(lambda n: f"festival-{n}")
    category = "cultural"
    country = "IN"
    starts_on = date(2027, 3, 22)
    ends_on = date(2027, 3, 22)


class FestivalPictureFactory(Flushed):
    class Meta:
        model = FestivalPicture


class BookingFactory(Flushed):
    class Meta:
        model = Booking

    client_name = factory.Sequence(lambda n: f"Client {n}")
    client_email = factory.Sequence(lambda n: f"client{n}@example.com")
    event_type = "wedding"
    event_on = date(2027, 5, 24)
    place = "Lisbon"


class ConfirmedBookingFactory(BookingFactory):
    status = "confirmed"


class ReviewFactory(Flushed):
    class Meta:
        model = Review

    author_name = factory.Sequence(lambda n: f"Author {n}")
    message = "A lovely evening."
    rating = 5
    submitted_at = datetime(2026, 5, 1, 12, tzinfo=UTC)


class MemberFactory(Flushed):
    class Meta:
        model = Member

    email = factory.Sequence(lambda n: f"member-{n}@example.com")
    username = factory.Sequence(lambda n: f"member-{n}")
    name = "Bob Marsh"
    password_hash = "none"
    is_verified = True


class CannedAnswerFactory(Flushed):
    class Meta:
        model = CannedAnswer

    title = factory.Sequence(lambda n: f"Opening hours {n}")
    text = "We are here from nine."


class GlossaryTermFactory(Flushed):
    class Meta:
        model = GlossaryTerm

    term = factory.Sequence(lambda n: f"term {n}")


class ConversationFactory(Flushed):
    class Meta:
        model = Conversation

    visitor_name = factory.Sequence(lambda n: f"Visitor {n}")


class ApprovedReviewFactory(ReviewFactory):
    status = "approved"


class LanguageFactory(Flushed):
    """One that was added in the browser and switched on for the public."""

    class Meta:
        model = Language

    tag = "fr"
    is_public = True
    position = factory.Sequence(lambda n: 100 + n)


def translate(record: Any, locale: str, **texts: str) -> None:
    """Add approved translations of a record's fields."""
    for field, text in texts.items():
        db.session.add(
            Translation(
                content_type=record.__tablename__,
                object_id=record.id,
                locale=locale,
                field=field,
                text=text,
                source_hash=source_hash(getattr(record, field)),
                source_revision=record.revision,
            )
        )
    db.session.flush()
