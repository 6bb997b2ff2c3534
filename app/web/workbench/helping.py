"""What the checks, the glossary and the memory say of a text, worded for its page."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from flask_babel import format_percent
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.kernel.db import db
from app.kernel.diffing import shortened
from app.surfaces.texts.checking import look, terms_of
from app.surfaces.texts.places import place_of
from app.translation.memory import Match, suggest
from app.translation.units import Unit
from app.web.workbench.pages import Finding, Remembered, Term
from app.web.workbench.plain import shown, words_of_type


def findings(
    here: Sequence[Unit], unit: Unit, texts: Mapping[str, str], meant: Collection[str] = ()
) -> tuple[Finding, ...]:
    """Say what the checks find in a text; `texts` hold what all forms of the place say now."""
    forms = {one.field: (one.source, texts.get(one.field, one.text)) for one in here}
    found = look(db.session(), place_of(unit), unit.source, texts.get(unit.field, unit.text), forms)
    return tuple(
        Finding(
            level=one.severity,
            text=str(one.sentence),
            fix=one.fix or "",
            asks=one.asks,
            key=one.key,
            is_meant=one.key in meant,
        )
        for one in found
    )


def spans(unit: Unit) -> tuple[tuple[int, int, str], ...]:
    """Find the words of the glossary in a source: (from, to, what is said of it)."""
    found = terms_of(db.session(), place_of(unit), unit.source)
    return tuple((*one.span, _title(one)) for one in found)


def terms(unit: Unit) -> tuple[Term, ...]:
    """List the words of the glossary that stand in a source, each once."""
    found = terms_of(db.session(), place_of(unit), unit.source)
    each = {one.term: one for one in reversed(found)}
    return tuple(
        Term(one.term, one.wanted, one.note, one.rule, _rule(one)) for one in reversed(list(each.values()))
    )


def _rule(hit: Any) -> str:
    if hit.rule == "keep":
        return _("stays as it is")
    if hit.rule == "forbid":
        return _("not to be used")
    return "" if hit.wanted else _("not translated yet")


def _title(hit: Any) -> str:
    words = hit.wanted if hit.rule == "translate" and hit.wanted else _rule(hit)
    return " · ".join(part for part in (words, hit.note) if part)


def _where(match: Match) -> str:
    """Say of what an offer is, where that is not the same."""
    if match.is_other_form:
        return _("Form “%(name)s”", name=match.field)
    return "" if match.is_same_context else words_of_type(match.content_type)


def remembered(session: Session, unit: Unit) -> tuple[Remembered, ...]:
    """List what memory offers for a source; what is there already is no offer."""
    found = suggest(session, unit.source, unit.locale, unit.content_type, unit.field)
    return tuple(
        Remembered(
            text=one.text,
            percent=format_percent(one.percent / 100),
            pieces=shortened(one.pieces) if any(piece.sign for piece in one.pieces) else (),
            where=_where(one),
            is_exact=one.percent == 100,
            shown=shown(unit, one.text),
        )
        for one in found
        if one.text != unit.text
    )
