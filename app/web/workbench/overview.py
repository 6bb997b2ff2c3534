"""What is done and what waits in every language, by content type: words and texts, each number a way into the queue."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import format_percent, ngettext
from flask_babel import gettext as _

from app.access.rights import may
from app.kernel import languages
from app.kernel.db import db
from app.resources import Catalogue
from app.surfaces.records import wording
from app.translation.interface.models import CONTENT_TYPE as INTERFACE
from app.translation.tallies import ALL, DONE, Tally, tallies
from app.translation.units import OUTDATED, SUGGESTED, TO_DO, TO_REVIEW, types_of
from app.web.workbench.asked import CHIPS, Address
from app.web.workbench.pages import Count, OverviewPage, Progress, TypeRow

WAITING = ("missing", OUTDATED, TO_REVIEW, SUGGESTED)


def overview(catalogue: Catalogue, user: Any) -> OverviewPage:
    """Make the page: one statement for all languages and content types."""
    locales = languages.content_locales()
    found = tallies(db.session(), user, locales)
    by_place = {(tally.owner_type, tally.locale): tally for tally in found}
    order = [name for name in types_of() if any(tally.owner_type == name for tally in found)]
    rows = tuple(
        TypeRow(
            *type_words(catalogue, name),
            tuple(_cell(name, locale, by_place.get((name, locale))) for locale in locales),
        )
        for name in order
    )
    bars = tuple(_bar(locale, [tally for tally in found if tally.locale == locale]) for locale in locales)
    return OverviewPage(bars, rows, not found, may("list", "prefill"))


def type_words(catalogue: Catalogue, name: str) -> tuple[str, str]:
    """Give what a content type is called, and its icon."""
    resource = catalogue.get(name)
    if name == INTERFACE or resource is None:
        return _("Interface"), "layout-dashboard"
    return str(resource.label), resource.icon


def _bar(locale: str, found: list[Tally]) -> Progress:
    address, reader = Address(locale), wording.reader()
    counts = tuple(
        _count(address, name, sum(tally.texts[name] for tally in found), reader) for name in WAITING
    )
    return _progress(locale, wording.language(locale, reader), address, found, counts)


def _cell(name: str, locale: str, tally: Tally | None) -> Progress:
    address = Address(locale, type=name)
    label = wording.language(locale, wording.reader())
    found = [tally] if tally is not None else []
    waits = sum(one.texts[TO_DO] for one in found)
    counts = (_count(address, TO_DO, waits, wording.reader()),)
    return _progress(locale, label, address, found, counts)


def _progress(
    name: str, label: str, address: Address, found: Iterable[Tally], counts: tuple[Count, ...]
) -> Progress:
    tallied = list(found)
    words, done = (sum(tally.words[group] for tally in tallied) for group in (ALL, DONE))
    texts, right = (sum(tally.texts[group] for tally in tallied) for group in (ALL, DONE))
    percent = percent_of(done, words)
    known = languages.find(name)
    return Progress(
        name=name,
        label=label,
        url=address.url() if right < texts else address.url(state=ALL),
        percent=percent,
        percent_text=format_percent(percent / 100),
        sentence=_sentence(done, words, right, texts),
        counts=counts,
        direction=known.direction if known else "ltr",
        is_done=right == texts,
    )


def percent_of(done: int, all_of_it: int) -> int:
    """Give whole percents: 100 only where nothing is left, 0 only where nothing is done."""
    if done >= all_of_it:
        return 100
    return min(99, max(1, done * 100 // all_of_it)) if done else 0


def _sentence(done: int, words: int, right: int, texts: int) -> str:
    def written(number: int) -> str:
        return wording.number(number, wording.reader())

    amount = wording.words_done(done, words, wording.reader())
    number = ngettext(
        "%(done)s of %(total)s text",
        "%(done)s of %(total)s texts",
        texts,
        done=written(right),
        total=written(texts),
    )
    return f"{amount} · {number}"


def _count(address: Address, name: str, number: int, reader: str) -> Count:
    return Count(
        name, str(CHIPS[name]), wording.number(number, reader), address.url(state=name), is_none=not number
    )


def as_json(page: OverviewPage) -> dict[str, Any]:
    """Write the page for a script."""
    return {
        "languages": [
            {
                "locale": bar.name,
                "percent": bar.percent,
                "url": bar.url,
                "waiting": {count.name: count.number for count in bar.counts},
            }
            for bar in page.languages
        ]
    }
