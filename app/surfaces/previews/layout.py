"""Lays a record out as a reader would see it in a language, from the places its fields are declared for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from app.kernel import languages
from app.kernel.db import db
from app.kernel.locales import SOURCE, direction, parse_locale
from app.media.models import Asset, AssetState
from app.media.renditions import nearest
from app.media.urls import picture_url
from app.resources import Catalogue, Child, Field, Kind, On, Resource
from app.resources.rich_text import clean
from app.surfaces.previews.pages import Fact, Group, Part, Picture, Shown, Words
from app.surfaces.records import wording
from app.surfaces.records.writing import currency_of
from app.translation.models import Translation
from app.translation.resources import state_text
from app.translation.writing import texts_of

WIDTH = 1280
_LONG = (Kind.LONG_TEXT, Kind.RICH_TEXT)
_CHIPS = (Kind.CHOICE, Kind.RELATION, Kind.COUNTRY, Kind.TAGS)
_UNSEEN = (Kind.SLUG, Kind.PICTURE, Kind.JSON, Kind.RELATIONS, Kind.SWITCH, Kind.LOCALE, Kind.ZONE)
_TITLE_LINES, _ROW_LINES = 2, 3
Texts = Mapping[UUID, Mapping[tuple[str, str], Translation]]


class Layout:
    """Makes the Shown of one record in one language; `translates` where who asks may write its texts."""

    def __init__(
        self, catalogue: Catalogue, resource: Resource, record: Any, locale: str, *, translates: bool
    ) -> None:
        self.catalogue = catalogue
        self.resource = resource
        self.record = record
        self.locale = locale
        self.known = str(parse_locale(locale) or SOURCE)
        self.translates = translates and locale != SOURCE
        self.chain = languages.chain(locale, str(current_app.config["BABEL_DEFAULT_LOCALE"]))
        rows = [row for child in resource.children for row in getattr(record, child.name)]
        self.assets = _assets(resource, record)
        keys = [record.id, *(row.id for row in rows), *self.assets]
        self.texts: Texts = texts_of(db.session(), keys) if resource.translated else {}
        self.own = getattr(record, "locale", None) or SOURCE

    def shown(self) -> Shown:
        """Lay it out."""
        fields = self.resource.fields_on(On.PUBLIC)
        titled = next((field for field in fields if field.name == self.resource.title), None)
        texts = [f for f in fields if f.on & On.TRANSLATE and not f.is_address and f is not titled]
        texts += [f for f in fields if f.kind in _LONG and f not in texts and f is not titled]
        plain = [field for field in fields if field not in texts and field is not titled]
        title = self._words(self.resource.name, titled, self.record) if titled else self._plain_title()
        with force_locale(self.known):
            in_lists = _("In lists")
            labels = {id(field): str(field.label) for field in fields}
            groups = tuple(self._groups())
            facts = tuple(self._facts(plain))
        parts = [
            Part("" if place == 0 else labels[id(field)], words)
            for place, field in enumerate(texts)
            if (words := self._words(self.resource.name, field, self.record)).text
        ]
        return Shown(
            locale=self.locale,
            direction=direction(self.locale),
            title=title,
            price=self._price(fields),
            chips=tuple(self._chips(fields)),
            parts=tuple(parts),
            facts=facts,
            groups=groups,
            pictures=tuple(self._pictures()),
            in_lists=in_lists,
        )

    def to_do(self, shown: Shown) -> int:
        """Count the texts that are missing in the language or not right."""
        return sum(words.state != "approved" for words in _all_words(shown) if words.place)

    def _plain_title(self) -> Words:
        return Words(str(getattr(self.record, self.resource.title)), self.own, direction(self.own), "")

    def _words(self, content_type: str, field: Field, row: Any, most_lines: int = 0) -> Words:
        """Choose what is shown of a text: what the language says by now, else the best of its fallbacks."""
        source = str(getattr(row, field.name) or "")
        known = self.texts.get(row.id, {}) if field.on & On.TRANSLATE else {}
        own = known.get((self.locale, field.name))
        text, locale = source, self.own
        for step in self.chain:
            found = known.get((step, field.name))
            is_shown = found is not None and (found.is_live or (step == self.locale and _is_begun(found)))
            if found is not None and is_shown and found.text:
                text, locale = found.text, step
                break
        is_html = field.kind is Kind.RICH_TEXT
        can_be = self.translates and bool(field.on & On.TRANSLATE) and bool(source.strip())
        state = state_of(own)
        return Words(
            text=clean(text) if is_html else text,
            locale=locale,
            direction=direction(locale) if field.on & On.TRANSLATE else "auto",
            label=str(field.label),
            state=state if can_be else "",
            state_text=state_words(state) if can_be else "",
            place=self.place(content_type, row.id, field.name) if can_be else "",
            is_html=is_html,
            most_lines=most_lines or (_TITLE_LINES if field.name == self.resource.title else 0),
        )

    def place(self, content_type: str, key: UUID, field: str) -> str:
        """Give the address where a text is translated, without the language."""
        return place_of(self.resource, self.record.id, content_type, key, field)

    def _groups(self) -> Iterator[Group]:
        for child in self.resource.children:
            fields = child.fields_on(On.PUBLIC)
            if not child.public or any(field.kind is Kind.PICTURE for field in fields):
                continue
            rows = tuple(
                tuple(self._piece(child, field, row) for field in fields)
                for row in getattr(self.record, child.name)
            )
            if rows:
                yield Group(str(child.label), rows)

    def _piece(self, child: Child, field: Field, row: Any) -> Words | Fact:
        if field.kind in (Kind.TEXT, *_LONG):
            return self._words(child.table, field, row, _ROW_LINES)
        return self._fact(field, row)

    def _facts(self, fields: list[Field]) -> Iterator[Fact]:
        for field in fields:
            if field.kind in (*_UNSEEN, *_CHIPS, Kind.MONEY) or getattr(self.record, field.name) in (
                None,
                "",
            ):
                continue
            yield self._fact(field, self.record)

    def _fact(self, field: Field, row: Any) -> Fact:
        value = getattr(row, field.name)
        if field.kind is Kind.INSTANT and value is not None:
            text = wording.exact(value, self.known)
        else:
            text = wording.cell(field, value, self.known, currency_of(row)).text
        kind = (field.kind or Kind.TEXT).value
        return Fact(str(field.label), text, kind, "auto" if field.kind is Kind.TEXT else "")

    def _chips(self, fields: tuple[Field, ...]) -> Iterator[str]:
        for field in fields:
            value = getattr(self.record, field.name)
            if field.kind not in _CHIPS or value in (None, "", []):
                continue
            title = self._title_of(field, value) if field.kind is Kind.RELATION else ""
            with force_locale(self.known):
                yield wording.cell(field, value, self.known, title=title).text

    def _title_of(self, field: Field, key: Any) -> str:
        """Name a related record in the language."""
        target = self.catalogue[field.target]
        found = db.session.get(target.model, key)
        if found is None:
            return ""
        known = texts_of(db.session(), [found.id]).get(found.id, {})
        for step in self.chain:
            row = known.get((step, target.title))
            if row is not None and row.is_live:
                return row.text
        return str(getattr(found, target.title))

    def _price(self, fields: tuple[Field, ...]) -> str:
        money = next((field for field in fields if field.kind is Kind.MONEY), None)
        value = getattr(self.record, money.name) if money is not None else None
        return wording.money(int(value), currency_of(self.record), self.known) if value is not None else ""

    def _pictures(self) -> Iterator[Picture]:
        """Give the record's own pictures, then those of its galleries, the primary one first."""
        for field in self.resource.fields_on(On.PUBLIC):
            if field.kind is Kind.PICTURE and (
                shown := self._picture(getattr(self.record, field.name), None)
            ):
                yield shown
        for child in self.resource.children:
            fields = {field.name: field for field in child.fields_on(On.PUBLIC)}
            if not child.public or "asset_id" not in fields:
                continue
            rows = sorted(
                getattr(self.record, child.name), key=lambda row: not getattr(row, "is_primary", False)
            )
            for row in rows:
                alt = self._words(child.table, fields["alt"], row) if "alt" in fields else None
                if shown := self._picture(row.asset_id, alt):
                    yield shown

    def _picture(self, key: Any, alt: Words | None) -> Picture | None:
        asset = self.assets.get(key)
        if asset is None:
            return None
        path = nearest(asset.renditions, WIDTH) or asset.path
        own = alt.text if alt is not None else ""
        return Picture(picture_url(path), asset.width, asset.height, alt if own else None, own or asset.alt)


