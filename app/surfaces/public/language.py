"""In which language a public answer is given: `?lang=`, else Accept-Language, else the default."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, request
from flask_babel import gettext as _

from app.kernel import languages
from app.kernel.errors import BadParameter
from app.kernel.locales import SOURCE, parse_locale
from app.surfaces.records.query import ListQuery
from app.translation.chain import STRICT, strict_locale, translated_locales

LONGEST_TAG = 35


@dataclass(frozen=True, slots=True)
class Reader:
    """In which language an answer is, the locales whose texts it is made of, and those that are searched.

    Its statement hangs on `depth` alone.
    """

    lang: str
    locales: tuple[str, ...]
    depth: int
    searched: tuple[str, ...]


def reader_of(query: ListQuery) -> Reader:
    """Read who asks; raises BadParameter for a `lang` that is no language tag."""
    lang = wanted_locale(query.lang)
    if query.is_strict:
        only = (strict_locale(lang),)
        return Reader(lang, only, STRICT, only)
    locales = translated_locales(lang, default_locale())
    return Reader(lang, locales, len(locales), (*locales, SOURCE))


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
    """Find the tag that the header likes best among those that lead to a language of the public."""
    for tag, _quality in sorted(_tags(header), key=lambda pair: -pair[1]):
        if languages.chain(tag, public=True) != (SOURCE,) or tag.partition("-")[0].lower() == SOURCE:
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
