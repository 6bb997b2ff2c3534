"""What helps beside a text: where it stands, the texts around it, other languages, comments, and what it was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.rights import may
from app.kernel.diffing import compare, readable, shortened
from app.kernel.ids import parse_id
from app.media.urls import thumbnail_url
from app.resources import Catalogue, On, Resource
from app.surfaces.comments.reading import threads
from app.surfaces.history.wording import actor_of
from app.surfaces.previews.doors import preview_url
from app.surfaces.records import wording
from app.surfaces.records.pictured import first_picture
from app.surfaces.texts.places import place_of
from app.translation.models import SHOWN_STATES, Translation
from app.translation.resources import state_text
from app.translation.tallies import ALL
from app.translation.units import Asked, Unit, units
from app.web.workbench import helping
from app.web.workbench.asked import Address
from app.web.workbench.boxes import direction_of, label_of, state_words
from app.web.workbench.decided import decided
from app.web.workbench.entries import entries_of
from app.web.workbench.overview import INTERFACE, type_words
from app.web.workbench.pages import Aside, Context, Neighbour, Other, Said, Version
from app.web.workbench.plain import is_rich, shown

MOST_NEIGHBOURS = 40
MOST_VERSIONS = 12
MOST_SAID = 3


def context(catalogue: Catalogue, session: Session, unit: Unit, address: Address) -> Context:
    """Say where a text stands, with the ways there."""
    label, icon = type_words(catalogue, unit.owner_type)
    field, _hint = label_of(catalogue, unit)
    if unit.content_type == INTERFACE:
        return Context(label, icon, unit.title, "", unit.note)
    resource = catalogue[unit.owner_type]
    here = f"/{resource.path}/{unit.owner_id}"
    return Context(
        type_label=label,
        icon=icon,
        title=unit.title,
        field=field,
        note=unit.note,
        picture=_picture(session, resource, unit),
        form_url=f"{here}/edit",
        show_url=here if may("show", resource.name) else "",
        preview_url=f"{door}?lang={unit.locale}" if (door := preview_url(resource, here)) else "",
        record_url=Address(address.locale, state=ALL, record=str(unit.owner_id), type=unit.owner_type).url(),
    )


def _picture(session: Session, resource: Resource, unit: Unit) -> str:
    table = resource.model.__table__
    path = session.scalar(
        select(first_picture(resource, table)).select_from(table).where(table.c.id == unit.owner_id)
    )
    return thumbnail_url(path) if path else ""


def aside(catalogue: Catalogue, session: Session, user: Any, here: Sequence[Unit], address: Address) -> Aside:
    """Gather everything."""
    first = here[0]
    resource = catalogue.get(first.owner_type) if first.content_type != INTERFACE else None
    is_talked = resource is not None and may("show", resource.name)
    field, _hint = label_of(catalogue, first)
    return Aside(
        neighbours=_neighbours(catalogue, session, user, first, address) if resource is not None else (),
        others=_others(session, first),
        memory=helping.remembered(session, first),
        terms=helping.terms(first),
        versions=_versions(catalogue, session, here),
        decided=decided(session, here),
        said=_said(session, resource, first, user) if is_talked else (),
        comments_url=f"/{resource.path}/{first.owner_id}/panel?tab=comments"
        if is_talked and resource
        else "",
        comment_field=first.field if resource is not None and _is_of_form(resource, first) else "",
        comment_begin=_begin(first, field),
    )


def _is_of_form(resource: Resource, unit: Unit) -> bool:
    return unit.content_type == resource.name and any(
        item.name == unit.field for item in resource.fields_on(On.FORM)
    )


def _begin(unit: Unit, field: str) -> str:
    """Say with which words a comment on this text begins."""
    return f"[{wording.language(unit.locale, wording.reader())} · {field}] "


def _neighbours(
    catalogue: Catalogue, session: Session, user: Any, unit: Unit, address: Address
) -> tuple[Neighbour, ...]:
    asked = Asked(unit.locale, types=(unit.owner_type,), owner_id=unit.owner_id)
    found = units(session, user, asked, limit=MOST_NEIGHBOURS)
    if len(found) < 2:
        return ()
    return tuple(
        Neighbour(
            label=label_of(catalogue, one)[0],
            source=shown(one, one.source),
            text=shown(one, one.text),
            state=one.state,
            state_text=state_words(one),
            url=address.url(at=str(place_of(one))),
            is_here=one.key == unit.key,
        )
        for one in found
    )


def _others(session: Session, unit: Unit) -> tuple[Other, ...]:
    found = session.scalars(
        select(Translation)
        .where(
            Translation.content_type == unit.content_type,
            Translation.object_id == unit.object_id,
            Translation.field == unit.field,
            Translation.locale != unit.locale,
            Translation.state.in_(SHOWN_STATES),
        )
        .order_by(Translation.locale)
    )
    reader = wording.reader()
    return tuple(
        Other(
            row.locale, wording.language(row.locale, reader), direction_of(row.locale), shown(unit, row.text)
        )
        for row in found
    )


def _said(session: Session, resource: Resource | None, unit: Unit, user: Any) -> tuple[Said, ...]:
    if resource is None:
        return ()
    record = session.get(resource.model, unit.owner_id)
    if record is None:
        return ()
    found = [thread for thread in threads(session, resource, record, user) if not thread.resolved]
    return tuple(
        Said(
            thread.first.author,
            thread.first.when,
            thread.about,
            "".join(text for text, _is in thread.first.parts),
        )
        for thread in found[-MOST_SAID:]
    )


def text_of_version(session: Session, unit: Unit, key: str) -> str | None:
    """Give what a text said after an entry of its history; None where there is no such entry."""
    now = unit.text
    for entry in entries_of(session, unit):
        if str(entry.id) == key:
            return now
        now = (entry.old or {}).get("text", now) if entry.action != "insert" else ""
    return None


def _versions(catalogue: Catalogue, session: Session, here: Sequence[Unit]) -> tuple[Version, ...]:
    """Go back through the history of all forms, the newest first."""
    found = [
        pair
        for unit in here
        for pair in _versions_of(session, unit, label_of(catalogue, unit)[0] if len(here) > 1 else "")
    ]
    found.sort(key=lambda pair: pair[0], reverse=True)
    return tuple(version for _number, version in found[:MOST_VERSIONS])


def _versions_of(session: Session, unit: Unit, form: str) -> Iterator[tuple[int, Version]]:
    """Go back through the history of one text, entry by entry; gives each with the entry's number."""
    now = unit.text
    read = readable if is_rich(unit) else str
    reader = wording.reader()
    for entry in entries_of(session, unit):
        before = (entry.old or {}).get("text", now) if entry.action != "insert" else ""
        pieces = shortened(compare(read(before), read(now))) if before != now else ()
        did = _did(entry)
        if pieces or did:
            yield (
                entry.id,
                Version(
                    id=str(entry.id),
                    field=unit.field,
                    form=form,
                    by=actor_of(entry),
                    when=wording.ago(entry.at, reader),
                    exact=wording.exact(entry.at, reader),
                    did=did,
                    pieces=pieces,
                    text=now,
                    is_now=now == unit.text,
                ),
            )
        now = before


def _did(entry: Any) -> str:
    """Say which state an entry gave the text."""
    if entry.action == "delete":
        return _("Removed")
    state = (entry.new or {}).get("state", "")
    was = (entry.old or {}).get("state", "")
    return state_text(state) if state and state != was else ""


def version_key(text: str) -> str:
    """Read the number of an entry; "" for what is none."""
    return text if text.isascii() and text.isdecimal() and parse_id(text) is None else ""