def place_of(resource: Resource, record_id: UUID, content_type: str, key: UUID, field: str) -> str:
    """Give the address where a text of a record, or of a row of it, is translated, without the language."""
    row = "" if content_type == resource.name else f"row={key}&"
    return f"/{resource.path}/{record_id}/text?{row}field={field}"


def state_of(row: Translation | None) -> str:
    """Name the state of a text for who is to translate it; what was made from another source is out of date."""
    if row is None or not row.text:
        return "missing"
    if row.source_text is not None and row.state != "rejected":
        return "stale"
    return row.state


def state_words(state: str) -> str:
    """Word it."""
    return _("Missing") if state == "missing" else state_text(state)


def _is_begun(row: Translation) -> bool:
    """Tell whether a text that readers do not get yet is what they would."""
    return row.state != "rejected"


def _assets(resource: Resource, record: Any) -> dict[UUID, Asset]:
    """Read the pictures that may be shown, once for all."""
    keys = [
        getattr(record, field.name) for field in resource.fields_on(On.PUBLIC) if field.kind is Kind.PICTURE
    ]
    keys += [
        row.asset_id
        for child in resource.children
        if "asset_id" in child.model.__table__.c
        for row in getattr(record, child.name)
    ]
    wanted = select(Asset).where(Asset.id.in_([key for key in keys if key]), Asset.state == AssetState.READY)
    return {asset.id: asset for asset in db.session.scalars(wanted)}


def _all_words(shown: Shown) -> Iterator[Words]:
    yield shown.title
    yield from (part.words for part in shown.parts)
    yield from (
        piece for group in shown.groups for row in group.rows for piece in row if isinstance(piece, Words)
    )
    yield from (picture.alt for picture in shown.pictures if picture.alt is not None)
