"""The catalogues on the disk: where each lies, and what its messages say, form by form."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, read_po
from flask import current_app, has_app_context

from app.kernel.errors import Conflict
from app.kernel.languages import content_locales
from app.kernel.locales import SOURCE, parse_locale
from app.kernel.settings import ROOT
from app.translation.interface.models import APPBUILDER, OURS
from app.translation.interface.plurals import TEXT, Plurals, plurals_of

NAMES = {OURS: "messages", APPBUILDER: APPBUILDER}
"""How a domain's files are called."""


class Unreadable(Conflict):
    """A catalogue that is none."""

    code = "unreadable_catalogue"


@dataclass(slots=True)
class Sentence:
    """A message of a catalogue; `texts` are by field: its one text, or one for each plural category."""

    domain: str
    context: str
    msgid: str
    msgid_plural: str = ""
    texts: dict[str, str] = field(default_factory=dict)
    is_fuzzy: bool = False
    is_obsolete: bool = False
    flags: str = ""
    comment: str = ""
    where_used: str = ""

    @property
    def mark(self) -> str:
        """Give the fingerprint by which it is found again."""
        return mark_of(self.domain, self.context, self.msgid)


def mark_of(domain: str, context: str, msgid: str) -> str:
    """Fingerprint what tells a message from all others: the same word in two contexts is two messages."""
    return hashlib.sha256(f"{domain}\0{context}\0{msgid}".encode()).hexdigest()


def folder() -> Path:
    """Give the folder of the catalogues."""
    named = current_app.config.get("BABEL_TRANSLATION_DIRECTORIES", "") if has_app_context() else ""
    return Path(named) if named else ROOT / "translations"


def folder_of(tag: str) -> str:
    """Name a language's folder as gettext does: pt_BR."""
    locale = parse_locale(tag)
    return str(locale) if locale else tag.replace("-", "_")


def path_of(tag: str, domain: str, ending: str = "po") -> Path:
    """Give the path of a catalogue."""
    return folder() / folder_of(tag) / "LC_MESSAGES" / f"{NAMES[domain]}.{ending}"


def shipped_path(tag: str, ending: str = "po") -> Path | None:
    """Find Flask-AppBuilder's own catalogue of a language, which it may have for a country only."""
    home = appbuilder_home() / "translations"
    locale = parse_locale(tag)
    if locale is None:
        return None
    names = [str(locale), locale.language]
    names += [path.name for path in sorted(home.glob(f"{locale.language}_*"))][:1]
    paths = (home / name / "LC_MESSAGES" / f"messages.{ending}" for name in names)
    return next((path for path in paths if path.is_file()), None)


@lru_cache(maxsize=1)
def appbuilder_home() -> Path:
    """Find where Flask-AppBuilder is installed."""
    spec = find_spec(APPBUILDER)
    return Path(spec.origin).parent if spec and spec.origin else Path()


def locales_with_files() -> tuple[str, ...]:
    """List the languages whose texts are read and written: those translated into, the source language first."""
    return (SOURCE, *content_locales())


def fingerprint() -> str:
    """Fingerprint all that `read` would read: a start looks at nothing more when it is the same."""
    digest = hashlib.sha256(version("flask-appbuilder").encode())
    for tag in locales_with_files():
        for domain in NAMES:
            path = path_of(tag, domain)
            digest.update(f"\0{tag}\0{domain}\0".encode())
            if path.is_file():
                digest.update(path.read_bytes())
    return digest.hexdigest()


def open_catalogue(path: Path, tag: str) -> Catalog:
    """Read a .po file. Raises Unreadable, naming the line."""
    try:
        with path.open("rb") as file:
            return read_po(file, locale=str(parse_locale(tag)), abort_invalid=True)
    except PoFileError as error:
        raise Unreadable(f"{path.name} ({tag}), line {error.lineno}: {error}") from error
    except (OSError, ValueError, LookupError, IndexError, AttributeError) as error:
        raise Unreadable(f"{path.name} ({tag}): {error}") from error


def plurals_in(catalogue: Catalog, tag: str) -> Plurals:
    """Give the plurals that a catalogue's header tells of."""
    return plurals_of(tag, catalogue.num_plurals, catalogue.plural_expr)


def plurals_for(tag: str) -> Plurals:
    """Give the plurals of a language's catalogue, or of the language where there is no file."""
    path = path_of(tag, OURS)
    try:
        return _plurals_at(path, path.stat().st_mtime_ns, tag)
    except OSError:
        return plurals_of(tag)


@lru_cache(maxsize=64)
def _plurals_at(path: Path, _at: int, tag: str) -> Plurals:
    with path.open("rb") as file:
        head: list[bytes] = []
        for line in file:
            if not line.strip() and head:
                break
            head.append(line)
    try:
        return plurals_in(read_po(head, locale=str(parse_locale(tag))), tag)
    except (PoFileError, ValueError):
        return plurals_of(tag)


def sentences(catalogue: Catalog, tag: str, domain: str) -> Iterator[Sentence]:
    """Give what a catalogue says, the obsolete last."""
    plurals = plurals_in(catalogue, tag)
    for message in catalogue:
        if message.id:
            yield _sentence(message, domain, plurals)
    for message in catalogue.obsolete.values():
        found = _sentence(message, domain, plurals)
        found.is_obsolete = True
        yield found


def _sentence(message: Message, domain: str, plurals: Plurals) -> Sentence:
    is_plural = isinstance(message.id, (list, tuple))
    msgid, msgid_plural = (message.id[0], message.id[1]) if is_plural else (message.id, "")
    strings: Any = message.string if isinstance(message.string, (list, tuple)) else (message.string,)
    names = plurals.forms if is_plural else (TEXT,)
    texts = {name: text or "" for name, text in zip(names, strings, strict=False)}
    return Sentence(
        domain,
        message.context or "",
        str(msgid),
        str(msgid_plural),
        texts,
        is_fuzzy=message.fuzzy,
        flags=", ".join(sorted(set(message.flags) - {"fuzzy"})),
        comment="\n".join(message.auto_comments),
    )


def is_writable() -> bool:
    """Tell whether every catalogue can be written where it lies."""
    home = folder()
    if not os.access(home, os.W_OK | os.X_OK):
        return False
    places = (path_of(tag, OURS).parent for tag in locales_with_files())
    return all(os.access(place, os.W_OK | os.X_OK) for place in places if place.exists())
