"""Sentences that people read can be translated: none is put together before gettext sees it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GETTEXT = {"_", "_l", "gettext", "lazy_gettext", "ngettext", "lazy_ngettext", "pgettext", "lazy_pgettext"}
TEMPLATES = ROOT / "app" / "web" / "templates"
HANDING_ON = {"app/access/messages.py", "app/web/folding.py"}
"""Gives sentences of others to gettext."""

SILENT = {"script", "style", "svg", "code", "kbd"}
ALIKE = {"Festoon", "UTC"}
"""Written alike in every language."""

_ATTRIBUTES = re.compile(r'[\w-]+="[^"]*"|\brequired\b|\breadonly\b')
"""A macro may give attributes without their tag."""

_CALL = re.compile(r"""(?<![\w.])(?:_|gettext|ngettext)\(\s*(?P<first>[^\s])(?P<rest>[^)]*)""")


@cache
def modules() -> dict[str, ast.Module]:
    return {
        path.relative_to(ROOT).as_posix(): ast.parse(path.read_text("utf-8"))
        for path in sorted((ROOT / "app").rglob("*.py"))
    }


def calls(tree: ast.Module) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in GETTEXT:
                yield node


def built(node: ast.Call) -> ast.expr | None:
    """Give the argument that is no plain text."""
    texts = node.args[:2] if "ngettext" in ast.unparse(node.func) else node.args[:1]
    return next((text for text in texts if not isinstance(text, ast.Constant)), None)


def test_gettext_is_given_plain_text() -> None:
    wrong = [
        f"{name}:{node.lineno} {ast.unparse(text)}"
        for name, tree in modules().items()
        if name not in HANDING_ON
        for node in calls(tree)
        if (text := built(node)) is not None
    ]
    assert wrong == []


def test_templates_give_gettext_plain_text_too() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}: {found[0]}"
        for path in sorted(TEMPLATES.rglob("*.html"))
        for found in _CALL.finditer(path.read_text("utf-8"))
        if found["first"] not in "\"'" or "~" in found["rest"].split(found["first"])[-1].split(",")[0]
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("line", "is_plain"),
    [
        ('_("Saved.")', True),
        ('_("%(count)s rows", count=n)', True),
        ('ngettext("%(num)s row", "%(num)s rows", n)', True),
        ('_(f"{n} rows")', False),
        ('_("Saved " + name)', False),
        ('_("Saved %s" % name)', False),
        ('flask_babel.gettext("{}".format(name))', False),
        ('ngettext("one", f"{n}", n)', False),
    ],
)
def test_a_sentence_put_together_is_seen(line: str, is_plain: bool) -> None:
    (node,) = calls(ast.parse(line))
    assert (built(node) is None) is is_plain


class Words(HTMLParser):
    """Gathers what stands between the tags of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.silent += tag in SILENT

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in SILENT

    def handle_data(self, data: str) -> None:
        data = _ATTRIBUTES.sub("", data)
        if not self.silent and data.strip(" ·\n") not in ALIKE and re.search(r"[^\W\d_]{2}", data):
            self.found.append(data.strip())


def words(template: str) -> list[str]:
    reader = Words()
    reader.feed(re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", "", template, flags=re.DOTALL))
    return reader.found


def test_no_words_of_a_template_escape_translation() -> None:
    assert words("<p title='a > b'>{{ _('Hello') }} <b>you</b> there</p><script>let ab</script>") == [
        "you",
        "there",
    ]
    escaped = {
        path.relative_to(TEMPLATES).as_posix(): found
        for path in sorted(TEMPLATES.rglob("*.html"))
        if (found := words(path.read_text("utf-8")))
    }
    assert escaped == {}
