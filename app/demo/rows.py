"""The rows of the large set as lines for COPY: real words of the demo, numbered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from itertools import islice
from typing import Any
from uuid import UUID

from app.demo.clients import wishes
from app.demo.content import content
from app.demo.festivals import Occasion, next_occasions
from app.kernel.clock import today
from app.translation.sources import source_hash

MIX = 20
"""Of so many bookings in a row five are confirmed, nine completed, three pending, two cancelled, one a no-show."""
STATUSES = ("confirmed",) * 5 + ("completed",) * 9 + ("pending",) * 3 + ("cancelled",) * 2 + ("no_show",)
WAYS = {
    "pending": ("pending",),
    "confirmed": ("pending", "confirmed"),
    "completed": ("pending", "confirmed", "completed"),
    "cancelled": ("pending", "cancelled"),
    "no_show": ("pending", "confirmed", "no_show"),
}
STEPS_EACH = sum(len(WAYS[status]) for status in STATUSES) / MIX
NUMBERED = {"en": "No.", "de": "Nr.", "es": "n.º", "hi": "क्र."}
TOLD_IN = ("de", "es", "hi")

_RECORD = "id, created_at, updated_at"
_NAMED = "name, slug, description"
_PICTURE = "asset_id, alt, position"
PACKAGE = f"{_RECORD}, {_NAMED}, price_minor, currency, position"
ITEM = f"{_RECORD}, package_id, text, position"
PACKAGE_PICTURE = f"{_RECORD}, package_id, {_PICTURE}"
THEME = f"{_RECORD}, {_NAMED}, position"
THEME_PICTURE = f"{_RECORD}, theme_id, {_PICTURE}"
FESTIVAL = f"{_RECORD}, {_NAMED}, category, country, starts_on, ends_on, default_message"
FESTIVAL_PICTURE = f"{_RECORD}, festival_id, {_PICTURE}, is_primary"
REVIEW = (
    f"{_RECORD}, author_name, message, rating, package_id, theme_id, status, locale, submitted_at, decided_at"
)
TRANSLATION = (
    f"{_RECORD}, content_type, object_id, locale, field, text, state, source_hash, source_revision, is_live"
)
BOOKING = (
    f"{_RECORD}, client_name, client_email, client_phone, event_type, event_on, place, package_id, guests,"
    " message, total_minor, currency, status, locale"
)
STEP = f"{_RECORD}, booking_id, position, from_status, to_status, at, actor_label"

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_KINDS = ("package", "theme", "festival", "review", "booking", "item", "picture", "translation", "step")
_DAYS_BACK = 730


def line(*values: object) -> str:
    """Write one row as COPY reads it."""
    return "\t".join("\\N" if value is None else str(value).translate(_ESCAPES) for value in values) + "\n"


def key(kind: str, number: int, at: datetime) -> str:
    """Make the UUIDv7 of a row: unique by kind and number, ordered by its instant."""
    tail = (number * 0x9E3779B97F4A7C15 + 0x5851F42D4C957F2D) & (2**62 - 1) | 2 << 62
    return f"{int(at.timestamp() * 1000):012x}{0x7000 | _KINDS.index(kind):04x}{tail:016x}"


@dataclass
class Maker:
    """Makes the rows of a set with so many packages and themes; `assets` are the pictures they share."""

    package_count: int
    theme_count: int
    assets: dict[str, UUID]
    now: datetime = field(default_factory=lambda: datetime.combine(today(), datetime.min.time(), UTC))

    def slug(self, kind: str, number: int) -> str:
        """Name a package or theme in web addresses."""
        told = self._told(kind, number)
        return f"{told['slug']}-no-{number + 1}"

    def packages(self) -> Iterator[str]:
        """Make packages: the demo's, numbered, at varied prices."""
        for number in range(self.package_count):
            told = self._told("package", number)
            price = told["price_minor"] + number % 37 * 2_500
            yield self._named("package", number, price, "EUR", 1_000 + number)

    def items(self) -> Iterator[str]:
        """Make five included items a package."""
        for number in range(self.package_count):
            texts = self._told("package", number)["text"]["en"]["items"]
            for position in range(5):
                owner = self._key("package", number)
                yield self._row("item", number * 5 + position, owner, texts[position % len(texts)], position)

    def package_pictures(self) -> Iterator[str]:
        """Make one picture a package."""
        for number in range(self.package_count):
            owner = self._key("package", number)
            yield self._row("picture", number, owner, *self._picture(number), 0)

    def themes(self) -> Iterator[str]:
        """Make themes: the demo's, numbered."""
        for number in range(self.theme_count):
            yield self._named("theme", number, 1_000 + number)

    def theme_pictures(self) -> Iterator[str]:
        """Make five pictures a theme."""
        for number in range(self.theme_count * 5):
            owner = self._key("theme", number // 5)
            yield self._row("picture", 1_000_000 + number, owner, *self._picture(number), number % 5)

    def festivals(self, count: int) -> Iterator[str]:
        """Make festivals with their true dates, year after year."""
        for number, one in enumerate(self._occasions(count)):
            told, year = one.text["en"], one.starts_on.year
            named = (f"{told['name']} {year}", f"{one.slug}-{year}", told["description"])
            dated = (one.category, one.country, one.starts_on, one.ends_on, told["default_message"])
            yield self._row("festival", number, *named, *dated)

    def festival_pictures(self, count: int) -> Iterator[str]:
        """Make the primary picture of each festival."""
        for number, _one in enumerate(self._occasions(count)):
            owner = self._key("festival", number)
            yield self._row("picture", 2_000_000 + number, owner, *self._picture(number), 0, "t")

    def translations(self, festivals: int) -> Iterator[str]:
        """Tell names and descriptions in three more languages."""
        made = 0
        for kind, number, text, suffix in self._texts(festivals):
            for name in ("name", "description"):
                source = source_hash(text["en"][name] + (suffix["en"] if name == "name" else ""))
                for locale in TOLD_IN:
                    told = text[locale][name] + (suffix[locale] if name == "name" else "")
                    owner = self._key(kind, number)
                    yield self._row(
                        "translation", made, kind, owner, locale, name, told, "approved", source, 1, "t"
                    )
                    made += 1

    def reviews(self, count: int) -> Iterator[str]:
        """Make reviews, nine of ten approved, two of three of a package."""
        told = [one for one in content("reviews") if one["status"] != "rejected"]
        for number in range(count):
            one = told[number * 7 % len(told)]
            at = self._at(number, count)
            status = ("approved", "pending")[number % 10 == 3]
            of_package = number % 3 != 0
            yield line(
                key("review", number, at),
                at,
                at,
                one["author_name"],
                one["message"],
                one["rating"],
                self._key("package", number * 13 % self.package_count) if of_package else None,
                None if of_package else self._key("theme", number * 11 % self.theme_count),
                status,
                one["locale"],
                at,
                at + timedelta(hours=5) if status == "approved" else None,
            )

    def bookings(self, count: int) -> Iterator[str]:
        """Make bookings received over two years; what is still open is to come, what is done is over."""
        known = [wish.facts for wish in wishes(self.now.date())]
        heads = [self._client(facts) for facts in known]
        tails = [self._wish(facts) for facts in known]
        packages = [self._key("package", number) for number in range(self.package_count)]
        for number in range(count):
            at = self._at(number, count)
            client = number * 31 % len(known)
            status = STATUSES[number * 7 % MIX]
            stamp = at.isoformat()
            yield (
                f"{key('booking', number, at)}\t{stamp}\t{stamp}\t{heads[client]}"
                f"\t{self._event_on(at, status, number)}\t{tails[client][0]}\t{packages[number % len(packages)]}"
                f"\t{tails[client][1]}\t{status}\t{tails[client][2]}\n"
            )

    def steps(self, count: int) -> Iterator[str]:
        """Make the steps that led each booking to its status."""
        made = 0
        for number in range(count):
            at = self._at(number, count)
            owner, before = key("booking", number, at), "\\N"
            way = WAYS[STATUSES[number * 7 % MIX]]
            for position, status in enumerate(way):
                then = (at + timedelta(minutes=30 * position)).isoformat()
                step = f"{key('step', made, at)}\t{then}\t{then}\t{owner}\t{position}"
                yield f"{step}\t{before}\t{status}\t{then}\tDemo data\n"
                before, made = status, made + 1

    def _event_on(self, at: datetime, status: str, number: int) -> date:
        if status in {"completed", "no_show"}:
            return min(at.date() + timedelta(days=1 + number % 120), self.now.date() - timedelta(days=1))
        return max(at.date(), self.now.date()) + timedelta(days=1 + number % 365)

    def _at(self, number: int, count: int) -> datetime:
        seconds = _DAYS_BACK * 86_400 * (count - number) // count
        return self.now - timedelta(seconds=seconds - 3)

    def _told(self, kind: str, number: int) -> dict[str, Any]:
        told = self._active[kind]
        return told[number % len(told)]

    @cached_property
    def _active(self) -> dict[str, list[dict[str, Any]]]:
        return {
            kind: [one for one in content(f"{kind}s") if one["is_active"]] for kind in ("package", "theme")
        }

    @cached_property
    def _first(self) -> datetime:
        return self.now - timedelta(days=_DAYS_BACK)

    def _key(self, kind: str, number: int) -> str:
        return key(kind, number, self._first)

    def _row(self, kind: str, number: int, *values: object) -> str:
        return line(self._key(kind, number), self._first, self._first, *values)

    def _named(self, kind: str, number: int, *rest: object) -> str:
        text = self._told(kind, number)["text"]["en"]
        name = f"{text['name']} {NUMBERED['en']} {number + 1}"
        return self._row(kind, number, name, self.slug(kind, number), text["description"], *rest)

    def _picture(self, number: int) -> tuple[UUID, str]:
        names = list(self.assets)
        name = names[number % len(names)]
        return self.assets[name], content("pictures")[name]["alt"]["en"]

    def _occasions(self, count: int) -> Iterator[Occasion]:
        years = (self.now.date() + timedelta(days=366 * ahead) for ahead in range(count))
        seen: set[str] = set()

        def new(one: Occasion) -> bool:
            slug = f"{one.slug}-{one.starts_on.year}"
            return slug not in seen and not seen.add(slug)  # type: ignore[func-returns-value]

        return islice((one for year in years for one in next_occasions(year) if new(one)), count)

    def _texts(self, festivals: int) -> Iterator[tuple[str, int, dict[str, Any], dict[str, str]]]:
        for kind, count in (("package", self.package_count), ("theme", self.theme_count)):
            for number in range(count):
                suffix = {locale: f" {word} {number + 1}" for locale, word in NUMBERED.items()}
                yield kind, number, self._told(kind, number)["text"], suffix
        for number, one in enumerate(self._occasions(festivals)):
            yield "festival", number, one.text, dict.fromkeys(NUMBERED, f" {one.starts_on.year}")

    @staticmethod
    def _client(facts: dict[str, Any]) -> str:
        names = ("client_name", "client_email", "client_phone", "event_type")
        return line(*(facts[name] for name in names)).rstrip("\n")

    @staticmethod
    def _wish(facts: dict[str, Any]) -> tuple[str, str, str]:
        wished = line(facts["guests"], facts["message"], facts["total_minor"], "EUR").rstrip("\n")
        return str(facts["place"]), wished, str(facts["locale"])
