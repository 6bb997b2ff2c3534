"""History in the reader's words: labels from the declarations, values as the screens show them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.access.rights import may
from app.kernel.db import db
from app.kernel.diffing import Piece, compare, readable, shortened
from app.kernel.errors import BadParameter
from app.kernel.locales import own_name
from app.resources import Catalogue, Field, Kind, On, Option, Resource
from app.resources.kinds import recorded
from app.resources.rich_text import plain_text
from app.surfaces.history.reading import entries
from app.surfaces.records import clocks, wording
from app.surfaces.records.chosen import seen_by_writer
from app.surfaces.screens.pages import Change, HistoryEntry, HistoryPage

PAGE = 60
LONGEST_TEXT = 600
_POSITION = Field("position", On.LIST, "", kind=Kind.NUMBER)
_REASON = Field("reason", On.LIST, "", kind=Kind.LONG_TEXT)
RELEASES = (Option("live", _l("Live"), "success"), Option("withdrawn", _l("Withdrawn"), "secondary"))
Titles = dict[tuple[str, str], str]


def history_page(catalogue: Catalogue, resource: Resource, record: Any, after: str = "") -> HistoryPage:
    """Word one page of a record's history; raises BadParameter for a place that is none."""
    if after and not (after.isascii() and after.isdecimal() and len(after) < 19):
        raise BadParameter("page[after]", _("Take page[after] from the page before, unchanged."))
    rows = entries(db.session(), resource.name, record.id, int(after) if after else None, PAGE + 1)
    here = f"/{resource.path}/{record.id}"
    more = urlencode({"page[after]": rows[PAGE - 1].id}) if len(rows) > PAGE else ""
    return HistoryPage(
        title=str(getattr(record, resource.title)),
        list_url=f"/{resource.path}/",
        list_title=str(resource.label),
        show_url=here,
        entries=tuple(Wording(catalogue, resource, record).word(rows[:PAGE])),
        next_url=f"{here}/history?{more}" if more else "",
    )


def latest_entries(
    catalogue: Catalogue, resource: Resource, record: Any, count: int
) -> tuple[HistoryEntry, ...]:
    """Word the newest changes of a record."""
    rows = entries(db.session(), resource.name, record.id, size=count * 5)
    return tuple(islice(Wording(catalogue, resource, record).word(rows), count))


