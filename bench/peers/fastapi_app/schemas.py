"""What the peer answers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, FutureDate


class Money(BaseModel):
    """An amount in the currency's smallest unit."""

    minor: int
    currency: str


class Focal(BaseModel):
    """What must stay in sight, in shares of the sides."""

    x: float
    y: float


class PictureFile(BaseModel):
    """Where a picture lies in each form and width, and how large it is."""

    id: UUID
    url: str
    width: int
    height: int
    blurhash: str
    focal: Focal
    srcset: dict[str, str]
    thumb: str | None


class ToldPicture(PictureFile):
    """A picture with its own alternative text."""

    alt: str


class Picture(BaseModel):
    """A picture of a gallery."""

    id: UUID
    picture: PictureFile | None
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
    picture: ToldPicture | None
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


class BookingWish(BaseModel):
    """What a client sends."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    client_name: Annotated[str, Field(min_length=1, max_length=200)]
    client_email: Annotated[str, Field(pattern=r"^[^@\s]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+$", max_length=254)]
    client_phone: Annotated[str, Field(pattern=r"^\+?[0-9][0-9 ()./-]{4,30}$")] | None = None
    event_type: Literal[
        "wedding",
        "birthday",
        "anniversary",
        "engagement",
        "baby_shower",
        "graduation",
        "festival",
        "corporate",
        "other",
    ]
    event_on: FutureDate
    place: Annotated[str, Field(min_length=1, max_length=300)]
    package: Annotated[str, Field(min_length=1, max_length=200)]
    guests: Annotated[int, Field(ge=1, le=100_000)] | None = None
    message: Annotated[str, Field(max_length=4_000)] = ""


class BookedPackage(BaseModel):
    """The package that was booked."""

    id: UUID
    slug: str
    name: str


class MadeBooking(BaseModel):
    """What the client is told."""

    id: UUID
    status: str
    client_name: str
    client_email: str
    client_phone: str | None
    event_type: str
    event_on: date
    place: str
    package: BookedPackage
    guests: int | None
    message: str
    total: Money
    locale: str
    created_at: datetime


class MadeAnswer(BaseModel):
    """The booking that was made."""

    data: MadeBooking
