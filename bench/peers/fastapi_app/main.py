"""The routes of the peer; one session a request, relations loaded by `selectinload`."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any, Literal

from fastapi import Depends, FastAPI, HTTPException, Query
from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import joinedload, selectinload

from bench.peers.fastapi_app import presenting, schemas
from bench.peers.fastapi_app.models import (
    Booking,
    IncludedItem,
    NewBooking,
    Package,
    PackagePicture,
    Review,
    Theme,
    ThemePicture,
    Translation,
)

MEDIA_URL = os.environ.get("BENCH_MEDIA_URL", "/media/")
SHOWN_STATES = ("approved", "stale")

engine = create_async_engine(os.environ["BENCH_ASYNC_URL"], pool_size=5)
sessions = async_sessionmaker(engine, expire_on_commit=False)


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
    """Close the pool when the server stops."""
    yield
    await engine.dispose()


app = FastAPI(title="Celebrations", lifespan=lifespan)


async def open_session() -> AsyncIterator[AsyncSession]:
    """Lend a session for one request."""
    async with sessions() as session:
        yield session


Database = Annotated[AsyncSession, Depends(open_session)]
Size = Annotated[int, Query(ge=1, le=100)]
PageNumber = Annotated[int, Query(ge=1)]


def read_language(lang: Annotated[str, Query(pattern=r"^[a-z]{2}(-[A-Z]{2})?$")] = "en") -> list[str]:
    """List the languages to look for, best first; the source language needs no look-up."""
    chain = [lang, lang.split("-")[0]] if "-" in lang else [lang]
    return [tag for tag in chain if tag != presenting.SOURCE]


Chain = Annotated[list[str], Depends(read_language)]


def in_languages(relation: Any, chain: list[str]) -> Any:
    """Narrow a relation to the translations that may be shown."""
    return relation.and_(Translation.locale.in_(chain), Translation.state.in_(SHOWN_STATES))


def gallery(relation: Any, model: Any, chain: list[str]) -> Any:
    """Load a gallery with its pictures and, where asked, their translations."""
    more = [joinedload(model.asset)]
    if chain:
        more.append(selectinload(in_languages(model.translations, chain)))
    return selectinload(relation).options(*more)


async def count(session: AsyncSession, statement: Select[Any]) -> int:
    """Count what the filters of a list leave."""
    return await session.scalar(select(func.count()).select_from(statement.subquery())) or 0


@app.get("/packages")
async def list_packages(
    session: Database, chain: Chain, page: PageNumber = 1, size: Size = 24
) -> schemas.PackagePage:
    """List the active packages in the language asked for."""
    items = selectinload(Package.items)
    options = [items, gallery(Package.pictures, PackagePicture, chain)]
    if chain:
        options[0] = items.selectinload(in_languages(IncludedItem.translations, chain))
        options.append(selectinload(in_languages(Package.translations, chain)))
    total = await count(session, select(Package.id).where(Package.is_active))
    statement = select(Package).where(Package.is_active).options(*options)
    statement = statement.order_by(Package.position, Package.id).limit(size).offset((page - 1) * size)
    rows = (await session.scalars(statement)).all()
    data = [presenting.package(row, chain, MEDIA_URL) for row in rows]
    return schemas.PackagePage(data=data, page=schemas.PageFacts(number=page, size=size, total=total))


@app.get("/themes/{slug}")
async def show_theme(session: Database, chain: Chain, slug: str) -> schemas.ThemeAnswer:
    """Show one theme with its gallery."""
    options = [gallery(Theme.pictures, ThemePicture, chain)]
    if chain:
        options.append(selectinload(in_languages(Theme.translations, chain)))
    row = await session.scalar(select(Theme).where(Theme.slug == slug, Theme.is_active).options(*options))
    if row is None:
        raise HTTPException(404)
    return schemas.ThemeAnswer(data=presenting.theme(row, chain, MEDIA_URL))


@app.get("/testimonials")
async def list_testimonials(
    session: Database,
    chain: Chain,
    rating_from: Annotated[int, Query(ge=1, le=5)] = 1,
    sort: Literal["submitted_at", "-submitted_at"] = "-submitted_at",
    page: PageNumber = 1,
    size: Size = 25,
) -> schemas.TestimonialPage:
    """List the approved reviews with at least so many stars."""
    shown = (Review.status == "approved", Review.rating >= rating_from)
    package, theme = joinedload(Review.package), joinedload(Review.theme)
    options = [joinedload(Review.asset), package, theme]
    if chain:
        options[1] = package.selectinload(in_languages(Package.translations, chain))
        options[2] = theme.selectinload(in_languages(Theme.translations, chain))
        options.append(selectinload(in_languages(Review.translations, chain)))
    order = [Review.submitted_at, Review.id]
    if sort.startswith("-"):
        order = [column.desc() for column in order]
    total = await count(session, select(Review.id).where(*shown))
    statement = select(Review).where(*shown).options(*options).order_by(*order)
    rows = (await session.scalars(statement.limit(size).offset((page - 1) * size))).all()
    data = [presenting.testimonial(row, chain, MEDIA_URL) for row in rows]
    return schemas.TestimonialPage(data=data, page=schemas.PageFacts(number=page, size=size, total=total))


@app.get("/bookings")
async def list_bookings(
    session: Database, status: str | None = None, page: PageNumber = 1, size: Size = 25
) -> schemas.BookingPage:
    """List bookings, newest first."""
    wanted = [Booking.status == status] if status else []
    total = await count(session, select(Booking.id).where(*wanted))
    statement = select(Booking).where(*wanted).options(joinedload(Booking.package))
    statement = statement.order_by(Booking.created_at.desc(), Booking.id.desc())
    rows = (await session.scalars(statement.limit(size).offset((page - 1) * size))).all()
    data = [presenting.booking(row) for row in rows]
    return schemas.BookingPage(data=data, page=schemas.PageFacts(number=page, size=size, total=total))


@app.post("/bookings", status_code=201)
async def book(session: Database, wish: schemas.BookingWish) -> schemas.MadeAnswer:
    """Take a booking in."""
    package = await session.scalar(select(Package).where(Package.slug == wish.package, Package.is_active))
    if package is None:
        raise HTTPException(422)
    made = NewBooking(
        **wish.model_dump(exclude={"package"}),
        package_id=package.id,
        total_minor=package.price_minor,
        currency=package.currency,
    )
    session.add(made)
    await session.commit()
    return schemas.MadeAnswer(data=presenting.made(made, package))
