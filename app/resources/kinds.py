"""How each kind of value is read from what was typed, and written for a machine."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache
from math import isfinite
from typing import Any
from zoneinfo import available_timezones

import pycountry
from flask_babel import lazy_gettext as _l

from app.kernel.ids import parse_id
from app.kernel.locales import parse_locale
from app.kernel.values import Money
from app.resources import figures
from app.resources.declaration import Field, Kind
from app.resources.rich_text import clean
from app.resources.seen import is_seen, without_unseen
from app.resources.unreadable import Unreadable

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
# The domain is one that can be looked up: labels of 63 characters at most, 253 in all.
_EMAIL = re.compile(rf"[^@\s,;<>\"']{{1,64}}@(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})+\Z")
_PHONE = re.compile(r"\+?[0-9][0-9 ()./-]{4,30}\Z")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")
_TRUE = {"1", "true", "on", "yes", "y"}
_FALSE = {"0", "false", "off", "no", "n", ""}
LONGEST_TEXT = 20_000
YEARS = range(1900, 2201)
"""The years of which dates are taken. What lies beyond is a slip of the finger, and breaks whoever counts from it."""
MOST_TAGS, LONGEST_TAG = 30, 40
UNORDERED = frozenset(
    {Kind.RELATION, Kind.PICTURE, Kind.CHOICE, Kind.SWITCH, Kind.LOCALE, Kind.COUNTRY, Kind.COLOUR, Kind.ZONE}
    | {Kind.TAGS, Kind.RELATIONS}
)
"""Kinds whose values have no order: a filter on them knows no gte or lte."""
UNSORTED = frozenset({Kind.JSON, Kind.PICTURE, Kind.RELATION, Kind.LONG_TEXT, Kind.RICH_TEXT, Kind.TAGS})
"""Kinds that no list is sorted by."""


def parse(field: Field, raw: Any, currency: str = "EUR") -> Any:
    """Read a value from text (a form, a file, an address) or from JSON.

    Empty text is None. Raises Unreadable. MONEY gives minor units; `currency` says how fine they are.
    """
    kind = field.kind or Kind.TEXT
    if kind is Kind.SWITCH:
        return _switch(raw)
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return None
    if kind is Kind.MONEY:
        return figures.money(raw, currency)
    value = _PARSERS[kind](field, raw)
    if value == "" and kind is Kind.TEXT:  # nothing of it can be seen
        return None
    if isinstance(value, str) and field.max_length and len(value) > field.max_length:
        raise Unreadable(_l("Use at most %(limit)s characters.", limit=field.max_length))
    return value


def plain(field: Field, value: Any, currency: str = "EUR") -> str:
    """Write a value as text that `parse` reads back: for an input, a file or a cursor."""
    if value is None:
        return ""
    if field.kind is Kind.SWITCH:
        return "true" if value else "false"
    if field.kind is Kind.MONEY:
        return str(Money(int(value), currency).amount)
    if field.kind is Kind.JSON:
        return json.dumps(value, ensure_ascii=False, indent=2)
    if field.kind is Kind.TAGS:
        return value if isinstance(value, str) else ", ".join(value)
    if field.kind is Kind.RELATIONS and isinstance(value, list):
        return ",".join(str(getattr(one, "id", one)) for one in value)
    if isinstance(value, Decimal):
        text = format(value, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, time):
        return value.isoformat("minutes")
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value)


def recorded(field: Field, raw: Any) -> Any:
    """Read a value out of JSON that the database wrote of a row, such as the history's."""
    made = _RECORDED.get(field.kind or Kind.TEXT)
    return made(raw) if made is not None and raw is not None else raw


_RECORDED: dict[Kind, Callable[[Any], Any]] = {
    Kind.DATE: date.fromisoformat,
    Kind.INSTANT: datetime.fromisoformat,
    Kind.TIME: time.fromisoformat,
    Kind.DECIMAL: lambda raw: Decimal(str(raw)),
}


def is_unstorable(text: str) -> bool:
    """Tell whether a text holds what no database takes: a null character, half of a surrogate pair."""
    return _UNSTORABLE.search(text) is not None


def storable(text: str) -> str:
    """Leave out of a text what no database takes."""
    return _UNSTORABLE.sub("", text)


def _text(raw: Any) -> str:
    if not isinstance(raw, str):
        raise Unreadable(_l("Give a text."))
    text = unicodedata.normalize("NFC", raw.replace("\r\n", "\n").strip())
    if _CONTROL.search(text):
        raise Unreadable(_l("Remove the control characters from the text."))
    return text


