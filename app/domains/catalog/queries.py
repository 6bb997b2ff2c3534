"""Questions about the catalog that other domains ask inside statements of their own."""

from __future__ import annotations

from typing import Any
from unicodedata import normalize
from uuid import UUID

from sqlalchemy import Connection, Select, String, literal, select
from sqlalchemy import cast as sql_cast

from app.domains.catalog.models import Package
from app.kernel.ids import parse_id
from app.kernel.values import Money
from app.translation.addresses import found_by
from app.translation.chain import Chain

_package: Any = Package.__table__


def packages(depth: int) -> Select[Any]:
    """Select id, slug, name, price_minor, currency and is_active of packages.

    Name and slug are in the language of a chain of `depth` locales, bound with `bind_chain`.
    """
    chain = Chain(depth, _package)
    told = {
        name: chain.choose("package", _package.c.id, name, _package.c[name])[0].label(name)
        for name in ("slug", "name")
    }
    plain = (_package.c[column] for column in ("price_minor", "currency", "is_active"))
    return select(_package.c.id, told["slug"], *plain, told["name"]).select_from(chain.joined)


def price_of(connection: Connection, package_id: UUID) -> Money | None:
    """Give what a package costs; None where there is no such package."""
    columns = _package.c.price_minor, _package.c.currency
    row = connection.execute(select(*columns).where(_package.c.id == package_id)).one_or_none()
    return Money(*row) if row else None


def offered_package(connection: Connection, wanted: str) -> UUID | None:
    """Find a package that is offered, by its key or its slug in any language."""
    key = parse_id(wanted)
    by_name = found_by("package", sql_cast(literal(normalize("NFC", wanted)), String)) if key is None else key
    found = select(_package.c.id).where(_package.c.id == by_name, _package.c.is_active)
    return connection.execute(found).scalar_one_or_none()
