"""What a machine must leave as it is stands behind numbered marks, and comes back in its place or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.translation.checks.addresses import urls
from app.translation.checks.markup import tags_of
from app.translation.checks.placeholders import marks_of

_BRACKETS = ("⟦⟧", "⟪⟫", "⦃⦄", "⧼⧽")
"""Tried in order: those that the source does not have itself are used."""


@dataclass(frozen=True, slots=True)
class Guarded:
    """A source with marks such as ⟦1⟧ in place of its `pieces`."""

    text: str
    pieces: tuple[str, ...]
    brackets: str
    before: str
    after: str
    """The white space around it."""

    @property
    def says_something(self) -> bool:
        """Tell whether there is a word to translate beside the marks."""
        return any(sign.isalpha() for sign in _mark(self.brackets).sub("", self.text))

    def restore(self, answer: str) -> str | None:
        """Put the pieces back; None where a mark is lost, stands twice or was made up."""
        found: list[int] = []

        def put_back(mark: re.Match[str]) -> str:
            number = int(mark[1])
            found.append(number)
            return self.pieces[number - 1] if 0 < number <= len(self.pieces) else ""

        said = _mark(self.brackets).sub(put_back, answer.strip())
        if sorted(found) != list(range(1, len(self.pieces) + 1)):
            return None
        if any(sign in said for sign in self.brackets):
            return None  # half a mark
        return f"{self.before}{said}{self.after}"


def guard(source: str, *, is_interface: bool = False, keep: Iterable[tuple[int, int]] = ()) -> Guarded:
    """Hide placeholders, tags, addresses and the spans of terms that are not translated."""
    brackets = next((pair for pair in _BRACKETS if not any(sign in source for sign in pair)), "")
    whole = source.strip()
    before, _whole, after = source.partition(whole) if whole else ("", "", source)
    shift = len(before)
    pieces: list[str] = []
    parts: list[str] = []
    at = 0
    spans = _places(whole, is_interface, [(begin - shift, end - shift) for begin, end in keep])
    for begin, end in spans if brackets else ():
        pieces.append(whole[begin:end])
        parts += [whole[at:begin], f"{brackets[0]}{len(pieces)}{brackets[1]}"]
        at = end
    parts.append(whole[at:])
    return Guarded("".join(parts), tuple(pieces), brackets or _BRACKETS[0], before, after)


def _places(source: str, is_interface: bool, keep: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Give the spans that are hidden, one after the other: the longer of two that meet."""
    found = [tag.span for tag in tags_of(source)]
    found += [(begin, end) for begin, end, _url in urls(source)]
    found += [mark.span for mark in marks_of(source, is_interface)]
    found += [span for span in keep if 0 <= span[0] < span[1] <= len(source)]
    chosen: list[tuple[int, int]] = []
    for span in sorted(set(found), key=lambda span: (span[0] - span[1], span)):
        if not any(span[0] < end and begin < span[1] for begin, end in chosen):
            chosen.append(span)
    return iter(sorted(chosen))


def _mark(brackets: str) -> re.Pattern[str]:
    return re.compile(rf"{brackets[0]}\s*(\d{{1,4}})\s*{brackets[1]}")
