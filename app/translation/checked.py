"""What the checks find in a text by where it stands: the rules of its field are those of its source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.resources import Kind
from app.translation.checks import CONTENT, INTERFACE, Finding, categories, check
from app.translation.interface.models import CONTENT_TYPE
from app.translation.interface.safety import unsafe_text
from app.translation.sources import SOURCES


def check_text(
    content_type: str,
    field: str,
    locale: str,
    source: str,
    text: str,
    *,
    forms: Mapping[str, tuple[str, str]] | None = None,
    terms: Sequence[Any] = (),
) -> tuple[Finding, ...]:
    """Look a text over beside a source.

    `forms` are the source and the text of every form of a sentence with a plural, `terms` the glossary's words in it.
    """
    declared = SOURCES.get((content_type, field))
    is_interface = content_type == CONTENT_TYPE
    is_form = is_interface and field in categories(locale)
    told = forms or {}
    found = check(
        source,
        text,
        locale,
        kind=INTERFACE if is_interface else CONTENT,
        is_html=declared is not None and declared.kind is Kind.RICH_TEXT,
        max_length=declared.max_length if declared is not None else 0,
        plural=field if is_form else None,
        siblings={name: said for name, (_source, said) in told.items()} if told and is_form else None,
        source_forms=_source_forms(told) if is_form else (),
        terms=tuple(terms),
    )
    if is_interface and not any(finding.is_error for finding in found):
        unsafe = unsafe_text(_source_forms(told) or (source,), text)
        return (unsafe, *found) if unsafe is not None else found
    return found


def _source_forms(forms: Mapping[str, tuple[str, str]]) -> tuple[str, ...]:
    """Give the sentence for one and for many."""
    sources = {name: source for name, (source, _said) in forms.items()}
    many = next((source for name, source in sources.items() if name != "one"), "")
    return tuple(source for source in (sources.get("one", many), many) if source)
