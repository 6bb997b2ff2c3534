"""The words of the reader's language, found once a request: a page asks for some hundreds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, g
from flask_babel import Babel, Domain, get_domain
from jinja2 import Environment


class Messages(Domain):  # type: ignore[misc]  # flask-babel is untyped
    """A catalogue that Flask-Babel keeps beside the locale; its `refresh` and `force_locale` drop it."""

    def get_translations(self) -> Any:
        """Give the catalogue of the locale in force."""
        kept = getattr(g, "_flask_babel", None) if g else None
        found = getattr(kept, "babel_translations", None)
        if found is None:
            found = super().get_translations()
            if kept is not None:
                kept.babel_translations = found
        return found


def keep_messages(app: Flask, babel: Babel) -> None:
    """Let gettext and the templates ask our catalogue in place of Flask-Babel's own."""
    messages = babel.domain_instance = Messages()
    teach(app.jinja_env, messages.get_translations)


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
