"""A small set of catalogues in a folder of their own, written as `make messages` writes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polib
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.translation.interface.models import InterfaceMessage
from app.translation.models import Translation, TranslationSuggestion

WRITTEN = datetime(2026, 11, 21, 6, tzinfo=UTC)
Said = str | Sequence[str] | None
MESSAGES: Mapping[str, dict[str, Said]] = {
    "Bake": {"de": "Backen", "ar": "اخبز"},
    "Greet %(name)s": {"de": "%(name)s grüßen", "ar": "حيِّ %(name)s"},
    "month|May": {"de": "Mai", "ar": "مايو"},
    "verb|May": {"de": "Darf", "ar": None},
    "%(num)d cake|%(num)d cakes": {
        "de": ("%(num)d Kuchen", "%(num)d Kuchen insgesamt"),
        "ar": ("لا كعك", "كعكة", "كعكتان", "%(num)d كعكات", "%(num)d كعكة كاملة", "%(num)d كعكة"),
    },
}
"""By "context|msgid", or "msgid|plural" for who counts."""


def parts_of(name: str) -> tuple[Any, str | None]:
    """Read a message's name: (its id, its context)."""
    if "%(num)d" in name:
        one, _sign, many = name.partition("|")
        return (one, many), None
    context, _sign, msgid = name.rpartition("|")
    return msgid, context or None


def write_folder(folder: Path, locales: Sequence[str] = ("en", "de", "ar")) -> Path:
    """Write the catalogues, and compile them."""
    for locale in locales:
        catalogue = Catalog(
            locale=locale, project="Festoon", version="1", header_comment="#", fuzzy=False,
            creation_date=WRITTEN, revision_date=WRITTEN,
            last_translator="The Festoon authors", language_team=locale,
        )  # fmt: skip
        for name in sorted(MESSAGES, key=lambda name: str(parts_of(name))):
            msgid, context = parts_of(name)
            catalogue.add(msgid, MESSAGES[name].get(locale), context=context)
        compile_into(folder, locale, catalogue)
    return folder


def compile_into(folder: Path, locale: str, catalogue: Catalog) -> None:
    path = po_path(folder, locale)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=100, sort_output=True)
    with path.open("rb") as file:
        settled = read_po(file, locale=locale)
    with path.open("wb") as file:
        write_po(file, settled, width=100)
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, settled)


def po_path(folder: Path, locale: str, name: str = "messages") -> Path:
    return folder / locale / "LC_MESSAGES" / f"{name}.po"


def contents(folder: Path) -> dict[str, bytes]:
    """Read every file of a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@contextmanager
def speaking_from(app: Flask, folder: Path) -> Iterator[Path]:
    """Let a program have its catalogues in a folder while the block runs."""
    name = "BABEL_TRANSLATION_DIRECTORIES"
    before = app.config[name]
    app.config[name] = str(folder)
    try:
        yield folder
    finally:
        app.config[name] = before


def edit_by_hand(folder: Path, locale: str, msgid: str, text: str, *, fuzzy: bool = False) -> None:
    """Change a text of a file as a translator's editor does."""
    path = po_path(folder, locale)
    file = polib.pofile(str(path))
    entry = file.find(msgid)
    assert entry is not None
    entry.msgstr = text
    entry.flags = [flag for flag in entry.flags if flag != "fuzzy"] + (["fuzzy"] if fuzzy else [])
    file.save()


def message(session: Session, msgid: str, context: str = "") -> InterfaceMessage:
    return session.scalars(
        select(InterfaceMessage).where(InterfaceMessage.msgid == msgid, InterfaceMessage.context == context),
        execution_options={"populate_existing": True},
    ).one()


def text_of(
    session: Session, msgid: str, locale: str, field: str = "text", context: str = ""
) -> Translation | None:
    return session.scalars(
        select(Translation).where(
            Translation.object_id == message(session, msgid, context).id,
            Translation.locale == locale,
            Translation.field == field,
        ),
        execution_options={"populate_existing": True},
    ).one_or_none()


def suggestions_of(session: Session, row: Translation) -> list[TranslationSuggestion]:
    found = select(TranslationSuggestion).where(TranslationSuggestion.translation_id == row.id)
    return list(session.scalars(found))
