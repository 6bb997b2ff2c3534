"""A language in which every sentence of the catalogue stands between ⟦ and ⟧, and data says so by itself."""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import babel.dates
import babel.lists
import babel.numbers
import flask_babel
import polib
import pytest
from babel import Locale
from sqlalchemy import String, Text, cast, func, text, update
from sqlalchemy.orm import Session

from app.kernel.db import metadata
from app.resources import Catalogue
from app.resources.declaration import WRITTEN
from tests.crawl.copies import keys_of
from tests.rules.test_catalogues import messages

DATA = "zq"
"""Every word of the records holds it."""
INITIALS = "ZZ"
"""Of a person whose name is of two such words."""
WRITTEN_BY_PEOPLE = {
    "text",
    "name",
    "title",
    "alt",
    "message",
    "note",
    "reason",
    "subject",
    "author_name",
    "visitor_name",
    "last_excerpt",
    "about",
    "credit",
    "label",
    "first_name",
    "last_name",
    "suspended_because",
    "user_agent",
    "place",
    "body",
}
KEPT = {"ab_role", "ab_permission", "ab_view_menu", "role_definition"}
"""Tables whose names the program itself knows."""
WRAPPED = re.compile(r"⟦[^⟦⟧]*⟧")
WORD = re.compile(r"[^\W\d_]{2,}")
_DATED = (
    "format_date",
    "format_datetime",
    "format_time",
    "format_timedelta",
    "format_interval",
    "format_skeleton",
    "get_day_names",
    "get_month_names",
)


def write_catalogue(folder: Path) -> None:
    """Write a catalogue of English in which every sentence of the program is marked."""
    written = polib.MOFile()
    written.metadata = {
        "Content-Type": "text/plain; charset=utf-8",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    for one, many in messages():
        entry = polib.POEntry(msgid=one, msgstr=f"⟦{one}⟧")
        if many:
            forms = {0: f"⟦{one}⟧", 1: f"⟦{many}⟧"}
            entry = polib.POEntry(msgid=one, msgid_plural=many, msgstr_plural=forms)
        written.append(entry)
    target = folder / "en" / "LC_MESSAGES"
    target.mkdir(parents=True)
    written.save(str(target / "messages.mo"))


def mark_dates(patch: pytest.MonkeyPatch) -> None:
    """Let Babel, which words dates and countries by itself, mark its words too, wherever it is imported."""
    for module in (babel.dates, babel.lists, flask_babel):
        for name in (*_DATED, "format_list"):
            if original := getattr(module, name, None):
                marked = _marking(original)
                for other in list(sys.modules.values()):
                    if (
                        getattr(other, "__name__", "").startswith("app.")
                        and vars(other).get(name) is original
                    ):
                        patch.setattr(other, name, marked)
    for name in ("territories", "languages", "currencies"):
        names: Any = getattr(Locale, name)
        marked_names = property(
            lambda self, names=names: {k: f"⟦{v}⟧" for k, v in names.__get__(self).items()}
        )
        patch.setattr(Locale, name, marked_names)
    original_name = Locale.get_display_name
    patch.setattr(
        Locale, "get_display_name", lambda self, *args, **more: f"⟦{original_name(self, *args, **more)}⟧"
    )


def _marking(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def marked(*args: Any, **more: Any) -> Any:
        made = original(*args, **more)
        return f"⟦{made}⟧" if isinstance(made, str) else {key: f"⟦{name}⟧" for key, name in made.items()}

    return marked


def forget_words() -> None:
    """Empty what the program remembers of its own wording: it is of another language now."""
    for module in list(sys.modules.values()):
        if getattr(module, "__name__", "").startswith("app."):
            for found in list(vars(module).values()):
                if hasattr(type(found), "cache_clear"):
                    found.cache_clear()


def mark_data(session: Session, catalogue: Catalogue) -> None:
    """Write `zq` for every word of every text that people wrote; the history begins anew."""
    session.execute(text("SET LOCAL session_replication_role = replica"))
    declared = {
        (resource.name, field.name)
        for resource in catalogue
        for field in resource.fields
        if field.is_stored and field.kind in WRITTEN
    }
    for table in metadata.sorted_tables:
        apart = {column.name for group in keys_of(table) for column in group} - {"name", "term"}
        found = {
            column.name: _marked(column)
            for column in table.c
            if type(column.type) in (String, Text)
            and column.name not in apart
            and column.computed is None
            and column.name != "locale"
            and (
                (table.name, column.name) in declared
                or (column.name in WRITTEN_BY_PEOPLE and table.name not in KEPT)
            )
        }
        if found:
            session.execute(update(table).values(found))
        if "slug" in table.c:  # an address of one word looks like a word
            session.execute(text(f"UPDATE {table.name} SET slug = slug || '-x' WHERE slug !~ '-'"))
    session.execute(text("UPDATE asset SET tags = array_fill(CAST(:word AS text), ARRAY[1])"), {"word": DATA})
    client = "jsonb_build_object('client_name', CAST(:word AS text))"  # of which columns are computed
    session.execute(text(f"UPDATE booking_series SET facts = facts || {client}"), {"word": DATA})
    pages = "SELECT coalesce(jsonb_agg(page || jsonb_build_object('title', CAST(:word AS text))), '[]')"
    pages = f"{pages} FROM jsonb_array_elements(pages) page"  # of the row that is updated
    session.execute(text(f"UPDATE visitor_session SET pages = ({pages})"), {"word": DATA})
    for statement in ("DISABLE TRIGGER ALL", "ENABLE TRIGGER ALL"):
        session.execute(text(f"ALTER TABLE audit_entry {statement}"))
        if statement.startswith("DISABLE"):
            session.execute(text("TRUNCATE audit_entry"))
    session.execute(text("SET LOCAL session_replication_role = origin"))


def _marked(column: Any) -> Any:
    marked = func.regexp_replace(column, "[[:alpha:]]+", DATA, "g")
    if column.name not in ("name", "term") or "id" not in column.table.c:
        return marked
    return func.concat(func.left(marked, 100), " ", func.hashtext(cast(column.table.c.id, Text)))


def bare_words(told: str) -> list[str]:
    """List the words of a text that no catalogue gave and no record holds."""
    before = None
    while before != told:
        before, told = told, WRAPPED.sub(" ", told)
    return [word for word in WORD.findall(told) if DATA not in word.lower() and word != INITIALS]
