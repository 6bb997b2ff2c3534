"""What a StaffView shows of a record as readers see it, and where its texts are translated in their places."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Response, abort, current_app, jsonify, make_response, render_template, request
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from app.access.headers import allow_own_frames, stand_in_own_frame
from app.access.rights import may
from app.kernel import languages
from app.kernel.db import db, unit_of_work
from app.kernel.ids import parse_id
from app.kernel.locales import SOURCE, direction, own_name
from app.resources import Catalogue, On, Resource
from app.surfaces.previews import texts
from app.surfaces.previews.doors import has_preview
from app.surfaces.previews.layout import Layout
from app.surfaces.previews.pages import Language, PreviewPage
from app.surfaces.screens.gate import allowed
from app.surfaces.texts.places import Place, hold

THEMES = ("light", "dark")


def site_url(locale: str) -> str:
    """Give where the sample site is translated in its places; empty where there is none."""
    is_there = "SiteView.index" in current_app.view_functions
    return f"/site/?{urlencode({'translate': locale})}" if is_there else ""


class HasPreview:
    """The preview of a StaffView."""

    catalogue: Catalogue
    resource: Resource
    find: Any
    verb_of_form: Any
    is_mine: Any

    @expose("/<key>/preview")
    @allowed("show")
    def preview(self, key: str) -> Response:
        """Show a record as readers see it in a language, in a frame as wide as their screens."""
        record = self.previewed(key)
        page = make_response(render_template("staff/preview.html", page=self.preview_page(record)))
        return allow_own_frames(page)

    @expose("/<key>/preview/page")
    @allowed("show")
    def preview_frame(self, key: str) -> Response:
        """Give the page inside that frame."""
        record = self.previewed(key)
        shown = self.layout(record).shown()
        theme = request.args.get("theme", "")
        theme = theme if theme in THEMES else "light"
        frame = make_response(render_template("staff/preview_frame.html", page=shown, theme=theme))
        return stand_in_own_frame(frame)

    @expose("/<key>/text", methods=["GET", "POST"])
    @allowed("translate")
    def text(self, key: str) -> Any:
        """Show one text beside its source, in a drawer; or save it and say what came of it."""
        record = self.find(key, "translate")
        place = self.place_asked(record)
        if request.method == "GET":
            page = texts.text_page(db.session(), self.catalogue, current_user, place)
            return stand_in_own_frame(make_response(render_template("staff/text_in_place.html", page=page)))
        with unit_of_work() as session:
            held = hold(session, self.catalogue, current_user, place)
            return jsonify(texts.save(session, held, request.form, request.form.getlist("meant")))

    @expose("/<key>/text/look", methods=["POST"])
    @allowed("translate")
    def look_at_text(self, key: str) -> Response:
        """Say what the checks find in a text while it is typed; nothing is written."""
        record = self.find(key, "translate")
        session = db.session()
        held = texts.peek(session, self.catalogue, current_user, self.place_asked(record))
        found = texts.look(session, held, request.form.get("text", ""))
        told = [
            {
                "sentence": str(one.sentence),
                "is_error": one.is_error,
                "asks": one.asks,
                "key": one.key,
                "fix": one.fix,
            }
            for one in found
        ]
        return jsonify(findings=told)

    def previewed(self, key: str) -> Any:
        """Find a record that is to be previewed; 404 where readers never see such."""
        if not has_preview(self.resource):
            abort(404)
        return self.find(key, "show")

    def layout(self, record: Any) -> Layout:
        """Lay a record out in the language that was asked for."""
        can = self.can_translate(record)
        return Layout(self.catalogue, self.resource, record, self.language(), translates=can)

    def language(self) -> str:
        """Read in which language; one that there is not is none."""
        known = languages.find(request.args.get("lang", "") or SOURCE)
        return known.tag if known is not None and known.is_enabled else abort(404)

    def can_translate(self, record: Any) -> bool:
        """Tell whether the reader may write the record's texts."""
        if not self.resource.translated or not may("translate", self.resource.name):
            return False
        return bool(self.mine_to_translate(record))

    def mine_to_translate(self, record: Any) -> bool:
        """Tell whether the row rules leave the record to the reader."""
        wanted = self.visible("translate").where(self.resource.model.id == record.id)  # type: ignore[attr-defined]
        return db.session.scalar(wanted) is not None

    def place_asked(self, record: Any) -> Place:
        """Read which text is asked for."""
        row = request.args.get("row", "")
        return texts.find_place(
            self.resource,
            record,
            parse_id(row) or abort(404) if row else None,
            request.args.get("field", ""),
            request.args.get("lang", ""),
        )

    def preview_page(self, record: Any) -> PreviewPage:
        """Word the page around the frame."""
        resource, locale = self.resource, self.language()
        base = f"/{resource.path}/{record.id}"
        layout = self.layout(record)
        may_edit = (may("edit", resource.name) or may("translate", resource.name)) and resource.fields_on(
            On.FORM
        )
        return PreviewPage(
            name=resource.name,
            id=str(record.id),
            title=str(getattr(record, resource.title)),
            list_url=f"/{resource.path}/",
            list_title=str(resource.label),
            show_url=base,
            edit_url=f"{base}/edit" if may_edit else "",
            frame_url=f"{base}/preview/page?{urlencode({'lang': locale})}",
            locale=locale,
            language=own_name(locale),
            direction=direction(locale),
            languages=tuple(
                Language(
                    known.tag,
                    known.name,
                    known.direction,
                    f"{base}/preview?lang={known.tag}",
                    known.tag == locale,
                )
                for known in languages.known()
                if resource.translated or known.tag == SOURCE
            ),
            can_translate=layout.translates,
            to_do=layout.to_do(layout.shown()) if layout.translates else 0,
            hidden=self.why_hidden(record),
            site_url=site_url(locale) if layout.translates else "",
        )

    def why_hidden(self, record: Any) -> str:
        """Say that readers do not see the record; nothing where they do."""
        shown_when = self.resource.public_when
        if shown_when is None:
            return ""
        model = self.resource.model
        is_shown = db.session.scalar(select(model.id).where(model.id == record.id, shown_when(model)))
        return "" if is_shown is not None else _("Readers do not see this record yet.")
