"""What the peer answers."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel


class Money(BaseModel):
    """An amount in the currency's smallest unit."""

    minor: int
    currency: str


class PictureFile(BaseModel):
    """Where a picture lies and how large it is."""

    url: str
    width: int
    height: int


class Picture(BaseModel):
    """A picture of a gallery."""

    id: UUID
    picture: PictureFile
    alt: str
    languages: dict[str, str]


class Item(BaseModel):
    """One thing that a package includes."""

    id: UUID
    text: str
    languages: dict[str, str]


class Related(BaseModel):
    """A record that another one points at."""

    id: UUID
    name: str
    slug: str


class Package(BaseModel):
    """A package with its items and pictures."""

    id: UUID
    name: str
    slug: str
    description: str
    price: Money
    rating_average: float | None
    rating_count: int
    languages: dict[str, str]
    items: list[Item]
    pictures: list[Picture]


class Theme(BaseModel):
    """A theme with its gallery."""

    id: UUID
    name: str
    slug: str
    description: str
    rating_average: float | None
    rating_count: int
    languages: dict[str, str]
    pictures: list[Picture]


class Testimonial(BaseModel):
    """An approved review."""

    id: UUID
    author_name: str
    message: str
    rating: int
    picture: PictureFile | None
    package: Related | None
    theme: Related | None
    locale: str
    submitted_at: datetime
    languages: dict[str, str]


class Booking(BaseModel):
    """A row of the staff list."""

    id: UUID
    client_name: str
    event_type: str
    event_on: date
    place: str
    package: Related | None
    total: Money | None
    status: str
    created_at: datetime


class PageFacts(BaseModel):
    """Which part of the list this is."""

    number: int
    size: int
    total: int


class PackagePage(BaseModel):
    """A page of packages."""

    data: list[Package]
    page: PageFacts


class TestimonialPage(BaseModel):
    """A page of testimonials."""

    data: list[Testimonial]
    page: PageFacts


class BookingPage(BaseModel):
    """A page of bookings."""

    data: list[Booking]
    page: PageFacts


class ThemeAnswer(BaseModel):
    """One theme."""

    data: Theme