def read_shown(raw: Any) -> str:
    """Read what somebody writes for others; nothing when none of it can be seen. Raises Unreadable.

    What is not seen is dropped, not refused: it comes along with what is copied and pasted.
    """
    text = without_unseen(_text(raw)).strip()
    return text if is_seen(text) else ""


def _line(_field: Field, raw: Any) -> str:
    return " ".join(read_shown(raw).split())


def _long_text(_field: Field, raw: Any) -> str:
    text = _text(raw)
    if len(text) > LONGEST_TEXT:
        raise Unreadable(_l("Use at most %(limit)s characters.", limit=LONGEST_TEXT))
    return text


def _rich_text(field: Field, raw: Any) -> str | None:
    return clean(_long_text(field, raw)) or None


def _matching(pattern: re.Pattern[str], sentence: Any, lower: bool = False) -> Callable[[Field, Any], str]:
    def read(_field: Field, raw: Any) -> str:
        text = _line(_field, raw)
        text = text.lower() if lower else text
        if not pattern.match(text):
            raise Unreadable(sentence)
        return text

    return read


def _switch(raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    word = "" if raw is None else str(raw).strip().lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise Unreadable(_l("Say yes or no."))


def _date(_field: Field, raw: Any) -> date:
    try:
        value = date.fromisoformat(str(raw).strip())
    except ValueError as error:
        raise Unreadable(_l("Give a date such as 2027-05-24.")) from error
    if value.year not in YEARS:
        raise Unreadable(_l("The date is too far away."))
    return value


def _instant(_field: Field, raw: Any) -> datetime:
    try:
        value = datetime.fromisoformat(str(raw).strip())
    except ValueError as error:
        raise Unreadable(_l("Give a date and time such as 2027-05-24T18:00.")) from error
    if value.year in YEARS:  # no other is turned to UTC: there is no hour before the first that there is
        value = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    if value.year not in YEARS:
        raise Unreadable(_l("The date is too far away."))
    return value


_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])(?::00)?\Z")


def _time(_field: Field, raw: Any) -> time:
    found = _TIME.match(str(raw).strip())
    if found is None:
        raise Unreadable(_l("Give a time such as 09:00."))
    return time(int(found[1]), int(found[2]))


def _choice(field: Field, raw: Any) -> str:
    value = str(raw).strip()
    if field.option(value) is None:
        allowed = ", ".join(option.value for option in field.options)
        raise Unreadable(_l("Choose one of: %(options)s.", options=allowed))
    return value


def _relation(field: Field, raw: Any) -> Any:
    """Read a key: a UUID, or the whole number of one of FAB's own tables; `{"id": ...}` is read as well."""
    raw = raw.get("id") if isinstance(raw, dict) else raw
    key: Any = parse_id(raw)
    if key is None and str(raw).isdecimal() and len(str(raw)) < 10:
        key = int(raw)
    pointing = field.join.table.c[field.join.theirs] if field.join is not None else field.column
    wanted = pointing.type.python_type if pointing is not None else object
    if key is None or not isinstance(key, wanted):
        raise Unreadable(_l("Choose a record from the list."))
    return key


def _relations(field: Field, raw: Any) -> list[Any]:
    items = raw if isinstance(raw, list) else str(raw).split(",")
    return list(dict.fromkeys(_relation(field, item) for item in items if str(item).strip()))


def _tags(field: Field, raw: Any) -> list[str]:
    """Read words between commas: in small letters, each once, in their order."""
    if not isinstance(raw, str | list):
        raise Unreadable(_l("Give a list of words."))
    parts = raw.split(",") if isinstance(raw, str) else raw
    words = dict.fromkeys(_line(field, part).replace(",", " ").lower() for part in parts)
    words.pop("", None)
    if len(words) > MOST_TAGS or any(len(word) > LONGEST_TAG for word in words):
        sentence = _l(
            "Give at most %(most)s tags of %(limit)s characters each.", most=MOST_TAGS, limit=LONGEST_TAG
        )
        raise Unreadable(sentence)
    return list(words)


def _json(_field: Field, raw: Any) -> Any:
    try:
        value = json.loads(raw, parse_constant=_no_number) if isinstance(raw, str) else raw
    except json.JSONDecodeError as error:
        raise _no_json(error.lineno) from error
    except _NoNumber as error:
        raise _no_json(_line_of_constant(raw)) from error
    except (
        ValueError,
        RecursionError,
    ) as error:  # a number of thousands of digits, a hundred thousand brackets
        raise Unreadable(_TOO_DEEP) from error
    _check_storable(value)
    return value


