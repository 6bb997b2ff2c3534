"""The words of a request come from one catalogue, and change with the language in force."""

from __future__ import annotations

import pytest
from flask import Flask, render_template_string
from flask_babel import force_locale, gettext, refresh

SAVE = {"en": "Save", "de": "Speichern"}


def in_template() -> str:
    """Say the word through a template."""
    return render_template_string("{{ _('Save') }}")


def test_words_follow_a_forced_language_and_come_back(app: Flask) -> None:
    with app.test_request_context("/login/", headers={"Accept-Language": "en"}):
        assert (gettext("Save"), in_template()) == (SAVE["en"], SAVE["en"])
        with force_locale("de"):
            assert (gettext("Save"), in_template()) == (SAVE["de"], SAVE["de"])
        assert (gettext("Save"), in_template()) == (SAVE["en"], SAVE["en"])


def test_words_follow_the_next_request(app: Flask) -> None:
    for language, word in SAVE.items():
        with app.test_request_context("/login/", headers={"Accept-Language": language}):
            refresh()
            assert in_template() == word


def test_the_catalogue_is_looked_for_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    messages = app.extensions["babel"].instance.domain_instance
    find = messages.voice_of
    monkeypatch.setattr(messages, "voice_of", lambda locale: asked.append(locale) or find(locale))
    with app.test_request_context("/login/"):
        refresh()
        for _number in range(5):
            gettext("Save")
            in_template()
    assert len(asked) == 1


def test_words_outside_any_request_stay_as_written(app: Flask) -> None:
    assert app.jinja_env.from_string("{{ ngettext('%(num)s row', '%(num)s rows', 2) }}").render() == "2 rows"
