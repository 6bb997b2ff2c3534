"""One text, translated where it stands: what is shown beside it, and what comes of saving it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.kernel import languages
from app.kernel.errors import NotFound
from app.kernel.locales import SOURCE, direction, own_name
from app.resources import Catalogue, Kind, On, Resource
from app.resources.kinds import Unreadable
from app.resources.rich_text import clean
from app.surfaces.previews.layout import place_of, state_of, state_words
from app.surfaces.previews.pages import TextPage
from app.surfaces.screens.outdated import SourceChanges
from app.surfaces.texts import acts, checking
from app.surfaces.texts.places import Held, Place, Seen
from app.translation.checks import Finding
from app.translation.checks.finding import ERROR
from app.translation.models import Translation
from app.translation.sources import read_text, source_hash
from app.translation.states import Hand, hand_of, state_of_written
from app.translation.units import find_unit
from app.translation.writing import find_text


def find_place(resource: Resource, record: Any, row: UUID | None, field: str, locale: str) -> Place:
    """Find a text of a record, or of a row of it. Raises NotFound for one that is not translated into the language."""
    nowhere = NotFound(_("There is no such text to translate."))
    if locale == SOURCE or locale not in languages.content_locales():
        raise nowhere
    owner: Any = resource
    if row is not None and row != record.id:
        owner = next(
            (
                child
                for child in resource.children
                if any(each.id == row for each in getattr(record, child.name))
            ),
            None,
        )
    if owner is None or all(item.name != field for item in owner.fields_on(On.TRANSLATE)):
        raise nowhere
    name = resource.name if owner is resource else owner.table
    return Place(name, row or record.id, field, locale)


def peek(session: Session, catalogue: Catalogue, user: Any, place: Place) -> Held:
    """Find a text as it is, without a lock. Raises NotFound where there is none, or the user may not work on it."""
    unit = find_unit(session, user, place.content_type, place.key, place.field, place.locale)
    resource = catalogue.get(unit.owner_type) if unit is not None else None
    owner = session.get(resource.model, unit.owner_id) if resource is not None and unit is not None else None
    if unit is None or resource is None or owner is None:
        raise NotFound(_("There is no such text to translate."))
    child = next((child for child in resource.children if child.table == place.content_type), None)
    record = owner if child is None else session.get(child.model, place.key)
    row = session.get(Translation, unit.translation_id) if unit.translation_id is not None else None
    return Held(place, unit, resource, owner, record, row, hand_of(place.content_type, place.locale))


def text_page(session: Session, catalogue: Catalogue, user: Any, place: Place) -> TextPage:
    """Word a text with its source, its state and what saving it would do. Raises NotFound."""
    held = peek(session, catalogue, user, place)
    row, field, resource = held.row, held.field, held.resource
    if field is None or resource is None:
        raise NotFound(_("There is no such text to translate."))
    is_html = field.kind is Kind.RICH_TEXT
    text = row.text if row is not None else ""
    state = state_of(row)
    changes = SourceChanges(resource, held.owner, [row] if row is not None else [])
    return TextPage(
        url=f"{place_of(resource, held.owner.id, place.content_type, place.key, place.field)}&lang={place.locale}",
        field=str(field.label),
        title=held.unit.title,
        locale=place.locale,
        language=own_name(place.locale),
        direction=direction(place.locale),
        kind=(field.kind or Kind.TEXT).value,
        source=clean(held.source) if is_html else held.source,
        source_hash=source_hash(held.source),
        is_html=is_html,
        value=clean(text) if is_html else text,
        state=state,
        state_text=state_words(state),
        revision=held.unit.revision,
        outcome=outcome_of(held.hand, row.state if row is not None else None),
        reason=row.reason if row is not None else "",
        change=changes.of(field, row, held.record),
        findings=look(session, held, text),
        max_length=field.max_length,
        tool=row.tool if row is not None else "",
    )


def outcome_of(hand: Hand, state: str | None) -> str:
    """Say what becomes of a text once it is saved."""
    after = state_of_written(state, hand)
    if after is None:
        return _("Readers go on seeing the approved text. Yours is a suggestion until somebody accepts it.")
    if after == "approved":
        return _("It is approved when you save it.")
    return _("It waits for approval when you save it; readers see it after that.")


def look(session: Session, held: Held, text: str) -> tuple[Finding, ...]:
    """List what the checks find in a text; what cannot be read is one of it."""
    place = held.place
    try:
        text = read_text(place.content_type, place.field, text, place.locale)
    except Unreadable as error:
        return (Finding("unreadable", ERROR, error.sentence),)
    return checking.look(session, place, held.source, text)


def save(session: Session, held: Held, form: Mapping[str, str], meant: Collection[str]) -> dict[str, Any]:
    """Save what was typed; gives what the page around shows. Raises Invalid for what the checks do not let pass."""
    seen = Seen(_whole(form.get("revision", "")), form.get("source", ""))
    if form.get("right"):
        outcome = acts.call_right(session, held, seen, meant=meant)
    else:
        outcome = acts.write(session, held, form.get("text", ""), seen=seen, meant=meant)
    return told(session, held, outcome.what)


def told(session: Session, held: Held, what: str) -> dict[str, Any]:
    """Give a text as it is by now: its state, what is to be shown, and a sentence of what came of it."""
    place = held.place
    row = find_text(session, place.content_type, place.key, place.locale, place.field)
    state = state_of(row)
    is_html = held.field is not None and held.field.kind is Kind.RICH_TEXT
    is_own = row is not None and row.state != "rejected"
    text = row.text if row is not None and is_own else held.source
    return {
        "state": state,
        "state_text": state_words(state),
        "told": _sentence(what, state),
        "text": clean(text) if is_html else text,
        "is_html": is_html,
        "dir": direction(held.place.locale) if is_own else direction(SOURCE),
        "revision": row.revision if row is not None else 0,
        "outcome": outcome_of(held.hand, row.state if row is not None else None),
        "locale": held.place.locale if is_own else SOURCE,
    }


def _sentence(what: str, state: str) -> str:
    if what == acts.SUGGESTED:
        return _("Your suggestion waits for approval.")
    if what == acts.REMOVED:
        return _("The translation was removed.")
    if what == acts.SAME:
        return _("Nothing changed.")
    if state == "needs_review":
        return _("Saved; it waits for approval.")
    return _("Saved and approved.") if state == "approved" else _("Saved.")


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