class _NoNumber(ValueError):
    """NaN and Infinity, which Python reads and JSON does not know."""


def _no_number(word: str) -> Any:
    raise _NoNumber(word)


def _no_json(line: int) -> Unreadable:
    return Unreadable(_l("Line %(line)s: this is no JSON from here on.", line=line))


def _line_of_constant(text: str) -> int:
    found = next(found for found in _CONSTANTS.finditer(text) if found[1])
    return text.count("\n", 0, found.start()) + 1


def _check_storable(value: Any) -> None:
    """Refuse at any depth what JSON may hold and the database does not take."""
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > _DEEPEST_JSON:
            raise Unreadable(_TOO_DEEP)
        for item in level:
            if isinstance(item, float) and not isfinite(item):
                raise Unreadable(_TOO_DEEP)
            if isinstance(item, str) and is_unstorable(item):
                raise Unreadable(_l("Remove the control characters from the text."))
        lists = [item for item in level if isinstance(item, list)]
        objects = [item for item in level if isinstance(item, dict)]
        level = [inner for items in lists for inner in items]
        level += [inner for item in objects for pair in item.items() for inner in pair]


# Strings are passed over: a word in one is no constant.
_CONSTANTS = re.compile(r'"(?:[^"\\]|\\.)*+"|(-?\b(?:NaN|Infinity)\b)', re.DOTALL)
_DEEPEST_JSON = 100
_TOO_DEEP = _l("This JSON is too deep or too large.")


def _country(_field: Field, raw: Any) -> str:
    code = str(raw).strip().upper()
    if pycountry.countries.get(alpha_2=code) is None:
        raise Unreadable(_l("Give a country's two letters, such as IN."))
    return code


def _currency(_field: Field, raw: Any) -> str:
    code = str(raw).strip().upper()
    if pycountry.currencies.get(alpha_3=code) is None:
        raise Unreadable(_l("Give a currency's three letters, such as EUR."))
    return code


def _locale(_field: Field, raw: Any) -> str:
    tag = str(raw).strip().replace("_", "-")
    if parse_locale(tag) is None:
        raise Unreadable(_l("Give a language tag such as de or de-AT."))
    return tag


def _colour(_field: Field, raw: Any) -> str:
    found = _COLOUR.match(str(raw).strip())
    if found is None:
        raise Unreadable(_l("Give a colour such as #8f2468."))
    digits = found[1].lower()
    return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))


_COLOUR = re.compile(r"#?([0-9a-fA-F]{6}|[0-9a-fA-F]{3})\Z")


def _zone(_field: Field, raw: Any) -> str:
    name = str(raw).strip()
    if name not in zones():
        raise Unreadable(_l("Give a time zone such as Asia/Kolkata."))
    return name


@cache
def zones() -> frozenset[str]:
    """Name the time zones of places, and UTC."""
    return frozenset(
        name for name in available_timezones() if "/" in name and not name.startswith("Etc/")
    ) | {"UTC"}


_PARSERS: dict[Kind, Callable[[Field, Any], Any]] = {
    Kind.TEXT: _line,
    Kind.LONG_TEXT: _long_text,
    Kind.SLUG: _matching(
        _SLUG, _l("Use small letters, digits and hyphens only, such as garden-party."), lower=True
    ),
    Kind.EMAIL: _matching(_EMAIL, _l("Give an e-mail address such as name@example.com."), lower=True),
    Kind.PHONE: _matching(_PHONE, _l("Give a phone number such as +49 30 123456.")),
    Kind.NUMBER: figures.whole,
    Kind.MINUTES: figures.minutes,
    Kind.DECIMAL: figures.decimal,
    Kind.DATE: _date,
    Kind.TIME: _time,
    Kind.INSTANT: _instant,
    Kind.CHOICE: _choice,
    Kind.RELATION: _relation,
    Kind.RELATIONS: _relations,
    Kind.JSON: _json,
    Kind.RATING: figures.rating,
    Kind.COUNTRY: _country,
    Kind.LOCALE: _locale,
    Kind.CURRENCY: _currency,
    Kind.PICTURE: _relation,
    Kind.TAGS: _tags,
    Kind.BYTES: figures.whole,
    Kind.RICH_TEXT: _rich_text,
    Kind.COLOUR: _colour,
    Kind.ZONE: _zone,
}
