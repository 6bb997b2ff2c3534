"""Brings HTML that people and programs send into good order by one pass: what is opened is closed, and not deep.

A parser of HTML repairs what is nested wrongly, and pays with the square of the depth; here the cost grows with
the length alone. Nothing is judged here: what comes out is still given to the sanitizer.
"""

from __future__ import annotations

import html
import re
from collections import Counter

DEEPEST = 24
"""So many elements may be open at once; what is opened deeper is left out, its text stays."""

_INLINE = frozenset({"strong", "em", "s", "a"})
_HEADINGS = frozenset({"h2", "h3"})
_BLOCKS = frozenset({"p", "ul", "ol", "li", "blockquote"}) | _HEADINGS
_NAMES = _BLOCKS | _INLINE | {"br", "hr"}
_OTHER_NAMES = {
    "b": "strong",
    "i": "em",
    "strike": "s",
    "del": "s",
    "h1": "h2",
    "h4": "h3",
    "h5": "h3",
    "div": "p",
}
_UNREAD = frozenset({"script", "style"})
# What is open is closed by the beginning of another: a paragraph by each block, a heading by a heading.
_CLOSES = (
    dict.fromkeys((*_BLOCKS, "hr"), frozenset({"p"}))
    | dict.fromkeys(_HEADINGS, frozenset({"p"}) | _HEADINGS)
    | {"a": frozenset({"a"})}
)
_ITEM, _LISTS = frozenset({"li"}), frozenset({"ul", "ol", "blockquote"}) | _HEADINGS

# No pattern here reads a sign more than a few times: nothing that was read is given back and read in another way.
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*+)((?:[^=>]++|=\s*+(?:\"[^\"]*+\"?|'[^']*+'?)?)*+)(>?)")
_HREF = re.compile(r"([^\s/=\"']++)(?:\s*+=\s*+(?:\"([^\"]*+)\"?|'([^']*+)'?|([^\s>]*+)))?")
_SIGNS = re.compile(r"<+(?=<)|<")
_SPECIAL = re.compile(r"[&<>\xa0]")
_BEYOND = re.compile(r"&#[0-9]{8,}")
_BLANK = re.compile(r"(?:\s++|&nbsp;)*+\Z")
_START = re.compile(r"\A[\s\ufeff]++")
_NEVER = re.compile(r"[\x00\ud800-\udfff]")
_UNREAD_END = {name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE) for name in _UNREAD}


class _Element:
    """An element that is open: where it began, whether it shows anything, what was left out in it."""

    __slots__ = ("at", "left_out", "name", "shows")

    def __init__(self, name: str, at: int) -> None:
        self.name = name
        self.at = at
        self.shows = False
        self.left_out: Counter[str] | None = None


class _Nesting:
    """What was written so far, and which elements are open."""

    def __init__(self) -> None:
        self.written: list[str] = []
        self.open: list[_Element] = [_Element("", 0)]

    def text(self, text: str) -> None:
        if _SPECIAL.search(text):
            text = _escaped(text)
        self.written.append(text)
        if not _BLANK.match(text):
            self.open[-1].shows = True

    def start(self, name: str, attributes: str) -> None:
        if name == "br":
            self.written.append("<br>")
            return
        while name in _CLOSES and self._close_up_to(_CLOSES[name]):
            pass
        if name == "li":
            self._close_up_to(_ITEM, _LISTS)
        if name == "hr":
            self.written.append("<hr>")
            self.open[-1].shows = True
            return
        if len(self.open) > DEEPEST or (name in _INLINE and any(item.name == name for item in self.open)):
            top = self.open[-1]
            top.left_out = top.left_out if top.left_out is not None else Counter()
            top.left_out[name] += 1
            return
        self.open.append(_Element(name, len(self.written)))
        self.written.append(_link(attributes) if name == "a" else f"<{name}>")

    def end(self, name: str) -> None:
        if name == "br":
            self.written.append("<br>")
            return
        left_out = self.open[-1].left_out
        if left_out and left_out[name]:
            left_out[name] -= 1
            return
        self._close_up_to(_HEADINGS if name in _HEADINGS else frozenset({name}))

    def finish(self) -> str:
        while len(self.open) > 1:
            self._close()
        return "".join(self.written)

    def _close_up_to(self, names: frozenset[str], ends: frozenset[str] = frozenset()) -> bool:
        """Close up to the innermost of these elements, looking no further than to one of the ends."""
        for number in range(len(self.open) - 1, 0, -1):
            name = self.open[number].name
            if name in ends:
                return False
            if name in names:
                while len(self.open) > number:
                    self._close()
                return True
        return False

    def _close(self) -> None:
        """Close the innermost; one that shows nothing leaves nothing, but the space between two words."""
        element = self.open.pop()
        if element.shows:
            self.written.append(f"</{element.name}>")
            self.open[-1].shows = True
        elif element.name in _INLINE:
            self.written[element.at] = ""
        else:
            del self.written[element.at :]


def well_nested(text: str) -> str:
    """Give the text with the elements we know alone, each closed inside what it was opened in.

    Doing it again changes nothing. What is no tag is escaped.
    """
    text = _NEVER.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    nesting = _Nesting()
    at = 0
    while at < len(text):
        found = text.find("<", at)
        found = found if found >= 0 else len(text)
        if found > at:
            nesting.text(text[at:found])
        at = _mark(text, found, nesting)
    return _START.sub("", nesting.finish()).rstrip()


def _mark(text: str, at: int, nesting: _Nesting) -> int:
    """Read what begins with `<`; gives where it ends."""
    tag = _TAG.match(text, at)
    if tag is None:
        return _no_tag(text, at, nesting)
    closing, name, attributes, ended = tag.groups()
    if not ended:  # the text ends within it
        return len(text)
    name = name.lower()
    if name in _UNREAD and not closing:
        end = _UNREAD_END[name].search(text, tag.end())
        return end.start() if end else len(text)
    name = _OTHER_NAMES.get(name, name)
    if name in _NAMES:
        if closing:
            nesting.end(name)
        else:
            nesting.start(name, attributes)
    return tag.end()


def _no_tag(text: str, at: int, nesting: _Nesting) -> int:
    """Skip a comment, or take a `<` for the sign that it is."""
    if at >= len(text):
        return at
    if text.startswith(("<!--", "<!", "<?", "</"), at) and text[at + 2 : at + 3].strip():
        mark = "-->" if text.startswith("<!--", at) else ">"
        end = text.find(mark, at + 2)
        return end + len(mark) if end >= 0 else len(text)
    signs = _SIGNS.match(text, at)
    nesting.text(signs[0] if signs else "")
    return signs.end() if signs else at + 1


def _escaped(text: str) -> str:
    """Write signs in the one way in which the sanitizer writes them."""
    text = html.unescape(_BEYOND.sub("&#9999999", text)).replace("\r", "\n")
    return html.escape(_NEVER.sub("", text), quote=False).replace("\xa0", "&nbsp;")


def _link(attributes: str) -> str:
    for name, *values in _HREF.findall(attributes):
        if name.lower() == "href":
            address = _escaped("".join(values)).replace('"', "&quot;")
            return f'<a href="{address}" rel="noopener">'
    return '<a rel="noopener">'
