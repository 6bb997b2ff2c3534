"""What the pages behind a client's link have in common: their language, their frame, and that nobody keeps them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

from flask import Response, make_response, render_template, request, url_for
from flask_babel import force_locale

from app.access.babel import theme_of_request
from app.domains.bookings.api.asking import SECRET
from app.kernel import languages
from app.kernel.locales import direction, parse_locale
from app.resources.kinds import storable
from app.surfaces.public.language import default_locale

LONGEST_REASON = 500


def locale_of(facts: Mapping[str, Any]) -> str:
    """Choose the language: the one asked for, else the one it was made in."""
    return _asked() or languages.best_words(facts["locale"]) or default_locale()


def page(template: str, locale: str, told: Callable[[], Mapping[str, Any]], status: int = 200) -> Response:
    """Draw a page in a language; `told` gives what it tells, worded in that language."""
    with force_locale(parse_locale(locale)):
        frame = SimpleNamespace(
            locale=locale,
            direction=direction(locale),
            theme=theme_of_request(),
            user=None,
            languages=languages.interface_locales(),
        )
        drawn = render_template(template, shell=frame, **told())
    return marked(make_response(drawn, status))


def address(endpoint: str, token: str) -> str:
    """Give an address behind the same link that keeps the language."""
    asked = _asked()
    return url_for(endpoint, token=token, lang=asked) if asked else url_for(endpoint, token=token)


def reason() -> str:
    """Read why somebody acts, for who wants to say."""
    return storable(request.form.get("reason", "")).strip()[:LONGEST_REASON]


def marked(answer: Any) -> Response:
    """Have nobody keep the page, index it, or learn its address from a link on it."""
    answer.headers.update(SECRET)
    made: Response = answer
    return made


def _asked() -> str:
    return str(languages.best_words(request.args.get("lang", "")[:35]) or "")
