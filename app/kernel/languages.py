"""The languages there are: which texts are translated into, answered in, and which the screens speak."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Connection, ForeignKey, String, case, event, func, or_, select
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Record
from app.kernel.locales import (
    RTL_LANGUAGES,
    RTL_SCRIPTS,
    SHIPPED,
    SOURCE,
    best_match,
    canonical,
    direction,
    own_name,
    shorter,
)
from app.kernel.shared import Shared

LONGEST_TAG = 35


def _last(context: Any) -> int:
    """Give the place behind all languages: a new one takes nobody's."""
    last = context.connection.scalar(select(func.max(Language.position)))
    return (last or 0) + 1


class Language(Record):
    """A language of the content by its BCP 47 tag. Switched off, it is skipped everywhere and keeps its texts."""

    __tablename__ = "language"
    __table_args__ = (
        CheckConstraint(
            f"tag <> '{SOURCE}' OR (is_enabled AND is_public AND is_interface AND fallback_id IS NULL)",
            name="source",
        ),
        CheckConstraint("fallback_id <> id", name="fallback"),
    )

    tag: Mapped[str] = mapped_column(String(LONGEST_TAG), unique=True)
    name: Mapped[str] = mapped_column(String(120), default="", server_default="")
    """In itself: "Deutsch"; kept for lists and search."""
    fallback_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("language.id", ondelete="RESTRICT"), index=True
    )
    position: Mapped[int] = mapped_column(default=_last, server_default="0")
    is_enabled: Mapped[bool] = mapped_column(default=True, server_default="true")
    is_public: Mapped[bool] = mapped_column(default=False, server_default="false")
    is_interface: Mapped[bool] = mapped_column(default=False, server_default="false")
    four_eyes: Mapped[bool] = mapped_column(default=False, server_default="false")
    is_gated: Mapped[bool] = mapped_column(default=False, server_default="false")
    publishes_itself: Mapped[bool] = mapped_column(default=False, server_default="false")
    glossary_blocks: Mapped[bool] = mapped_column(default=False, server_default="false")

    @hybrid_property
    def direction(self) -> str:
        """Tell in which direction it is written: "ltr" or "rtl"."""
        return direction(self.tag)

    @direction.inplace.expression
    @classmethod
    def _direction_in_sql(cls) -> Any:
        first, second = (func.split_part(func.lower(cls.tag), "-", place) for place in (1, 2))
        is_script = func.length(second) == 4  # letters, as every script's tag
        is_rtl = or_(second.in_(sorted(RTL_SCRIPTS)), first.in_(sorted(RTL_LANGUAGES)) & ~is_script)
        return case((is_rtl, "rtl"), else_="ltr")


@event.listens_for(Language, "before_insert")
@event.listens_for(Language, "before_update")
def _keep_name(_mapper: Any, _connection: Connection, row: Language) -> None:
    row.tag = canonical(row.tag) or row.tag
    row.name = own_name(row.tag)


@dataclass(frozen=True, slots=True)
class Known:
    """A language as the program knows it.

    `four_eyes`: nobody approves what they wrote. `is_gated`: a record is public in it only once somebody has
    published it, for which its required texts are approved; with `publishes_itself` nobody has to.
    `glossary_blocks`: a text against the glossary is refused, not only warned of.
    """

    tag: str
    fallback: str | None = None
    is_enabled: bool = True
    is_public: bool = True
    is_interface: bool = True
    position: int = 0
    four_eyes: bool = False
    is_gated: bool = False
    publishes_itself: bool = False
    glossary_blocks: bool = False

    @property
    def name(self) -> str:
        """Give its name in itself."""
        return own_name(self.tag)

    @property
    def direction(self) -> str:
        """Tell in which direction it is written: "ltr" or "rtl"."""
        return direction(self.tag)


