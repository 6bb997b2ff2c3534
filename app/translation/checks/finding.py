"""What a check found, and what it looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

ERROR, WARNING = "error", "warning"
CONTENT, INTERFACE = "content", "interface"
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong with a text, or may be.

    `span` is its place in the text, `fix` the whole text put right. One that `asks` has to be acknowledged:
    it may be meant, and nobody but the translator knows. `key` names it from one look to the next.
    """

    code: str
    severity: str
    sentence: Any
    span: Span | None = None
    fix: str | None = None
    detail: str = ""
    asks: bool = False

    @property
    def key(self) -> str:
        """Name the finding, so that an answer to it holds while the text is typed on."""
        return f"{self.code}:{self.detail}"

    @property
    def is_error(self) -> bool:
        """Tell whether the text cannot be taken so."""
        return self.severity == ERROR


@dataclass(frozen=True)
class Look:
    """A text beside its source, in the ways in which checks look at both."""

    source: str
    text: str
    locale: str
    kind: str = CONTENT
    is_html: bool = False
    max_length: int = 0
    plural: str | None = None
    siblings: Mapping[str, str] | None = None
    source_forms: Sequence[str] = ()
    terms: Sequence[Any] = field(default=())

    @property
    def is_interface(self) -> bool:
        """Tell whether the program puts values into it."""
        return self.kind == INTERFACE

    @cached_property
    def language(self) -> str:
        """Give the language without region and script."""
        return self.locale.replace("_", "-").split("-")[0].lower()

    @cached_property
    def bare_source(self) -> str:
        """Give the source with signs that are no words in the places of tags, addresses and placeholders."""
        from app.translation.checks.bare import bare

        return bare(self.source, self.source, self.is_interface)

    @cached_property
    def bare_text(self) -> str:
        """Give the text in the same way."""
        from app.translation.checks.bare import bare

        return bare(self.text, self.source, self.is_interface)

    def replaced(self, span: Span, by: str) -> str:
        """Give the text with another stretch in the place of one."""
        return self.text[: span[0]] + by + self.text[span[1] :]
