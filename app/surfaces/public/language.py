"""In which language a public answer is given: `?lang=`, else Accept-Language, else the default."""

from __future__ import annotations

from flask import current_app, request
from flask_babel import gettext as _

from app.kernel.errors import BadParameter
from app.kernel.locales import SHIPPED, fallback_chain, parse_locale

LONGEST_TAG = 35


def wanted_locale(asked: str) -> str:
    """Choose the locale of the answer; raises BadParameter for a `lang` that is no language tag."""
    if asked:
        tag = asked.replace("_", "-")
        if len(tag) > LONGEST_TAG or parse_locale(tag) is None:
            raise BadParameter("lang", _("Give a language tag such as de or de-AT."))
        return tag
    return _accepted(request.headers.get("Accept-Language", "")) or default_locale()


def default_locale() -> str:
    """Give the site's own language."""
    return str(current_app.config["BABEL_DEFAULT_LOCALE"])


def _accepted(header: str) -> str | None:
    """Find the tag that the header likes best among those that lead to a shipped language."""
    for tag, _quality in sorted(_tags(header), key=lambda pair: -pair[1]):
        if any(part.lower() in SHIPPED for part in fallback_chain(tag, default=tag)[:-1] or (tag,)):
            return tag
    return None


def _tags(header: str) -> list[tuple[str, float]]:
    tags = []
    for part in header.split(",")[:20]:
        tag, _mark, parameters = part.strip().partition(";")
        try:
            quality = float(parameters.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        if quality > 0 and len(tag) <= LONGEST_TAG and parse_locale(tag) is not None:
            tags.append((tag.strip(), quality))
    return tags