class Registry:
    """All languages, looked at from the sides that are asked for at every request."""

    def __init__(self, languages: Iterable[Known]) -> None:
        self.every = tuple(languages)
        self.by_tag: Mapping[str, Known] = {known.tag.lower(): known for known in self.every}
        self.known = tuple(known for known in self.every if known.is_enabled)
        self.content = tuple(known.tag for known in self.known if known.tag != SOURCE)
        self.public = tuple(known.tag for known in self.known if known.is_public)
        self.interface = tuple(known.tag for known in self.known if known.is_interface)


def _load(connection: Connection) -> Registry:
    table: Any = Language.__table__
    fallback = table.alias("fallback")
    columns = [table.c[name] for name in Known.__slots__ if name != "fallback"]
    rows = connection.execute(
        select(*columns, fallback.c.tag.label("fallback"))
        .outerjoin_from(table, fallback, fallback.c.id == table.c.fallback_id)
        .order_by(table.c.position, table.c.tag)
    )
    return Registry(Known(**row) for row in rows.mappings())


def _shipped() -> Registry:
    return Registry(Known(tag, position=place) for place, tag in enumerate(SHIPPED, 1))


_registry = Shared("languages", tables=("language",), load=_load, otherwise=_shipped)


def every() -> tuple[Known, ...]:
    """List all languages in their order, those that are switched off too."""
    return _registry.get().every


def known() -> tuple[Known, ...]:
    """List the languages that are switched on, in their order, the source language among them."""
    return _registry.get().known


def find(tag: str) -> Known | None:
    """Find a language by its tag, in whatever case it is written; it may be switched off."""
    return _registry.get().by_tag.get(tag.replace("_", "-").lower())


def locales() -> tuple[str, ...]:
    """List the tags of the languages that are switched on, the source language among them."""
    return tuple(known.tag for known in _registry.get().known)


def content_locales() -> tuple[str, ...]:
    """List the languages that are translated into: those switched on, without the source language."""
    return _registry.get().content


def public_locales() -> tuple[str, ...]:
    """List the languages that the public JSON answers in."""
    return _registry.get().public


def interface_locales() -> tuple[str, ...]:
    """List the languages that the screens are offered in."""
    return _registry.get().interface


def best_words(header: str) -> str | None:
    """Choose the language of the screens that an Accept-Language header, or a tag, likes best."""
    return best_match(header, _registry.get().interface)


def words_for(tag: str) -> str:
    """Give the language of the screens that is nearest to a locale, the source language where none is."""
    return best_words(tag) or SOURCE


def chain(tag: str, default: str = SOURCE, *, public: bool = False) -> tuple[str, ...]:
    """List the languages to try, best first, the source language last: `de-AT`, `de`, its fallback, the default.

    One that names no fallback goes on to the shorter tag. One that is switched off, or with `public` is not
    for the public, is passed over; none comes twice.
    """
    registry = _registry.get()
    offered = registry.public if public else (*registry.content, SOURCE)
    found = [step for step in _steps(registry, tag.replace("_", "-")) if step in offered]
    if default in offered:
        found.append(default)
    return tuple(dict.fromkeys([*found, SOURCE]))


def loop_of(tag: str, fallback: str | None) -> tuple[str, ...]:
    """Name the loop that a fallback would close, from the language back to itself; empty where there is none."""
    by_tag = _registry.get().by_tag
    passed = [tag]
    while fallback is not None:
        passed.append(fallback)
        if fallback == tag:
            return tuple(passed)
        if fallback in passed[:-1]:
            return ()
        found = by_tag.get(fallback.lower())
        fallback = found.fallback if found else None
    return ()


def _steps(registry: Registry, tag: str) -> list[str]:
    steps: dict[str, None] = {}
    step: str | None = tag
    while step is not None:
        found = registry.by_tag.get(step.lower())
        name = found.tag if found else step
        if name in steps:
            break
        steps[name] = None
        step = (found.fallback if found else None) or next(iter(shorter(name)[1:]), None)
    return list(steps)
