"""Which texts go out: what the form of the export asks for, in its address or in a post of chosen records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from app.access import rows
from app.access.rights import may
from app.kernel import languages
from app.kernel.db import db
from app.kernel.errors import BadParameter
from app.kernel.ids import parse_id
from app.resources import Catalogue, On, Resource
from app.surfaces.records.listing import narrow, values_of
from app.surfaces.records.query import read_query
from app.surfaces.search.matching import EVERY_LOCALE, matching
from app.translation.files.exporting import FORMATS, Format
from app.translation.units import OUTDATED, TO_DO, TO_REVIEW, Asked, types_of

ALL = "all"
GROUPS = {
    ALL: _l("All texts"),
    TO_DO: _l("What is to do"),
    "missing": _l("What is missing"),
    OUTDATED: _l("What is out of date"),
    TO_REVIEW: _l("What is to review"),
}
MOST_CHOSEN = 500
MOST_LISTED = 20_000
_NONE = UUID(int=0)
"""The key of no record: a list that shows none asks for no text."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for. `resource` is the content type whose records it is of, where these were chosen by a list.

    `keys` are those records: none where the list shows all of them, and `count` their number.
    """

    locales: tuple[str, ...]
    types: tuple[str, ...]
    group: str
    form: Format
    resource: Resource | None = None
    listed: str = ""
    ids: tuple[UUID, ...] = ()
    keys: tuple[UUID, ...] = ()
    count: int = 0

    def asked(self) -> list[Asked]:
        """Say it to the units, language by language."""
        states = () if self.group == ALL else (self.group,)
        return [Asked(tag, types=self.types, states=states, owner_ids=self.keys) for tag in self.locales]

    def selection(self) -> str:
        """Word which records it is of; empty for all."""
        if self.resource is None:
            return ""
        label = str(self.resource.label)
        if not self.keys:
            return label
        words = ngettext(
            "%(num)s record of “%(list)s”", "%(num)s records of “%(list)s”", self.count, list=label
        )
        return str(words)


def types_for_reader() -> tuple[str, ...]:
    """Name the content types whose texts the reader may translate."""
    return tuple(name for name in types_of() if may("translate", name))


def read_wanted(catalogue: Catalogue, given: MultiDict[str, str]) -> Wanted:
    """Read what is asked for; nothing said means all. Raises BadParameter."""
    offered = languages.content_locales()
    locales = tuple(tag for tag in offered if tag in given.getlist("locale")) or offered
    if unknown := set(given.getlist("locale")) - set(offered):
        raise BadParameter("locale", _("There is no language %(tag)s here.", tag=min(unknown)[:40]))
    group = given.get("state", ALL)
    form = FORMATS.get(given.get("format", "po"))
    if group not in GROUPS:
        raise BadParameter("state", _("There is no such choice of texts."))
    if form is None:
        raise BadParameter("format", _("The format is one of: %(names)s.", names=", ".join(FORMATS)))
    known = types_for_reader()
    if set(given.getlist("type")) - set(known):
        raise BadParameter("type", _("There is no such content type to translate."))
    types = tuple(name for name in known if name in given.getlist("type")) or known
    if (of := given.get("of", "")) == "":
        return Wanted(locales, types, group, form)
    resource = catalogue.get(of)
    if resource is None or of not in known:
        raise BadParameter("of", _("There is nothing to translate here."))
    ids = [key for text in given.getlist("ids") if (key := parse_id(text)) is not None]
    if len(ids) < len(given.getlist("ids")):
        raise BadParameter("ids", _("There is no such record."))
    if len(ids) > MOST_CHOSEN:
        raise BadParameter("ids", _("Choose at most %(limit)s records.", limit=MOST_CHOSEN))
    listed = given.get("list", "")[:4_000]
    keys = tuple(ids) or _listed_keys(resource, listed)
    return Wanted(
        locales, (of,), group, form, resource, listed, tuple(ids), keys, 0 if keys == (_NONE,) else len(keys)
    )


def _listed_keys(resource: Resource, address: str) -> tuple[UUID, ...]:
    """Read the keys of the records that a list shows under its filters; none where it has none. Raises BadParameter."""
    query = read_query(resource, parse_qsl(address), On.LIST)
    if not (query.filters or query.search or query.missing or query.outdated):
        return ()
    table: Any = resource.model.__table__
    statement = narrow(select(table.c.id).select_from(table), resource, query, table)
    statement = statement.where(rows.condition(resource.name, current_user, resource.model, "translate"))
    if query.search:
        statement = statement.where(matching(resource, table, query.search, EVERY_LOCALE)[0])
    params = {name: value for name, value in values_of(query).items() if not name.startswith("after_")}
    keys = tuple(db.session.scalars(statement.limit(MOST_LISTED + 1), params))
    if len(keys) > MOST_LISTED:
        raise BadParameter("list", _("Filter the list: at most %(limit)s records go.", limit=MOST_LISTED))
    return keys or (_NONE,)
