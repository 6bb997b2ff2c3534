"""The translations of a form's fields: an input for each language, with its state and what waits for a decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from flask_babel import gettext as _

from app.access.rights import may
from app.kernel import languages
from app.kernel.db import db
from app.kernel.locales import direction, own_name
from app.resources import Field, Kind, On, Resource
from app.resources.kinds import plain
from app.resources.rich_text import clean
from app.surfaces.screens.form_pages import LanguageInput
from app.surfaces.screens.outdated import SourceChanges
from app.surfaces.texts.offers import Offers
from app.surfaces.texts.places import Place
from app.translation.models import Translation
from app.translation.resources import state_text

Texts = Mapping[tuple[str, str], Translation]


@dataclass(frozen=True, slots=True)
class Told:
    """What a form knows of one row's translations: stored, typed by (locale, field), and refused by input."""

    texts: Texts
    typed: Mapping[tuple[str, str], str] = field(default_factory=dict)
    errors: Mapping[str, Sequence[Any]] = field(default_factory=dict)


class FormLanguages:
    """Of one record and its rows."""

    def __init__(
        self, resource: Resource, record: Any, stored: Sequence[Translation], *, is_readonly: bool
    ) -> None:
        self.resource = resource
        self.is_readonly = is_readonly
        self.changes = SourceChanges(resource, record, stored)
        self.offers = Offers(db.session(), stored)

    def inputs(
        self, item: Field, prefix: str, source: str, told: Told, meant: Any
    ) -> tuple[LanguageInput, ...]:
        """Make a translated field's inputs; `meant` is the record or row whose text they translate."""
        if not item.on & On.TRANSLATE:
            return ()
        return tuple(
            self._input(item, f"{prefix}t-{locale}-{item.name}", source, told, locale, meant)
            for locale in languages.content_locales()
        )

    def _input(
        self, item: Field, name: str, source: str, told: Told, locale: str, meant: Any
    ) -> LanguageInput:
        row = told.texts.get((locale, item.name))
        stored = _written(item, row.text) if row is not None else ""
        return LanguageInput(
            locale=locale,
            language=own_name(locale),
            direction=direction(locale),
            input_name=name,
            value=told.typed.get((locale, item.name), stored),
            fallback=source,
            state=row.state if row else "",
            state_text=_state(row),
            change=self.changes.of(item, row, meant),
            readonly=self.is_readonly,
            errors=tuple(str(text) for text in told.errors.get(name, ())),
            reason=row.reason if row is not None and row.state == "rejected" else "",
            offers=self.offers.of(row),
            desk_url=self._desk(row),
        )

    def _desk(self, row: Translation | None) -> str:
        """Give where the text lies on the workbench; nothing where the reader may not translate."""
        if row is None or not may("translate", self.resource.name):
            return ""
        place = Place(row.content_type, row.object_id, row.field, row.locale)
        return f"/translate/{row.locale}?{urlencode({'state': 'all', 'at': str(place)})}"


def _written(item: Field, text: str) -> str:
    return clean(text or "") if item.kind is Kind.RICH_TEXT else plain(item, text)


def _state(row: Translation | None) -> str:
    """Word a state; of a machine's text also which machine."""
    if row is None:
        return _("Missing")
    words = state_text(row.state)
    return f"{words} · {row.tool}" if row.state == "machine" and row.tool else words