class Wording:
    """Words the audit entries of one record. What one transaction changed is told as one change."""

    def __init__(self, catalogue: Catalogue, resource: Resource, record: Any) -> None:
        self.catalogue = catalogue
        self.resource = resource
        self.record = record
        self.currency = getattr(record, "currency", None) or "EUR"
        self.locale = wording.reader()
        self.titles: Titles = {}
        self.links = dict(_links(resource))

    @cached_property
    def zones(self) -> clocks.Zones:
        """Name the zones of the instants that the record has on the clocks of its place, as it is now."""
        return clocks.zones_of(db.session(), self.resource.fields, self.record)

    def word(self, rows: Sequence[Any]) -> Iterator[HistoryEntry]:
        """Word entries, newest first; changes of nothing that a reader knows are left out."""
        self.titles = self._read_titles(rows)
        for saved in _saves(rows):
            changes = tuple(change for row in reversed(saved) for change in self._changes(row))
            changes += tuple(self._linked(saved))
            own = next((row for row in saved if row.content_type == self.resource.name), None)
            action = own.action if own is not None else "update"
            if own is not None and action == "insert" and _was_deleted(rows, own):
                action = "restore"
            if changes or action != "update":
                first = saved[0]
                yield HistoryEntry(
                    actor=actor_of(first),
                    action=_action(action),
                    when=wording.ago(first.at, self.locale),
                    exact=wording.exact(first.at, self.locale),
                    changes=changes,
                )

    def _changes(self, row: Any) -> Iterator[Change]:
        prefix, fields = self._fields_of(row) if row.content_type not in self.links else ("", ())
        old, new = row.old or {}, row.new or {}
        for field in fields:
            before, after = old.get(field.name), new.get(field.name)
            if before != after and field.name != "id" and (field.name in old or field.name in new):
                is_state = row.content_type == "translation" and field.name == "state"
                language = own_name(str(new.get("locale"))) if is_state else ""
                label = " · ".join(part for part in (prefix, language, str(field.label)) if part)
                told = self._value(field, before), self._value(field, after)
                if not any(told):
                    continue  # nothing became nothing of another sort
                yield Change(label, *told, *self._place(row, field), _word_by_word(field, before, after))
        if row.action == "insert" and not fields and new.get("reason"):
            yield Change(_("Reason"), "", self._value(_REASON, new["reason"]))
        if row.action == "update" and prefix and "position" in new and new["position"] != old.get("position"):
            label = f"{prefix} · {_('Order')}"
            before, after = (self._value(_POSITION, doc["position"] + 1) for doc in (old, new))
            yield Change(label, before, after, self._place(row, _POSITION)[0], _("Order"))

    def _linked(self, saved: Sequence[Any]) -> Iterator[Change]:
        """Tell what was joined to a record by rows of a table that has no other use, and what was taken from it."""
        for table, field in self.links.items():
            rows = [row for row in saved if row.content_type == table]
            gone, new = (
                ", ".join(sorted(self._value(field, facts[field.name]) for facts in side if facts))
                for side in ((row.old for row in rows), (row.new for row in rows))
            )
            if gone != new:
                yield Change(str(field.label), gone, new)

    def _place(self, row: Any, field: Field) -> tuple[str, str]:
        """Tell in which group of its entry a change stands, and under which name."""
        if row.content_type == self.resource.name:
            return "", ""
        if row.content_type == "record_language":
            return own_name(str((row.new or row.old).get("locale"))), str(field.label)
        if row.content_type != "translation":
            child = next((c for c in self.resource.children if c.table == row.content_type), None)
            return (str(child.label), str(field.label)) if child else ("", "")
        facts = row.new or row.old
        owners: list[Any] = [self.resource, *self.resource.children]
        names = [self.resource.name, *(child.table for child in self.resource.children)]
        owner = next((o for n, o in zip(names, owners, strict=True) if n == facts.get("content_type")), None)
        fields = owner.fields if owner else ()
        source = next((str(f.label) for f in fields if f.name == facts.get("field")), str(facts.get("field")))
        name = f"{source} · {field.label}" if field.name != "text" else source
        return own_name(str(facts.get("locale"))), name

    def _fields_of(self, row: Any) -> tuple[str, Iterable[Field]]:
        """Find how a row is called and which of its columns a reader knows."""
        if row.content_type == self.resource.name:
            return "", self.resource.fields
        if row.content_type == "translation":
            if row.action == "update" and row.new.get("state") == "stale":
                return "", ()  # what follows from the change of the source, which is told
            return self._translation(row.new or row.old, told_state=row.action == "update")
        if row.content_type == "record_language":
            return "", (Field("status", On.LIST, _("Readers"), kind=Kind.CHOICE, options=RELEASES),)
        if row.content_type in self.links:
            return "", (self.links[row.content_type],)
        child = next((child for child in self.resource.children if child.table == row.content_type), None)
        return (_capital(str(child.singular)), child.fields) if child else ("", ())

    def _translation(self, facts: Mapping[str, Any], told_state: bool) -> tuple[str, Iterable[Field]]:
        language = own_name(str(facts.get("locale")))
        owners: list[tuple[str, Any]] = [(self.resource.name, self.resource)]
        owners += [(child.table, child) for child in self.resource.children]
        for name, owner in owners:
            if name == facts.get("content_type"):
                field = next((f for f in owner.fields if f.name == facts.get("field")), None)
                label = str(field.label) if field else str(facts.get("field"))
                own = "" if owner is self.resource else f"{_capital(str(owner.singular))} · "
                declared = self.catalogue.get("translation")
                state = declared.field("state") if declared and told_state else None
                kind = Kind.RICH_TEXT if field and field.kind is Kind.RICH_TEXT else Kind.LONG_TEXT
                text = Field("text", On.LIST, language, kind=kind)
                return f"{own}{label}", (text, *((state,) if state else ()))
        return language, ()

    def _value(self, field: Field, raw: Any) -> str:
        if raw is None or raw == "":
            return ""
        if field.kind in (Kind.TEXT, Kind.LONG_TEXT, Kind.JSON, Kind.SLUG, Kind.RICH_TEXT):
            text = plain_text(raw) if field.kind is Kind.RICH_TEXT else str(raw)
            return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"
        if field.kind in (Kind.RELATION, Kind.PICTURE):
            return self.titles.get((field.target, str(raw))) or _("(not there any more)")
        value = recorded(field, raw)
        zone = self.zones.get(field.name, "")
        if field.kind is Kind.INSTANT and not zone:
            return wording.exact(value, self.locale)
        worded = wording.cell(field, value, self.locale, self.currency, title=zone)
        return worded.hint or worded.text

    def _read_titles(self, rows: Sequence[Any]) -> Titles:
        """Read the titles of the records that the entries point at: a statement for each content type."""
        wanted: dict[str, set[str]] = {}
        for row in rows:
            for field in self._fields_of(row)[1]:
                for facts in (row.old or {}, row.new or {}):
                    if field.kind in (Kind.RELATION, Kind.PICTURE) and facts.get(field.name):
                        wanted.setdefault(field.target, set()).add(facts[field.name])
        titles: Titles = {}
        for target, keys in wanted.items():
            if (resource := self.catalogue.get(target)) is not None:
                model = resource.model
                found = select(model.id, getattr(model, resource.title)).where(model.id.in_(sorted(keys)))
                if may("list", target) and (rule := seen_by_writer(resource)) is not None:
                    found = found.where(rule)  # what it pointed at once may be others'
                titles |= {(target, str(key)): str(title) for key, title in db.session.execute(found)}
        return titles


