"""The panel beside a record: its history, what staff say about it, and what refers to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, jsonify, redirect, render_template, request
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from app.access.rights import may
from app.kernel.db import db, unit_of_work
from app.kernel.errors import BadParameter, DomainError, Invalid
from app.kernel.ids import new_id, parse_id
from app.resources import Catalogue, Field, On, Resource
from app.surfaces.comments import talking
from app.surfaces.comments.reading import count_open, threads
from app.surfaces.desk import saved_forms
from app.surfaces.history.restoring import is_restorable, restore, undo_token
from app.surfaces.history.wording import history_page
from app.surfaces.records import wording
from app.surfaces.records.cautions import cautions
from app.surfaces.records.references import Fate, Reference, references, referrers, sources
from app.surfaces.screens.gate import allowed

HISTORY, COMMENTS, REFERENCES = "history", "comments", "references"


@dataclass(frozen=True, slots=True)
class PanelTab:
    """One tab; `count` is what waits there."""

    name: str
    label: str
    icon: str
    url: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class Panel:
    """staff/_panel.html: the tabs, and which one is open ("" for none)."""

    tabs: tuple[PanelTab, ...]
    open: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class ReferenceLine:
    """One kind of record that refers to this one."""

    label: str
    through: str
    icon: str
    count: str
    reference: Reference


@dataclass(frozen=True, slots=True)
class References:
    """Those that the reader is told of, by kind; `hidden` when there are more that their role does not show."""

    lines: tuple[ReferenceLine, ...]
    hidden: bool


def panel_of(resource: Resource, record: Any, fallback: str = "") -> Panel | None:
    """Make the panel of a record for the reader, open where they left it; None for who may not see the record."""
    if not may("show", resource.name):
        return None
    here = f"/{resource.path}/{record.id}/panel?tab="
    tabs = (
        [PanelTab(HISTORY, _("History"), "history", f"{here}{HISTORY}")]
        if may("history", resource.name)
        else []
    )
    waiting = count_open(db.session(), resource, record)
    tabs.append(PanelTab(COMMENTS, _("Comments"), "message", f"{here}{COMMENTS}", waiting))
    tabs.append(PanelTab(REFERENCES, _("References"), "link", f"{here}{REFERENCES}"))
    wanted = request.args.get("panel") or request.cookies.get("panel", fallback)
    names = {tab.name for tab in tabs}
    return Panel(tuple(tabs), wanted if wanted in names else "", str(getattr(record, resource.title)))


class HasPanel:
    """The panel of a StaffView, and what is done in it."""

    catalogue: Catalogue
    resource: Resource
    find: Any
    key_of: Any

    @expose("/<key>/panel")
    @allowed("show")
    def panel(self, key: str) -> Any:
        """Show one tab, as a part for a script or as a page of its own."""
        record = self.find(key, "show")
        tab = request.args.get("tab", COMMENTS)
        parts: dict[str, Callable[[Any], str]] = {
            HISTORY: self.history_part,
            COMMENTS: self.comments_part,
            REFERENCES: self.references_part,
        }
        if tab not in parts:
            raise BadParameter("tab", _("There is no such tab."))
        return self.part_or_page(record, tab, parts[tab](record))

    @expose("/<key>/people")
    @allowed("show")
    def people(self, key: str) -> Any:
        """Find staff who may see the record, to be named in a comment."""
        record = self.find(key, "show")
        query = request.args.get("q", "")[:80]
        found = talking.people(db.session(), self.resource, record, query)
        return jsonify({"data": [{"name": user.username, "text": name} for user, name in found]})

    @expose("/<key>/comments", methods=["POST"])
    @allowed("show")
    def comment(self, key: str) -> Any:
        """Write a comment."""
        record = self.find(key, "show")
        return self.talk(record, lambda session: self.write_comment(session, record))

    def write_comment(self, session: Any, record: Any) -> None:
        """Write the comment that was sent, unless its form wrote it already: one sent twice is said once."""
        sent, key = request.form, parse_id(request.form.get("once", ""))
        first = saved_forms.claim(session, current_user.id, key, sent) if key else None
        if first and first.is_same and talking.is_there(session, first.object_id):
            return
        facts = {"thread": sent.get("thread", ""), "field": sent.get("field", "")}
        said = talking.add(session, self.resource, record, current_user, sent.get("body", ""), **facts)
        if key:
            saved_forms.note(session, current_user.id, key, said, sent)

    @expose("/<key>/comments/<comment>", methods=["POST"])
    @allowed("show")
    def change_comment(self, key: str, comment: str) -> Any:
        """Change or take back one's own comment; settle a thread or open it again."""
        record = self.find(key, "show")
        place = (self.resource, record, current_user, comment)
        verbs: dict[str, Callable[[Any], Any]] = {
            "edit": lambda session: talking.change(session, *place, request.form.get("body", "")),
            "remove": lambda session: talking.remove(session, *place),
            "resolve": lambda session: talking.resolve(session, *place, True),
            "reopen": lambda session: talking.resolve(session, *place, False),
        }
        verb = verbs.get(request.form.get("do", ""))
        return self.talk(record, verb) if verb else abort(400)

    @expose("/<key>/before-delete")
    @allowed("delete")
    def before_delete(self, key: str) -> Any:
        """Tell what refers to a record and what its deletion would do, for the dialog that asks."""
        record = self.find(key, "delete")
        found = references(db.session(), self.catalogue, self.resource, record)
        fates = {fate.value: _told(item for item in found if item.source.fate is fate) for fate in Fate}
        is_undone = is_restorable(self.catalogue, self.resource)
        stays = self.resource.stays(record) if self.resource.stays is not None else ""
        switch_url = f"/{self.resource.path}/{record.id}/edit" if self.is_switched(record) else ""
        return render_template(
            "staff/_deleting.html", fates=fates, is_undone=is_undone, stays=stays, switch_url=switch_url
        )

    @expose("/undelete", methods=["POST"])
    @allowed("delete")
    def undelete(self) -> Any:
        """Take a deletion of one's own back."""
        token = request.form.get("token", "")
        base = f"/{self.resource.path}/"
        try:
            with unit_of_work() as session:
                back = restore(session, self.catalogue, self.resource, token, current_user.id)
                records = [session.get(self.resource.model, self.key_of(str(key))) for key in back]
                warnings = cautions(session, self.resource, records)
        except DomainError as error:
            flash(str(error.message), "danger")
            return redirect(base)
        flash(ngettext("%(num)d record is back.", "%(num)d records are back.", len(back)), "success")
        for sentence in warnings:
            flash(sentence, "warning")
        return redirect(f"{base}{back[0]}" if len(back) == 1 and may("show", self.resource.name) else base)

    def undo_of(self, session: Any, key: Any = None) -> str:
        """Give the category of the note by which a deletion is taken back; "" where it cannot be."""
        if not is_restorable(self.catalogue, self.resource):
            return ""
        token = undo_token(session, self.resource, key, current_user.id)
        return f"undo /{self.resource.path}/undelete {token}" if token else ""

    def still_used(self, record: Any, error: DomainError) -> str:
        """Name what forbids a deletion, as far as the reader may know of it."""
        found = references(db.session(), self.catalogue, self.resource, record)
        told = _told(item for item in found if item.source.fate is Fate.REFUSES)
        counted = [f"{line.label} ({line.count})" for line in told.lines if line.reference.count]
        said = str(error.message)
        if counted:
            words = ", ".join(counted)
            said = _("It is still used: %(records)s. Change or remove them first.", records=words)
        elif told.hidden:
            said = _("It cannot be deleted: records that your role does not show still refer to it.")
        if counted and told.hidden:
            said += " " + _("There are more that your role does not show.")
        if (counted or told.hidden) and self.is_switched(record):
            said += " " + _("Make it inactive instead: it stays here and is offered no more.")
        return said

    def is_switched(self, record: Any) -> bool:
        """Tell whether the reader may make the record inactive, which it is not yet."""
        switch = self.resource.field("is_active")
        has_switch = switch is not None and bool(switch.on & On.FORM) and may("edit", self.resource.name)
        return has_switch and bool(record.is_active)

    def talk(self, record: Any, verb: Callable[[Any], Any]) -> Any:
        """Do something with the comments, then show them; a refusal keeps what was typed."""
        refused, status = "", 200
        try:
            with unit_of_work() as session:
                verb(session)
        except Invalid as error:
            refused, status = str(next(iter(error.errors.values()))[0]), 422
        except DomainError as error:
            refused, status = str(error.message), error.status
        if not refused and not request.headers.get("X-Part"):
            return redirect(f"/{self.resource.path}/{record.id}/panel?tab={COMMENTS}")
        typed = request.form.get("body", "") if refused else ""
        return self.part_or_page(record, COMMENTS, self.comments_part(record, refused, typed)), status

    def part_or_page(self, record: Any, tab: str, part: str) -> Any:
        """Give a tab alone to a script, else the page around it."""
        if request.headers.get("X-Part"):
            return part
        panel = panel_of(self.resource, record)
        return render_template(
            "staff/panel.html", panel=panel, tab=tab, part=part, resource=self.resource, record=record
        )

    def history_part(self, record: Any) -> str:
        """Draw the history."""
        if not may("history", self.resource.name):
            abort(403)
        page = history_page(self.catalogue, self.resource, record, request.args.get("page[after]", ""))
        return render_template("staff/_history.html", page=page)

    def comments_part(self, record: Any, refused: str = "", typed: str = "") -> str:
        """Draw the comments."""
        found = threads(db.session(), self.resource, record, current_user)
        fields: tuple[Field, ...] = self.resource.fields_on(On.FORM)
        return render_template(
            "staff/_comments.html",
            threads=found,
            fields=fields,
            here=f"/{self.resource.path}/{record.id}",
            refused=refused,
            typed=typed,
            new_key=new_id,
        )

    def references_part(self, record: Any) -> str:
        """Draw what refers to the record, or all of one kind."""
        wanted = request.args.get("of", "")
        if wanted:
            source = next((s for s in sources(self.catalogue, self.resource) if s.name == wanted), None)
            if source is None or source.owner is None:
                raise BadParameter("of", _("Nothing of that name refers to these records."))
            found = referrers(db.session(), source, record)
            return render_template("staff/_referrers.html", source=source, found=found)
        every = references(db.session(), self.catalogue, self.resource, record)
        told = _told(item for item in every if not item.source.is_own and item.source.owner is not None)
        return render_template("staff/_references.html", told=told)


def _told(found: Iterable[Reference]) -> References:
    """Leave out the kinds of which the reader may see none: a link would be refused, and 0 would be wrong."""
    known = list(found)
    lines = tuple(_line(item) for item in known if item.count or item.source.owner is None)
    return References(lines, any(item.hidden and item.source.owner is not None for item in known))


def _line(reference: Reference) -> ReferenceLine:
    source = reference.source
    owner, child = source.owner, source.child
    if owner is None:
        return ReferenceLine(_("Other records"), "", "folder", "", reference)
    label = str(child.label) if child and source.is_own else str(owner.label)
    through = str(child.label if child else source.field.label if source.field else "")
    number = wording.number(reference.count, wording.reader())
    count = f"{number}+" if reference.is_more else number
    return ReferenceLine(label, "" if source.is_own else through, owner.icon, count, reference)
