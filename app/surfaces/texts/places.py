"""Where a translation stands, and what is there: found under the rights of who acts, and locked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from app.kernel.db import db
from app.kernel.errors import Conflict, NotFound
from app.kernel.ids import parse_id
from app.resources import Catalogue, Field, Resource
from app.surfaces.records import writing
from app.translation.models import Translation
from app.translation.sources import SOURCES, source_hash
from app.translation.states import Hand, hand_of
from app.translation.units import Unit, find_unit
from app.translation.writing import find_text

_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")


class TextChanged(Conflict):
    """Somebody else saved the text since it was read."""

    code = "text_changed"


class SourceChanged(Conflict):
    """The source says something else since it was read."""

    code = "source_changed"


@dataclass(frozen=True, slots=True)
class Place:
    """One field of one row in one language."""

    content_type: str
    key: UUID
    field: str
    locale: str

    def __str__(self) -> str:
        """Write it as addresses do, without the language, which stands before it there."""
        return f"{self.content_type}.{self.key}.{self.field}"

    @property
    def room(self) -> str:
        """Name the room of those who have this text before them."""
        return f"text:{self.locale}/{self.content_type}/{self.key}/{self.field}"


def place_of(unit: Unit) -> Place:
    """Give the place of a unit."""
    return Place(unit.content_type, unit.object_id, unit.field, unit.locale)


def read_place(text: str, locale: str) -> Place | None:
    """Read a place as an address writes it; None for what is none."""
    content_type, _dot, rest = text.partition(".")
    written, _dot, field = rest.partition(".")
    key = parse_id(written)
    is_named = _NAME.fullmatch(content_type) and _NAME.fullmatch(field)
    return Place(content_type, key, field, locale) if key is not None and is_named else None


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody had before them: the text's revision (0: there was none), its source's fingerprint."""

    revision: int | None = None
    source: str = ""


@dataclass(slots=True)
class Held:
    """A text that is locked with its record: `record` is the row whose field is the source, `owner` that row's record."""

    place: Place
    unit: Unit
    resource: Resource | None
    owner: Any
    record: Any
    row: Translation | None
    hand: Hand

    @property
    def source(self) -> str:
        """Give what the source says now."""
        return str(getattr(self.record, self.place.field) or "")

    @property
    def field(self) -> Field | None:
        """Find the declaration of its source; interface sentences have none."""
        return SOURCES.get((self.place.content_type, self.place.field))

    def must_be_as_seen(self, seen: Seen, text: str | None = None) -> None:
        """Refuse what was done to a text, or to a translation of a source, that somebody has changed since.

        Whoever would write what is there already changes nothing.
        """
        revision = self.row.revision if self.row is not None and self.row.text else 0
        is_there = text is not None and self.row is not None and self.row.text == text.strip()
        if seen.revision is not None and seen.revision != revision and not is_there:
            raise TextChanged(_l("Somebody else saved this text meanwhile. Nothing was overwritten."))
        if seen.source and seen.source != source_hash(self.source):
            raise SourceChanged(_l("The source changed meanwhile. Read it once more before you go on."))


def hold(session: Session, catalogue: Catalogue, user: Any, place: Place) -> Held:
    """Find and lock a text with its record. Raises NotFound where there is none, or the user may not work on it."""
    unit = find_unit(session, user, place.content_type, place.key, place.field, place.locale)
    if unit is None:
        raise NotFound(_l("There is no such text to translate."))
    resource = catalogue.get(unit.owner_type)
    owner = session.get(resource.model, unit.owner_id) if resource is not None else None
    if resource is not None:
        if owner is None:
            raise NotFound(writing.GONE)
        writing.lock(session, resource, owner, None)
    record = owner
    if owner is None or place.content_type != unit.owner_type:
        model = _model_of(place.content_type)
        record = session.get(model, place.key, with_for_update=True, populate_existing=True)
    if record is None:
        raise NotFound(writing.GONE)
    row = find_text(session, place.content_type, place.key, place.locale, place.field)
    return Held(place, unit, resource, owner, record, row, hand_of(place.content_type, place.locale))


def _model_of(content_type: str) -> Any:
    """Find the model of a table."""
    models: Any = db.Model
    return next(
        mapper.class_ for mapper in models.registry.mappers if mapper.local_table.name == content_type
    )
