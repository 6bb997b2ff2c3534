"""Records as lines: found by a search, pinned, or seen lately; all of them under the row rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import rows as row_rules
from app.access.rights import may
from app.kernel.locales import SOURCE, direction
from app.resources import Catalogue, Resource
from app.surfaces.desk.known import Key, Known, known
from app.surfaces.records import wording
from app.surfaces.search.everywhere import Hit, Hits, search_everywhere
from app.surfaces.search.highlights import Piece, excerpt, is_found_in, marked
from app.translation.models import Translation
from app.web.finding.pages import Line

LONGEST_LINE = 140


def searchable(catalogue: Catalogue) -> list[tuple[Resource, Any]]:
    """List the content types that the reader may look at, each with the condition on its rows, or None."""
    allowed: list[tuple[Resource, Any]] = []
    for resource in catalogue:
        if may("show", resource.name) and resource.model.__table__.c.id.type.python_type is UUID:
            is_limited = row_rules.is_limited(resource.name, current_user, "show")
            rule = row_rules.condition(resource.name, current_user, resource.model, "show")
            allowed.append((resource, rule if is_limited else None))
    return allowed


def find(
    session: Session, catalogue: Catalogue, q: str, size: int, offset: int = 0, only: str = ""
) -> tuple[Hits, tuple[Line, ...]]:
    """Search for a reader and word what was found: three statements, however much it is."""
    locale = wording.reader()
    hits = search_everywhere(
        session.connection(), q, searchable(catalogue), locale.replace("_", "-"), size, offset, only
    )
    keys = [(hit.content_type, str(hit.id)) for hit in hits.hits]
    records = known(session, catalogue, keys, with_text=True)
    texts = _foreign_texts(session, [hit for hit in hits.hits if _is_foreign(hit, locale)])
    lines = []
    for hit, key in zip(hits.hits, keys, strict=True):
        if (record := records.get(key)) is not None:
            lines.append(_found(record, hit, q, locale, texts.get((hit.id, hit.locale), {})))
    return hits, tuple(lines)


def lines_of(session: Session, catalogue: Catalogue, keys: Iterable[Key]) -> tuple[Line, ...]:
    """Word records in the given order; who is gone or hidden is left out."""
    wanted = list(keys)
    records = known(session, catalogue, wanted)
    return tuple(line_of(records[key], ((records[key].title, False),)) for key in wanted if key in records)


def line_of(record: Known, title: tuple[Piece, ...], **more: Any) -> Line:
    """Word a record."""
    return Line(
        of=f"{record.resource.name}/{record.id}",
        url=record.url,
        icon=record.resource.icon,
        aside=_capital(str(record.resource.singular)),
        title=title,
        picture=record.picture,
        status=record.status,
        **more,
    )


def _found(record: Known, hit: Hit, q: str, locale: str, texts: Mapping[str, str]) -> Line:
    title = marked(record.title, q)
    is_in_title = any(is_hit for _piece, is_hit in title)
    if texts and not is_in_title:
        found = texts.get(record.resource.title, "")
        if not is_found_in(found, q):
            found = next((excerpt(text, q) for text in texts.values() if is_found_in(text, q)), found)
        if found:
            language = wording.language(hit.locale, locale)
            foreign = (language, hit.locale, direction(hit.locale), marked(_cut(found), q))
            return line_of(record, title, foreign=foreign)
    others = () if is_in_title else record.text.split("\n")[1:]
    around = next((cut for text in others if (cut := excerpt(text, q))), "")
    return line_of(record, title, excerpt=marked(around, q) if around else (), about=record.about)


def _is_foreign(hit: Hit, locale: str) -> bool:
    return hit.locale != SOURCE and hit.locale != locale.replace("_", "-")


def _foreign_texts(session: Session, hits: Sequence[Hit]) -> dict[tuple[UUID, str], dict[str, str]]:
    """Read the translations in which something was found: field -> text, by record and language."""
    if not hits:
        return {}
    table: Any = Translation.__table__
    rows = session.execute(
        select(table.c.object_id, table.c.locale, table.c.field, table.c.text).where(
            table.c.object_id.in_([hit.id for hit in hits]),
            table.c.locale.in_({hit.locale for hit in hits}),
            table.c.is_live,
        )
    )
    found: dict[tuple[UUID, str], dict[str, str]] = {}
    for row in rows:
        found.setdefault((row.object_id, row.locale), {})[row.field] = row.text
    return found


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_LINE else text[: LONGEST_LINE - 1].rstrip() + "…"
