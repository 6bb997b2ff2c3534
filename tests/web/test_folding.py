"""What is fixed in a template is written out when it is compiled, for each language by itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask_babel import force_locale, gettext
from jinja2 import DictLoader, Environment
from markupsafe import Markup, escape

from app.web.assets import asset
from app.web.folding import LocalEnvironment, templates_of, written
from app.web.icons import icon

PAGES = {
    "page.html": (
        "{% extends 'frame.html' %}{% block inside %}{% from 'parts.html' import part with context %}"
        "{{ _('Save') }}|{{ part(name) }}|{{ icon('plus') }}|{{ icon(name) }}|{{ asset('css/list.css') }}{% endblock %}"
    ),
    "frame.html": (
        "{% set word = _('Save') ~ ' <' %}<i title=\"{{ _('Cancel') }}\">{{ word }}"
        "{% block inside %}{% endblock %}</i>"
    ),
    "rows.html": (
        "{% macro row(facts) %}{{ _('Save') }} {{ facts[0] }}{% if seen.append(1) %}{% endif %}{% endmacro %}"
        "{% for row_ in rows %}{{ draw_once(row, row_) }};{% endfor %}"
    ),
    "out.html": (
        "{% macro box(it) %}[{{ it }}]{% endmacro %}{{ box(value) }}"
        "{% set kept %}{{ value }}{% endset %}{{ kept }}"
    ),
    "letter.txt": "{{ value }}",
    "parts.html": "{% macro part(name) %}{{ _('%(field)s from', field=name) }}{% endmacro %}",
}


@pytest.fixture
def templates(app: Flask) -> Iterator[LocalEnvironment]:
    """Lend the program's own environment, with pages of this test in it."""
    found = templates_of(app)
    before, found.loader = found.loader, DictLoader(PAGES)
    found.forget()
    yield found
    found.loader = before
    found.forget()


@pytest.mark.parametrize("locale", ["en", "de", "ar"])
def test_a_page_reads_the_same_as_one_that_asks_for_each_word(
    app: Flask, templates: LocalEnvironment, locale: str
) -> None:
    with app.test_request_context(), force_locale(locale):
        wanted = (
            f'<i title="{gettext("Cancel")}">{gettext("Save")} &lt;{gettext("Save")}|'
            f"{gettext('%(field)s from', field='a&amp;b')}|{icon('plus')}|{icon('a&b')}|{asset('css/list.css')}</i>"
        )
        assert templates.get_template("page.html").render(name="a&b") == wanted


def test_a_sentence_is_part_of_the_compiled_text(app: Flask, templates: LocalEnvironment) -> None:
    with app.test_request_context(), force_locale("de"):
        templates.get_template("page.html")
        (german,) = templates.beside.values()
        page, parts = (german.compile(PAGES[name], raw=True) for name in ("page.html", "parts.html"))
    assert "Speichern" in page
    assert "gettext" not in page
    assert "%(field)s from" in parts, "it has a value in it, and is asked for each time"


def test_changed_sentences_are_seen_once_the_templates_are_forgotten(
    app: Flask, templates: LocalEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.test_request_context(), force_locale("de"):
        templates.get_template("page.html").render(name="x")
        monkeypatch.setattr("app.web.folding.gettext", lambda text: f"neu: {text}")
        assert "neu: Save" not in templates.get_template("page.html").render(name="x")
        templates.forget()
        assert "neu: Save" in templates.get_template("page.html").render(name="x")


def test_what_was_drawn_is_drawn_once_for_each_language_until_sentences_change(
    app: Flask, templates: LocalEnvironment
) -> None:
    seen: list[int] = []

    def drawn(locale: str, *rows: tuple[str]) -> str:
        with app.test_request_context(), force_locale(locale):
            return templates.get_template("rows.html").render(rows=rows, seen=seen)

    assert drawn("en", ("<a>",), ("b",), ("<a>",)) == "Save &lt;a&gt;;Save b;Save &lt;a&gt;;"
    assert len(seen) == 2
    assert drawn("en", ("b",)) == "Save b;"
    assert len(seen) == 2
    assert drawn("de", ("b",)) == "Speichern b;"
    assert len(seen) == 3
    templates.forget()
    assert drawn("en", ("b",)) == "Save b;"
    assert len(seen) == 4


class Told:
    """Knows how it is written in a page."""

    def __html__(self) -> str:
        return "<b>told</b>"


@pytest.mark.parametrize(
    "value",
    ["plain", "<script>\"'&", Markup("<i>made & meant</i>"), Told(), 7, None, "", ["<b>"], Markup("")],
    ids=lambda value: type(value).__name__,
)
def test_what_a_page_puts_out_is_escaped_as_jinja_would(
    app: Flask, templates: LocalEnvironment, value: object
) -> None:
    plain = Environment(autoescape=True).from_string(PAGES["out.html"]).render(value=value)
    with app.test_request_context(), force_locale("en"):
        assert templates.get_template("out.html").render(value=value) == plain
    assert written(value) == str(escape(value))


def test_a_text_that_is_not_for_a_page_is_left_as_it_is(app: Flask, templates: LocalEnvironment) -> None:
    with app.test_request_context(), force_locale("en"):
        assert templates.get_template("letter.txt").render(value="a < b & c") == "a < b & c"
