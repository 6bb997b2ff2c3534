"""The words of the reader's language, found once a request: a page asks for some hundreds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, g
from flask_babel import Babel, Domain, get_domain, get_locale
from jinja2 import Environment


class Messages(Domain):  # type: ignore[misc]  # flask-babel is untyped
    """A catalogue that Flask-Babel keeps beside the locale; its `refresh` and `force_locale` drop it."""

    voice_of: Callable[[str], Any] | None = None
    """Gives the catalogue in force in a language; without it the compiled files are."""

    def get_translations(self) -> Any:
        """Give the catalogue of the locale in force."""
        kept = getattr(g, "_flask_babel", None) if g else None
        found = getattr(kept, "babel_translations", None)
        if found is None:
            locale = get_locale() if g else None
            if self.voice_of is None or locale is None:
                found = super().get_translations()
            else:
                found = self.voice_of(str(locale))
                kept = getattr(g, "_flask_babel", None)  # made by whoever asked for the locale first
            if kept is not None:
                kept.babel_translations = found
        return found


def keep_messages(app: Flask, babel: Babel) -> None:
    """Let gettext and the templates ask our catalogue in place of Flask-Babel's own."""
    messages = babel.domain_instance = Messages()
    teach(app.jinja_env, messages.get_translations)


def speak_by(app: Flask, voice_of: Callable[[str], Any]) -> None:
    """Take the catalogues of the languages from a function, which may give another one at any request."""
    app.extensions["babel"].instance.domain_instance.voice_of = voice_of


def tongue() -> str:
    """Name the language in force and its words as they are now: by this is kept what is made of sentences."""
    locale = str(get_locale() or "en")
    mark = getattr(get_domain().get_translations(), "mark", "")
    return f"{locale} {mark}" if mark else locale


def teach(templates: Environment, catalogue: Callable[[], Any] | None = None) -> None:
    """Let templates ask the catalogue of the locale in force; they put the values in themselves, escaped."""
    find = catalogue or (lambda: get_domain().get_translations())
    templates.install_gettext_callables(  # type: ignore[attr-defined]  # of jinja2.ext.i18n
        gettext=lambda text: find().gettext(text),
        ngettext=lambda one, many, number: find().ngettext(one, many, number),
        pgettext=lambda context, text: find().pgettext(context, text),
        npgettext=lambda context, one, many, number: find().npgettext(context, one, many, number),
        newstyle=True,
    )
