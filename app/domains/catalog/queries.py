"""Questions about the catalog that other domains ask inside statements of their own."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from app.domains.catalog.models import Package
from app.translation.chain import Chain

_package: Any = Package.__table__


def packages(depth: int) -> Select[Any]:
    """Select id, slug, name, price_minor, currency and is_active of packages.

    The name is in the language of a chain of `depth` locales, bound with `bind_chain`.
    """
    chain = Chain(depth, _package)
    name, _locale = chain.choose("package", _package.c.id, "name", _package.c.name)
    plain = (_package.c[column] for column in ("id", "slug", "price_minor", "currency", "is_active"))
    return select(*plain, name.label("name")).select_from(chain.joined)
