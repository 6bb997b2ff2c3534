"""From mapped rows to response models, each text in the language asked for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from bench.peers.fastapi_app import models, schemas

SOURCE = "en"


class Texts(NamedTuple):
    """The chosen texts of a record and the language of each."""

    values: dict[str, str]
    languages: dict[str, str]


def choose(row: Any, fields: Sequence[str], chain: Sequence[str], own: str = SOURCE) -> Texts:
    """Choose each field's text along the chain of languages; the row's own text is the last resort."""
    known = {(found.locale, found.field): found.text for found in row.translations} if chain else {}
    values, languages = {}, {}
    for field in fields:
        locale = next((locale for locale in chain if known.get((locale, field))), None)
        values[field] = known[locale, field] if locale else getattr(row, field)
        languages[field] = locale or own
    return Texts(values, languages)


def average(row: models.Package | models.Theme) -> float | None:
    """Give the mean number of stars to one decimal, a half upwards."""
    mean = Decimal(row.rating_sum) / row.rating_count if row.rating_count else None
    return float(mean.quantize(Decimal("0.1"), ROUND_HALF_UP)) if mean is not None else None


def picture_file(asset: models.Asset | None, media_url: str) -> schemas.PictureFile | None:
    """Tell where a stored picture lies, when it may be shown."""
    if asset is None or asset.state != "ready":
        return None
    return schemas.PictureFile(**_file(asset, media_url))


def told_picture(asset: models.Asset | None, media_url: str) -> schemas.ToldPicture | None:
    """Tell where a stored picture lies and what it shows, when it may be shown."""
    if asset is None or asset.state != "ready":
        return None
    return schemas.ToldPicture(**_file(asset, media_url), alt=asset.alt)


def _file(asset: models.Asset, media_url: str) -> dict[str, Any]:
    return {
        "id": asset.id,
        "url": media_url + asset.path,
        "width": asset.width,
        "height": asset.height,
        "blurhash": asset.blurhash,
        "focal": schemas.Focal(x=asset.focal_x / 100, y=asset.focal_y / 100),
        "srcset": json.loads(asset.srcset.replace("{base}", media_url)),
        "thumb": media_url + asset.thumb if asset.thumb else None,
    }


def pictures(
    rows: Sequence[models.PackagePicture | models.ThemePicture], chain: Sequence[str], media_url: str
) -> list[schemas.Picture]:
    """Present a gallery."""
    shown = []
    for row in rows:
        texts = choose(row, ("alt",), chain)
        file = picture_file(row.asset, media_url)
        shown.append(schemas.Picture(id=row.id, picture=file, **texts.values, languages=texts.languages))
    return shown


def package(row: models.Package, chain: Sequence[str], media_url: str) -> schemas.Package:
    """Present a package with its items and pictures."""
    texts = choose(row, ("name", "description"), chain)
    items = []
    for item in row.items:
        told = choose(item, ("text",), chain)
        items.append(schemas.Item(id=item.id, **told.values, languages=told.languages))
    return schemas.Package(
        id=row.id,
        slug=row.slug,
        price=schemas.Money(minor=row.price_minor, currency=row.currency),
        rating_average=average(row),
        rating_count=row.rating_count,
        **texts.values,
        languages=texts.languages,
        items=items,
        pictures=pictures(row.pictures, chain, media_url),
    )


def theme(row: models.Theme, chain: Sequence[str], media_url: str) -> schemas.Theme:
    """Present a theme with its gallery."""
    texts = choose(row, ("name", "description"), chain)
    return schemas.Theme(
        id=row.id,
        slug=row.slug,
        rating_average=average(row),
        rating_count=row.rating_count,
        **texts.values,
        languages=texts.languages,
        pictures=pictures(row.pictures, chain, media_url),
    )


def related(row: models.Package | models.Theme | None, chain: Sequence[str]) -> schemas.Related | None:
    """Name a related record, when the public may see it."""
    if row is None or not row.is_active:
        return None
    return schemas.Related(id=row.id, slug=row.slug, **choose(row, ("name",), chain).values)


def testimonial(row: models.Review, chain: Sequence[str], media_url: str) -> schemas.Testimonial:
    """Present an approved review."""
    texts = choose(row, ("message",), chain, own=row.locale)
    return schemas.Testimonial(
        id=row.id,
        author_name=row.author_name,
        rating=row.rating,
        picture=told_picture(row.asset, media_url),
        package=related(row.package, chain),
        theme=related(row.theme, chain),
        locale=row.locale,
        submitted_at=row.submitted_at,
        **texts.values,
        languages=texts.languages,
    )


def booking(row: models.Booking) -> schemas.Booking:
    """Present a row of the staff list."""
    total = None if row.total_minor is None else schemas.Money(minor=row.total_minor, currency=row.currency)
    return schemas.Booking(
        id=row.id,
        client_name=row.client_name,
        event_type=row.event_type,
        event_on=row.event_on,
        place=row.place,
        package=related(row.package, ()),
        total=total,
        status=row.status,
        created_at=row.created_at,
    )


def made(row: models.NewBooking, package: models.Package) -> schemas.MadeBooking:
    """Present a booking that was just made."""
    return schemas.MadeBooking(
        id=row.id,
        status=row.status,
        client_name=row.client_name,
        client_email=row.client_email,
        client_phone=row.client_phone,
        event_type=row.event_type,
        event_on=row.event_on,
        place=row.place,
        package=schemas.BookedPackage(id=package.id, slug=package.slug, name=package.name),
        guests=row.guests,
        message=row.message,
        total=schemas.Money(minor=row.total_minor, currency=row.currency),
        locale=row.locale,
        created_at=row.created_at,
    )
