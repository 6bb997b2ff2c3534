"""What the checks find in the text of a place, and which of it keeps it from being saved."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.kernel.errors import Invalid
from app.surfaces.texts.places import Place
from app.translation.checked import check_text
from app.translation.checks import Finding, blocking
from app.translation.glossary import hits

TERMS = "glossary_term"


class Refused(Invalid):
    """The checks do not let a text pass; `findings` say why."""

    def __init__(self, field: str, findings: Collection[Finding]) -> None:
        super().__init__({field: [finding.sentence for finding in findings]})
        self.findings = tuple(findings)


def look(
    session: Session,
    place: Place,
    source: str,
    text: str,
    forms: Mapping[str, tuple[str, str]] | None = None,
) -> tuple[Finding, ...]:
    """List what the checks find. `forms` are the source and the text of every form of a sentence with a plural."""
    terms = terms_of(session, place, source, text)
    return check_text(place.content_type, place.field, place.locale, source, text, forms=forms, terms=terms)


def terms_of(session: Session, place: Place, source: str, text: str = "") -> tuple[Any, ...]:
    """List the words of the glossary in a source, and those in its text that are not to be used."""
    own = place.key if place.content_type == TERMS else None
    return hits(session, source, place.locale, text, besides=own)


def must_pass(findings: Collection[Finding], place: Place, meant: Collection[str]) -> None:
    """Refuse a text with errors, or with questions that nobody has answered. Raises Refused."""
    if refused := blocking(findings, meant):
        raise Refused(place.field, refused)
