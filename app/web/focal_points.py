"""A picture's own page and form: its focal point is dragged, another file takes its place, twins are merged."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import Any

from flask import abort, flash, redirect, render_template, request
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import ngettext

from app.kernel.db import unit_of_work
from app.kernel.errors import DomainError, NotFound
from app.media.service import file_name_of, replace_picture
from app.media.twins import set_apart
from app.resources import On
from app.surfaces.records import writing
from app.surfaces.screens.forms import Refusal
from app.surfaces.screens.gate import allowed
from app.surfaces.screens.pictures import TYPES
from app.surfaces.screens.shows import Show
from app.surfaces.screens.view import StaffView
from app.web.library.about import about
from app.web.library.merging import hold_both, use_everywhere
from app.web.library.refusals import reason_of
from app.web.library.uses import uses_of

MOST_NAMED = 3


class PictureForm(StaffView):
    """Shows the picture in its own form, and takes another file in its place."""

    @expose("/<key>")
    @allowed("show")
    def show(self, key: str) -> Any:
        """Show one picture with the fields of its form, and all else that is known of it beside them."""
        record = self.find(key, "show")
        page = Show(self.catalogue, self.resource, record, On.FORM).page()
        told = replace(about(self.catalogue, record), tags=())  # they are among the fields
        return render_template("library/show.html", page=page, about=told)

    def form(self, record: Any | None, refusal: Refusal | None = None, status: int = 200) -> Any:
        """Show the form with the picture above it and all that is known of it below."""
        if record is None:
            return super().form(record, refusal, status)
        page = replace(self.form_page(record, refusal), kept=())
        if page.is_drawer:
            return super().form(record, refusal, status)
        told = about(self.catalogue, record)
        return render_template(
            "staff/picture_form.html", page=page, about=told, types=",".join(TYPES)
        ), status

    @expose("/<key>/replace", methods=["POST"])
    @allowed("edit")
    def replace(self, key: str) -> Any:
        """Put another picture in place of one; everything that shows it shows the new one."""
        record = self.find(key, "edit")
        try:
            with closing(request.files["file"]) as sent:
                content, name = sent.read(), file_name_of(sent.filename or "")
            with unit_of_work():
                replace_picture(record, content, name, request.form.get("keeps_focal") == "1")
        except DomainError as error:
            flash(reason_of(error), "danger")
        else:
            flash(_("The picture was replaced."), "success")
        return redirect(f"/{self.resource.path}/{record.id}/edit")

    @expose("/<key>/merge", methods=["POST"])
    @allowed("edit")
    def merge(self, key: str) -> Any:
        """Show this picture wherever another one is shown, and delete that one if it is asked for."""
        kept, other = self.find(key, "edit"), self.find(request.form.get("other", ""), "edit")
        if kept.id == other.id:
            abort(404)
        key, goes, undo = str(kept.id), request.form.get("delete") == "1", ""
        title = other.title
        if goes:
            self.require_action("delete")
        try:
            with unit_of_work() as session:
                hold_both(session, kept, other)
                count = use_everywhere(session, self.catalogue, kept, other)
                if goes:
                    session.refresh(other)
                    writing.remove(session, self.resource, other)
                    undo = self.undo_of(session, other.id)
        except NotFound as error:
            flash(reason_of(error), "danger")
            return redirect(f"/{self.resource.path}/")
        except DomainError as error:
            flash(reason_of(error), "danger")
        else:
            told = ngettext(
                "%(num)d record shows this picture now.", "%(num)d records show this picture now.", count
            )
            flash(told if count else _("The other picture was shown nowhere."), "success")
            if goes:
                flash(_("“%(title)s” was deleted.", title=title), undo or "success")
        return redirect(f"/{self.resource.path}/{key}")

    @expose("/<key>/apart", methods=["POST"])
    @allowed("edit")
    def apart(self, key: str) -> Any:
        """Remember that two pictures that look alike are different."""
        record, other = self.find(key, "edit"), self.find(request.form.get("other", ""), "edit")
        with unit_of_work() as session:
            set_apart(session, record.id, other.id)
        flash(_("They are not told as duplicates any more."), "success")
        return redirect(f"/{self.resource.path}/{record.id}")

    @expose("/<key>/delete", methods=["POST"])
    @allowed("delete")
    def delete(self, key: str) -> Any:
        """Delete a picture that is shown nowhere; of one that is, say where."""
        record = self.find(key, "delete")
        uses = uses_of(self.catalogue, record.id)
        if not uses:
            return super().delete(key)
        named = [f"{use.type_label} “{use.title}”" for use in uses if use.title is not None]
        rest = len(uses) - len(named[:MOST_NAMED])
        where = (
            ", ".join(named[:MOST_NAMED]) + (" + " if named and rest else "") + (str(rest) if rest else "")
        )
        flash(
            _("The picture is still shown: %(where)s. Show another one there first.", where=where), "danger"
        )
        return redirect(f"/{self.resource.path}/{record.id}#used")
