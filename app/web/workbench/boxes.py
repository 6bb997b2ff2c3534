"""The texts of one place, each with its source, its input, its state, and what others would have it say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from types import SimpleNamespace
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel import languages
from app.kernel.diffing import compare, shortened
from app.resources import Catalogue, Field, Kind, On
from app.resources.rich_text import clean
from app.surfaces.history.wording import actor_of
from app.surfaces.records import wording
from app.surfaces.screens.form_pages import FieldInput, SourceChange
from app.surfaces.screens.outdated import SourceChanges
from app.surfaces.texts.offers import Offers, names_of
from app.translation.interface.catalogues import plurals_for
from app.translation.interface.plurals import TEXT
from app.translation.models import Translation
from app.translation.resources import STATES
from app.translation.sources import SOURCES, source_hash
from app.translation.states import Hand
from app.translation.units import Unit
from app.web.workbench import helping, plain
from app.web.workbench.entries import entries_of
from app.web.workbench.marking import mark
from app.web.workbench.overview import INTERFACE
from app.web.workbench.pages import Box

if TYPE_CHECKING:
    from app.web.workbench.bench import Sent

_LONG = 90
_TONES = {option.value: option.tone for option in STATES}


class Facts:
    """What is stored of the texts of one place: read once for all of them."""

    def __init__(
        self, catalogue: Catalogue, session: Session, here: Sequence[Unit], hands: Mapping[str, Hand]
    ) -> None:
        self.catalogue, self.session, self.here, self.hands = catalogue, session, here, hands

    @cached_property
    def rows(self) -> dict[str, Translation]:
        """Read the stored texts by field."""
        keys = [unit.translation_id for unit in self.here if unit.translation_id is not None]
        found = self.session.scalars(
            select(Translation).where(Translation.id.in_(keys)),
            execution_options={"populate_existing": True},
        )
        return {row.field: row for row in found} if keys else {}

    @cached_property
    def offers(self) -> Offers:
        """Read the open suggestions."""
        return Offers(self.session, self.rows.values())

    @cached_property
    def names(self) -> dict[int, str]:
        """Read who wrote and approved."""
        wanted = {row.author_id for row in self.rows.values()}
        wanted |= {row.approved_by_id for row in self.rows.values()}
        return names_of(self.session, wanted)

    @cached_property
    def changes(self) -> SourceChanges | None:
        """Read what became of the sources."""
        first = self.here[0]
        resource = self.catalogue.get(first.owner_type)
        if resource is None or first.content_type == INTERFACE:
            return None
        return SourceChanges(resource, SimpleNamespace(id=first.owner_id), self.rows.values())


def make(facts: Facts, sent: Sent, kept_at: str) -> tuple[Box, ...]:
    """Word every text; what was sent and not saved stands in the inputs."""
    return tuple(_box(facts, unit, sent, kept_at) for unit in facts.here)


def _box(facts: Facts, unit: Unit, sent: Sent, kept_at: str) -> Box:
    field = SOURCES.get((unit.content_type, unit.field))
    row = facts.rows.get(unit.field)
    is_rich = plain.is_rich(unit)
    stored = clean(unit.text) if is_rich else unit.text
    value = sent.texts.get(unit.field, stored)
    label, hint = label_of(facts.catalogue, unit)
    change = _change(facts, unit, row, field)
    by, exact = _by(facts, unit, row)
    return Box(
        name=unit.field,
        label=label,
        hint=hint,
        source=mark(unit.source, helping.spans(unit)),
        source_html=clean(unit.source) if is_rich else "",
        source_text=clean(unit.source) if is_rich else unit.source,
        source_mark=source_hash(unit.source),
        input=FieldInput(f"text-{unit.field}", label, "rich_text" if is_rich else "text", value),
        value=value,
        stored=stored,
        revision=unit.revision,
        state=unit.state,
        state_text=state_words(unit),
        tone=tone_of(unit),
        by=by,
        exact=exact,
        tool=unit.tool,
        limit=field.max_length if field is not None else 0,
        is_rich=is_rich,
        is_long=(field is not None and field.kind is Kind.LONG_TEXT)
        or field is None
        or "\n" in unit.source
        or len(unit.source) > _LONG,
        reason=unit.reason if unit.state == "rejected" else "",
        change=change,
        is_outdated=unit.source_text is not None,
        clash=sent.clashes.get(unit.field),
        kept=kept_at if value != stored else "",
        offers=facts.offers.of(row),
        findings=helping.findings(facts.here, unit, siblings_of(facts, sent), sent.meant),
        errors=sent.errors.get(unit.field, ()),
    )


def siblings_of(facts: Facts, sent: Sent) -> dict[str, str]:
    """Give what the other forms of a sentence say."""
    return {unit.field: sent.texts.get(unit.field, unit.text) for unit in facts.here}


def state_words(unit: Unit) -> str:
    """Word the state of a text."""
    if unit.state == "missing":
        return _("Missing")
    return next((str(option.label) for option in STATES if option.value == unit.state), unit.state)


def tone_of(unit: Unit) -> str:
    """Give the colour of its chip."""
    return _TONES.get(unit.state, "warning" if unit.state == "missing" else "secondary")


def label_of(catalogue: Catalogue, unit: Unit) -> tuple[str, str]:
    """Give what a text is called, and which numbers take this form of it."""
    if unit.content_type == INTERFACE:
        if unit.field == TEXT:
            return _("Sentence"), ""
        plurals = plurals_for(unit.locale)
        numbers = dict(zip(plurals.forms, plurals.samples, strict=False)).get(unit.field, "")
        return _("Form “%(name)s”", name=unit.field), _(
            "for %(numbers)s …", numbers=numbers
        ) if numbers else ""
    resource = catalogue.get(unit.owner_type)
    field = SOURCES.get((unit.content_type, unit.field))
    label = str(field.label) if field is not None else unit.field
    child = (
        next((one for one in resource.children if one.table == unit.content_type), None) if resource else None
    )
    if child is None:
        return label, ""
    is_only = len(child.fields_on(On.TRANSLATE)) == 1
    return str(child.label) if is_only else f"{child.label} · {label}", ""


def _change(facts: Facts, unit: Unit, row: Translation | None, field: Field | None) -> SourceChange | None:
    if unit.source_text is None or row is None:
        return None
    if facts.changes is not None and field is not None:
        return facts.changes.of(field, row, SimpleNamespace(**{field.name: unit.source}))
    pieces = shortened(compare(unit.source_text, unit.source)) if unit.source_text else ()
    return SourceChange(pieces, str(unit.object_id), unit.locale, unit.field, source_hash(unit.source))


def _by(facts: Facts, unit: Unit, row: Translation | None) -> tuple[str, str]:
    """Say who wrote or approved a text, and when: (the words, exactly)."""
    if row is None:
        return "", ""
    reader = wording.reader()
    when, exact = wording.ago(row.updated_at, reader), wording.exact(row.updated_at, reader)
    writer = facts.names.get(row.author_id or 0, "")
    if unit.state == "rejected" and (told := _rejected_by(facts.session, unit, writer)):
        return told
    judge = facts.names.get(row.approved_by_id or 0, "")
    if unit.state == "machine":
        return _("Made by %(tool)s, %(when)s", tool=unit.tool or "?", when=when), exact
    if judge and writer and judge != writer:
        return _(
            "Written by %(writer)s, approved by %(name)s, %(when)s", writer=writer, name=judge, when=when
        ), exact
    if judge:
        return _("Approved by %(name)s, %(when)s", name=judge, when=when), exact
    return (_("Written by %(name)s, %(when)s", name=writer, when=when) if writer else when), exact


def _rejected_by(session: Session, unit: Unit, writer: str) -> tuple[str, str] | None:
    """Say who rejected a text, and when; None where the history does not tell."""
    found = (one for one in entries_of(session, unit) if (one.new or {}).get("state") == "rejected")
    entry, reader = next(found, None), wording.reader()
    if entry is None:
        return None
    name, when = actor_of(entry), wording.ago(entry.at, reader)
    if writer and writer != name:
        said = _("Written by %(writer)s, rejected by %(name)s, %(when)s", writer=writer, name=name, when=when)
    else:
        said = _("Rejected by %(name)s, %(when)s", name=name, when=when)
    return said, wording.exact(entry.at, reader)


def direction_of(locale: str) -> str:
    """Tell in which direction a language is written."""
    known = languages.find(locale)
    return known.direction if known is not None else "ltr"
