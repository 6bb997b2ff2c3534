"""The form of a resource: each input from its field, with translations beside it and children below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from babel.numbers import get_currency_precision
from flask_babel import gettext as _
from flask_login import current_user

from app.access.rights import may
from app.kernel import durations, languages
from app.kernel.db import db
from app.kernel.ids import parse_id
from app.kernel.locales import own_name
from app.media.urls import thumbnail_url
from app.resources import Catalogue, Child, Field, Kind, On, Resource
from app.resources.kinds import plain
from app.resources.rich_text import clean
from app.surfaces.previews.doors import preview_url
from app.surfaces.records import clocks, wording
from app.surfaces.records.adding import may_add
from app.surfaces.records.changes import Changes
from app.surfaces.records.chosen import find_chosen
from app.surfaces.records.writing import currency_of
from app.surfaces.screens.countries import country_choices, currency_choices
from app.surfaces.screens.filters import key_in, related_title
from app.surfaces.screens.form_languages import FormLanguages, Texts, Told
from app.surfaces.screens.form_pages import (
    ChildRow,
    ChildTable,
    FieldInput,
    FormPage,
    LanguageInput,
    LanguageProgress,
)
from app.surfaces.screens.layout import lay_out
from app.surfaces.screens.pages import Choice, Uploads
from app.surfaces.screens.pictures import takes_pictures, uploads
from app.surfaces.screens.releasing import lines_of
from app.surfaces.screens.rules import kept_values, rule_of_field, rule_of_form
from app.translation.progress import progress
from app.translation.writing import texts_of


@dataclass(slots=True)
class Refusal:
    """What came of a form that was sent: its changes, and what is wrong with them."""

    changes: Changes
    errors: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    conflict: str = ""
    theirs: dict[str, str] = field(default_factory=dict)
    revision: int | None = None
    settled: Any = None


class Form:
    """Makes the FormPage of one record for one reader."""

    def __init__(
        self,
        catalogue: Catalogue,
        resource: Resource,
        record: Any | None,
        refusal: Refusal | None = None,
        *,
        is_readonly: bool = False,
        is_drawer: bool = False,
        title: str = "",
    ) -> None:
        self.catalogue = catalogue
        self.resource = resource
        self.record = record
        self.refusal = refusal or Refusal(Changes())
        self.is_drawer = is_drawer
        self.begun = {resource.title: title[:200]} if title and record is None else {}
        self.may_write = not is_readonly and may("add" if record is None else "edit", resource.name)
        self.may_translate = not is_readonly
        self.rule = "" if self.may_write else rule_of_form(resource, current_user)
        keys = (
            []
            if record is None
            else [record.id, *(row.id for c in resource.children for row in getattr(record, c.name))]
        )
        self.texts = texts_of(db.session(), keys) if keys and resource.translated else {}
        stored = [row for texts in self.texts.values() for row in texts.values()]
        fields = resource.fields_on(On.FORM)
        self.zones = clocks.zones_of(db.session(), fields, record, self.refusal.changes.values)
        self.languages = FormLanguages(resource, record, stored, is_readonly=not self.may_translate)

    def page(self) -> FormPage:
        """Word the whole form."""
        resource, record = self.resource, self.record
        base = f"/{resource.path}/"
        here = f"{base}{record.id}" if record is not None else ""
        title = str(getattr(record, resource.title)) if record is not None else self._new_title()
        revision: Any = self.refusal.revision or getattr(record, "revision", "")
        errors = self.refusal.errors
        fields = [(item, self._field(item)) for item in resource.fields_on(On.FORM)]
        children = [(child, self._child(child)) for child in resource.children if child.fields_on(On.FORM)]
        ending = "?drawer=1" if self.is_drawer else ""
        return FormPage(
            name=resource.name,
            id=str(record.id) if record is not None else "",
            title=title,
            singular=str(resource.singular),
            icon=resource.icon,
            list_url=base,
            list_title=str(resource.label),
            url=(f"{here}/edit" if here else f"{base}add") + ending,
            is_new=record is None,
            revision=str(revision),
            fields=tuple(shown for _item, shown in fields),
            children=tuple(shown for _child, shown in children),
            tabs=lay_out(fields, children),
            progress=self._progress(),
            releases=lines_of(resource, record) if not self.is_drawer else (),
            errors=tuple(str(text) for text in errors.get("", ())),
            conflict=self.refusal.conflict,
            show_url=here if here and may("show", resource.name) else "",
            preview_url=preview_url(resource, here),
            delete_url=f"{here}/delete" if here and may("delete", resource.name) else "",
            history_url=f"{here}/history" if here and may("history", resource.name) else "",
            can_add_another=may_add(resource),
            copy_url=f"{base}add" if here and self.may_write and may_add(resource) else "",
            kept=kept_values(self.catalogue, resource, record) if record is not None else (),
            rule=self.rule,
            is_drawer=self.is_drawer,
            is_begun=bool(self.begun),
            slug=str(getattr(record, resource.slug_field.name) or "")
            if record is not None and resource.slug_field
            else "",
            uploads=self._uploads(),
        )

    def _uploads(self) -> Uploads | None:
        if not (self.may_write and takes_pictures(self.resource)):
            return None
        return uploads(self.resource.name, self.record.id if self.record is not None else None)

    def _new_title(self) -> str:
        return _("New %(thing)s", thing=str(self.resource.singular))

    def _field(self, item: Field) -> FieldInput:
        held = (
            getattr(self.record, item.name)
            if self.record is not None
            else self.begun.get(item.name, _first_value(item))
        )
        typed = self.refusal.changes.values
        value = _as_text(typed[item.name]) if item.name in typed else self._plain(item, held, self.record)
        if item.clock is not None:
            value = clocks.as_typed(value, self.zones[item.name])
        texts: Texts = self.texts.get(self.record.id, {}) if self.record is not None else {}
        told = Told(texts, self.refusal.changes.texts, self.refusal.errors)
        languages = self.languages.inputs(item, "", value, told, self.record)
        theirs = self.refusal.theirs.get(item.name, "")
        errors = self.refusal.errors.get(item.name, ())
        shown = self._input(item, item.name, value, self.record, errors, self.record)
        return replace(
            shown,
            languages=languages,
            same_name=_same_name(self, "", item, languages),
            theirs=theirs if theirs != value else "",
        )

    def _input(
        self, item: Field, name: str, value: str, record: Any, errors: Sequence[Any], stored: Any
    ) -> FieldInput:
        kind = item.kind or Kind.TEXT
        looked_up = kind in (Kind.RELATION, Kind.RELATIONS, Kind.PICTURE)
        locked = rule_of_field(item, record) if self.may_write else ""
        target = self.catalogue[item.target] if kind is Kind.RELATION else None
        return FieldInput(
            name=name,
            label=str(item.label),
            kind=kind.value,
            value=value,
            help=str(item.help),
            required=item.required,
            max_length=item.max_length,
            readonly=not self.may_write or bool(locked),
            readonly_reason=locked,
            choices=self._choices(item, value, stored),
            search_url=f"/{self.catalogue[item.target].path}/lookup" if looked_up else "",
            suffix=_suffix_of(item, value, record),
            clock=item.clock.beside if item.clock is not None else "",
            clock_words=clock_words(self.zones[item.name]) if item.clock is not None else "",
            digits=get_currency_precision(currency_of(record)),
            add_url=_form_of(target, "add"),
            related_url=_form_of(target, "edit"),
            picture=self._thumbnail(item, value, stored) if kind is Kind.PICTURE and value else "",
            errors=tuple(str(text) for text in errors),
        )

    def _choices(self, item: Field, value: str, stored: Any) -> tuple[Choice, ...]:
        if item.kind is Kind.CHOICE:
            return tuple(Choice(o.value, str(o.label), o.value == value) for o in item.options)
        if item.kind is Kind.COUNTRY:
            return country_choices(value)
        if item.kind is Kind.CURRENCY:
            return currency_choices(value)
        if item.kind is Kind.LOCALE:
            tags = dict.fromkeys([*languages.locales(), *([value] if value else [])])
            return tuple(Choice(tag, own_name(tag), tag == value) for tag in tags)
        if item.kind is Kind.RATING:
            return tuple(Choice(str(n), str(n), str(n) == value) for n in range(1, 6))
        if item.kind in (Kind.RELATION, Kind.PICTURE) and value:
            return self._chosen(item, [value], stored)
        if item.kind is Kind.RELATIONS and value:
            return self._chosen(item, value.split(","), stored)
        return ()

    def _chosen(self, item: Field, typed: Sequence[str], stored: Any) -> tuple[Choice, ...]:
        held = _held(item, stored)
        keys = [key for key in typed if key_in(self.catalogue[item.target], key) is not None]
        named = ((key, related_title(self.catalogue, item, key, is_held=key in held)) for key in keys)
        return tuple(Choice(key, title, True) for key, title in named)

    def _thumbnail(self, item: Field, value: str, stored: Any) -> str:
        key = parse_id(value)
        is_held = value in _held(item, stored)
        found = find_chosen(db.session(), self.catalogue[item.target], key, is_held) if key else None
        return thumbnail_url(found.thumb) if found is not None else ""

    def _child(self, child: Child) -> ChildTable:
        typed = self.refusal.changes.children.get(child.name)
        if typed is not None and self.may_write:
            rows = tuple(self._typed_row(child, row) for row in typed)
        else:
            stored = getattr(self.record, child.name) if self.record is not None else []
            rows = tuple(self._stored_row(child, str(index), row) for index, row in enumerate(stored))
        return ChildTable(
            name=child.name,
            label=str(child.label),
            singular=str(child.singular),
            rows=rows,
            blank=self._stored_row(child, "__index__", None),
            has_pictures=any(item.kind is Kind.PICTURE for item in child.fields),
            errors=tuple(str(text) for text in self.refusal.errors.get(child.name, ())),
            spread=child.spread[0] if child.spread else "",
            spread_label=str(child.spread[1]) if child.spread else "",
        )

    def _stored_row(self, child: Child, index: str, row: Any) -> ChildRow:
        values = {item.name: self._plain(item, getattr(row, item.name, None), row) for item in child.fields}
        texts = self.texts.get(row.id, {}) if row is not None else {}
        return self._row(child, index, str(row.id) if row is not None else "", values, texts, {})

    def _typed_row(self, child: Child, row: Any) -> ChildRow:
        values = {name: _as_text(value) for name, value in row.values.items()}
        texts = next((self.texts[key] for key in self.texts if str(key) == row.id), {})
        return self._row(child, row.index, row.id, values, texts, row.texts)

    def _row(
        self,
        child: Child,
        index: str,
        key: str,
        values: Mapping[str, str],
        texts: Texts,
        typed: Mapping[tuple[str, str], str],
    ) -> ChildRow:
        prefix = f"{child.name}-{index}-"
        rows = getattr(self.record, child.name) if self.record is not None else ()
        stored = next((row for row in rows if str(row.id) == key), None)
        faults, place = self.refusal.errors, f"{child.name}.{index}."
        of_texts = {name.replace(place, prefix, 1): told for name, told in faults.items()}
        inputs = []
        for item in child.fields_on(On.FORM):
            value = values.get(item.name, "")
            errors = faults.get(place + item.name, ())
            shown = self._input(item, prefix + item.name, value, self.record, errors, stored)
            languages = self.languages.inputs(item, prefix, value, Told(texts, typed, of_texts), stored)
            same_name = _same_name(self, prefix, item, languages)
            inputs.append(replace(shown, languages=languages, same_name=same_name))
        return ChildRow(index, key, tuple(inputs), tuple(map(str, faults.get(place, ()))))

    def _progress(self) -> tuple[LanguageProgress, ...]:
        """Tell, by language, how many words that readers are to get are approved and right."""
        if not self.resource.translated or self.record is None or self.record.id is None:
            return ()
        name, key, reader = self.resource.name, self.record.id, wording.reader()
        locales = languages.content_locales()
        found = progress(db.session(), None, locales, "record", (name,), (key,))
        return tuple(
            LanguageProgress(
                locale,
                own_name(locale),
                known.done,
                known.words,
                wording.words_done(known.done, known.words, reader),
            )
            for locale in locales
            if (known := found.get((locale, name, key))) is not None
        )

    def _plain(self, item: Field, value: Any, record: Any) -> str:
        if item.kind is Kind.RELATIONS:
            return ",".join(str(row.id) for row in value or ())
        if item.kind is Kind.MONEY and value is not None:
            return wording.amount(int(value), currency_of(record), wording.reader())
        if item.kind is Kind.DECIMAL and value is not None:
            return wording.decimal(value, wording.reader(), typed=True)
        if item.kind is Kind.RICH_TEXT:
            return clean(value or "")
        if item.kind is Kind.INSTANT and value is not None:
            return clocks.shown(value, self.zones[item.name] if item.clock is not None else "")
        return plain(item, value, currency_of(record))


def clock_words(zone: str) -> str:
    """Say by whose clocks an instant is typed; of no place while the record names none."""
    if not zone:
        return _("By the clocks of the place.")
    return _("By the clocks in %(place)s.", place=wording.zone(zone, wording.reader()))


def _suffix_of(item: Field, value: str, record: Any) -> str:
    """Say what stands behind a value: the currency of an amount, in words how long a time is."""
    if item.kind is Kind.MONEY:
        return currency_of(record)
    is_length = item.kind is Kind.MINUTES and value.isascii() and value.isdecimal() and len(value) < 10
    return durations.told(int(value), wording.reader()) if is_length else ""


def _same_name(form: Form, prefix: str, item: Field, languages: Sequence[LanguageInput]) -> str:
    """Name the input that says an edit left the meaning alone; none where nothing is translated yet."""
    if not form.may_write or not any(language.state for language in languages):
        return ""
    return f"{prefix}same-{item.name}"


def _form_of(target: Resource | None, verb: str) -> str:
    """Give where a related record is added or, its key put between, changed; nothing where one may not."""
    if target is None or not target.fields_on(On.FORM):
        return ""
    if not (may_add(target) if verb == "add" else may(verb, target.name)):
        return ""
    return f"/{target.path}/add" if verb == "add" else f"/{target.path}/"


def _first_value(item: Field) -> Any:
    """Give the value that a new record begins with."""
    default = getattr(item.column, "default", None)
    return default.arg if default is not None and default.is_scalar else None


def _as_text(raw: Any) -> str:
    return ",".join(map(str, raw)) if isinstance(raw, list) else str(raw or "")


def _held(item: Field, stored: Any) -> set[str]:
    """Give the keys that the stored record, or row of it, points at: no secret to who sees it."""
    if stored is None:
        return set()
    held = getattr(stored, item.name)
    return {str(row.id) for row in held} if item.kind is Kind.RELATIONS else {str(held)}
