"""What a public operation takes, field by field: each value is read by its kind, as in a staff form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import RAISE, Schema, ValidationError, fields, missing

from app.kernel.errors import Invalid
from app.resources import Field, Kind, On, Option
from app.resources.kinds import Unreadable, parse

MISSING = _l("Fill this in.")

# marshmallow words its refusals in English; these are the same refusals in the reader's language.
fields.Field.default_error_messages = {
    "required": MISSING,
    "null": MISSING,
    "validator_failed": _l("This value is not possible."),
}
fields.List.default_error_messages = {"invalid": _l("Give a list.")}
fields.Mapping.default_error_messages = {"invalid": _l("Give an object.")}
fields.Nested.default_error_messages = {"type": _l("Give an object.")}

_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_TIME = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
_WRITTEN: Mapping[Kind, dict[str, Any]] = {
    Kind.TEXT: {"type": "string"},
    Kind.LONG_TEXT: {"type": "string"},
    Kind.SLUG: {"type": "string"},
    Kind.EMAIL: {"type": "string", "format": "email", "maxLength": 254},
    Kind.PHONE: {"type": "string", "maxLength": 32},
    Kind.NUMBER: {"type": "integer"},
    Kind.MINUTES: {"type": "integer"},
    Kind.DECIMAL: {"type": "number"},
    Kind.RATING: {"type": "integer", "minimum": 1, "maximum": 5},
    Kind.SWITCH: {"type": "boolean"},
    Kind.DATE: {"type": "string", "format": "date", "pattern": _DAY},
    Kind.TIME: {"type": "string", "pattern": _TIME, "examples": ["09:00"]},
    Kind.INSTANT: {"type": "string", "format": "date-time"},
    Kind.CHOICE: {"type": "string"},
    Kind.RELATION: {"type": "string", "format": "uuid"},
    Kind.COUNTRY: {"type": "string", "minLength": 2, "maxLength": 2},
    Kind.LOCALE: {"type": "string", "maxLength": 35},
    Kind.CURRENCY: {"type": "string", "minLength": 3, "maxLength": 3},
    Kind.RICH_TEXT: {"type": "string", "contentMediaType": "text/html"},
    Kind.COLOUR: {"type": "string", "pattern": "^#[0-9a-f]{6}$"},
    Kind.ZONE: {"type": "string", "maxLength": 64},
}
"""How a value of a kind is written in JSON, in the words of JSON Schema."""
_TYPES: Mapping[str, Any] = {"string": str, "integer": int, "number": int | float, "boolean": bool}


class Strict(Schema):
    """A schema that refuses what it does not know."""

    class Meta(Schema.Meta):
        """What marshmallow asks for here."""

        unknown = RAISE

    error_messages = {  # noqa: RUF012  # as marshmallow has it
        "unknown": _l("There is no such field here."),
        "type": _l("Give an object."),
    }


class Page(Schema):
    """Which part of a list this is; `next` goes into `page[after]`, and is null on the last page."""

    size = fields.Integer(required=True)
    next = fields.String(required=True, allow_none=True)
    total = fields.Integer(required=True)
    total_is_estimate = fields.Boolean(required=True)


class Value(fields.Field[Any]):
    """A value of one of our kinds, read as a staff form reads it; empty text counts as nothing."""

    def __init__(self, field: Field, *, least: int = 0, **more: Any) -> None:
        self.field = field
        self.least = least
        self.written = dict(_WRITTEN[field.kind or Kind.TEXT])
        if field.max_length:
            self.written["maxLength"] = field.max_length
        if least or (more.get("required") and self.written["type"] == "string"):
            self.written.setdefault("minLength", least or 1)
        if field.options:
            self.written["enum"] = [option.value for option in field.options]
        metadata = self.written | dict(more.pop("metadata", {}))
        super().__init__(metadata=metadata, **more)

    def _deserialize(self, value: Any, *_place: Any, **_context: Any) -> Any:
        wanted = _TYPES[self.written["type"]]
        if not isinstance(value, wanted) or (wanted is not bool and isinstance(value, bool)):
            raise ValidationError(_WRONG_TYPE[wanted])
        if self.field.kind is Kind.DATE and not re.match(_DAY, str(value)):
            raise ValidationError(_l("Give a date such as 2027-05-24."))
        if self.field.kind is Kind.TIME and not re.match(_TIME, str(value)):
            raise ValidationError(_l("Give a time such as 09:00."))
        try:
            found = parse(self.field, value)
        except Unreadable as error:
            raise ValidationError(error.sentence) from error
        return self._empty() if found is None else self._bounded(found)

    def _empty(self) -> Any:
        if self.required:
            raise ValidationError(MISSING)
        default = self.load_default() if callable(self.load_default) else self.load_default
        return None if default is missing else default

    def _bounded(self, found: Any) -> Any:
        if isinstance(found, str) and len(found) < self.least:
            raise ValidationError(_l("Use at least %(count)s characters.", count=self.least))
        least, most = self.metadata.get("minimum"), self.metadata.get("maximum")
        if least is not None and most is not None and not least <= found <= most:
            raise ValidationError(_l("Give a number from %(least)s to %(most)s.", least=least, most=most))
        return found


_WRONG_TYPE: Mapping[Any, Any] = {
    str: _l("Give a text."),
    int: _l("Give a whole number."),
    int | float: _l("Give a number such as 12.5."),
    bool: _l("Say true or false."),
}


def value(kind: Kind, *, most: int = 0, least: int = 0, **more: Any) -> Value:
    """Make a field that takes a value of a kind, of `least` to `most` characters."""
    return Value(Field("value", On.API, "", kind=kind, max_length=most), least=least, **more)


def text(most: int, least: int = 0, **more: Any) -> Value:
    """Make a field for one line of text."""
    return value(Kind.TEXT, most=most, least=least, **more)


def long_text(most: int, **more: Any) -> Value:
    """Make a field for text of several lines."""
    return value(Kind.LONG_TEXT, most=most, **more)


def choice(values: Iterable[str], **more: Any) -> Value:
    """Make a field that takes one of the values."""
    options = tuple(Option(item, item) for item in values)
    return Value(Field("value", On.API, "", kind=Kind.CHOICE, options=options), **more)


def whole(least: int, most: int, **more: Any) -> Value:
    """Make a field for a whole number between two bounds."""
    return value(Kind.NUMBER, metadata={"minimum": least, "maximum": most}, **more)


class Asked(Value):
    """A whole number as it stands in an address: digits."""

    def _deserialize(self, value: Any, *place: Any, **context: Any) -> Any:
        if not isinstance(value, str) or not re.fullmatch(r"[0-9]{1,9}", value):
            raise ValidationError(_WRONG_TYPE[int])
        return super()._deserialize(int(value), *place, **context)


def asked_whole(least: int, most: int, **more: Any) -> Asked:
    """Make a field of an address for a whole number between two bounds, none below zero."""
    bounds = {"minimum": least, "maximum": most}
    return Asked(Field("value", On.API, "", kind=Kind.NUMBER), metadata=bounds, **more)


def password(**more: Any) -> fields.Field[Any]:
    """Make a field for a password, which is taken as it is: its blanks count."""
    return Password(load_only=True, metadata={"type": "string", "format": "password"}, **more)


class Password(fields.Field[Any]):
    """Text that is not trimmed, nor judged here."""

    def _deserialize(self, value: Any, *_place: Any, **_context: Any) -> Any:
        if not isinstance(value, str):
            raise ValidationError(_WRONG_TYPE[str])
        return value


def load(schema: Schema, given: Any) -> Any:
    """Check what was given; raises Invalid with sentences by dotted field name."""
    try:
        return schema.load(given)
    except ValidationError as error:
        raise Invalid(flat(error.normalized_messages())) from error


def flat(messages: Any, prefix: str = "") -> dict[str, list[Any]]:
    """Flatten marshmallow's nested messages: `items.0.name` for a field of a list's first object."""
    if isinstance(messages, Mapping):
        found: dict[str, list[Any]] = {}
        for name, inner in messages.items():
            key = "" if name == "_schema" else str(name)
            found |= flat(inner, ".".join(part for part in (prefix, key) if part))
        return found
    return {prefix: list(messages) if isinstance(messages, list | tuple) else [messages]}
