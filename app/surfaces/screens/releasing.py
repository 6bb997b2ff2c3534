"""Records are published and withdrawn language by language: beside their form, and many at once in a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import abort, flash, redirect, request
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from app.access.rights import may
from app.kernel import languages
from app.kernel.db import db, unit_of_work
from app.resources import Resource
from app.surfaces.records import wording
from app.surfaces.records.news import tell_changed
from app.surfaces.screens.form_pages import ReleaseLine
from app.surfaces.screens.gate import allowed
from app.surfaces.screens.pages import Choice
from app.translation.releases import (
    LIVE,
    NotComplete,
    Release,
    is_released,
    lacking,
    publish,
    releases_of,
    withdraw,
)
from app.translation.resources import FIELDS
from app.translation.units import Unit

MOST_AT_ONCE = 500
_NAMED = 3


class HasReleases:
    """The releases of a StaffView's records."""

    resource: Resource
    find: Any
    visible: Any
    key_of: Any
    back_to_list: Any

    @expose("/<key>/release", methods=["POST"])
    @allowed("approve_texts")
    def release(self, key: str) -> Any:
        """Publish a record in a language, or withdraw it there."""
        record, locale = self.find(key, "approve_texts"), self._language()
        refused = self._release([record.id], locale)
        if refused:
            flash(worded(refused[record.id], locale), "danger")
        elif request.form["action"] == "publish":
            flash(_("Live in %(language)s.", language=_language_of(locale)), "success")
        else:
            flash(_("Not live in %(language)s any more.", language=_language_of(locale)), "success")
        return redirect(f"/{self.resource.path}/{key}/edit?{urlencode({'language': locale})}")

    @expose("/release", methods=["POST"])
    @allowed("approve_texts")
    def release_many(self) -> Any:
        """Publish or withdraw the chosen records in a language; those that lack something are named."""
        action, _colon, locale = request.form.get("release", "").partition(":")
        keys = [key for sent in request.form.getlist("ids") if (key := self.key_of(sent)) is not None]
        if len(keys) > MOST_AT_ONCE:
            abort(413)
        model = self.resource.model
        titles: dict[UUID, str] = {
            record.id: str(getattr(record, self.resource.title))
            for record in db.session.scalars(self.visible("approve_texts").where(model.id.in_(keys)))
        }
        refused = self._release(list(titles), self._language(locale), self._action(action))
        done = len(titles) - len(refused)
        if done:
            flash(told_of_many(_offer_of(action, locale), done), "success")
        for key, error in list(refused.items())[:5]:
            flash(f"{titles[key]}: {worded(error, locale)}", "danger")
        if len(refused) > 5:
            flash(_("%(number)s more refused.", number=len(refused) - 5), "danger")
        if not titles:
            flash(_("Choose records first."), "warning")
        return redirect(self.back_to_list())

    def _release(self, keys: list[UUID], locale: str, action: str = "") -> Mapping[UUID, NotComplete]:
        user_id, wanted = int(current_user.id), action or self._action(request.form.get("action", ""))
        with unit_of_work() as session:
            refused: Mapping[UUID, NotComplete] = {}
            if wanted == "publish":
                refused = publish(session, self.resource, keys, locale, user_id)
            else:
                withdraw(session, self.resource, keys, locale, user_id)
            tell_changed(session, self.resource, [key for key in keys if key not in refused])
        return refused

    def _action(self, name: str) -> str:
        if name not in ("publish", "withdraw") or not is_released(self.resource):
            abort(404)
        return name

    def _language(self, tag: str = "") -> str:
        found = tag or request.form.get("locale", "")
        return found if found in languages.content_locales() else abort(404)


def worded(error: NotComplete, locale: str) -> str:
    """Say which texts are lacking."""
    names = list(dict.fromkeys(_name(unit) for unit in error.lacking))
    more = len(names) - _NAMED
    said = ", ".join(names[:_NAMED]) + (f" {_('and %(number)s more', number=more)}" if more > 0 else "")
    return _(
        "Not published in %(language)s: approve %(texts)s first.", language=_language_of(locale), texts=said
    )


def _language_of(tag: str) -> str:
    return wording.language(tag, wording.reader())


def _name(unit: Unit) -> str:
    return FIELDS.of(unit.field, unit.content_type)


def lines_of(resource: Resource, record: Any) -> tuple[ReleaseLine, ...]:
    """Tell in the form of a record how it stands in each language, and what may be done about it."""
    if record is None or not is_released(resource):
        return ()
    found = releases_of(db.session(), resource, [record.id])
    may_release = may("approve_texts", resource.name)
    lines = []
    for tag in languages.content_locales():
        standing, language = found[record.id, tag], languages.find(tag)
        left: Sequence[Unit] = ()
        if standing.status != LIVE and language is not None and language.is_gated:
            left = lacking(db.session(), resource, [record.id], tag).get(record.id, ())
        lines.append(
            ReleaseLine(
                locale=tag,
                language=_language_of(tag),
                is_live=standing.status == LIVE and bool(standing.shown),
                can_publish=may_release and standing.status != LIVE and not left,
                can_withdraw=may_release and standing.is_live,
                reason=_reason(standing, bool(left)),
                lacking=tuple((_name(unit), _queue(unit)) for unit in left),
                url=f"/{resource.path}/{record.id}/release",
            )
        )
    return tuple(lines)


def _reason(standing: Release, is_lacking: bool) -> str:
    if standing.status == LIVE:
        return "" if standing.shown else _("Nothing is approved yet.")
    if standing.status == "withdrawn":
        return _("Withdrawn.")
    return _("To be approved first:") if is_lacking else _("Everything is approved.")


def _queue(unit: Unit) -> str:
    """Give where the text is worked on."""
    pairs = {"type": unit.owner_type, "state": "all", "record": str(unit.owner_id), "at": unit.key}
    return f"/translate/{unit.locale}?{urlencode(pairs)}"


def marks_of(resource: Resource, keys: Sequence[UUID]) -> dict[tuple[str, str], bool]:
    """Tell of which records and languages a list says whether they are live: where not all of them simply are."""
    found = releases_of(db.session(), resource, keys)
    gated = {known.tag for known in languages.known() if known.is_gated}
    return {
        (str(key), tag): standing.is_live
        for (key, tag), standing in found.items()
        if tag in gated or standing.status != LIVE
    }


def bulk_releases(resource: Resource) -> tuple[Choice, ...]:
    """Offer to publish and to withdraw what is chosen, language by language."""
    if not is_released(resource) or not may("approve_texts", resource.name):
        return ()
    tags = languages.content_locales()
    pairs = [(action, tag) for action in ("publish", "withdraw") for tag in tags]
    return tuple(Choice(f"{action}:{tag}", _offer_of(action, tag)) for action, tag in pairs)


def told_of_many(action: str, done: int) -> str:
    """Say what was done to several records at once, in the action's own words."""
    return ngettext(
        "%(action)s: %(num)d record changed.", "%(action)s: %(num)d records changed.", done, action=action
    )


def _offer_of(action: str, tag: str) -> str:
    if action == "publish":
        return _("Publish in %(language)s", language=_language_of(tag))
    return _("Withdraw in %(language)s", language=_language_of(tag))
