"""Forms that lose nothing: kept as they are typed, offered again, and joined with what others saved."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import structlog
from flask import abort, flash, jsonify, redirect, render_template, request
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import inspect
from sqlalchemy.exc import DataError
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound as Missing

from app.access.rights import may
from app.kernel import languages
from app.kernel.db import db, unit_of_work
from app.kernel.errors import DomainError, Invalid, NotFound
from app.kernel.ids import new_id, parse_id
from app.resources import Catalogue, Resource
from app.surfaces.desk import kept_forms, saved_forms
from app.surfaces.desk.kept_forms import KeptForm
from app.surfaces.desk.saved_forms import FirstUse
from app.surfaces.records import wording
from app.surfaces.records.adding import may_add
from app.surfaces.records.changes import Changes, ChildChanges, read_form
from app.surfaces.records.merging import differences
from app.surfaces.records.states import State, typed
from app.surfaces.screens import drawers
from app.surfaces.screens.copying import make_copy
from app.surfaces.screens.form_pages import FormPage
from app.surfaces.screens.forms import Form, Refusal
from app.surfaces.screens.gate import allowed
from app.surfaces.screens.panel import panel_of
from app.surfaces.screens.pictures import take_uploads
from app.surfaces.screens.prefilled import prefilled
from app.surfaces.screens.settling import Settled, base_of, settle, told
from app.surfaces.screens.slots import Cards, ClashCard, form_rows, row_keys, slot_labels
from app.surfaces.screens.unsaved import unsaved

MOST_TITLE = 80
MOST_NAMED = 6
log: Any = structlog.get_logger("festoon.forms")


@dataclass(frozen=True, slots=True)
class Offer:
    """A form that was left unsaved: when, which fields, and how to go on."""

    key: str
    when: str
    exact: str
    title: str
    fields: tuple[str, ...]
    more: int
    continue_url: str


@dataclass(frozen=True, slots=True)
class MergeNotice:
    """Somebody else saved first: what was joined, and what has to be chosen."""

    joined: tuple[str, ...]
    cards: tuple[ClashCard, ...]


@dataclass(frozen=True, slots=True)
class Safety:
    """What a form needs to lose nothing: where it is kept, what it began from, what was left before."""

    key: str
    keep_url: str
    base: str
    seen: str = ""
    offers: tuple[Offer, ...] = ()
    continued: str = ""
    merge: MergeNotice | None = None
    is_typed: bool = False


class KeepsForms:
    """The form of a StaffView, its saving, and the place where it is kept while it is typed."""

    catalogue: Catalogue
    resource: Resource
    find: Any
    write_record: Any
    after_save: Any
    visible: Any
    key_of: Any
    verb_of_form: Any
    is_mine: Any
    beside_form: Any

    @expose("/keep", methods=["POST"])
    @allowed("add")
    def keep_new(self) -> Any:
        """Keep what was typed for a new record."""
        return self.keep_typed("")

    @expose("/<key>/keep", methods=["POST"])
    @allowed("edit", "translate")
    def keep(self, key: str) -> Any:
        """Keep what was typed for a record."""
        record = self.find(key, "edit" if may("edit", self.resource.name) else "translate")
        return self.keep_typed(str(record.id))

    def keep_typed(self, object_id: str) -> Any:
        """Keep the form, or forget it when it says that nothing is unsaved any more."""
        key = parse_id(request.form.get("kept", ""))
        if key is None:
            abort(400)
        with unit_of_work() as session:
            if request.form.get("clean") or (not object_id and self.is_made(session, key)):
                kept_forms.drop(session, current_user.id, key)
                return jsonify({"kept": None})
            at = kept_forms.keep(session, current_user.id, key, self.resource.name, object_id, request.form)
        if at is None:
            abort(404)
        return jsonify({"kept": str(key), "at": at.isoformat(), "time": _time(at)})

    def is_made(self, session: Any, key: UUID) -> bool:
        """Tell whether a record was made of just what is sent: it came late, and nothing of it is unsaved."""
        made = self.key_of(saved_forms.made_by(session, current_user.id, key, request.form))
        return made is not None and session.get(self.resource.model, made) is not None

    def form(self, record: Any | None, refusal: Refusal | None = None, status: int = 200) -> Any:
        """Show the form."""
        page = self.form_page(record, refusal)
        return drawers.framed(render_template("staff/form.html", page=page), status, page.is_drawer)

    def form_page(self, record: Any | None, refusal: Refusal | None = None) -> FormPage:
        """Make the form's page: as the record is, as it was left, or as it was refused."""
        sent: MultiDict[str, str] = request.form
        continued = None
        if request.method == "GET":
            continued = self.find_kept(record)
            sent = continued.typed if continued else MultiDict()
        if continued is not None:
            changes = read_form(self.resource, sent, languages.content_locales(), self.writes(record))
            refusal = (
                Refusal(changes, revision=changes.revision)
                if record is not None
                else Refusal(_as_new(changes))
            )
        proposed = None
        if (
            request.method == "GET"
            and continued is None
            and (proposed := prefilled(self.resource, request.args))
        ):
            refusal = Refusal(proposed)
        page = Form(
            self.catalogue,
            self.resource,
            record,
            refusal,
            is_readonly=not self.is_mine(record),
            is_drawer="drawer" in request.args,
            title=request.args.get("title", ""),
        ).page()
        merge = self.notice(refusal.settled, refusal.changes) if refusal and refusal.settled else None
        here = f"/{self.resource.path}/{record.id}" if record is not None else f"/{self.resource.path}"
        return replace(
            page,
            panel=panel_of(self.resource, record) if record is not None else None,
            beside=self.beside_form(record, sent),
            safety=Safety(
                key=str(continued.id) if continued else str(parse_id(sent.get("kept", "")) or new_id()),
                keep_url=f"{here}/keep",
                base=sent.get("base", "") if sent else base_of(self.resource, record),
                seen=str(refusal.settled.revision) if merge and refusal else "",
                offers=() if sent else self.offers(record),
                continued=_time(continued.at) if continued else "",
                merge=merge,
                is_typed=bool(sent) or proposed is not None,
            ),
        )

    def writes(self, record: Any | None) -> bool:
        """Tell whether the reader may write more than translations."""
        return may("add" if record is None else "edit", self.resource.name)

    def find_kept(self, record: Any | None) -> KeptForm | None:
        """Find the kept form that the address asks to go on with."""
        kept = kept_forms.find(db.session(), current_user.id, parse_id(request.args.get("kept", "")))
        if kept is None or kept.content_type != self.resource.name:
            return None
        if record is not None:
            return kept if kept.object_id == str(record.id) else None
        return kept if not kept.object_id or self.is_gone(kept.object_id) else None

    def is_gone(self, key: str) -> bool:
        """Tell whether there is no record of this key any more, as far as the reader may know."""
        found = self.visible(self.verb_of_form()).where(self.resource.model.id == self.key_of(key))
        return db.session.scalar(found) is None

    def offers(self, record: Any | None) -> tuple[Offer, ...]:
        """Word the forms of this record that the reader left unsaved."""
        object_id = "" if record is None else str(record.id)
        found = kept_forms.offered(db.session(), current_user.id, self.resource.name, object_id)
        here = f"/{self.resource.path}/{object_id}/edit" if object_id else f"/{self.resource.path}/add"
        fresh = Form(self.catalogue, self.resource, None).page() if found and record is None else None
        return tuple(offer for kept in found if (offer := self.offer(record, kept, here, fresh)) is not None)

    def offer(self, record: Any | None, kept: KeptForm, here: str, fresh: FormPage | None) -> Offer | None:
        """Word one of them; None when the record, or a fresh form, holds all of it."""
        writes = self.writes(record)
        if fresh is not None:
            sent = read_form(self.resource, kept.typed, languages.content_locales(), writes)
            yours = typed(db.session(), self.resource, sent, record)
            labels = slot_labels(
                self.resource, differences(_begun(self.resource, fresh, yours), yours), row_keys(yours)
            )
        else:
            labels = unsaved(db.session(), self.resource, record, kept, writes)
        if not labels:
            return None
        when = _time(kept.at)
        exact = wording.exact(kept.at, wording.reader())
        more = max(0, len(labels) - MOST_NAMED)
        title = kept.typed.get(self.resource.title, "")[:MOST_TITLE]
        return Offer(
            str(kept.id), when, exact, title, tuple(labels[:MOST_NAMED]), more, f"{here}?kept={kept.id}"
        )

    def save_to(self, key: str) -> Any:
        """Save what was typed for a record; where that is gone by now, offer it as a new one."""
        try:
            record = self.find(key, self.verb_of_form())
        except Missing:
            if self.form_key() is None or not may_add(self.resource):
                raise
            changes = read_form(self.resource, request.form, languages.content_locales())
            return self.form_of_gone(changes, _("Somebody deleted this record meanwhile."))
        return self.save(record)

    def save(self, record: Any | None) -> Any:
        """Write what the form sent, or show it again with what is wrong, keeping what was typed."""
        writes = self.writes(record)
        changes = read_form(self.resource, request.form, languages.content_locales(), writes)
        if record is None and request.form.get("then") == "copy":
            make_copy(db.session(), self.resource, changes)
        began = changes.revision
        try:
            with unit_of_work() as session:
                if record is None and (first := self.first_use(session)) is not None:
                    return self.saved_already(session, first)
                settled = settle(session, self.resource, record, changes, request.form)
                if not settled.merge.clashes:
                    if writes:
                        take_uploads(self.resource, request.files, settled.changes, record and record.id)
                    saved = self.write_record(session, record, settled.changes)
                    self.let_go(session, saved, is_new=record is None)
        except Invalid as error:
            self.keep_refused(record)
            return self.form(record, Refusal(changes, error.errors, revision=began), 422)
        except NotFound as error:
            if not may_add(self.resource):
                raise
            return self.form_of_gone(changes, error.message)
        except DomainError as error:
            self.keep_refused(record)
            return self.form(record, Refusal(changes, {"": [error.message]}, revision=began), error.status)
        except DataError as error:  # a value that nothing before the database looked at
            tell_unchecked(error, self.resource.name)
            self.keep_refused(record)
            sentence = _("A value is not of the kind that belongs there.")
            return self.form(record, Refusal(changes, {"": [sentence]}, revision=began), 422)
        if settled.merge.clashes:
            self.keep_refused(record)
            db.session.refresh(record)
            return self.form(record, Refusal(settled.changes, revision=began, settled=settled), 409)
        flash(_("“%(title)s” was saved.", title=str(getattr(saved, self.resource.title))), "success")
        if sentence := told(self.resource, settled):
            flash(sentence, "warning")
        return redirect(self.after_save(saved))

    def first_use(self, session: Any) -> FirstUse | None:
        """Take the form's key for the new record; give its first use while the record it made is there."""
        key = self.form_key()
        if key is None:
            return None
        first = saved_forms.claim(session, current_user.id, key, request.form)
        made = self.key_of(first.object_id) if first else None
        return first if made is not None and session.get(self.resource.model, made) is not None else None

    def saved_already(self, session: Any, first: FirstUse) -> Any:
        """Go on to the record that this form made before; what was typed since waits in that record's form."""
        record = session.get(self.resource.model, self.key_of(first.object_id))
        flash(_("“%(title)s” was saved already.", title=str(getattr(record, self.resource.title))), "success")
        may_edit = may("edit", self.resource.name)
        if first.is_same:
            kept_forms.drop(session, current_user.id, self.form_key())
        else:
            self.keep_refused(record if may_edit else None)
        if first.is_same or not may_edit:
            return redirect(self.after_save(record))
        query = urlencode({"kept": self.form_key()} | ({"drawer": "1"} if "drawer" in request.args else {}))
        return redirect(f"/{self.resource.path}/{record.id}/edit?{query}")

    def let_go(self, session: Any, saved: Any, is_new: bool) -> None:
        """Keep the form no longer, and note which record it made."""
        key = self.form_key()
        kept_forms.drop(session, current_user.id, key)
        if is_new and key is not None:
            saved_forms.note(session, current_user.id, key, saved, request.form)

    def form_of_gone(self, changes: Changes, sentence: Any) -> Any:
        """Offer what was typed as a new record: the one it was typed for is gone."""
        db.session.rollback()
        self.keep_refused(None)
        told = _("What you typed is here as a new record; save it to keep it.")
        return self.form(None, Refusal(_as_new(changes), {"": [sentence, told]}), 409)

    def form_key(self) -> UUID | None:
        """Read under which key the sent form is kept."""
        return parse_id(request.form.get("kept", ""))

    def keep_refused(self, record: Any | None) -> None:
        """Keep what was sent and not saved, so that not even a crash right now loses it."""
        key = self.form_key()
        if key is None:
            return
        object_id = "" if record is None else str(inspect(record).identity[0])
        with unit_of_work() as session:
            kept_forms.keep(session, current_user.id, key, self.resource.name, object_id, request.form)

    def notice(self, settled: Settled, changes: Changes) -> MergeNotice:
        """Word what was joined and what overlaps."""
        rows = form_rows(changes, settled.theirs)
        currency = str(changes.values.get("currency") or "EUR")
        cards = Cards(self.catalogue, self.resource, currency, rows, settled.actors, changes, settled.choices)
        joined = slot_labels(self.resource, settled.merge.taken, rows)
        return MergeNotice(tuple(joined), cards.make(settled.merge.clashes))


def tell_unchecked(error: DataError, content_type: str) -> None:
    """Tell in the log, without the value, that a value should be checked before the database refuses it."""
    log.warning(
        "value not checked before the database", resource=content_type, cause=type(error.orig).__name__
    )


def _as_new(changes: Changes) -> Changes:
    """Take off what ties the changes to a record."""
    changes.revision = None
    for rows in changes.children.values():
        for row in rows:
            row.id = ""
    return changes


def _begun(resource: Resource, fresh: FormPage, yours: State) -> State:
    """Give the state that a new record's form began from; each row that was added began as a blank one."""
    session = db.session()
    began = typed(session, resource, Changes({item.name: item.value for item in fresh.fields}))
    for table in fresh.children:
        blank = {item.name.split("__index__-")[1]: item.value for item in table.blank.inputs}
        rows = [ChildChanges(key, key, blank) for key in yours.children.get(table.name, ())]
        began.children |= typed(session, resource, Changes(children={table.name: rows})).children
    return began


def _time(at: Any) -> str:
    """Write an instant in the reader's time zone, as short as it is clear: today's by its time alone."""
    locale = wording.reader()
    if wording.is_of_today(at):
        return wording.time(at, locale)
    return wording.exact(at, locale)
