"""Tags: those of the source, closed in the order in which they were opened."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from app.resources import rich_text
from app.translation.checks import sentences
from app.translation.checks.finding import ERROR, WARNING, Finding, Look, Span

_TAG = re.compile(
    r"""<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,30})((?:[^<>"']|"[^"]{0,2000}"|'[^']{0,2000}'){0,1000}+)>"""
)
_ATTRIBUTE = re.compile(r"""([a-zA-Z_:][\w:.-]{0,60})(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+))?""")
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
_HTML = _VOID | frozenset(
    "a abbr address article aside b bdi bdo big blockquote body button caption center cite code data dd del"
    " details dfn div dl dt em fieldset figcaption figure font footer form h1 h2 h3 h4 h5 h6 head header html i"
    " iframe ins kbd label legend li main mark nav ol optgroup option p param pre q s samp script section select"
    " small span strike strong style sub summary sup svg table tbody td textarea tfoot th thead time title tr tt u"
    " ul var video".split()
)
_FREE = frozenset({"title", "alt", "aria-label", "placeholder", "lang", "dir", "hreflang", "rel"})
"""Attributes that are words themselves, or follow from the language."""
_ADDRESSES = frozenset({"href", "src"})
_ALIKE = {"b": "strong", "i": "em", "strike": "s", "del": "s", "h1": "h2", "h4": "h3", "div": "p"}


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag; `meaning` is its name with the attributes that a translation keeps."""

    name: str
    closes: bool
    meaning: str
    span: Span
    written: str


@lru_cache(maxsize=1024)
def tags_of(text: str) -> tuple[Tag, ...]:
    """List what is written like a tag, whatever its name."""
    if "<" not in text:
        return ()
    return tuple(
        Tag(found[2].lower(), bool(found[1]), _meaning(found[2].lower(), found[3]), found.span(), found[0])
        for found in _TAG.finditer(text)
    )


def _meaning(name: str, attributes: str) -> str:
    kept = []
    for found in _ATTRIBUTE.finditer(attributes):
        key = found[1].lower()
        if key not in _FREE:
            value = "" if key in _ADDRESSES else (found[2] or "").strip("\"'")
            kept.append(f"{key}={value}" if value else key)
    return " ".join([name, *sorted(kept)])


def _names(source: str) -> frozenset[str]:
    """Name the tags that count: those of HTML, and what the source closes. `<your name>` is none of them."""
    return _HTML | {tag.name for tag in tags_of(source) if tag.closes}


def spans_of_tags(text: str, source: str) -> list[Span]:
    """Give the places of a text's tags."""
    names = _names(source)
    return [tag.span for tag in tags_of(text) if tag.name in names]


def check(look: Look) -> Iterator[Finding]:
    """Find tags that are lost, new, not closed, or not possible."""
    names = _names(look.source)
    wanted = [tag for tag in tags_of(look.source) if tag.name in names]
    said = [tag for tag in tags_of(look.text) if tag.name in names or look.is_html]
    if look.is_html:
        yield from _refused(said)
        yield from _structure(look)
    else:
        severity = ERROR if look.is_interface or wanted else WARNING
        yield from _differing(wanted, said, severity)
    if not list(_unbalanced(wanted)):
        yield from _unbalanced(said)


def _refused(said: list[Tag]) -> Iterator[Finding]:
    for tag in said:
        name = _ALIKE.get(tag.name, tag.name)
        if name not in rich_text.TAGS and not tag.closes:
            sentence = sentences.NOT_HERE.with_(what=tag.written)
            yield Finding("tag_refused", ERROR, sentence, tag.span, detail=tag.name)


def _structure(look: Look) -> Iterator[Finding]:
    """Compare how rich texts are made up; they may differ, but seldom mean to."""
    there, here = _made_up(look.source), _made_up(look.text)
    if there["p"] != here["p"]:
        sentence = sentences.PARAGRAPHS.with_(there=there["p"], here=here["p"])
        yield Finding("paragraphs", WARNING, sentence)
    for name in sorted((there.keys() | here.keys()) - {"p", "br", "a"}):
        tag = f"<{name}>"
        if there[name] > here[name]:
            yield Finding("tag_lost", WARNING, sentences.LOST.with_(what=tag), detail=tag)
        elif there[name] < here[name]:
            yield Finding("tag_extra", WARNING, sentences.EXTRA.with_(what=tag), detail=tag)


def _made_up(text: str) -> Counter[str]:
    return Counter(tag.name for tag in tags_of(rich_text.clean(text)) if not tag.closes)


def _differing(wanted: list[Tag], said: list[Tag], severity: str) -> Iterator[Finding]:
    there = Counter(tag.meaning for tag in wanted if not tag.closes)
    here = Counter(tag.meaning for tag in said if not tag.closes)
    written = {tag.meaning: tag for tag in (*said, *wanted)}
    for meaning in there - here:
        tag = written[meaning]
        yield Finding("tag_lost", severity, sentences.LOST.with_(what=tag.written), detail=meaning)
    for meaning in here - there:
        tag = next(tag for tag in said if tag.meaning == meaning)
        sentence = sentences.EXTRA.with_(what=tag.written)
        yield Finding("tag_extra", severity, sentence, tag.span, detail=meaning)


def _unbalanced(tags: list[Tag]) -> Iterator[Finding]:
    open_tags: list[Tag] = []
    for tag in tags:
        if tag.name in _VOID or tag.written.endswith("/>"):
            continue
        if not tag.closes:
            open_tags.append(tag)
        elif any(other.name == tag.name for other in open_tags):
            while open_tags[-1].name != tag.name:
                yield _finding("tag_crossed", sentences.CROSSED, open_tags.pop())
            open_tags.pop()
        else:
            yield _finding("tag_unopened", sentences.UNOPENED, tag)
    for tag in open_tags:
        yield _finding("tag_open", sentences.OPEN, tag)


def _finding(code: str, sentence: sentences.Sentence, tag: Tag) -> Finding:
    return Finding(
        code, ERROR, sentence.with_(what=tag.written), tag.span, detail=f"{tag.written}{tag.span[0]}"
    )
