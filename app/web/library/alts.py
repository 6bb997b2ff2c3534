"""The queue of pictures in use that have no alternative text in a language: one after the other, saved as one goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_login import current_user

from app.access import rows as row_rules
from app.access.rights import may
from app.kernel import languages
from app.kernel.db import db, unit_of_work
from app.kernel.errors import BadParameter, DomainError
from app.kernel.ids import parse_id
from app.kernel.locales import SOURCE, direction, own_name
from app.media.models import Asset
from app.media.queries import MissingAlt, count_missing_alt, next_missing_alt
from app.media.renditions import nearest
from app.media.urls import thumbnail_url
from app.surfaces.records import writing
from app.surfaces.records.changes import Changes
from app.surfaces.screens.gate import allowed
from app.surfaces.screens.view import StaffView
from app.translation.writing import texts_of
from app.web.library.refusals import reason_of
from app.web.library.uses import Use, uses_of


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language of the queue and how many pictures wait in it."""

    locale: str
    name: str
    count: int
    url: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """The picture whose turn it is."""

    id: str
    title: str
    url: str
    picture: str
    width: int
    height: int
    revision: int
    uses: tuple[Use, ...]
    texts: tuple[tuple[str, str, str, str], ...]  # locale, name, direction, text
    skip_url: str


@dataclass(frozen=True, slots=True)
class AltPage:
    """library/alts.html."""

    locale: str
    name: str
    direction: str
    tongues: tuple[Tongue, ...]
    left: int
    pictures: int  # that lack it in one language or more: what the shelf and the start page tell
    picture: Waiting | None
    here_url: str
    again_url: str
    typed: str = ""
    error: str = ""
    saved: str = ""


def missing_alts() -> MissingAlt:
    """Count what the queue holds for the reader, in the languages that they may write; every screen tells this."""
    return count_missing_alt(_rule(), _open_languages())


def _rule() -> Any:
    """Give the condition on the pictures that the reader may write words for."""
    return row_rules.condition("asset", current_user, Asset, "edit" if may("edit", "asset") else "translate")


def _open_languages() -> tuple[str, ...]:
    return tuple(tag for tag in languages.locales() if tag != SOURCE or may("edit", "asset"))


class AltQueue(StaffView):
    """Adds the queue to the screens of the pictures."""

    @expose("/alt", methods=["GET", "POST"])
    @allowed("edit", "translate")
    def alt(self) -> Any:
        """Show the next picture without an alternative text, and save the one that was written."""
        locale = self.locale_asked()
        after = request.args.get("after", "")
        if request.method == "GET":
            return self.shown(self.alt_page(locale, after))
        record = self.find(request.form.get("id", ""), "edit" if locale == SOURCE else "translate")
        text = request.form.get("text", "")
        try:
            with unit_of_work() as session:
                writing.write(session, self.catalogue, self.resource, record, _changes(locale, text))
        except DomainError as error:
            page = self.alt_page(locale, after, typed=text, error=reason_of(error))
            return self.shown(page), error.status
        if not request.headers.get("HX-Request"):
            return redirect(url_for(".alt", lang=locale, after=after or None), 303)
        return self.shown(self.alt_page(locale, after, saved=_("“%(title)s” was saved.", title=record.title)))

    def shown(self, page: AltPage) -> str:
        """Draw the page, or the part that changes."""
        name = "library/_alt.html" if request.headers.get("HX-Request") else "library/alts.html"
        return render_template(name, page=page)

    def locale_asked(self) -> str:
        """Read the language; the first in which something is missing where none is named."""
        asked = request.values.get("lang", "")
        known = languages.locales()
        if asked and asked not in known:
            raise BadParameter("lang", _("The language is one of: %(names)s.", names=", ".join(known)))
        if asked == SOURCE and not may("edit", "asset"):
            abort(403)
        if asked:
            return asked
        counts = missing_alts().by_language
        return next((tag for tag in counts if counts[tag]), next(iter(counts), SOURCE))

    def alt_page(self, locale: str, after: str, typed: str = "", error: str = "", saved: str = "") -> AltPage:
        """Gather the page: the counts, the picture, its words in the other languages, where it is shown."""
        missing = missing_alts()
        counts = missing.by_language
        key = parse_id(after) if after else None
        asset = next_missing_alt(db.session(), locale, _rule(), key)
        return AltPage(
            locale=locale,
            name=own_name(locale),
            direction=direction(locale),
            tongues=tuple(
                Tongue(
                    tag,
                    own_name(tag),
                    counts[tag],
                    url_for(".alt", lang=tag),
                    tag == locale,
                )
                for tag in counts
            ),
            left=counts[locale],
            pictures=missing.pictures,
            picture=None if asset is None else self.waiting(asset, locale),
            here_url=url_for(".alt", lang=locale, after=after or None),
            again_url=url_for(".alt", lang=locale),
            typed=typed,
            error=error,
            saved=saved,
        )

    def waiting(self, asset: Asset, locale: str) -> Waiting:
        """Gather what helps to describe a picture."""
        texts = texts_of(db.session(), [asset.id]).get(asset.id, {})
        told = {SOURCE: asset.alt} | {tag: row.text for (tag, field), row in texts.items() if field == "alt"}
        return Waiting(
            id=str(asset.id),
            title=asset.title,
            url=f"/pictures/{asset.id}/edit",
            picture=thumbnail_url(nearest(asset.renditions, 1600) or asset.path),
            width=asset.width,
            height=asset.height,
            revision=asset.revision,
            uses=tuple(use for use in uses_of(self.catalogue, asset.id)[:6] if use.title is not None),
            texts=tuple(
                (tag, own_name(tag), direction(tag), told[tag])
                for tag in languages.locales()
                if tag != locale and told.get(tag, "").strip()
            ),
            skip_url=url_for(".alt", lang=locale, after=str(asset.id)),
        )


def _changes(locale: str, text: str) -> Changes:
    if locale == SOURCE:
        return Changes(values={"alt": text})
    return Changes(texts={(locale, "alt"): text[:300]}, only_texts=True)
