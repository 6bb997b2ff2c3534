"""What the address of the simulator asks for: a room or a venue, and the rules that are tried."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from operator import attrgetter
from typing import Any
from urllib.parse import urlencode

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.domains.bookings.queries.simulation.scenarios import Scenario
from app.domains.venues.queries import Line, PolicyStep, RoomRules, Tier
from app.domains.venues.queries.hours_text import HoursUnreadable, read_day, same_hours, write_day
from app.domains.venues.resources.venues import WEEKDAYS
from app.kernel.values import Money
from app.resources.amounts import read_amount
from app.surfaces.records import wording

PATH = "/simulator/"
MOST_MINUTES = 44_640
_WHOLE = re.compile(r"[0-9]{1,7}\Z")
_MOST_ROWS = 12


@dataclass(frozen=True, slots=True)
class Number:
    """A rule that is a number: what it is called, and from how much to how much it goes."""

    name: str
    label: Any
    least: int
    most: int


NUMBERS = (
    Number("buffer_before", _l("Kept free before, in minutes"), 0, 1440),
    Number("buffer_after", _l("Kept free after, in minutes"), 0, 1440),
    Number("notice", _l("Notice in minutes"), 0, 525_600),
    Number("advance_days", _l("Days ahead"), 1, 1100),
    Number("step", _l("Step, in minutes"), 5, 1440),
    Number("shortest", _l("Shortest, in minutes"), 5, MOST_MINUTES),
    Number("longest", _l("Longest, in minutes"), 5, MOST_MINUTES),
)
PERCENT = Number("percent", _l("Prices, in percent of today's"), 0, 1000)


@dataclass(slots=True)
class Asked:
    """The scenario as far as it could be read, what is wrong with the rest, and the texts that its inputs show.

    `pairs` are those of an address that asks for just this: what is as it is today is left out.
    """

    subject: str
    rules: Sequence[RoomRules]
    texts: dict[str, str] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    pairs: dict[str, str] = field(default_factory=dict)
    found: dict[str, Any] = field(default_factory=dict)

    @property
    def scenario(self) -> Scenario:
        """Give what is tried."""
        return Scenario(**self.found)

    @property
    def url(self) -> str:
        """Give the address of this scenario."""
        return f"{PATH}?{urlencode({'of': self.subject} | self.pairs)}"

    @property
    def tier_rows(self) -> list[int]:
        """Number the rows of prices that are shown: those that there are, and an empty one."""
        return _rows(self.texts, "tier")

    @property
    def policy_rows(self) -> list[int]:
        """Number the rows of steps that are shown."""
        return _rows(self.texts, "back")

    def fault(self, name: str, sentence: str) -> None:
        """Note what is wrong with an input."""
        self.faults.setdefault(name, sentence)


def read_asked(args: Mapping[str, str], subject: str, rules: Sequence[RoomRules], *, is_room: bool) -> Asked:
    """Read a scenario for rooms; what is not asked for is as the rooms have it."""
    asked = Asked(subject, rules)
    for number in NUMBERS:
        _read_number(asked, args, number, _common(rules, attrgetter(number.name)))
    _read_competes(asked, args)
    _read_hours(asked, args)
    if is_room and rules:
        _read_tiers(asked, args, rules[0])
    else:
        _read_number(asked, args, PERCENT, 100)
    _read_policy(asked, args)
    _check_lengths(asked)
    return asked


def _common(rules: Sequence[RoomRules], value: Callable[[RoomRules], Any]) -> Any:
    """Give what all rooms have alike; None where they differ."""
    found = [value(one) for one in rules]
    return found[0] if found and all(one == found[0] for one in found) else None


def _read_number(asked: Asked, args: Mapping[str, str], number: Number, today: int | None) -> None:
    held = "" if today is None else str(today)
    text = asked.texts[number.name] = args.get(number.name, held).strip()[:12]
    if text in ("", held):
        return
    asked.pairs[number.name] = text
    value = int(text) if _WHOLE.match(text) else -1
    if number.least <= value <= number.most:
        asked.found[number.name] = value
    else:
        asked.fault(
            number.name,
            _("Give a whole number from %(least)s to %(most)s.", least=number.least, most=number.most),
        )


def _read_competes(asked: Asked, args: Mapping[str, str]) -> None:
    today = _common(asked.rules, lambda one: one.competes)
    held = {True: "compete", False: "block"}.get(today, "")
    text = asked.texts["pending"] = args.get("pending", held)
    if text not in ("", held):
        asked.pairs["pending"] = text
        if text in ("block", "compete"):
            asked.found["competes"] = text == "compete"
        else:
            asked.fault("pending", _("Choose one of the two."))


def _read_hours(asked: Asked, args: Mapping[str, str]) -> None:
    today = asked.rules[0].hours if asked.rules else ()
    names = [f"hours-{day.value}" for day in WEEKDAYS]
    is_asked = any(name in args for name in names)
    lines: list[Line] = []
    for day, name in zip(WEEKDAYS, names, strict=True):
        held = write_day(today, day.value)
        asked.texts[name] = args.get(name, "" if is_asked else held)[:120]
        try:
            lines += read_day(asked.texts[name], day.value)
        except HoursUnreadable:
            asked.fault(name, _("Write times such as 09:00-12:00, 13:00-21:00."))
    if any(name in asked.faults for name in names) or (is_asked and not same_hours(lines, today)):
        asked.pairs |= {name: asked.texts[name] for name in names}
        if not any(name in asked.faults for name in names):
            asked.found["hours"] = tuple(lines)


def _read_tiers(asked: Asked, args: Mapping[str, str], room: RoomRules) -> None:
    locale = wording.reader()
    held = [(str(one.minutes), wording.amount(one.price_minor, room.currency, locale)) for one in room.tiers]
    tiers = []
    for number, minutes, price in _pairs_of(asked, args, "tier", ("minutes", "price"), held):
        length = _whole(asked, f"tier-{number}-minutes", minutes, 5, MOST_MINUTES)
        try:
            amount = Money.of(read_amount(price, room.currency), room.currency).minor
        except ValueError:
            amount = -1
        if amount < 0:
            asked.fault(f"tier-{number}-price", _("Give an amount such as 40.00."))
        elif length is not None:
            tiers.append(Tier(length, amount))
    _only_once(asked, "tier", "minutes", [tier.minutes for tier in tiers])
    _keep_rows(asked, "tier", "tiers", tuple(sorted(tiers)), tuple(sorted(room.tiers)))


def _read_policy(asked: Asked, args: Mapping[str, str]) -> None:
    today: tuple[PolicyStep, ...] | None = _common(asked.rules, lambda one: tuple(sorted(one.policy)))
    held = [(str(one.hours_before), str(one.percent)) for one in sorted(today or (), reverse=True)]
    steps = []
    for number, hours, percent in _pairs_of(asked, args, "back", ("hours", "percent"), held):
        before = _whole(asked, f"back-{number}-hours", hours, 0, 8784)
        share = _whole(asked, f"back-{number}-percent", percent, 0, 100)
        if before is not None and share is not None:
            steps.append(PolicyStep(before, share))
    _only_once(asked, "back", "hours", [step.hours_before for step in steps])
    if today is None and not steps and not any(name.startswith("back-") for name in asked.faults):
        return  # rooms with several policies keep each its own
    _keep_rows(asked, "back", "policy", tuple(sorted(steps)), today)


def _pairs_of(
    asked: Asked, args: Mapping[str, str], group: str, names: tuple[str, str], held: Sequence[tuple[str, str]]
) -> Iterator[tuple[int, str, str]]:
    """Give the rows of two texts that are filled in, and note what all of them show."""
    is_asked = any(name.startswith(f"{group}-") for name in args)
    for number in range(_MOST_ROWS):
        keys = [f"{group}-{number}-{name}" for name in names]
        standing = held[number] if number < len(held) else ("", "")
        texts = [
            args.get(key, "" if is_asked else text).strip()[:24]
            for key, text in zip(keys, standing, strict=True)
        ]
        if any(texts) or number == 0:
            asked.texts |= dict(zip(keys, texts, strict=True))
        if any(texts):
            yield number, texts[0], texts[1]


def _keep_rows(asked: Asked, group: str, name: str, found: tuple[Any, ...], today: Any) -> None:
    """Note the rows where they are others than today's."""
    is_faulty = any(fault.startswith(f"{group}-") for fault in asked.faults)
    if is_faulty or found != today:
        asked.pairs |= {key: text for key, text in asked.texts.items() if key.startswith(f"{group}-")}
        if not is_faulty:
            asked.found[name] = found