def _links(resource: Resource) -> Iterator[tuple[str, Field]]:
    """List the tables that join records of others to a resource's, each with the column that names these."""
    for field in resource.fields:
        if field.join is not None:
            told = Field(field.join.theirs, On.LIST, field.label, kind=Kind.RELATION, target=field.target)
            yield str(field.join.table.name), told


def _word_by_word(field: Field, before: Any, after: Any) -> tuple[Piece, ...]:
    """Compare two texts; other values are told as they were and as they are."""
    if not isinstance(before, str) or not isinstance(after, str) or not (before and after):
        return ()
    kind = field.kind.value if field.kind else ""
    if kind == "rich_text":
        before, after = readable(before), readable(after)
    elif kind not in ("text", "long_text"):
        return ()
    return shortened(compare(before, after))


def _was_deleted(rows: Sequence[Any], added: Any) -> bool:
    """Tell whether a record that was added had been there before: then its deletion was undone."""
    same = (row for row in rows if row.id < added.id and row.content_type == added.content_type)
    return any(row.action == "delete" and row.object_id == added.object_id for row in same)


def _saves(rows: Sequence[Any]) -> Iterator[list[Any]]:
    """Put together what one transaction of one actor wrote, a row of it once."""
    saved: list[Any] = []
    for row in rows:
        seen = {(other.content_type, other.object_id) for other in saved}
        if saved and (_mark(row) != _mark(saved[0]) or (row.content_type, row.object_id) in seen):
            yield saved
            saved = []
        saved.append(row)
    if saved:
        yield saved


def _mark(row: Any) -> tuple[Any, ...]:
    return row.transaction_id, row.correlation_id, row.actor_kind, row.actor_id


def actor_of(row: Any) -> str:
    """Name who made an entry of the history."""
    if row.actor_kind == "database":
        return _("Database user %(name)s", name=row.actor_label)
    return row.actor_label or _("Someone not signed in")


def _action(action: str) -> str:
    return {
        "insert": _("Added"),
        "update": _("Changed"),
        "delete": _("Deleted"),
        "truncate": _("Emptied"),
        "restore": _("Restored"),
    }[action]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
