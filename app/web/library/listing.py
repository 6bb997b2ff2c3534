"""The library's list: the generated one with folders beside it, and what is done to many pictures at once."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any

from flask import Response, abort, flash, jsonify, redirect, render_template, request
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import ngettext

from app.access.rights import may
from app.kernel.db import db, unit_of_work
from app.kernel.errors import DomainError
from app.kernel.ids import parse_id
from app.media.models import Asset, AssetState
from app.media.service import file_name_of, store_picture, title_of
from app.surfaces.records.query import ListQuery
from app.surfaces.screens.gate import allowed
from app.surfaces.screens.lists import list_page
from app.surfaces.screens.pages import ListPage
from app.surfaces.screens.view import MOST_AT_ONCE, StaffView, is_part
from app.web.library import moving
from app.web.library.files import send
from app.web.library.refusals import reason_of
from app.web.library.shelf import gallery, sees_folders, side_of


class LibraryList(StaffView):
    """Pictures as a grid or a table, with folders; they are dropped on it, moved and tagged in it."""

    @expose("/")
    @allowed("list")
    def list(self) -> Any:
        """Show one page of the pictures; as pictures, unless the address says otherwise."""
        if not request.args and not is_part() and (opening := self.desk().opening_url):
            return redirect(opening)
        query = self.query()
        if query.way not in ("", "table"):
            return super().list()
        page = self.library_page(query)
        if is_part():
            return render_template("staff/_part.html", page=page)
        facts = {"may_sort": may("edit", "asset"), "sees_folders": sees_folders()}
        return render_template("library/list.html", page=page, **facts)

    def library_page(self, query: ListQuery) -> ListPage:
        """Read the page; uploads go into the folder that is open."""
        page = list_page(self.catalogue, self.resource, query)
        folder = next(
            (str(f.value) for f in query.filters if (f.field.name, f.operator) == ("folder_id", "eq")), ""
        )
        if page.uploads is not None and folder and sees_folders():
            page = replace(page, uploads=replace(page.uploads, folder=folder))
        return page if query.way == "table" else gallery(page, query)

    @expose("/add")
    @allowed("add")
    def add(self) -> Any:
        """Lead to where pictures are sent."""
        return redirect(f"/{self.resource.path}/#choose")

    @expose("/upload", methods=["POST"])
    @allowed("add")
    def upload(self) -> Any:
        """Take several pictures in; each that is refused is named with the reason, the others stay."""
        counts = dict.fromkeys(AssetState, 0)
        for sent in request.files.getlist("file"):
            try:
                with closing(sent) as file, unit_of_work():
                    name = file.filename or ""
                    stored = store_picture(file.read(), title_of(name), name=file_name_of(name))
                counts[AssetState(stored.state)] += 1
            except DomainError as error:
                flash(f"{sent.filename}: {reason_of(error)}", "danger")
        if ready := counts[AssetState.READY]:
            flash(ngettext("%(num)d picture added.", "%(num)d pictures added.", ready), "success")
        if counts[AssetState.QUARANTINED]:
            flash(
                _("Some pictures wait for their virus scan. They are shown as soon as it is done."), "warning"
            )
        return redirect(f"/{self.resource.path}/")

    @expose("/move", methods=["POST"])
    @allowed("edit")
    def move_many(self) -> Any:
        """Put pictures into a folder, or to the top; a script is told where they were, to undo it."""
        folder = request.form.get("folder", "")
        key = parse_id(folder)
        if folder and key is None:
            abort(404)
        with unit_of_work() as session:
            former, refused = moving.move(session, self.catalogue, self.chosen(), key)
        told = ngettext("%(num)d picture moved.", "%(num)d pictures moved.", len(former))
        return self.answer(told if former else "", refused, former=former)

    @expose("/tag", methods=["POST"])
    @allowed("edit")
    def tag_many(self) -> Any:
        """Add tags to pictures and take others off; a script is told which they had, to undo it."""
        try:
            with unit_of_work() as session:
                added, removed = request.form.get("add", ""), request.form.get("remove", "")
                former, refused = moving.tag(session, self.catalogue, self.chosen(), added, removed)
        except ValueError as error:  # what was typed are no tags
            return self.answer("", [str(error)])
        told = ngettext("%(num)d picture changed.", "%(num)d pictures changed.", len(former))
        return self.answer(told if former else "", refused, former=former)

    def chosen(self) -> Sequence[Asset]:
        """Lock the pictures that were chosen, in one order, of those the reader may change."""
        keys = [key for text in request.form.getlist("ids") if (key := parse_id(text)) is not None]
        if len(keys) > MOST_AT_ONCE:
            abort(413)
        found = self.visible("edit").where(Asset.id.in_(keys)).order_by(Asset.id).with_for_update(of=Asset)
        return db.session.scalars(found).all()

    def answer(self, told: str, refused: Sequence[str], **more: Any) -> Any:
        """Say what was done: to a script as JSON, else above the list."""
        if request.accept_mimetypes.best == "application/json":
            return jsonify({"told": told, "refused": refused, **more})
        for sentence, tone in ((told, "success"), *((text, "danger") for text in refused[:5])):
            if sentence:
                flash(sentence, tone)
        if not told and not refused:
            flash(_("Nothing to change."), "warning")
        return redirect(self.back_to_list())

    @expose("/side")
    @allowed("list")
    def side(self) -> Any:
        """Give the folders, tags and shelves alone, for a page that changed some."""
        return render_template("library/_side.html", side=side_of(self.query()))

    @expose("/file/<key>/<name>")
    @allowed("show")
    def file(self, key: str, name: str) -> Response:
        """Send a file of a picture under a name that says what it is."""
        return send(self.find(key, "show"), name)
