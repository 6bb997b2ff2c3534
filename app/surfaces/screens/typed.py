"""What stands in the cells of a pasted block, read as people and spreadsheets write it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from app.access import rows as row_rules
from app.kernel.db import db
from app.kernel.errors import Invalid
from app.kernel.ids import parse_id
from app.resources import Catalogue, Field, Kind, On, Resource
from app.resources.kinds import is_unstorable, storable
from app.surfaces.records import wording
from app.surfaces.screens.inline import choices_of
from app.surfaces.screens.written import day_of, time_of

_GROUPED = re.compile(r"-?\d{1,3}(?P<mark>[.,\u00a0\u202f' ])\d{3}(?:(?P=mark)\d{3})*")
_CLOCK = re.compile(r"[0-9:]+")
_SAME = 2


class Typed:
    """Reads the rows of one paste; the names of related records are looked up once for all of them."""

    def __init__(self, catalogue: Catalogue, resource: Resource, rows: Iterable[Mapping[str, str]]) -> None:
        self.catalogue = catalogue
        self.fields = {item.name: item for item in resource.fields_on(On.FORM)}
        self.locale = wording.reader()
        self.words: dict[str, dict[str, str]] = {}
        self.related: dict[str, dict[str, list[Any]]] = {}
        self.named: dict[str, set[UUID]] = {}
        """The keys of the records that the rows may mean, by relation."""
        rows = list(rows)
        for name, item in self.fields.items():
            if item.kind is Kind.RELATION:
                texts = {row[name].strip() for row in rows if row.get(name, "").strip()}
                self.related[name] = self._find(item, texts)
                keys = {key for text in texts if (key := parse_id(text)) is not None}
                self.named[name] = keys.union(*self.related[name].values())

    def read(self, values: Mapping[str, str]) -> dict[str, Any]:
        """Turn texts into what the one way of writing reads; raises Invalid for a name that nothing bears."""
        faults: dict[str, list[Any]] = {}
        read: dict[str, Any] = {}
        for name, text in values.items():
            item = self.fields.get(name)
            if item is None:
                read[name] = text  # refused by name, where all is checked
            elif item.kind is Kind.RELATION:
                read[name] = self._key(item, text.strip(), faults)
            else:
                read[name] = self._text(item, text)
        if faults:
            raise Invalid(faults)
        return read

    def _text(self, item: Field, text: str) -> str:
        bare = text.strip()
        if not bare:
            return ""
        if item.kind in (Kind.CHOICE, Kind.SWITCH, Kind.COUNTRY, Kind.LOCALE):
            return self._choice(item, bare)
        if item.kind in (Kind.NUMBER, Kind.RATING) and _GROUPED.fullmatch(bare):
            return re.sub(r"[.,\s\u00a0\u202f']", "", bare)
        if item.kind is Kind.TIME:
            at = None if _CLOCK.fullmatch(bare) else time_of(bare, self.locale)
            return at.isoformat("seconds") if at is not None else bare
        day = day_of(bare, self.locale) if item.kind is Kind.DATE else None
        return day.isoformat() if day is not None else text

    def _choice(self, item: Field, text: str) -> str:
        """Read a choice by its key or, whatever the case, by its word in the reader's language."""
        if item.name not in self.words:
            self.words[item.name] = {c.label.casefold(): c.value for c in choices_of(self.catalogue, item)}
        return self.words[item.name].get(text.casefold(), text)

    def _key(self, item: Field, text: str, faults: dict[str, list[Any]]) -> Any:
        if not text:
            return ""
        found = self.related[item.name].get(text.casefold(), [])
        if len(found) == 1:
            return str(found[0])
        if not found and parse_id(text) is not None:
            return text
        name = storable(text)[:80]
        sentence = _("Several records are called “%(name)s”; open the record to choose one.", name=name)
        if not found:
            sentence = _("No record is called “%(name)s”.", name=name)
        faults[item.name] = [sentence]
        return ""

    def _find(self, item: Field, texts: set[str]) -> dict[str, list[Any]]:
        """Find the records that bear the names, among those that the reader sees, in one statement."""
        texts = {text for text in texts if not is_unstorable(text)}
        if not texts:
            return {}
        target = self.catalogue[item.target]
        title = getattr(target.model, target.title)
        visible = row_rules.condition(target.name, current_user, target.model)
        statement = (
            select(target.model.id, title).where(title.in_(texts), visible).limit(_SAME * len(texts) + 50)
        )
        found: dict[str, list[Any]] = {}
        for key, name in db.session.execute(statement):
            found.setdefault(str(name).casefold(), []).append(key)
        return found
