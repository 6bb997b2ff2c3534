"""The form of a room with a preview of what its prices come to: the very quote that a client is given."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.domains.venues.queries import Quote, Tier, quote
from app.domains.venues.resources import rooms
from app.kernel import durations
from app.resources import Catalogue, Field
from app.resources.kinds import Unreadable, parse
from app.surfaces.records import wording
from app.surfaces.screens.form_pages import Beside
from app.surfaces.screens.gate import allowed
from app.surfaces.screens.view import StaffView, staff_view

NAMES = ("prices-", "minimum_minutes", "maximum_minutes", "currency")
MOST_PRICES, MOST_LENGTHS, LONGEST = 50, 9, 7 * 1440
_PRICE = re.compile(r"prices-(\d+)-minutes")
_OFTEN = (60, 90, 120, 180, 240, 300, 360, 480, 600, 720, 1440, 2880)


@dataclass(frozen=True, slots=True)
class PricedLength:
    """What a length of time costs, what an hour of it comes to, and of which prices it is made."""

    length: str
    total: str
    hour: str
    lines: str
    share: int


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form says of a room's prices."""

    tiers: tuple[Tier, ...]
    shortest: int
    longest: int
    currency: str

    def lengths(self) -> list[int]:
        """Choose the lengths to show: the shortest, the longest, those that have a price, and common ones."""
        longest = min(self.longest, LONGEST)
        within = {
            n for n in (*(tier.minutes for tier in self.tiers), *_OFTEN) if self.shortest <= n <= longest
        }
        chosen = sorted(within | {self.shortest, max(longest, self.shortest)})
        told = {self.shortest, chosen[-1], *(tier.minutes for tier in self.tiers)}
        for common in chosen:
            if len(told) < MOST_LENGTHS:
                told.add(common)
        return [length for length in chosen if length in told][:MOST_LENGTHS]


def room_view(catalogue: Catalogue) -> type[StaffView]:
    """Make the view of the rooms."""
    return type("RoomView", (_RoomView, staff_view(catalogue, rooms)), {"route_base": "/rooms"})


class _RoomView(StaffView):
    """A room's prices are typed beside what they come to."""

    @expose("/prices", methods=["POST"])
    @allowed("add")
    def prices_of_new(self) -> Any:
        """Tell what the typed prices of a new room come to."""
        return self.quoted(read_typed(self.resource, request.form))

    @expose("/<key>/prices", methods=["POST"])
    @allowed("edit", "translate")
    def prices_of(self, key: str) -> Any:
        """Tell what the typed prices of a room come to."""
        self.find(key, self.verb_of_form())
        return self.quoted(read_typed(self.resource, request.form))

    def beside_form(self, record: Any | None, typed: Mapping[str, str]) -> Beside:
        """Give the part of the form that shows what lengths cost."""
        here = f"/{self.resource.path}" if record is None else f"/{self.resource.path}/{record.id}"
        read = read_typed(self.resource, typed) if typed or record is None else _stored(record)
        tab = str(self.resource.children[-1].tab)
        return Beside(_("What it costs"), f"{here}/prices", NAMES, self.quoted(read), tab)

    def quoted(self, typed: Typed) -> str:
        """Word what lengths cost."""
        return render_template("rooms/_prices.html", lengths=priced(typed, wording.reader()))


def priced(typed: Typed, locale: str) -> list[PricedLength]:
    """Quote the lengths of a form; none where it has no price."""
    if not typed.tiers:
        return []
    quotes = [quote(length, typed.tiers, typed.currency) for length in typed.lengths()]
    dearest = max((one.total.minor * 60 / one.minutes for one in quotes), default=0) or 1
    return [_told(one, locale, dearest) for one in quotes]


def _told(one: Quote, locale: str, dearest: float) -> PricedLength:
    per_hour = round(one.total.minor * 60 / one.minutes)
    lines = (
        f"{wording.number(line.times, locale)} × {durations.told(line.minutes, locale)}"  # noqa: RUF001  # the sign for times
        for line in one.lines
    )
    return PricedLength(
        length=durations.told(one.minutes, locale),
        total=wording.money(one.total.minor, one.total.currency, locale),
        hour=wording.money(per_hour, one.total.currency, locale),
        lines=" + ".join(lines),
        share=round(100 * per_hour / dearest),
    )


def read_typed(resource: Any, form: Mapping[str, str]) -> Typed:
    """Read what a form says so far; what cannot be read yet is left out."""
    currency = str(form.get("currency", "") or "EUR").strip().upper()[:3]
    child = resource.child("prices")
    minutes, price = (next(f for f in child.fields if f.name == name) for name in ("minutes", "price_minor"))
    tiers = []
    for name in form:
        found = _PRICE.fullmatch(name)
        if found is None or form.get(f"prices-{found[1]}-DELETE"):
            continue
        length = _read(minutes, form[name], currency)
        cost = _read(price, form.get(f"prices-{found[1]}-price_minor", ""), currency)
        if length and cost is not None and cost >= 0 and 5 <= length <= LONGEST:
            tiers.append(Tier(length, cost))
    shortest, longest = (
        _read(resource.field(f"{name}_minutes"), form.get(f"{name}_minutes", ""), currency)
        for name in ("minimum", "maximum")
    )
    return _typed(tiers, shortest or 60, longest or 720, currency)


def _stored(room: Any) -> Typed:
    tiers = [Tier(one.minutes, one.price_minor) for one in room.prices]
    return _typed(tiers, room.minimum_minutes, room.maximum_minutes, room.currency)


def _typed(tiers: Sequence[Tier], shortest: int, longest: int, currency: str) -> Typed:
    shortest = max(5, min(shortest, LONGEST))
    return Typed(tuple(tiers[:MOST_PRICES]), shortest, max(shortest, longest), currency)


def _read(field: Field | None, text: str, currency: str) -> int | None:
    if field is None or not text.strip():
        return None
    try:
        return int(parse(field, text, currency))
    except (Unreadable, KeyError, TypeError, ValueError):
        return None
