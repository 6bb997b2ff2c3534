"""What staff see of the languages, and the rules by which they are added, changed and removed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import Connection, event, func, inspect, select
from sqlalchemy.orm import Session, object_session

from app.kernel.errors import Conflict, Invalid
from app.kernel.languages import Language
from app.kernel.locales import SOURCE, canonical
from app.resources import Field, Kind, On, Option, Resource
from app.translation.models import Translation

DIRECTIONS = (Option("ltr", _l("Left to right")), Option("rtl", _l("Right to left")))
IS_SOURCE = _l("The texts themselves are written in this language: it stays switched on and has no fallback.")
_SWITCHES = ("is_enabled", "is_public", "is_interface")


def _tag_stays(_row: Language) -> Any:
    return _l("A language keeps its tag, for its texts hang on it.")


def _source_stays(row: Language) -> Any:
    return IS_SOURCE if row.tag == SOURCE else ""


def _why_it_stays(connection: Connection, row: Language) -> Any:
    """Say why a language cannot be deleted; nothing where it may be."""
    if row.tag == SOURCE:
        return IS_SOURCE
    table: Any = Translation.__table__
    count = connection.scalar(select(func.count()).where(table.c.locale == row.tag)) or 0
    if not count:
        return ""
    return ngettext(
        "There is %(num)s text in this language. Switch it off instead: that keeps it.",
        "There are %(num)s texts in this language. Switch it off instead: that keeps them.",
        count,
    )


def _stays(row: Language) -> Any:
    session = object_session(row)
    return _why_it_stays(session.connection(), row) if session is not None else ""


languages = Resource(
    Language,
    _l("Languages"),
    _l("language"),
    menu=_l("Catalog"),
    icon="world",
    path="languages",
    order="position,name",
    board="-",
    calendar="-",
    public="languages",
    public_when=lambda model: model.is_enabled & model.is_public,
    stays=_stays,
    fields=(
        Field("name", On.LIST | On.API | On.PUBLIC, _l("Name")),
        Field(
            "tag",
            On.LIST | On.FORM | On.API | On.PUBLIC,
            _l("Tag"),
            kind=Kind.TEXT,
            help=_l("As BCP 47 has it: fr, pt-BR or zh-Hant."),
            locked=_tag_stays,
        ),
        Field(
            "direction",
            On.LIST | On.API | On.PUBLIC,
            _l("Direction"),
            kind=Kind.CHOICE,
            options=DIRECTIONS,
        ),
        Field(
            "fallback_id",
            On.LIST | On.FORM | On.API,
            _l("Falls back to"),
            help=_l("Where a text is missing it is looked for there, and then in the site's own language."),
            locked=_source_stays,
        ),
        Field("position", On.FORM | On.API, _l("Place in lists")),
        Field(
            "is_enabled",
            On.LIST | On.FORM | On.FILTER | On.API,
            _l("Switched on"),
            help=_l("Switched off it is skipped everywhere. Its texts are kept."),
        ),
        Field("is_public", On.LIST | On.FORM | On.FILTER | On.API, _l("Public")),
        Field(
            "is_interface",
            On.LIST | On.FORM | On.FILTER | On.API,
            _l("For the screens"),
            help=_l("The staff's screens are offered in it. What is not translated is in English."),
        ),
        Field(
            "four_eyes",
            On.FORM | On.FILTER | On.API,
            _l("Four eyes"),
            help=_l("Nobody approves what they wrote themselves."),
        ),
        Field(
            "is_gated",
            On.FORM | On.FILTER | On.API,
            _l("Only what is approved"),
            help=_l("A record is public in it once its texts are approved and somebody has published it."),
        ),
        Field(
            "publishes_itself",
            On.FORM | On.FILTER | On.API,
            _l("Publish by itself"),
            help=_l(
                "Where only what is approved is public: a record is, once the last of its texts is approved."
            ),
        ),
        Field(
            "glossary_blocks",
            On.FORM | On.FILTER | On.API,
            _l("Hold to the glossary"),
            help=_l("A text against the glossary is refused, not only warned of."),
        ),
    ),
)

RESOURCES = (languages,)


@event.listens_for(Language, "before_insert")
@event.listens_for(Language, "before_update")
def _check(_mapper: Any, _connection: Connection, row: Language) -> None:
    """Refuse a tag that names no language, a loop, and a source language that is not there."""
    if canonical(row.tag) is None:
        raise Invalid(
            {"tag": [_l("There is no language %(tag)s. Give a tag such as fr or pt-BR.", tag=row.tag)]}
        )
    if row.tag == SOURCE:
        _check_source(row)
    elif row.fallback_id is not None and inspect(row).attrs.fallback_id.history.has_changes():
        _check_loop(row)


def _check_source(row: Language) -> None:
    wrong = [name for name in _SWITCHES if getattr(row, name) is False]
    wrong += ["fallback_id"] if row.fallback_id is not None else []
    if wrong:
        raise Invalid({name: [IS_SOURCE] for name in wrong})


def _check_loop(row: Language) -> None:
    session = object_session(row)
    tags = [found.tag for found in _on_the_way(session, row)] if session is not None else []
    if tags[-1:] == [row.tag] and len(tags) > 1:
        loop = " → ".join(tags)
        raise Invalid({"fallback_id": [_l("The fallback would go round in a circle: %(loop)s.", loop=loop)]})


def _on_the_way(session: Session, row: Language) -> Iterator[Language]:
    """Go from fallback to fallback; ends with the language itself where that is a loop."""
    by_key: dict[Any, Language] = {found.id: found for found in session.scalars(select(Language))}
    passed: set[Any] = set()
    step: Language | None = row
    while step is not None:
        yield step
        if step.id in passed:
            return
        passed.add(step.id)
        after = step.fallback_id
        step = None if after is None else row if after == row.id else by_key.get(after)


@event.listens_for(Language, "before_delete")
def _keep_texts(_mapper: Any, connection: Connection, row: Language) -> None:
    """Refuse to delete a language that holds texts: switched off, it keeps them."""
    if sentence := _why_it_stays(connection, row):
        raise Conflict(sentence)