def _whole(asked: Asked, name: str, text: str, least: int, most: int) -> int | None:
    value = int(text) if _WHOLE.match(text) else -1
    if least <= value <= most:
        return value
    asked.fault(name, _("Give a whole number from %(least)s to %(most)s.", least=least, most=most))
    return None


def _only_once(asked: Asked, group: str, name: str, values: Sequence[int]) -> None:
    if len(set(values)) == len(values):
        return
    twice = next(value for value in values if values.count(value) > 1)
    texts = (asked.texts.get(f"{group}-{number}-{name}", "") for number in range(_MOST_ROWS))
    last = [number for number, text in enumerate(texts) if text == str(twice)][-1]
    asked.fault(f"{group}-{last}-{name}", _("Give each number once."))


def _check_lengths(asked: Asked) -> None:
    """Refuse a longest booking that is shorter than the shortest, in any of the rooms."""
    if {"shortest", "longest"} & set(asked.faults):
        return
    for room in asked.rules:
        if asked.found.get("longest", room.longest) < asked.found.get("shortest", room.shortest):
            name = "longest" if "longest" in asked.found else "shortest"
            asked.fault(name, _("The longest is not shorter than the shortest."))
            return


def _rows(texts: Mapping[str, str], group: str) -> list[int]:
    used = [
        number
        for number in range(_MOST_ROWS)
        if any(text for name, text in texts.items() if name.startswith(f"{group}-{number}-"))
    ]
    spare = next(number for number in count() if number not in used)
    return sorted([*used, spare]) if spare < _MOST_ROWS else used
