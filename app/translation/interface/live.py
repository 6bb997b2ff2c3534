"""The words in force: the catalogues of the files, and over them what the database says, in every process at once."""

from __future__ import annotations

import gettext
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog
from babel.support import Translations
from sqlalchemy import Connection, event, text
from sqlalchemy.orm import Session

from app.kernel.languages import chain
from app.kernel.recent import Recent
from app.kernel.shared import Shared
from app.translation.interface.catalogues import folder, path_of, plurals_for, shipped_path
from app.translation.interface.models import APPBUILDER, CONTENT_TYPE, OURS
from app.translation.interface.plurals import TEXT, Plurals, plurals_of
from app.translation.interface.safety import is_safe
from app.translation.models import Translation

log: Any = structlog.get_logger("festoon.words")
Texts = dict[str, dict[str, str | None]]
"""By gettext's key, then by field; None is a text of the files that is shown no longer."""

_READ = text("""
    SELECT t.locale, m.context, m.msgid, m.msgid_plural, t.field, t.text
    FROM translation t JOIN interface_message m ON m.id = t.object_id
    WHERE t.content_type = 'interface_message' AND t.state IN ('approved', 'stale') AND NOT m.is_obsolete
    UNION ALL
    SELECT l.locale, m.context, m.msgid, m.msgid_plural, f.field, NULL
    FROM interface_message m, jsonb_each(m.in_files) l(locale, texts), jsonb_object_keys(l.texts) f(field)
    WHERE f.field <> 'fuzzy' AND NOT m.is_obsolete AND NOT EXISTS (
        SELECT FROM translation t WHERE t.content_type = 'interface_message' AND t.object_id = m.id
            AND t.locale = l.locale AND t.field = f.field AND t.state IN ('approved', 'stale'))
    ORDER BY 1, 3, 2, 5, 6 DESC NULLS LAST
""")
"""A statement of its own; where two domains have a message, the text that is there goes before the one that is not."""


@dataclass(slots=True)
class Words:
    """What the database says, by language; a language's mark changes with it."""

    marks: dict[str, str] = field(default_factory=dict)
    by_locale: dict[str, Texts] = field(default_factory=dict)


def _load(connection: Connection) -> Words:
    digests: dict[str, Any] = {}
    found: dict[str, Texts] = {}
    for locale, context, msgid, msgid_plural, name, said in connection.execute(_READ):
        digest = digests.setdefault(locale, hashlib.sha256())
        digest.update(f"{context}\0{msgid}\0{name}\0{said}\1".encode())
        if said is not None and not is_safe(msgid, msgid_plural, said):
            log.warning("unsafe text left out", locale=locale, msgid=msgid)
            continue
        texts = found.setdefault(locale, {}).setdefault(_key(context, msgid), {})
        if texts.get(name) is None:
            texts[name] = said
    return Words({locale: digest.hexdigest() for locale, digest in digests.items()}, found)


words: Shared[Words] = Shared("words", tables=("interface_message",), load=_load, otherwise=Words)


@event.listens_for(Session, "after_flush")
def _note_texts(session: Session, *_unused: Any) -> None:
    """Look at which translations are written: most are of records, and change no words."""
    rows = (*session.new, *session.dirty, *session.deleted)
    if any(isinstance(row, Translation) and row.content_type == CONTENT_TYPE for row in rows):
        words.changed(session)


class Voice(Translations):
    """A catalogue of a language; what is made of its sentences is kept by its mark."""

    mark = ""


_voices: Recent[Voice] = Recent(64)


def voice_of(locale: str) -> Voice:
    """Give the catalogue in force in a language, as Babel writes it: pt_BR."""
    known = words.get()
    tag = locale.replace("_", "-")
    steps = chain(tag)
    key = (tag, *((step, known.marks.get(step, "")) for step in steps), str(folder()))
    return _voices.get(key, lambda: _voice(tag, steps, known, _mark(key)))


def _mark(key: tuple[Any, ...]) -> str:
    return hashlib.sha256(repr(key).encode()).hexdigest()[:16]


def _voice(tag: str, steps: tuple[str, ...], known: Words, mark: str) -> Voice:
    plurals = plurals_for(tag)
    texts: Texts = {}
    for step in reversed(steps):
        for layer in (_file(shipped_path(step, "mo"), step), *_ours(step), known.by_locale.get(step, {})):
            for key, said in layer.items():
                texts.setdefault(key, {}).update(said)
    voice = Voice()
    voice.mark = mark
    voice.plural = plurals.index_of  # type: ignore[assignment]  # Babel would have it take fractions, too
    voice._catalog = dict(_entries(texts, plurals))  # noqa: SLF001  # gettext fills it in no other way
    return voice


def _entries(texts: Texts, plurals: Plurals) -> Any:
    for key, said in texts.items():
        if said.get(TEXT):
            yield key, said[TEXT]
        for index, name in enumerate(plurals.forms):
            if said.get(name):
                yield (key, index), said[name]


def _ours(tag: str) -> tuple[Texts, Texts]:
    return _file(path_of(tag, APPBUILDER, "mo"), tag), _file(path_of(tag, OURS, "mo"), tag)


def _file(path: Path | None, tag: str) -> Texts:
    """Read a compiled catalogue; one that is missing or broken says nothing."""
    if path is None or not path.is_file():
        return {}
    try:
        with path.open("rb") as file:
            compiled = gettext.GNUTranslations(file)
    except (OSError, ValueError, UnicodeDecodeError) as error:
        log.warning("catalogue not read", path=path.name, locale=tag, error=str(error)[:200])
        return {}
    forms = _forms_of(compiled.info(), tag)
    texts: Texts = {}
    entries: Mapping[Any, str] = compiled._catalog  # type: ignore[attr-defined]  # noqa: SLF001  # there is no other way
    for key, said in entries.items():
        if isinstance(key, str):
            if key:
                texts.setdefault(key, {})[TEXT] = said
        elif key[1] < len(forms):
            texts.setdefault(key[0], {})[forms[key[1]]] = said
    return texts


def _forms_of(header: Mapping[str, str], tag: str) -> tuple[str, ...]:
    """Name the forms of a compiled catalogue by the rule in its header."""
    parts = dict(
        part.strip().split("=", 1) for part in header.get("plural-forms", "").split(";") if "=" in part
    )
    count = parts.get("nplurals", "").strip()
    return plurals_of(tag, int(count) if count.isdecimal() else 0, parts.get("plural", "").strip()).forms


def _key(context: str, msgid: str) -> str:
    return f"{context}\x04{msgid}" if context else msgid
